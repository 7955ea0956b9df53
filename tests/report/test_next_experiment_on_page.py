"""The section on the next experiment: what its rows and sentences are."""

from types import SimpleNamespace

import pandas as pd

from mircargo.config import NextExperiment
from mircargo.report.sections import next_experiment


def results(**study):
    rows = [("a", f, k, x, d, int(10 * d / x), 4.0, 0.5)
            for f in ("mir", "other") for k in ("wald", "robust") for x in (2.0, 4.0) for d in (1.0, 3.0)]  # fmt: skip
    columns = ["contrast", "feature", "call_kind", "fold_change", "depth", "animals_needed", "animals_now", "power_now"]
    settle = pd.DataFrame({"contrast": ["a", "a", "b"], "feature": ["mir", "third", None], "sentence": ["x", "y", "z"]})
    own = {"contrasts": ["a", "b", "c"], "comparisons": [], "label": lambda name: f"Contrast {name}"}
    return SimpleNamespace(
        study=SimpleNamespace(**own, **study),
        next_experiment=pd.DataFrame(rows, columns=columns),
        next_experiment_open=settle,
        target=pd.DataFrame({"feature": ["mir", "mir", "mir"]}),
    )


def test_nothing_where_it_is_not_asked_for():
    assert next_experiment(results(next_experiment=None)) == []


def test_the_target_at_every_depth_and_others_at_this_one():
    first, second = next_experiment(results(next_experiment=NextExperiment()))
    assert [(row["feature"], row["depth"]) for row in first["rows"]] == [("mir", 1.0), ("mir", 3.0), ("other", 1.0)]
    assert (first["kinds"], first["folds"], first["animals_now"]) == (["wald", "robust"], [2.0, 4.0], 4.0)
    # Of each call the changes in order: 10 / 2 and 10 / 4 at this depth.
    assert first["rows"][0]["cells"] == [5, 2, 5, 2]
    assert (first["title"], first["open"], first["open_others"]) == ("Contrast a", ["x"], ["y"])
    assert (second["title"], second["rows"], second["open"], second["animals_now"]) == ("Contrast b", [], ["z"], None)
