import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from factories import as_text, problems_of
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


STUDY = "studies/example"
# Keys of the example's configuration, each with a value that is refused.
REFUSED = {
    "an unknown key": {f"{STUDY}/contrasts/drg_injury/levl": "x"},
    "a species by its name": {f"{STUDY}/species": "mouse"},
    "another species by its name": {f"{STUDY}/species": "Zebrafish"},
    "a species in Latin": {f"{STUDY}/species": "Sus scrofa"},
    "a species whose names the package does not hold": {f"{STUDY}/species": "ssc"},
    "miRBase's file where it is not needed": {f"{STUDY}/mirbase": {"file": "mature.fa"}},
    "miRBase's file of no species": {f"{STUDY}/species": "other", f"{STUDY}/mirbase": {"file": "mature.fa"}},
    "miRBase's file as a text": {f"{STUDY}/species": "ssc", f"{STUDY}/mirbase": "mature.fa"},
    "miRBase's file without a checksum": {f"{STUDY}/mirbase": {"url": "https://x.org/mature.fa"}},
    "miRBase's file from nowhere": {f"{STUDY}/mirbase": {}},
    "an alpha above 1": {"thresholds/alpha": 5},
    "a level that is the reference": {f"{STUDY}/contrasts/drg_injury/level": "control"},
    "a comparison with no contrast": {f"{STUDY}/comparisons/release/source": "no"},
    "an address without a checksum": {f"{STUDY}/counts": [{"url": "https://x.org/a"}]},
    "no table": {f"{STUDY}/counts": [{}]},
    "an address that is not secure": {f"{STUDY}/counts": [{"url": "http://x.org/a", "sha256": "0" * 64}]},
    "a study whose name has a space": {"studies/bad name": EXAMPLE["studies"]["example"]},
    "no title": {f"{STUDY}/title": None},
    "all errors at once": {"thresholds/alpha": 2, "colour": "red"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_errors_name_the_key_what_was_found_and_what_is_allowed(case, snapshot):
    settings = copy.deepcopy(EXAMPLE)
    for path, value in REFUSED[case].items():
        *outer, last = path.split("/")
        inside = settings
        for key in outer:
            inside = inside[key]
        inside[last] = value
    assert as_text(problems_of(parse, settings)) == snapshot


@pytest.mark.parametrize(
    "named",
    [
        {"species": "other"},
        {"species": "ssc", "mirbase": {"file": "a/mature.fa.gz"}},
        {"species": "hhv6b", "mirbase": {"url": "https://x.org/mature.fa", "sha256": "0" * 64}},
    ],
)
def test_any_species_is_valid_and_as_the_schema_has_it(named):
    settings = copy.deepcopy(EXAMPLE)
    settings["studies"]["example"] |= named
    parse(settings)
    jsonschema.validate(settings, json.loads(schema()))


@pytest.mark.parametrize(
    ("text", "message"), [(None, "cannot be read"), ("a: [", "not valid YAML"), ("- a", "begins with `studies:`")]
)
def test_files_that_are_no_configuration(tmp_path, text, message):
    path = tmp_path / "config.yaml"
    if text:
        path.write_text(text)
    with pytest.raises(ProblemsFound, match=message):
        load(str(path))
