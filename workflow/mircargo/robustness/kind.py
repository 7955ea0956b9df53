"""What a kind of re-analysis and a single re-analysis (a variant of the fit) are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from mircargo.config import Study, Thresholds

if TYPE_CHECKING:  # the engines take a second to import, and who only reads the results needs none
    from mircargo.robustness.question import Question

Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Variant:
    """A re-analysis: the same question asked in another way.

    Attributes
    ----------
    name
        As it stands in tables and figures.
    kind
        Name of its kind.
    refit
        Gives a table with `feature log2FoldChange lfcSE padj`, perhaps `ci_low ci_high`; raises `ProblemsFound`
        where the variant is not possible.
    samples
        The samples that it leaves out.
    block
        Whether they are left out together only because there are too many to leave out each in turn.
    decisive
        Whether a call is robust only if this variant makes it by itself, by an adjusted p-value.
    """

    name: str
    kind: str
    refit: Callable[[], pd.DataFrame] = field(compare=False)
    samples: tuple[str, ...] = ()
    block: bool = False
    decisive: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of re-analysis: what is changed, and what people call it.

    A module of `robustness.kinds` holds one as `KIND`, and is found there by `kinds.KINDS`.

    Attributes
    ----------
    name
        As it stands under `kind` in result tables.
    order
        Its place among the kinds, in results, figures and sentences.
    heading
        Above its variants in a figure.
    colour
        Of its variants in a figure, #rrggbb; dark enough for text on white.
    variants
        Lists the variants of a fit, none where the kind has nothing to ask of it.
    methods
        What the report's methods paragraph says of it after "by fitting again", from the study, its thresholds and the
        facts of each contrast's fit; empty where the study's settings rule it out.
    phrase
        A variant in a sentence, `{}` being its name.
    heading_says
        Openings of its variants' names that need not be repeated below its heading.
    joint_tests
        Whether it has variants of a joint test of several levels, which knows no single fold change.
    """

    name: str
    order: int
    heading: str
    colour: str
    variants: Callable[["Question"], list[Variant]]
    methods: Callable[[Study, Thresholds, Facts], str]
    phrase: str = "with {}"
    heading_says: tuple[str, ...] = ()
    joint_tests: bool = True

    def below_heading(self, name: str) -> str:
        """Shorten the name of a variant for a row below the heading."""
        for opening in self.heading_says:
            name = name.removeprefix(opening)
        return name
