# make run        the example study, from nothing: environment, package, workflow
# make test       quick tests, within 2 minutes on 2 cores
# make test-more  all others: whole runs, a browser, clusters, other programs' readers, what is slow
# make check      format, lint and types; those of the report's scripts if there is npm
# make docs       the documentation, into docs/_build/html
# make dist       the wheel and the source distribution, checked, into dist/
# make cluster    what a run on SLURM or Kubernetes is started from, into .venv-cluster
# make bench      the engine beside PyDESeq2's own and R's DESeq2; BENCH=--quick for a first look
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
READERS := .venv-readers
CLUSTER := .venv-cluster
TYPESCRIPT := envs/typescript/node_modules
NPM := $(shell command -v npm)
# The number of packages that a lock file names.
packages = $(shell grep -c '^[a-zA-Z0-9]' $(1))
# Markers of the tests that are not quick.
MORE := workflow or browser or cluster or readers or slow

.PHONY: run test test-more check check-page docs dist cluster bench clean

run: $(VENV)/run.stamp
	@PATH="$(CURDIR)/$(BIN):$$PATH" snakemake --cores all --quiet rules

test: $(VENV)/dev.stamp
	@PATH="$(CURDIR)/$(BIN):$$PATH" pytest --numprocesses 2 -m "not ($(MORE))"

test-more: $(VENV)/dev.stamp $(READERS)/stamp $(CLUSTER)/stamp
	@PATH="$(CURDIR)/$(BIN):$$PATH" pytest --numprocesses auto -m "$(MORE)"

check: $(VENV)/dev.stamp $(if $(NPM),check-page)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/Snakefile workflow/rules
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" snakemake --lint
	$(if $(NPM),,@echo "There is no npm: the types of the report's scripts were not checked.")

# The types of the report's scripts, from their comments; nothing else needs Node.
check-page: $(TYPESCRIPT)/stamp
	$(TYPESCRIPT)/.bin/tsc --project envs/typescript

$(TYPESCRIPT)/stamp: envs/typescript/package-lock.json
	npm ci --prefix envs/typescript --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# The gallery is drawn from the example's results.
docs: $(VENV)/dev.stamp run
	@PATH="$(CURDIR)/$(BIN):$$PATH" sphinx-build -q -W -n -b html docs docs/_build/html

dist: $(VENV)/dev.stamp
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist .
	@$(BIN)/twine check --strict dist/*

cluster: $(CLUSTER)/stamp

bench: $(VENV)/run.stamp
	@$(BIN)/python tests/bench/engine.py $(BENCH)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("mircargo needs Python 3.11 or newer; name one by make PYTHON=...") if sys.version_info < (3, 11) else None'
	@echo "Making an environment in $(VENV) with $$($(PYTHON) --version)."
	@$(PYTHON) -m venv $(VENV)

# The dev lock holds all of the run lock, so `make test` after `make run` only adds to the environment.
$(VENV)/run.stamp: envs/requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing $(call packages,$<) packages, as locked in $<: about a minute."
	@$(INSTALL) --require-hashes --requirement envs/requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@$(BIN)/mircargo bundle
	@echo "Installed mircargo: source $(VENV)/bin/activate puts it on the PATH."
	@touch $@

$(VENV)/dev.stamp: envs/requirements-dev.lock $(VENV)/run.stamp
	@echo "Installing what the tests and checks need, as locked in $<."
	@$(INSTALL) --require-hashes --requirement envs/requirements-dev.lock
	@touch $@

# What mircargo's files are read with in tests; its packages need other versions than mircargo's own.
$(READERS)/stamp: envs/requirements-readers.lock
	@echo "Installing the programs that read mircargo's files in tests, into $(READERS)."
	@$(PYTHON) -m venv $(READERS)
	@$(READERS)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# What a run on a cluster is started from: the run lock and Snakemake's executors.
$(CLUSTER)/stamp: envs/requirements-cluster.lock pyproject.toml
	@echo "Installing what a run on a cluster is started from, into $(CLUSTER)."
	@$(PYTHON) -m venv $(CLUSTER)
	@$(CLUSTER)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@$(CLUSTER)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf build dist $(VENV) $(READERS) $(CLUSTER) $(TYPESCRIPT) docs/_build results/*/ logs .snakemake
