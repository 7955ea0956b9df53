"""The interactive charts as Vega-Lite: the page feeds their rows by name, so a contrast stands in it once.

They are the same in every report, and take half a second to make: `mircargo reference .` writes them to
`page/charts.json`, which a report takes them from.
"""

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from mircargo.figures.style import CO_CARGO, DOWN, TARGET, UP
from mircargo.vocabulary import FEATURE_CALLS, NOT_TESTED, RELEASE_CLASSES

_CALLS: Final = [call for call in FEATURE_CALLS.values() if call.name != NOT_TESTED]
_ROLES: Final = ["target", "co-cargo", "other"]
_INK: Final = "#1c2330"
_GRID: Final = "#e9edf1"
_LINE: Final = "#8a94a2"
_NO_CALL_LINE: Final = "#59616d"  # a line needs a darker grey than a point, and one that is told from up in print
_RANGE: Final = "#d6dae0"
_CHANGE: Final = "log2 fold change"
_MEAN: Final = "mean normalised count"
_EVIDENCE: Final = "\u2212log10 p-value"
_CONFIGURED: Final = alt.Tooltip("configured:N", title="call as configured")
_FONT: Final = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
HEIGHT: Final = 300
_MOST_GROUPS: Final = 24
_MOST_VARIANTS: Final = 60


def specs() -> dict[str, dict[str, Any]]:
    """Return the charts by name, without data.

    Returns
    -------
    dict
        Vega-Lite of ``volcano``, ``ma``, ``release`` (data sets ``rows`` and ``marked``, parameters ``hovered`` and
        ``pinned``), ``counts`` (``samples pairs means``) and ``stress`` (``variants``). ``volcano`` and ``ma`` have the
        data sets ``region`` (the brushed rectangle) and ``cuts`` (fold changes to draw a line at), and the parameters
        ``view_x`` and ``view_y`` (the ends of an axis that is zoomed), too.
    """
    charts = {"volcano": _volcano, "ma": _ma, "release": _release, "counts": _counts, "stress": _stress}
    return {name: _finished(chart()) for name, chart in charts.items()}


def _finished(chart: alt.LayerChart) -> dict[str, Any]:
    chart = chart.properties(width="container", height=HEIGHT, background="transparent")
    chart = chart.configure(font=_FONT).configure_view(stroke=None)
    chart = chart.configure_axis(
        gridColor=_GRID, domainColor=_LINE, tickColor=_LINE, labelColor=_INK, titleColor=_INK,
        labelFontSize=11, titleFontSize=12, titleFontWeight="normal",
    )  # fmt: skip
    chart = chart.configure_legend(labelFontSize=11, labelColor=_INK, title=None, orient="top", symbolStrokeWidth=0)
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec


def _volcano() -> alt.LayerChart:
    change = alt.X("log2FoldChange:Q", title=_CHANGE, scale=_zoomed("x", 12), axis=alt.Axis(tickCount=8))
    p_value = alt.Y("minus_log10_pvalue:Q", title=_EVIDENCE, scale=_zoomed("y", 8))
    tooltip = [_signed("log2FoldChange"), alt.Tooltip("padj:N"), _CONFIGURED]
    below = [
        _cuts(alt.X("at:Q", title=_CHANGE)),
        _region(alt.X("left:Q", title=_CHANGE), alt.Y("low:Q", title=_EVIDENCE)),
    ]
    return _scatter(change, p_value, _call_colour(), tooltip, below).add_params(*_views())


def _ma() -> alt.LayerChart:
    axis = alt.Axis(format="~s", tickCount=6, grid=False)
    mean = alt.X("baseMean:Q", title=_MEAN, scale=_zoomed("x", 12, type="log"), axis=axis)
    change = alt.Y("log2FoldChange:Q", title=_CHANGE, scale=_zoomed("y", 8))
    tooltip = [_signed("log2FoldChange"), "baseMean:Q", _CONFIGURED]
    below = [_cuts(alt.Y("at:Q", title=_CHANGE)), _region(alt.X("left:Q", title=_MEAN), alt.Y("low:Q", title=_CHANGE))]
    return _scatter(mean, change, _call_colour(), tooltip, below).add_params(*_views())


def _release() -> alt.LayerChart:
    legend = alt.Legend(columns=4, labelExpr="replace(datum.label, '_', ' ')")
    scale = alt.Scale(domain=list(RELEASE_CLASSES), range=[each.colour for each in RELEASE_CLASSES.values()])
    x = alt.X("source_log2FoldChange:Q", title="log2 fold change in the source", scale=_tight(8))
    y = alt.Y("log2FoldChange:Q", title="log2 fold change in exosomes", scale=_tight(8))
    tooltip = ["class:N", alt.Tooltip("release_padj:N", title="release padj")]
    equal = alt.Chart(alt.NamedData("diagonal")).mark_line(strokeDash=[4, 4], color=_LINE, strokeWidth=1).encode(x, y)
    return _scatter(x, y, alt.Color("class:N", scale=scale, legend=legend), tooltip, [equal])


def _tight(padding: int, **more: Any) -> alt.Scale:
    """Let a scale end with the data, and so many pixels."""
    return alt.Scale(nice=False, padding=padding, **more)


def _zoomed(axis: str, padding: int, **more: Any) -> alt.Scale:
    """Let a scale end with the data, or where the reader zoomed to."""
    return _tight(padding, domainRaw=alt.ExprRef(f"view_{axis}"), **more)


def _views() -> list[alt.Parameter]:
    return [alt.param(f"view_{axis}", value=None) for axis in "xy"]


def _between(low: float | alt.ExprRef, high: alt.ExprRef, **more: Any) -> alt.Scale:
    return alt.Scale(domainMin=low, domainMax=high, nice=False, zero=False, **more)


def _signed(field: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:Q", format="+.2f")


def _call_colour() -> alt.Color:
    return alt.Color(
        "call:N", scale=alt.Scale(domain=[call.words for call in _CALLS], range=[call.colour for call in _CALLS])
    )


def _cuts(channel: alt.X | alt.Y) -> alt.Chart:
    """Draw lines at the fold changes that are looked at."""
    return alt.Chart(alt.NamedData("cuts")).mark_rule(strokeDash=[4, 4], color=_LINE, clip=True).encode(channel)


def _region(x: alt.X, y: alt.Y) -> alt.Chart:
    """Draw the brushed region in the units of the axes, so that it stays in its place when they change."""
    region = alt.Chart(alt.NamedData("region")).mark_rect(
        clip=True, fill=_LINE, fillOpacity=0.15, stroke=_INK, strokeWidth=1, strokeDash=[3, 3]
    )
    return region.encode(x, y, x2="right:Q", y2="high:Q")


def _scatter(x: alt.X, y: alt.Y, colour: alt.Color, tooltip: list[Any], below: Sequence[alt.Chart]) -> alt.LayerChart:
    """Lay points, then the marked ones with their names: marking draws a few points anew, never all of them.

    Points with a caution are hollow.
    """
    hovered = alt.param("hovered", value="")
    pinned = alt.param("pinned", value=[])
    stroke = alt.Stroke("role:N", legend=None, scale=alt.Scale(domain=_ROLES, range=[TARGET, CO_CARGO, "transparent"]))
    rows = alt.Chart(alt.NamedData("rows")).mark_point(size=34, filled=True, strokeWidth=1.6, clip=True)
    hollow = rows.transform_filter("datum.caution").mark_point(size=34, filled=False, strokeWidth=1.4, clip=True)
    outlines = hollow.encode(x, y, colour)
    points = rows.encode(
        x, y, colour, stroke, tooltip=["feature:N", *tooltip],
        fillOpacity=alt.condition("datum.caution", alt.value(0), alt.value(0.75)),
    )  # fmt: skip
    rings = alt.Chart(alt.NamedData("marked")).mark_point(filled=False, stroke=_INK, opacity=1, strokeWidth=2)
    is_hovered = alt.datum.feature == hovered
    size = alt.when(is_hovered).then(alt.value(220)).otherwise(alt.value(120))
    rings = rings.encode(x, y, size=size, tooltip=["feature:N", *tooltip])
    # A point at the right edge has its name to its left, so that no name leaves the chart.
    names = alt.Chart(alt.NamedData("marked")).encode(x, y, text="feature:N")
    style = {"fontSize": 12, "fontWeight": 600, "color": _INK, "dy": -11, "stroke": None}
    right = names.transform_filter("!datum.at_right").mark_text(align="left", dx=4, **style)
    left = names.transform_filter("datum.at_right").mark_text(align="right", dx=-4, **style)
    return alt.layer(*below, outlines, points, rings, right, left).add_params(hovered, pinned)


def _counts() -> alt.LayerChart:
    low, high = alt.param("low", value=0), alt.param("high", value=5)
    last, groups = alt.param("last", value=1), alt.param("groups", value=["", ""])
    dot = alt.param("dot", value=60)
    labels = "split(groups[datum.value], '\\n')"
    axis = alt.Axis(
        grid=False, values=list(range(_MOST_GROUPS)), labelExpr=labels, labelFontSize=12, labelOverlap=False
    )
    x = alt.X("place:Q", title=None, scale=_between(-0.5, alt.ExprRef("last + 0.5")), axis=axis)
    labels = "format(round(pow(10, datum.value) - 1), ',')"
    axis = alt.Axis(values=alt.ExprRef("ticks"), labelExpr=labels, minExtent=44)
    scale = _between(alt.ExprRef("low"), alt.ExprRef("high"))
    y = alt.Y("height:Q", title="normalised count (log scale)", scale=scale, axis=axis)
    ticks = alt.param("ticks", value=[0, 1])
    pairs = alt.Chart(alt.NamedData("pairs")).mark_line(color="#999999", strokeWidth=1).encode(x, y, detail="subject:N")
    means = alt.Chart(alt.NamedData("means")).mark_rule(color="black", strokeWidth=2).encode(x, y, x2="end:Q")
    points = alt.Chart(alt.NamedData("samples")).mark_point(
        filled=True, size=alt.ExprRef("dot"), opacity=0.9, stroke="white", strokeWidth=0.7
    )
    samples = points.encode(
        x, y,
        color=alt.Color("colour:N", scale=None),
        shape=alt.Shape("shape:N", scale=None),
        tooltip=["sample:N", "group:N", alt.Tooltip("count:Q", format=",.1f")],
    )  # fmt: skip
    return alt.layer(pairs, means, samples).add_params(low, high, last, groups, ticks, dot)


def _stress() -> alt.LayerChart:
    last, labels = alt.param("last", value=1), alt.param("labels", value=[])
    colours = [UP, DOWN, _NO_CALL_LINE, FEATURE_CALLS[NOT_TESTED].colour]
    colour = alt.Color("call:N", scale=alt.Scale(domain=list(FEATURE_CALLS), range=colours))
    axis = alt.Axis(
        values=list(range(_MOST_VARIANTS)), labelExpr="labels[datum.value]", labelLimit=220, labelOverlap=False,
        labelPadding=6, ticks=False,
    )  # fmt: skip
    y = alt.Y("place:Q", title=None, scale=_between(-0.6, alt.ExprRef("last + 0.6"), reverse=True), axis=axis)
    title = "log2 fold change, with its interval"
    low = alt.X("ci_low:Q", title=title, scale=_tight(10), axis=alt.Axis(tickCount=7))
    rows = alt.Chart(alt.NamedData("variants"))
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=_LINE, strokeWidth=1).encode(x="at:Q")
    intervals = rows.transform_filter("datum.kind != 'rest'").mark_rule(strokeWidth=2)
    ranges = rows.transform_filter("datum.kind == 'rest'").mark_rule(strokeWidth=8, color=_RANGE, strokeCap="round")
    points = rows.transform_filter("isValid(datum.log2FoldChange)").mark_point(filled=True, size=55, opacity=1)
    return alt.layer(
        zero,
        ranges.encode(low, y, x2="ci_high:Q"),
        intervals.encode(low, y, colour, x2="ci_high:Q"),
        points.encode(alt.X("log2FoldChange:Q"), y, colour, tooltip=["label:N", "call:N", _signed("log2FoldChange")]),
    ).add_params(last, labels)
