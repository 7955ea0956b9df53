"""Every figure there is is declared by its module, documented, and in the gallery."""

import importlib.util
import subprocess
import sys
from dataclasses import astuple, fields
from pathlib import Path
from types import SimpleNamespace

import pytest

from mircargo.config import NextExperiment
from mircargo.figures import catalogue
from mircargo.figures.catalogue import OF_META, OF_STUDY

DOCS = Path(__file__).parents[2] / "docs"
ALL = (*OF_STUDY, *OF_META)


def test_a_study_has_each_figure_once_for_all_it_is_of():
    own = {"contrasts": ["a", "b"], "exosome_contrasts": lambda: ["b"], "comparisons": ["c"]}
    study = SimpleNamespace(**own, recipient=None, next_experiment=None)
    stems = list(catalogue.by_stem(study))
    assert len(stems) == len(set(stems))
    assert {"pca", "upset", "volcano_a", "volcano_b", "co_cargo_b", "release_c"} <= set(stems)
    assert not {"pca_a", "volcano_c", "co_cargo_a", "release_a", "forest_a"} & set(stems)
    assert stems.index("pca") < stems.index("volcano_a") < stems.index("ma_a") < stems.index("volcano_b")
    planned = catalogue.by_stem(SimpleNamespace(**own, recipient=None, next_experiment=NextExperiment()))
    assert set(planned) - set(stems) == {"power"}, "of a study that plans its next experiment only"
    with_cells = catalogue.by_stem(SimpleNamespace(**own, recipient="cells", next_experiment=None))
    assert set(with_cells) - set(stems) == {"recipient_targets", "recipient_families", "recipient_agreement"}
    nothing = {"recipient": None, "next_experiment": None}
    alone = SimpleNamespace(contrasts=["a"], exosome_contrasts=list, comparisons=[], **nothing)
    assert set(stems) - set(catalogue.by_stem(alone)) >= {"upset"}, "of several contrasts only"
    assert "forest_m" in [kind.stem("m") for kind in OF_META]


def test_what_is_read_without_an_import_is_what_the_modules_declare():
    figures = catalogue.figures_of(ALL)
    assert [astuple(kind) for kind in ALL] == [
        tuple(getattr(figure, field.name) for field in fields(catalogue.Kind)) for figure in figures
    ]
    assert len({(kind.of, kind.order) for kind in ALL}) == len({kind.name for kind in ALL}) == len(ALL)


def test_names_of_figures_are_known_without_what_draws_them():
    code = (
        "import sys, mircargo.figures.catalogue; print({'pandas', 'numpy', 'matplotlib', 'seaborn'} & {*sys.modules})"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("gallery", DOCS / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_gallery_shows_every_figure_of_a_study_with_the_lines_that_draw_it(gallery):
    page = gallery.page()
    for kind, figure in zip(ALL, catalogue.figures_of(ALL), strict=True):
        in_example = kind.of not in ("recipient", "meta")
        assert in_example == (f"## {kind.shows}\n" in page)
        if not in_example:
            continue
        module = figure.draw.__module__.rpartition(".")[2]
        assert f"![{kind.shows}](gallery/{kind.name}.png)\n\n```python\n" in page
        lines = gallery.example(figure).splitlines()
        assert lines[-2].startswith(f"table = {module}.tabulate(")
        assert lines[-1].startswith(f"figure = {module}.plot(table")
        assert lines[-1] in page
