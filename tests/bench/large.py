"""Time and memory of every step of the workflow on one large study, from its table to the report.

    python tests/bench/large.py                       five sizes, of which the last takes 40 minutes
    python tests/bench/large.py 800x6 2000x200        features x samples, as many as wanted
    python tests/bench/large.py --paired 2000x200     exosomes and their source, half of the samples each

Runs `snakemake --cores 1` in a copy of the project, without the warm process: each step is a process of its own, and
what is measured is all of it, interpreter and imports included. Peak memory is the most that lay in memory at one
time. A step that asks for more than `--most` GiB is ended, and counts as failed; the steps that need it are missing.
"""

import argparse
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from run import ENVIRONMENT
from tables import simulate

from mircargo.features.mirbase import load_mature
from project import copy_project

SIZES = ("800x6", "1430x24", "2000x200", "2500x1000", "2500x10000")
STUDY, TARGET = "large", "hsa-miR-21-5p"
MAPPED = 1 << 30
LARGE_FILE = 5e6  # bytes
# Stands before the real command on the path: runs it within a limit, and notes what it took.
MEASURE = """#!{python}
import json, os, resource, sys, time
begun, process = time.perf_counter(), os.fork()
if not process:
    resource.setrlimit(resource.RLIMIT_AS, ({most}, {most}))
    os.execv("{command}", ["mircargo", *sys.argv[1:]])
_, status, usage = os.wait4(process, 0)
# mircargo --log FILE step NAME ...
row = dict(step=sys.argv[4], code=os.waitstatus_to_exitcode(status), wall=time.perf_counter() - begun,
           processor=usage.ru_utime + usage.ru_stime, gib=usage.ru_maxrss / 2**20)
with open("{notes}", "a") as file:
    file.write(json.dumps(row) + "\\n")
sys.exit(row["code"] and 1)
"""


def write_study(n_features: int, n_samples: int, paired: bool, folder: Path) -> None:
    """Write table, sheet and configuration: two groups, batches, names of miRBase, an abundant target that rises."""
    counts = simulate(n_features, n_samples)
    half = n_samples // 2
    log_change = np.log((counts[:, half:].sum(axis=1) + 1) / (counts[:, :half].sum(axis=1) + 1))
    abundant = np.argsort(-counts.sum(axis=1))[: max(20, n_features // 10)]
    rises = abundant[log_change[abundant].argmax()]
    mature = load_mature()
    names = mature.loc[mature["species"] == "hsa", "name"].drop_duplicates().tolist()
    names.remove(TARGET)
    names.insert(int(rises), TARGET)
    groups = np.where(np.arange(n_samples) < half, "control", "injured")
    # Plates of 96 are what a batch of a large study is; two are enough for small ones.
    batches = np.arange(n_samples) % max(2, n_samples // 960)
    samples = [f"S{number:05d}_{group}" for number, group in enumerate(groups, 1)]
    sheet = pd.DataFrame({"sample": samples, "condition": groups, "batch": [f"plate{batch + 1}" for batch in batches]})
    contrast = {"variable": "condition", "level": "injured", "reference": "control", "blocking": ["batch"]}
    study = {
        "title": f"{n_features} features in {n_samples} samples",
        "species": "hsa",
        "simulated": True,
        "counts": [{"table": "counts.tsv"}],
        "samples": "samples.tsv",
        "contrasts": {"injury": contrast | {"exosome": True}},
    }
    if paired:
        sheet["fraction"] = np.where(np.arange(n_samples) // len(set(batches)) % 2, "exosome", "drg")
        study["contrasts"] = {each: contrast | {"subset": {"fraction": each}} for each in ("exosome", "drg")}
        study["comparisons"] = {"release": {"exosome": "exosome", "source": "drg"}}
    table = pd.DataFrame(counts, index=pd.Index(names[:n_features], name="miRNA"), columns=samples)
    table.to_csv(folder / "counts.tsv", sep="\t")
    sheet.to_csv(folder / "samples.tsv", sep="\t", index=False)
    (folder / "large.yaml").write_text(yaml.safe_dump({"studies": {STUDY: study}}))


def measure(size: str, paired: bool, most: float, folder: Path) -> list[dict[str, float | str]]:
    """Run the workflow in a folder; return a row a step, in the order of the run, and print what Snakemake took."""
    n_features, n_samples = map(int, size.split("x"))
    copy_project(folder)
    write_study(n_features, n_samples, paired, folder)
    notes, command = folder / "notes.jsonl", folder / "measure" / "mircargo"
    command.parent.mkdir()
    real = Path(sys.executable).with_name("mircargo")
    bytes_at_most = int(most * MAPPED)
    command.write_text(MEASURE.format(python=sys.executable, most=bytes_at_most, command=real, notes=notes))
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    path = f"{command.parent}{os.pathsep}{ENVIRONMENT['PATH']}"
    begun = time.perf_counter()
    with (folder / "snakemake.log").open("w") as log:
        subprocess.run(
            ["snakemake", "--cores", "1", "--keep-going", "--configfile", "large.yaml"],
            cwd=folder, env=ENVIRONMENT | {"PATH": path, "MIRCARGO_WARM": ""}, stdout=log, stderr=log, check=False,
        )  # fmt: skip
    rows = [json.loads(line) for line in notes.read_text().splitlines()]
    print(f"{size}: {time.perf_counter() - begun:.0f} s in all, the steps {sum(row['wall'] for row in rows):.0f} s")
    return rows


def large_files(folder: Path) -> Iterable[str]:
    files = sorted(path for path in (folder / "results").rglob("*") if path.is_file())
    for path in files:
        if path.stat().st_size > LARGE_FILE:
            yield f"{path.stat().st_size / 1e6:8.1f} MB {path.relative_to(folder)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", default=SIZES, metavar="FEATURESxSAMPLES")
    parser.add_argument("--paired", action="store_true", help="exosomes and their source")
    parser.add_argument("--most", type=float, default=12, metavar="GiB", help="address space of a step")
    parser.add_argument("--keep", type=Path, help="an empty folder in which the studies stay")
    chosen = parser.parse_args()
    root = chosen.keep or Path(tempfile.mkdtemp())
    for size in chosen.sizes:
        folder = root / size
        rows = measure(size, chosen.paired, chosen.most, folder)
        megabytes = (folder / "counts.tsv").stat().st_size / 1e6
        print(f"counts {megabytes:.1f} MB\n{'step':<20}{'wall s':>9}{'cpu s':>9}{'peak GiB':>10}")
        for row in rows:
            failed = "" if row["code"] == 0 else f"  failed ({row['code']})"
            print(f"{row['step']:<20}{row['wall']:9.1f}{row['processor']:9.1f}{row['gib']:10.2f}{failed}")
        print("\n".join(large_files(folder)), flush=True)
    if chosen.keep is None:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
