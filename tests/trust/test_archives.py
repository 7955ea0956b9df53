"""Members of an archive that point out of it are refused by name, though nothing is ever written from one."""

import io
import tarfile
import zipfile

import pytest

from mircargo.inputs.registry import read_table
from mircargo.problems import ProblemsFound

TABLE = b"feature\ts1\nhsa-miR-21-5p\t5\nhsa-let-7a-5p\t7\n"


def zipped(path, name):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.tsv", TABLE)
        archive.writestr(name, TABLE)


def tarred(path, name, kind=tarfile.REGTYPE):
    with tarfile.open(path, "w:gz") as archive:
        for each, of in (("one.tsv", tarfile.REGTYPE), (name, kind)):
            member = tarfile.TarInfo(each)
            member.type, member.linkname = of, "/etc/passwd" if of != tarfile.REGTYPE else ""
            member.size = len(TABLE) if of == tarfile.REGTYPE else 0
            archive.addfile(member, io.BytesIO(TABLE))


@pytest.mark.parametrize("name", ["../two.tsv", "/tmp/two.tsv", "a/../../two.tsv"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_member_outside_is_refused_by_name(tmp_path, pack, name):
    path = tmp_path / ("x.zip" if pack is zipped else "x.tar.gz")
    pack(path, name)
    with pytest.raises(ProblemsFound) as caught:
        read_table(str(path))
    assert "two.tsv" in str(caught.value)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_link_and_pipe_are_refused_by_name(tmp_path, kind):
    tarred(tmp_path / "x.tar.gz", "two.tsv", kind)
    with pytest.raises(ProblemsFound) as caught:
        read_table(str(tmp_path / "x.tar.gz"))
    assert "two.tsv" in str(caught.value)
