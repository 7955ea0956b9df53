"""The page in a browser: paper right after opening, words explained by pointer and keyboard, hollow markers."""

import pytest
from playwright.sync_api import expect

from chromium import open_page
from factories import Made, make
from mircargo.io import read_result, write_table
from mircargo.report.build import build
from mircargo.results.contract import QPCR

DRAWN = "all => all.map(one => one.complete && one.naturalWidth)"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = make(Made(points=3000), tmp_path_factory.mktemp("results") / "mine")
    path = QPCR.within(folder, contrast="c1")
    table = read_result(path).astype({"cautions": object, "caution_kinds": object})
    first = table["padj"].idxmin()  # it stands on the first page of the table
    table.loc[first, ["cautions", "caution_kinds"]] = ["its reads may be fragments of rRNA", "rrna"]
    write_table(table, path)
    (folder / "report.html").write_text(build("mine", folder))
    return folder, table["feature"][first]


def test_whoever_prints_as_soon_as_the_page_is_loaded_gets_every_figure(browser, written):
    folder, _ = written
    page = open_page(browser, folder / "report.html")  # returns at the load event, long before charts are there
    drawn = page.eval_on_selector_all("figure img", DRAWN)
    assert len(drawn) == len(list((folder / "figures").glob("*.svg")))
    assert all(drawn)
    assert page.locator("iframe").count() == 0
    assert page.messages == []
    page.close()


def test_changed_mirnas_are_a_table_on_paper(browser, written):
    folder, _ = written
    page = open_page(browser, folder / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    table = page.get_by_role("region", name="Changed in c1", include_hidden=True)
    assert table.is_hidden()
    page.emulate_media(media="print")
    fit = read_result(folder / "differential" / "c1.tsv")
    assert table.locator("tbody tr").count() == fit["call"].isin(["up", "down"]).sum()
    assert table.is_visible()
    page.close()


def test_words_are_explained_by_keyboard_and_by_pointer(browser, written):
    folder, _ = written
    page = open_page(browser, folder / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    tip = page.locator("#tip")
    word = page.locator("#answer a.term", has_text="re-analyses").first
    word.focus()
    expect(tip).to_contain_text("The same data fitted otherwise")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator("#answer a.term", has_text="robust").first.hover()
    expect(tip).to_contain_text("no re-analysis has another")
    box = tip.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5, steps=4)
    page.wait_for_timeout(400)
    expect(tip).to_be_visible()  # it stays while the pointer is on it
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    page.close()


def test_what_has_a_caution_is_hollow_in_charts_and_said_in_the_table(browser, written):
    folder, wary = written
    page = open_page(browser, folder / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    rows = page.evaluate("document.getElementById('volcano').view.data('rows')")
    assert [row["feature"] for row in rows if row["caution"]] == [wary]
    expect(page.locator("#volcano-chart .drawn")).to_contain_text("hollow: with a caution")
    row = page.locator(f"#results tr[data-feature='{wary}']")
    expect(row).to_contain_text("its reads may be fragments of rRNA")
    page.close()


def test_table_opens_at_its_top_and_finding_a_mirna_goes_to_its_row(browser, tmp_path):
    folder = make(Made(n_features=200), tmp_path / "mine")
    (folder / "report.html").write_text(build("mine", folder))
    page = open_page(browser, folder / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    by_padj = read_result(folder / "differential" / "c1.tsv").sort_values("padj", kind="stable")["feature"].tolist()
    names = page.locator("#results tbody tr td:first-child")
    assert names.all_inner_texts() == by_padj[:25]
    wanted = by_padj[120]
    page.locator("#find").fill(wanted)
    page.keyboard.press("Enter")
    row = page.locator(f"#results tr[data-feature='{wanted}']")
    expect(row).to_be_in_viewport()
    page.close()
