"""Files are the same every time, whatever else was drawn; colours stay apart."""

import colorsys
import contextlib
import re
import zlib

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mircargo.figures import style, volcano
from mircargo.figures.catalogue import ENDINGS
from mircargo.figures.placement import blank, limit


@pytest.fixture
def results() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    n = 120
    p = rng.uniform(size=n) ** 6
    return pd.DataFrame(
        {
            "feature": [f"mmu-miR-{i}-5p" for i in range(n)],
            "baseMean": rng.lognormal(4, 2, n),
            "log2FoldChange": rng.normal(0, 2, n),
            "lfcSE": 0.5,
            "stat": 0.0,
            "pvalue": p,
            "padj": np.minimum(1, 3 * p),
            "status": "tested",
        }
    )


def test_files_are_byte_for_byte_the_same(tmp_path, results):
    written = []
    for turn in ("first", "second"):
        table = volcano.tabulate(results, ["mmu-miR-21-5p"], ["mmu-miR-7-5p"], 0.05)
        figure = volcano.plot(table, alpha=0.05, change="SNI / sham", title="A <b> & $x_1$")
        style.save(figure, tmp_path / turn / "volcano.ev_sni", table)
        written.append({path.name: path.read_bytes() for path in (tmp_path / turn).iterdir()})
        # A notebook has figures of its own and settings of its own in between.
        plt.figure()
        plt.rcParams["font.size"] = 30
    plt.close("all")
    plt.rcdefaults()
    assert sorted(written[0]) == [f"volcano.ev_sni.{ending}" for ending in sorted(ENDINGS)]
    assert written[0] == written[1]
    svg = written[0]["volcano.ev_sni.svg"].decode()
    assert ">miR-21-5p</text>" in svg
    assert "log2 fold change (SNI / sham)" in svg
    assert "A &lt;b&gt; &amp; $x_1$" in svg
    assert "<dc:date>" not in svg
    pdf = written[0]["volcano.ev_sni.pdf"]
    assert {"miR-21-5p", "log2 fold change (SNI / sham)", "A <b> & $x_1$"} <= set(text_in(pdf))
    assert b"/FontFile2" in pdf, "the fonts are TrueType (type 42), so that the text can be edited"
    assert b"/Type3" not in pdf
    assert b"Date" not in pdf


def text_in(pdf: bytes) -> list[str]:
    """Return what each command writes; letters stand as UTF-16, in pieces where pairs are kerned."""
    streams = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            streams.append(zlib.decompress(stream))
    written = [
        b"".join(re.findall(rb"\(((?:[^\\()]|\\.)*)\)", command, re.DOTALL))
        for stream in streams
        for command in re.findall(rb"\[([^\]]*)\]\s+TJ", stream, re.DOTALL)
    ]
    return [re.sub(rb"\\(.)", rb"\1", each).decode("utf-16-be", "replace") for each in written]


def test_a_pdf_has_each_letter_that_is_written_in_its_fonts(tmp_path, results):
    """Fonts are cut down to the letters used; where that went wrong they would be boxes, or another size."""
    style.save(blank("Zq7"), tmp_path / "few", results)
    style.save(blank("The quick brown fox jumps over the lazy dog, 0123456789"), tmp_path / "many", results)
    few, many = ((tmp_path / f"{name}.pdf").read_bytes() for name in ("few", "many"))
    assert "Zq7" in text_in(few)
    assert len(few) < len(many) < 60_000


def test_missing_values_and_digits_in_the_table(tmp_path):
    style.save(blank("x"), tmp_path / "a", pd.DataFrame({"p": [1 / 3, np.nan, 1e-300], "s": ["é", None, "b"]}))
    assert (tmp_path / "a.tsv").read_bytes() == "p\ts\n0.333333\té\nNA\tNA\n1e-300\tb\n".encode()


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    class Unwritable(pd.DataFrame):
        def to_csv(self, *_args, **_kwargs):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        style.save(blank("x"), tmp_path / "a", Unwritable())
    assert {path.name for path in tmp_path.iterdir()} == {"a.svg", "a.pdf", "a.png"}


def test_settings_of_the_caller_return_and_no_figure_stays_open(results):
    before = plt.rcParams["font.size"]
    volcano.plot(volcano.tabulate(results, [], [], 0.05), alpha=0.05, change="a / b")
    assert plt.rcParams["font.size"] == before
    assert plt.get_fignums() == []


@pytest.mark.parametrize("levels", [1, 2, 7, 8, 40])
def test_every_level_has_a_colour_of_its_own(levels):
    values = pd.Series([f"level {i}" for i in range(levels)] * 2)
    colours = style.colours_of(values)
    assert list(colours) == list(dict.fromkeys(values))
    assert len(set(colours.values())) == levels


def test_up_down_and_not_significant_differ_in_grey():
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return colorsys.rgb_to_yiq(red, green, blue)[0]

    grey = sorted(map(lightness, (style.UP, style.DOWN, style.NOT_SIGNIFICANT, style.TARGET)))
    assert min(np.diff(grey)) > 0.1


def test_limit_reaches_the_largest_value_unless_it_is_far_out():
    assert limit(pd.Series([1.0, -4.0, 2.0, 3.0]), 1.0) == 4.0
    assert limit(pd.Series([1.0, 2.0, 2.0, -90.0]), 1.0) == 6.0
    assert limit(pd.Series([np.inf, np.nan]), 2.0) == 2.0


def test_columns_of_a_sheet_do_not_share_colours_while_there_are_enough():
    sheet = pd.DataFrame({"group": list("aabb"), "id": list("wxyx"), "batch": list("1212"), "many": list("abcd")})
    colours = style.colours_of_sheet(sheet, {})
    assert not set(colours["group"].values()) & set(colours["id"].values())
    assert list(colours["many"]) == list("abcd")
    assert len(set(colours["many"].values())) == 4
