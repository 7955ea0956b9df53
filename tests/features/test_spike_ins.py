"""Spike-ins on their way through the ledger: kept aside, with every read accounted for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import assembled, source
from mircargo.features.spike_ins import common_spike_ins, find_spike_ins

CEL = "cel-miR-39-3p_MIMAT0000010_Caenorhabditis_elegans_miR-39-3p"


@pytest.mark.parametrize(
    ("source_id", "feature", "names", "expected"),
    [
        ("cel-miR-39-3p", "cel-miR-39-3p", ["cel-miR-39-3p"], "cel-miR-39-3p"),
        (CEL, "MIMAT0000010", ["cel-mir-39-3p"], "cel-miR-39-3p"),
        (CEL, "MIMAT0000010", ["MIMAT0000010"], None),  # neither the name nor the whole id
        ("UniSp6", "UniSp6", ["unisp*"], "UniSp6"),
        ("ERCC-00002", "ERCC-00002", ["ERCC-0000?"], "ERCC-00002"),
        ("ERCC-00002", "ERCC-00002", ["ERCC-000", "ERCC"], None),
        ("a.b", "a.b", ["a?b"], "a.b"),
        ("axb", "axb", ["a.b"], None),  # a point is a point
    ],
)
def test_rows_are_known_by_their_names(source_id, feature, names, expected):
    [found] = find_spike_ins(pd.DataFrame({"source_id": [source_id], "feature": [feature]}), names)
    assert found == expected


def test_spike_ins_are_kept_aside_and_the_ledger_says_so():
    ids = ["mmu-miR-21a-5p", CEL, "UniSp6", "mmu-miR-9-5p"]
    table = source(ids, [[50, 60], [7, 8], [1, 0], [2, 3]], biotypes=["miRNA", "miRNA", "spike", "miRNA"])
    result = assembled(table, biotypes=["miRNA"], spike_ins=["cel-miR-39-3p", "UniSp*"])
    assert list(result.counts.index) == list(result.features["feature"]) == ["mmu-miR-21a-5p", "mmu-miR-9-5p"]
    assert result.spike_ins.T.to_dict("list") == {"cel-miR-39-3p": [7, 8], "UniSp6": [1, 0]}
    assert result.ledger["action"].tolist() == ["kept", "dropped", "dropped", "kept"]
    assert result.ledger["feature"].tolist() == ["mmu-miR-21a-5p", "cel-miR-39-3p", "UniSp6", "mmu-miR-9-5p"]
    assert result.ledger["reason"].str.contains("a spike-in by the configuration").tolist() == [0, 1, 1, 0]
    assert not result.ledger["reason"].str.contains("biotypes").any()
    assert result.balance["dropped_reads"].tolist() == [8, 8]
    assert assembled(table).spike_ins.empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["mmu-miR-21a-5p", "mmu-miR-9-5p", "UniSp2", "UniSp4", CEL, "own_1"]),
            st.integers(0, 1000),
            st.integers(0, 1000),
        ),
        min_size=1,
    ),
    st.sampled_from([1, 3]),
)
def test_reads_of_features_and_spike_ins_add_up(rows, parts):
    rows = [*rows, ("UniSp2", 1, 2), (CEL, 3, 4)]
    values = np.array([row[1:] for row in rows])
    table = source([row[0] for row in rows], values / parts if parts > 1 else values, fractional=parts > 1)
    result = assembled(table, biotypes=["miRNA"], spike_ins=["UniSp?", "cel-*"])
    aside = result.ledger["action"].eq("dropped")
    assert set(result.ledger.loc[aside, "feature"]) == set(result.spike_ins.index)
    assert set(result.ledger.loc[~aside, "feature"]) == set(result.counts.index)
    spent = result.balance[["kept_reads", "dropped_reads", "repeated_reads", "rounding"]].sum(axis=1)
    assert spent.tolist() == pytest.approx(result.balance["input_reads"].tolist(), abs=1e-5)
    dropped = result.balance["dropped_reads"].to_numpy()
    assert abs(result.spike_ins.sum().to_numpy() - dropped).max() <= 0.5 * len(result.spike_ins) + 1e-5


def test_a_table_without_a_spike_in_has_no_zero_but_nothing():
    one = source(["x", "UniSp6"], [[1], [3]], samples="a")
    other = source(["x"], [[2]], samples="b", path="b.tsv")
    assert assembled(one, other, spike_ins=["UniSp6"]).spike_ins.isna().to_numpy().tolist() == [[False, True]]
    zero = replace(other, absent_is_zero=True)
    assert assembled(one, zero, spike_ins=["UniSp6"]).spike_ins.to_numpy().tolist() == [[3, 0]]


def test_spike_ins_side_by_side_keep_the_order_of_the_first_table():
    spikes = ["UniSp6", "UniSp2"]
    one = source([*spikes, "x"], [[1], [2], [3]], samples="a")
    other = source(["x", *spikes], [[3], [1], [2]], samples="b", path="b.tsv")
    assert list(assembled(one, other, spike_ins=["UniSp?"]).spike_ins.index) == spikes
    names = ["x", "cel-miR-39-3p", "UniSp6"]
    assert common_spike_ins(pd.DataFrame({"source_id": names, "feature": names})).tolist() == names[1:]
