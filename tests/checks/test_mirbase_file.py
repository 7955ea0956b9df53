"""The check of a study whose species the package does not hold."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from factories import as_text, write_study
from mircargo.checks.study import examine_study
from mircargo.cli.main import mircargo

# Sequences as in miRBase 22.1 (human); accessions are made up.
ENTRIES = {
    "miR-451": "AAACCGUUACCAUUACUGAGUU",
    "miR-23a": "AUCACAUUGCCAGGGAUUUCCA",
    "miR-21-5p": "UAGCUUAUCAGACUGAUGUUGA",
    "miR-39-3p": "UCACCGGGUGUAAAUCAGCUUG",
    "let-7a": "UGAGGUAGUAGGUUGUAUAGUU",
}
LEVELS = ["case"] * 3 + ["control"] * 3


def table(species: str) -> pd.DataFrame:
    """Return counts of six libraries, the first with 200 times as much miR-451 as miR-23a."""
    names = [f"{species}-{name}" for name in ENTRIES]
    counts = pd.DataFrame(
        [[5000 + 7 * at + 13 * k for at in range(6)] for k in range(5)], index=names, columns=list("abcdef")
    )
    counts.loc[names[0], "a"] = 1_005_000
    return counts


def write_mature(folder: Path, species: str) -> Path:
    entries = [
        f">{species}-{name} MIMAT99{at:05d} G s {name}\n{bases}\n" for at, (name, bases) in enumerate(ENTRIES.items())
    ]
    path = folder / "mature.fa"
    path.write_text("".join(entries))
    return path


def blood_study(folder: Path, species: str, **changes):
    config = write_study(
        folder, table(species), LEVELS, species=species if changes else "other", blood_derived=["plasma"], **changes
    )
    sheet = pd.read_csv(folder / "s.tsv", sep="\t").assign(fraction="plasma")
    sheet.to_csv(folder / "s.tsv", sep="\t", index=False)
    return {problem.code: problem for problem in examine_study(config, "mine")[0]}


def test_red_cells_are_known_by_their_sequence(tmp_path):
    found = blood_study(tmp_path, "ssc", mirbase={"file": str(write_mature(tmp_path, "ssc"))})
    assert found["red_cells"].where == "sample 'a'"
    # log2(5013.5 / 1005000.5)
    assert "-7.6" in found["red_cells"].found
    assert "red_cells_not_looked_for" not in found


def test_red_cells_cannot_be_looked_for_without_sequences(tmp_path, snapshot):
    found = blood_study(tmp_path, "dre")
    assert "red_cells" not in found
    assert as_text([found["red_cells_not_looked_for"]]) == snapshot


@pytest.mark.parametrize(("species", "warned"), [("cel", False), ("ssc", True)])
def test_a_worms_own_mirna_is_no_spike_in(tmp_path, species, warned):
    counts = table(species).rename(index={f"{species}-miR-39-3p": "cel-miR-39-3p"})
    mirbase = {"file": str(write_mature(tmp_path, species))}
    config = write_study(tmp_path, counts, LEVELS, species=species, mirbase=mirbase)
    problems, examined = examine_study(config, "mine")
    assert ("spike_ins_not_named" in {problem.code for problem in problems}) == warned
    assert ("cel-miR-39-3p" in examined.counts.index) == (not warned)


def test_the_check_fetches_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mirror").mkdir()
    path = write_mature(tmp_path / "mirror", "ssc")
    monkeypatch.setenv("MIRCARGO_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    mirbase = {"url": "https://mirbase.invalid/mature.fa", "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    config = write_study(tmp_path, table("ssc"), LEVELS, species="ssc", mirbase=mirbase)
    result = CliRunner().invoke(mircargo, ["check", config.model_dump_json(exclude_defaults=True)])
    assert result.exit_code == 0, result.output
    assert "5 of 5 rows are miRNAs of ssc" in result.output
    (kept,) = (tmp_path / "cache").rglob("mature.fa")
    assert kept.read_bytes() == path.read_bytes()
    assert not (tmp_path / "data").exists()


def test_a_wrong_file_is_one_problem_and_the_rest_is_looked_at(tmp_path):
    (tmp_path / "hairpin.fa").write_text(">ssc-mir-21 MI0002459 Sus scrofa miR-21 stem-loop\nUGUCGGG\n")
    mirbase = {"file": str(tmp_path / "hairpin.fa")}
    config = write_study(tmp_path, table("ssc"), ["case"] * 3 + ["other"] * 3, species="ssc", mirbase=mirbase)
    problems, examined = examine_study(config, "mine")
    assert examined is None
    assert [problem.code for problem in problems].count("not_mature_fasta") == 1
    assert len({problem.code for problem in problems}) == 2  # and that the sheet has no `control`
