"""The species of a new study: given, or as the names in the tables begin."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from factories import as_text, problems_of
from mircargo.cli.main import mircargo
from mircargo.init.species_guess import letters_of

HEADER = "miRNA,ctrl_1,ctrl_2,ctrl_3,case_1,case_2,case_3\n"


def begin(folder: Path, names: list[str], *options: str):
    table = folder / "counts.csv"
    counts = [f"{10 + at},{12 + at},{9 + at},{20 + at},{25 + at},{19 + at}" for at in range(len(names))]
    table.write_text(HEADER + "".join(f"{name},{row}\n" for name, row in zip(names, counts, strict=True)))
    arguments = ["init", "counts.csv", "--out", "mine.yaml", *options]
    return CliRunner().invoke(mircargo, arguments)


FISH = [f"dre-miR-{n}-5p" for n in (21, 9, 16, 100, 125)]
# Names of the rows, options, and what the configuration has.
FOUND = {
    "zebrafish by its names": (FISH, (), "dre", "FILL_IN the path of miRBase's mature.fa"),
    "human beside a spike-in": (["hsa-miR-21-5p", "hsa-let-7a-5p", "cel-miR-39-3p"], (), "hsa", None),
    "a common name": (FISH, ("--species", "zebrafish", "--mirbase", "in/mature.fa"), "dre", "in/mature.fa"),
    "letters": (FISH, ("--species", "ssc", "--mirbase", "mature.fa.gz"), "ssc", "mature.fa.gz"),
    "names as they are": (["miR-21-5p", "miR-9-5p"], ("--species", "other"), "other", None),
}


@pytest.mark.parametrize("case", FOUND)
def test_species_and_where_its_names_come_from(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, options, species, file = FOUND[case]
    result = begin(tmp_path, names, *options)
    assert result.exit_code == 0, result.output
    study = yaml.safe_load((tmp_path / "mine.yaml").read_text())["studies"]["mine"]
    assert (study["species"], study.get("mirbase", {}).get("file")) == (species, file)
    assert ("guessed" in result.output) == ("--species" not in options)
    assert ("fill in what is marked FILL_IN" in result.output) == (file is not None and "FILL_IN" in file)


# Names of the rows, and options that are refused.
REFUSED = {
    "no species in the names": (["miR-21-5p", "miR-9-5p"], ()),
    "three species alike": (["hsa-miR-21-5p", "mmu-miR-9-5p", "rno-miR-7a-5p"], ()),
    "a file for mouse": (FISH, ("--species", "mouse", "--mirbase", "mature.fa")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_told_is_asked_for(case, tmp_path, monkeypatch, snapshot):
    monkeypatch.chdir(tmp_path)
    names, options = REFUSED[case]
    result = begin(tmp_path, names, *options)
    assert not (tmp_path / "mine.yaml").exists()
    assert str(result.exception or result.output) == snapshot


def test_a_species_that_is_none_is_refused(snapshot):
    assert [letters_of(text) for text in ("Pig", "mouse", "ssc", "other")] == ["ssc", "mmu", "ssc", "other"]
    assert as_text([*problems_of(letters_of, "zebrafisch"), *problems_of(letters_of, "Sus scrofa")]) == snapshot
