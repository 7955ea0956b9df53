"""Which figures a study has, what each shows and where it stands; known without importing what draws them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ENDINGS: Final = ("svg", "pdf", "png", "tsv")


@dataclass(frozen=True)
class Kind:
    """A kind of figure: its name, and what it shows in words that a caption can begin with."""

    name: str
    shows: str


OF_SAMPLES: Final = (
    Kind("pca", "Principal components of the samples"),
    Kind("sample_correlation", "Correlation between the samples"),
    Kind("composition", "What the libraries are made of"),
)
OF_CONTRAST: Final = (
    Kind("volcano", "Fold changes and p-values"),
    Kind("ma", "Fold changes and abundance"),
    Kind("heatmap", "The changed features in every sample"),
    Kind("target", "The target in every sample"),
    Kind("robustness", "Fold changes of the target and the top features in every variant of the fit"),
    Kind("pvalues", "Distribution of the p-values"),
    Kind("dispersion", "Dispersions and their trend"),
    Kind("design", "The design matrix"),
)
OF_CO_CARGO: Final = (Kind("co_cargo", "Co-cargo and the evidence for each"),)
OF_COMPARISON: Final = (Kind("release", "Fold changes in exosomes against those in their source"),)

OF_META: Final = (
    Kind("forest", "The target across studies"),
    Kind("features", "Features that change across studies"),
)


def stems(contrasts: Iterable[str], exosome_contrasts: Iterable[str], comparisons: Iterable[str]) -> list[str]:
    """Return the name, without ending, of every figure of a study.

    Parameters
    ----------
    contrasts, exosome_contrasts, comparisons
        Names of the study's contrasts, of those that are of exosomes, and of its comparisons.
    """
    return [
        *(kind.name for kind in OF_SAMPLES),
        *(f"{kind.name}_{name}" for name in contrasts for kind in OF_CONTRAST),
        *(f"{kind.name}_{name}" for name in exosome_contrasts for kind in OF_CO_CARGO),
        *(f"{kind.name}_{name}" for name in comparisons for kind in OF_COMPARISON),
    ]
