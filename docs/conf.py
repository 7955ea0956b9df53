"""Sphinx: `sphinx-build -W -n -b html docs docs/_build/html`."""

import importlib.util
import sys
from importlib.metadata import version as version_of
from pathlib import Path

from mircargo.figures.catalogue import OF_META, OF_STUDY, figures_of

HERE = Path(__file__).parent

project = "mircargo"
author = "The mircargo authors"
copyright = "The mircargo authors"  # noqa: A001  (Sphinx's name)
version = release = version_of("mircargo")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

toc_object_entries = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say shapes and units, which types do not
napoleon_google_docstring = False
napoleon_use_rtype = False
# Other projects' pages are not fetched, so their names lead nowhere. Those of mircargo all have to.
nitpick_ignore_regex = [("py:.*", r"(?!mircargo).*")]

html_theme = "furo"
html_title = f"mircargo {version}"
html_static_path = ["_static"]
html_css_files = ["pages.css"]

# Pages read well in the repository too, where their links lead to files that are not below this folder.
ELSEWHERE = {
    "../config/README.md": "configuration.md",
    "../README.md": "index.md",
    "../workflow/resources/markers/README.md": "markers.md",
    "../workflow/resources/panels/README.md": "panels.md",
}
FIGURES = "<!-- figures: conf.py makes a section for each -->"


def rewrite_links(app, docname, source):
    for path, page in ELSEWHERE.items():
        source[0] = source[0].replace(f"]({path}", f"]({page}")


def list_figures(app, docname, source):
    """Give each figure a section in the page for Python."""
    if docname == "api":
        sections = [
            f"### {figure.shows}\n```{{eval-rst}}\n.. automodule:: {figure.draw.__module__}\n"
            "   :members: tabulate, plot\n```\n"
            for figure in figures_of((*OF_STUDY, *OF_META))
        ]
        source[0] = source[0].replace(FIGURES, "\n".join(sections))


def make_gallery(app):
    """Have gallery.md made, which shows every figure as drawn from the results of the example."""
    script, results, page = HERE / "gallery.py", HERE.parent / "results" / "example", HERE / "gallery.md"
    if not (script.exists() and (results / "report.html").exists()):
        text = "# Gallery\nIt is drawn from the results of the example: `make run`, then make these pages again.\n"
        page.write_text(text, encoding="utf-8")
        return
    spec = importlib.util.spec_from_file_location("gallery", script)
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module
    spec.loader.exec_module(module)
    module.build(results, HERE)


def setup(app):
    app.connect("builder-inited", make_gallery)
    app.connect("source-read", rewrite_links)
    app.connect("source-read", list_figures)
