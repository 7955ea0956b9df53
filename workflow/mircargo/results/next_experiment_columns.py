"""The columns of the tables of the next experiment, in the order of the files, and what they mean."""

from typing import Final

from mircargo.results.columns import Column, P, common

ANIMALS: Final = "animals per group"
PLANNED: Final = {
    "contrast": Column("Name of the contrast, or of the comparison where the call is of release"),
    **common("feature"),
    "call_kind": Column(
        "The call to be made: by the Wald test, a robust one, or of release (the interaction)", "wald, robust, release"
    ),
    "fold_change": Column("Change to be found, in the direction that this study saw", "fold"),
    "depth": Column("Reads of a library over those of this study", "fold"),
}
NEXT_EXPERIMENT: Final = {
    **PLANNED,
    "animals_needed": Column(
        "Fewest animals that reach the power asked for; missing where the most of the plan are too few", ANIMALS
    ),
    "animals_now": Column("Animals of this study: the harmonic mean of the samples of its groups", ANIMALS),
    "power_now": Column("Power of an experiment like this study, at its depth", P),
}
NEXT_EXPERIMENT_POWER: Final = {
    **PLANNED,
    "animals": Column("Animals of the experiment", ANIMALS),
    "power": Column("Probability that the change is called in its direction", P),
}
INCONCLUSIVE: Final = {
    **common("contrast feature"),
    "animals_now": NEXT_EXPERIMENT["animals_now"],
    "animals_to_settle": Column(
        "Fewest animals with which it would be called, or shown to lie within the margin, with the power asked for;"
        " missing where the most of the plan are too few",
        ANIMALS,
    ),
    "animals_to_settle_deeper": Column("The same with three times the reads", ANIMALS),
    "sentence": Column("Both in a sentence; or why the contrast has no such numbers"),
}
