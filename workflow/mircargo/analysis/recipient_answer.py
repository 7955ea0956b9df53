"""What the recipient did, for each family and the target miRNA, with the tables that say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mircargo.analysis.recipient_question import RecipientQuestion
from mircargo.analysis.recipient_stress import add_what_holds
from mircargo.model.differential_table import calls
from mircargo.recipient.agreement import agreement
from mircargo.recipient.de_repression import Tested, family_shifts
from mircargo.recipient.dose import dose_response
from mircargo.recipient.matching import balance
from mircargo.recipient.sentence import holding_sentence, response_sentence
from mircargo.recipient.shown_targets import load_shown, shown_targets
from mircargo.results import recipient_columns as columns
from mircargo.vocabulary import CHANGED, NOT_TESTED, SITE_TYPES


@dataclass(frozen=True, eq=False)
class Cargo:
    """What is known of the exosomes.

    Attributes
    ----------
    target
        The target as configured.
    feature
        The target among the features; None if it is not.
    features
        `counts/features.tsv`.
    differential, robustness, co_cargo
        Tables of the contrast of exosomes.
    """

    target: str
    feature: str | None
    features: pd.DataFrame
    differential: pd.DataFrame
    robustness: pd.DataFrame
    co_cargo: pd.DataFrame

    def seeds(self) -> pd.Series:
        """Return the family (bases 2 to 8) of each feature that has one."""
        return self.features.set_index("feature")["seed"].dropna()

    def changes(self, alpha: float) -> pd.DataFrame:
        """Return a row per fitted miRNA with a seed: `feature seed log2FoldChange padj call robust tier`."""
        table = self.differential.set_index("feature")
        found = pd.DataFrame({"seed": self.seeds().reindex(table.index)})
        found[["log2FoldChange", "padj"]] = table[["log2FoldChange", "padj"]]
        found["call"] = calls(table, alpha)
        found["robust"] = self.robustness.set_index("feature")["robust"].reindex(table.index)
        found["tier"] = self.co_cargo.set_index("feature")["tier"].reindex(table.index)
        return found[found["seed"].notna() & found["padj"].notna()].reset_index()


@dataclass(frozen=True, eq=False)
class Answer:
    """Tables by the names of the outputs, and facts with the sentence."""

    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Tried:
    """What came of the stress test of the recipient: `recipient/robustness.tsv` and `recipient/shifts.tsv`."""

    genes: pd.DataFrame
    shifts: pd.DataFrame


def answer(asked: RecipientQuestion, tried: Tried, cargo: Cargo, where: str, alpha: float) -> Answer:
    """Test the families that the study has, and say what the targets of the target miRNA did.

    Parameters
    ----------
    asked
        The recipient's genes, and the sites in them.
    tried
        Their stress test.
    cargo
        Of the exosomes that were given.
    where
        The recipient as people read it.
    alpha
        Of calls, single p-values and intervals.
    """
    tested = family_shifts(asked.comparison, alpha)
    seeds = cargo.seeds()
    own = seeds.get(cargo.feature) if cargo.feature is not None else None
    families = _families(tested, asked, tried, seeds, alpha)
    listed = families.loc[families["call"].isin(CHANGED) | (families["family"] == own), "family"]
    dose = dose_response(tested, families["family"].tolist(), alpha)
    agreed = agreement(cargo.changes(alpha), families, dose, alpha)
    activity = asked.activity[0]
    tables = {
        "families": families.reindex(columns=list(columns.FAMILIES)),
        "dose": dose,
        "compared": _compared(asked, tested, listed.tolist()),
        "balance": _balance(tested, listed.tolist()),
        "activity": activity.reset_index(),
        "agreement": agreed.rename(columns={"pvalue": "shift_pvalue"}).reindex(columns=list(columns.AGREEMENT)),
        "shown": _shown(asked, tested, tried, seeds),
    }
    return Answer(tables, _facts(asked, cargo, families, dose, agreed, where) | {"gene_calls": _counted(tried.genes)})


def _families(tested: Tested, asked: RecipientQuestion, tried: Tried, seeds: pd.Series, alpha: float) -> pd.DataFrame:
    """Complete the table of families: which miRNAs of the study they hold, what re-analyses and activity say."""
    table = tested.table.set_index("family")
    members = pd.Series(seeds.index, seeds.to_numpy()).groupby(level=0).agg("/".join)
    table["features"] = members.reindex(table.index)
    table = table.join(asked.activity[1]).reset_index()
    return add_what_holds(table, tried.shifts, alpha).sort_values("pvalue", kind="stable", ignore_index=True)


def _compared(asked: RecipientQuestion, tested: Tested, families: list[str]) -> pd.DataFrame:
    """Return the targets of some families, and the genes that they are matched with, with their weights."""
    compared = tested.compared
    results = asked.compared_genes
    types = {rank: name for name, rank in reversed(SITE_TYPES.items()) if rank > 1}
    symbols = asked.genes["symbol"] if "symbol" in asked.genes else pd.Series(dtype=object)
    parts = []
    for name in families:
        family = compared.position(name)
        if family is None:
            continue
        weights = compared.weights(family)
        used = np.flatnonzero(weights)
        part = pd.DataFrame({"family": name, "gene": results.index[used], "weight": np.abs(weights[used])})
        part["log2FoldChange"] = results["log2FoldChange"].to_numpy()[used]
        part["adjusted"] = tested.left(family)[used]
        ranks = compared.sites.best[used, family]
        part["site_type"] = [types.get(int(rank)) for rank in ranks]
        part["symbol"] = symbols.reindex(part["gene"]).to_numpy()
        parts.append(part.sort_values(["site_type", "adjusted"], kind="stable"))
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return whole.reindex(columns=list(columns.COMPARED))


def _balance(tested: Tested, families: list[str]) -> pd.DataFrame:
    compared = tested.compared
    parts = []
    for name in families:
        family = compared.position(name)
        if family is not None:
            pool, shares = compared.sites.pool(family), compared.shares(family)
            table = balance(compared.response.covariates, compared.matched[family], pool, shares)
            parts.append(table.assign(family=name))
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return whole.reindex(columns=list(columns.BALANCE))


def _shown(asked: RecipientQuestion, tested: Tested, tried: Tried, seeds: pd.Series) -> pd.DataFrame:
    """Say what the targets that were shown in this field did; the miRNA is known by the end of its feature's name."""
    family_of = {}
    for mirna in load_shown()["mirna"].unique():
        own = seeds[seeds.index.str.lower().str.replace("mir-21a-", "mir-21-").str.endswith(mirna.lower())]
        if len(own):
            family_of[mirna] = own.iloc[0]
    genes = asked.genes if "symbol" in asked.genes else asked.genes.assign(symbol=pd.NA)
    shown = shown_targets(asked.fitted.results.set_index("feature"), genes, tested, family_of)
    robust = shown["gene"].map(tried.genes.set_index("gene")["robust"])
    return shown.assign(robust=robust).reindex(columns=list(columns.SHOWN_TARGETS))


def _counted(genes: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Count the genes called up and down, and how many of them are robust; empty where results were given."""
    called = genes[genes["call"].isin(CHANGED)]
    return {
        str(call): {"genes": len(part), "robust": int(part["robust"].eq(True).sum())}
        for call, part in called.groupby("call")
    }


def _facts(
    asked: RecipientQuestion, cargo: Cargo, families: pd.DataFrame, dose: pd.DataFrame, agreed: pd.DataFrame, where: str
) -> dict[str, Any]:
    seed = cargo.seeds().get(cargo.feature) if cargo.feature is not None else None
    own = families[families["family"] == seed]
    row = own.iloc[0].to_dict() if len(own) else None
    call = agreed.set_index("feature")["call"].get(cargo.feature)
    name = cargo.feature or cargo.target
    sentence = response_sentence(name, row, dose[dose["family"] == seed], call, where)
    if row is not None and row["call"] in CHANGED:
        sentence += holding_sentence(row)
    response = asked.comparison.response
    return {
        "sentence": sentence,
        "where": where,
        "target": cargo.target,
        "feature": cargo.feature,
        "family": seed,
        "call": row["call"] if row is not None else NOT_TESTED,
        "genes": len(response.change),
        "families_tested": int(families["shift"].notna().sum()),
        "matched_for": list(response.covariates.columns),
        "replicates": response.replicates is not None,
        "agreement": {str(name): int(n) for name, n in agreed["agreement"].value_counts().items()},
        "score": asked.comparison.sites.score is not None,
    }
