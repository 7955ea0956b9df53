"""A re-analysis (a variant of the fit), and a kind of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from mircargo.config import Study, Thresholds
from mircargo.vocabulary import SIZE_FACTOR_METHODS

if TYPE_CHECKING:
    from mircargo.robustness.base_fit import BaseFit as BaseFit
else:  # importing the engines takes a second, and readers of the results need none of them
    BaseFit = Any

Facts = Mapping[str, Mapping[str, Any]]
Methods = Callable[[Study, Thresholds, Facts], str]


@dataclass(frozen=True)
class Variant:
    """A re-analysis: the contrast or comparison fitted in another way."""

    name: str  # as it stands in tables and figures
    kind: str  # name of its kind
    # Returns a table with `feature log2FoldChange lfcSE padj`, perhaps `ci_low ci_high`; raises `ProblemsFound` where
    # the variant is not possible.
    refit: Callable[[], pd.DataFrame] = field(compare=False)
    samples: tuple[str, ...] = ()  # the samples that it leaves out
    block: bool = False  # whether they are left out together only because there are too many to leave out each in turn
    # Whether it may rest on the very fit as configured: such variants are run in one process, so that it is made once.
    on_base: bool = False
    decisive: bool = False  # whether a call is robust only if this variant makes it by itself, by an adjusted p-value


@dataclass(frozen=True)
class Kind:
    """A kind of re-analysis: what is changed, and how it is named and drawn.

    To add one, put a module into `robustness.kinds` with a `Kind` called `KIND`; `kinds.KINDS` finds it there.
    """

    name: str  # its code in the column `kind` of result tables
    order: int  # its place among the kinds, in results, figures and sentences
    heading: str  # heading of its variants in the figure
    variants: Callable[[BaseFit], list[Variant]]  # lists the variants of a fit; none where the kind does not apply
    # The clause of the report's methods paragraph that follows "by fitting again", made of the study, its thresholds
    # and the facts of each contrast's fit; empty where the settings rule the kind out.
    methods: Methods
    phrase: str = "with {}"  # a variant in a sentence; `{}` stands for its name
    heading_says: tuple[str, ...] = ()  # openings of its variants' names, which rows below the heading leave out
    joint_tests: bool = True  # whether it applies to a joint test of several levels, which has no single fold change

    def below_heading(self, name: str) -> str:
        """Return the name of a variant for a row below the heading."""
        for opening in self.heading_says:
            name = name.removeprefix(opening)
        return name


def unless_measured(clause: str) -> Methods:
    """Return the clause where size factors rest on an assumption, and none where they are measured or given."""
    return lambda study, *_: "" if SIZE_FACTOR_METHODS[study.size_factors.method].measured else clause
