"""The page that leads to the reports of a run, and what a run says at its end of several studies."""

from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from chromium import open_page
from factories import Made, make, write_result
from mircargo.cli.main import mircargo
from mircargo.io import read_result, write_json
from mircargo.report.build import build
from mircargo.report.index_page import build_index
from mircargo.report.meta_page import build_meta
from mircargo.results import contract as files
from pools import TARGET, Pool, make_pool

STUDIES = {"mine": Made(title="Injured nerves"), "other": Made(title="Injured joints", n_contrasts=1)}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    for name, made in STUDIES.items():
        study = make(made, folder / "results" / name)
        counted = {"tested": 54, "up": [7, 0][: made.n_contrasts], "down": 4}
        counted |= {"robust_up": [5, float("nan")][: made.n_contrasts], "robust_down": 3}
        summary = read_result(files.CONTRAST_SUMMARY.within(study)).assign(**counted)
        write_result(files.CONTRAST_SUMMARY, study, summary.to_dict("list"))
        warnings = [
            {"code": "x", "what": f"thing {i} is odd", "where": "samples", "found": "", "hint": ""} for i in range(6)
        ]
        write_json({"warnings": warnings if name == "mine" else []}, files.CHECK.within(study))
        (study / "report.html").write_text(build(name, study))
    meta = make_pool(Pool(folds=(1, 2, 3)), folder)
    (meta / "many.report.html").write_text(build_meta("many", meta))
    results = folder / "results"
    (results / "index.html").write_text(build_index(list(STUDIES), ["many"], results))
    return results


@pytest.fixture
def page(browser, results):
    page = open_page(browser, results / "index.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    yield page
    assert page.messages == []
    assert [url for url in page.requested if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_every_link_leads_to_a_file_or_a_place_of_the_page(page, results):
    for href in page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
        path, _, place = href.partition("#")
        if path:
            assert (results / path).is_file(), href
            assert not place or f'id="{place}"' in (results / path).read_text(), href
        else:
            assert page.locator(href).count() == 1, href


def test_studies_have_what_their_results_say(page, results):
    for name, made in STUDIES.items():
        study = page.locator(f"[aria-labelledby=study-{name}]")
        assert study.locator("h3").inner_text() == made.title
        assert f"{name}, mouse, {made.n_samples * made.n_contrasts} samples" in study.inner_text()
        rows = study.locator("tbody tr")
        assert rows.count() == made.n_contrasts
        for row in rows.all():
            cells = row.locator("td").all_inner_texts()
            assert cells[1] == "up"
            assert f"{TARGET} is up" in cells[2]
            assert cells[4:] == ["4 (3)", "54"]
        assert rows.first.locator("td").nth(3).inner_text() == "7 (5)"
    assert page.locator("[aria-labelledby=study-mine] tbody tr").last.locator("td").nth(3).inner_text() == "0"


def test_the_first_cautions_are_on_the_index_and_the_others_in_the_report(page):
    cautions = page.locator("[aria-labelledby=study-mine] li").all_inner_texts()
    assert cautions == [*(f"Thing {i} is odd (samples)." for i in range(4)), "2 more to be wary of"]
    assert page.locator("[aria-labelledby=study-other] li").count() == 0


def test_meta_analyses_come_first_with_their_answer(page):
    card = page.locator("main section").first.locator("article")
    # As worked out in test_meta_page.py.
    assert "is inconclusive over 3 contrasts of 3 studies: the data allow 0.71 to 22 times" in card.inner_text()
    assert card.locator("h3 a").first.get_attribute("href") == "meta/many.report.html"


@pytest.mark.parametrize("width", [500, 1000, 1400, 1600])
def test_nothing_runs_out_of_the_index(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_serious_in_the_index(page):
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in serious] == []


def test_summary_says_the_same_of_a_folder_and_of_where_it_is(results, monkeypatch):
    monkeypatch.chdir(results.parent)
    said = CliRunner().invoke(mircargo, ["summary"], catch_exceptions=False).output
    assert CliRunner().invoke(mircargo, ["summary", "results"], catch_exceptions=False).output == said
    lines = said.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "mine",
        "other",
        "many (meta-analysis): Injury against sham",
        "index: results/index.html",
    ]
    sentence = read_result(results / "meta" / "many.target.tsv")["sentence"][0]
    assert lines[-3:-1] == [f"  {sentence}", "  report: results/meta/many.report.html"]
    one = CliRunner().invoke(mircargo, ["summary", "results/mine"], catch_exceptions=False).output
    assert "many" not in one
    assert "index" not in one


def test_summary_of_a_configuration_names_its_own_meta_analyses(results, monkeypatch):
    monkeypatch.chdir(results.parent)
    pooled = {"both": {"title": "Both", "contrasts": ["mine.c1", "mine.c2"]}}
    config = {"studies": {"mine": STUDIES["mine"].configuration}, "meta": pooled}
    Path("config.yaml").write_text(yaml.safe_dump(config))
    said = CliRunner().invoke(mircargo, ["summary", "config.yaml"], catch_exceptions=False).output
    assert "both (meta-analysis): no results yet" in said
    assert "many" not in said
