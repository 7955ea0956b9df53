"""Sites of miRNAs in the genes of the recipient, a row a site, from a table of targets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from mircargo.features.name_history import Vocabulary
from mircargo.features.target_families import seed_of, seeds_of
from mircargo.inputs.gene_matching import Matched
from mircargo.inputs.row_names import DATE
from mircargo.inputs.targets.format import RawTargets
from mircargo.inputs.targets.species import species_of_mirnas
from mircargo.problems import Problem, listing, refusal
from mircargo.vocabulary import AS_NAMED, SITE_TYPES, species_in_words

COLUMNS: Final = ("family", "mirna", "gene", "site_type", "score", "conserved")
MOST_LISTED: Final = 50


@dataclass(frozen=True)
class Sites:
    """What a table of targets says of the recipient's genes.

    Attributes
    ----------
    sites
        A row a site: `family` (bases 2 to 8), `mirna` (its miRNAs in the table, joined by `/`), `gene` (as the
        recipient names it), `site_type`, `score` (missing where there is none), `conserved` (missing where not told).
    left_out
        How many rows of the table became no site of their own, by the reason.
    unknown
        Names of miRNAs whose seed is not known -> why.
    utr3_length
        Length of the 3'UTR by gene, where the table has it.
    """

    sites: pd.DataFrame
    left_out: dict[str, int]
    unknown: dict[str, str]
    utr3_length: pd.Series


def refuse_mirnas_of_other_species(raw: RawTargets, species: str) -> None:
    """Refuse a table whose miRNAs are all of another species than the study's.

    Raises
    ------
    ProblemsFound
        Where they are.
    """
    counted = species_of_mirnas(map(str, raw.rows["mirna"].cat.categories))
    if species == AS_NAMED or not counted or species in counted:
        return
    most = sorted(counted, key=lambda each: -counted[each])
    own = species_in_words(species)
    what = f"these are targets of miRNAs of another species than the study's ({own})"
    found = listing(
        f"{counted[each]:,} miRNA{'s' if counted[each] > 1 else ''} of {species_in_words(each)}" for each in most
    )
    hint = f"give the table of {own}: TargetScan and miRTarBase have one for each species"
    raise refusal("targets_of_other_species", what, raw.path, found, hint)


def dated_genes(ids: pd.Index, path: str) -> list[Problem]:
    """Warn of genes of a table of targets that a spreadsheet made dates: they match nothing."""
    dates = [str(each) for each in ids if re.match(DATE, str(each))]
    if not dates:
        return []
    what = "names of genes that a spreadsheet made dates are in the table of targets, and match no gene"
    hint = "use the table from before it was opened there"
    return [Problem("name_is_a_date", what, path, listing(map(repr, dates), 4), hint, "warning")]


def families_of(raw: RawTargets, names: Vocabulary, families: Mapping[str, str]) -> tuple[pd.Series, dict[str, str]]:
    """Return the family of each row of a table ('' where it is not known), and why which names are not known."""
    column = raw.rows["mirna"]
    if raw.layout.named == "mature sequence":
        sequences = raw.rows[raw.layout.more[0]]
        return _mapped(sequences, {text: seed_of(str(text)) for text in sequences.cat.categories}), {}
    if raw.layout.named == "seed":
        seeds = {text: str(text).strip().upper().replace("T", "U") for text in column.cat.categories}
        return _mapped(column, seeds), {}
    found = seeds_of([str(text) for text in column.cat.categories], names, families)
    unknown = found.loc[found["seed"] == "", "reason"]
    return _mapped(column, found["seed"].to_dict()), {str(name): str(reason) for name, reason in unknown.items()}


def _mapped(column: pd.Series, meaning: Mapping[Any, str]) -> pd.Series:
    """Give categories other names, of which several may become one; missing ones are ''."""
    texts = [meaning.get(text, "") for text in column.cat.categories]
    names = pd.Index(dict.fromkeys(["", *texts]), dtype=object)
    codes = np.append(names.get_indexer(pd.Index(texts, dtype=object)), 0)[column.cat.codes.to_numpy()]
    return pd.Series(pd.Categorical.from_codes(codes, names), index=column.index)


def find_sites(raw: RawTargets, matched: Matched, family: pd.Series, unknown: dict[str, str]) -> Sites:
    """Put the rows of a table of targets to the recipient's genes.

    Of several transcripts of a gene the one with most rows is taken. Members of a family have the same sites: each is
    one row, with the score of the member that has the strongest.
    """
    rows = raw.rows
    gene_of = {target: str(gene) for gene, target in matched.target_of.items()}
    ids = rows[matched.target_column].cat
    plain = {each: gene_of.get(str(each), "") for each in ids.categories}
    table = rows.assign(family=family, gene=_mapped(rows[matched.target_column], plain))
    known, has_gene = (table["family"] != "").to_numpy(), (table["gene"] != "").to_numpy()
    left_out = {"miRNA without a known seed": int((~known).sum())}
    left_out["gene that is not in the recipient's table"] = int((known & ~has_gene).sum())
    table = table[known & has_gene]
    lengths = pd.Series(dtype=float)
    if "utr3_length" in table:
        lengths = table.groupby("gene", observed=True)["utr3_length"].max()
    before = len(table)
    table = _one_transcript(table, raw.layout.transcript, matched.target_column)
    left_out["other transcript of the gene"] = before - len(table)
    before = len(table)
    table = _each_site_once(table, raw)
    left_out["the same site for another miRNA of the family, or the same pair again"] = before - len(table)
    members = table[["family", "mirna"]].drop_duplicates().astype(object).astype(str)
    if raw.layout.named != "seed":
        every = pd.DataFrame({"family": family, "mirna": rows["mirna"]}).drop_duplicates().astype(object).astype(str)
        members = every[every["family"].isin(members["family"])]
    joined = members.groupby("family", sort=False)["mirna"].agg("/".join)
    if raw.layout.named == "seed":
        joined = pd.Series(pd.NA, index=joined.index)
    sites = pd.DataFrame(
        {
            "family": table["family"].astype(object).to_numpy(),
            "mirna": joined.reindex(table["family"].astype(object)).to_numpy(),
            "gene": table["gene"].astype(object).to_numpy(),
            "site_type": table["site_type"].astype(object).to_numpy() if "site_type" in table else "other",
            "score": table["score"].to_numpy() if "score" in table else np.nan,
            "conserved": table["conserved"].to_numpy() if "conserved" in table else pd.NA,
        },
        columns=list(COLUMNS),
    )
    left_out = {reason: n for reason, n in left_out.items() if n}
    return Sites(sites, left_out, dict(list(unknown.items())[:MOST_LISTED]), lengths)


def _one_transcript(table: pd.DataFrame, transcript: str | None, target_column: str) -> pd.DataFrame:
    """Keep of each gene the rows of the transcript with most of them."""
    if transcript is None or transcript == target_column:
        return table
    # As numbers: pandas would count every pair of categories, also those that no row has.
    n_transcripts = len(table[transcript].cat.categories) + 1
    gene, own = (table[name].cat.codes.to_numpy().astype(np.int64) for name in ("gene", transcript))
    pairs, n_rows = np.unique(gene * n_transcripts + own + 1, return_counts=True)
    order = np.argsort(-n_rows, kind="stable")
    genes, first = np.unique(pairs[order] // n_transcripts, return_index=True)
    if len(genes) == len(pairs):
        return table
    chosen = np.zeros(len(table["gene"].cat.categories), dtype=np.int64)
    chosen[genes] = pairs[order][first] % n_transcripts
    return table[chosen[gene] == own + 1]


def _each_site_once(table: pd.DataFrame, raw: RawTargets) -> pd.DataFrame:
    """Keep one row a site of a family, of the strongest score: the lowest where most are below 0, else the highest."""
    if raw.layout.rows == "sites":
        return table
    codes = pd.DataFrame({name: table[name].cat.codes for name in ("family", "gene", "mirna")})
    codes["site_type"] = table["site_type"].cat.codes if "site_type" in table else len(SITE_TYPES)
    if raw.layout.rows == "evidence":
        return table[~codes.duplicated(["family", "gene"]).to_numpy()]
    # Without a position, the first row of a member is taken for the first site, the second for the second.
    own = ["mirna", "gene", "site_type"]
    codes["place"] = table["start"] if "start" in table else codes.groupby(own).cumcount()
    if "score" in table and table["score"].notna().any():
        lowest_first = bool((table["score"] < 0).mean() > 0.5)
        order = table["score"].argsort(kind="stable") if lowest_first else (-table["score"]).argsort(kind="stable")
        again = codes.iloc[order].duplicated(["family", "gene", "site_type", "place"])
        return table[~again.sort_index().reindex(table.index).to_numpy()]
    return table[~codes.duplicated(["family", "gene", "site_type", "place"]).to_numpy()]
