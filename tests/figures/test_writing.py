"""Files are the same every time, whatever else was drawn, and say what was drawn."""

import contextlib
import re
import zlib

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from mircargo.figures import volcano
from mircargo.figures.catalogue import ENDINGS
from mircargo.figures.placement import blank
from mircargo.figures.style import style
from mircargo.figures.writing import rehearse, save


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


def test_the_rehearsal_needs_no_temporary_folder_which_a_killed_run_would_leave_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    rehearse()


def test_files_are_byte_for_byte_the_same(tmp_path, results):
    written = []
    for turn in ("first", "second"):
        table = volcano.tabulate(results, ["mmu-miR-21-5p"], ["mmu-miR-7-5p"], 0.05)
        figure = volcano.plot(table, alpha=0.05, change="SNI / sham", title="A <b> & $x_1$")
        save(figure, tmp_path / turn / "volcano.ev_sni", table)
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
    save(blank("Zq7"), tmp_path / "few", results)
    save(blank("The quick brown fox jumps over the lazy dog, 0123456789"), tmp_path / "many", results)
    few, many = ((tmp_path / f"{name}.pdf").read_bytes() for name in ("few", "many"))
    assert "Zq7" in text_in(few)
    assert len(few) < len(many) < 60_000


def test_missing_values_and_digits_in_the_table(tmp_path):
    save(blank("x"), tmp_path / "a", pd.DataFrame({"p": [1 / 3, np.nan, 1e-300], "s": ["é", None, "b"]}))
    assert (tmp_path / "a.tsv").read_bytes() == "p\ts\n0.333333\té\nNA\tNA\n1e-300\tb\n".encode()


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    class Unwritable(pd.DataFrame):
        def to_csv(self, *_args, **_kwargs):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        save(blank("x"), tmp_path / "a", Unwritable())
    assert {path.name for path in tmp_path.iterdir()} == {"a.svg", "a.pdf", "a.png"}


def test_a_png_has_the_pixels_that_were_drawn_at_300_dpi(tmp_path, results):
    def drawn():
        return volcano.plot(volcano.tabulate(results, [], [], 0.05), alpha=0.05, change="a / b", simulated=True)

    canvas = FigureCanvasAgg(drawn())
    with style():
        canvas.draw()
    pixels = np.array(canvas.buffer_rgba())
    save(drawn(), tmp_path / "a", results)
    with Image.open(tmp_path / "a.png") as read:
        read.verify()
    with Image.open(tmp_path / "a.png") as read:
        assert read.mode == "RGB"
        assert np.array_equal(np.asarray(read), pixels[..., :3])
        assert read.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert (pixels[..., 3] == 255).all(), "nothing is lost without the opacity"
    assert len(np.unique(pixels)) > 100, "letters and markers are there"
