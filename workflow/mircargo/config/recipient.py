"""Models of the cells that take the exosomes up: their messenger RNA, and the targets of miRNAs."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from mircargo.config.base import ColumnName, Model, Name, Number, PathText, Title, WrongValue
from mircargo.config.contrast import Contrast
from mircargo.config.count_table import CountTable, Sha256, Url, name_of_address, refuse_without_source, table_path


def table_alone(value: Any) -> Any:
    """Take a text for the path of a table."""
    return {"table": value} if isinstance(value, str) else value


class FetchedTable(Model):
    """A table: a file, or an address with its checksum."""

    table: PathText | None = Field(None, description="Path of the table; a fetched one is put there, below `data/`")
    url: Url | None = Field(None, description="Address to fetch the table from once, over https; needs `sha256`")
    sha256: Sha256 | None = Field(None, description="SHA-256 checksum of the file, 64 hexadecimal digits")

    @model_validator(mode="after")
    def _has_source(self) -> "FetchedTable":
        refuse_without_source(self.table, self.url, self.sha256)
        return self


class ResultColumns(Model):
    """Columns of a table of results, where their names do not tell them."""

    gene: str | None = Field(None, description="Column of the genes")
    log2_fold_change: str | None = Field(None, description="Column of log2 fold changes")
    standard_error: str | None = Field(None, description="Column of the standard errors of the log2 fold changes")
    base_mean: str | None = Field(None, description="Column of the mean expression")


class TargetColumns(Model):
    """Columns of a table of targets, where their names do not tell them."""

    mirna: str | None = Field(None, description="Column of miRNAs, families or seeds")
    gene: str | None = Field(None, description="Column of the genes that are targets")
    site_type: str | None = Field(None, description="Column of the type of site: 8mer, 7mer-m8, 7mer-A1, 6mer")
    score: str | None = Field(None, description="Column of the score of a site")


class TargetTable(FetchedTable):
    """Targets of miRNAs: TargetScan, miRTarBase, TarBase, or any table of miRNA (family, seed) and gene."""

    families: PathText | None = Field(
        None, description="TargetScan's `miR_Family_Info.txt`: seeds of the families that the table names"
    )
    columns: TargetColumns = Field(
        default_factory=lambda: TargetColumns(), description="Columns, where their names do not tell them"
    )
    max_score: Number | None = Field(
        None,
        description="Sites with a higher score are left out: of TargetScan's context++ the lower is the stronger",
    )
    min_score: Number | None = Field(
        None, description="Sites with a lower score are left out, where the higher is the stronger"
    )

    @model_validator(mode="after")
    def _scores_leave_something(self) -> "TargetTable":
        if self.min_score is not None and self.max_score is not None and self.min_score > self.max_score:
            what = f"no score is above {self.min_score:g} (`min_score`) and below {self.max_score:g}"
            raise WrongValue(what, "swap them, or take one of the two out", "min_score")
        return self


class Recipient(Model):
    """The cells that take the exosomes up: counts of their messenger RNA, or the results of a test of it."""

    title: Title | None = Field(None, description="What people read of the cells, for instance `macrophages`")
    counts: Annotated[CountTable | None, BeforeValidator(table_alone, json_schema_input_type=CountTable | str)] = Field(
        None, description="The table of raw counts, genes x samples; a path alone is its `table`"
    )
    samples: PathText | None = Field(None, description="Path of the sample sheet of `counts`: a column `sample`, ...")
    contrast: Contrast | None = Field(
        None, description="Cells given the exosomes of interest (level) against cells given others (reference)"
    )
    numeric: list[ColumnName] = Field(
        [], description="Columns of that sheet that are numbers; all others are categories"
    )
    paired: bool = Field(
        False,
        description="Whether each sample was given exosomes of one subject of the study, which both sheets name in the"
        " column `subject`; it is an error then where they do not match",
    )
    results: Annotated[FetchedTable | None, BeforeValidator(table_alone, json_schema_input_type=FetchedTable | str)] = (
        Field(
            None,
            description="In place of counts, results of a test of all genes: DESeq2, edgeR, limma, or genes and log2"
            " fold changes, above 0 for more in cells given the exosomes of interest; a path alone is its `table`",
        )
    )
    columns: ResultColumns = Field(
        default_factory=lambda: ResultColumns(),
        description="Columns of `results`, where their names do not tell them",
    )
    genes: PathText | None = Field(
        None,
        description="Path of a table about genes: length of the 3'UTR, GC, symbol and other identifiers, known by the"
        " names of its columns",
    )
    cargo: Name | None = Field(
        None, description="The contrast of exosomes whose change is to explain it; the first where left out"
    )

    @model_validator(mode="before")
    @classmethod
    def _slope_of_numbers(cls, values: Any) -> Any:
        contrast = values.get("contrast") if isinstance(values, dict) else None
        numeric = values.get("numeric") if isinstance(values, dict) else None
        if not isinstance(contrast, dict) or not isinstance(numeric, list) or contrast.get("variable") not in numeric:
            return values
        return {**values, "contrast": as_slope(contrast)}

    @model_validator(mode="after")
    def _counts_or_results(self) -> "Recipient":
        of_counts = {"samples": self.samples, "contrast": self.contrast}
        missing = [key for key, value in of_counts.items() if value is None]
        beside = [key for key, value in of_counts.items() if value is not None]
        beside += [key for key, value in {"numeric": self.numeric, "paired": self.paired}.items() if value]
        own = _given(self.counts, ("sample", "prefix", "absent_is_zero"))
        asked = _given(self.contrast, ("exosome", "expected", "expectation"))
        named = [key for key, value in self.columns.model_dump().items() if value is not None]
        of_results = (beside or [""])[0]
        wrong = {
            ("needs `counts` (with `samples` and `contrast`) or `results`", "add one of the two", ""): (
                self.counts is None and self.results is None
            ),
            ("give `counts` or `results`, not both", "take one of the two out", "results"): (
                self.counts is not None and self.results is not None
            ),
            (f"`counts` needs {' and '.join(f'`{key}`' for key in missing)} too", "add what is missing", "counts"): (
                self.counts is not None and missing
            ),
            (f"`{of_results}` belongs to `counts`, and `results` are given", f"take `{of_results}` out", of_results): (
                self.results is not None and beside
            ),
            ("`columns` are of `results`, and `counts` are given", "take `columns` out", "columns"): (
                self.counts is not None and named
            ),
            (
                f"`{own}` of `counts` is of tables of miRNA: a recipient has one table, and its sheet names samples",
                f"take `{own}` out",
                f"counts.{own}",
            ): own,
            (
                f"`{asked}` is of contrasts of miRNA, and the `contrast` of `recipient` is of messenger RNA",
                f"take `{asked}` out",
                f"contrast.{asked}",
            ): asked,
        }
        if first := next((words for words, holds in wrong.items() if holds), None):
            raise WrongValue(*first)
        return self

    @property
    def table(self) -> CountTable | FetchedTable:
        """The table of messenger RNA: counts or results."""
        table = self.counts or self.results
        assert table is not None  # one of both is required
        return table


def _given(model: Model | None, keys: tuple[str, ...]) -> str:
    """Return the first of these keys that is set to something else than its default; '' where none is."""
    given = model.model_dump(exclude_defaults=True) if model is not None else {}
    return next((key for key in keys if key in given), "")


def as_slope(contrast: dict[str, Any]) -> dict[str, Any]:
    """Ask for the slope; where no direction is given, for that of one unit more."""
    direction = {} if {"level", "reference"} & {*contrast} else {"level": "1", "reference": "0"}
    return {**contrast, **direction, "per_unit": True}


def fetched_path(study: str, table: CountTable | FetchedTable) -> str:
    """Where a table of messenger RNA or of targets lies, or will lie once fetched."""
    if isinstance(table, CountTable):
        return table_path(study, table)
    return table.table or f"data/{study}/{name_of_address(str(table.url))}"
