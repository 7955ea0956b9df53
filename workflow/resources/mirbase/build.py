"""Build the miRBase tables of this folder from miRBase's own files (public domain).

    python build.py --mature mature.fa --hairpin hairpin.fa --names names.tsv.gz

`mature.fa` and `hairpin.fa` are those of release 22.1 (any species; the ones below are kept). `names.tsv.gz`
holds the columns `version acc name`: which accession had which mature name in each release from 6 on, as
miRBase's archived `mature.fa` files say.
"""

import argparse
import gzip
import io
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd

from mircargo.features.mirbase import ARM, family_of

SPECIES = ("hsa", "mmu", "rno")


def read_fasta(path: Path) -> pd.DataFrame:
    opener = gzip.open if path.suffix == ".gz" else open
    records = []
    with opener(path, "rt", encoding="ascii") as handle:
        for line in handle:
            if line.startswith(">"):
                name, accession = line[1:].split()[:2]
                records.append([accession, name, ""])
            else:
                records[-1][2] += line.strip().upper().replace("T", "U")
    table = pd.DataFrame(records, columns=["accession", "name", "sequence"])
    table.insert(2, "species", table["name"].str.split("-").str[0])
    return table[table["species"].isin(SPECIES)].sort_values("accession", ignore_index=True)


def stem(name: str) -> str:
    """Name without arm, locus and case: what a mature miRNA shares with its hairpins' names."""
    return re.sub(r"(-\d+)?(-[35]p)?$", "", name.lower().replace("-mir-", "-"))


def hairpins_of(mature: pd.DataFrame, hairpin: pd.DataFrame) -> list[str]:
    """For each mature miRNA the hairpins of its own species and name that contain its sequence."""
    by_stem = defaultdict(list)
    for row in hairpin.itertuples():
        by_stem[stem(row.name)].append(row)
    found = []
    for row in mature.itertuples():
        own = [h.name for h in by_stem[stem(row.name)] if row.sequence in h.sequence]
        if not own:  # a few names differ between the two levels: the sequence decides
            own = [
                h.name for h in hairpin[hairpin["species"] == row.species].itertuples() if row.sequence in h.sequence
            ]
        found.append(";".join(sorted(own)))
    return found


def name_ranges(history: pd.DataFrame) -> pd.DataFrame:
    """Fold one row a release into one row for each unbroken run of releases with the same name."""
    releases = sorted(history["version"].unique(), key=lambda text: [int(part) for part in text[1:].split("_")])
    order = {release: index for index, release in enumerate(releases)}
    history = history.assign(order=history["version"].map(order)).sort_values(["acc", "order"])
    new_run = (
        (history["acc"] != history["acc"].shift())
        | (history["name"] != history["name"].shift())
        | (history["order"] != history["order"].shift() + 1)
    )
    runs = history.assign(run=new_run.cumsum()).groupby("run")
    ranges = runs.agg(
        accession=("acc", "first"), name=("name", "first"), first=("version", "first"), last=("version", "last")
    )
    for column in ("first", "last"):
        ranges[column] = ranges[column].str.removeprefix("v").str.replace("_", ".")
    return ranges.reset_index(drop=True)


def write(table: pd.DataFrame, path: Path) -> None:
    text = table.to_csv(sep="\t", index=False, lineterminator="\n")
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as handle:
        handle.write(text.encode("utf-8"))
    path.write_bytes(buffer.getvalue())
    print(f"{path.name}: {len(table)} rows, {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("mature", "hairpin", "names"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    arguments = parser.parse_args()
    mature, hairpin = read_fasta(arguments.mature), read_fasta(arguments.hairpin)
    mature.insert(3, "arm", mature["name"].str.extract(ARM, expand=False))
    mature.insert(4, "family", mature["name"].map(family_of))
    mature.insert(5, "seed", mature["sequence"].str[1:8])
    mature["hairpins"] = hairpins_of(mature, hairpin)
    history = pd.read_csv(arguments.names, sep="\t")
    history = history[history["name"].str.split("-").str[0].isin(SPECIES)]
    write(mature, arguments.out / "mature.tsv.gz")
    hairpin.insert(3, "family", hairpin["name"].map(family_of))
    write(hairpin.drop(columns="sequence"), arguments.out / "hairpin.tsv.gz")
    write(name_ranges(history), arguments.out / "names.tsv.gz")


if __name__ == "__main__":
    main()
