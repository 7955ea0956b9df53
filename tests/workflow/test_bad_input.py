"""What a user sees who gets something wrong: every problem at once, before any fit, and nothing left behind."""

import hashlib

import pytest
import yaml

from project import files_made

SHEET = "sample\tgroup\tbatch\n" + "".join(f"s{i}\t{'case' if i > 3 else 'control'}\tb{i % 2}\n" for i in range(1, 7))
TABLE = "feature\ts1\ts2\ts3\ts4\ts5\ts6\n" + "".join(
    f"mmu-miR-{name}\t{n}\t{n + 3}\t{n + 1}\t{2 * n}\t{n + 9}\t{3 * n}\n"
    for name, n in (("21a-5p", 90), ("9-5p", 40), ("124-3p", 700), ("16-5p", 33))
)
CONTRAST = {"variable": "group", "level": "case", "reference": "control"}


def write_study(workflow, table=TABLE, sheet=SHEET, contrast=CONTRAST, **study):
    (workflow.folder / "mine.tsv").write_text(table)
    (workflow.folder / "samples.tsv").write_text(sheet)
    settings = {"title": "Mine", "species": "mmu", "counts": [{"table": "mine.tsv"}], "samples": "samples.tsv"}
    settings |= {"contrasts": {"injury": contrast}} | study
    (workflow.folder / "mine.yaml").write_text(yaml.safe_dump({"studies": {"mine": settings}}))


def fail(workflow, **environment) -> str:
    result = workflow.run("--configfile", "mine.yaml", **environment)
    printed = result.stdout + result.stderr
    assert result.returncode == 1, printed
    assert "Traceback" not in printed
    assert files_made(workflow.folder / "results") == [], "something was left behind"
    return printed


# What each message says is tested where it is made: tests/checks, features, inputs and model.
@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"contrast": CONTRAST | {"levl": "x"}}, ["mine.contrasts.injury.levl: unknown key", "did you mean 'level'"]),
        ({"counts": [{"table": "absent.tsv"}]}, ["absent.tsv: this file does not exist"]),
        ({"sheet": SHEET + "s6\tcase\tb0\n"}, ["samples.tsv, rows 7, 8: a sample is listed more than once", "'s6'"]),
        ({"table": TABLE.replace("700", "700.5")}, ["mine.tsv, row 4, column 's1'", "not raw counts", "700.5"]),
        ({"species": "hsa"}, ["mine.tsv: no row of this table is a miRNA of hsa", "is `species: hsa` right"]),
        # All problems come at once.
        (
            {
                "table": TABLE.replace("\ts1", "\ts 1"),
                "contrasts": {"one": CONTRAST | {"level": "cases"}, "two": CONTRAST | {"blocking": ["cage"]}},
            },
            ["'cases'", "'cage'", "sample 's1': a sample of the sheet is in no count table", "mean 's 1'", "errors"],
        ),
    ],
    ids=["key", "file", "sheet", "table", "species", "several"],
)
def test_each_problem_stops_the_run_with_its_message(workflow, changes, messages):
    write_study(workflow, **changes)
    printed = fail(workflow)
    assert [message for message in messages if message not in printed] == []


def test_wrong_checksum(workflow):
    content = b"feature\ts1\n"
    (workflow.folder / "mirror").mkdir()
    (workflow.folder / "mirror" / "x.tsv").write_bytes(content)
    url = "https://127.0.0.1:9/x.tsv"
    write_study(workflow, counts=[{"url": url, "sha256": hashlib.sha256(b"other").hexdigest()}])
    assert "this table could not be fetched" in fail(workflow, MIRCARGO_MIRROR="mirror")

    # A file in place that has changed since it was fetched.
    (workflow.folder / "data" / "mine").mkdir(parents=True)
    (workflow.folder / "data" / "mine" / "x.tsv").write_text(TABLE)
    printed = fail(workflow)
    assert "data/mine/x.tsv: this file does not have the configured checksum" in printed
    assert hashlib.sha256(TABLE.encode()).hexdigest() in printed


def test_the_study_that_was_broken_runs_when_it_is_not(workflow):
    write_study(workflow)
    result = workflow.complete("--configfile", "mine.yaml", "--", "results/mine/cargo/target.tsv")
    assert "injury: mmu-miR-21a-5p is" in result.stdout


def test_tables_of_one_sample_each_are_named_in_the_configuration(workflow):
    rows = [line.split("\t") for line in TABLE.splitlines()]
    counts = []
    for i in range(1, 7):
        folder = workflow.folder / f"run{i}"
        folder.mkdir()
        (folder / "counts.tsv").write_text(
            "".join(f"{row[0]}\t{row[i] if row[i] != f's{i}' else 'counts'}\n" for row in rows)
        )
        counts.append({"table": f"run{i}/counts.tsv", "sample": f"s{i}"})
    write_study(workflow, counts=counts)
    workflow.complete("--configfile", "mine.yaml", "--", "results/mine/counts/counts.tsv")
    assert (workflow.folder / "results/mine/counts/counts.tsv").read_text() == TABLE
