"""Models of what reaches beyond one study: what the literature expects, and meta-analyses."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mircargo.config.base import IS_COLUMN, IS_NUMBER, Model, WrongValue
from mircargo.problems import did_you_mean, listing


class Expectation(Model):
    """What a contrast is called in a panel of expected directions."""

    tissue: str = Field(description="Tissue as the panel writes it, for instance DRG; case does not matter")
    model: str = Field(description="Model as the panel writes it, for instance spared nerve injury")
    day: Annotated[float, Field(ge=0), IS_NUMBER] | None = Field(
        None, description="Day after the injury; without it only entries of any day hold"
    )


class MetaAnalysis(Model):
    """Contrasts of several studies that ask the same, to be pooled feature by feature."""

    title: Annotated[str, StringConstraints(pattern=r"\S")] = Field(description="Title of its figures")
    contrasts: list[str] = Field(
        min_length=2, description="The contrasts, each as STUDY.CONTRAST; of those that share samples the first counts"
    )
    heterogeneity: Literal["paule_mandel", "reml", "dersimonian_laird"] = Field(
        "paule_mandel", description="How the variance between contrasts is found"
    )

    halves: Annotated[str, StringConstraints(pattern=r"\S"), IS_COLUMN] | None = Field(
        None,
        description="Whether each contrast is halved as well, to see how many calls of one half the other repeats:"
        " `random`, or a column of the sample sheet with two values",
    )

    @model_validator(mode="after")
    def _each_once(self) -> "MetaAnalysis":
        twice = [name for name in dict.fromkeys(self.contrasts) if self.contrasts.count(name) > 1]
        if twice:
            raise WrongValue(f"{listing(twice)} is named more than once", "name each contrast once", "contrasts")
        return self

    @property
    def named(self) -> list[tuple[str, str]]:
        """Study and contrast of each, in the order of the configuration."""
        return [(study, contrast) for study, contrast in (each.split(".") for each in self.contrasts)]

    @property
    def studies(self) -> list[str]:
        """The studies, each once."""
        return list(dict.fromkeys(study for study, _ in self.named))

    def not_known(self, name: str, known: Collection[str]) -> list[WrongValue]:
        """Say of each contrast that the configuration does not have what is wrong; `name` is the meta-analysis's."""
        return [
            WrongValue(
                f"meta-analysis '{name}' names '{each}', which is no STUDY.CONTRAST",
                f"{did_you_mean(each, known)} there are {listing(known)}".strip(),
                f"meta.{name}.contrasts",
            )
            for each in self.contrasts
            if each not in known
        ]
