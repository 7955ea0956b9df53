"""The report in a real browser, without a network."""

import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def page(example):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((example.folder / "results" / "example" / "report.html").as_uri())
        yield page
        browser.close()


def test_opens_without_network_or_error(page):
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


def test_answer_comes_first_and_says_that_the_data_are_simulated(page):
    first = page.locator("main section").first
    assert first.locator("h2").inner_text() == "The answer"
    assert first.locator("article").count() == 2
    assert "mmu-miR-21a-5p is up" in first.inner_text()
    assert "Simulated data" in page.locator("header").inner_text()


def test_every_figure_is_drawn(page):
    sizes = page.eval_on_selector_all("figure img", "all => all.map(one => [one.naturalWidth, one.alt])")
    assert len(sizes) == 2 * 5 + 2 + 1
    assert all(width > 100 and alt for width, alt in sizes)


@pytest.mark.parametrize("width", [1000, 1600, 500])
def test_nothing_runs_out_of_the_page(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_links_of_the_contents_lead_somewhere(page):
    for href in page.eval_on_selector_all("nav a", "all => all.map(one => one.getAttribute('href'))"):
        assert page.locator(href).count() == 1


def test_ledger_adds_up_on_the_page(page, example):
    rows = page.locator("[aria-label=Ledger] tbody tr").all_inner_texts()
    reads = sum(int(row.split("\t")[-1].replace(",", "")) for row in rows)
    tables = [example.folder / "config/example" / f"{name}_counts.tsv" for name in ("drg", "exosome")]
    lines = [line.split("\t")[1:] for table in tables for line in table.read_text().splitlines()[1:]]
    assert reads == sum(int(cell) for line in lines for cell in line)


def test_page_is_small_and_names_no_path_of_the_machine(example):
    text = (example.folder / "results" / "example" / "report.html").read_text()
    assert len(text) < 5_000_000
    assert str(example.folder) not in text
    assert not re.search(r"&amp;(ndash|lt|gt|amp);", text), "something was escaped twice"
