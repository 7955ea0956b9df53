"""A meta-analysis made by its steps from planted fold changes, for tests of its page."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mircargo.features.mirbase import load_mature
from mircargo.figures.catalogue import OF_META
from mircargo.io import write_json, write_table
from stepping import drawn_files, run_step

TARGET = "mmu-miR-21a-5p"


@dataclass(frozen=True)
class Pool:
    """A meta-analysis `many` of so many contrasts, each of a study of its own or all of one.

    The target has the fold changes given, one a contrast, and no standard error where one is missing. Of the other
    features the first `n_changed` rise 16-fold in all contrasts, the others in none.
    """

    folds: tuple[float, ...]
    of_one_study: bool = False
    error: float = 0.25
    n_features: int = 120
    n_changed: int = 20
    title: str = "Injury against sham"

    @property
    def contrasts(self) -> list[tuple[str, str]]:
        numbers = range(1, len(self.folds) + 1)
        return [("study_1" if self.of_one_study else f"study_{i}", f"injury_{i}") for i in numbers]

    @property
    def features(self) -> pd.DataFrame:
        columns = ["name", "accession", "species", "arm", "family", "sequence"]
        own = load_mature().query("species == 'mmu'").drop_duplicates("sequence")[columns]
        first = pd.concat([own[own["name"] == TARGET], own[own["name"] != TARGET]]).head(self.n_features)
        return first.rename(columns={"name": "feature"}).reset_index(drop=True)


def make_pool(pool: Pool, folder: Path) -> Path:
    """Write what the studies give below `folder`, pool it and draw it; return `folder/results/meta`."""
    made, names = folder / "results" / "meta", pool.features["feature"]
    rng = np.random.default_rng(1)
    given: dict[str, list[Path]] = {"differential": [], "facts": [], "features": [], "samples": [], "mirbase": []}
    for (study, contrast), fold in zip(pool.contrasts, pool.folds, strict=True):
        others = np.repeat([4.0, 0.0], [pool.n_changed, len(names) - 1 - pool.n_changed])
        change = np.r_[fold, others + rng.normal(0, pool.error, len(others))]
        fit = pd.DataFrame({"feature": names, "baseMean": 100.0, "log2FoldChange": change, "lfcSE": pool.error})
        fit.loc[np.isnan(change), "lfcSE"] = np.nan
        fit_path, facts_path = folder / study / f"{contrast}.tsv", folder / study / f"{contrast}.json"
        write_table(fit.assign(padj=0.5, status="tested"), fit_path)
        asked = {"place": "injured against sham", "term": "difference"}
        samples = [f"{contrast}_{i}" for i in range(6)]
        write_json({"samples": samples, "groups": {"sham": 3, "injured": 3}, "asked": asked}, facts_path)
        given["differential"].append(fit_path)
        given["facts"].append(facts_path)
    studies = list(dict.fromkeys(study for study, _ in pool.contrasts))
    for study in studies:
        write_table(pool.features, folder / study / "features.tsv")
        write_table(pd.DataFrame({"sample": ["a"]}), folder / study / "samples.tsv")
        given["features"].append(folder / study / "features.tsv")
        given["samples"].append(folder / study / "samples.tsv")
    own = {
        "name": "many",
        "meta": {"title": pool.title, "contrasts": [".".join(each) for each in pool.contrasts]},
        "pooled": {study: {"species": "mmu", "subject": "mouse", "simulated": False} for study in studies},
    }
    tables = {"features": made / "many.tsv", "studies": made / "many.studies.tsv", "target": made / "many.target.tsv"}
    known = {"study_titles": {study: f"Title of {study}" for study in studies}, "target": "miR-21-5p", "thresholds": {}}
    run_step("pool_studies", given, tables | {"facts": made / "many.json"}, **own, **known)
    del own["name"]
    run_step("plot_meta", tables, drawn_files(made / "figures", OF_META, "many"), **own, thresholds={})
    return made
