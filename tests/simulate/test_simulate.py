"""The example is what the code makes, and holds what makes real tables hard: checked by counting in the files."""

import csv
from pathlib import Path
from statistics import mean, median

import pandas as pd
import pytest

from mircargo.features.mirbase import load_mature
from mircargo.simulate.example import Settings, Study, simulate, write

EXAMPLE = Path(__file__).parents[2] / "config" / "example"
FILES = ["drg_counts.tsv", "exosome_counts.tsv", "samples.tsv", "truth.tsv"]


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def table(name: str) -> tuple[list[str], dict[str, list[int]]]:
    """Return the samples and each feature's counts; a count that is not an integer fails here."""
    read = rows(name)
    samples = [column for column in read[0] if column != "feature"]
    return samples, {row["feature"]: [int(row[sample]) for sample in samples] for row in read}


def library(name: str, without: tuple[str, ...] = ()) -> list[int]:
    counts = table(name)[1]
    return [sum(values) for values in zip(*(counts[f] for f in counts if f not in without), strict=True)]


@pytest.fixture(scope="module")
def study() -> Study:
    return simulate(load_mature())


def test_committed_example_is_remade_byte_for_byte(study: Study, tmp_path: Path) -> None:
    write(study, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes(), name
    assert sum((EXAMPLE / name).stat().st_size for name in FILES) < 100_000


def test_seed_and_nothing_else_decides(study: Study) -> None:
    shuffled = load_mature().sample(frac=1, random_state=1)
    again, other = simulate(shuffled), simulate(load_mature(), Settings(seed=22))
    pd.testing.assert_frame_equal(again.drg, study.drg)
    pd.testing.assert_frame_equal(again.exosome, study.exosome)
    for mine, others in ((study.drg, other.drg), (study.exosome, other.exosome)):
        assert (mine == others).to_numpy().mean() < 0.5
    pd.testing.assert_frame_equal(other.truth, study.truth)


def test_tables_hold_the_samples_and_the_features_of_the_truth() -> None:
    sheet, truth = rows("samples.tsv"), [row["feature"] for row in rows("truth.tsv")]
    release_22 = set(load_mature().query("species == 'mmu'")["name"])
    assert len(truth) == len(set(truth)) == 400
    assert set(truth) <= release_22
    for fraction in ("drg", "exosome"):
        samples, counts = table(f"{fraction}_counts.tsv")
        assert samples == [row["sample"] for row in sheet if row["fraction"] == fraction]
        assert list(counts) == truth
    cells = [(row["fraction"], row["condition"], row["batch"]) for row in sheet]
    assert {cell: cells.count(cell) for cell in cells} == {
        (fraction, condition, batch): n
        for fraction in ("drg", "exosome")
        for condition, batch, n in (
            ("injured", "a", 3),
            ("injured", "b", 2),
            ("control", "a", 2),
            ("control", "b", 3),
        )
    }
    animals = {row["subject"]: (row["condition"], row["batch"]) for row in sheet}
    assert list(animals) == [f"m{number:02d}" for number in range(1, 11)]
    assert all(animals[row["subject"]] == (row["condition"], row["batch"]) for row in sheet)


def test_libraries_are_as_uneven_as_real_ones() -> None:
    drg, exosome = library("drg_counts.tsv"), library("exosome_counts.tsv")
    assert mean(drg) == pytest.approx(1.5e6, rel=0.15)
    assert mean(exosome) == pytest.approx(1.5e5, rel=0.15)
    assert max(drg) / min(drg) > 1.3
    assert max(exosome) / min(exosome) > 1.3
    for name, reads, least, most in (("drg", drg, 0, 0.01), ("exosome", exosome, 0.5, 0.7)):
        share = [a / b for a, b in zip(table(f"{name}_counts.tsv")[1]["mmu-miR-6236"], reads, strict=True)]
        assert least < min(share) < max(share) < most
    zeros = {}
    for name in ("drg", "exosome"):
        counts = table(f"{name}_counts.tsv")[1]
        zeros[name] = mean(value == 0 for row in counts.values() for value in row)
        totals = sorted((sum(row) for feature, row in counts.items() if feature != "mmu-miR-6236"), reverse=True)
        assert sum(totals[:10]) > 0.45 * sum(totals)
    assert zeros["drg"] < 0.1
    assert 0.25 < zeros["exosome"] < 0.5


def test_shadows_follow_the_target() -> None:
    for name in ("drg", "exosome"):
        counts = table(f"{name}_counts.tsv")[1]
        target = sum(counts["mmu-miR-21a-5p"])
        for shadow, rate in (("mmu-miR-21b", 0.005), ("mmu-miR-21c", 0.002)):
            # Four standard deviations of a Poisson count.
            assert sum(counts[shadow]) == pytest.approx(rate * target, abs=4 * (rate * target) ** 0.5)


def test_planted_changes_are_in_the_counts_and_add_up() -> None:
    truth = {row["feature"]: row for row in rows("truth.tsv")}
    for row in truth.values():
        drg, exosome, release = (row[f"{part}_log2_fold_change"] for part in ("drg", "exosome", "release"))
        if "NA" in (drg, exosome):
            assert release == "NA"
        else:
            assert float(release) == pytest.approx(float(exosome) - float(drg), abs=1e-9)
        if row["role"] in ("background", "rrna_like"):
            assert (drg, exosome, row["class"]) == ("0.00", "0.00", "unchanged")
    target = truth["mmu-miR-21a-5p"]
    assert (target["class"], target["role"]) == ("selective", "target")
    for name in ("drg", "exosome"):
        samples, counts = table(f"{name}_counts.tsv")
        # Against the median of 20 steady and plentiful miRNAs, so that composition does not enter.
        steady = [feature for feature, row in truth.items() if row["role"] == "background"]
        steady = sorted(steady, key=lambda feature: sum(counts[feature]), reverse=True)[:20]
        level = [median(counts[f][i] / mean(counts[f]) for f in steady) for i in range(len(samples))]
        for feature, row in truth.items():
            planted = row[f"{name}_log2_fold_change"]
            if planted == "NA":
                assert sum(counts[feature]) == 0, feature
            elif abs(float(planted)) >= 1:
                scaled = [count / depth for count, depth in zip(counts[feature], level, strict=True)]
                injured, control = (
                    mean(v for v, sample in zip(scaled, samples, strict=True) if group in sample)
                    for group in ("injured", "control")
                )
                ratio = injured / control if float(planted) > 0 else control / injured
                assert 2 ** (abs(float(planted)) - 1) < ratio < 2 ** (abs(float(planted)) + 1), feature


def test_scale_of_zero_plants_nothing() -> None:
    truth = simulate(load_mature(), Settings(change_scale=0)).truth
    assert set(truth["class"]) == {"unchanged", "shadow"}
    assert set(truth["role"]) == {"target", "shadow", "rrna_like", "background"}
    assert (truth.filter(like="fold_change").fillna(0) == 0).all(axis=None)


@pytest.mark.parametrize("n", [50, 5_000])
def test_refuses_a_number_of_mirnas_it_cannot_fill(n: int) -> None:
    with pytest.raises(ValueError, match=f"n_mirnas is {n}"):
        simulate(load_mature(), Settings(n_mirnas=n))
