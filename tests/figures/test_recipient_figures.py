"""The figures of the recipient cells: their values worked out by hand, and what they say."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, legend

from mircargo.figures import recipient_agreement, recipient_families, recipient_targets
from mircargo.recipient.agreement import AGREEMENTS

# Three matched genes, of which one counts twice, and targets of two types; in no order.
COMPARED = pd.DataFrame(
    [
        ("F", "a", 0.2, "8mer", 0.30),
        ("F", "b", -0.4, "8mer", 0.10),
        ("F", "c", -0.1, "7mer-A1", 0.60),
        ("F", "x", 0.1, None, 0.50),
        ("F", "y", -0.2, None, 0.25),
        ("F", "z", 0.3, None, 0.25),
        ("G", "a", 0.2, "8mer", 1.0),
    ],
    columns=["family", "gene", "adjusted", "site_type", "weight"],
).assign(symbol=None, log2FoldChange=0.0)
DOSE = pd.DataFrame(
    {"family": "F", "by": "site type", "stratum": ["8mer"], "shift": -0.004, "ci_low": -0.2, "ci_high": 0.1}
)


def families(n: int, **columns) -> pd.DataFrame:
    table = pd.DataFrame({"family": [f"F{i:03d}" for i in range(n)], "features": [f"mmu-miR-{i}-5p" for i in range(n)]})
    table = table.assign(n_targets=50, shift=np.linspace(-0.2, 0.2, n), pvalue=np.linspace(0.1, 0.9, n), padj=0.9)
    table = table.assign(ci_low=table["shift"] - 0.05, ci_high=table["shift"] + 0.05, call="none")
    return table.assign(**columns)


def agreed(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["feature", "log2FoldChange", "shift", "agreement"])
    table = table.assign(family=table["feature"], padj=0.01, tier=None, n_targets=50, same_family=None)
    return table.assign(ci_low=table["shift"] - 0.05, ci_high=table["shift"] + 0.05, shift_pvalue=0.01)


def test_cumulative_shares_are_weighted_and_each_group_adds_up_to_one():
    found = recipient_targets.tabulate(COMPARED, "F")
    rows = list(zip(found["group"], found["gene"], found["cumulative"].round(6), strict=True))
    assert rows == [
        ("matched genes", "y", 0.25), ("matched genes", "x", 0.75), ("matched genes", "z", 1.0),
        ("8mer", "b", 0.25), ("8mer", "a", 1.0), ("7mer-A1", "c", 1.0),
    ]  # fmt: skip


def test_lines_step_at_each_gene_and_the_legend_has_n_and_shift():
    table = recipient_targets.tabulate(COMPARED, "F")
    figure = recipient_targets.plot(table, dose=DOSE, where="macrophages", adjusted_for=["utr3_length"], title="t")
    axes = figure.axes[0]
    assert legend(axes) == ["matched genes (3)", "8mer (2): +0.00 [-0.20, +0.10]", "7mer-A1 (1)"]
    eight = axes.lines[2].get_xydata()
    at = [eight[eight[:, 0] <= x][-1, 1] for x in (-0.41, -0.39, 0.21)]
    assert at == pytest.approx([0, 0.25, 1])
    assert "Adjusted for length of the 3'UTR, other families." in caption(figure)


def test_what_is_said_of_the_shift():
    table = families(2, pvalue=[0.0004, 0.5], n_targets=[223, 1], shift=[-0.118, np.nan])
    table = table.assign(ci_low=-0.17, ci_high=-0.069)
    said = [recipient_targets.shift_sentence(table, family, "miR-0") for family in ("F000", "F001", None)]
    assert said == [
        "223 targets of miR-0 against genes like them: shift -0.12 log2 [-0.17, -0.07], p 4.0e-04",
        "1 target of miR-0: too few to be tested.",
        "The table of targets has no site of miR-0.",
    ]


def test_forest_takes_target_called_and_co_cargo_before_small_p_and_sums_up_the_rest():
    table = families(100)
    table.loc[99, "call"] = "down"  # the largest p of all
    co_cargo = agreed(("mmu-miR-97-5p", 1, 0, "no response")).assign(family="F097", tier="candidate")
    found = recipient_families.tabulate(table, co_cargo, "F098", "mmu-miR-98-5p")
    own = found[found["kind"] == "family"]
    # Target, called, co-cargo; then the 27 with the smallest p, which are the lowest shifts.
    assert own["family"].tolist() == [*(f"F{i:03d}" for i in range(27)), "F097", "F098", "F099"]
    assert own.set_index("family")["role"].drop(own["family"][:27]).tolist() == ["co-cargo", "target", "none"]
    rest = found.iloc[-1]
    shifts = np.linspace(-0.2, 0.2, 100)[27:97]
    assert (rest["n_families"], rest["label"]) == (70, "70 others: 95% of their shifts")
    assert [rest["lowest"], rest["highest"]] == pytest.approx([shifts[0], shifts[-1]])
    # Evenly spaced: the quantile q of n values lies (n - 1) q steps above the first.
    step = 0.4 / 99
    assert [rest["ci_low"], rest["shift"], rest["ci_high"]] == pytest.approx(
        [shifts[0] + 69 * q * step for q in (0.025, 0.5, 0.975)]
    )


def test_families_are_named_by_the_target_first_and_long_ones_are_cut_between_names():
    own = ["mmu-miR-21c/mmu-miR-21a-5p", "/".join(f"mmu-miR-46{i}-3p" for i in range(6)), None]
    found = recipient_families.tabulate(families(3, features=own), agreed(), "F000", "mmu-miR-21a-5p")
    assert found["label"].tolist() == [
        "miR-21a-5p/miR-21c", "miR-460-3p/miR-461-3p/miR-462-3p and 3 more", "not in the study: F002",
    ]  # fmt: skip


def test_forest_draws_a_row_each_and_writes_its_numbers():
    table = families(3, call=["down", "none", "up"])
    table.loc[1, ["shift", "pvalue"]] = np.nan  # not tested
    figure = recipient_families.plot(recipient_families.tabulate(table, agreed(), "F000"), where="macrophages")
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["miR-0-5p", "miR-2-5p"]
    assert legend(axes) == ["targets fall", "targets rise", "the target's family", "another family"]
    numbers = [text.get_text() for text in axes.child_axes[0].get_yticklabels()]
    assert numbers == ["-0.20 [-0.25, -0.15], 50, 0.9", "+0.20 [+0.15, +0.25], 50, 0.9"]


def test_agreement_names_the_target_and_what_is_surest():
    rows = [(f"mmu-miR-{tier}-{i}", 1.0 + i, -0.1, tier) for tier in AGREEMENTS for i in range(3)]
    table = agreed(*rows, ("mmu-miR-21a-5p", 2.5, 0.01, "no response"))
    table.loc[table["agreement"] == "not tested", "shift"] = np.nan
    table.loc[table["feature"] == "mmu-miR-strong-2", "shift_pvalue"] = 0.001
    found = recipient_agreement.tabulate(table, "mmu-miR-21a-5p")
    ranked = found.dropna(subset="label_rank").sort_values("label_rank")["feature"].str.removeprefix("mmu-miR-")
    assert ranked.tolist() == [
        "21a-5p", "strong-2", "strong-0", "strong-1", "supported-0", "supported-1", "supported-2",
        "opposed-0", "opposed-1", "opposed-2",
    ]  # fmt: skip


def test_agreement_draws_what_was_tested_and_keeps_names_off_each_other_and_the_words():
    rows = [(f"mmu-miR-{100 + i}-5p", -2 + i / 5, (-1) ** i * 0.02 * i, "supported") for i in range(8)]
    table = agreed(("mmu-miR-21a-5p", 2.0, -0.2, "strong"), *rows, ("mmu-miR-9-5p", 1.0, np.nan, "not tested"))
    figure = recipient_agreement.plot(recipient_agreement.tabulate(table, "mmu-miR-21a-5p"), where="macrophages")
    axes = figure.axes[0]
    assert sum(len(each.get_offsets()) for each in axes.collections) == 9
    assert legend(axes) == ["strong (1)", "supported (8)"]
    named = [text.get_text() for text in axes.texts if text.get_text().startswith("miR-")]
    assert sorted(named) == sorted(["miR-21a-5p", *(f"miR-{100 + i}-5p" for i in range(8))])
    assert [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"] == ["miR-21a-5p"]
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(one.overlaps(two) for one, two in combinations(boxes, 2))
    assert "9 miRNAs" in caption(figure)
    assert "1 not tested, not drawn." in caption(figure)
    # The words stand in the quadrant that they describe: right is more in exosomes, down is a fall of targets.
    words = {text.get_text(): text.get_position() for text in axes.texts if "targets" in text.get_text()}
    assert len(words) == 4
    for text, (x, y) in words.items():
        assert (x > 0.5) == text.startswith("more")
        assert (y < 0.5) == ("fall" in text)
        assert ((x > 0.5) == (y < 0.5)) == text.endswith("as predicted")


def test_the_target_is_drawn_where_it_is_however_far_off():
    # Its shift is what the figure is about: four times that of any other, it would be clipped as an outlier.
    rows = [(f"mmu-miR-{100 + i}-5p", i / 20 - 1, 0.05 * (-1) ** i, "no response") for i in range(40)]
    table = agreed(("mmu-miR-21a-5p", 2.0, -0.6, "strong"), ("mmu-miR-9-5p", 1.0, 0.9, "opposed"), *rows)
    figure = recipient_agreement.plot(recipient_agreement.tabulate(table, "mmu-miR-21a-5p"), where="macrophages")
    heights = np.concatenate([each.get_offsets()[:, 1] for each in figure.axes[0].collections])
    assert heights.min() == -0.6
    assert heights.max() == pytest.approx(0.6), "the other stands at the rim"
    assert "drawn at its rim: miR-9-5p" in caption(figure)


@pytest.mark.parametrize(
    "figure",
    [
        recipient_targets.plot(
            recipient_targets.tabulate(COMPARED, None), dose=DOSE, where="cells", adjusted_for=[], title="t"
        ),
        recipient_families.plot(recipient_families.tabulate(families(0), agreed(), None), where="cells"),
        recipient_agreement.plot(recipient_agreement.tabulate(agreed(), None), where="cells"),
    ],
)
def test_where_there_is_nothing_the_figure_says_so(figure):
    said = " ".join(text.get_text().replace("\n", " ") for text in figure.axes[0].texts)
    assert any(word in said for word in ("not compared", "enough targets", "No miRNA"))
