"""Small files that become large when they are unpacked are refused before they fill the memory."""

import bz2
import gzip
import resource
import zipfile

import openpyxl
import pytest

from mircargo.config import parse
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


@pytest.mark.slow
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
