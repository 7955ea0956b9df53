"""Where the public tables are that results are held against."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# A slow machine is no fault of the code. In CI the same examples are tried each time, elsewhere new ones.
settings.register_profile("mircargo", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("mircargo")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of public tables and R results; the project works, and is tested otherwise, without it."""
    folder = Path(os.environ.get("MIRCARGO_SHARED", ROOT.parent / "shared"))
    if not (folder / "oracle").is_dir():
        if os.environ.get("MIRCARGO_SHARED"):
            pytest.fail(f"MIRCARGO_SHARED names {folder}, which holds no oracle")
        pytest.skip("the public tables are not there; MIRCARGO_SHARED can name their folder")
    return folder
