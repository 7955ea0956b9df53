"""The page's screens: contents at the side, light and dark, figures over the window, paper."""

import json
import re
from itertools import combinations

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import open_page
from factories import TARGET, Made, make
from mircargo.figures.style import contrast
from mircargo.io import read_result, write_table
from mircargo.report.build import build
from mircargo.report.charts import specs
from mircargo.results.contract import CONTRAST_SUMMARY, QPCR, RELEASE_STRESS, STRESS_VARIANTS, TARGET_CALLS
from mircargo.robustness.sentences import clause

WIDE, NARROW = 1400, 1000
WHITE = "rgb(255, 255, 255)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = make(Made(points=300), tmp_path_factory.mktemp("results") / "mine")
    (folder / "report.html").write_text(build("mine", folder))
    return folder


@pytest.fixture
def opened(browser, folder):
    pages = []

    def open_at(width=WIDE, **settings):
        page = open_page(browser, folder / "report.html", width, **settings)
        page.locator("html[data-ready]").wait_for(state="attached")
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        assert page.messages == []
        page.close()


def backdrop(page, selector):
    return page.locator(selector).first.evaluate("one => getComputedStyle(one).backgroundColor")


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        (each["id"], [node["target"] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def test_contents_stand_at_the_side_and_mark_what_is_read(opened):
    page = opened(WIDE)
    side = page.locator("#contents").bounding_box()
    assert (side["x"], side["y"], side["height"]) == (0, 0, 900)
    assert page.locator("main").bounding_box()["x"] >= side["width"]
    for place in ("qpcr", "samples", "answer", "methods"):
        page.evaluate("place => document.getElementById(place).scrollIntoView()", place)
        current = page.locator("#contents a[aria-current=location]")
        expect(current).to_have_attribute("href", f"#{place}")
        expect(page.locator("#contents")).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.locator("#contents a[aria-current=location]")).to_have_attribute("href", "#glossary")


def test_contents_are_reached_by_keyboard_and_are_not_on_paper(opened):
    page = opened(WIDE)
    page.locator("#contents a[href='#qpcr']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#qpcr-title")).to_be_in_viewport()
    page.emulate_media(media="print")
    assert page.locator("#contents").is_hidden()
    assert page.locator("main").bounding_box()["x"] < 30


@pytest.mark.parametrize("width", [NARROW, 1099])
def test_below_1100_pixels_contents_are_a_menu_at_the_top_and_nothing_is_cut(opened, width):
    page = opened(width)
    links = page.locator("#contents > ul > li > a")
    boxes = [link.bounding_box() for link in links.all()]
    assert len(boxes) == 7
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert page.locator("#contents li li a").first.is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_scheme_follows_the_system_and_has_no_serious_fault(opened):
    page = opened(WIDE, color_scheme="dark")
    assert backdrop(page, "body") != WHITE
    assert backdrop(page, "figure img") == backdrop(page, "#volcano") == WHITE
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert serious(page) == []
    page.emulate_media(media="print", color_scheme="dark")
    assert backdrop(page, "body") == WHITE
    assert page.locator("h1").evaluate("one => getComputedStyle(one).color") == "rgb(28, 35, 48)"


def test_a_chosen_scheme_is_stronger_than_the_system_and_is_kept(opened):
    page = opened(WIDE, color_scheme="light")
    choice = page.get_by_label("Colours")
    assert choice.locator("option").all_inner_texts() == ["as the system", "light", "dark"]
    light = backdrop(page, "body")
    choice.select_option("dark")
    dark = backdrop(page, "body")
    assert light == WHITE != dark
    page.reload()
    assert backdrop(page, "body") == dark
    page.locator("html[data-ready]").wait_for(state="attached")
    assert choice.input_value() == "dark"
    choice.select_option("light")
    page.emulate_media(color_scheme="dark")
    assert backdrop(page, "body") == light
    choice.select_option("system")
    assert backdrop(page, "body") == dark


def test_figures_enlarge_by_keyboard_and_click_and_give_the_focus_back(opened):
    page = opened(NARROW)
    button = page.locator("figure[data-figure=volcano_c1] button.enlarge")
    small = button.locator("img").bounding_box()["width"]
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Fold changes and p-values, c1")
    large = dialog.get_by_role("img", name="Fold changes and p-values, c1")
    expect(large).to_be_visible()
    assert large.evaluate("one => one.complete && one.naturalWidth > 0")
    assert large.bounding_box()["width"] > 1.5 * small
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_summary_counts_the_calls_of_each_contrast_and_is_saved_as_it_is(opened, folder):
    page = opened(WIDE)
    rows = page.get_by_role("region", name="Up and down by contrast").locator("tbody tr")
    for name in ("c1", "c2"):
        fit = read_result(folder / "differential" / f"{name}.tsv")
        cells = rows.filter(has_text=name).locator("td").all_inner_texts()
        up, down, tested = ((fit["call"] == "up").sum(), (fit["call"] == "down").sum(), fit["padj"].notna().sum())
        assert cells[1:] == [
            "6", str(tested), str(up), "not said", str(down), "not said", str(tested - up - down), "6",
            "6 too few reads to be fitted",
        ]  # fmt: skip
    with page.expect_download() as download:
        page.locator("button[data-path='summary.tsv']").click()
    assert download.value.path().read_bytes() == CONTRAST_SUMMARY.within(folder).read_bytes()


def test_text_of_a_figure_is_as_wide_as_its_font_makes_it(browser, tmp_path):
    """A picture has no font but its own and those of the machine: without ours, text was wider than its place."""
    folder = make(Made(n_contrasts=1), tmp_path / "mine")
    text = "iiiiiiiiiiiiiiiiiiii"
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100" width="300" height="100">'
        f'<text x="0" y="60" style="font: 30px \'Liberation Sans\', monospace">{text}</text></svg>'
    )
    (folder / "figures" / "pca.svg").write_text(drawing)
    (folder / "report.html").write_text(build("mine", folder))
    page = open_page(browser, folder / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    end = page.evaluate("""() => {
      const image = document.querySelector("figure[data-figure=pca] img");
      const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 100 });
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0, 300, 100);
      const { data } = pen.getImageData(0, 0, 300, 100);
      let last = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 128) last = Math.max(last, ((i - 3) / 4) % 300);
      return last;
    }""")
    # An i of Liberation Sans, as of Arial, is 455 of 2048 units wide; of a font of one width it would be about 1230.
    assert end == pytest.approx(20 * 30 * 455 / 2048, abs=4)
    page.close()


def test_what_is_left_out_of_qpcr_is_on_paper_by_reason(browser, tmp_path):
    folder = make(Made(n_features=80), tmp_path / "mine")
    path = QPCR.within(folder, contrast="c1")
    table = read_result(path)
    assert len(table) > 6
    table["left_out_because"] = pd.Series(["not robust", "too rare", "too rare"], dtype=object).reindex(table.index)
    table.loc[[0, 1, 2], "for_qpcr"] = False
    write_table(table, path)
    (folder / "report.html").write_text(build("mine", folder))
    page = open_page(browser, folder / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    lines = page.locator("#qpcr .compact li")
    assert lines.first.is_hidden()
    page.emulate_media(media="print")
    first, second, third = table["feature"][:3]
    assert lines.all_inner_texts()[:2] == [f"Too rare (2): {second}, {third}.", f"Not robust: {first}."]
    page.close()


def test_a_class_that_few_re_analyses_hold_is_not_said_plainly(tmp_path):
    folder = make(Made(), tmp_path / "mine")
    path = RELEASE_STRESS.within(folder, comparison="release")
    table = read_result(path)
    coded = read_result(folder / "cargo" / "co_cargo.tsv").query("tier == 'strong'")["feature"].tolist()
    few, most, every = coded[:3]
    table["call"] = table["call"].astype(object)
    for feature, same in ((few, 9), (most, 10), (every, 19)):
        table.loc[table["feature"] == feature, ["call", "n_same_call", "n_variants"]] = ["up", same, 19]
    write_table(table, path)
    page = build("mine", folder)
    rows = {
        feature: re.sub(
            "<[^>]+>", "", re.search(rf'<tr data-feature="{feature}"><td>.*?</tr>', page[page.index('id="cargo"') :])[0]
        )
        for feature in (few, most, every)
    }
    assert "perhaps selective, in 9 of 19 re-analyses only" in rows[few]
    assert "perhaps" not in rows[most]
    assert "selective in 10 of 19 re-analyses only" in rows[most]
    assert "re-analyses" not in rows[every]
    assert "selective" in rows[every]
    assert "(2 of them not in all re-analyses)" in page


def test_the_sentence_of_the_target_says_re_analyses(tmp_path):
    folder = make(Made(), tmp_path / "mine")
    variants = read_result(STRESS_VARIANTS.within(folder, contrast="c1"))
    own = clause(variants[variants["feature"] == TARGET])
    assert "variants" in own
    path = TARGET_CALLS.within(folder)
    table = read_result(path)
    table["sentence"] = [f"{TARGET} is up in the variants study; {own}.", *table["sentence"][1:]]
    write_table(table, path)
    page = build("mine", folder)
    expected = f"is up in the variants study; {own.replace('variants', 're-analyses')}."
    assert expected in page, "the words of a study stay as they are"


def test_calls_in_charts_are_told_apart_in_grey():
    for name in ("volcano", "stress"):
        scales = re.findall(r'"domain": \[[^]]*"up"[^]]*\], "range": (\[[^]]*\])', json.dumps(specs()[name]))
        assert scales, name
        for scale in scales:
            assert all(contrast(one, two) >= 1.5 for one, two in combinations(json.loads(scale), 2)), name
