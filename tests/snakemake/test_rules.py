"""Rules show the DAG and nothing else: each is one step of the package, with the settings that the step declares."""

import copy
import json
import re
import subprocess
import sys
from statistics import median
from types import SimpleNamespace

import pytest
import yaml
from yte import process_yaml

from mircargo.config import Config
from mircargo.snakemake.settings import Job, settings_of
from mircargo.steps import STEPS
from mircargo.steps.declaration import Untracked
from project import ROOT

RULE_FILES = [ROOT / "workflow" / "Snakefile", *sorted((ROOT / "workflow" / "rules").glob("*.smk"))]
RULES = {
    name: body
    for path in RULE_FILES
    for name, body in re.findall(r"^rule (\w+):\n((?:[ \t]+.*\n|\n(?=[ \t]))*)", path.read_text(), re.MULTILINE)
}
EXAMPLE = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
WILDCARDS = {"study": "example", "contrast": "exosome_injury", "comparison": "release"}


def test_every_rule_is_a_step_and_every_step_a_rule():
    assert set(RULES) - {"all"} == set(STEPS)
    for name, kind in STEPS.items():
        assert f"**W.step(steps.{kind.__name__})" in RULES[name]
        for line in ("        STEP", "        ENVIRONMENT", "        **W.sized("):
            assert line in RULES[name], name


def test_rule_files_hold_no_code():
    for path in RULE_FILES:
        assert not re.search(r"\blambda\b|^\s*def |^\s*import ", path.read_text().split("from mircargo")[-1], re.M), (
            path
        )
    assert median(1 + sum(map(bool, body.splitlines())) for body in RULES.values()) <= 18


def test_groups_of_the_profiles_are_those_of_the_steps():
    for name in ("slurm", "kubernetes"):
        groups = process_yaml((ROOT / "profiles" / name / "config.yaml").read_text())["groups"]
        # A table is fetched where the run is started.
        assert set(groups) == set(RULES) - {"all", "fetch_table"}
        across = {rule for rule, group in groups.items() if group == "meta"}
        assert across == {"pool_studies", "plot_meta", "replicate_calls", "write_meta_report"}


def settings_of_steps(config: dict) -> dict[str, dict]:
    """Return the settings of every step of a study, its wildcards being those of the example."""
    validated = Config.model_validate(config)
    steps = {name: kind for name, kind in STEPS.items() if kind.group == "study"}
    return {name: settings_of(kind, Job(validated, wildcards_of(name))) for name, kind in steps.items()}


def wildcards_of(rule: str) -> SimpleNamespace:
    output = RULES[rule].split("output:")[1]
    keys = [key for key in WILDCARDS if key == "study" or f"{{{key}}}" in output]
    of = {key: WILDCARDS[key] for key in keys}
    return SimpleNamespace(**of, items=of.items)


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        (
            {"thresholds": {"scale_log2_sd": 0.5}},
            {"fit_contrast", "fit_release", "call_target", "compare_expectations"},
        ),
        (
            {"thresholds": {"preparation_log2_sd": 0.3}},
            {"fit_contrast", "stress_contrast", "fit_release", "stress_release", "call_target", "compare_expectations",
             "plan_next_experiment", "stress_recipient"},
        ),
        ({"target": "let-7a-5p"}, {"call_target", "find_co_cargo", "list_for_qpcr", "permute_labels",
                                   "compare_expectations", "compare_targets", "import_recipient", "plot_samples",
                                   "plot_contrast",
                                   "plot_contrasts", "plot_co_cargo", "plot_release"}),
        ({"panel": "mine.tsv"}, {"compare_expectations"}),
    ],
)  # fmt: skip
def test_a_change_of_a_setting_reruns_the_steps_that_declare_it_and_no_others(change, steps):
    before, after = settings_of_steps(EXAMPLE), settings_of_steps(EXAMPLE | change)
    # Provenance and exports hold the whole configuration.
    whole = {"write_provenance", "export_results"}
    assert {name for name in before if before[name] != after[name]} == steps | whole


@pytest.mark.parametrize(
    ("part", "name", "steps"),
    [
        (
            "contrasts",
            "exosome_injury",
            {
                "call_target",
                "plot_contrast",
                "plot_contrasts",
                "plot_co_cargo",
                "plot_next_experiment",
                "export_for_multiqc",
            },
        ),
        ("comparisons", "release", {"plot_release", "plot_next_experiment"}),
    ],
)
def test_a_title_reruns_what_shows_it_and_fits_nothing(part, name, steps):
    titled = copy.deepcopy(EXAMPLE)
    titled["studies"]["example"][part][name]["title"] = "What people read"
    before, after = settings_of_steps(EXAMPLE), settings_of_steps(titled)
    whole = {"write_provenance", "export_results"}
    assert {step for step in before if before[step] != after[step]} == steps | whole
    assert not any("title" in str(each) for step, each in before.items() if step in steps)


def test_a_step_is_given_the_title_of_its_own_contrast():
    titled = copy.deepcopy(EXAMPLE)
    titled["studies"]["example"]["contrasts"]["exosome_injury"]["title"] = "Injury in EVs"
    titled["studies"]["example"]["comparisons"]["release"]["title"] = "Release"
    found = settings_of_steps(titled)
    assert found["plot_contrast"]["title"] == found["plot_co_cargo"]["title"] == "Injury in EVs"
    assert found["plot_release"]["title"] == "Release"
    assert found["export_for_multiqc"]["titles"] == {"exosome_injury": "Injury in EVs"}


def test_settings_come_back_as_they_were_configured():
    config = Config.model_validate(EXAMPLE)
    for name, kind in STEPS.items():
        if kind.group != "study":
            continue
        job = Job(config, wildcards_of(name))
        given = settings_of(kind, job) | settings_of(kind, job, untracked=True)
        step = kind.model_validate(json.loads(json.dumps(given)))
        for key, value in (("target", config.target), ("species", "mmu"), ("simulated", True)):
            assert getattr(step, key, value) == value
        untracked = [key for key, field in kind.model_fields.items() if Untracked() in field.metadata]
        assert not set(untracked) & set(settings_of(kind, job))


def test_no_path_of_results_is_built_by_hand_in_rules():
    for path in RULE_FILES:
        assert not re.search(r"[\"']results/", path.read_text()), path


def test_reading_the_workflow_imports_nothing_that_takes_time():
    # A run with nothing to do is over in two seconds.
    code = """
import sys, yaml
from types import SimpleNamespace
from mircargo import steps
from mircargo.snakemake import lifecycle
from mircargo.snakemake.wiring import Wiring
W = Wiring(SimpleNamespace(basedir="."), yaml.safe_load(open("config/config.yaml")))
W.refuse_missing_files()
print([name for name in ("pandas", "numpy", "pydeseq2", "matplotlib") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
