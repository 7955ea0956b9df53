#!/usr/bin/env bash
# Snakemake runs this in the environment that conda has made of mircargo.yaml: it holds what mircargo depends on, and
# the package itself is the one that the workflow names, of a repository or as installed from a wheel.
set -euo pipefail
if [ -f "$MIRCARGO_SOURCE/pyproject.toml" ]; then
    python -m pip install --quiet --no-deps --no-build-isolation --editable "$MIRCARGO_SOURCE"
else
    cp -R "$MIRCARGO_SOURCE"/mircargo "$MIRCARGO_SOURCE"/mircargo-*.dist-info \
        "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
    command="$(python -c 'import sysconfig; print(sysconfig.get_path("scripts"))')/mircargo"
    printf '#!/bin/sh\nexec "%s" -P -c "from mircargo.cli.entry import main; main()" "$@"\n' \
        "$(command -v python)" > "$command"
    chmod +x "$command"
fi
