"""The example study from a user's hands: one command, its files, its truth, and what runs again after a change."""

import hashlib
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
import yaml

from mircargo.io import read_counts, read_result
from project import ROOT, files_made

FIT = {
    "fit_contrast", "stress_contrast", "summarise_contrasts", "note_warnings", "call_target", "find_co_cargo",
    "gather_co_cargo", "fit_release", "stress_release", "compare_expectations", "permute_labels", "list_for_qpcr",
}  # fmt: skip
TOLD = {"write_provenance", "write_report", "export_results", "describe_crate"}
DRAWN = TOLD | {"plot_contrast", "plot_contrasts", "plot_co_cargo", "plot_release", "export_for_multiqc"}
TWICE = dict.fromkeys(["fit_contrast", "stress_contrast", "plot_contrast", "list_for_qpcr"], 2)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
COUNTED = {"import_counts", "assess_quality", "plot_samples"}

TRUTH = pd.read_csv(ROOT / "config" / "example" / "truth.tsv", sep="\t", index_col="feature")


def test_run_ends_with_the_sentences_and_the_report(example):
    printed = (example.folder / "stdout.txt").read_text()
    for text in (
        "example (simulated data)",
        "drg_injury: mmu-miR-21a-5p is up",
        "exosome_injury: mmu-miR-21a-5p is up",
        "report: results/example/report.html",
    ):
        assert text in printed


def test_every_figure_is_there_as_drawing_picture_and_data(results):
    figures = {path.name for path in (results / "figures").iterdir()}
    stems = {name.rsplit(".", 1)[0] for name in figures}
    assert figures == {f"{stem}.{ending}" for stem in stems for ending in ("svg", "pdf", "png", "tsv")}
    kinds = ["volcano", "ma", "heatmap", "target", "robustness", "pvalues", "dispersion", "design"]
    kinds += ["intervals", "top"]
    others = {
        "pca",
        "sample_correlation",
        "composition",
        "abundance",
        "depth",
        "upset",
        "release_release",
        "co_cargo_exosome_injury",
    }
    assert stems == others | {f"{a}_{b}" for a in kinds for b in ("drg_injury", "exosome_injury")}


def test_provenance_names_versions_inputs_and_settings(results):
    provenance = json.loads((results / "provenance.json").read_text())
    assert provenance["versions"]["pydeseq2"]
    for file in provenance["inputs"]:
        assert file["sha256"] == hashlib.sha256((ROOT / file["path"]).read_bytes()).hexdigest()
    assert provenance["configuration"]["studies"]["example"]["contrasts"]["drg_injury"]["blocking"] == ["batch"]


def test_counts_are_the_tables_as_they_were(results):
    counts = read_counts(results / "counts" / "counts.tsv")
    tables = [
        pd.read_csv(ROOT / "config" / "example" / f"{name}_counts.tsv", sep="\t", index_col=0)
        for name in ("drg", "exosome")
    ]
    assert counts.equals(pd.concat(tables, axis=1)[list(counts)].rename_axis("feature"))


@pytest.mark.parametrize("fraction", ["drg", "exosome"])
def test_result_against_the_planted_truth(results, fraction):
    found = read_result(results / "differential" / f"{fraction}_injury.tsv").set_index("feature")
    planted = TRUTH[f"{fraction}_log2_fold_change"].reindex(found.index)
    called = found["padj"] < 0.05

    target = found.loc["mmu-miR-21a-5p"]
    assert target["padj"] < 1e-6
    assert abs(target["log2FoldChange"] - planted["mmu-miR-21a-5p"]) < 1.96 * target["lfcSE"] + 0.15

    unchanged = TRUTH["class"].reindex(found.index).eq("unchanged") & found["padj"].notna()
    assert unchanged.sum() > 150
    assert called[unchanged].mean() <= 0.05

    strong = (planted.abs() >= 1) & (found["baseMean"] >= 20)
    assert strong.sum() >= 15
    right = called & ((found["log2FoldChange"] > 0) == (planted > 0))
    assert right[strong].mean() >= 0.9


def test_shadows_of_the_target_are_flagged_and_no_co_cargo(results):
    table = read_result(results / "cargo" / "co_cargo.tsv").set_index("feature")
    shadows = TRUTH.index[TRUTH["class"] == "shadow"]
    assert set(table["cross_maps_to"][shadows]) == {"mmu-miR-21a-5p"}
    candidates = table.index[table["tier"].notna()]
    assert not set(candidates) & set(shadows)
    # What was planted to rise in the exosomes, and nothing that was planted not to.
    rises = TRUTH["exosome_log2_fold_change"] > 0
    assert rises.reindex(candidates).all()
    assert len(candidates) >= 10


def test_the_call_of_the_target_was_put_to_the_test(results):
    """The target was planted to change in both fractions, so that no single variant is the reason for its call."""
    target = read_result(results / "cargo" / "target.tsv").set_index("contrast")
    for name, row in target.iterrows():
        rows = read_result(results / "robustness" / f"{name}.variants.tsv").query("feature == @row.feature")
        others = rows[rows["kind"] != "base"]
        assert {"sample", "size_factors", "filter", "engine"} <= set(others["kind"])
        assert row["share_same_call"] == pytest.approx((others["call"] == row["call"]).mean())
        assert row["share_same_call"] >= 0.9
        assert f"the call holds in {'all' if row['share_same_call'] == 1 else ''}" in row["sentence"]
    release = read_result(results / "robustness" / "release" / "release.tsv")
    assert release["n_variants"].min() > 10
    co_cargo = read_result(results / "cargo" / "co_cargo.tsv")
    assert co_cargo.loc[co_cargo["tier"].notna(), "share_same_call"].between(0, 1).all()


def test_nothing_runs_again_when_nothing_changed(example):
    assert example.rules_to_run() == {}


CONFIG, SAMPLES = "config/config.yaml", "config/example/samples.tsv"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        # alpha decides calls everywhere, and independent filtering in the fit.
        (CONFIG, "alpha: 0.05", "alpha: 0.1", dict.fromkeys(FIT | DRAWN, 1) | TWICE),
        # The margin of equivalence decides words, and a column of each fit.
        (CONFIG, "change: 0.585", "change: 1", dict.fromkeys(FIT | DRAWN, 1) | TWICE),
        # A contrast is of its own fit, its figures, and what is made of it; a source's is beside its exosomes' too.
        (CONFIG, "blocking: [batch]", "blocking: []", dict.fromkeys(FIT | DRAWN, 1) | {"plot_contrast": 2}),
        (CONFIG, "control\n        blocking: [batch]", "control", dict.fromkeys(FIT | DRAWN, 1)),
        # What the literature expects changes one table and the page.
        (CONFIG, "expected: up", "expected: down", dict.fromkeys(TOLD | {"call_target", "export_for_multiqc"}, 1)),
        # A title is on the page and nowhere else.
        (CONFIG, "DRG and exosomes after", "After", dict.fromkeys(TOLD, 1)),
        (SAMPLES, "m01\ta", "m01\tb", dict.fromkeys(COUNTED | FIT | DRAWN, 1) | TWICE),
        ("config/example/drg_counts.tsv", "mmu-let-7g-5p", "spike_1", dict.fromkeys(COUNTED | FIT | DRAWN, 1) | TWICE),
    ],
)
def test_exactly_what_depends_on_a_change_runs_again(example_copy, file, old, new, expected):
    path = example_copy.folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert example_copy.rules_to_run() == expected


def test_figures_are_written_in_the_formats_that_are_asked_for(example, example_copy):
    config = example_copy.folder / CONFIG
    text = config.read_text()
    assert "[svg, pdf, png]" in text
    config.write_text(text.replace("[svg, pdf, png]", "[svg]"))
    assert set(example_copy.rules_to_run()) == DRAWN | {"plot_samples"}
    example_copy.complete()
    before, after = (each.results("example") / "figures" for each in (example, example_copy))
    assert {path.name for path in after.iterdir()} == {
        path.name for path in before.iterdir() if path.suffix in {".svg", ".tsv"}
    }
    for path in after.glob("*.svg"):
        texts = [each.read_text() for each in (path, before / path.name)]
        assert NUMBER.sub("", texts[0]) == NUMBER.sub("", texts[1])
        places = zip(*map(NUMBER.findall, texts), strict=True)
        assert max(abs(float(one) - float(other)) for one, other in places) < 0.03, "points: less than can be seen"
    page = (example_copy.results("example") / "report.html").read_text()
    assert set(re.findall(r'data-path="figures/.*?[.](svg|pdf|png|tsv)"', page)) == {"svg", "tsv"}


def test_the_number_of_cores_runs_nothing_again_and_changes_no_byte(example, example_copy):
    more = [f"{rule}=2" for rule in ("stress_contrast", "stress_release", "permute_labels")]
    assert example_copy.rules_to_run("--set-threads", *more) == {}
    folders = [each.folder / "results" / "example" for each in (example, example_copy)]
    made = ["robustness/exosome_injury.tsv", "robustness/release/release.tsv", "cargo/co_cargo/exosome_injury.json"]
    before = {name: (folders[1] / name).stat().st_mtime for name in made}
    targets = [f"results/example/{name}" for name in made]
    run = example_copy.complete("--set-threads", *more, "--force", "--printshellcmds", "--", *targets)
    assert run.stderr.count('"threads": 2') == 3
    for name in made:
        assert (folders[1] / name).stat().st_mtime > before[name], "it was made again"
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_results_are_the_same_bytes_again(example, example_copy):
    """On one core, without the warm process, elsewhere in the world, in another year; only the time of the run differs.

    The year needs Debian's libfaketime, which `.ci/run` installs.
    """
    clock = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    later = {"LD_PRELOAD": str(clock), "FAKETIME": "+400d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"} if clock else {}
    elsewhere = {"MIRCARGO_WARM": "", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    example_copy.complete("--forceall", "--cores", "1", **elsewhere, **later)
    folders = [each.folder / "results" for each in (example, example_copy)]
    times = [json.loads((each / "example/provenance.json").read_text())["finished"] for each in folders]
    first, second = map(datetime.fromisoformat, times)
    assert (second - first).days == (400 if clock else 0)
    for path in sorted(files_made(folders[0])):
        both = path, folders[1] / path.relative_to(folders[0])
        if path.name == "ro-crate-metadata.json":
            crates = [json.loads(each.read_text().replace(time, "")) for each, time in zip(both, times, strict=True)]
            timed = ("provenance.json", "report.html")
            one, other = ([each for each in crate["@graph"] if each["@id"] not in timed] for crate in crates)
            assert one == other
        elif path.name == "report.html":
            shown = [time[:16].replace("T", " ") for time in times]
            one, other = (each.read_text().replace(time, "") for each, time in zip(both, shown, strict=True))
            assert one == other
        elif path.name != "provenance.json":
            assert both[0].read_bytes() == both[1].read_bytes(), path.name


def test_the_configuration_in_the_provenance_runs_as_it_is(example_copy):
    provenance = json.loads((example_copy.results("example") / "provenance.json").read_text())
    (example_copy.folder / "again.yaml").write_text(yaml.safe_dump(provenance["configuration"]))
    assert example_copy.rules_to_run("--configfile", "again.yaml") == {}


def test_snakemake_report_has_every_result_with_category_labels_and_the_studys_numbers(example_copy):
    example_copy.complete("--report", "report.zip")
    results = example_copy.results("example")
    with zipfile.ZipFile(example_copy.folder / "report.zip") as archive:
        page = archive.read("report/report.html").decode()
        held = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    inner = {"check.json", "notes.json", "isomirs.tsv", "spike_ins.tsv"}
    for path in results.rglob("*"):
        facts_or_copy = path.suffix in (".pdf", ".png") or path.parent.name in ("figures", "multiqc", "co_cargo")
        facts_or_copy |= path.suffix == ".json" and path.with_suffix(".tsv").exists()
        if path.is_file() and path.name not in inner and (path.suffix == ".svg" or not facts_or_copy):
            assert hashlib.sha256(path.read_bytes()).hexdigest() in held, path.name
    counts = read_counts(results / "counts/counts.tsv")
    called = read_result(results / "differential/exosome_injury.tsv").query("padj < 0.05")["log2FoldChange"]
    facts = json.loads((results / "robustness/exosome_injury.json").read_text())
    for text in (
        f"400 features in 20 samples, {counts.to_numpy().sum():,} reads",
        f"{(called > 0).sum()} up and {(called < 0).sum()} down at padj below 0.05",
        f"{facts['n_calls_in_all']} of {facts['n_calls']} calls hold in all {len(facts['variants'])} variants",
    ):
        assert text in page
    labels = [set(json.loads(found)) for found in re.findall(r'"labels": (\{[^{}]*\})', page)]
    assert len(labels) >= 40
    assert all(each == {"study", "of", "shows"} for each in labels)


def test_progress_is_drawn_on_a_terminal_and_tells_the_targets_call(example_copy):
    """What is done, how far it is, and the sentence of miR-21 before the run is over."""
    screen = example_copy.run_on_a_terminal("--forcerun", "call_target")
    before, *after = re.split("write report +━", screen, maxsplit=1)
    assert after
    assert "exosome_injury: mmu-miR-21a-5p is up" in before
    assert "Total Progress" in screen
    assert "100%" in screen


def test_smoke_study_runs_through_every_step(workflow):
    result = workflow.complete("--configfile", "config/smoke.yaml", "--verbose")
    assert "exosome_injury: mmu-miR-21a-5p is up" in result.stdout
    assert (workflow.folder / "results/smoke/report.html").exists()
    printed = result.stdout + result.stderr
    # What to begin is chosen once at the start, and where a step has ended; not all the time.
    n_choices = len(re.findall("^Ready jobs", printed, re.MULTILINE))
    n_ended = len(re.findall("^Finished jobid", printed, re.MULTILINE))
    assert n_ended > 10
    assert n_choices <= n_ended + 1


def test_smoke_sheet_is_the_exosomes_of_the_example():
    full = (ROOT / "config/example/samples.tsv").read_text().splitlines()
    smoke = (ROOT / "config/example/smoke_samples.tsv").read_text().splitlines()
    assert smoke == [line for line in full if "exosome" in line or line.startswith("sample\t")]
