"""Reading a table of targets: which format it is, and its rows of the study's species."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from mircargo.config import TargetTable
from mircargo.inputs.targets import formats
from mircargo.inputs.targets.format import WRITTEN_TYPES, Head, Layout, RawTargets, TargetFormat
from mircargo.inputs.targets.head import read_head
from mircargo.inputs.targets.opening import open_stream
from mircargo.inputs.targets.species import read_species
from mircargo.problems import Problem, ProblemsFound, listing, refusal
from mircargo.vocabulary import AS_NAMED, SITE_TYPES, species_in_words

CHUNK: Final = 400_000
"""Rows that are read at a time: rows of other species are left out before the next are read."""
_MISSING: Final = frozenset({"", "NA", "NaN", "nan", "NULL", "null", "None", "N/A", ".", "-"})


def _found() -> dict[str, TargetFormat]:
    """Return the `FORMAT` of every module in `mircargo.inputs.targets.formats`, in the order of asking."""
    names = [module.name for module in iter_modules(formats.__path__)]
    found: dict[str, TargetFormat] = {name: import_module(f"{formats.__name__}.{name}").FORMAT for name in names}
    return dict(sorted(found.items(), key=lambda each: (each[1].order, each[0])))


FORMATS: Final = _found()


def read_targets(path: str, table: TargetTable, species: str) -> RawTargets:
    """Read a table of targets.

    Parameters
    ----------
    path
        The table, plain or packed (gzip, bzip2, zip of one file, .xlsx).
    table
        What the configuration says of it: columns, and limits of scores.
    species
        miRBase's letters; rows whose genes are of another species are left out, and counted. With `other` all are kept.

    Raises
    ------
    ProblemsFound
        Where it cannot be read, has no column of miRNAs or genes, or no row of the species.
    """
    head, delimiter, skip = read_head(path, table.columns)
    name, layout = recognise(head)
    rows, n_rows, other_species = _read_rows(path, head, layout, (delimiter, skip), species)
    if not len(rows):
        raise _none_of_species(path, species, other_species, n_rows)
    left_out = {f"genes of {each}": n for each, n in other_species.items()}
    rows, n = _complete(rows, layout)
    left_out |= {"no miRNA or no gene": n} if n else {}
    rows, notes = _with_numbers(rows, layout, path)
    rows, n = _within_scores(rows, table, path)
    left_out |= {"score beyond `min_score` or `max_score`, or none": n} if n else {}
    rows, n = _found_to_interact(rows)
    left_out |= {"no interaction by the experiment": n} if n else {}
    unknown_types: dict[str, int] = {}
    if "site_type" in rows:
        types, unknown_types = _site_types(rows["site_type"], WRITTEN_TYPES | FORMATS[name].site_types)
        rows = rows.assign(site_type=types)
    if (finish := FORMATS[name].finish) is not None:
        rows = finish(rows, layout, path).reset_index(drop=True)
    if not len(rows):
        what = "no row of the table of targets is left"
        hint = "give a table that has rows of this kind, or change `max_score`, `min_score` or `columns`"
        raise refusal("no_targets_left", what, path, listing(f"{n:,}: {why}" for why, n in left_out.items()), hint)
    genes = listing(f"'{each}'" for each in layout.ids)
    program = FORMATS[name].program.replace("`", "")
    notes = [f"read as {name}: {program}; miRNAs in '{layout.mirna}', genes in {genes}", *notes]
    return RawTargets(path, name, rows, layout, n_rows, left_out, notes, unknown_types)


def recognise(head: Head) -> tuple[str, Layout]:
    """Return the format of a table, and which column holds what.

    Raises
    ------
    ProblemsFound
        Where no column of miRNAs, or none of genes, is known.
    """
    asked = any(head.columns.model_dump().values())
    for name, each in FORMATS.items():
        if (layout := each.layout(head)) is not None and (each.order or not asked):
            return name, layout
    hint = "name them: `targets: {table: ..., columns: {mirna: ..., gene: ...}}`"
    what = "this table has no column that is known to hold miRNAs, or none of genes"
    raise refusal("no_columns_of_targets", what, head.path, f"columns {listing(head.header, 15)}", hint)


def _read_rows(
    path: str, head: Head, layout: Layout, how: tuple[str, int], species: str
) -> tuple[pd.DataFrame, int, dict[str, int]]:
    """Read the columns that are used, chunk by chunk; return rows of the species, all rows, and rows of others."""
    names = {column: role for role, column in _roles(layout).items()}
    used = [head.header.index(each) for each in layout.used]
    delimiter, skip = how
    options: dict[str, Any] = {"sep": delimiter, "header": None, "names": range(len(head.header)), "usecols": used}
    options |= {"skiprows": skip, "dtype": object, "keep_default_na": False, "chunksize": CHUNK, "engine": "c"}
    parts, n_rows, others = [], 0, dict[str, int]()
    with open_stream(path) as stream:
        try:
            for chunk in pd.read_csv(stream, **options):
                n_rows += len(chunk)
                columns = zip(layout.used, used, strict=True)
                part = pd.DataFrame({names.get(name, name): _as_category(chunk[at]) for name, at in columns})
                kept, found = read_species(part, species) if "species" in part else (part, {})
                others = {each: others.get(each, 0) + found.get(each, 0) for each in [*others, *found]}
                parts.append(kept)
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            found_error = str(error).removeprefix("Error tokenizing data. C error: ").strip()
            what = "the rows of this table cannot be read"
            raise refusal(
                "row_lengths_differ", what, path, found_error, "is the file complete? fetch it again"
            ) from None
    return _together(parts), n_rows, others


def _as_category(column: pd.Series) -> pd.Categorical:
    """Hold texts once each: pandas' own parsing to categories would make numbers of some chunks, and not of others."""
    codes, texts = pd.factorize(column.to_numpy())
    return pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object))


def _roles(layout: Layout) -> dict[str, str]:
    """Return which column has which name from here on: genes and further columns keep the names of the table."""
    roles = {
        "mirna": layout.mirna, "species": layout.species, "site_type": layout.site_type, "score": layout.score,
        "start": layout.start, "utr3_length": layout.utr3_length, "finding": layout.finding,
    }  # fmt: skip
    return {role: column for role, column in roles.items() if column is not None}


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame()
    columns = {}
    for name in parts[0].columns:
        if name != "species":
            joined = union_categoricals([part[name] for part in parts], ignore_order=True)
            columns[name] = _without_unused(joined)
    return pd.DataFrame(columns)


def _without_unused(column: pd.Categorical) -> pd.Categorical:
    """Leave out texts of rows that are gone; pandas' own way sorts all rows."""
    used = np.bincount(column.codes, minlength=len(column.categories)) > 0
    codes = (np.cumsum(used) - 1)[column.codes]
    return pd.Categorical.from_codes(codes, column.categories[used])


def _complete(rows: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, int]:
    """Leave out rows without a miRNA or without any gene, and count them."""
    missing = _is_missing(rows["mirna"])
    missing |= np.logical_and.reduce([_is_missing(rows[name]) for name in layout.ids])
    if not missing.any():
        return rows, 0
    kept = rows[~missing].reset_index(drop=True)
    used = {name: _without_unused(kept[name].array) for name in kept}
    return pd.DataFrame(used), int(missing.sum())


def _is_missing(column: pd.Series) -> Any:
    texts = column.cat.categories.astype(str).str.strip()
    missing = column.cat.categories[texts.isin(_MISSING)]
    return column.isin(missing).to_numpy() | column.isna().to_numpy()


def _with_numbers(rows: pd.DataFrame, layout: Layout, path: str) -> tuple[pd.DataFrame, list[str]]:
    """Make numbers of scores, starts and lengths; a column of scores without any number is none, and is said.

    Raises
    ------
    ProblemsFound
        Where a score or a length is no number, as with a decimal comma.
    """
    notes, problems = [], []
    for name in ("score", "start", "utr3_length"):
        if name not in rows:
            continue
        texts = rows[name].cat.categories.astype(str).str.strip()
        numbers = pd.Series(pd.to_numeric(texts, errors="coerce"), dtype=float)
        wrong = texts[numbers.isna().to_numpy() & ~texts.isin(_MISSING)]
        own = getattr(layout, name)
        if len(wrong) and name != "start" and (numbers.notna().any() or wrong.str.contains(r"\d,\d").any()):
            hint = "write numbers with a decimal point, and NA where there is none"
            found = f"{listing(map(repr, wrong), 3)}"
            problems.append(Problem("not_a_number", "not a number", f"{path}, column '{own}'", found, hint))
        elif len(wrong) and name == "score":
            notes.append(f"'{own}' has no numbers ({listing(map(repr, wrong), 3)}): there are no scores")
        values = numbers.astype("float32").reindex(rows[name].cat.codes)
        rows = rows.assign(**{name: pd.Series(values.to_numpy(), index=rows.index)})
    if problems:
        raise ProblemsFound(problems)
    return rows, notes


def _found_to_interact(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Leave out pairs that an experiment found not to interact, and count them."""
    if "finding" not in rows:
        return rows, 0
    texts = rows["finding"].cat.categories
    negative = texts[texts.astype(str).str.strip().str.lower().str.match(r"negative|non-?functional")]
    denied = rows["finding"].isin(negative).to_numpy()
    return rows[~denied].drop(columns="finding").reset_index(drop=True), int(denied.sum())


def _within_scores(rows: pd.DataFrame, table: TargetTable, path: str) -> tuple[pd.DataFrame, int]:
    if table.min_score is None and table.max_score is None:
        return rows, 0
    if "score" not in rows or rows["score"].isna().all():
        key = "max_score" if table.min_score is None else "min_score"
        hint = "leave the key out, or name the column: `columns: {score: ...}`"
        raise refusal("no_scores", f"`{key}` of `targets` needs scores, and the table has none", path, "", hint)
    if table.max_score is None and (rows["score"].dropna() < 0).mean() > 0.5:
        what = "`min_score` leaves out the strongest sites: most scores are below 0, where the lower is the stronger"
        found = f"{rows['score'].min():.3g} to {rows['score'].max():.3g}, and `min_score: {table.min_score:g}`"
        hint = f"write `max_score: {table.min_score:g}` instead"
        raise refusal("weak_sites_only", what, path, found, hint)
    low = float("-inf") if table.min_score is None else table.min_score
    high = float("inf") if table.max_score is None else table.max_score
    kept = rows["score"].between(low, high)
    return rows[kept].reset_index(drop=True), int((~kept).sum())


def _site_types(column: pd.Series, written: dict[str, str]) -> tuple[pd.Series, dict[str, int]]:
    """Name types of site as `SITE_TYPES` does; return as well what is not known, and in how many rows."""
    names = list(SITE_TYPES)
    texts = [str(text).strip() for text in column.cat.categories]
    codes = pd.Series([names.index(written.get(text.lower(), "other")) for text in texts], dtype=int)
    coded = codes.reindex(column.cat.codes, fill_value=names.index("other"))
    counted = np.bincount(column.cat.codes[column.cat.codes >= 0], minlength=len(texts))
    unknown = {
        text: int(n)
        for text, n in zip(texts, counted, strict=True)
        if n and text.lower() not in written and text not in _MISSING
    }
    return pd.Series(pd.Categorical.from_codes(coded, names), column.index), unknown


def _none_of_species(path: str, species: str, others: dict[str, int], n_rows: int) -> ProblemsFound:
    own = species_in_words(species)
    if not n_rows or not others or species == AS_NAMED:
        hint = "name the file that has the rows"
        return refusal("no_rows", "this table of targets has a header and no rows", path, "", hint)
    found = listing(
        f"{n:,} row{'s' if n > 1 else ''} of {each}" for each, n in sorted(others.items(), key=lambda each: -each[1])
    )
    hint = f"give the table of {own}: TargetScan and miRTarBase have one for each species"
    what = f"these are targets of another species than the study's ({own})"
    return refusal("targets_of_other_species", what, path, found, hint)
