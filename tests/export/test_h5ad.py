"""The AnnData file, read back by the libraries that it is for."""

import json

import anndata as ad
import h5py
import numpy as np
import pytest

from export.conftest import FEATURES, SAMPLES
from mircargo.export.h5ad import to_anndata, write_anndata
from mircargo.problems import ProblemsFound
from mircargo.results.reader import StudyResults

WHAT_IS_READ = """
import json, sys
import scanpy
made = scanpy.read_h5ad(sys.argv[1])
table = made.varm["history"]
print(json.dumps({
    "features": list(made.var_names),
    "samples": list(made.obs_names),
    "x": made.X.tolist(),
    "kind": made.X.dtype.kind,
    "normalised": made.layers["normalised"].tolist(),
    "obs": {name: str(values.dtype) for name, values in made.obs.items()},
    "groups": list(made.obs["group"].cat.categories),
    "dose": made.obs["dose mg_kg"].astype(object).where(made.obs["dose mg_kg"].notna(), None).tolist(),
    "age": made.obs["age"].fillna(-1).tolist(),
    "sequence": made.var["sequence"].astype(object).where(made.var["sequence"].notna(), None).tolist(),
    "change": table["log2FoldChange"].fillna(-99).tolist(),
    "seen": table["not_detected"].astype(object).where(table["not_detected"].notna(), None).tolist(),
    "fragile": made.varm["robustness:history"]["fragile_under"].astype(object).iloc[1],
    "spike_ins": made.obsm["spike_ins"]["cel-miR-39-3p"].tolist(),
    "sentence": made.uns["mircargo"]["calls"].loc["history", "sentence"],
    "warnings": list(made.uns["mircargo"]["warnings"]),
}))
"""


def test_values_are_read_back_by_scanpy(results, readers, tmp_path):
    write_anndata(results, tmp_path / "tiny.h5ad")
    read = json.loads(readers(WHAT_IS_READ, tmp_path / "tiny.h5ad"))
    assert read["features"] == FEATURES
    assert read["samples"] == SAMPLES
    assert read["kind"] == "i"
    assert read["x"] == [[i * 10 + j for i in range(6)] for j in range(4)]
    assert read["normalised"] == [[(i * 10 + j) / 4 for i in range(6)] for j in range(4)]
    assert read["groups"] == ["the control", "a case"], "the reference comes first, whatever the alphabet says"
    assert read["age"] == [-1, 50, 60, 41.5]
    assert read["dose"] == ["5/day", None, "0", "0"]
    assert read["sequence"] == [*"ABCDE", None]
    assert read["change"] == [0.25, 3, -99, -2, 1, 0.1]
    assert read["seen"] == [None, None, "True", "False", None, None]
    assert read["fragile"] == "=poscounts"
    assert read["spike_ins"] == [7, 7, 7, 7]
    assert read["sentence"] == "=nothing <b>is</b> shown"
    assert read["warnings"] == ["sample s1, s2: a <script>alert(1)</script>, odd"]
    assert {"total", "quality_total", "size_factor"} <= set(read["obs"]), "the sheet's `total` stays the sheet's"


def test_no_encoding_that_older_readers_lack(results, tmp_path):
    # The encodings of anndata 0.8, of which later ones are new: those of nullable strings and truth values.
    known = ["anndata", "array", "categorical", "dataframe", "dict", "numeric-scalar", "string", "string-array"]
    write_anndata(results, tmp_path / "tiny.h5ad")
    found = set()
    with h5py.File(tmp_path / "tiny.h5ad") as file:
        file.visititems(lambda _, item: found.add(item.attrs.get("encoding-type", "dict")))
    assert found <= set(known)


def test_samples_are_matched_by_name(results):
    made = to_anndata(results)
    assert list(made.obs["group"]) == ["the control", "a case", "the control", "a case"]
    assert isinstance(made, ad.AnnData)
    assert np.array_equal(made.X, made.layers["counts"])


def test_missing_files_are_all_named(folder, results):
    for name in ("cargo/target.tsv", "robustness/history.tsv"):
        (folder / name).unlink()
    with pytest.raises(ProblemsFound) as found:
        to_anndata(results)
    assert "cargo/target.tsv, robustness/history.tsv" in str(found.value)
    with pytest.raises(ProblemsFound, match="no such study"):
        to_anndata(StudyResults("other", folder, results.config))
