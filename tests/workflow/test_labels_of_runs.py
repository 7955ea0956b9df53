"""Labels of every figure that has any, of the example: each can be told to belong to its point."""

from label_geometry import PLACES, faults, kind_of, labels_of
from redrawing import figures_of_study


def test_labels_of_the_example_belong_to_their_points(example):
    found, seen, n_labels = [], set(), 0
    for name, figure, table in figures_of_study(example.results("example"), example.folder):
        if kind_of(name):
            found += faults(name, figure, table)
            seen.add(kind_of(name))
            n_labels += sum(len(labels_of(axes)) for axes in figure.axes)
    assert not found
    assert seen >= set(PLACES) - {"depth"}
    assert n_labels > 60
