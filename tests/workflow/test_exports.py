"""What the example's results become for other tools, read by those tools themselves."""

import json
import re
import sys
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from chromium import open_page
from export import foreign
from mircargo.config import load
from mircargo.export.contents import files_of
from mircargo.figures import catalogue
from mircargo.io import read_counts, read_result
from mircargo.results.columns import SAMPLE
from mircargo.results.contract import OF_A_STUDY

readers = foreign.readers
CONTRASTS = ("drg_injury", "exosome_injury")

ANALYSES = """
import json, sys
import decoupler, pandas, scanpy
from pydeseq2.dds import DeseqDataSet
from pydeseq2.ds import DeseqStats
made = scanpy.read_h5ad(sys.argv[1])
out = {"tables": {name: list(table.columns) for name, table in made.varm.items()}}
looked_at = made.copy()
scanpy.pp.normalize_total(looked_at, target_sum=1e6)
scanpy.pp.log1p(looked_at)
scanpy.pp.pca(looked_at, n_comps=3)
out["first"] = looked_at.obsm["X_pca"][:, 0].tolist()
network = pandas.DataFrame({"source": "even", "target": made.var_names[::2], "weight": 1.0})
scores, _ = decoupler.mt.ulm(made.varm["drg_injury"][["stat"]].dropna().T, network, tmin=3)
out["ulm"] = float(scores.loc["stat", "even"])
tissue = made[made.obs["fraction"] == "drg"].copy()
fitted = DeseqDataSet(adata=tissue, design="~ batch + condition", quiet=True)
fitted.deseq2()
out["coefficients"] = list(fitted.obsm["design_matrix"].columns)
tested = DeseqStats(fitted, contrast=["condition", "injured", "control"], quiet=True)
tested.summary()
out["change"] = tested.results_df["log2FoldChange"].dropna().to_dict()
print(json.dumps(out))
"""

# Contexts come from the installed rocrate: the validator would fetch them, and a test has no network.
VALIDATE = """
import io, json, sys
import requests
context = json.load(open(sys.argv[2]))["@context"]
terms = {name: "https://w3id.org/ro/terms/workflow-run#" + name for name in ("sha256", "environment")}
stored = {"crate/1.1/context": context, "terms/workflow-run/context": terms}
def send(self, request, **_):
    response = requests.Response()
    response.url, response.request = request.url, request
    response.status_code = 200
    response.headers["Content-Type"] = "application/ld+json"
    response.raw = io.BytesIO()
    response._content = json.dumps({"@context": stored[request.url.split("/ro/")[1]]}).encode()
    return response
requests.Session.send = send
from rocrate_validator import models, services
found = services.validate(services.ValidationSettings(
    rocrate_uri=sys.argv[1], profile_identifier="process-run-crate", no_cache=True,
    requirement_severity=models.Severity.RECOMMENDED,
))
print(json.dumps([[each.severity.name, each.message] for each in found.get_issues()]))
"""


def test_anndata_is_used_by_scanpy_decoupler_and_pydeseq2(results, readers):
    found = json.loads(readers(ANALYSES, results / "study.h5ad"))
    table = read_counts(results / "differential" / "drg_injury.tsv")
    assert found["tables"]["drg_injury"] == list(table.columns)
    expected = {f"{kind}{name}" for kind in ("", "robustness:") for name in CONTRASTS}
    assert set(found["tables"]) == expected | {"co_cargo:exosome_injury", "release:release"}
    is_exosome = read_counts(results / "counts" / "counts.tsv").columns.str.startswith("exo")
    first = np.array(found["first"])
    assert abs(np.corrcoef(first, is_exosome)[0, 1]) > 0.95, "tissue and exosomes lie apart"
    # decoupler's univariate linear model is the t-statistic of a regression on membership, of which this is another
    # form: the correlation r of n values, r sqrt((n - 2) / (1 - r^2)).
    member, tested = np.arange(len(table)) % 2 == 0, table["stat"].notna()
    r = np.corrcoef(table["stat"][tested], member[tested])[0, 1]
    assert found["ulm"] == pytest.approx(r * np.sqrt((tested.sum() - 2) / (1 - r**2)), rel=1e-6)
    # PyDESeq2's own fit of the file, reference first without being told, against the workflow's of the tables.
    assert found["coefficients"] == ["Intercept", "batch[T.b]", "condition[T.injured]"]
    own = table.loc[table["status"] == "tested", "log2FoldChange"]
    theirs = pd.Series(found["change"])[own.index]
    assert np.abs(own - theirs).max() < 0.005


def test_workbook_holds_the_results(results):
    for name in CONTRASTS:
        table = read_result(results / "differential" / f"{name}.tsv").set_index("feature")
        sheet = pd.read_excel(results / "results.xlsx", sheet_name=name, keep_default_na=False, na_values=[""])
        assert sheet["padj"].dropna().is_monotonic_increasing
        sheet = sheet.set_index("feature").loc[table.index]
        for column in ("baseMean", "log2FoldChange", "pvalue", "padj", "ci_low", "shrunken_log2FoldChange"):
            # A spreadsheet's numbers have 16 digits.
            pd.testing.assert_series_equal(sheet[column], table[column], rtol=1e-14, check_dtype=False)
        called = table["padj"] < 0.05
        assert (sheet["call"].notna() == called).all()
    target = pd.read_excel(results / "results.xlsx", sheet_name="Target")
    assert list(target["sentence"]) == list(read_result(results / "cargo" / "target.tsv")["sentence"])


def test_crate_is_valid(results, readers):
    context = files("rocrate") / "data" / "ro-crate.jsonld"
    issues = json.loads(readers(VALIDATE, results, str(context)))
    assert [message for severity, message in issues if severity == "REQUIRED"] == []
    # What nobody has said cannot be written: who ran it, who publishes it, where mircargo lives.
    untold = ("agent", "author", "publisher", "url", "absolute URI")
    assert [message for _, message in issues if not any(word in message for word in untold)] == []
    graph = json.loads((results / "ro-crate-metadata.json").read_text())["@graph"]
    described = {each["@id"] for each in graph}
    there = {str(path.relative_to(results)) for path in results.rglob("*") if path.is_file()}
    assert there <= described


def test_multiqc_shows_the_study(results, readers, browser, tmp_path):
    readers("", "--no-ansi", "--strict", "-o", tmp_path / "out", results / "multiqc", command="multiqc")
    page = open_page(browser, tmp_path / "out" / "multiqc_report.html", width=1300)
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot').length >= 3")
    text = page.locator("body").inner_text()
    assert [message for message in page.messages if message.startswith("error")] == []
    sentence = read_result(results / "cargo" / "target.tsv")["sentence"][0]
    assert text.count(sentence) == 2, "above the table and, commas and all, in it"
    assert "mmu-miR-6236 55% to 64%" in text
    assert "Simulated data." in text


def test_every_file_and_column_of_a_run_is_described(example, results):
    study = load(str(example.folder / "config" / "config.yaml")).studies["example"]
    there = {str(path.relative_to(results)) for path in results.rglob("*") if path.is_file()}
    assert there - set(files_of("example", study)) - {"ro-crate-metadata.json"} == set()
    samples = set(read_counts(results / "counts" / "counts.tsv").columns)
    # The example plans no next experiment.
    for file in (each for each in OF_A_STUDY if each.row and "next_experiment" not in each.path):
        path = file.within(results, contrast="exosome_injury", comparison="release")
        columns = list(dict.fromkeys(SAMPLE if each in samples else each for each in read_result(path).columns))
        assert columns == [name for name, column in file.columns.items() if name in columns or not column.optional]


def test_tutorial_shows_what_is_seen(example_copy):
    page = (foreign.ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            if command.startswith("mircargo run"):
                # The target's sentences are enough: the rest of the run is that of the example.
                run = example_copy.call(*command.split(), "--cores", "2", "--", "results/nerve/cargo/target.tsv")
                assert run.returncode == 0, run.stderr
                rows = read_result(example_copy.results("nerve") / "cargo" / "target.tsv").itertuples()
                assert [f"  {row.contrast}: {row.sentence}" for row in rows] == shown.splitlines()[1:-2]
                continue
            result = example_copy.call("bash", "-c", command, LC_ALL="C.UTF-8")
            assert (result.stdout + result.stderr).rstrip("\n") == shown.rstrip("\n"), command


def test_figures_have_the_columns_that_the_pages_say(results):
    sheet = {"condition", "fraction", "batch"}  # what the example's figures show of the sample sheet
    of = {
        "samples": "",
        "contrasts": "",
        "contrast": "exosome_injury",
        "exosomes": "exosome_injury",
        "comparison": "release",
    }
    kinds = [kind for kind in catalogue.OF_STUDY if kind.of in of]
    assert {kind.of for kind in catalogue.OF_STUDY} - set(of) == {"next_experiment", "recipient"}, (
        "the example has none"
    )
    for figure in catalogue.figures_of(kinds):
        columns = read_result(results / "figures" / f"{figure.stem(of[figure.of])}.tsv").columns
        described = ["VARIABLE" if each in sheet else each for each in columns]
        assert list(dict.fromkeys(described)) == list(figure.columns), figure.name


def test_first_lines_of_the_page_for_python_draw_a_figure(example_copy):
    page = (foreign.ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    result = example_copy.call(sys.executable, "-c", code)
    assert result.returncode == 0, result.stderr
    assert (example_copy.folder / "volcano.pdf").read_bytes().startswith(b"%PDF")
