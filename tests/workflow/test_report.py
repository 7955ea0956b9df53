"""The report in a real browser, without a network."""

import io
import re

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import open_page
from mircargo.io import read_counts, read_result
from mircargo.report.build import build

TARGET, OTHER = "mmu-miR-21a-5p", "mmu-miR-21a-3p"
# Where a miRNA's point is in the window.
PLACE = """([name, feature]) => {
  const { view } = document.getElementById(name);
  const row = view.data('rows').find((each) => each.feature === feature);
  const box = document.querySelector(`#${name} canvas`).getBoundingClientRect();
  const [left, top] = view.origin();
  const space = view.padding();
  return [box.left + left + space.left + view.scale('x')(row.log2FoldChange),
          box.top + top + space.top + view.scale('y')(row.minus_log10_pvalue)];
}"""


@pytest.fixture
def page(browser, results):
    """Return the page once it can be used; whatever a test does with it, it has no message and requests nothing."""
    page = open_page(browser, results / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    yield page
    assert page.messages == []
    assert [url for url in page.requested if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()


def settle(page):
    """Wait until the page has drawn what it was told: marks are shown once a frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def signal(page, chart, name):
    settle(page)
    return page.evaluate("([chart, name]) => document.getElementById(chart).view.signal(name)", [chart, name])


def rows_of(page, chart, name):
    settle(page)
    return page.evaluate("([chart, name]) => document.getElementById(chart).view.data(name)", [chart, name])


def show(page, contrast):
    page.locator("#contrast").select_option(contrast)
    page.locator(f"html[data-shown={contrast}]").wait_for(state="attached")


def saved(page, button):
    with page.expect_download() as download:
        button.click()
    return download.value.path().read_bytes()


def test_answer_comes_first_and_says_that_the_data_are_simulated(page):
    first = page.locator("main section").first
    assert first.locator("h2").inner_text() == "The answer"
    assert first.locator("article").count() == 2
    assert "mmu-miR-21a-5p is up" in first.inner_text()
    assert "Simulated data" in page.locator("header").inner_text()
    assert "mouse, 20 samples" in page.locator("header").inner_text()
    box = first.locator("article").last.bounding_box()
    assert box["y"] < 900, "the answer to every contrast begins on the first screen"


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


def test_page_is_small_and_names_no_path_of_the_machine(results, example):
    text = (results / "report.html").read_text()
    assert len(text) < 5_000_000
    assert str(example.folder) not in text
    assert not re.search(r"&amp;(ndash|lt|gt|amp);", text), "something was escaped twice"


def test_same_results_make_the_same_bytes(results):
    assert build("example", results) == (results / "report.html").read_text()


@pytest.mark.parametrize("name", ["mmu-miR-21", "miR-21a-5p", "MIMAT0000530", "mir-21-5P", "mmu-mir-21a"])
def test_search_finds_the_target_by_any_name(page, name):
    page.locator("#find").fill(name)
    found = page.locator("#found [role=option]").evaluate_all("all => all.map(one => one.dataset.found)")
    assert TARGET in found[:2]  # the hairpin's name is that of both arms
    page.locator(f"#found [data-found='{TARGET}']").click()
    expect(page.locator("#marked")).to_contain_text(f"{TARGET} in drg_injury: log2 fold change +1.50")


def test_search_says_that_it_finds_nothing(page):
    page.locator("#find").fill("hsa-miR-9999")
    assert page.locator("#found").inner_text() == "no miRNA of this study has had this name"


def test_pointing_at_a_row_marks_charts_and_cards(page):
    row = page.locator(f"#results tr[data-feature='{TARGET}']")
    assert signal(page, "volcano", "hovered") == ""
    row.hover()
    expect(page.locator("article.hovered")).to_have_count(2)
    for chart in ("volcano", "ma", "release"):
        if page.locator(f"#{chart}").is_visible():
            assert signal(page, chart, "hovered") == TARGET
            assert [each["feature"] for each in rows_of(page, chart, "marked")] == [TARGET]
    page.locator("#results tr").nth(1).hover()
    expect(page.locator("article.hovered")).to_have_count(0)


def test_pointing_at_a_name_in_the_co_cargo_marks_the_chart(page):
    name = page.locator("#cargo button.mirna", has_text="mmu-miR-146a-5p").first
    name.hover()
    expect(page.locator("tr.hovered[data-feature='mmu-miR-146a-5p']").first).to_be_visible()
    assert signal(page, "volcano", "hovered") == "mmu-miR-146a-5p"


def test_clicking_a_point_pins_its_row(page):
    page.get_by_role("combobox", name="entries per page").select_option("10")
    page.locator("#results th", has_text="padj").click()  # now the largest first, so that the row is on another page
    page.evaluate("document.getElementById('volcano').scrollIntoView({block: 'center'})")
    page.mouse.click(*page.evaluate(PLACE, ["volcano", OTHER]))
    row = page.locator(f"#results tr[data-feature='{OTHER}']")
    expect(row).to_have_class(re.compile("pinned"))
    assert signal(page, "ma", "pinned") == [TARGET, OTHER]
    assert page.locator("#pinned button").all_inner_texts() == [f"{TARGET} \u00d7", f"{OTHER} \u00d7"]
    assert page.locator("#counts-title .of").inner_text() == OTHER
    page.get_by_role("button", name=f"Unpin {OTHER}").click()
    expect(row).not_to_have_class(re.compile("pinned"))


def test_counts_are_those_of_the_normalised_table_by_group(page, results):
    normalised = read_counts(results / "quality" / "normalised.tsv").loc[TARGET]
    drawn = pd.DataFrame(rows_of(page, "counts", "samples")).set_index("sample")
    assert sorted(drawn.index) == sorted(name for name in normalised.index if name.startswith("drg_"))
    assert drawn["count"].to_dict() == pytest.approx(normalised[drawn.index].to_dict(), rel=5e-4)
    assert all(group in sample for sample, group in drawn["group"].items())


def test_stress_test_is_that_of_the_variants(page, results):
    page.locator("#find").fill("miR-21b")
    page.locator("#found [data-found='mmu-miR-21b']").click()
    expect(page.locator("#stress-title .of")).to_have_text("mmu-miR-21b")
    variants = read_result(results / "robustness" / "drg_injury.variants.tsv")
    own = variants[variants["feature"] == "mmu-miR-21b"].set_index("variant")
    drawn = pd.DataFrame(rows_of(page, "stress", "variants")).set_index("label")
    alone = drawn[drawn["kind"] != "rest"]
    assert alone["log2FoldChange"].to_dict() == pytest.approx(own["log2FoldChange"][alone.index].to_dict(), abs=0.0051)
    rest = drawn[drawn["kind"] == "rest"].iloc[0]
    left = own[(own["kind"] == "sample") & ~own.index.isin(alone.index)]["log2FoldChange"]
    assert [rest["ci_low"], rest["ci_high"]] == pytest.approx([left.min(), left.max()], abs=0.0051)


def test_sorted_and_filtered_rows_are_those_that_are_saved(page, results):
    show(page, "exosome_injury")
    page.locator("#results th", has_text="mean count").click()
    page.locator("#call").select_option("called")
    table = read_result(results / "differential" / "exosome_injury.tsv")
    expected = table[table["padj"] < 0.05].sort_values("baseMean")
    first = page.locator("#results tbody tr td:first-child").all_inner_texts()
    assert first == expected["feature"].tolist()[:25]
    shown = pd.read_csv(io.BytesIO(saved(page, page.locator("#save-shown"))), sep="\t")
    assert shown["feature"].tolist() == expected["feature"].tolist()
    for column in ("log2FoldChange", "ci_low", "padj", "baseMean"):
        assert shown[column].tolist() == expected[column].tolist()


def test_table_is_filtered_by_older_names_too(page):
    page.get_by_role("searchbox", name="Filter (any name)").fill("mmu-miR-21*")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert page.locator("#results tbody tr td").first.inner_text() == OTHER


@pytest.mark.parametrize(
    ("button", "path"),
    [
        ("#save-whole", "differential/exosome_injury.tsv"),
        ("#save-robustness", "robustness/exosome_injury.tsv"),
        ("#cargo [data-path='cargo/co_cargo.tsv']", "cargo/co_cargo.tsv"),
        ("#explore [data-path='figures/volcano_exosome_injury.svg']", "figures/volcano_exosome_injury.svg"),
        ("#explore [data-path='figures/volcano_exosome_injury.pdf']", "figures/volcano_exosome_injury.pdf"),
        ("#trust [data-path='figures/pca.tsv']", "figures/pca.tsv"),
    ],
)
def test_downloads_are_the_result_files_byte_for_byte(page, results, button, path):
    show(page, "exosome_injury")
    assert saved(page, page.locator(button)) == (results / path).read_bytes()


def test_contrasts_are_switched_everywhere(page):
    show(page, "exosome_injury")
    assert page.locator("#results-title").inner_text() == "Results of exosome_injury"
    assert page.locator("#release-chart").is_visible()
    assert {each["sample"][:3] for each in rows_of(page, "counts", "samples")} == {"exo"}
    seen = page.locator(".of-contrast:visible").evaluate_all("all => all.map(one => one.dataset.contrast)")
    assert set(seen) == {"exosome_injury"}
    page.get_by_role("button", name="Explore drg_injury").click()
    expect(page.locator("#results-title")).to_have_text("Results of drg_injury")
    assert page.locator("#release-chart").is_hidden()


def test_everything_works_by_keyboard(page):
    page.locator("#find").focus()
    page.keyboard.type("miR-155")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#pinned")).to_contain_text("mmu-miR-155-5p")
    page.locator("#volcano").focus()
    page.keyboard.press("ArrowRight")
    right_of_it = signal(page, "volcano", "hovered")
    folds = {each["feature"]: each["log2FoldChange"] for each in rows_of(page, "volcano", "rows")}
    assert folds[right_of_it] == min(fold for fold in folds.values() if fold > folds["mmu-miR-155-5p"])
    page.keyboard.press("Enter")
    expect(page.locator("#pinned")).to_contain_text(right_of_it)
    name = page.locator("#results button.mirna").nth(3)
    name.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pinned")).to_contain_text(name.inner_text())
    assert name.evaluate("one => getComputedStyle(one).outlineStyle") == "solid", "the focus is seen"
    page.locator("#contrast").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results-title")).to_have_text("Results of exosome_injury")


def test_paper_holds_every_figure(page, results, tmp_path):
    page.pdf(path=tmp_path / "report.pdf")
    page.emulate_media(media="print")
    drawn = page.eval_on_selector_all(
        "figure img", "all => all.map(one => [one.dataset.source, one.complete && one.naturalWidth, one.offsetWidth])"
    )
    assert {source for source, *_ in drawn} == {f"figures/{path.name}" for path in (results / "figures").glob("*.svg")}
    assert all(natural > 100 and width > 100 for _, natural, width in drawn)
    assert page.locator(".bar").is_hidden()
    assert (tmp_path / "report.pdf").read_bytes().count(b"/Type /Page\n") >= 8


def test_axe_finds_nothing_serious(page):
    page.locator("#find").fill("miR-21")
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in serious] == []


def test_without_scripts_answer_and_tables_can_be_read(browser, results):
    page = open_page(browser, results / "report.html", java_script_enabled=False)
    text = page.locator("body").inner_text()
    for words in (
        "Scripts are off in this browser",
        "mmu-miR-21a-5p is up 2.8-fold in drg",
        "mmu-miR-146a-5p",
        "Differential expression was tested with PyDESeq2",
        "exo_control_5",
    ):
        assert words in text
    assert page.locator("#find").is_hidden()
    page.close()
