"""Results of a study with recipient cells, as the workflow leaves them."""

from pathlib import Path

import pandas as pd

from factories import TARGET, Made, make, write_result
from mircargo.io import write_json
from mircargo.results import contract as files


def make_with_recipient(folder: Path) -> Path:
    """Write the folder of a study with recipient cells, in which the targets of the target fall."""
    write_recipient(make(Made(recipient=True), folder))
    return folder


def write_recipient(folder: Path) -> None:
    """Write the tables of the recipient cells into a folder of results."""
    own, other = "AGCUUAU", "ACAUUCA"
    numbers = {"shift": -0.12, "shift_se": 0.03, "ci_low": -0.18, "ci_high": -0.06, "pvalue": 1e-4, "padj": 2e-4}
    families = pd.DataFrame([numbers, numbers | {"shift": 0.01, "ci_low": -0.05, "ci_high": 0.07, "padj": 0.8}])
    families = families.assign(family=[own, other], features=[TARGET, None], n_targets=223, n_controls=2744, df=200.0)
    families = families.assign(call=["down", "none"], detectable=0.073, activity_change=2.0, activity_pvalue=0.04)
    write_result(files.FAMILIES, folder, families)
    dose = pd.DataFrame({"by": ["site type"] * 2 + ["score decile"], "stratum": ["8mer", "7mer-m8", "1"]})
    dose = dose.assign(family=own, n_targets=[60, 163, 22], shift=[-0.2, -0.1, -0.3], ci_low=-0.4, ci_high=-0.05)
    write_result(files.DOSE, folder, dose)
    write_result(files.ACTIVITY, folder, {"family": [own, other], "none_1": 0.1, "exosomes_1": 2.1})
    balance = {"family": own, "covariate": ["utr3_length", "expression"], "targets": [3724.0, 208.0]}
    balance |= {"all_others": [1468.0, 156.0], "matched": [3081.0, 194.0], "before": [0.77, 0.38], "after": [0.0, 0.01]}
    write_result(files.BALANCE, folder, balance)
    tiers = ["strong", *["candidate"] * 30, "no response", "cargo unchanged", "not tested"]
    rows = {"feature": [TARGET, *(f"mmu-miR-{i}-3p" for i in range(33))], "family": own, "agreement": tiers}
    rows |= {"log2FoldChange": 2.5, "padj": 1e-5, "call": "up", "shift": -0.12, "ci_low": -0.18, "ci_high": -0.06}
    rows |= {"shift_padj": 2e-4, "shift_pvalue": 1e-4, "n_targets": 223, "same_family": "mmu-miR-21c"}
    write_result(files.AGREEMENT, folder, rows)
    shown = {"mirna": "miR-21-5p", "symbol": ["Spry2", "Pten", "Reck"], "gene": ["Spry2", "Pten", None]}
    shown |= {"site_type": ["8mer", None, None], "log2FoldChange": [-0.4, 0.1, None], "padj": [0.01, 0.9, None]}
    shown |= {"robust": [True, None, None]}
    shown |= {"share_lower": [0.03, None, None], "note": [None, None, "not among the genes of the recipient"]}
    write_result(files.SHOWN_TARGETS, folder, shown | {"shown": "western blot", "source": "Strickland 2011"})
    write_result(files.RECIPIENT_FIT, folder, {"gene": ["Spry2", "Pten"], "log2FoldChange": [-0.4, 0.1], "padj": 0.5})
    stressed = {"gene": ["Spry2", "Pten"], "call": ["down", "none"], "robust": [True, None]}
    write_result(files.RECIPIENT_STRESS, folder, stressed)
    sentence = "Targets of mmu-miR-21a-5p fall by 0.12 log2 (0.06 to 0.18, 223 genes, p 1.0e-04) in macrophages."
    answer = {"sentence": sentence, "where": "macrophages", "target": "miR-21-5p", "feature": TARGET, "family": own}
    answer |= {"call": "down", "genes": 7344, "families_tested": 2, "matched_for": ["utr3_length", "expression"]}
    answer |= {"gene_calls": {"down": {"genes": 1, "robust": 1}}}
    write_json(answer | {"replicates": True, "agreement": {}, "score": True}, files.RECIPIENT_ANSWER.within(folder))
    warning = {"code": "few_genes_match", "where": "studies.mine.targets", "what": "few genes match", "found": "40%"}
    write_json({"warnings": [warning | {"hint": "name genes"}]}, files.RECIPIENT_LEDGER.within(folder))
