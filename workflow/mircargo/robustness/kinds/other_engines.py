"""Other engines: limma-voom, and limma-voom about the mode, which decides whether a call is robust."""

from mircargo.robustness.kind import BaseFit, Kind, Variant
from mircargo.robustness.second_opinions import limma_voom


def other_engines(question: BaseFit) -> list[Variant]:
    """Test the same counts, under the same design, by another method."""
    return [
        Variant("limma-voom", "engine", lambda: limma_voom(question.kept(), question.design, question.terms())),
        Variant("limma-voom about the mode", "engine", lambda: question.second_opinion().table, decisive=True),
    ]


KIND = Kind(
    name="engine",
    order=7,
    heading="Other engines",
    variants=other_engines,
    methods=lambda *_: (
        "by limma-voom (Law et al. 2014) with moderated t-tests (Smyth 2004); and by the same about the mode of fold "
        "changes (in the manner of LinDA, Zhou et al. 2022) with weights of groups (Ritchie et al. 2006)"
    ),
    phrase="by {}",
    joint_tests=False,
)
