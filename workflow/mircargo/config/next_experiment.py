"""The model of what a next experiment may be like."""

from typing import Annotated

from pydantic import Field, field_validator

from mircargo.config.base import IS_NUMBER, Model, Number


class NextExperiment(Model):
    """The experiments whose power is worked out."""

    fold_changes: list[Annotated[float, Field(gt=1), IS_NUMBER]] = Field(
        [1.5, 2, 4], min_length=1, description="Changes to be found, as folds above 1"
    )
    power: Number = Field(0.8, gt=0, lt=1, description="Probability with which a change has to be found")
    animals: list[Annotated[int, Field(ge=2, le=1000), IS_NUMBER]] = Field(
        list(range(3, 25)), min_length=1, description="Animals per group"
    )
    depths: list[Annotated[float, Field(gt=0), IS_NUMBER]] = Field(
        [0.5, 1, 3, 10], min_length=1, description="Reads of a library, as a multiple of this study's"
    )

    @field_validator("fold_changes", "animals", "depths")
    @classmethod
    def _in_order(cls, values: list[float]) -> list[float]:
        return sorted(set(values))
