#!/usr/bin/env bash
# Snakemake runs this in the environment that conda has made of mircargo.yaml: it holds what mircargo depends on, and
# the package itself is that of the repository, which the workflow names.
set -euo pipefail
python -m pip install --quiet --no-deps --no-build-isolation --editable "$MIRCARGO_SOURCE"
