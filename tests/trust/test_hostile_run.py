"""A whole run of a study whose names, levels, columns and paths are code for a shell, a page or a spreadsheet.

What would run leaves a mark: a file `pwned`, or `window.pwned` in a page. What a configuration or a table refuses is
not here: `test_hostile_configuration` and `test_hostile_tables` have it.
"""

import csv
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile

import anndata
import openpyxl
import pytest
import yaml
from playwright.sync_api import expect

from chromium import open_page
from mircargo.features.mirbase import load_mature
from mircargo.simulate.example import Settings, simulate
from mircargo.snakemake.wiring import STEP
from project import Workflow, lay_out

pytestmark = pytest.mark.workflow
TAG = '<img src=x onerror="window.pwned=1">'
SHEET_FORMULA = "=cmd|' /C calc'!A0"
NAMES = (
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    '" && touch pwned "',
    "a | touch pwned #",
    TAG,
    "<script>window.pwned=1</script>",
    SHEET_FORMULA,
    "@SUM(1+1)*cmd",
    "+1",
    "-2+3",
    "../../pwned %s %(x)s",
    "{wildcards} {{ 7 * 7 }} ${HOME}",
    "a\\nb \\",
    "<!-- x ]]> &amp; &",
    "~/x * ? [a] <results> $x_$ é µ",
)
INJURED, CONTROL = '\'"$(touch pwned)` <b onclick="window.pwned=1">; {level} %s', f"{SHEET_FORMULA} && touch pwned"
DRG, EXOSOME = "+1; $x_$ <i>", '@SUM "../" {study}'
LEVELS = {
    "condition": {"injured": INJURED, "control": CONTROL},
    "fraction": {"drg": DRG, "exosome": EXOSOME},
    "batch": {"a": "01", "b": "1e5"},
}
COLUMNS = {
    "condition": "=1+1 '\"$(touch pwned) {input} <script>",
    "fraction": "frac;tion ../ $(touch pwned) %d",
    "subject": f"sub $(touch pwned) {TAG}",
    "batch": '@batch " && touch pwned; [T.a] ~ {x}',
}
TITLE = f"{TAG} {SHEET_FORMULA} $(touch pwned) `x` {{wildcards}} {{{{ 7*7 }}}} %s"
FOLDER = "in ' \" ; $(touch pwned) && touch pwned"
PROJECT = "run ' \" $(touch pwned) ; <results> %s"
TABLE = f"config/../{FOLDER}/drg `touch pwned` <B> %s #.tsv"
SHEET = f"{FOLDER}/sheet & $(touch pwned); '\".csv"
PANEL = f"{FOLDER}/panel;$(touch pwned).tsv"
URL = "https://example.org/a;$(touch pwned)&'x'=1?<B >.tsv"
FETCHED = "data/1e3/a;$(touch pwned)&'x'=1?<B >.tsv"
LEFT_OUT, SPIKE_IN = f"left out $(touch pwned) {TAG}", f"spike-in $(touch pwned) {TAG}"
EXPECTED = {
    "mirna": "miR-21-5p", "tissue": TAG, "model": "$(touch pwned)", "day": "NA", "species": "NA", "direction": "up",
    "source": f"{SHEET_FORMULA} {TAG}", "doi": f'">{TAG}', "note": "`touch pwned`",
}  # fmt: skip


def as_text(rows, delimiter="\t"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def rows_of(path):
    """Read a table as another program would."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle, delimiter="\t"))


def write_study(folder):
    """Write the tables, the mirror and the configuration; return the sample sheet as rows."""
    study = simulate(load_mature(), Settings(seed=5, animals_per_group=3, n_mirnas=100))
    samples = {name: f"{NAMES[i]} {i}" for i, name in enumerate(study.samples.index)}
    background = study.truth.index[study.truth["role"] == "background"]
    features = dict(zip(background, NAMES, strict=False))
    tables = {}
    for name, counts in (("drg", study.drg), ("exosome", study.exosome)):
        header = ["feature", *(samples[sample] for sample in counts), f"{LEFT_OUT} of {name}"]
        rows = [[features.get(row[0], row[0]), *row[1:], row[1]] for row in counts.itertuples(name=None)]
        tables[name] = as_text([header, *rows, [SPIKE_IN, *range(100, 100 + counts.shape[1]), 5]])
    sheet = [["sample", *COLUMNS.values()]]
    for name, row in study.samples.iterrows():
        values = [LEVELS.get(column, {}).get(row[column], f"$(touch pwned) {row[column]}") for column in COLUMNS]
        sheet.append([samples[name], *values])
    for path in (FOLDER, "mirror"):
        (folder / path).mkdir()
    (folder / TABLE).write_text(tables["drg"])
    (folder / "mirror" / "exosome.tsv").write_text(tables["exosome"])
    (folder / SHEET).write_text(as_text(sheet, ","))
    (folder / PANEL).write_text(as_text([EXPECTED, EXPECTED.values()]))
    (folder / "config of $(touch pwned);.yaml").write_text(yaml.safe_dump(settings(tables["exosome"])))
    return sheet


def settings(fetched):
    fraction = COLUMNS["fraction"]
    question = {
        "variable": COLUMNS["condition"],
        "level": INJURED,
        "reference": CONTROL,
        "blocking": [COLUMNS["batch"]],
    }
    contrasts = {
        "007": question | {"subset": {fraction: DRG}, "expectation": {"tissue": TAG, "model": "$(touch pwned)"}},
        "1e5": question | {"subset": {fraction: EXOSOME}},
    }
    study = {
        "title": TITLE,
        "species": "mmu",
        "samples": SHEET,
        "counts": [{"table": TABLE}, {"url": URL, "sha256": hashlib.sha256(fetched.encode()).hexdigest()}],
        "fraction": fraction,
        "subject": COLUMNS["subject"],
        "biotypes": ["miRNA", "unknown"],
        "exclude_samples": [f"{LEFT_OUT} of drg", f"{LEFT_OUT} of exosome"],
        "spike_ins": [SPIKE_IN],
        "contrasts": contrasts,
        "comparisons": {"08": {"exosome": "1e5", "source": "007", "fraction": fraction}},
    }
    meta = {"title": TITLE, "contrasts": ["1e3.007", "1e3.1e5"]}
    return {"panel": PANEL, "studies": {"1e3": study}, "meta": {"0x1": meta}}


ARGUMENTS = ("--configfile", "config of $(touch pwned);.yaml")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the folder of the run, its sample sheet, and what the run printed."""
    workflow = lay_out(tmp_path_factory.mktemp("hostile") / PROJECT)
    sheet = write_study(workflow.folder)
    return workflow.folder, sheet, workflow.complete(*ARGUMENTS, MIRCARGO_MIRROR="mirror").stdout


@pytest.fixture(scope="module")
def results(run):
    return run[0] / "results" / "1e3"


@pytest.fixture(scope="module")
def page(browser):
    return open_page(browser)


def test_nothing_was_run_and_all_steps_ended(run):
    folder, _, printed = run
    assert [path for path in folder.parent.rglob("*") if path.name == "pwned"] == []
    assert not (folder.parent.parent / "pwned").exists()
    for contrast in ("007", "1e5"):
        assert f"  {contrast}: mmu-miR-21a-5p is " in printed
        assert f"{INJURED} against {CONTROL}" in printed


def test_every_text_on_a_command_line_is_quoted():
    # tests/snakemake/test_rules.py holds each rule to this one command; the name of a step is ours.
    parts = re.findall(r"\{([^{}]*)\}", STEP)
    assert "params.settings:q" in parts
    assert [part for part in parts if not part.endswith(":q")] == ["params.step"]


def test_names_come_back_unchanged_in_the_tables(run, results):
    _, sheet, _ = run
    samples = [row[0] for row in sheet[1:]]
    counts = rows_of(results / "counts/counts.tsv")
    assert counts[0] == ["feature", *samples]
    assert set(NAMES) <= {row[0] for row in counts}
    assert {row[0] for row in rows_of(results / "counts/ledger.tsv")[1:]} == {TABLE, FETCHED}
    assert [row[0] for row in rows_of(results / "quality/samples.tsv")[1:]] == samples
    for table in ("differential/007.tsv", "robustness/1e5.tsv", "cargo/release/08.tsv"):
        assert set(NAMES) <= {row[0] for row in rows_of(results / table)}, table
    target = rows_of(results / "cargo/target.tsv")
    assert [row[0] for row in target[1:]] == ["007", "1e5"]
    assert all(INJURED in row[target[0].index("sentence")] for row in target[1:])
    points = rows_of(results / "figures/pca.tsv")
    assert [row[:3] for row in points[1:]] == [[row[0], row[1], row[2]] for row in sheet[1:]]
    assert {*points[0][1:3]} == {COLUMNS["condition"], COLUMNS["fraction"]}
    assert [row[0] for row in rows_of(results / "counts/spike_ins.tsv")] == ["feature", SPIKE_IN]
    header, found = rows_of(results / "cargo/expectations.tsv")[:2]
    held = dict(zip(header, found, strict=True))
    assert {key: held[key] for key in ("tissue", "model", "source", "doi", "note")}.items() <= EXPECTED.items()


def test_names_come_back_unchanged_for_other_tools(run, results):
    _, sheet, _ = run
    book = openpyxl.load_workbook(results / "results.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert {*NAMES, TITLE, "007", "1e5", *(row[0] for row in sheet[1:])} <= {cell.value for cell in cells}
    made = anndata.read_h5ad(results / "study.h5ad")
    assert list(made.obs_names) == [row[0] for row in sheet[1:]]
    assert set(NAMES) <= set(made.var_names)
    assert list(made.obs[COLUMNS["condition"]]) == [row[1] for row in sheet[1:]]
    assert list(made.obs[COLUMNS["batch"]]) == [row[4] for row in sheet[1:]]
    for path in (results / "multiqc").iterdir():  # MultiQC shows what it is given as HTML
        text = path.read_text(encoding="utf-8")
        assert "<img" not in text
        assert "<script" not in text
    crate = json.loads((results / "ro-crate-metadata.json").read_text())
    assert f"{TITLE}: results of mircargo" in {each.get("name") for each in crate["@graph"]}


def test_figures_are_drawings_and_nothing_else(results):
    figures = sorted([*(results / "figures").glob("*.svg"), *(results.parent / "meta" / "figures").glob("*.svg")])
    assert len(figures) > 15
    shown = ""
    for path in figures:
        for element in ET.parse(path).iter():
            assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "a"), path.name
            assert not [name for name in element.attrib if name.lower().startswith("on")], path.name
            shown += element.text or ""
    assert "$(touch pwned)" in shown


def test_report_shows_names_as_text(results, page):
    page.goto((results / "report.html").as_uri())
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.locator("h1").inner_text() == TITLE
    page.get_by_role("combobox", name="entries per page").select_option("100")
    for name in NAMES:
        page.locator("#find").fill(name)
        page.locator("#found [role=option]").first.click()
        expect(page.locator("#pinned")).to_contain_text(name)
    text = page.locator("body").inner_text()
    for shown in (INJURED, CONTROL, COLUMNS["batch"], TAG):
        assert " ".join(shown.split()) in text
    assert page.evaluate("window.pwned") is None
    assert page.messages == []


def test_report_of_snakemake_runs_nothing(run, page):
    folder, _, _ = run
    Workflow(folder).complete(*ARGUMENTS, "--report", "report.zip", MIRCARGO_MIRROR="mirror")
    with zipfile.ZipFile(folder / "report.zip") as archive:
        archive.extractall(folder.parent / "unpacked")
    page.goto((folder.parent / "unpacked" / "report" / "report.html").as_uri())
    page.get_by_text("Differential expression").first.wait_for()
    # As the page does where a caption is asked for.
    captions = page.evaluate(
        """Object.values(results).map(({caption}) => {
             const shown = document.createElement('div');
             shown.innerHTML = caption;
             document.body.append(shown);
             return shown.innerText;
           })"""
    )
    page.wait_for_timeout(200)
    assert any("$(touch pwned)" in caption for caption in captions)
    assert page.evaluate("window.pwned") is None
    assert [text for text in page.messages if "pwned" in text] == []
    assert [path for path in folder.parent.rglob("*") if path.name == "pwned"] == []


def test_folder_that_snakemake_would_take_for_a_wildcard_is_refused(tmp_path):
    workflow = lay_out(tmp_path / "study {x}")
    write_study(workflow.folder)
    result = workflow.run("--dry-run", *ARGUMENTS, MIRCARGO_MIRROR="mirror")
    assert result.returncode == 1
    assert "study {x}: the folder of the workflow has a brace in its path" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
