"""What holds for every figure: no text below 6 points, colours that differ in grey print, a font that journals take."""

import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from made_samples import study
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from test_forest import CONTRASTS, POOLED

from factories import TARGET
from mircargo.config import Contrast, Thresholds
from mircargo.figures import sample_grid, style, writing
from mircargo.figures.catalogue import OF_META, OF_STUDY, figures_of
from mircargo.figures.inputs import (
    CargoInputs,
    ContrastInputs,
    ContrastsInputs,
    MetaInputs,
    NextExperimentInputs,
    RecipientInputs,
    ReleaseInputs,
    SamplesInputs,
)
from mircargo.recipient.agreement import AGREEMENTS, NOT_ASKED
from mircargo.robustness.kinds import KINDS
from mircargo.vocabulary import RELEASE_CLASSES, SITE_TYPES

SMALLEST, CONTRAST = 6.0, 1.5
POWERS = pd.DataFrame(
    [
        ("one", "t", kind, fold, 1.0, n, n / 30)
        for kind in ("wald", "robust")
        for fold in (1.5, 2, 4)
        for n in (3, 9, 24)
    ],
    columns=["contrast", "feature", "call_kind", "fold_change", "depth", "animals", "power"],
)
NEEDED = pd.DataFrame({"contrast": ["one"], "animals_now": [4.0]})
ASKED = Contrast(variable="condition", level="SNI", reference="sham")


def luminance(colour: str) -> float:
    """Weigh the linear intensities of red, green and blue, from the definition of sRGB (IEC 61966-2-1)."""
    encoded = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, two: str) -> float:
    low, high = sorted([luminance(one), luminance(two)])
    return (high + 0.05) / (low + 0.05)


def fit(features: list[str]) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    n = len(features)
    table = pd.DataFrame({"feature": features, "baseMean": rng.lognormal(4, 2, n), "log2FoldChange": 2.0})
    table["log2FoldChange"] = rng.normal(0, 2, n)
    table["log2FoldChange"] += 2.0 * (table["feature"] == TARGET)
    table = table.assign(lfcSE=0.5, stat=table["log2FoldChange"] / 0.5, pvalue=rng.uniform(size=n) ** 6)
    table = table.assign(padj=np.minimum(1, 3 * table["pvalue"]), status="tested")
    half = 1.96 * table["lfcSE"]
    table = table.assign(ci_low=table["log2FoldChange"] - half, ci_high=table["log2FoldChange"] + half)
    table["dispersion_gene_wise"] = rng.lognormal(-1, 1, n)
    return table.assign(dispersion_trend=0.3, dispersion=np.where(table.index < 2, table["dispersion_gene_wise"], 0.3))


def recipient() -> RecipientInputs:
    """Return cells in which every call and agreement occurs, with more families than the forest has rows."""
    rng, n = np.random.default_rng(5), 40
    shift = rng.normal(0, 0.1, n)
    families = pd.DataFrame({"family": [f"F{i}" for i in range(n)], "features": "mmu-let-7a-5p", "n_targets": 50})
    families = families.assign(
        shift=shift, ci_low=shift - 0.1, ci_high=shift + 0.1, pvalue=0.01, padj=0.04, call="none"
    )
    families.loc[1:4, "call"] = ["up", "down", "up", "down"]
    agreement = families[["family", "shift", "ci_low", "ci_high", "n_targets"]].assign(
        feature=[f"mmu-miR-{i}" for i in range(n)], log2FoldChange=rng.normal(0, 2, n), padj=0.01, shift_pvalue=0.01,
        agreement=np.array([*AGREEMENTS])[np.arange(n) % len(AGREEMENTS)], tier=None, same_family=None,
    )  # fmt: skip
    agreement.loc[5:7, "tier"] = "strong"
    agreement.loc[agreement["agreement"] == NOT_ASKED, "shift"] = np.nan
    types = np.array([*SITE_TYPES, None], dtype=object)[[0, 1, 2, 3, -1]]
    compared = pd.DataFrame({"family": "F0", "gene": [f"g{i}" for i in range(100)], "symbol": None, "weight": 0.01})
    compared = compared.assign(adjusted=rng.normal(0, 0.3, 100), site_type=np.tile(types, 20))
    dose = pd.DataFrame({"family": "F0", "by": "site type", "stratum": types[:4], "shift": -0.1, "ci_low": -0.2})
    facts = {"where": "macrophages", "feature": "mmu-miR-0", "family": "F0", "target": "miR-0", "matched_for": ["gc"]}
    return RecipientInputs(families, dose.assign(ci_high=0.0), compared, agreement, facts, 0.05, simulated=True)


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    """Draw every figure with all that it can show: two fractions and a batch, each kind of re-analysis, each class."""
    counts, sheet = study(60, 16)
    counts.index = [TARGET, *counts.index[1:]]
    sheet = sheet.rename(columns={"group": "condition"}).assign(column=sheet.index, batch=list("aabb") * 4)
    colours = style.colours_of_sheet(sheet.drop(columns="column"), {"condition": ["sham"]})
    table = fit(list(counts.index))
    names = [f"without sample {name}" for name in counts.columns] + [f"a {kind}" for kind in KINDS]
    kinds = ["sample"] * 16 + list(KINDS)
    own = table[["feature", "log2FoldChange", "ci_low", "ci_high", "padj"]].assign(call="up")
    variants = pd.concat(
        own.assign(variant=name, kind=kind)
        for name, kind in zip(["as configured", *names], ["base", *kinds], strict=True)
    )
    asked = {"term": "difference", "n_level": 8, "n_reference": 8, "where": {}, "place": "SNI against sham"}
    design = {
        "coefficients": [{"name": "a", "words": "mean of sham"}, {"name": "b", "words": "SNI against sham"}],
        "rows": [
            {"values": [1.0, float(group == "SNI")], "samples": list(rows.index), "group": group}
            for group, rows in sheet.groupby("condition")
        ],
    }
    facts = {
        "asked": asked, "design": design, "contrast_vector": [0.0, 1.0], "formula": "~ condition",
        "groups": {"sham": 8, "SNI": 8}, "size_factor_methods": {"all": "ratio"},
        "scale": {"depends": True, "difference": 1.0, "instead": "total"},
    }  # fmt: skip
    co_cargo = table.assign(tier=np.where(table.index < 9, "strong", None), share_same_call=0.9, cautions=None)
    co_cargo["class"] = np.array([*RELEASE_CLASSES])[table.index % len(RELEASE_CLASSES)]
    co_cargo = co_cargo.assign(residual_correlation=0.4, release_log2FoldChange=1.0, release_padj=0.01)
    co_cargo.loc[3, "cautions"] = "its reads may be fragments of rRNA; " * 6
    release = co_cargo.assign(source_log2FoldChange=np.linspace(-2, 2, len(table)), source_lfcSE=0.3)
    best = list(co_cargo["feature"][1:9])
    marked = {"target": [TARGET], "simulated": True}
    table["call"] = np.where(table["padj"] < 0.05, np.where(table["log2FoldChange"] > 0, "up", "down"), None)
    robustness = table[["feature", "call"]].assign(robust=table.index % 3 > 0)
    libraries = pd.DataFrame(
        {"sample": counts.columns, "total": counts.sum().to_numpy(), "detected": (counts > 0).sum().to_numpy(),
         "flags": ["shallow", *[None] * 15]}
    )  # fmt: skip
    inputs = {
        "samples": SamplesInputs(
            counts=counts.round(), normalised=counts, sheet=sheet, libraries=libraries,
            variables=("condition", "batch"), fraction="fraction", size_factors="Size factors within fractions.",
            colours=colours, **marked,
        ),
        "contrast": ContrastInputs(
            name="SNI against sham", contrast=ASKED, thresholds=Thresholds(), table=table, facts=facts,
            robustness=robustness, variants=variants, cautions={counts.index[2]: "possible fragment of rRNA"},
            values=counts, samples=sheet, everywhere=counts, sheet=sheet, fraction="fraction", colours=colours,
            co_cargo=best, **marked,
        ),
        "contrasts": ContrastsInputs(
            titles={"one": "SNI against sham", "two": "the other"}, fits={"one": table, "two": table},
            stress={"one": robustness, "two": robustness}, alpha=0.05, **marked,
        ),
        "exosomes": CargoInputs(name="SNI against sham", co_cargo=co_cargo, facts=facts, alpha=0.05, **marked),
        "comparison": ReleaseInputs(
            name="SNI against sham", contrast=ASKED, release=release, facts=facts, co_cargo=best, alpha=0.05, **marked,
        ),
        "recipient": recipient(),
        "next_experiment": NextExperimentInputs(
            powers=POWERS, needed=NEEDED, titles={"one": "SNI against sham"}, target="t", power=0.8, simulated=True,
        ),
        "meta": MetaInputs(
            title="Injury", pooled=POOLED, contrasts=CONTRASTS, feature="t", sentence="It is unclear.", alpha=0.05,
            simulated=True, titles={},
        ),
    }  # fmt: skip
    drawn = {figure.name: figure.draw(inputs[figure.of])[1] for figure in figures_of((*OF_STUDY, *OF_META))}
    for figure in drawn.values():
        figure.draw_without_rendering()
    return drawn


@pytest.mark.slow
def test_no_text_is_below_six_points(figures):
    small = {
        (name, text.get_text(), text.get_fontsize())
        for name, figure in figures.items()
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_fontsize() < SMALLEST
    }
    assert not small
    # As it is printed: no figure is wider than a page, which would be scaled down.
    assert all(figure.get_size_inches()[0] <= 7.2 for figure in figures.values())


@pytest.mark.slow
def test_every_text_is_in_a_face_that_comes_with_the_package(figures):
    """Another face would be that of the machine, and so would be the bytes."""
    for kind, figure in figures.items():
        for text in figure.findobj(Text):
            if text.get_text().strip():
                found = text.get_style(), str(text.get_weight())
                assert found in {("normal", "normal"), ("normal", "400"), ("normal", "bold"), ("normal", "700")}, (
                    kind, text.get_text(), found
                )  # fmt: skip


def colour_of(handle) -> str | None:
    """Return the colour that an entry of a legend explains; an open marker has that of its edge."""
    if not isinstance(handle, Line2D):
        return to_hex(handle.get_facecolor())
    if handle.get_marker() in ("None", None, ""):
        return to_hex(handle.get_color()) if handle.get_linestyle() != "None" else None
    face = handle.get_markerfacecolor()
    is_open = face == "none" or to_hex(face) == "#ffffff"
    return to_hex(handle.get_markeredgecolor() if is_open else face)


@pytest.mark.slow
def test_colours_that_a_legend_explains_differ_in_grey(figures):
    alike, seen = [], 0
    for name, figure in figures.items():
        for legend in figure.findobj(Legend):
            colours = sorted({colour_of(handle) for handle in legend.legend_handles} - {None})
            seen += len(colours)
            alike += [(name, *pair) for pair in combinations(colours, 2) if contrast(*pair) < CONTRAST]
    assert not alike
    assert seen > 40


@pytest.mark.slow
def test_the_reference_is_grey_in_every_figure_with_groups(figures):
    for name in ("pca", "sample_correlation", "composition", "heatmap", "design"):
        entries = [
            (text.get_text(), colour_of(handle))
            for legend in figures[name].findobj(Legend)
            for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True)
        ]
        red, green, blue = (dict(entries)["sham"][at : at + 2] for at in (1, 3, 5))
        assert red == green == blue, name


@pytest.mark.parametrize(
    "colours",
    [
        (*style.LEVELS, style.REFERENCES[0], style.TARGET),
        style.REFERENCES,
        (style.UP, style.DOWN, style.NOT_SIGNIFICANT, style.CO_CARGO, style.TARGET),
        tuple(term.colour for term in RELEASE_CLASSES.values()),
    ],
    ids=["levels", "references", "features", "classes"],
)
def test_palettes_differ_in_grey(colours):
    assert min(contrast(*pair) for pair in combinations(colours, 2)) >= CONTRAST


def test_several_references_of_a_column_are_greys_and_levels_keep_off_them():
    sheet = pd.DataFrame({"day": list("abcde"), "many": [str(i) for i in range(5)]})
    colours = style.colours_of_sheet(sheet, {"day": ["c", "a", "e"]})["day"]
    greys = {level for level, colour in colours.items() if len({colour[1:3], colour[3:5], colour[5:]}) == 1}
    assert greys == {"a", "c", "e"}
    assert list(colours) == list("abcde")
    assert min(contrast(*pair) for pair in combinations(colours.values(), 2)) >= CONTRAST


# How red, green and blue are seen without the cones for red, green or blue (Machado, Oliveira and Fernandes 2009).
SEEN = {
    "all": np.eye(3),
    "no red": np.array([[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]),
    "no green": np.array([[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]),
    "no blue": np.array([[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]]),
}


def as_seen(colour: str, eyes: np.ndarray) -> np.ndarray:
    """Return a colour in CIE L*a*b* (D65), in which a distance of 10 is seen at a glance."""
    encoded = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.maximum(to_xyz @ np.clip(eyes @ linear, 0, 1) / [0.9505, 1.0, 1.089], 1e-6))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", SEEN.values(), ids=SEEN)
def test_nine_levels_differ_for_the_colour_blind_and_the_reference_stays_grey(eyes):
    levels = pd.Series([f"day {i}" for i in range(9)] + ["naive"])
    colours = style.colours_of(levels, ["naive"])
    assert colours["naive"] == style.REFERENCES[0]
    assert len(set(colours.values())) == 10
    seen = [as_seen(colour, eyes) for colour in [*colours.values(), style.TARGET]]
    assert min(np.hypot(np.hypot(*(one - two)[:2]), (one - two)[2]) for one, two in combinations(seen, 2)) > 10


def test_many_levels_of_one_variable_differ_by_marker_too():
    groups = pd.Series([f"day {i}" for i in range(10)])
    looks = sample_grid.point_looks(pd.DataFrame({"day": groups}), (), None)
    keys = looks.legends()["day"]
    assert len({key.get_marker() for key in keys}) == 10
    drawn = {looks.markers[level] for level in looks.by_marker}
    assert drawn == {key.get_marker() for key in keys}


def test_pale_points_have_a_rim():
    for colour in (*style.LEVELS, *style.REFERENCES):
        assert (
            max(contrast(colour, "#ffffff"), contrast(style.rim_of(colour).replace("white", "#ffffff"), "#ffffff")) > 2
        )


def test_files_carry_the_font_that_journals_take(tmp_path, figures):
    writing.save(figures["ma"], tmp_path / "ma", pd.DataFrame({"a": [1]}))
    fonts = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", (tmp_path / "ma.pdf").read_bytes()))
    assert b"LiberationSans" in fonts
    assert not [font for font in fonts if not font.startswith(b"LiberationSans")]
    assert "'Liberation Sans', Arial, Helvetica, 'DejaVu Sans', sans-serif" in (tmp_path / "ma.svg").read_text()


def test_up_and_down_differ_in_a_heatmap_in_grey(figures):
    [mesh] = [each for axes in figures["heatmap"].axes for each in axes.collections if isinstance(each, QuadMesh)][:1]
    grey = [luminance(to_hex(mesh.cmap(mesh.norm(z)))) for z in np.linspace(*mesh.get_clim(), 21)]
    assert (np.diff(grey) > 0).all()
