"""Cumulative distribution of the fold changes of a miRNA's targets in the recipient, against matched genes."""

from collections.abc import Sequence
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from mircargo.figures import catalogue
from mircargo.figures.inputs import Drawn, RecipientInputs
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, counted, frame, legend_above, new_figure
from mircargo.figures.style import LEVELS, ONE_COLUMN, REFERENCES, style
from mircargo.model.differential_table import format_p
from mircargo.problems import listing
from mircargo.recipient.matching import COVARIATES, FEWEST_GENES
from mircargo.results.columns import Column, P
from mircargo.results.recipient_columns import COMPARED

MATCHED: Final = "matched genes"
COLUMNS: Final = {
    "group": Column("Type of the best site, or matched genes", f"{MATCHED}, 8mer, 7mer-m8, 7mer-A1, other"),
    "gene": COMPARED["gene"],
    "symbol": COMPARED["symbol"],
    "adjusted": COMPARED["adjusted"],
    "weight": Column("Its share in its group", P),
    "cumulative": Column("Share of its group that has at most this change", P),
}
# Matched genes first, then the strongest sites; lines differ in grey print and by their strokes.
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    MATCHED: {"color": REFERENCES[0], "linewidth": 2.2},
    "8mer": {"color": LEVELS[2], "linewidth": 1.3},
    "7mer-m8": {"color": LEVELS[0], "linewidth": 1.2, "linestyle": (0, (5, 1.2))},
    "7mer-A1": {"color": LEVELS[1], "linewidth": 1.2, "linestyle": (0, (1.4, 0.9))},
    "other": {"color": LEVELS[4], "linewidth": 1.2, "linestyle": (0, (5, 1.2, 1.2, 1.2))},
}
_NAMES: Final = {"other": "type not known"}
_SHOWN: Final = 0.98  # of the matched genes lie within the axis


def tabulate(compared: pd.DataFrame, family: str | None) -> pd.DataFrame:
    """Work out the cumulative distribution of each group of genes.

    Parameters
    ----------
    compared
        `recipient/compared.tsv`.
    family
        The family (bases 2 to 8) of the target; None makes an empty table.

    Returns
    -------
    pandas.DataFrame
        One row a gene, with `COLUMNS`: the matched genes first, then targets by the type of their best site; each
        group from the lowest change to the highest. Weights add up to 1 in each group.
    """
    own = compared[compared["family"] == family]
    own = own.assign(group=own["site_type"].astype(object).fillna(MATCHED))
    place = {group: number for number, group in enumerate(_LOOKS)}
    own = own.assign(order=own["group"].map(place)).sort_values(["order", "adjusted", "gene"], kind="stable")
    own["weight"] = own["weight"] / own.groupby("group")["weight"].transform("sum")
    own["cumulative"] = own.groupby("group")["weight"].cumsum()
    return own.reindex(columns=list(COLUMNS)).reset_index(drop=True)


@style()
def plot(
    table: pd.DataFrame, *, dose: pd.DataFrame, where: str, adjusted_for: Sequence[str], **words: Unpack[Words]
) -> Figure:
    """Draw the table of `tabulate`: a line to the left of the grey one is of genes that fell.

    Parameters
    ----------
    table
        From `tabulate`.
    dose
        Rows of the family in `recipient/dose.tsv`: the shift of each type, which the legend gives.
    where
        What people read of the cells.
    adjusted_for
        What genes were matched for, as of `answer.json`.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.
    """
    if table.empty:
        return blank("The targets of this miRNA were not compared with other genes.", **words)
    figure = new_figure(ONE_COLUMN, 3.7)
    axes = figure.subplots()
    groups = {str(name): part for name, part in table.groupby("group", sort=False)}
    reach = _reach(groups.get(MATCHED, table))
    axes.axvline(0, color="#CCCCCC", linewidth=0.5, zorder=0)
    for name, part in groups.items():
        x = np.concatenate([[-1e6], part["adjusted"].to_numpy(dtype=float), [1e6]])
        y = np.concatenate([[0.0], part["cumulative"].to_numpy(dtype=float), [1.0]])
        axes.step(x, y, where="post", zorder=2 if name == MATCHED else 3, **_LOOKS[name])
    axes.set(xlim=(-reach, reach), ylim=(0, 1), xlabel="log2 fold change, adjusted", ylabel="share of genes")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(axis="y", color="#EEEEEE", linewidth=0.5)
    shifts = dose[dose["by"] == "site type"].set_index("stratum")
    keys = [Line2D([], [], label=_label(name, len(part), shifts), **_LOOKS[name]) for name, part in groups.items()]
    legend_above(axes, keys, 1)
    beyond = int((table["adjusted"].abs() > reach).sum())
    frame(
        figure,
        f"In {where}. Shift with its interval by type of the best site.",
        f"Adjusted for {listing([*(COVARIATES[name] for name in adjusted_for), 'other families'], 9)}.",
        "Matched genes count as often as they are matched.",
        f"{counted(beyond, 'gene')} beyond the axis." if beyond else "",
        **words,
    )
    return figure


def _reach(table: pd.DataFrame) -> float:
    """Return the distance from 0 within which nearly all of the weight lies."""
    size = table.assign(size=table["adjusted"].abs()).sort_values("size")
    inside = size.loc[size["weight"].cumsum() / size["weight"].sum() <= _SHOWN, "size"]
    return 1.05 * max(float(inside.max()) if len(inside) else float(size["size"].max()), 0.1)


def _label(name: str, n: int, shifts: pd.DataFrame) -> str:
    label = f"{_NAMES.get(name, name)} ({n:,})"
    if name not in shifts.index:
        return label
    row = shifts.loc[name]
    return f"{label}: {row['shift']:+z.2f} [{row['ci_low']:+z.2f}, {row['ci_high']:+z.2f}]"


def shift_sentence(families: pd.DataFrame, family: str | None, name: str) -> str:
    """Give the shift of all targets of a family, with n and p; or why there is none."""
    own = families[families["family"] == family]
    if own.empty:
        return f"The table of targets has no site of {name}."
    row = own.iloc[0]
    n = counted(int(row["n_targets"]), "target")
    if pd.isna(row["shift"]):
        few = "too few to be tested" if row["n_targets"] < FEWEST_GENES else "too few genes are without a site of it"
        return f"{n} of {name}: {few}."
    interval = f"{row['shift']:+z.2f} log2 [{row['ci_low']:+z.2f}, {row['ci_high']:+z.2f}]"
    return f"{n} of {name} against genes like them: shift {interval}, p {format_p(row['pvalue'])}"


def draw(inputs: RecipientInputs) -> Drawn:
    family = inputs.facts["family"]
    name = short_name(inputs.target or str(inputs.facts["target"]))
    table = tabulate(inputs.compared, family)
    dose = inputs.dose[inputs.dose["family"] == family]
    return table, plot(
        table, dose=dose, where=inputs.where, adjusted_for=inputs.facts["matched_for"],
        title=shift_sentence(inputs.families, family, name), simulated=inputs.simulated,
    )  # fmt: skip


FIGURE: Final = catalogue.Figure(
    name="recipient_targets",
    shows="Fold changes of the target's targets in the recipient, against matched genes",
    of="recipient",
    order=1,
    columns=COLUMNS,
    draw=draw,
)
