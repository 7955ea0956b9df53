import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from mircargo.config import load, parse
from mircargo.config.reference import page, schema
from mircargo.problems import ProblemsFound

ROOT = Path(__file__).parents[1]
CONFIGS = sorted([*ROOT.glob("config/*.yaml"), *ROOT.glob("config/studies/*.yaml")])
EXAMPLE = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_our_own_configurations_are_valid_and_as_the_schema_has_it(path):
    load(str(path))
    jsonschema.validate(yaml.safe_load(path.read_text()), json.loads(schema()))


def test_schema_and_reference_page_are_fresh():
    again = "run `mircargo reference` and commit what it writes"
    assert (ROOT / "workflow/schemas/config.schema.json").read_text() == schema(), again
    assert (ROOT / "config/README.md").read_text() == page(), again


def test_example_explains_every_key_that_it_has():
    lines = (ROOT / "config" / "config.yaml").read_text().splitlines()
    first_seen = {}
    for number, line in enumerate(lines):
        key = line.strip().removeprefix("- ").split(":")[0]
        if ":" in line and not line.strip().startswith("#"):
            first_seen.setdefault(key, number)
    named_by_user = {"example", "drg_injury", "exosome_injury", "release", "table", "format", "level", "reference",
                     "exosome", "source", "variable", "fraction", "title", "samples"}  # fmt: skip
    for key, number in first_seen.items():
        assert key in named_by_user or lines[number - 1].strip().startswith("#"), f"`{key}` has no comment"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ["studies", "example", "contrasts", "drg_injury", "levl"],
            "x",
            "drg_injury.levl: unknown key.*\n.*\n.*'level'",
        ),
        (["studies", "example", "species"], "mouse", "species: .*\n.*\"mouse\"\n.*'mmu', 'rno' or 'hsa'"),
        (["thresholds", "alpha"], 5, "thresholds.alpha: .*less than 1\n.*found: 5"),
        (
            ["studies", "example", "contrasts", "drg_injury", "level"],
            "control",
            "level and reference are both 'control'",
        ),
        (["studies", "example", "comparisons", "release", "source"], "no", "names the contrast 'no', which is none of"),
        (["studies", "example", "counts"], [{"url": "https://x.org/a"}], "a `url` needs the `sha256`"),
        (["studies", "example", "counts"], [{}], "needs a `table`"),
        (["studies", "example", "counts"], [{"url": "http://x.org/a", "sha256": "0" * 64}], "counts.0.url"),
        (["studies", "bad name"], EXAMPLE["studies"]["example"], "studies.bad name"),
        (["studies", "example", "title"], None, "title: .*valid string"),
    ],
)
def test_errors_name_the_key_what_was_found_and_what_is_allowed(path, value, message):
    settings = copy.deepcopy(EXAMPLE)
    inside = settings
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    with pytest.raises(ProblemsFound, match=message):
        parse(settings)


def test_all_errors_come_at_once():
    settings = copy.deepcopy(EXAMPLE)
    settings["thresholds"]["alpha"] = 2
    settings["colour"] = "red"
    with pytest.raises(ProblemsFound, match="2 errors"):
        parse(settings)


@pytest.mark.parametrize(
    ("text", "message"), [(None, "cannot be read"), ("a: [", "not valid YAML"), ("- a", "begins with `studies:`")]
)
def test_files_that_are_no_configuration(tmp_path, text, message):
    path = tmp_path / "config.yaml"
    if text:
        path.write_text(text)
    with pytest.raises(ProblemsFound, match=message):
        load(str(path))
