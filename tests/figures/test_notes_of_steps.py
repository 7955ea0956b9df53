"""What the steps write beside the figures' own words: where size factors come from, n and the test."""

import re

import numpy as np
import pandas as pd
import pytest

from mircargo.figures.catalogue import ENDINGS, OF_SAMPLES
from stepping import drawn_files, run_step


@pytest.fixture
def study(tmp_path):
    rng = np.random.default_rng(4)
    names = [f"s{i}" for i in range(4)]
    counts = pd.DataFrame(rng.poisson(100, (12, 4)), index=[f"mmu-miR-{i}-5p" for i in range(12)], columns=names)
    for name in ("counts", "normalised"):
        counts.rename_axis("feature").to_csv(tmp_path / f"{name}.tsv", sep="\t")
    features = pd.DataFrame({"feature": counts.index, "accession": "NA", "species": "mmu"})
    features.to_csv(tmp_path / "features.tsv", sep="\t", index=False)
    sheet = pd.DataFrame({"sample": names, "group": list("aabb"), "fraction": ["drg", "exosome"] * 2, "depth": "1"})
    sheet.to_csv(tmp_path / "samples.tsv", sep="\t", index=False)
    quality = {"sample": names, "total": counts.sum().to_numpy(), "detected": 12, "flags": ""}
    pd.DataFrame(quality).to_csv(tmp_path / "libraries.tsv", sep="\t", index=False)
    return tmp_path


@pytest.mark.parametrize(
    ("choice", "note"),
    [
        ({"within_fraction": False, "method": "tmm"}, "Size factors by TMM over all samples."),
        ({"method": "column", "column": "depth"}, "Size factors of the column 'depth'."),
    ],
)
def test_figures_of_samples_say_where_size_factors_come_from(study, choice, note):
    given = {name: study / f"{name}.tsv" for name in ("counts", "normalised", "features", "samples", "libraries")}
    own = {"variables": ["group"], "size_factors": choice, "fraction": "fraction", "simulated": False}
    made = drawn_files(study / "figures", OF_SAMPLES)
    run_step("plot_samples", given, made, **own, species="mmu", target="miR-21-5p")
    written = {path.name for path in (study / "figures").iterdir()}
    assert written == {f"{kind.name}.{ending}" for kind in OF_SAMPLES for ending in ENDINGS}
    svg = (study / "figures" / "pca.svg").read_text()
    assert note in " ".join(re.findall(r">([^<>]+)</text>", svg)).replace("&#39;", "'")
