"""Every format, changed at random: it is refused in words, or read with the counts that stand in it."""

import re

import numpy as np
import pytest
from builders import BUILDERS, COUNTS, SAMPLES
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mircargo.inputs.registry import read_table
from mircargo.problems import ProblemsFound

CELL = st.one_of(
    st.integers(-3, 10**6).map(str),
    st.integers(10**11, 10**20).map(str),
    st.floats(0, 1000).map(lambda x: f"{x:.2f}"),
    st.sampled_from(
        ["", " ", "NA", "nan", "inf", "-", "TRUE", "True", "1e3", "1,5", "1,000", "1 000", "0x1F", "1_000", "#7"]
    ),
    st.text("0123456789.,-+eE abNT'#%;=:()", max_size=6),
)


def value_of(cell, delimiter):
    """Return the number that a person reads in a cell, None where it is no number."""
    text = cell.strip()
    if delimiter != "," and re.fullmatch(r"\d+,\d+", text):
        text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) else None


def truth(builder, cells, name):
    samples = [name] if builder.samples == 1 else SAMPLES
    found = {}
    for text, row in zip(builder.ids, cells, strict=True):
        for sample, cell in zip(samples, row, strict=False):
            found[sample, text.split("_MIMAT")[0].split(" ")[0]] = value_of(cell, builder.delimiter)
    return found


def read(path):
    table = read_table(path)
    found = {}
    for text, row in zip(table.ids, table.counts.to_numpy().tolist(), strict=True):
        for sample, value in zip(table.counts.columns, row, strict=True):
            key = (sample.removesuffix(".mature"), text.split("_MIMAT")[0].split(" ")[0])
            found[key] = found.get(key, 0) + value
    return table, found


def write(path, lines, end="\n"):
    path.write_bytes(end.join([*lines, ""]).encode())


@pytest.mark.parametrize("name", BUILDERS)
def test_valid_tables_are_recognised_and_read(tmp_path, name):
    builder = BUILDERS[name]
    cells = [[str(value) for value in row[: builder.samples]] for row in COUNTS]
    write(tmp_path / "one.txt", builder.lines(cells))
    table, found = read(tmp_path / "one.txt")
    assert table.format == builder.format
    assert "would also fit" not in table.notes[0]
    assert found == truth(builder, cells, "one")
    if table.isomirs is not None:
        assert table.isomirs.columns.tolist()[:3] == ["source_id", "variant", "sequence"]
        assert table.isomirs[table.counts.columns.tolist()].equals(table.counts)


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_traceback_and_no_silent_change_of_a_count(tmp_path, name, data):
    builder = BUILDERS[name]
    cells = [[str(value) for value in row[: builder.samples]] for row in COUNTS]
    if data.draw(st.booleans(), "change a cell"):
        row = data.draw(st.integers(0, len(cells) - 1))
        cell = data.draw(CELL)
        if builder.delimiter not in cell:
            cells[row][data.draw(st.integers(0, builder.samples - 1))] = cell
    lines = builder.lines(cells)
    wanted = truth(builder, cells, "one")
    if data.draw(st.booleans(), "swap rows"):
        first, second = data.draw(st.integers(2, len(lines) - 1)), data.draw(st.integers(2, len(lines) - 1))
        lines[first], lines[second] = lines[second], lines[first]
    if data.draw(st.booleans(), "drop a cell"):
        at = data.draw(st.integers(0, len(lines) - 1))
        separator = builder.delimiter if builder.delimiter in lines[at] and name != "mirtop_gff" else "\t"
        parts = lines[at].split(separator)
        del parts[data.draw(st.integers(0, len(parts) - 1))]
        lines[at] = separator.join(parts)
        # Of a row whose other cell was made empty, nothing is left that anybody could read.
        assume(lines[at].strip())
    if data.draw(st.booleans(), "blank lines"):
        lines.insert(data.draw(st.integers(0, len(lines))), data.draw(st.sampled_from(["", "  ", "\t\t"])))
    if "\t" in lines[-1] and '"' not in lines[-1] and data.draw(st.booleans(), "another delimiter"):
        some = data.draw(st.sampled_from([[0], [1], range(len(lines))]))
        other = data.draw(st.sampled_from([";", "|", ","]))
        lines = [line.replace("\t", other) if i in some else line for i, line in enumerate(lines)]
    write(tmp_path / "one.txt", lines, data.draw(st.sampled_from(["\n", "\r\n", "\r"])))
    try:
        _, found = read(tmp_path / "one.txt")
    except ProblemsFound:
        return
    for key, value in found.items():
        assert key in wanted
        if wanted[key] is None:  # smallrnaseq alone takes an empty cell for a zero
            assert name == "smallrnaseq"
            assert value == 0
        else:
            assert np.isclose(value, wanted[key], rtol=1e-9, atol=1e-6)
    assert len(found) == len(wanted) or any("left out" in note for note in read_table(tmp_path / "one.txt").notes)
