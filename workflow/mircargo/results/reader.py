"""A study's results as one object: each file is read when it is first asked for, and once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from mircargo.config import Config, Study, Thresholds
from mircargo.inputs.sheet import read_sheet
from mircargo.io import read_counts, read_json, read_result
from mircargo.problems import listing, Problem, ProblemsFound, refusal
from mircargo.results import contract as files
from mircargo.results.contract import Result

T = TypeVar("T")


class ByName(Mapping[str, T]):
    """Files by the contrast or comparison they are of; each is read when it is first asked for, and once."""

    def __init__(self, paths: Mapping[str, Path], read: Callable[[Path], T]) -> None:
        self._paths, self._read = paths, cache(read)

    def __getitem__(self, name: str) -> T:
        return self._read(self._paths[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _one(file: Result, read: Callable[[Path], T]) -> "cached_property[T]":
    return cached_property(lambda results: read(file.within(results.folder)))


def _each(file: Result, read: Callable[[Path], T]) -> "cached_property[ByName[T]]":
    return cached_property(
        lambda results: ByName({k: results.folder / path for k, path in file.paths(results.study).items()}, read)
    )


class StudyResults:
    """The results of a study.

    Parameters
    ----------
    name
        The study.
    folder
        Its results: `results/STUDY` of a run.
    config
        A configuration that holds the study; that of `provenance.json` if none is given.
    sheet
        Its sample sheet; the configured one if none is given.

    Attributes
    ----------
    counts, normalised, spike_ins
        Features (or spike-ins) x samples, indexed by feature.
    summary, features, ledger, balance, libraries, target, co_cargo, expectations
        Tables as in the file, rows numbered.
    next_experiment, next_experiment_open
        `cargo/next_experiment.tsv` and its `.inconclusive.tsv`, only of a study with `next_experiment`.
    notes, provenance
        The .json files as dictionaries.
    fit, fit_facts, stress, stress_variants, stress_facts
        By contrast: `differential/CONTRAST.tsv` and its .json, `robustness/CONTRAST.tsv`, .variants.tsv and .json.
    qpcr, qpcr_references
        By contrast: `cargo/qpcr/CONTRAST.tsv` and its .references.tsv.
    recipient_counts, recipient_changes, recipient_sites, recipient_genes, recipient_ledger, recipient_fit
        Of a study with a recipient: what was read of it, and its fit; counts are genes x samples.
    recipient_stress, recipient_stress_facts, recipient_shifts
        The stress test of its genes and of the shifts of targets.
    recipient_families, recipient_dose, recipient_balance, recipient_activity, recipient_agreement, recipient_shown
        Likewise, what its targets say: the tables of `recipient/`; `recipient_answer` is its answer.json.
    by_chance
        By contrast of exosomes: `cargo/co_cargo/CONTRAST.json`.
    release, release_facts, release_stress, release_stress_variants, release_stress_facts
        By comparison: `cargo/release/COMPARISON.tsv` and its .json, `robustness/release/COMPARISON.tsv`, .variants.tsv
        and .json.
    """

    counts = _one(files.RAW_COUNTS, read_counts)
    normalised = _one(files.NORMALISED, read_counts)
    spike_ins = _one(files.SPIKE_INS, read_counts)
    summary = _one(files.CONTRAST_SUMMARY, read_result)
    features = _one(files.FEATURE_TABLE, read_result)
    ledger = _one(files.LEDGER_TABLE, read_result)
    balance = _one(files.BALANCE_TABLE, read_result)
    libraries = _one(files.LIBRARIES, read_result)
    target = _one(files.TARGET_CALLS, read_result)
    co_cargo = _one(files.CO_CARGO_TABLE, read_result)
    expectations = _one(files.EXPECTATION_TABLE, read_result)
    notes = _one(files.NOTES, read_json)
    provenance = _one(files.PROVENANCE, read_json)
    next_experiment = _one(files.NEXT_EXPERIMENT, read_result)
    next_experiment_open = _one(files.NEXT_EXPERIMENT_OPEN, read_result)
    fit = _each(files.FIT, read_result)
    fit_facts = _each(files.FIT_FACTS, read_json)
    stress = _each(files.STRESS, read_result)
    stress_variants = _each(files.STRESS_VARIANTS, read_result)
    stress_facts = _each(files.STRESS_FACTS, read_json)
    by_chance = _each(files.BY_CHANCE, read_json)
    qpcr = _each(files.QPCR, read_result)
    qpcr_references = _each(files.QPCR_REFERENCES, read_result)
    recipient_counts = _one(files.RECIPIENT_COUNTS, lambda path: read_result(path).set_index("gene"))
    recipient_changes = _one(files.RECIPIENT_CHANGES, read_result)
    recipient_sites = _one(files.RECIPIENT_SITES, read_result)
    recipient_genes = _one(files.RECIPIENT_GENES, read_result)
    recipient_ledger = _one(files.RECIPIENT_LEDGER, read_json)
    recipient_fit = _one(files.RECIPIENT_FIT, read_result)
    recipient_stress = _one(files.RECIPIENT_STRESS, read_result)
    recipient_stress_facts = _one(files.RECIPIENT_STRESS_FACTS, read_json)
    recipient_shifts = _one(files.SHIFTS, read_result)
    recipient_families = _one(files.FAMILIES, read_result)
    recipient_dose = _one(files.DOSE, read_result)
    recipient_balance = _one(files.BALANCE, read_result)
    recipient_activity = _one(files.ACTIVITY, read_result)
    recipient_agreement = _one(files.AGREEMENT, read_result)
    recipient_shown = _one(files.SHOWN_TARGETS, read_result)
    recipient_answer = _one(files.RECIPIENT_ANSWER, read_json)
    release = _each(files.RELEASE_TABLE, read_result)
    release_facts = _each(files.RELEASE_FACTS, read_json)
    release_stress = _each(files.RELEASE_STRESS, read_result)
    release_stress_variants = _each(files.RELEASE_STRESS_VARIANTS, read_result)
    release_stress_facts = _each(files.RELEASE_STRESS_FACTS, read_json)

    def __init__(
        self, name: str, folder: str | Path, config: Config | None = None, sheet: str | Path | None = None
    ) -> None:
        self.name, self.folder = name, Path(folder)
        self._config, self._sheet = config, sheet

    @cached_property
    def config(self) -> Config:
        """The configuration that the results were made under."""
        return self._config or Config.model_validate(self.provenance["configuration"])

    @property
    def study(self) -> Study:
        """The study as configured.

        Raises
        ------
        ProblemsFound
            Where the configuration has no such study.
        """
        if self.name not in self.config.studies:
            found = f"studies {listing(self.config.studies)}"
            raise refusal("no_such_study", "the configuration has no such study", self.name, found)
        return self.config.studies[self.name]

    @cached_property
    def thresholds(self) -> Thresholds:
        """Thresholds of the study."""
        return self.config.thresholds_of(self.name)

    @cached_property
    def warnings(self) -> list[dict[str, Any]]:
        """What the check warns of."""
        warnings: list[dict[str, Any]] = read_json(files.CHECK.within(self.folder))["warnings"]
        return warnings

    @property
    def recipient_calls(self) -> pd.DataFrame:
        """Genes of the recipient as they were fitted, with the call of each and whether it is robust."""
        stressed = self.recipient_stress[["gene", "call", "robust", "fragile_under"]]
        return self.recipient_fit.merge(stressed, how="left", on="gene")

    @cached_property
    def ledger_totals(self) -> pd.DataFrame:
        """Rows and reads of each input table by what became of them: `table action rows reads`."""
        groups = self.ledger.groupby(["table", "action"], sort=False)
        return groups.agg(rows=("row", "size"), reads=("reads", "sum")).reset_index()

    @cached_property
    def sheet(self) -> pd.DataFrame:
        """The sample sheet, indexed by sample in the order of the counts: text, None where missing.

        The column `column` is left out where it holds nothing but the names of the samples.
        """
        rows = read_sheet(self._sheet or self.study.samples).reindex(self.counts.columns)
        named_as_samples = (rows["column"].isna() | (rows["column"] == rows.index)).all()
        return rows.drop(columns="column") if named_as_samples else rows

    @cached_property
    def samples(self) -> pd.DataFrame:
        """The sample sheet, then the columns of `quality/samples.tsv`."""
        quality = self.libraries.set_index("sample")
        # A column of the sheet may be named as one of ours, which then stands behind it under a longer name.
        described = quality.rename(columns={each: f"quality_{each}" for each in quality if each in self.sheet})
        return self.sheet.join(described).rename_axis("sample")

    def require(self, needed: Iterable[Result]) -> None:
        """Name every file that is not there at once.

        Raises
        ------
        ProblemsFound
            Where a file is missing.
        """
        paths: list[str] = []
        for file in needed:
            paths += file.paths(self.study).values() if "{" in file.path else [file.path]
        missing = [path for path in paths if not (self.folder / path).is_file()]
        if missing:
            hint = "run the workflow first: snakemake --cores 2"
            raise refusal("missing_results", "these results are not there", str(self.folder), listing(missing), hint)
