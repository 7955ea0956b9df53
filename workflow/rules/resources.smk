# What a step asks of a cluster. It is told by the size of the study's own tables, which are there before anything
# runs: a job that holds a whole study has to be sized before its steps have written what they read from each other.
# The numbers in the rules are 1.5 times what tests/bench/large.py measured, for tables of 2 bytes a count or more.
TYPICAL_MB = 5
"""Of a table that is still to be fetched."""

TIMES_SMALLER = {".gz": 5, ".zip": 5, ".xlsx": 3}
"""How much larger a packed table is as text, about."""


def size_of(study):
    """The size of a study's tables as text, in MB."""
    sizes = []
    for table in STUDIES[study].counts:
        path = Path(table_path(study, table))
        held = path.stat().st_size / 1e6 if path.exists() else TYPICAL_MB
        sizes.append(held * TIMES_SMALLER.get(path.suffix, 1))
    return sum(sizes)


def studies_in(wildcards):
    """The studies that a step reads: one, or those of a meta-analysis."""
    if "study" in wildcards.keys():
        return [wildcards.study]
    return studies_of(wildcards) if "meta" in wildcards.keys() else []


def scaled(base, per_mb=0):
    """What a step needs of a resource by the size of its study; twice as much at each retry."""

    def needed(wildcards, attempt):
        size = sum(size_of(study) for study in studies_in(wildcards))
        return math.ceil((base + per_mb * size) * 2 ** (attempt - 1))

    return needed
