"""Studies of species that the package does not hold, from `init` to the report: by miRBase's file, and as named."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import yaml
from test_newcomer import mircargo

from mircargo.cargo.examined import UNCHECKED
from mircargo.features.mirbase import load_mature
from mircargo.io import read_result

WORDS = {"ssc": "Sus scrofa", "dre": "Danio rerio", "mml": "Macaca mulatta"}


def mature_fa(species: str, table: Path) -> str:
    """Write names of a table as miRBase does, with the sequences of the human miRNAs and made-up accessions."""
    human = load_mature().query("species == 'hsa'").set_index("name")["sequence"]
    names = [name.split("-", 1)[1] for name in pd.read_csv(table)["miRNA"]]
    return "".join(
        f">{species}-{name} MIMAT99{at:05d} {WORDS[species]} {name}\n{human['hsa-' + name]}\n"
        for at, name in enumerate(names)
    )


def exosomes(path: Path, **changes) -> None:
    """Say in a configuration that `init` wrote that its contrast is of exosomes, and change keys of its study."""
    settings = yaml.safe_load(path.read_text())
    [study] = settings["studies"].values()
    study["contrasts"]["case"]["exosome"] = True
    study |= changes
    path.write_text(yaml.safe_dump(settings))


def test_a_pig_by_mirbases_file(workflow, shared):
    folder = workflow.folder
    shutil.copy(shared / "cases" / "other_species" / "ssc.csv", folder)
    packed = gzip.compress(mature_fa("ssc", folder / "ssc.csv").encode(), mtime=0)
    (folder / "mirror").mkdir()
    (folder / "mirror" / "mature.fa.gz").write_bytes(packed)
    sha256 = hashlib.sha256(packed).hexdigest()
    begun = mircargo(folder, "init", "ssc.csv", "--mirbase", "mature.fa.gz", "--out", "pig.yaml")
    assert "species: pig (ssc), guessed" in begun.stdout
    missing = workflow.run("--configfile", "pig.yaml")
    assert "mature.fa.gz: there is no such file" in missing.stdout + missing.stderr
    mirbase = {"url": "https://mirbase.invalid/mature.fa.gz", "sha256": sha256}
    exosomes(folder / "pig.yaml", mirbase=mirbase)
    workflow.complete("--configfile", "pig.yaml", MIRCARGO_MIRROR=str(folder / "mirror"))
    results = workflow.results("pig")
    features = read_result(results / "counts" / "features.tsv").set_index("feature")
    human = load_mature().set_index("name").loc["hsa-miR-21-5p"]
    facts = ["arm", "family", "seed", "sequence"]
    assert features.loc["ssc-miR-21-5p", facts].tolist() == human[facts].tolist()
    assert features.loc["ssc-miR-21-5p", ["species", "accession"]].tolist() == ["ssc", "MIMAT9900000"]
    target = read_result(results / "cargo" / "target.tsv").iloc[0]
    assert (target["feature"], target["call"]) == ("ssc-miR-21-5p", "up")
    # As the numbers were made: three features rise with miR-21, and their sequences are known.
    tiers = read_result(results / "cargo" / "co_cargo.tsv").set_index("feature")["tier"].dropna()
    assert set(tiers) == {"strong"}
    assert "pig (ssc)" in (results / "report.html").read_text()
    provenance = json.loads((results / "provenance.json").read_text())
    assert {"path": "data/pig/mature.fa.gz", "sha256": sha256} in provenance["inputs"]
    graph = {each["@id"]: each for each in json.loads((results / "ro-crate-metadata.json").read_text())["@graph"]}
    assert graph[mirbase["url"]]["sha256"] == sha256
    # Another file, another run.
    changed = gzip.compress(mature_fa("ssc", folder / "ssc.csv").replace("MIMAT990000", "MIMAT991000").encode())
    (folder / "mine.fa.gz").write_bytes(changed)
    exosomes(folder / "pig.yaml", mirbase={"file": "mine.fa.gz"})
    workflow.complete("--configfile", "pig.yaml", "--", "results/pig/counts/features.tsv")
    again = read_result(results / "counts" / "features.tsv").set_index("feature")["accession"]
    assert again["ssc-miR-21-5p"] == "MIMAT9910000"


def test_names_as_they_are_and_across_species(workflow, shared):
    folder = workflow.folder
    for species in ("dre", "mml"):
        shutil.copy(shared / "cases" / "other_species" / f"{species}.csv", folder)
    (folder / "mature.fa").write_text(mature_fa("mml", folder / "mml.csv"))
    assert mircargo(folder, "init", "dre.csv", "--species", "other", "--out", "fish.yaml").returncode == 0
    assert mircargo(folder, "init", "mml.csv", "--mirbase", "mature.fa", "--out", "ape.yaml").returncode == 0
    exosomes(folder / "fish.yaml")
    studies = {name: yaml.safe_load((folder / f"{name}.yaml").read_text())["studies"][name] for name in ("fish", "ape")}
    meta = {"both": {"title": "Both", "contrasts": ["fish.case", "ape.case"]}}
    (folder / "all.yaml").write_text(yaml.safe_dump({"studies": studies, "meta": meta}))
    printed = workflow.complete("--configfile", "all.yaml").stdout
    assert "case: dre-miR-21-5p is up 2.2-fold" in printed
    cargo = read_result(workflow.results("fish") / "cargo" / "co_cargo.tsv").set_index("feature")
    tiers = cargo["tier"].dropna()
    assert set(tiers) == {"candidate"}
    assert all(UNCHECKED in caution for caution in cargo.loc[tiers.index, "cautions"])
    expected = read_result(workflow.results("fish") / "cargo" / "expectations.tsv").set_index("mirna")
    assert set(expected["observed"].drop("miR-21-5p")) == {"not_tested"}
    report = (workflow.results("fish") / "report.html").read_text()
    assert "species not given" in report
    assert "its name is taken as it is" in read_result(workflow.results("fish") / "counts" / "ledger.tsv")["reason"][0]
    pooled = read_result(folder / "results" / "meta" / "both.tsv").set_index("feature")
    several = pooled[pooled["n_studies"] > 1]
    assert several["matched_by"].to_dict() == {"mml-miR-21-5p": "name"}


def test_species_without_the_target(workflow, shared):
    """A plant, a virus and a worm: nothing is miR-21, and what it says of that is no traceback."""
    folder = workflow.folder
    table = pd.read_csv(shared / "cases" / "other_species" / "dre.csv")
    sequences = load_mature().query("species == 'hsa'")["sequence"].head(len(table))
    studies, entries = {}, []
    for species, name in {"ath": "miR{}a-5p", "ebv": "miR-BART{}-3p", "cel": "lin-{}-5p"}.items():
        own = [f"{species}-{name.format(at + 100)}" for at in range(len(table))]
        table.assign(miRNA=own).to_csv(folder / f"{species}.csv", index=False)
        entries += [
            f">{each} MIMAT99{len(entries) + at:05d} Genus species\n{bases}\n"
            for at, (each, bases) in enumerate(zip(own, sequences, strict=True))
        ]
        begun = mircargo(folder, "init", f"{species}.csv", "--species", species, "--mirbase", "mature.fa",
                         "--out", f"{species}.yaml")  # fmt: skip
        assert begun.returncode == 0, begun.stderr
        exosomes(folder / f"{species}.yaml")
        studies |= yaml.safe_load((folder / f"{species}.yaml").read_text())["studies"]
    (folder / "mature.fa").write_text("".join(entries))
    (folder / "all.yaml").write_text(yaml.safe_dump({"studies": studies}))
    checked = mircargo(folder, "check", "all.yaml")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count("no row of the tables is named miR-21-5p") == 3
    wanted = ["ath/report.html", "ebv/cargo/target.tsv", "cel/cargo/target.tsv"]
    workflow.complete("--configfile", "all.yaml", "--", *(f"results/{path}" for path in wanted))
    for species in studies:
        assert read_result(workflow.results(species) / "cargo" / "target.tsv")["call"].tolist() == ["not_tested"]
        features = read_result(workflow.results(species) / "counts" / "features.tsv")
        assert features["accession"].notna().all()
        assert features["family"].nunique() == len(features)
