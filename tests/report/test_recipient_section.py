"""The section on the recipient cells: what it shows, in a browser, and that a study without has nothing of it."""

import pandas as pd
import pytest
from playwright.sync_api import expect

from chromium import open_page
from factories import TARGET, Made, make
from made_recipient import make_with_recipient, write_recipient
from mircargo.glossary import OF_A_RECIPIENT
from mircargo.recipient.agreement import AGREEMENTS
from mircargo.report.build import build
from mircargo.report.recipient import MOST_ROWS, recipient_cells
from mircargo.results.reader import StudyResults
from mircargo.results.summary import summarise

SENTENCE = "Targets of mmu-miR-21a-5p fall by 0.12 log2 (0.06 to 0.18, 223 genes, p 1.0e-04) in macrophages."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_with_recipient(tmp_path_factory.mktemp("results") / "mine")


@pytest.fixture(scope="module")
def page(browser, folder):
    (folder / "report.html").write_text(build("mine", folder))
    page = open_page(browser, folder / "report.html", 1400)
    page.locator("html[data-ready]").wait_for(state="attached")
    yield page
    assert page.messages == []
    page.close()


def cells(page, label: str) -> list[list[str]]:
    """Return the text of each row of a table of the section."""
    table = page.locator(f'#recipient [aria-label="{label}"] tbody')
    return [row.locator("td").all_inner_texts() for row in table.locator("tr").all()]


def test_target_and_what_says_something_come_first_and_the_rest_is_counted(folder):
    shown = recipient_cells(StudyResults("mine", folder))
    # 1 strong and 30 candidates say something.
    assert (len(shown["rows"]), shown["n_more"]) == (MOST_ROWS, 31 - MOST_ROWS)
    assert [row["feature"] for row in shown["rows"] if row["is_target"]] == [TARGET]
    assert (shown["fall"], shown["rise"]) == (1, 0)


def test_a_target_without_a_response_is_listed_all_the_same(folder):
    results = StudyResults("mine", folder)
    table = results.recipient_agreement
    results.recipient_agreement = pd.concat([table[1:], table[:1].assign(agreement="no response")], ignore_index=True)
    last = recipient_cells(results)["rows"][-1]
    assert (last["feature"], last["agreement"]) == (TARGET, "no response")


@pytest.mark.browser
def test_the_sentence_comes_first_and_the_bar_leads_to_it(page):
    assert page.locator("#recipient p").first.inner_text() == SENTENCE
    page.locator("#contents").get_by_role("link", name="Recipient").click()
    expect(page.locator("#recipient-title")).to_be_in_viewport()
    order = page.locator("main > section").evaluate_all("all => all.map(each => each.id)")
    assert order.index("recipient") == order.index("cargo") + 1


@pytest.mark.browser
def test_tables_show_tiers_targets_dose_and_balance(page):
    tiers = cells(page, "Agreement of cargo and targets, by tier")
    assert [[name, meaning] for name, _, meaning in tiers] == [list(each) for each in AGREEMENTS.items()]
    assert [n for _, n, _ in tiers] == ["1", "0", "30", "0", "1", "1", "1"]
    assert cells(page, "Cargo and targets of each miRNA")[0] == [
        TARGET, "strong", "+2.50", "1.0e-05", "target", "-0.12", "-0.18 to -0.06", "2.0e-04", "223", "mmu-miR-21c",
    ]  # fmt: skip
    assert cells(page, "Shift of the target's targets by site type") == [
        ["8mer", "60", "-0.20", "-0.40 to -0.05"], ["7mer-m8", "163", "-0.10", "-0.40 to -0.05"],
    ]  # fmt: skip
    assert [row[0] for row in cells(page, "Shift of the target's targets by score decile")] == ["1"]
    shown = [row[:7] for row in cells(page, "Targets that were shown")]
    assert shown[:2] == [
        ["Spry2", "miR-21-5p", "8mer", "-0.40", "0.01", "yes", "3%"],
        ["Pten", "miR-21-5p", "\N{EN DASH}", "+0.10", "0.9", "\N{EN DASH}", "\N{EN DASH}"],
    ]  # fmt: skip
    assert cells(page, "Targets that were shown")[2][3] == "not among the genes of the recipient"
    balance = cells(page, "Balance of the target's targets and the genes they are compared with")
    assert balance[0] == ["length of the 3'UTR", "3,724", "1,468", "3,081", "+0.77", "+0.00"]
    expect(page.locator("#recipient p.soft").first).to_contain_text(
        "Of the genes themselves 1 are called down (1 robust)."
    )
    expect(page.locator("#recipient .warnings")).to_contain_text("few genes match (40%). To do: name genes.")


@pytest.mark.browser
def test_its_figures_are_drawn_its_files_come_with_the_page_and_its_words_are_explained(page):
    for name in ("recipient_targets", "recipient_families", "recipient_agreement"):
        image = page.locator(f'#recipient [data-figure="{name}"] img')
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 0", arg=image.element_handle())
    with page.expect_download() as download:
        page.locator('#recipient [data-path="recipient/agreement.tsv"]').click()
    assert pd.read_csv(download.value.path(), sep="\t")["feature"].iloc[0] == TARGET
    links = page.locator("#recipient a.term").evaluate_all("all => all.map(each => each.hash.slice(6))")
    words = {word.replace(" ", "-") for word in OF_A_RECIPIENT}
    assert words <= set(links)
    for word in words:
        expect(page.locator(f"#term-{word}")).to_have_count(1)


def test_a_study_without_recipient_cells_shows_nothing_of_them(tmp_path):
    without = build("mine", make(Made(), tmp_path / "mine"))
    assert "ecipient" not in without.partition('<script type="module">')[0]
    assert not any(f'id="term-{word.replace(" ", "-")}"' in without for word in OF_A_RECIPIENT)
    assert summarise({"mine": str(tmp_path / "mine")}).count("\n") == 3


def test_an_answer_of_an_earlier_configuration_is_not_printed(tmp_path):
    own = tmp_path / "mine"
    write_recipient(make(Made(), own))
    assert "recipient cells" not in summarise({"mine": str(own)})


def test_the_end_of_a_run_has_the_sentence(folder):
    assert f"\n  recipient cells: {SENTENCE}\n  report: " in summarise({"mine": str(folder)})
