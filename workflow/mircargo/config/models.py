"""The configuration as typed models; schema and reference page are generated from them (see reference.py)."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from mircargo.config.across import MetaAnalysis
from mircargo.config.base import ColumnName, Model, Name, Number, PathText, WholeNumber, WrongValue, refuse_names_alike
from mircargo.config.contrast import Comparison, Contrast, wrong_comparison
from mircargo.config.count_table import CountTable
from mircargo.config.next_experiment import NextExperiment
from mircargo.config.recipient import FetchedTable, Recipient, TargetTable, as_slope, table_alone
from mircargo.config.species import MirbaseFile, Species, refuse_wrong_source_of_names
from mircargo.problems import did_you_mean, listing
from mircargo.vocabulary import FIGURE_FORMATS, Biotype, FigureFormat, SizeFactorMethodName


class Thresholds(Model):
    """Where a call begins."""

    alpha: Number = Field(0.05, gt=0, lt=1, description="A call is made where the adjusted p-value is below this")
    min_log2_fold_change: Number = Field(
        0, ge=0, description="Smallest absolute log2 fold change of interest; above 0 it is tested against"
    )
    min_total_count: WholeNumber = Field(
        10, ge=0, le=10**9, description="Features with fewer reads over the samples of a contrast are not fitted"
    )
    preparation_log2_sd: Number = Field(
        0.2,
        ge=0,
        description="Error of a log2 fold change by the making of the libraries, which replicates do not show. The"
        " stress test estimates it, between a quarter and one and a half times this, and a robust call is larger than"
        " it explains; larger where groups were prepared apart; 0 leaves it out",
    )
    scale_log2_sd: Number = Field(
        0.25,
        ge=0,
        description="How far, in log2, the scale of a contrast may lie beside what the typical miRNA and the total say"
        " of it; only in the intervals `scale_ci_low` and `scale_ci_high`",
    )
    equivalence_log2_fold_change: Number = Field(
        0.585, gt=0, description="`unchanged` means shown to lie within this absolute log2 fold change (1.5-fold)"
    )


class SizeFactorChoice(Model):
    """How libraries of different depth are made comparable."""

    method: SizeFactorMethodName = Field(
        "auto",
        description="How they are found; `auto` is `ratio`, or `poscounts` where every feature has a zero; `total`"
        " takes the total, not the typical feature, as unchanged, `mode` the most frequent fold change of a contrast",
    )
    features: list[str] = Field(
        [], description="For `control_features`: features that do not change, as in features.tsv"
    )
    column: ColumnName | None = Field(
        None, description="For `column`: column of the sample sheet that holds size factors"
    )
    within_fraction: bool = Field(True, description="Whether they are found within each fraction, or over all samples")

    @model_validator(mode="after")
    def _fits_the_method(self) -> "SizeFactorChoice":
        for method, key, value in (("control_features", "features", self.features), ("column", "column", self.column)):
            if self.method == method and not value:
                raise WrongValue(f"`method: {method}` needs `{key}`", f"add `{key}:`", key)
            if self.method != method and value:
                what = f"`{key}` belongs to `method: {method}`, and the method is {self.method}"
                raise WrongValue(what, f"take `{key}` out, or write `method: {method}`", key)
        if not self.within_fraction and self.method == "column":
            what = "`within_fraction` says nothing where the size factors are taken from a column"
            raise WrongValue(what, "take `within_fraction` out", "within_fraction")
        return self


class Study(Model):
    """Count tables, their sample sheet, and the questions to them."""

    title: Annotated[str, StringConstraints(pattern=r"\S")] = Field(description="Title of the report")
    species: Species = Field(
        description="miRBase's letters for the species: mmu, rno, hsa; any other (ssc, dre) with `mirbase`; or `other`:"
        " names are taken as they are (docs/species.md)"
    )
    mirbase: MirbaseFile | None = Field(
        None, description="miRBase's mature.fa, for a species that the package does not hold", validate_default=True
    )
    counts: list[CountTable] = Field(min_length=1, description="The count tables; their samples stand side by side")
    samples: PathText = Field(
        description="Path of the sample sheet: a column `sample`, then any columns; rows of one `sample`, each with its"
        " own `column` of the tables (and `table`, where several have it), are one library and are added up"
    )
    contrasts: dict[Name, Contrast] = Field(min_length=1, description="The questions, by name")
    comparisons: dict[Name, Comparison] = Field({}, description="Exosome contrasts against their source, by name")
    simulated: bool = Field(False, description="Whether the data are simulated: every page and figure then says so")
    exclude_samples: list[str] = Field([], description="Sample columns of the tables that are left out on purpose")
    numeric: list[ColumnName] = Field(
        [], description="Columns of the sheet that are numbers; all others are categories"
    )
    fraction: ColumnName = Field(
        "fraction", description="Column of the sheet with the fraction, if any: size factors are found within each"
    )
    subject: ColumnName = Field(
        "subject", description="Column of the sheet with the animal, donor or pool, if any: the unit of replication"
    )
    blood_derived: list[str] = Field(
        [], description="Fractions that come from blood (plasma, serum): red cells are looked for"
    )
    biotypes: list[str] = Field(
        [Biotype.MIRNA],
        description="Kinds of small RNA that are fitted; rows of other kinds stay in the ledger. A table that states no"
        " kinds has them by the names of its rows (docs/formats.md); `other_species` is miRNA of another species",
    )
    spike_ins: list[Annotated[str, StringConstraints(min_length=1)]] = Field(
        [],
        description="Rows that were added to the libraries, for instance cel-miR-39-3p; * and ? stand for any letters. "
        "They are kept aside in counts/spike_ins.tsv",
    )
    size_factors: SizeFactorChoice = Field(
        default_factory=lambda: SizeFactorChoice(), description="How libraries of different depth are made comparable"
    )
    thresholds: Thresholds | None = Field(None, description="Thresholds of this study, instead of the common ones")
    recipient: Recipient | None = Field(
        None, description="Messenger RNA of the cells that take the exosomes up; needs `targets`"
    )
    targets: Annotated[
        TargetTable | None, BeforeValidator(table_alone, json_schema_input_type=TargetTable | str | None)
    ] = Field(None, description="Targets of miRNAs, for `recipient`; a path alone is its `table`")
    next_experiment: NextExperiment | None = Field(
        None,
        description="Power of the next experiment from this study's own fit: `{}` switches it on with its defaults",
    )

    @model_validator(mode="after")
    def _spike_ins_are_named(self) -> "Study":
        if self.size_factors.method == "spike_ins" and not self.spike_ins:
            what = "`method: spike_ins` of `size_factors` needs `spike_ins`, the names of the spike-ins"
            raise WrongValue(what, "add `spike_ins: [cel-miR-39-3p]`, with the names of yours", "spike_ins")
        return self

    @field_validator("counts")
    @classmethod
    def _each_table_once(cls, counts: list[CountTable]) -> list[CountTable]:
        named = [(each.table or each.url, each.sheet) for each in counts]
        if twice := [str(name) for name, sheet in dict.fromkeys(named) if named.count((name, sheet)) > 1]:
            raise WrongValue(f"{listing(twice)} is listed more than once", "take one out")
        return counts

    @field_validator("next_experiment", mode="before")
    @classmethod
    def _asked_for_or_left_out(cls, value: Any) -> Any:
        if value is None:
            raise WrongValue("`next_experiment` says nothing", "write `next_experiment: {}`, or leave it out")
        return value

    @field_validator("mirbase")
    @classmethod
    def _names_are_known(cls, mirbase: MirbaseFile | None, info: ValidationInfo) -> MirbaseFile | None:
        species = info.data.get("species")  # missing where it is wrong itself
        if species:
            refuse_wrong_source_of_names(species, mirbase)
        return mirbase

    @model_validator(mode="before")
    @classmethod
    def _fill_in_what_the_study_says(cls, values: Any) -> Any:
        """Ask for the slope where a contrast's variable is a number; pair comparisons by the study's subject."""
        if not isinstance(values, dict):
            return values
        numeric, subject = values.get("numeric"), values.get("subject", cls.model_fields["subject"].default)
        numbers = numeric if isinstance(numeric, list) else []
        fill_in: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "contrasts": lambda each: as_slope(each) if each.get("variable") in numbers else each,
            "comparisons": lambda each: {"subject": subject, **each},
        }
        parts = {
            key: {name: fill(each) if isinstance(each, dict) else each for name, each in values[key].items()}
            for key, fill in fill_in.items()
            if isinstance(values.get(key), dict)
        }
        return {**values, **parts}

    @model_validator(mode="after")
    def _titles_differ(self) -> "Study":
        """People tell contrasts apart by their titles, and by the names of those that have none; systems, by names."""
        parts: dict[str, Mapping[str, Contrast | Comparison]]
        parts = {"contrasts": self.contrasts, "comparisons": self.comparisons}
        for part, named in parts.items():
            labels = [each.title or name for name, each in named.items()]
            twice = [name for name, label in zip(named, labels, strict=True) if labels.count(label) > 1]
            if twice:
                what = f"the {part} {listing(twice)} would be read as the same, '{named[twice[0]].title or twice[0]}'"
                raise WrongValue(what, "give each its own `title`", f"{part}.{twice[1]}")
            refuse_names_alike(named, part)
        return self

    def label(self, contrast: str) -> str:
        """Return what people read of a contrast: its title, or its name where it has none."""
        return self.contrasts[contrast].title or contrast

    def label_of_comparison(self, comparison: str) -> str:
        """Return what people read of a comparison: its title, or its name where it has none."""
        return self.comparisons[comparison].title or comparison

    @model_validator(mode="after")
    def _comparisons_fit(self) -> "Study":
        found = [wrong_comparison(name, each, self.contrasts) for name, each in self.comparisons.items()]
        WrongValue.raise_all([wrong for wrong in found if wrong is not None])
        return self

    @model_validator(mode="after")
    def _recipient_has_cargo_and_targets(self) -> "Study":
        for key, other in (("recipient", "targets"), ("targets", "recipient")):
            if getattr(self, key) is not None and getattr(self, other) is None:
                what = f"`{key}` needs `{other}`: what the cells do is held against the targets of miRNAs"
                raise WrongValue(what, f"add `{other}:`, or take `{key}` out", key)
        exosomes = self.exosome_contrasts()
        if self.recipient is not None and not exosomes:
            what, hint = "`recipient` needs a contrast of exosomes", "mark one with `exosome: true`"
            raise WrongValue(what, hint, "recipient")
        if self.recipient is not None and (self.recipient.cargo or exosomes[0]) not in exosomes:
            cargo = str(self.recipient.cargo)
            what = f"`cargo` of `recipient` names '{cargo}', which is none of the contrasts of exosomes"
            hint = f"{did_you_mean(cargo, exosomes)} there are {listing(exosomes)}".strip()
            raise WrongValue(what, hint, "recipient.cargo")
        return self

    @property
    def cargo_contrast(self) -> str | None:
        """The contrast of exosomes whose change is to explain what the recipient cells do."""
        return None if self.recipient is None else self.recipient.cargo or self.exosome_contrasts()[0]

    @property
    def recipient_tables(self) -> list[CountTable | FetchedTable]:
        """The tables of messenger RNA and of targets, which may have to be fetched; none without a recipient."""
        return [self.recipient.table, self.targets] if self.recipient is not None and self.targets is not None else []

    @property
    def recipient_files(self) -> list[str]:
        """The other files about the recipient: its sample sheet, its genes, the families of the targets."""
        if self.recipient is None or self.targets is None:
            return []
        return [each for each in (self.recipient.samples, self.recipient.genes, self.targets.families) if each]

    def exosome_contrasts(self) -> list[str]:
        named = {comparison.exosome for comparison in self.comparisons.values()}
        return [name for name, contrast in self.contrasts.items() if contrast.exosome or name in named]


class Config(Model):
    """A whole configuration file."""

    studies: dict[Name, Study] = Field(min_length=1, description="The studies, by name; results go to results/NAME")
    target: str = Field(
        "miR-21-5p", description="The miRNA that is asked about; older names and other species' are understood"
    )
    thresholds: Thresholds = Field(default_factory=lambda: Thresholds(), description="Where a call begins")
    meta: dict[Name, MetaAnalysis] = Field({}, description="Meta-analyses, by name; results go to results/meta")
    panel: PathText = Field(
        "neuropathic_pain",
        description="Expected directions: a panel that comes with mircargo, or the path of your own (tab separated)",
    )
    figure_formats: list[FigureFormat] = Field(
        FIGURE_FORMATS,
        description="Files of each figure. The .svg, which the report shows, and the data drawn (.tsv) are always"
        " written; `[svg]` halves the time of drawing",
    )

    @field_validator("figure_formats")
    @classmethod
    def _as_written(cls, formats: list[FigureFormat]) -> list[FigureFormat]:
        # What makes the same files is the same setting, which makes no step run again.
        return [each for each in FIGURE_FORMATS if each == "svg" or each in formats]

    @model_validator(mode="after")
    def _meta_names_contrasts(self) -> "Config":
        if "meta" in self.studies:
            what = "no study can be named 'meta': results/meta holds the meta-analyses"
            raise WrongValue(what, "rename it", "studies.meta")
        refuse_names_alike(self.studies, "studies")
        refuse_names_alike(self.meta, "meta")
        known = [f"{name}.{contrast}" for name, study in self.studies.items() for contrast in study.contrasts]
        WrongValue.raise_all([wrong for name, meta in self.meta.items() for wrong in meta.not_known(name, known)])
        WrongValue.raise_all([
            WrongValue(
                f"meta-analysis '{name}' pools fold changes, slopes or interactions with one another: they are not"
                " alike", "give each kind a meta-analysis of its own", f"meta.{name}.contrasts",
            )
            for name, meta in self.meta.items()
            if len({self._kind_of(each) for each in meta.contrasts}) > 1
        ])  # fmt: skip
        return self

    def _kind_of(self, text: str) -> tuple[bool, bool]:
        study, name = text.split(".")
        contrast = self.studies[study].contrasts[name]
        return contrast.per_unit, contrast.interaction is not None

    @property
    def labels(self) -> dict[tuple[str, str], str]:
        """What people read of each contrast, by its study and its name."""
        return {(name, each): study.label(each) for name, study in self.studies.items() for each in study.contrasts}

    @property
    def has_index(self) -> bool:
        """Whether a run has more than one report, so that it makes a page which leads to them."""
        return len(self.studies) + len(self.meta) > 1

    def thresholds_of(self, study: str) -> Thresholds:
        return self.studies[study].thresholds or self.thresholds
