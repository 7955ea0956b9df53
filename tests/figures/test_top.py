"""The surest changed features in every sample: which samples, where they stand, and what is said."""

import numpy as np
import pandas as pd
import pytest
from made_samples import caption
from matplotlib.colors import to_hex

from mircargo.config import Contrast
from mircargo.figures import top

INJURY = Contrast(variable="condition", level="injured", reference="control", subset={"fraction": ["ev"], "day": ["7"]})


def study(n: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [
        (f"{fraction}_{day}_{condition}_{i}", condition, fraction, day)
        for fraction in ("drg", "ev")
        for day in ("7", "1")
        for condition in ("injured", "control", "sham")
        for i in range(n)
    ]
    sheet = pd.DataFrame(rows, columns=["sample", "condition", "fraction", "day"]).set_index("sample")
    values = pd.DataFrame(
        [np.arange(len(sheet)) + 7.5 for _ in range(9)],
        index=[f"mmu-miR-{i}-5p" for i in range(9)],
        columns=sheet.index,
    )
    return values, sheet


def chosen(n: int = 2) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rank": range(1, n + 1), "feature": [f"mmu-miR-{i}-5p" for i in range(n)][::-1],
            "role": ["target", *["none"] * (n - 1)], "log2FoldChange": 1.0, "padj": 1e-5, "call": "up",
            "robust": [True, *[False] * (n - 1)], "n_changed": 12,
        }
    )  # fmt: skip


def table_of(n: int = 2, contrast: Contrast = INJURY, blocks: tuple[str, ...] = ("fraction",), size: int = 3):
    values, sheet = study(size)
    own = sheet.index[(sheet["fraction"] == "ev") & (sheet["day"] == "7")]
    return top.tabulate(chosen(max(n, 1)).head(n), values, sheet, contrast, own=own, blocks=blocks)


def test_samples_of_the_groups_in_all_fractions_of_the_same_day():
    table = table_of()
    first = table[table["rank"] == 1]
    assert first["feature"].unique().tolist() == ["mmu-miR-1-5p"]
    assert first["sample"].tolist() == [
        f"{fraction}_7_{group}_{i}" for fraction in ("drg", "ev") for group in ("control", "injured") for i in range(3)
    ]
    assert first.groupby("block", sort=False)["in_contrast"].all().to_dict() == {"drg": False, "ev": True}
    values, _ = study()
    assert first["normalised_count"].tolist() == values.loc["mmu-miR-1-5p", first["sample"]].tolist()
    # ev_7_control are samples 21 to 23 with counts 28.5, 29.5, 30.5, and one half is added.
    mean = first.loc[first["sample"] == "ev_7_control_1", "group_mean"].iloc[0]
    assert mean == pytest.approx((29 * 30 * 31) ** (1 / 3))


def test_points_stand_by_block_and_group_in_their_colours():
    figure = top.plot(
        table_of(), INJURY, alpha=0.05, colours={"control": "#777777", "injured": "#123456"}, title="t", simulated=True
    )
    panel = figure.axes[0]
    reference, _, level, _ = panel.collections
    assert reference.get_offsets()[:, 0].round().tolist() == [0, 0, 0, 1, 1, 1]
    assert (reference.get_offsets()[:, 0] % 1)[:3].max() > 0.5, "left of the middle of the block"
    assert (level.get_offsets()[:, 0] % 1).max() < 0.5
    assert (to_hex(reference.get_facecolor()[0]), to_hex(level.get_facecolor()[0])) == ("#777777", "#123456")
    assert [patch.get_x() for patch in panel.patches] == pytest.approx([0.54]), "the contrast's own block is shaded"
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["drg", "ev"]
    assert panel.get_title() == "up, robust, p 1.0e-05"
    assert figure.axes[1].get_title() == "up, p 1.0e-05"
    names = [(axes.texts[0].get_text(), axes.texts[0].get_fontweight()) for axes in figure.axes]
    assert names == [("miR-1-5p", "bold"), ("miR-0-5p", "normal")]
    assert "The 2 surest of 12 changed features" in caption(figure)
    assert "On grey: the samples of the contrast" in caption(figure)


def test_a_slope_has_all_numbers_from_left_to_right():
    values, sheet = study()
    sheet["age"] = [str(i) for i in range(len(sheet))]
    slope = Contrast(variable="age", level="9", reference="0", per_unit=True)
    own = list(sheet.index[:6])
    table = top.tabulate(chosen(1), values, sheet, slope, own=own, blocks=["fraction"])
    assert table["group"].tolist() == [str(i) for i in range(36)]
    assert table["group_mean"].isna().all()
    at = top.plot(table, slope, alpha=0.05).axes[0].collections[0].get_offsets()[:, 0]
    assert (np.diff(at) > 0).all()
    assert at[[0, 35]].tolist() == pytest.approx([-0.4, 1.4])


def test_without_blocks_there_is_one():
    contrast = INJURY.model_copy(update={"subset": {"fraction": ["ev"], "day": ["7"]}})
    table = table_of(1, contrast, ())
    assert table["block"].isna().all()
    assert table["in_contrast"].all()
    assert len(table) == 6
    assert "On grey" not in caption(top.plot(table, contrast, alpha=0.05))


@pytest.mark.parametrize("size", [3, 150])
def test_panels_and_their_words_stay_apart(size):
    table = table_of(8, size=size)
    table["block"] = "extracellular vesicles of the " + table["block"].astype(str) + " of the lumbar spinal cord"
    figure = top.plot(table, INJURY, alpha=0.05, title="Injury in exosomes", simulated=True)
    figure.draw_without_rendering()
    for axes in figure.axes[5:8]:
        left, right = (label.get_window_extent() for label in axes.get_xticklabels())
        assert left.x1 < right.x0
    assert figure.get_size_inches()[0] == 7.2
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert max(box.y1 for box in boxes) < min(text.get_window_extent().y0 for text in figure.texts[:2])


def test_nothing_changed_is_said():
    empty = table_of(0)
    assert list(empty) == list(top.COLUMNS)
    assert "No feature changed" in top.plot(empty, INJURY, alpha=0.05).axes[0].texts[0].get_text()
