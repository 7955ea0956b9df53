"""Tiers of the tests, the browser, and where the public tables are that results are held against.

A test's tier is a marker of pyproject.toml; a test without one is quick. Its folder, its module or a fixture that it
asks for gives it the marker (`tiers.TIER_OF`); a slow test in a module of quick ones has `@pytest.mark.slow`.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tiers import TIER_OF, TIERS, QuickOnly

ROOT = Path(__file__).parents[1]
# A slow machine is no fault of the code. In CI the same examples are tried each time, elsewhere new ones.
settings.register_profile("mircargo", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("mircargo")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        named = {*item.path.relative_to(ROOT / "tests").parts, *getattr(item, "fixturenames", ())}
        for name in sorted(named & TIER_OF.keys()):
            item.add_marker(TIER_OF[name])


GUARD = QuickOnly()
sys.addaudithook(GUARD)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    GUARD.quick = TIERS.isdisjoint(mark.name for mark in item.iter_markers())
    try:
        return (yield)
    finally:
        GUARD.quick = False


@pytest.fixture(scope="module")
def browser():
    from chromium import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of public tables and R results; the project works, and is tested otherwise, without it."""
    folder = Path(os.environ.get("MIRCARGO_SHARED", ROOT.parent / "shared"))
    if not (folder / "oracle").is_dir():
        if os.environ.get("MIRCARGO_SHARED"):
            pytest.fail(f"MIRCARGO_SHARED names {folder}, which holds no oracle")
        pytest.skip("the public tables are not there; MIRCARGO_SHARED can name their folder")
    return folder
