"""The design matrix as a picture, worked out by hand."""

from made_samples import caption, names

from mircargo.figures import design_matrix as design


def facts(n_subjects: int = 0) -> dict:
    """Return the facts of a design with a batch, or with a coefficient a subject, as a fit writes them."""
    if n_subjects:
        names = ["Intercept", *(f"subject {i} against 0" for i in range(1, n_subjects)), "injured against control"]
        rows = []
        for group in (1, 0):
            for subject in range(n_subjects):
                values = [1.0, *(float(subject == i) for i in range(1, n_subjects)), float(group)]
                rows.append(
                    {"values": values, "samples": [f"s{subject}_{group}"], "group": ["control", "injured"][group]}
                )
    else:
        names = ["mean of control in batch a", "batch b against a", "injured against control"]
        rows = [
            {"values": [1.0, 0.0, 1.0], "samples": ["i1", "i2"], "group": "injured"},
            {"values": [1.0, 0.0, 0.0], "samples": ["c1", "c2", "c3"], "group": "control"},
            {"values": [1.0, 1.0, 1.0], "samples": ["i3"], "group": "injured"},
            {"values": [1.0, 1.0, 0.0], "samples": ["c4"], "group": "control"},
        ]
    return {
        "design": {"coefficients": [{"name": f"c{i}", "words": name} for i, name in enumerate(names)], "rows": rows},
        "contrast_vector": [0.0] * (len(names) - 1) + [1.0],
    }


def test_kinds_of_samples_stand_by_group_the_reference_first():
    table = design.tabulate(facts())
    kinds = table.drop_duplicates("sample_order")
    assert kinds["samples"].tolist() == ["c1;c2;c3", "c4", "i1;i2", "i3"]
    assert kinds["n_samples"].tolist() == [3, 1, 2, 1]
    values = table["value"].to_numpy().reshape(3, 4)
    assert values.tolist() == [[1, 1, 1, 1], [0, 1, 0, 1], [0, 0, 1, 1]]
    assert table.loc[table["weight"] == 1, "words"].unique().tolist() == ["injured against control"]


def test_what_the_contrast_asks_about_is_bold():
    figure = design.plot(design.tabulate(facts()), formula="~ batch + condition", title="x")
    axes = figure.axes[1]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3 samples", "c4", "2 samples", "i3"]
    assert names(axes, bold=True) == ["injured against control"]
    assert "7 samples, 3 coefficients." in caption(figure)
    assert "share a column" in caption(figure)


def test_a_design_of_eighty_mice_is_one_page_and_never_leaves_out_what_is_asked():
    figure = design.plot(design.tabulate(facts(80)))
    assert figure.get_size_inches()[1] <= 10.6
    assert "injured against control" in names(figure.axes[1])
    assert len(names(figure.axes[1])) < 81
    assert "For want of room" in caption(figure)
