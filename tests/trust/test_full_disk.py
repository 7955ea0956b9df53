"""On a full disk, in a folder that is for reading, of a file that is not: one message, and nothing half-written.

The disk is one in memory, of 8 MB, that only the command under test sees.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from export.conftest import CONFIG, SHEET, write_study
from factories import Made, make
from mircargo.config import load
from mircargo.figures.catalogue import OF_SAMPLES
from mircargo.snakemake.settings import plain
from stepping import arguments_of, drawn_files

ROOT = Path(__file__).parents[2]
MIRCARGO = str(Path(sys.executable).with_name("mircargo"))
SIZE = 8 << 20
PAGE = 4096
# Mount the disk, leave so many bytes of it free, and tell at the end what lies there besides what fills it.
ON_DISK = f"""
disk=$1 free=$2 way=$3 listing=$4
mount -t tmpfs -o size={SIZE} mircargo "$disk" || exit 99
head -c $(({SIZE} - free)) /dev/zero > "$disk/filler" || exit 99
[ "$way" = rw ] || mount -o remount,ro "$disk" || exit 99
shift 4
"$@"
code=$?
find "$disk" -type f ! -name filler -printf '%f\\n' > "$listing"
exit $code
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a folder of results that every writer has something to write of, and a table in a mirror."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "samples.tsv").write_text(SHEET)
    write_study(folder / "tiny")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    make(Made(), folder / "made")
    (folder / "mirror").mkdir()
    (folder / "mirror" / "table.tsv").write_bytes(b"miR\t1\n" * 10_000)
    (folder / "disk").mkdir()
    return folder


def on_disk(study, free, command, way="rw"):
    """Run a command that writes to `disk`; return how it ended, and what it left there."""
    listing = study / "listing"
    start = ["unshare", "--map-root-user", "--mount", "sh", "-c", ON_DISK, "sh"]
    done = subprocess.run(
        [*start, study / "disk", str(free), way, listing, *command],
        cwd=ROOT, env=os.environ | {"MIRCARGO_MIRROR": str(study / "mirror")}, capture_output=True, text=True,
    )  # fmt: skip
    return done, listing.read_text().split() if listing.exists() else []


@pytest.fixture(scope="module", autouse=True)
def disk(study):
    if not shutil.which("unshare"):
        pytest.skip("no unshare, which gives a command a disk of its own")
    for way in ("rw", "ro"):
        done, _ = on_disk(study, SIZE, ["true"], way)
        if done.returncode:
            pytest.skip(f"this system lets no ordinary user mount a disk of their own: {done.stderr.strip()}")


def imported(study, disk):
    smoke = load("config/smoke.yaml")
    own = smoke.studies["smoke"]
    given = {key: getattr(own, key) for key in ("species", "exclude_samples", "biotypes", "spike_ins")}
    given |= {"counts": [plain(table, []) for table in own.counts]}
    outs = ("counts", "features", "ledger", "balance", "isomirs", "spike_ins", "notes")
    made = {out: disk / f"{out}.tsv" for out in outs}
    return arguments_of("import_counts", {}, made, {"study_name": "smoke", "configuration": smoke, **given})


def exported_as(kind, name):
    def command(study, disk):
        given = {"samples": study / "samples.tsv", "check": study / "tiny" / "check.json"}
        made = {"anndata": study / "other.h5ad", "workbook": study / "other.xlsx", kind: disk / name}
        return arguments_of("export_results", given, made, {"study_name": "tiny", "resolved": CONFIG})

    return command


def reported(study, disk):
    given = {"provenance": study / "made" / "provenance.json"}
    return arguments_of("write_report", given, {"report": disk / "report.html"}, {"study_name": "made"})


def described(study, disk):
    given = {"provenance": study / "tiny" / "provenance.json"}
    return arguments_of("describe_crate", given, {"crate": disk / "crate.json"}, {"study_name": "tiny"})


def fetched(study, disk):
    checksum = hashlib.sha256((study / "mirror" / "table.tsv").read_bytes()).hexdigest()
    table = {"url": "https://example.org/table.tsv", "sha256": checksum}
    return arguments_of("fetch_table", {}, {"table": disk / "table.tsv"}, {"table": table})


def drawn(study, disk):
    tiny = study / "tiny"
    given = {"counts": tiny / "counts/counts.tsv", "normalised": tiny / "quality/normalised.tsv"}
    given |= {"features": tiny / "counts/features.tsv", "samples": study / "samples.tsv"}
    given["libraries"] = tiny / "quality/samples.tsv"
    settings = {"target": "miR-21-5p", "species": "hsa", "simulated": False, "fraction": "fraction"}
    settings |= {"variables": ["group"], "size_factors": {}}
    return arguments_of("plot_samples", given, drawn_files(disk, OF_SAMPLES), settings)


WRITERS = {
    "counts.tsv": imported,
    "study.h5ad": exported_as("anndata", "study.h5ad"),
    "results.xlsx": exported_as("workbook", "results.xlsx"),
    "report.html": reported,
    "crate.json": described,
    "table.tsv": fetched,
    "drg_counts.tsv": lambda _, disk: ["simulate", disk],
    "pca.png": drawn,
}


def said_once(done, path):
    """Tell whether the command ended with one problem that names the place, and nothing besides."""
    assert done.returncode == 1, done.stderr
    assert re.match(rf"ERROR {re.escape(str(path))}: the system does not let this step read or write\n", done.stderr)
    assert done.stderr.endswith("\n1 error\n")
    assert done.stderr.count("\n") == 4
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("name", list(WRITERS))
def test_full_disk_is_said_and_nothing_is_left(name, study):
    disk = study / "disk"
    done, left = on_disk(study, PAGE, [MIRCARGO, *map(str, WRITERS[name](study, disk))])
    assert "No space left on device" in said_once(done, disk / name)
    assert left == []


@pytest.mark.parametrize("name", ["counts.tsv", "study.h5ad"])
def test_folder_for_reading_is_said(name, study):
    disk = study / "disk"
    done, left = on_disk(study, PAGE, [MIRCARGO, *map(str, WRITERS[name](study, disk))], "ro")
    assert "Read-only file system" in said_once(done, disk / name)
    assert left == []


DRAW = """
import errno, sys
from pathlib import Path
import pandas as pd
from matplotlib.figure import Figure
from mircargo.figures.writing import save
from mircargo.problems import problem_of

disk, elsewhere = map(Path, sys.argv[1:])

def draw(folder):
    figure = Figure()
    figure.subplots().scatter(range(3000), range(3000))
    save(figure, folder / "f", pd.DataFrame({"a": range(3000)}))

draw(elsewhere)
before = 0
for ending in ("png", "svg", "pdf", "tsv"):
    # There is room for what is drawn before, and for half of this.
    size = (elsewhere / f"f.{ending}").stat().st_size
    (disk / "filler").write_bytes(bytes(%d - before - size // 8192 * 4096))
    try:
        draw(disk)
    except OSError as error:
        print(ending, error.errno == errno.ENOSPC, problem_of(error).where, *sorted(p.name for p in disk.iterdir()))
    (disk / "filler").unlink()
    before += -(-size // 4096) * 4096
    for path in disk.iterdir():
        path.unlink()
"""


def test_each_format_of_a_figure_is_whole_or_not_there(study):
    (study / "elsewhere").mkdir()
    done, _ = on_disk(study, SIZE, [sys.executable, "-c", DRAW % SIZE, study / "disk", study / "elsewhere"])
    written = []
    expected = []
    for ending in ("png", "svg", "pdf", "tsv"):
        expected.append(" ".join([ending, "True", f"{study}/disk/f.{ending}", *sorted(["filler", *written])]))
        written.append(f"f.{ending}")
    assert done.stdout.splitlines() == expected
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("what", ["table", "result"])
def test_file_that_may_not_be_read_is_said(what, study, tmp_path):
    # Root may read everything, unless it has laid down its capabilities.
    lower = [] if os.getuid() else ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    if lower and not shutil.which("setpriv"):
        pytest.skip("root reads everything, and there is no setpriv to lay down its rights")
    shutil.copytree(study / "tiny", tmp_path / "tiny")
    shutil.copy(study / "samples.tsv", tmp_path)
    settings = CONFIG["studies"]["tiny"] | {"counts": [{"table": "secret.tsv"}], "samples": "samples.tsv"}
    (tmp_path / "config.json").write_text(json.dumps(CONFIG | {"studies": {"tiny": settings}}))
    shutil.copy(study / "tiny" / "counts" / "counts.tsv", tmp_path / "secret.tsv")
    secret, command = {
        "table": ("secret.tsv", ["check", "config.json"]),
        "result": ("tiny/counts/spike_ins.tsv", ["crate", "tiny"]),
    }[what]
    (tmp_path / secret).chmod(0)
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run([*lower, MIRCARGO, *command], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert secret in done.stderr + done.stdout
    assert "Permission denied" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before
