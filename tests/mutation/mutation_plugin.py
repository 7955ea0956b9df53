"""Pytest plugin of the mutation run: no cached result outlives a mutant, quick tests come first, examples are fewer."""

import functools
import json
import os
import sys
from pathlib import Path

from hypothesis import settings


@functools.cache
def durations() -> dict[str, float]:
    stats = Path("mutmut-stats.json")
    return json.loads(stats.read_text(encoding="utf-8"))["duration_by_test"] if stats.exists() else {}


def forget() -> None:
    """Empty the caches of the package: what they hold was worked out by other code than the mutant's."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "mircargo":
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()


def pytest_sessionstart(session) -> None:
    settings.register_profile("mutation", settings.get_profile("mircargo"), max_examples=20)
    settings.load_profile("mutation")
    forget()


def pytest_collection_modifyitems(items) -> None:
    items.sort(key=lambda item: durations().get(item.nodeid, 0.0))


def pytest_runtest_setup(item) -> None:
    # While mutmut notes which test calls which function, each test has to call all that it rests on.
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        forget()
