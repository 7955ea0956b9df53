"""Explore in a browser: thresholds for looking, the brush, zoom, and the address that holds all of it."""

import io
import re
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from scipy.stats import norm

from chromium import open_page
from factories import TARGET, Made, make
from mircargo.config import Thresholds
from mircargo.io import read_result, write_table
from mircargo.report.build import build
from mircargo.report.payload import thresholds_for_looking
from mircargo.results.contract import FIT

JOINT = "novel-1"  # its groups differ by a joint test, and the two of its fold change do not
AT = """([name, x, y]) => {
  const { view } = document.getElementById(name);
  const box = document.querySelector(`#${name} canvas`).getBoundingClientRect();
  const [left, top] = view.origin();
  const space = view.padding();
  return [box.left + left + space.left + view.scale('x')(x), box.top + top + space.top + view.scale('y')(y)];
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = make(Made(n_features=900, names=[JOINT]), tmp_path_factory.mktemp("results") / "mine")
    path = FIT.within(folder, contrast="c1")
    table = read_result(path)
    own = ["log2FoldChange", "lfcSE", "pvalue", "padj", "ci_low", "ci_high", "call"]
    table.loc[table["feature"] == JOINT, own] = [0.5, 0.5, 1e-6, 1e-5, -0.48, 1.48, "none"]
    write_table(table, path)
    (folder / "report.html").write_text(build("mine", folder))
    return folder


@pytest.fixture
def page(browser, folder):
    page = ready(open_page(browser, folder / "report.html", width=1400))
    yield page
    assert page.messages == []
    assert [url for url in page.requested if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()


def ready(page):
    page.locator("html[data-ready]").wait_for(state="attached")
    return page


def fit(folder, contrast="c1"):
    return read_result(FIT.within(folder, contrast=contrast))


def looked(table, alpha, fold):
    """Call by pandas: padj, the interval of 1 - alpha beyond 0, and the size of the estimate."""
    change, half = table["log2FoldChange"], norm.isf(alpha / 2) * table["lfcSE"]
    is_called = (table["padj"] < alpha) & ((change - half > 0) | (change + half < 0)) & (change.abs() >= fold)
    return pd.Series(np.select([is_called & (change > 0), is_called], ["up", "down"], "none"), table["feature"])


def move(page, slider, steps):
    page.locator(slider).focus()
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")


def drag(page, chart, start, end, *keys):
    """Drag between two places in the units of the axes, slowly enough to be seen as a drag."""
    page.evaluate("name => document.getElementById(name).scrollIntoView({block: 'center'})", chart)
    (x, y), to = page.evaluate(AT, [chart, *start]), page.evaluate(AT, [chart, *end])
    for key in keys:
        page.keyboard.down(key)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*to, steps=4)
    page.mouse.up()
    for key in keys:
        page.keyboard.up(key)


def ends(page, chart, axis):
    script = "([chart, axis]) => document.getElementById(chart).view.runAsync().then(v => v.scale(axis).domain())"
    return page.evaluate(script, [chart, axis])


def drawn_calls(page, chart):
    script = "name => document.getElementById(name).view.runAsync().then(v => v.data('rows'))"
    return {row["feature"]: row["call"].replace("not called", "none") for row in page.evaluate(script, chart)}


def shown_rows(page):
    with page.expect_download() as download:
        page.locator("#save-shown").click()
    return pd.read_csv(io.BytesIO(download.value.path().read_bytes()), sep="\t")


def settled(page):
    """Wait until the address has been written: it is a moment behind."""
    page.wait_for_timeout(450)
    return page.url


@pytest.mark.parametrize(("alpha", "steps", "fold"), [(0.1, 1, 0), (0.3, 5, 0.5), (0.001, -5, 0), (0.01, -2, 1.2)])
def test_sliders_call_as_pandas_does_and_leave_the_configured_calls(page, folder, alpha, steps, fold):
    table = fit(folder)
    answer = page.locator("#answer").inner_text()
    move(page, "#look-alpha", steps)
    move(page, "#look-fold", round(fold / 0.1))
    expected = looked(table, alpha, fold)
    assert expected[JOINT] == "none"
    up, down = (int((expected == call).sum()) for call in ("up", "down"))
    expect(page.locator("#looked")).to_contain_text(f"At padj below {alpha}")
    expect(page.locator("#looked")).to_contain_text(f"{up} up, {down} down")
    own = table["call"].value_counts()
    expect(page.locator("#looked-configured")).to_have_text(f"As configured: {own['up']} up, {own['down']} down.")
    for chart in ("volcano", "ma"):
        assert drawn_calls(page, chart) == expected[table.set_index("feature")["padj"].notna()].to_dict()
        expect(page.locator(f"#{chart} + .drawn")).to_contain_text("not at the configured thresholds")
    page.locator("#call").select_option("called")
    rows = shown_rows(page).set_index("feature")
    assert set(rows.index) == set(expected[expected != "none"].index)
    column = f"call_at_padj_{alpha}_log2_fold_change_{fold:g}"
    assert rows[column].to_dict() == expected[rows.index].to_dict()
    assert rows["call"].to_dict() == table.set_index("feature").loc[rows.index, "call"].to_dict()
    assert page.locator("#answer").inner_text() == answer
    assert "robust" not in page.locator("#looking").inner_text()


def test_looking_is_marked_as_not_the_configured_thresholds_and_one_button_ends_it(page, folder):
    mark, headings = page.locator("#looking-mark"), page.locator("#results thead")
    expect(mark).to_be_hidden()
    assert "looked" not in headings.inner_text()
    move(page, "#look-alpha", 1)
    expect(mark).to_contain_text("not the configured thresholds (alpha 0.05)")
    assert "call looked at" in headings.inner_text()
    assert "call as configured" in headings.inner_text()
    assert "the configured call" in headings.inner_text()
    expect(page.locator("#marked")).to_contain_text("looked at: ")
    page.get_by_role("button", name="Back to the configured thresholds").click()
    expect(mark).to_be_hidden()
    assert "looked" not in headings.inner_text()
    table = fit(folder).dropna(subset=["padj"]).set_index("feature")
    assert drawn_calls(page, "volcano") == table["call"].to_dict()
    assert "call_at" not in "".join(shown_rows(page).columns)


def test_sliders_offer_the_configured_alpha_and_know_its_interval():
    given = thresholds_for_looking(Thresholds(alpha=0.03, min_log2_fold_change=0.3))
    assert (given["alpha"], given["fold"]) == (0.03, 0.3)
    # Two-sided quantiles of the normal distribution, from tables.
    for alpha, errors in ((0.01, 2.5758), (0.03, 2.1701), (0.05, 1.9600), (0.1, 1.6449)):
        assert given["errors"][given["alphas"].index(alpha)] == pytest.approx(errors, abs=1e-4)


def test_brush_filters_the_table_and_is_cleared(page, folder):
    table = fit(folder)
    pinned = page.locator("#pinned").inner_text()
    drag(page, "ma", (20, 0.5), (3000, 1.5))
    inside = table[table["baseMean"].between(20, 3000) & table["log2FoldChange"].between(0.5, 1.5)]
    # An edge is found to the pixel: what lies next to it is left out of the comparison.
    near = table["log2FoldChange"].sub(0.5).abs().lt(0.01) | table["log2FoldChange"].sub(1.5).abs().lt(0.01)
    near |= np.log(table["baseMean"] / 20).abs().lt(0.02) | np.log(table["baseMean"] / 3000).abs().lt(0.02)
    rows = shown_rows(page)["feature"]
    unsure = set(table.loc[near, "feature"])
    assert set(rows) - unsure == set(inside["feature"]) - unsure
    assert len(inside) > 20
    expect(page.locator("#region-text")).to_have_text(f"{len(rows)} features in the brushed region of the MA plot")
    assert page.locator("#pinned").inner_text() == pinned, "a drag is no click"
    page.locator("#call").select_option("up")
    calls = table.set_index("feature")["call"]
    assert set(shown_rows(page)["feature"]) == {each for each in rows if calls[each] == "up"}
    page.keyboard.press("Escape")
    expect(page.locator("#region")).to_be_hidden()
    page.locator("#call").select_option("")
    expect(page.locator("#results_info")).to_have_text("Showing 1 to 25 of 900 entries")


def test_a_later_brush_replaces_the_first_and_another_contrast_ends_it(page):
    drag(page, "volcano", (-1, 0.2), (1, 3))
    first = page.locator("#region-text").inner_text()
    drag(page, "ma", (20, 0.5), (3000, 1.5))
    expect(page.locator("#region-text")).not_to_have_text(first)
    script = "document.getElementById('volcano').view.runAsync().then(v => v.data('region').length)"
    assert page.evaluate(script) == 0
    page.get_by_role("button", name="Clear the brushed region").click()
    expect(page.locator("#region")).to_be_hidden()
    drag(page, "volcano", (-1, 0.2), (1, 3))
    page.locator("#contrast").select_option("c2")
    page.locator("html[data-shown=c2]").wait_for(state="attached")
    expect(page.locator("#region")).to_be_hidden()
    expect(page.locator("#results_info")).to_have_text("Showing 1 to 25 of 900 entries")


def test_zoom_by_button_halves_a_linear_axis_and_takes_the_root_of_a_logarithmic_one(page):
    (left, right), (low, high) = ends(page, "volcano", "x"), ends(page, "ma", "x")
    for chart in ("volcano", "ma"):
        page.locator(f"button[data-zoom=in][data-chart={chart}]").click()
    near = ends(page, "volcano", "x")
    assert near[1] - near[0] == pytest.approx((right - left) / 2, rel=1e-4)
    assert sum(near) == pytest.approx(left + right, abs=1e-4)
    near = ends(page, "ma", "x")
    assert near[1] / near[0] == pytest.approx((high / low) ** 0.5, rel=1e-4)
    page.locator("#volcano-chart").get_by_role("button", name="Whole chart").click()
    assert ends(page, "volcano", "x") == [left, right]
    page.locator("#ma").dblclick(position={"x": 200, "y": 150})
    assert ends(page, "ma", "x") == [low, high]


def test_zoom_by_shift_and_drag_and_to_the_brushed_region(page):
    drag(page, "volcano", (-1.5, 0.5), (-0.5, 4), "Shift")
    assert ends(page, "volcano", "x") == pytest.approx([-1.5, -0.5], abs=0.02)
    assert ends(page, "volcano", "y") == pytest.approx([0.5, 4], abs=0.1)
    expect(page.locator("#region")).to_be_hidden()
    page.locator("button[data-zoom=whole][data-chart=volcano]").click()
    drag(page, "ma", (20, 0.5), (3000, 1.5))
    page.get_by_role("button", name="Zoom to the brushed region").last.click()
    assert ends(page, "ma", "x") == pytest.approx([20, 3000], rel=0.03)
    assert ends(page, "ma", "y") == pytest.approx([0.5, 1.5], abs=0.02)


def test_wheel_over_a_chart_scrolls_the_page(page):
    page.evaluate("document.getElementById('volcano').scrollIntoView({block: 'center'})")
    before, at = ends(page, "volcano", "x"), page.evaluate("scrollY")
    page.mouse.move(*page.evaluate(AT, ["volcano", 0, 1]))
    page.mouse.wheel(0, 200)
    page.wait_for_function(f"scrollY > {at} + 100")
    assert ends(page, "volcano", "x") == before


def test_zoom_and_brush_by_keyboard(page, folder):
    page.locator("#volcano").focus()
    whole = ends(page, "volcano", "x")
    page.keyboard.press("+")
    page.keyboard.press("+")
    near = ends(page, "volcano", "x")
    assert near[1] - near[0] == pytest.approx((whole[1] - whole[0]) / 4, rel=1e-3)
    change = fit(folder).set_index("feature").loc[TARGET, "log2FoldChange"]
    assert near[0] < change < near[1], "it comes nearer to what is marked"
    page.keyboard.press("Shift+ArrowLeft")
    moved = ends(page, "volcano", "x")
    assert moved[0] == pytest.approx(near[0] - (near[1] - near[0]) / 4, abs=1e-3)
    page.keyboard.press("Tab")
    page.locator("button[data-zoom=select][data-chart=volcano]").focus()
    page.keyboard.press("Enter")
    (low, high), table = ends(page, "volcano", "y"), fit(folder)
    height = -np.log10(table["pvalue"])
    inside = table[table["log2FoldChange"].between(*moved) & height.between(low, high)]
    assert set(shown_rows(page)["feature"]) == set(inside["feature"])
    page.locator("#volcano").focus()
    for _ in range(3):  # a mark that leaves the view takes it along
        page.keyboard.press("ArrowRight")
    marked = page.evaluate("document.getElementById('volcano').view.runAsync().then(v => v.signal('hovered'))")
    (left, right), change = ends(page, "volcano", "x"), table.set_index("feature").loc[marked, "log2FoldChange"]
    assert left <= change <= right
    page.keyboard.press("0")
    assert ends(page, "volcano", "x") == whole


def test_a_link_restores_what_was_shown(page, browser, folder):
    assert "#" not in settled(page), "who changes nothing keeps the address"
    page.locator("#contrast").select_option("c2")
    page.locator("html[data-shown=c2]").wait_for(state="attached")
    names = fit(folder, "c2")["feature"]
    page.locator("#find").fill(names[7])
    page.keyboard.press("Enter")
    move(page, "#look-alpha", 2)
    move(page, "#look-fold", 3)
    drag(page, "ma", (5, -2), (3000, 1.5))
    page.locator("button[data-zoom=in][data-chart=volcano]").click()
    page.locator("#call").select_option("not called")
    page.get_by_role("searchbox", name="Filter (any name)").fill("mir-")
    page.get_by_role("combobox", name="entries per page").select_option("10")
    page.locator("#results th", has_text="mean count").click()
    page.locator(".dt-paging-button", has_text=re.compile("^2$")).click()
    url = settled(page)
    other = open_page(browser)
    other.goto(url)
    ready(other)
    assert other.locator("#address-note").is_hidden()
    for place in ("#results tbody", "#results_info", "#looked", "#region-text", "#pinned", "#results-title"):
        assert other.locator(place).inner_text() == page.locator(place).inner_text()
    for axis in "xy":
        assert ends(other, "volcano", axis) == ends(page, "volcano", axis)
    assert other.locator("#call").input_value() == "not called"
    expect(other.locator("#ma-chart")).to_be_in_viewport()
    assert settled(other) == url
    other.close()


BEGINNING = "#explore?"
WRONG = {
    "contrast=c9": "contrast=c9",
    "contrast=c1&pinned=%3Cb%3Ex": "pinned=<b>x",
    "alpha=0.07": "alpha=0.07",
    "alpha=&fold=-1": "alpha=; fold=-1",
    "fold=NaN": "fold=NaN",
    "region=pca,0,1,0,1": "region=pca,0,1,0,1",
    "region=ma,-5,10,0,1": "region=ma,-5,10,0,1",
    "region=ma,5,1,0,1": "region=ma,5,1,0,1",
    "zoom=volcano,0,Infinity,0,1": "zoom=volcano,0,Infinity,0,1",
    "sort=__proto__,asc": "sort=__proto__,asc",
    "sort=tier,asc": "sort=tier,asc",  # c1 is not of exosomes
    "page=999": "page=999",
    "page=1e9&length=7&call=none": "page=1e9; length=7; call=none",
    "constructor=1&__proto__=2": "constructor=1; __proto__=2",
    "text=%E0%A4%A": None,  # any text can be looked for
    "x=" + "y" * 5000: "x=" + "y" * 58 + "\u2026",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong[:30])
def test_what_an_address_names_wrongly_is_left_out_and_said(page, wrong):
    page.evaluate("hash => { location.hash = hash }", f"{BEGINNING}{wrong}&length=10")
    expect(page.locator("#results tbody tr")).to_have_count(1 if wrong.startswith("text") else 10)
    note = page.locator("#address-note")
    if WRONG[wrong] is None:
        expect(note).to_be_hidden()
    else:
        expect(note).to_have_text(f"The address asks for what this page does not have; left out: {WRONG[wrong]}.")
    assert page.locator("#results-title").inner_text() == "Results of c1"


def test_an_address_of_no_part_of_the_page_is_said_and_one_of_a_part_is_not(page):
    note = page.locator("#address-note")
    for wrong in ("#elsewhere", "#%E0%A4%A"):
        page.evaluate("hash => { location.hash = hash }", wrong)
        expect(note).to_have_text(f"The address names no part of this page: {wrong}.")
    page.get_by_role("link", name="Methods", exact=True).click()
    expect(note).to_be_hidden()


def test_names_that_are_code_can_be_shared(browser, tmp_path):
    name = '</script><b>&x="1"#?%41,+ \u2028'
    folder = make(Made(names=[name], n_features=40), tmp_path / "mine")
    (folder / "report.html").write_text(build("mine", folder))
    page = ready(open_page(browser, folder / "report.html"))
    page.locator("#find").fill(name)
    page.keyboard.press("Enter")
    url = settled(page)
    assert re.search("pinned=.*pinned=", url)
    page.goto("about:blank")
    page.goto(url)
    ready(page)
    assert page.locator("#pinned button").all_text_contents() == [f"{TARGET} \u00d7", f"{name} \u00d7"]
    assert page.locator("#address-note").is_hidden()
    page.goto(f"{folder.joinpath('report.html').as_uri()}#{quote('explore?')}")
    assert page.messages == []
    page.close()


@pytest.mark.parametrize("width", [1000, 1400, 1600])
def test_axe_finds_nothing_while_looking_and_nothing_is_cut(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    move(page, "#look-alpha", 1)
    drag(page, "ma", (20, 0.5), (3000, 1.5))
    page.locator("#looking summary").click()
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for place in ("#looking", "#region", ".zoom"):
        box = page.locator(place).first.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
