"""What a step of the workflow is: its settings, which decide whether it runs again, and its files."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from mircargo.config import Contrast, Thresholds
from mircargo.vocabulary import FIGURE_FORMATS, FigureFormat


@dataclass(frozen=True)
class Only:
    """Marks a setting of which a step takes some keys, separated by spaces: the others do not make it run again."""

    keys: str


@dataclass(frozen=True)
class Untracked:
    """Marks a setting that a step is given and that does not decide whether it runs again."""


@dataclass(frozen=True)
class OfJob:
    """Marks a setting that is of the job and not of the configuration: it does not decide whether a step runs again."""


Threads = Annotated[int, OfJob()]
"""How many processes may share the work of a step: the `threads` of its job. Its results do not depend on it."""

FittedContrast = Annotated[
    Contrast, Only("subset variable level reference blocking design reduced interaction per_unit")
]
"""A contrast by the keys that its fit depends on."""

FitThresholds = Annotated[Thresholds, Only("alpha min_log2_fold_change min_total_count equivalence_log2_fold_change")]
StressThresholds = Annotated[Thresholds, Only("alpha min_log2_fold_change min_total_count preparation_log2_sd")]
AlphaOnly = Annotated[Thresholds, Only("alpha")]


class Files(dict[str, Any]):
    """The inputs or the outputs of a step by their names in its rule: paths, or lists of paths."""

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(f"the rule has no file '{name}'; it has {', '.join(self)}")

    def optional(self, name: str) -> str | None:
        """Return the path of a file that a rule may do without: it lists one path or none."""
        paths = self[name]
        return paths if isinstance(paths, str) else (paths[0] if paths else None)


class Step(BaseModel):
    """The work of a rule. Its fields are settings; `mircargo.snakemake.settings` finds their values by their names.

    A new step is a module with a subclass here, its line in `mircargo.steps`, and its rule. Modules of steps are
    imported when the workflow is read, so what takes time to import is imported in `run`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    needs: ClassVar[Literal["tables", "model", "figures", "exports"]] = "model"
    """What it imports, for the process that imports ahead (`mircargo.snakemake.warm`)."""
    group: ClassVar[str] = "study"
    """The job of a cluster that it belongs to; empty for what runs where the workflow was started."""
    prints: ClassVar[bool] = False
    """Whether its message is shown to the user; it is in its log in any case."""

    @classmethod
    def rule(cls) -> str:
        """Return the name of its rule: `fit_contrast` of `FitContrast`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    def run(self, given: Files, made: Files) -> str | None:
        """Read the inputs, and write the outputs.

        Parameters
        ----------
        given, made
            Inputs and outputs of the rule, by name.

        Returns
        -------
        str or None
            A message for the log.
        """
        raise NotImplementedError


class DrawingStep(Step):
    """A step that draws figures: what it imports, and the formats of its files."""

    needs: ClassVar[Literal["figures"]] = "figures"
    figure_formats: list[FigureFormat] = FIGURE_FORMATS
