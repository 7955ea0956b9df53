"""Measure the report: file size, time to make it, and time until its charts and table can be used in Chromium.

Run with `python tests/bench/report.py [folder]`; studies are made in a folder that is removed again unless it is given.
Numbers are printed and hold for the machine they were taken on.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[1]))
from chromium import chromium
from factories import Made, make
from mircargo.report.build import build

STUDIES = {
    "three_contrasts": Made(n_features=1500, n_samples=8, n_contrasts=3, points=1500),
    "ten_contrasts": Made(n_features=2500, n_samples=50, n_contrasts=10, points=2500),
}
REPEATS = 3


def measure(name: str, study: Made, folder: Path) -> dict[str, float]:
    results = folder / name
    if not results.exists():
        make(study, results)
    out = folder / f"{name}.html"
    start = time.perf_counter()
    out.write_text(build(name, results))
    built = time.perf_counter() - start
    with chromium() as browser:
        times = [_open(browser.new_page(), out) for _ in range(REPEATS)]
    usable, switched, marked = (statistics.median(column) for column in zip(*times, strict=True))
    return {
        "MB": out.stat().st_size / 1e6,
        "s to make": built,
        "s until usable": usable,
        "s to switch the contrast": switched,
        "s to mark a miRNA": marked,
    }


def _open(page: Page, file: Path) -> tuple[float, float, float]:
    start = time.perf_counter()
    page.goto(file.as_uri(), wait_until="commit")  # the load event waits for the figures as well
    page.locator("html[data-shown]").wait_for(state="attached")
    usable = time.perf_counter() - start
    page.locator("html[data-ready]").wait_for(state="attached")
    start = time.perf_counter()
    page.locator("#contrast").select_option("c2")
    page.locator("html[data-shown=c2]").wait_for(state="attached")
    switched = time.perf_counter() - start
    start = time.perf_counter()
    page.locator("#results tbody tr button").nth(3).hover()
    page.locator("#results tbody tr.hovered").wait_for()
    marked = time.perf_counter() - start
    page.close()
    return usable, switched, marked


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    folder = given or Path(tempfile.mkdtemp())
    for name, study in STUDIES.items():
        samples = study.n_samples * study.n_contrasts
        print(f"{name}: {study.n_features} features, {samples} samples, {study.n_contrasts} contrasts")
        for what, number in measure(name, study, folder).items():
            print(f"  {number:8.2f} {what}")
    if given is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
