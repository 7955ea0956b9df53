"""Features detected against depth: which libraries are marked and named."""

import pandas as pd
import pytest
from made_samples import caption, legend, within
from matplotlib.colors import to_hex

from mircargo.figures import depth


def libraries(flags) -> pd.DataFrame:
    n = len(flags)
    return pd.DataFrame(
        {
            "sample": [f"s{i}" for i in range(n)],
            "total": [1000 * (i + 1) for i in range(n)],
            "detected": [10 * (i + 1) for i in range(n)],
            "flags": flags,
        }
    )


def sheet_of(table: pd.DataFrame) -> pd.DataFrame:
    n = len(table)
    groups = {"group": [["a", "b"][i % 2] for i in range(n)], "fraction": [["drg", "ev"][i // 2 % 2] for i in range(n)]}
    return pd.DataFrame(groups, index=table["sample"])


def drawn(flags, **words):
    table = depth.tabulate(libraries(flags), sheet_of(libraries(flags)))
    return table, depth.plot(table, colours={"group": {"a": "#777777", "b": "#123456"}}, **words)


def test_flagged_libraries_are_named_and_have_a_rim():
    table, figure = drawn(["", "shallow", "poscounts", "dominated;poscounts", ""], title="t", simulated=True)
    axes = figure.axes[0]
    assert within(axes) == ["s1 (shallow)", "s3 (dominated, poscounts)"]
    assert table["label_rank"].dropna().to_dict() == {1: 1, 3: 2}
    # What is drawn by each group and, with a rim, by each fraction.
    points = axes.collections[0]
    assert points.get_offsets().tolist() == [[1000.0 * i, 10.0 * i] for i in range(1, 6)]
    expected = ["#777777", "#123456", "#777777", "#123456", "#777777"]
    assert [to_hex(colour) for colour in points.get_facecolor()] == expected
    rims = [tuple(place) for each in axes.collections[1:3] for place in each.get_offsets().tolist()]
    assert rims == [(2000.0, 20.0), (4000.0, 40.0)]
    assert {"a", "b", "drg", "ev"} < set(legend(axes))
    assert "1 shallow (s1); 1 dominated by one feature (s3)" in caption(figure)


def test_where_most_are_flagged_the_caption_says_so():
    table, figure = drawn(["dominated"] * 9 + ["shallow"])
    assert within(figure.axes[0]) == ["s9 (shallow)"]
    assert "9 dominated by one feature (s0, s1, s2 and 6 more)" in caption(figure)
    assert table["label_rank"].notna().sum() == 1


@pytest.mark.parametrize("n", [1, 300])
def test_one_library_and_many(n):
    _, figure = drawn([""] * n)
    low, high = figure.axes[0].get_xlim()
    assert low < 1000
    assert high / low >= 3.9
    assert "No library is shallow or dominated" in caption(figure)


def test_a_library_without_reads_is_said_to_be_left_out():
    own = libraries(["", "shallow"])
    own.loc[1, ["total", "detected"]] = 0
    figure = depth.plot(depth.tabulate(own, sheet_of(own)))
    assert "1 without a read not drawn" in caption(figure)
    own["total"] = 0
    assert within(depth.plot(depth.tabulate(own, sheet_of(own))).axes[0]) == ["No library has a read."]
