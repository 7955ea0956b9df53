#!/usr/bin/env bash
# Remakes the lock files from pyproject.toml: for every platform and Python from 3.11 on, with hashes and no
# index address. Needs `uv` on the PATH. Run it after a dependency changes, then run the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-header --no-annotate "$@"
}
compile pyproject.toml envs/build.in --output-file envs/requirements.lock
compile pyproject.toml envs/build.in --extra dev --constraint envs/requirements.lock \
    --output-file envs/requirements-dev.lock
compile pyproject.toml envs/build.in envs/cluster.in --constraint envs/requirements.lock \
    --output-file envs/requirements-cluster.lock
compile envs/readers.in --no-strip-extras --output-file envs/requirements-readers.lock
compile envs/mutation.in --constraint envs/requirements-dev.lock --output-file envs/requirements-mutation.lock
compile envs/audit.in --constraint envs/requirements-dev.lock --output-file envs/requirements-audit.lock
