"""The page of a meta-analysis: its numbers are worked out by hand, and it works in a browser and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import open_page
from mircargo.io import read_result
from mircargo.report.meta_page import build_meta
from mircargo.report.pooled import factor
from pools import TARGET, Pool, make_pool

DRAWN = "all => all.map(one => one.complete && one.naturalWidth)"


def write_page(pool, folder):
    meta = make_pool(pool, folder)
    path = meta / "many.report.html"
    path.write_text(build_meta("many", meta))
    return path


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    return write_page(Pool(folds=(1, 2, 3)), tmp_path_factory.mktemp("three"))


@pytest.fixture
def page(browser, three):
    page = open_page(browser, three, width=1400)
    page.locator("html[data-ready]").wait_for(state="attached")
    yield page
    assert page.messages == []
    assert [url for url in page.requested if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()


def test_answer_has_the_numbers_of_the_formulas(page):
    # Fold changes 1, 2, 3 of one error 1/4. Paule and Mandel: (1 + 0 + 1) / (1/16 + tau2) = 2, so tau2 = 15/16 and each
    # weight is 1; se = 1 / sqrt(3), t(2) = 4.30265: 2 -+ 2.48 is 0.71 to 22. Prediction: 4.30265 sqrt(15/16 + 1/3) =
    # 4.85, so 2^-2.85 to 2^6.85. Q = 2 * 16 = 32, I2 = 100 (1 - 2 / 32).
    answer = page.locator("#answer").inner_text()
    assert (
        f"{TARGET} is inconclusive over 3 contrasts of 3 studies: the data allow 0.71 to 22 times the reference "
        "(95% interval)." in answer
    )
    assert "higher in 3, lower in 0 of 3 contrasts. 94% of the variation among the contrasts" in answer
    assert "I2 94%, Q 32.0," in answer
    assert "Another contrast like these is expected at 0.14 to 115 times the reference (log2 -2.85 to +6.85)." in answer
    assert "20 up, 0 down of 120 miRNAs" in answer


def test_contrasts_lead_to_the_reports_of_their_studies(page, three):
    rows = page.locator("[aria-label=Contrasts] tbody tr")
    assert rows.count() == 3
    # Wald intervals: 1 -+ 1.96 / 4.
    for words in ("Title of study_1", "injured against sham", "3 sham, 3 injured", "+1.00", "+0.51 to +1.49", "33%"):
        assert words in rows.first.inner_text()
    assert rows.first.locator("a").get_attribute("href") == "../study_1/report.html"


def test_table_is_sorted_filtered_and_saved(page, three):
    table = read_result(three.parent / "many.tsv")
    names = page.locator("#results tbody tr td:first-child")
    assert names.all_inner_texts() == table.sort_values("pvalue", kind="stable")["feature"].tolist()[:25]
    page.locator("#kind").select_option("changed")
    changed = table[table["padj"] < 0.05].sort_values("pvalue")["feature"].tolist()
    assert len(changed) == 20  # as planted
    assert names.all_inner_texts() == changed
    with page.expect_download() as download:
        page.locator("#save-shown").click()
    shown = read_result(download.value.path())
    assert shown["feature"].tolist() == changed
    for name in ("many.tsv", "many.studies.tsv", "many.target.tsv"):
        with page.expect_download() as download:
            page.locator(f"button[data-path='{name}']").click()
        assert download.value.path().read_bytes() == (three.parent / name).read_bytes()


def test_what_each_contrast_gives_of_a_mirna_is_shown_by_click(page, three):
    assert page.locator("#of-title").inner_text() == f"{TARGET} in each contrast"
    wanted = page.locator("#results tbody button.mirna").nth(2)
    feature = wanted.inner_text()
    wanted.click()
    page.mouse.move(5, 5)
    expect(page.locator("#of-title")).to_have_text(f"{feature} in each contrast")
    own = read_result(three.parent / "many.studies.tsv").query("feature == @feature")
    shown = page.locator("#of-contrasts tr td:nth-child(3)").all_inner_texts()
    assert shown == [f"{fold:+.2f}" for fold in own["log2FoldChange"]]


def test_printing_right_after_opening_gets_figures_and_what_changed(browser, three):
    page = open_page(browser, three)
    drawn = page.eval_on_selector_all("figure img", DRAWN)
    assert len(drawn) == 2
    assert all(drawn)
    page.emulate_media(media="print")
    table = page.get_by_role("region", name="Changed over the contrasts", include_hidden=True)
    assert table.locator("tbody tr").count() == 20
    assert table.is_visible()
    assert page.locator("#results-holder").is_hidden()
    page.close()


@pytest.mark.parametrize("width", [500, 1000, 1400, 1600])
def test_nothing_runs_out_of_the_page_of_many_contrasts(browser, tmp_path, width):
    title = "A long title of a meta-analysis of injuries of nerves, joints and muscles " * 2
    path = write_page(Pool(folds=(2,) * 8, title=title, n_features=30, n_changed=0), tmp_path)
    page = open_page(browser, path, width=width)
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # All alike: se = 1/4 / sqrt(8), t(7) = 2.36462: 2 -+ 0.209.
    first = page.locator("#answer .short").inner_text()
    assert first == f"{TARGET} is up 4.0-fold over 8 contrasts of 8 studies (95% interval 3.5 to 4.6-fold)."
    assert "differ no more than their own errors explain" in page.locator("#answer").inner_text()
    assert page.locator("#features figure").count() == 1  # the target alone changes
    page.close()


def test_two_contrasts_of_one_study_are_said_to_be_that(browser, tmp_path):
    page = open_page(browser, write_page(Pool(folds=(1, 3), of_one_study=True, n_features=30), tmp_path))
    answer = page.locator("#answer").inner_text()
    # se = 1, t(1) = 12.7062: 2^-10.7 to 2^14.7.
    assert (
        "over 2 contrasts of 1 study: the data allow less than 0.001 to more than 1,000 times the reference" in answer
    )
    assert "Two contrasts are too few for an interval of use" in answer
    assert "Contrasts of one study are taken as independent" in answer
    assert "expected at" not in answer, "one degree of freedom predicts nothing"
    page.close()


def test_one_contrast_is_not_pooled(browser, tmp_path):
    path = write_page(Pool(folds=(1, float("nan")), n_features=30), tmp_path)
    page = open_page(browser, path)
    answer = page.locator("#answer")
    assert "was tested in one contrast only: there is nothing to pool" in answer.inner_text()
    assert "study_2: injury_2: its fold change has no standard error" in answer.inner_text()
    assert answer.locator("svg").count() == 0
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.messages == []
    page.close()


def test_axe_finds_nothing_serious(page):
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in serious] == []


def test_without_scripts_the_answer_can_be_read(browser, three):
    page = open_page(browser, three, java_script_enabled=False)
    text = page.locator("body").inner_text()
    for words in (
        "Scripts are off",
        "is inconclusive over 3 contrasts",
        "Title of study_3",
        "Hartung J, Knapp G.",
        "How to cite",
    ):
        assert words in text
    page.close()


@pytest.mark.parametrize(
    ("log2", "written"),
    [(0, "1.00"), (1, "2.0"), (-3, "0.12"), (-5.06, "0.03"), (5, "32"), (7.45, "175"), (-11, "less than 0.001"),
     (2000, "more than 1,000")],
)  # fmt: skip
def test_fold_changes_are_written_as_factors(log2, written):
    assert factor(log2) == written
