"""Captions of Snakemake's report hold the numbers of the files, and data stays data in them."""

import json
import re
import subprocess
import sys

import pytest

from mircargo.results import contract as files
from mircargo.results.captions import caption_of
from mircargo.results.summary import summarise
from mircargo.snakemake.wiring import FIGURES_OF
from project import ROOT


def write(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    return str(path)


def test_numbers_are_those_of_the_files(tmp_path):
    counts = write(tmp_path / "counts.tsv", ("feature", "a", "b"), ("miR-1", 1200, 0), ("miR-2", 5, 7))
    assert caption_of(files.RAW_COUNTS, counts) == "2 features in 2 samples, 1,212 reads."
    ledger = write(tmp_path / "ledger.tsv", ("row", "action"), (2, "kept"), (3, "summed"), (4, "summed"))
    assert caption_of(files.LEDGER_TABLE, ledger) == "3 rows: 1 kept, 2 summed."
    quality = write(tmp_path / "samples.tsv", ("sample", "total", "flags"), ("a_1", 1205, "shallow"), ("b", 7, ""))
    assert caption_of(files.LIBRARIES, quality) == r"2 samples of 7 to 1,205 reads. Flagged: a\_1."
    table = write(
        tmp_path / "one.tsv", ("feature", "log2FoldChange", "padj", "call"),
        ("miR-1", 1.5, 0.04, "up"), ("miR-2", -2, 0.001, "down"), ("miR-3", 0.5, 0.06, "none"),
        ("miR-4", 3, "NA", "NA"),
    )  # fmt: skip
    facts = {"groups": {"sham": 3, "SNI": 4}, "formula": "~ `a b` + c", "n_by_status": {"tested": 3, "low_count": 1}}
    (tmp_path / "one.json").write_text(json.dumps(facts))
    assert caption_of(files.FIT, table, 0.05) == (
        r"3 sham, 4 SNI; model ~ \`a b\` + c. 3 features tested: 1 up and 1 down at padj below 0.05."
    )
    asked = {"words": "geno wt, SNI against sham, 2 against 1 samples"}
    (tmp_path / "one.json").write_text(json.dumps(facts | {"asked": asked}))
    assert caption_of(files.FIT, table, 0.05).startswith(
        "geno wt, SNI against sham, 2 against 1 samples; samples 3 sham, 4 SNI; model "
    )
    (tmp_path / "one.json").write_text(json.dumps(facts | {"reduced_formula": "~ c"}))
    assert caption_of(files.FIT, table, 0.05).endswith("1 up and 1 down at padj below 0.05 and an interval beyond 0.")


@pytest.mark.parametrize("file", [*files.OF_A_STUDY, files.META_TARGET], ids=lambda file: file.path)
def test_a_file_that_is_not_there_yet_gives_no_caption(file, tmp_path):
    assert caption_of(file, str(tmp_path / "nothing.tsv"), 0.05) == ""


def test_what_the_pages_of_captions_show_is_made_without_pandas():
    lines = "import sys, mircargo.results.captions, mircargo.results.summary; print('pandas' in sys.modules)"
    made = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert made.stdout == "False\n"


def test_names_are_no_markup(tmp_path):
    path = write(tmp_path / "target.tsv", ("contrast", "sentence"), ("a*b", "miR_21 |is| `up`\\"))
    assert caption_of(files.TARGET_CALLS, path) == "**a\\*b**: miR\\_21 \\|is\\| \\`up\\`\\\\"


def test_people_read_titles(tmp_path):
    path = write(tmp_path / "target.tsv", ("contrast", "sentence"), ("exo", "It is up."), ("drg", "It is down."))
    titles = {"exo": "Injury in *EVs*"}
    assert caption_of(files.TARGET_CALLS, path, titles=titles) == (
        r"**Injury in \*EVs\***: It is up. **drg**: It is down."
    )
    table = write(tmp_path / "co_cargo.tsv", ("contrast", "tier"), ("exo", "strong"), ("exo", "NA"))
    assert caption_of(files.CO_CARGO_TABLE, table, titles=titles) == r"Injury in \*EVs\*: 1 strong."
    results = tmp_path / "results" / "mine"
    write(results / "cargo" / "target.tsv", ("contrast", "sentence"), ("exo", "It is up."), ("drg", "It is down."))
    assert summarise({"mine": str(results)}, labels={("mine", "exo"): "Injury in EVs"}).splitlines()[:3] == [
        "mine", "  Injury in EVs: It is up.", "  drg: It is down.",
    ]  # fmt: skip


def test_what_the_report_lists_has_a_caption_and_each_caption_is_of_something():
    captions = {path.stem: path.read_text() for path in (ROOT / "workflow" / "report").glob("*.rst")}
    listed = {each.caption for each in vars(files).values() if isinstance(each, files.Result) and each.shows}
    assert listed | {f"figure_{of}" for of in FIGURES_OF} | {"workflow"} == set(captions)
    named = {name for text in captions.values() for name in re.findall(r"captions\.(\w+)", text)}
    assert {name for name in named if not isinstance(getattr(files, name, None), files.Result)} == set()
