"""A study as AnnData: what scanpy, decoupler, PyDESeq2 and others read."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import anndata as ad
import h5py
import numpy as np
import pandas as pd

from mircargo.export.contents import exported_of
from mircargo.io import written_whole
from mircargo.results.reader import StudyResults

KEY: Final = "mircargo"
LIBRARIES: Final = ("mircargo", "pydeseq2", "anndata", "pandas", "numpy")


def to_anndata(results: StudyResults) -> ad.AnnData:
    """Put counts, samples, features and every result of a study into one object.

    Parameters
    ----------
    results
        Of the study.

    Returns
    -------
    anndata.AnnData
        Samples x features. ``X`` and ``layers["counts"]`` hold raw integer counts, ``layers["normalised"]`` counts
        divided by size factors; ``obs`` the sample sheet and the quality of the libraries, with the reference of the
        contrasts first among the categories of its variable; ``var`` the features. ``varm`` holds the tables of
        results, aligned with ``var``: `CONTRAST`, `robustness:CONTRAST`, `co_cargo:CONTRAST`, `release:COMPARISON`.
        ``obsm["spike_ins"]`` is there where the study has spike-ins. ``uns["mircargo"]`` holds the target's calls,
        the contrasts, comparisons and thresholds as configured, and versions. Where the study has recipient cells,
        ``varm["recipient:agreement"]`` sets each feature beside the shift of its targets, and ``uns["recipient"]``
        holds the answer as a ``sentence`` and the tables ``families``, ``dose``, ``shown_targets`` and ``genes``.
    """
    results.require(exported_of(results.study))
    features = results.counts.index
    made = ad.AnnData(
        X=results.counts.to_numpy().T.astype(np.int64),
        obs=_plain(results.samples.assign(**_categories(results))),
        var=_plain(results.features.set_index("feature").reindex(features)),
    )
    made.layers["counts"] = made.X.copy()
    made.layers["normalised"] = results.normalised.loc[features, results.counts.columns].to_numpy(dtype=float).T
    for name, table in _tables(results).items():
        made.varm[name] = _plain(table.set_index("feature").reindex(features))
    if len(results.spike_ins):
        made.obsm["spike_ins"] = _plain(results.spike_ins[results.counts.columns].T.astype(float))
    made.uns[KEY] = _described(results)
    if results.study.recipient is not None:
        made.uns["recipient"] = _of_recipient(results)
    return made


def write_anndata(results: StudyResults, path: str | Path) -> None:
    """Write `to_anndata` as .h5ad, in encodings that anndata reads since 0.8; the same results give the same bytes."""
    content = _to_bytes(to_anndata(results))
    with written_whole(path) as temporary:
        temporary.write_bytes(content)


def _to_bytes(made: ad.AnnData) -> bytes:
    """Return the object as a file, made in memory: HDF5 crashes Python when a disk is full."""
    made.strings_to_categoricals()
    with h5py.File("study.h5ad", "w", driver="core", backing_store=False) as file:
        ad.io.write_elem(file, "/", made, dataset_kwargs={"compression": "gzip"})
        # Older readers do not know the encoding of an absent `raw`.
        if made.raw is None and "raw" in file:
            del file["raw"]
        file.flush()
        content: bytes = file.id.get_file_image()
    return content


def _tables(results: StudyResults) -> dict[str, pd.DataFrame]:
    """Name every table of results; the colon keeps them apart from contrasts, whose names cannot hold one."""
    co_cargo = results.co_cargo.groupby("contrast", sort=False)
    return {
        **results.fit,
        **{f"robustness:{name}": table for name, table in results.stress.items()},
        **{f"co_cargo:{name}": part.drop(columns="contrast") for name, part in co_cargo},
        **{f"release:{name}": table for name, table in results.release.items()},
        **({"recipient:agreement": results.recipient_agreement} if results.study.recipient is not None else {}),
    }


def _of_recipient(results: StudyResults) -> dict[str, Any]:
    """Name what is found of the recipient cells; genes are not those of the features, so it stands apart."""
    return {
        "sentence": results.recipient_answer["sentence"],
        "families": _plain(results.recipient_families.set_index("family")),
        "dose": _plain(results.recipient_dose),
        "shown_targets": _plain(results.recipient_shown),
        "genes": _plain(results.recipient_calls.set_index("gene")),
    }


def _categories(results: StudyResults) -> dict[str, Any]:
    """Type the columns of the sheet: numbers where the study says so, else categories."""
    references: dict[str, str] = {}
    for contrast in results.study.contrasts.values():
        references.setdefault(contrast.variable, contrast.reference)
    typed: dict[str, Any] = {}
    for column, values in results.sheet.items():
        if column in results.study.numeric:
            typed[column] = pd.to_numeric(values, errors="coerce").astype(float)
        else:
            levels = list(dict.fromkeys(values.dropna()))
            levels.sort(key=lambda level: level != references.get(column))
            typed[column] = pd.Categorical(values, categories=_objects(levels))
    return typed


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Convert each column to a type that every reader knows: numbers, categories, or text without missing values.

    Older readers do not know the encodings of pandas' string type and of booleans with missing values. A slash in the
    name of a column would make a group of it in the file.
    """
    columns: dict[str, Any] = {}
    for column, values in table.items():
        name = str(column).replace("/", "_")
        while name in columns or name == "_index":
            name += "_"
        columns[name] = _plain_column(values)
    return pd.DataFrame(columns, index=_objects(table.index)).rename_axis(table.index.name)


def _plain_column(values: pd.Series) -> Any:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.array
    if pd.api.types.is_bool_dtype(values) and not values.isna().any():
        return values.to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype=np.float64, na_value=np.nan) if values.isna().any() else values.to_numpy()
    if values.isna().any() or values.nunique() < len(values):
        texts = values.map(str, na_action="ignore")
        return pd.Categorical(texts, categories=_objects(list(dict.fromkeys(texts.dropna()))))
    return _objects(values)


def _objects(values: Any) -> pd.Index:
    return pd.Index([str(value) for value in values], dtype=object)


def _described(results: StudyResults) -> dict[str, Any]:
    study, thresholds = results.study, results.thresholds
    return {
        "study": results.name,
        "title": study.title,
        "species": study.species,
        "simulated": study.simulated,
        "target": results.config.target,
        "calls": _plain(results.target.set_index("contrast")),
        "thresholds": thresholds.model_dump(),
        "contrasts": {name: each.model_dump_json(exclude_none=True) for name, each in study.contrasts.items()},
        "comparisons": {name: each.model_dump_json(exclude_none=True) for name, each in study.comparisons.items()},
        "warnings": _objects([f"{each['where']}: {each['what']}" for each in results.warnings]).to_numpy(),
        "versions": {name: version(name) for name in LIBRARIES},
    }
