"""Models of what is asked: contrasts, and comparisons of exosomes with their source."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from mircargo.config.across import Expectation
from mircargo.config.base import ColumnName, Formula, Model, Name, Title, WrongValue
from mircargo.config.levels import Interaction, Level, Levels, ShortInteraction, is_number
from mircargo.problems import did_you_mean, listing
from mircargo.vocabulary import Direction


def _as_users_may_write(schema: dict[str, Any]) -> None:
    """Say in the JSON schema that some keys stand for others, which `mircargo.config.from_sheet` fills in."""
    schema["required"] = ["variable"]


def _not_short(value: Any) -> Any:
    """Refuse a short form that no sample sheet has completed: a configuration is read by `load` or `parse`."""
    if isinstance(value, dict) and len(value) == 1 and not {*value} & {*Interaction.model_fields}:
        what = "the short form is of a configuration file"
        raise WrongValue(what, "name `variable`, `level` and `reference`")
    if isinstance(value, dict) and len(value) > 1 and not {*value} & {*Interaction.model_fields}:
        hint = "write `{geno: ko}`, or `variable`, `level` and `reference`"
        raise WrongValue("an interaction is with one column", hint)
    return value


class Contrast(Model):
    """A question: level against reference of one variable of the sample sheet."""

    model_config = ConfigDict(json_schema_extra=_as_users_may_write)

    title: Title | None = Field(
        None, description="What people read in place of the name, in report, figures, workbook and summary"
    )
    variable: ColumnName = Field(description="Column of the sample sheet that holds the two groups, or a number")
    level: Level = Field(
        description="The group of interest; a positive fold change means higher in it. Of a number, whose slope is"
        " found, `level` and `reference` can be left out"
    )
    reference: Level = Field(description="The group it is compared with")
    each_level_against: Level | None = Field(
        None,
        description="In place of `level` and `reference`, the reference: one contrast for each other level that the"
        " sheet has (in the `subset`), in its order, named NAME_LEVEL",
    )
    subset: dict[ColumnName, Levels] = Field(
        {}, description="Which samples take part: column and its value, or list of values"
    )
    blocking: list[ColumnName] = Field(
        [], description="Columns whose effect is taken out, for instance subject or batch"
    )
    design: Formula | None = Field(
        None, description="Model formula where blocking is not enough, for instance `~ batch + sex * condition`"
    )
    reduced: Formula | None = Field(
        None,
        description="Formula of the model without what is asked about, for instance `~ batch`: a likelihood-ratio test"
        " of all levels of the variable, whose fold change stays level against reference",
    )
    interaction: Annotated[
        Interaction | None,
        BeforeValidator(_not_short, json_schema_input_type=Interaction | ShortInteraction | None),
    ] = Field(
        None,
        description="Asks how the change differs between two levels of a second column, with the interaction in the"
        " model: the difference of the two log2 fold changes. `{geno: ko}` is `ko` against the only other level",
    )
    per_unit: bool = Field(
        False,
        description="Whether the variable is a number, and the contrast its slope: the fold change for each unit, over"
        " all samples, in the direction from `reference` to `level`. So it is where the variable is under `numeric`",
    )
    exosome: bool = Field(
        False, description="Whether the samples are exosomes: co-cargo is looked for. A comparison's exosome is one"
    )
    expected: Direction | None = Field(
        None, description="What the literature leads one to expect of the target; shown beside what was found"
    )
    expectation: Expectation | None = Field(
        None, description="What the contrast is called in the panel: its miRNAs are then held against what was found"
    )

    @model_validator(mode="after")
    def _parts_fit(self) -> "Contrast":
        for holds, key, what, hint in (*self._wrong_groups(), *self._wrong_model()):
            if holds:
                raise WrongValue(what, hint, key)
        return self

    def _wrong_groups(self) -> Iterator[tuple[bool, str, str, str]]:
        """List what cannot be asked of groups or of a slope: whether it is so, the key, what is wrong, what to do."""
        texts = {"level": self.level, "reference": self.reference}
        no_number = next((key for key, text in texts.items() if not is_number(text)), "level")
        yield (
            self.each_level_against is not None, "each_level_against",
            "`each_level_against` is of a configuration file", "name `level` and `reference`",
        )  # fmt: skip
        yield (
            self.level == self.reference, "reference",
            f"level and reference are both '{self.level}'", "name another group under one of them",
        )  # fmt: skip
        yield (
            self.per_unit and not is_number(texts[no_number]), no_number,
            f"the variable '{self.variable}' is a number, and `{no_number}` is '{texts[no_number]}'",
            "write two numbers, of which the slope runs from `reference` to `level`, or leave both out",
        )  # fmt: skip

    def _wrong_model(self) -> Iterator[tuple[bool, str, str, str]]:
        """List what does not go together in the model, as `_wrong_groups` does."""
        pair = self.interaction
        yield (
            self.design is not None and bool(self.blocking), "blocking",
            "give `design` or `blocking`, not both: the formula says it all", "take `blocking` out",
        )  # fmt: skip
        yield (
            self.variable in self.blocking, "blocking",
            f"`blocking` has the variable '{self.variable}' itself", f"take '{self.variable}' out of it",
        )  # fmt: skip
        yield (
            self.reduced is not None and self.exosome, "exosome",
            "co-cargo needs a direction: a contrast with `reduced` cannot be `exosome`", "take one of the two out",
        )  # fmt: skip
        yield (
            self.exosome and (self.per_unit or pair is not None), "exosome",
            "co-cargo is of two groups: a slope or an interaction cannot be `exosome`",
            "take `exosome` out, or ask for the two groups in another contrast",
        )  # fmt: skip
        yield (
            pair is not None and pair.variable == self.variable, "interaction",
            f"`interaction` needs another column than the variable '{self.variable}'", "name a second column",
        )  # fmt: skip
        yield (
            self.per_unit and pair is not None, "interaction",
            "an `interaction` is of two groups, and the variable is a number", "take `interaction` out",
        )  # fmt: skip


class Comparison(Model):
    """An exosome contrast against the same contrast in the tissue or cells that the exosomes came from."""

    title: Title | None = Field(None, description="What people read in place of the name")
    exosome: Name = Field(description="Name of the contrast of the exosomes")
    source: Name = Field(description="Name of the contrast of their source: DRG, cells")
    fraction: ColumnName = Field(
        "fraction", description="Column of the sample sheet that tells exosome and source apart"
    )
    blocking: list[ColumnName] = Field([], description="Further columns whose effect is taken out")
    subject: ColumnName | None = Field(
        None,
        description="Column that pairs the two fractions, used where each of its animals or pools has both; the study's"
        " `subject` where left out",
    )


def wrong_comparison(name: str, comparison: Comparison, contrasts: Mapping[str, Contrast]) -> WrongValue | None:
    """Say why two contrasts cannot be compared; None where they can."""
    own = f"comparisons.{name}"
    for key, role in (("exosome", comparison.exosome), ("source", comparison.source)):
        if role not in contrasts:
            what = f"comparison '{name}' names '{role}', which is no contrast of this study"
            hint = f"{did_you_mean(role, contrasts)} there are {listing(contrasts)}".strip()
            return WrongValue(what, hint, f"{own}.{key}")
    both = contrasts[comparison.exosome], contrasts[comparison.source]
    other = f"name contrasts of two groups under `exosome` and `source`, or take '{name}' out"
    if any(each.per_unit or each.interaction is not None for each in both):
        what = f"comparison '{name}': a slope or an interaction cannot be compared between fractions"
        return WrongValue(what, other, own)
    if any(each.reduced is not None for each in both):
        what = f"comparison '{name}': a contrast with `reduced` asks of several levels at once"
        return WrongValue(what, other, own)
    if len({(each.variable, each.level, each.reference) for each in both}) > 1:
        what = f"comparison '{name}': both contrasts must ask the same (variable, level, reference)"
        asked = (f"'{each.level}' against '{each.reference}' of '{each.variable}'" for each in both)
        return WrongValue(what, f"one asks {' and the other '.join(asked)}: make them alike", own)
    return None
