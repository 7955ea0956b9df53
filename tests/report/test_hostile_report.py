"""Reports of studies that are out of the ordinary, in a browser: names that are code, nothing called, no exosomes."""

from playwright.sync_api import expect

from chromium import open_page
from factories import TARGET, Made, make
from mircargo.report.build import build

NAMES = (
    "</script><script>document.title = 'bad'</script>",
    "<img src=x onerror=\"document.title = 'bad'\">",
    'a "quoted" name, with a\u2028line',
    "<!--",
    "{{ 7 * 7 }}",
    "mmu-miR-" + "0123456789" * 9,
)


def opened(browser, study, folder):
    make(study, folder / "mine")
    (folder / "report.html").write_text(build("mine", folder / "mine"))
    page = open_page(browser, folder / "report.html")
    page.locator("html[data-ready]").wait_for(state="attached")
    return page


def test_names_are_text_wherever_they_stand(browser, tmp_path):
    page = opened(browser, Made(names=NAMES, title="<b>Title</b> & more"), tmp_path)
    assert page.locator("h1").inner_text() == "<b>Title</b> & more"
    page.get_by_role("combobox", name="entries per page").select_option("100")
    shown = page.locator("#results tbody td:first-child").all_text_contents()
    for name in NAMES:
        assert name in shown
        page.locator("#find").fill(name)
        page.locator("#found [role=option]").first.click()
        expect(page.locator("#pinned")).to_contain_text(name)
    page.locator("#results tbody tr").nth(2).hover()
    with page.expect_download() as download:
        page.locator("#save-whole").click()
    assert download.value.path().read_bytes() == (tmp_path / "mine" / "differential" / "c1.tsv").read_bytes()
    assert page.title() == "<b>Title</b> & more"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000
    assert page.messages == []
    page.close()


def test_a_study_without_exosomes_and_without_calls(browser, tmp_path):
    page = opened(browser, Made(n_contrasts=1, called=False), tmp_path)
    assert page.locator("#cargo").count() == 0
    assert page.locator("#release-chart").count() == 0
    assert page.locator("#results tbody tr").count() == 25
    page.locator("#call").select_option("called")
    expect(page.locator("#results tbody")).to_contain_text("No matching records found")
    assert f"{TARGET} is inconclusive" in page.locator("#answer").inner_text()
    assert page.messages == []
    page.close()


def test_many_points_are_thinned_and_the_page_says_so(browser, tmp_path):
    page = opened(browser, Made(n_features=2600, n_samples=4, called=False), tmp_path)
    drawn = page.evaluate("document.getElementById('volcano').view.data('rows').map((row) => row.feature)")
    assert 2000 <= len(drawn) <= 2002  # the target is always drawn
    assert TARGET in drawn
    assert "2,340 miRNAs" in page.locator("#volcano + .drawn").inner_text()
    assert "thinned" in page.locator("#volcano + .drawn").inner_text()
    expect(page.locator("#results_info")).to_contain_text("2,600 entries")
    page.close()
