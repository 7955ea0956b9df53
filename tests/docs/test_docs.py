"""The documentation: what it says is so, every link leads somewhere, and its pages can be read."""

import importlib.util
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import test_house
from chromium import open_page
from inputs.builders import BUILDERS, COUNTS
from mircargo.inputs.registry import FORMATS, read_table

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DEVELOPER = [ROOT / "CONTRIBUTING.md", *sorted((DOCS / "developer").glob("*.md"))]
OURS = (
    "docs", "config", "workflow", "tests", "envs", "profiles", "results/README.md", "README.md", "CHANGELOG.md",
    "CONTRIBUTING.md",
)  # fmt: skip
PAGES = sorted(
    path
    for name in OURS
    for path in ((ROOT / name).rglob("*.md") if (ROOT / name).is_dir() else [ROOT / name])
    if path.exists() and "_build" not in path.parts and path.name != "gallery.md"
)


def maker(name: str):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_page_of_formats_is_made_from_the_formats():
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    assert text == maker("formats").page(text), "run: python docs/formats.py"


def test_page_of_results_is_made_from_what_the_columns_are_said_to_be():
    outputs = maker("outputs")
    assert (DOCS / "outputs.md").read_text(encoding="utf-8") == outputs.page(), "run: python docs/outputs.py"


def test_page_of_words_is_made_from_the_glossary():
    assert (DOCS / "glossary.md").read_text(encoding="utf-8") == maker("glossary").page(), (
        "run: python docs/glossary.py"
    )


def format_rows() -> dict[str, list[str]]:
    text = (DOCS / "formats.md").read_text(encoding="utf-8").replace("\\|", "!")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| [`")]
    return {re.search(r"`(\w+)`", row[0])[1]: [cell.strip() for cell in row] for row in rows}


def test_every_format_has_a_row_and_a_section():
    sections = re.findall(r"^## (\w+)$", (DOCS / "formats.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert list(format_rows()) == sections == list(FORMATS)


@pytest.mark.parametrize("name", BUILDERS)
def test_page_of_formats_says_what_the_readers_do(name, tmp_path):
    builder = BUILDERS[name]
    path = tmp_path / "s_a.txt"
    cells = [list(map(str, row[: builder.samples])) for row in COUNTS]
    path.write_text("\n".join(builder.lines(cells)) + "\n", encoding="utf-8")
    table = read_table(path)
    assert table.format == builder.format
    _, _, recognised, same_feature, absent = format_rows()[builder.format]
    assert {"sum": "summed", "maximum": "maximum", "refuse": "refused"}[table.same_feature] in same_feature
    assert {True: "zero", False: "asked for"}[table.absent_is_zero] in absent
    # Where the reader's own reason names columns, the page names the same.
    reason = table.notes[0].split(": ", 1)[1]
    columns = (
        re.split(", | and ", reason.removeprefix("columns ").split(":")[0]) if reason.startswith("columns") else []
    )
    assert [column for column in columns if f"`{column}`" not in recognised] == []


def test_architecture_lists_the_rooms_in_the_order_that_the_house_keeps():
    text = (DOCS / "developer" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("| room | what it answers |")[1].split("\n\n")[0]
    listed = [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines()[2:]]
    assert listed == test_house.ORDER
    package = ROOT / "workflow" / "mircargo"
    there = {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    assert set.union(*listed) == there | {path.stem for path in package.glob("[!_]*.py")}


@pytest.mark.parametrize("page", DEVELOPER, ids=lambda path: path.name)
def test_files_that_developers_are_sent_to_are_there(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    named = {each for each in re.findall(r"`([\w./-]+/[\w.-]+\.\w+)`", text) if "NAME" not in each}
    tops = (ROOT, ROOT / "workflow" / "mircargo")
    assert [each for each in sorted(named) if not any((top / each).exists() for top in tops)] == []


@cache
def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as both GitHub and the pages' maker name them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Return the pages, made from a copy, so that nothing is written into the repository."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(DOCS, folder / "docs", ignore=shutil.ignore_patterns("_build", "gallery", "gallery.md"))
    for path in ("config/README.md", "workflow/resources/markers/README.md", "workflow/resources/panels/README.md"):
        (folder / path).parent.mkdir(parents=True)
        shutil.copy(ROOT / path, folder / path)
    out = folder / "html"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-b", "html", folder / "docs", out]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return out


def test_every_page_is_made_and_says_nothing_of_the_machine(site):
    made = {path.stem for path in site.glob("*.html")}
    assert made >= {page.stem for page in DOCS.glob("*.md")}
    assert {path.stem for path in (site / "developer").glob("*.html")} == {page.stem for page in DEVELOPER[1:]}
    assert not any(str(ROOT) in path.read_text(encoding="utf-8") for path in site.glob("*.html"))


def test_api_explains_parameters(site):
    text = (site / "api.html").read_text(encoding="utf-8")
    for name in ("figures.volcano.plot", "model.batched.BatchedInference", "export.h5ad.to_anndata"):
        assert f'id="mircargo.{name}"' in text
    assert text.count("Parameters") > 30


@pytest.mark.parametrize("width", [1300, 420])
def test_pages_can_be_read_in_a_browser(browser, site, width):
    page = open_page(browser, width=width)
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
    assert [message for message in page.messages if message.startswith("error")] == []
