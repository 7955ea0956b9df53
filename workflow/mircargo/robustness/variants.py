"""The variants of a fit: re-analyses that would have been as reasonable as the fit as configured."""

from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.kind import Variant
from mircargo.robustness.kinds import KINDS


def variants(question: BaseFit) -> list[Variant]:
    """List the variants of a fit, kind by kind; the fit as configured is not among them."""
    joint = question.design.reduced is not None
    kinds = [kind for kind in KINDS.values() if kind.joint_tests or not joint]
    return [variant for kind in kinds for variant in kind.variants(question)]
