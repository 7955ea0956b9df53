"""Small files that become large when they are unpacked are refused before they fill the memory."""

import bz2
import gzip
import re
import resource
import zipfile

import openpyxl
import pytest

from mircargo.checks.study import read_source
from mircargo.config import CountTable
from mircargo.inputs import content
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
        for i in range(4):
            archive.writestr(f"s{i}.txt", BLOCK)


BOMBS = {
    "gz": lambda path: path.write_bytes(gzip.compress(BLOCK, 6) * 200),
    "bz2": lambda path: path.write_bytes(bz2.compress(BLOCK, 1) * 200),
    "zip": zipped,
    "large.xlsx": lambda path: workbook(path, lambda sheet: sheet + b" " * 150_000_000),
}


@pytest.mark.parametrize("kind", list(BOMBS))
def test_bomb_is_refused_within_bounds(kind, tmp_path):
    path = tmp_path / f"bomb.{kind}"
    BOMBS[kind](path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ProblemsFound, match=r"unpacked, this file is larger than \d"):
        open_documents(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700_000  # kilobytes


def test_configuration_raises_the_limit_as_the_message_says(tmp_path, monkeypatch):
    monkeypatch.setattr(content, "ALWAYS_TAKEN", 1_000_000)
    path = tmp_path / "counts.tsv.gz"
    header = "feature\t" + "\t".join(f"s{i}" for i in range(2000)) + "\n"
    rows = "".join(f"mmu-miR-{i}\t" + "\t".join(["0"] * 2000) + "\n" for i in range(260))
    path.write_bytes(gzip.compress((header + rows).encode(), 6))  # 1.05 MB in some kB
    with pytest.raises(
        ProblemsFound, match=r"larger than 1,000,000 bytes\n.*`counts`: `unpacked_gb: 0\.002`"
    ) as refused:
        open_documents(path)
    key, value = re.search(r"`(unpacked_gb): ([\d.]+)`", str(refused.value)).groups()
    table = CountTable.model_validate({"table": str(path), key: float(value)})
    assert read_source("one", table).table.counts.shape == (260, 2000)
    with pytest.raises(ProblemsFound, match=r"larger than 500,000 bytes"):
        read_source("one", CountTable(table=str(path), unpacked_gb=0.0005))
