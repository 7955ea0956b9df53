"""The house keeps its plan: rooms import only from rooms before them, and versions stand equal everywhere."""

import ast
import json
import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml
from pydeseq2.default_inference import DefaultInference

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "workflow" / "mircargo"

# Later rooms may import from earlier ones. Rooms of one group are neighbours.
ORDER = [
    {"problems", "vocabulary", "glossary", "io", "delimited"},
    {"parallel"},
    {"config"},
    {"inputs"},
    {"results"},
    {"features"},
    {"model"},
    {"robustness"},
    {"checks"},
    {"init"},
    {"cargo"},
    {"recipient"},
    {"analysis"},
    {"meta"},
    {"figures"},
    {"report", "export"},
    {"api", "plot"},
    {"simulate"},
    {"benchmark"},
    {"steps"},
    {"snakemake"},
    {"cli"},
]
RANK = {room: rank for rank, group in enumerate(ORDER) for room in group}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_import_from_rooms_before_them(module):
    room = room_of(module)
    if room == "__init__":
        return
    for node in ast.walk(ast.parse(module.read_text())):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.startswith("mircargo."):
                other = name.split(".")[1]
                assert other == room or RANK[other] < RANK[room], f"{room} imports {other}"


# What makes an analysis: only the room `analysis` puts it in order, all others ask its objects.
STEPS = {
    "BaseFit", "classify", "contrast_design", "copies", "describe_release", "find_co_cargo", "fit", "limits_of",
    "release_design", "scale_difference", "scale_intervals", "scale_model", "set_fdr", "spike_in_change", "unseen",
}  # fmt: skip
DOMAIN = ("model", "robustness", "checks", "cargo", "analysis", "meta")
IN_ROOMS = {room: [module for module in MODULES if room_of(module) == room] for room in RANK}


def imported(module: Path) -> set[str]:
    """Return the names that a module imports from the rooms of the domain."""
    found = [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.ImportFrom)]
    return {
        alias.name
        for node in found
        if str(node.module).startswith(tuple(f"mircargo.{room}" for room in DOMAIN))
        for alias in node.names
    }


def test_steps_of_an_analysis_are_put_in_order_in_one_room():
    theirs = {name for module in IN_ROOMS["analysis"] for name in imported(module)}
    assert {name for name in STEPS if name not in theirs} == {"contrast_design"}  # `BaseFit.of_contrast` has it


@pytest.mark.parametrize(
    "module", [*IN_ROOMS["benchmark"], *IN_ROOMS["steps"], *IN_ROOMS["cli"]], ids=lambda path: path.name
)
def test_workflow_and_benchmark_ask_the_analysis_and_do_not_write_it_again(module):
    assert imported(module) & STEPS == set()


MOST_PARAMETERS = 6


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    several = [each for each in (given.vararg, given.kwarg) if each]
    names = [each.arg for each in [*given.posonlyargs, *given.args, *given.kwonlyargs, *several]]
    return [name for name in names if name not in ("self", "cls")]


@pytest.mark.parametrize("room", DOMAIN)
def test_functions_of_the_domain_have_at_most_six_parameters(room):
    given_by_pydeseq2 = {name for name in vars(DefaultInference) if not name.startswith("_")}
    too_many = []
    for module in IN_ROOMS[room]:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(parameters(node)) > MOST_PARAMETERS:
                too_many.append((module.name, node.name))
    # What overrides a method of PyDESeq2 has the parameters of that.
    assert [each for each in too_many if each[0] != "inference.py" or each[1] not in given_by_pydeseq2] == []


def _file_of(name: str) -> Path | None:
    place = PACKAGE.parent.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def modules_imported(module: Path) -> set[Path]:
    """Return the modules of the package that a module imports, also within its functions."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            package = ["mircargo", *module.relative_to(PACKAGE).parts[: -node.level]] if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            names = [name if _file_of(name := f"{base}.{each}") else base for each in names]
        found |= set(filter(None, map(_file_of, names)))
    return found - {module}


def test_no_modules_import_each_other_in_a_circle():
    imports = {module: modules_imported(module) for module in MODULES}
    assert sum(map(len, imports.values())) > len(MODULES)
    TopologicalSorter(imports).prepare()  # raises CycleError


def test_formats_import_no_other_format():
    formats = PACKAGE / "inputs" / "formats"
    for module in formats.glob("[!_]*.py"):
        assert not any(formats in other.parents for other in modules_imported(module)), module.name


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_short_enough_to_hold_in_the_head(module):
    assert len(module.read_text().splitlines()) <= 310


@pytest.mark.parametrize("module", sorted((PACKAGE / "model" / "batched").glob("*.py")), ids=lambda path: path.name)
def test_batched_inference_knows_nothing_of_the_package_around_it(module):
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 1 or (node.level == 0 and not str(node.module).startswith("mircargo"))
        if isinstance(node, ast.Import):
            assert not any(alias.name.split(".")[0] == "mircargo" for alias in node.names)


def locked(file: str) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / "envs" / file).read_text(), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


def test_typescript_is_pinned_by_its_hash_and_without_an_address():
    lock = (ROOT / "envs" / "typescript" / "package-lock.json").read_text()
    packages = {path: each for path, each in json.loads(lock)["packages"].items() if path}
    assert list(packages) == ["node_modules/typescript"]
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert "://" not in lock


def test_conda_environment_has_the_versions_of_the_lock():
    lock = locked("requirements.lock")
    dependencies = yaml.safe_load((ROOT / "envs" / "mircargo.yaml").read_text())["dependencies"]
    pinned = dict(each.split("=") for each in dependencies if "=" in each and not each.startswith("python="))
    assert len(pinned) >= 10
    for name, version in pinned.items():
        assert version in lock[name], name


def test_development_lock_holds_the_run_lock():
    development = locked("requirements-dev.lock")
    for name, versions in locked("requirements.lock").items():
        assert development[name] == versions, name


def test_every_room_is_installed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = {".".join(path.parent.relative_to(PACKAGE.parent).parts) for path in PACKAGE.rglob("__init__.py")}
    # Names, sequences, the page and the workflow's own files are no rooms.
    data = ("mircargo.resources", "mircargo.project", "mircargo.report.page")
    assert {name for name in project if not name.startswith(data)} == there
