"""Small files that become large when they are unpacked are refused before they fill the memory."""

import bz2
import gzip
import resource
import zipfile

import openpyxl
import pytest

from mircargo.config import load, parse
from mircargo.inputs.content import open_documents
from mircargo.problems import ProblemsFound

BLOCK = b"0\t" * 25_000_000


def workbook(path, change):
    openpyxl.Workbook().save(path.with_suffix(".plain"))
    with zipfile.ZipFile(path.with_suffix(".plain")) as plain, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in plain.namelist():
            held = plain.read(name)
            bomb.writestr(name, change(held) if name == "xl/worksheets/sheet1.xml" else held)


def zipped(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(11):
            archive.writestr(f"s{i}.txt", BLOCK)


BOMBS = {
    "gz": lambda path: path.write_bytes(gzip.compress(BLOCK, 6) * 200),
    "bz2": lambda path: path.write_bytes(bz2.compress(BLOCK, 1) * 200),
    "zip": zipped,
    "large.xlsx": lambda path: workbook(path, lambda sheet: sheet + b" " * 550_000_000),
}


@pytest.mark.parametrize("kind", list(BOMBS))
def test_bomb_is_refused_within_bounds(kind, tmp_path):
    path = tmp_path / f"bomb.{kind}"
    BOMBS[kind](path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ProblemsFound, match=r"unpacked, this file is larger than \d"):
        open_documents(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700_000  # kilobytes


def test_configuration_that_raised_the_limit_is_told_what_to_do():
    settings = {"studies": {"one": {"counts": [{"table": "t.tsv.gz", "unpacked_gb": 4}]}}}
    with pytest.raises(ProblemsFound, match=r"counts\.0\.unpacked_gb: unknown key\n.*\n.*unpack a larger one"):
        parse(settings)


ALIASES = {
    "list": "[*a{0}, *a{0}, *a{0}, *a{0}]",
    "mapping": "{{x: *a{0}, y: *a{0}, z: *a{0}}}",
    "merge": "{{<<: [*a{0}, *a{0}, *a{0}, *a{0}]}}",
}
BOMBS_OF_TEXT = {
    name: "\n".join(["a0: &a0 {x: lol}", *(f"a{i}: &a{i} {part.format(i - 1)}" for i in range(1, 40))])
    for name, part in ALIASES.items()
} | {"within itself": "studies: &a {b: [*a]}"}


@pytest.mark.parametrize("kind", list(BOMBS_OF_TEXT))
def test_configuration_of_aliases_of_aliases_is_refused(kind, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(BOMBS_OF_TEXT[kind])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ProblemsFound, match="with its aliases written out, this configuration has more than 200,000"):
        load(str(path))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_values_that_somebody_else_has_read_are_looked_at_as_well():
    """Snakemake reads a configuration by itself, its aliases too."""
    few = {"variable": "group", "level": "a", "reference": "b", "subset": {f"c{i}": ["x"] for i in range(100)}}
    contrasts = {f"c{i}": few for i in range(100)}
    study = {"title": "x", "species": "mmu", "counts": [{"table": "x"}], "samples": "y", "contrasts": contrasts}
    with pytest.raises(ProblemsFound, match="more than 200,000 values"):
        parse({"studies": {f"s{i}": study for i in range(100)}})
