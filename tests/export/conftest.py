"""A study of a few features, written by hand, with everything in it that can go wrong in another program."""

import json
from pathlib import Path

import pandas as pd
import pytest

from export import foreign
from mircargo.config import Config
from mircargo.results.reader import StudyResults

readers = foreign.readers

FEATURES = ["hsa-miR-21-5p", "=cmd()", "MARCH1", "1-Mar", "@x, y", "<b>bold</b>"]
SAMPLES = ["s2", "s1", "s4", "s3"]
LONG = "a_contrast_whose_name_is_far_too_long"
QUESTION = {"variable": "group", "level": "a case", "reference": "the control"}
CONFIG = {
    "studies": {
        "tiny": {
            "title": "=1+1, a title",
            "species": "hsa",
            "counts": [{"table": "a.csv"}, {"url": "https://example.org/b.tsv", "sha256": "0" * 64}],
            "samples": "samples.tsv",
            "numeric": ["age"],
            "contrasts": {"history": QUESTION, f"{LONG}_1": QUESTION, f"{LONG}_2": QUESTION},
        }
    },
    "target": "hsa-miR-21-5p",
}
SHEET = """\
sample\tgroup\tage\tdose mg/kg\ttotal
s1\ta case\t50\tNA\t1
s2\tthe control\tNA\t5/day\t2
s3\ta case\t41.5\t0\t3
s4\tthe control\t60\t0\t4
"""


def write_study(folder: Path) -> Path:
    """Write the results of the study into a folder; the numbers mean nothing but are all different."""
    counts = pd.DataFrame([[i * 10 + j for j in range(4)] for i in range(6)], FEATURES, SAMPLES)
    normalised = counts / 4
    known = {"accession": ["MIMAT0000076", *["NA"] * 5], "species": "hsa", "arm": "NA", "family": "NA"}
    known |= {"seed": "AGCUUAU", "sequence": [*"ABCDE", "NA"], "n_source_rows": 1, "biotype": "miRNA"}
    p_values = [0.5, 0.001, "NA", 0.04, 0.06, "NA"]
    tests = {"baseMean": [1.5, 2, 3, 4, 5, 6], "log2FoldChange": [0.25, 3, "NA", -2, 1, 0.1], "lfcSE": 0.5, "stat": 2.0}
    tests |= {"pvalue": p_values, "padj": p_values, "status": ["tested"] * 5 + ["outlier"], "ci_low": -1, "ci_high": 1}
    tests |= {"call": ["none", "up", "NA", "down", "none", "NA"]}
    tests |= {"shrunken_log2FoldChange": 0.1, "not_detected": ["NA", "NA", "True", "False", "NA", "NA"]}
    stress = {"share_same_call": [1, 0.5, "NA", 1, 1, 1], "fragile_under": ["NA", "=poscounts", *["NA"] * 4]}
    stress |= {"robust": ["NA", "False", "NA", "True", "NA", "NA"], "call": "none"}
    names = list(CONFIG["studies"]["tiny"]["contrasts"])
    target = {"contrast": names, "feature": FEATURES[0], "call": "inconclusive", "log2FoldChange": 0.25}
    target |= {"ci_low": -1, "ci_high": 1, "padj": 0.5, "share_same_call": 1, "sentence": "=nothing <b>is</b> shown"}
    summary = {"contrast": names, "compared": "a case against the control", "samples": 4, "features": 6, "tested": 4}
    summary |= {"up": 1, "down": 1, "robust_up": 0, "robust_down": 1, "no_call": 2, "not_tested": 2}
    summary |= {"note": ["=few <b>samples</b>", "NA", "NA"]}
    co_cargo = pd.DataFrame(columns=["contrast", "feature", "tier", "log2FoldChange", "padj"])
    ledger = {"table": ["a.csv", "a.csv", "b.tsv"], "row": [2, 3, 2], "source_id": "x", "reads": [5, 7, 11]}
    ledger |= {"action": ["kept", "kept", "dropped"]}
    quality = {"sample": SAMPLES, "total": counts.sum().to_numpy(), "detected": 6, "top_feature": FEATURES[5]}
    quality |= {"top_share": 0.4, "size_factor": 4.0, "flags": ["dominated", "", "", ""]}
    balance = {"sample": SAMPLES, "input_reads": 200, "kept_reads": 150, "dropped_reads": 50, "repeated_reads": 0}
    pca = {"sample": SAMPLES, "group": "a case", "PC1": [1, 2, 3, 4], "PC2": 0.5, "PC1_explained": 0.8}
    tables = {
        "counts/counts": counts.reset_index(names="feature"),
        "quality/normalised": normalised.reset_index(names="feature"),
        "counts/features": pd.DataFrame({"feature": FEATURES, **known})[::-1],
        "counts/spike_ins": pd.DataFrame({"feature": ["cel-miR-39-3p"], **{sample: [7] for sample in SAMPLES}}),
        "counts/ledger": pd.DataFrame(ledger),
        "counts/balance": pd.DataFrame(balance | {"rounding": 0}),
        "quality/samples": pd.DataFrame(quality),
        "cargo/target": pd.DataFrame(target),
        "summary": pd.DataFrame(summary),
        "cargo/co_cargo": co_cargo,
        "figures/pca": pd.DataFrame(pca | {"PC2_explained": 0.1, "n_features": 6}),
        **{f"differential/{name}": pd.DataFrame({"feature": FEATURES, **tests}) for name in names},
        **{f"robustness/{name}": pd.DataFrame({"feature": FEATURES, **stress}) for name in names},
    }
    for path, table in tables.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(folder / f"{path}.tsv", sep="\t", index=False, na_rep="NA")
    warning = {"what": "a <script>alert(1)</script>, odd", "where": "sample s1, s2", "found": "", "hint": ""}
    (folder / "check.json").write_text(json.dumps({"warnings": [warning]}))
    provenance = {
        "finished": "2024-02-29T12:00:00+00:00",
        "python": "3.11.7",
        "platform": "Linux x86_64",
        "versions": {"mircargo": "0.1.0", "snakemake": "9.1.0", "pydeseq2": "0.5.4"},
        "inputs": [{"path": "a.csv", "sha256": "1" * 64}, {"path": "data/tiny/b.tsv", "sha256": "0" * 64}],
        "configuration": CONFIG,
    }
    (folder / "provenance.json").write_text(json.dumps(provenance))
    return folder


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return the folder of the study's results; its sheet lies beside it."""
    (tmp_path / "samples.tsv").write_text(SHEET)
    return write_study(tmp_path / "tiny")


@pytest.fixture
def results(folder) -> StudyResults:
    return StudyResults("tiny", folder, Config.model_validate(CONFIG), folder.parent / "samples.tsv")
