"""Two halves of a contrast: fitted each by itself, to see how many calls of one the other repeats."""

from dataclasses import replace

from mircargo.analysis import Question
from mircargo.meta.replication import compare, of_pair
from mircargo.model.design.halves import halves_of
from mircargo.problems import ProblemsFound


def replication_of_halves(question: Question, study: str, by: str, subject: str) -> list[dict[str, object]]:
    """Return the rows of `results/meta/{meta}/replication.tsv` of the halves of a contrast, both ways.

    A contrast that cannot be halved, or of which a half cannot be fitted, has one row whose sentence says why.

    Parameters
    ----------
    question
        The contrast.
    study
        Its study.
    by
        `random`, or a column of the sheet that has two values in the contrast.
    subject
        Column of the sheet with the animal: its samples stay together in random halves.
    """
    name, label = f"{study}.{question.name}", question.contrast.title or f"{study}.{question.name}"
    try:
        halves = halved(question, by, subject)
        fits = [each.fit().results.set_index("feature", drop=False) for each in halves.values()]
    except ProblemsFound as error:
        why = "; ".join(": ".join(filter(None, [each.what, each.found])) for each in error.problems)
        return [{"from_contrast": name, "in_contrast": name, "sentence": f"{label} cannot be halved: {why}."}]
    rows = []
    for first, second in ((0, 1), (1, 0)):
        names = [f"{tuple(halves)[place]} of {name}" for place in (first, second)]
        labels = [f"{tuple(halves)[place]} of {label}" for place in (first, second)]
        found = compare(fits[first], fits[second], (labels[0], labels[1]), question.thresholds.alpha)
        rows += of_pair(found, names[0], names[1])
    return rows


def halved(question: Question, by: str, subject: str) -> dict[str, Question]:
    """Return the question of each half, by what people call it.

    Raises
    ------
    ProblemsFound
        As `halves_of`.
    """
    sheet = question.data.sheet
    halves = halves_of(sheet, question.contrast, by, subject, f"contrast '{question.name}'")
    return {
        name: replace(question, data=replace(question.data, sheet=sheet.loc[samples]))
        for name, samples in halves.items()
    }
