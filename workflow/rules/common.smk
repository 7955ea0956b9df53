import json
import math
import os
import re
from pathlib import Path

from snakemake.exceptions import WorkflowError

from mircargo.results import captions
from mircargo.snakemake import lock as turn
from mircargo.snakemake.warm import start as start_warm_process
from mircargo.config import parse as parse_config
from mircargo.config import table_path
from mircargo.export.contents import SECTIONS
from mircargo.figures import catalogue
from mircargo.problems import ProblemsFound, render
from mircargo.results.summary import summarise

if re.search("[{}]", str(workflow.basedir)):
    raise WorkflowError(
        f"{workflow.basedir}: the folder of the workflow has a brace in its path, which Snakemake takes for a wildcard."
        " Rename it."
    )

try:
    CONFIG = parse_config(config)
except ProblemsFound as problems:
    raise WorkflowError(f"The configuration cannot be used.\n{problems}") from None

STUDIES = CONFIG.studies
FETCHED = {
    table_path(name, table): table
    for name, study in STUDIES.items()
    for table in study.counts
    if table.url
}


# Where envs/mircargo.post-deploy.sh finds the package for an environment that conda makes.
os.environ.setdefault("MIRCARGO_SOURCE", str(Path(captions.__file__).parents[2]))


wildcard_constraints:
    study="|".join(STUDIES),
    contrast="|".join(
        contrast for study in STUDIES.values() for contrast in study.contrasts
    ),
    comparison="|".join(
        [name for study in STUDIES.values() for name in study.comparisons] or ["(?!)"]
    ),


def missing_files():
    """Files that a user should have and no step makes, by study."""
    missing = {}
    for name, study in STUDIES.items():
        paths = [
            study.samples,
            *(table_path(name, table) for table in study.counts if not table.url),
        ]
        absent = [path for path in paths if not Path(path).is_file()]
        if absent:
            missing[name] = absent
    return missing


# A job elsewhere is given the files that it reads, and no others.
for name in missing_files() if workflow.is_main_process else {}:
    # Snakemake would name the first missing file only; the check lists everything that is wrong with the study.
    from mircargo.checks.study import examine_study

    raise WorkflowError(
        f"The study '{name}' cannot be run.\n{render(examine_study(CONFIG, name)[0])}"
    )


def take_turn():
    """Let no other run work on these studies at the same time."""
    try:
        turn.take(STUDIES)
    except ProblemsFound as problems:
        raise WorkflowError(str(problems)) from None


def choose_when_a_step_ends():
    """On one machine, have Snakemake choose what to begin when a step has ended, and at no other time.

    Where it limits how many steps begin in a second, as it does by default (100), it (9.27) looks for them anew once a
    second for every step that has ended: after a thousand steps it does nothing else.
    """
    limiter = workflow.scheduler.job_rate_limiter
    if (
        workflow.local_exec
        and limiter
        and (limiter.max_jobs, limiter.timespan) == (100, 1)
    ):
        workflow.scheduler.job_rate_limiter = None


def warm_up():
    """Start the process that saves each step its start, where steps run on this machine and in this environment."""
    global WARM_PROCESS
    if workflow.local_exec and not workflow.deployment_settings.deployment_method:
        WARM_PROCESS = start_warm_process()


def study_of(wildcards):
    return STUDIES[wildcards.study]


def tables_of(wildcards):
    return [table_path(wildcards.study, table) for table in study_of(wildcards).counts]


def contrast_of(wildcards):
    return study_of(wildcards).contrasts[wildcards.contrast]


def comparison_of(wildcards):
    return study_of(wildcards).comparisons[wildcards.comparison]


def as_json(model, *parts):
    """Part of the configuration as it stands on a command line: only what is asked for and not the default."""
    return model.model_dump_json(exclude_defaults=True, include=set(parts) or None)


# What a step is told decides whether it runs again, so it is told no more than it needs.
QUESTION = (
    "subset",
    "variable",
    "level",
    "reference",
    "blocking",
    "design",
    "reduced",
    "interaction",
    "per_unit",
)
TO_FIT = (
    "alpha",
    "min_log2_fold_change",
    "min_total_count",
    "equivalence_log2_fold_change",
)
TO_FIT_WITH_SCALE = (*TO_FIT, "preparation_log2_sd", "scale_log2_sd")
TO_STRESS = ("alpha", "min_log2_fold_change", "min_total_count", "preparation_log2_sd")


def question_of(contrast):
    return as_json(contrast, *QUESTION)


def thresholds_of(wildcards, *parts):
    return as_json(CONFIG.thresholds_of(wildcards.study), *parts)


def config_of(wildcards, input):
    """The configuration of a study, for its check.

    A parameter made from `input` does not decide whether a step runs again. That is wanted here, as the check needs
    to know all of a study, and other parameters say what the step depends on. (A check upstream, marked as ancient,
    would keep Snakemake 9 from seeing what else has changed; that is its issue 4166.)
    """
    study = study_of(wildcards)
    return json.dumps(
        {
            "studies": {wildcards.study: json.loads(as_json(study))},
            "target": CONFIG.target,
            "panel": CONFIG.panel,
        }
    )


def settings_of(wildcards):
    """The configuration of a study in full, defaults included."""
    return json.dumps(
        {
            "studies": {
                wildcards.study: json.loads(
                    study_of(wildcards).model_dump_json(exclude_none=True)
                )
            },
            "target": CONFIG.target,
            "panel": CONFIG.panel,
            "thresholds": json.loads(
                CONFIG.thresholds_of(wildcards.study).model_dump_json()
            ),
        }
    )


def caption_of_contrast(wildcards, path):
    """The numbers of a contrast; like all captions for Snakemake's report, made when that report is."""
    return captions.of_contrast(path, CONFIG.thresholds_of(wildcards.study).alpha)


def all_contrasts_of(wildcards, *parts):
    """All contrasts of a study; those that a comparison names as the exosomes are marked as such."""
    study = study_of(wildcards)
    exosomes = study.exosome_contrasts()
    contrasts = {
        name: each.model_copy(update={"exosome": name in exosomes})
        for name, each in study.contrasts.items()
    }
    return json.dumps(
        {name: json.loads(as_json(each, *parts)) for name, each in contrasts.items()}
    )


def options(flag, values):
    """Repeat a flag of the command line for each value."""
    return [part for value in values for part in (f"--{flag}", value)]


def simulated_flag(wildcards):
    return "--simulated" if study_of(wildcards).simulated else ""


def spike_ins_of(wildcards):
    """The table of spike-ins, where size factors rest on them."""
    rest_on_them = study_of(wildcards).size_factors.method == "spike_ins"
    path = f"results/{wildcards.study}/counts/spike_ins.tsv"
    return [path] if rest_on_them else []


def spike_ins_beside(wildcards):
    """The table of spike-ins, where the study has any: they show how all miRNA changed."""
    path = f"results/{wildcards.study}/counts/spike_ins.tsv"
    return [path] if study_of(wildcards).spike_ins else spike_ins_of(wildcards)


def release_of(wildcards):
    """The comparison of which a contrast is the exosome, if there is one."""
    for name, comparison in study_of(wildcards).comparisons.items():
        if comparison.exosome == wildcards.contrast:
            return [f"results/{wildcards.study}/cargo/release/{name}.tsv"]
    return []


def co_cargo_of(wildcards):
    """The co-cargo of a contrast, if it is one of exosomes."""
    if wildcards.contrast in study_of(wildcards).exosome_contrasts():
        return [f"results/{wildcards.study}/cargo/co_cargo/{wildcards.contrast}.tsv"]
    return []


def fits_of(study):
    return [
        f"results/{study}/differential/{name}.tsv" for name in STUDIES[study].contrasts
    ]


def stress_tests_of(study):
    return [
        f"results/{study}/robustness/{name}.tsv" for name in STUDIES[study].contrasts
    ]


def releases_of(study):
    return [
        f"results/{study}/cargo/release/{name}.tsv"
        for name in STUDIES[study].comparisons
    ]


def figures_of(study):
    """Every figure of a study, as .svg; its other files stand beside it."""
    config = STUDIES[study]
    names = catalogue.stems(
        config.contrasts, config.exosome_contrasts(), config.comparisons
    )
    return [f"results/{study}/figures/{name}.svg" for name in names]


def drawn(kinds, category, of="", folder="results/{study}/figures", study="{study}"):
    """Outputs of a step that draws: of each kind the .svg, for Snakemake's report, and its other files."""
    outputs = {}
    for kind in kinds:
        stem = f"{folder}/{kind.name}_{of}" if of else f"{folder}/{kind.name}"
        outputs[kind.name] = report(
            f"{stem}.svg",
            caption="../report/figure.rst",
            category=category,
            labels={"study": study, "of": of or "all samples", "shows": kind.shows},
        )
        outputs[f"{kind.name}_files"] = [
            f"{stem}.{ending}" for ending in catalogue.ENDINGS if ending != "svg"
        ]
    return outputs


def summary_of_results():
    simulated = [name for name, study in STUDIES.items() if study.simulated]
    return summarise({name: f"results/{name}" for name in STUDIES}, simulated)


def meta_of(wildcards):
    return CONFIG.meta[wildcards.meta]


def studies_of(wildcards):
    """The studies of a meta-analysis, each once."""
    return list(
        dict.fromkeys(name.split(".")[0] for name in meta_of(wildcards).contrasts)
    )


def pooled_fits_of(wildcards):
    return [
        "results/{}/differential/{}.tsv".format(*name.split("."))
        for name in meta_of(wildcards).contrasts
    ]


def simulated_of(wildcards):
    return options(
        "simulated",
        [name for name in studies_of(wildcards) if STUDIES[name].simulated],
    )


def results_of_meta():
    """Every file of the meta-analyses that is asked for."""
    return [
        path
        for name in CONFIG.meta
        for path in (
            f"results/meta/{name}.tsv",
            f"results/meta/figures/forest_{name}.svg",
        )
    ]
