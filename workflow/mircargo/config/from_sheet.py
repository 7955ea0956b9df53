"""What a configuration leaves to the sample sheet: a contrast for each level, the reference of an interaction.

Names of contrasts are wildcards of the workflow, so the sheet is read before anything is planned.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mircargo.config.base import LONGEST_NAME
from mircargo.config.levels import Interaction, level_text, level_texts
from mircargo.config.sheet_rows import Rows, read_rows
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal, shown

EACH: Final = "each_level_against"
MOST_LEVELS: Final = 200
"""Each level is a contrast of its own, with its figures and its stress test."""


@dataclass
class Completed:
    """A configuration with what the sample sheets say."""

    settings: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    # Study and contrast as made -> key of the configuration that it was made of.
    made_of: dict[tuple[str, str], str] = field(default_factory=dict)
    # Study and key of contrasts that could not be made, so that nothing can be said of them and of who names them.
    not_made: set[tuple[str, str]] = field(default_factory=set)


def complete(settings: Mapping[str, Any]) -> Completed:
    """Fill in what the sample sheets say; a sheet is read only where something is left to it.

    What is not as the models of the configuration want it stays as it is: they say what is wrong.
    """
    done = Completed(settings)
    studies = settings.get("studies")
    if not isinstance(studies, dict):
        return done
    completed = {}
    for name, study in studies.items():
        contrasts = study.get("contrasts") if isinstance(study, dict) else None
        if isinstance(contrasts, dict) and isinstance(study.get("samples"), str):
            contrasts = _contrasts(done, str(name), study, contrasts)
            completed[name] = {**study, "contrasts": contrasts}
    done.settings = {**settings, "studies": {**studies, **completed}} if completed else settings
    done.problems = list(dict.fromkeys(done.problems))
    return done


def _contrasts(done: Completed, name: str, study: Mapping[str, Any], contrasts: dict[Any, Any]) -> dict[Any, Any]:
    titles = {str(each.get("title")) for each in contrasts.values() if isinstance(each, dict)}
    # Names of files, which on some systems differ by more than case.
    taken = {str(key).casefold() for key, each in contrasts.items() if not _is_each(each)}
    found: dict[Any, Any] = {}
    for key, contrast in contrasts.items():
        if not isinstance(contrast, dict) or not (_is_each(contrast) or _is_short(contrast.get("interaction"))):
            found[key] = contrast
            continue
        one = _Entry(str(key), contrast, study, f"studies.{name}.contrasts.{key}")
        try:
            made = one.made(taken, titles)
        except ProblemsFound as error:
            done.problems += error.problems
            done.not_made.add((name, str(key)))
            made = {key: one.in_its_place()}
        found |= made
        done.made_of |= {(name, each): str(key) for each in made}
    return found


@dataclass(frozen=True)
class _Entry:
    """A contrast of the configuration that leaves something to the sample sheet."""

    key: str
    contrast: Mapping[str, Any]
    study: Mapping[str, Any]
    where: str

    def made(self, taken: set[str], titles: set[str]) -> dict[str, dict[str, Any]]:
        """Return the contrasts that it stands for, by their names; these and their titles are then taken."""
        texts = [self.contrast.get("variable"), *self._subset(), *(v for each in self._subset().values() for v in each)]
        if _is_each(self.contrast):
            texts.append(level_text(self.contrast[EACH]))
        if not all(isinstance(each, str) for each in texts):
            return {self.key: self.in_its_place()}
        problems = []
        contrast = dict(self.contrast)
        if _is_short(contrast.get("interaction")):
            try:
                contrast["interaction"] = self._interaction(*next(iter(contrast["interaction"].items())))
            except ProblemsFound as error:
                problems += error.problems
        try:
            levels = self._levels() if _is_each(contrast) else []
        except ProblemsFound as error:
            problems += error.problems
        if problems:
            raise ProblemsFound(problems)
        if not _is_each(contrast):
            return {self.key: contrast}
        reference = level_text(contrast.pop(EACH))
        made = {}
        for level in levels:
            name = self._name(level, taken)
            own = {**contrast, "level": level, "reference": reference}
            titles.add(title := self._title(own, titles))
            # A title that is no text is refused as it is.
            made[name] = {**own, "title": title} if isinstance(own.get("title", ""), str) else own
        return made

    def in_its_place(self) -> dict[str, Any]:
        """Return a contrast of the same keys, by which the models say what else is wrong with it."""
        contrast = dict(self.contrast)
        if _is_each(contrast):
            contrast |= {"level": "?", "reference": contrast.pop(EACH)}
        if _is_short(contrast.get("interaction")):
            column, level = next(iter(contrast["interaction"].items()))
            contrast["interaction"] = {"variable": column, "level": level, "reference": "?"}
        return contrast

    def _subset(self) -> dict[Any, list[Any]]:
        subset = self.contrast.get("subset")
        return (
            {level_text(column): level_texts(values) for column, values in subset.items()}
            if isinstance(subset, dict)
            else {}
        )

    def _rows(self, column: str) -> Rows:
        """Return the rows of the sheet that are in the subset; it has to have the column."""
        path, subset = self.study["samples"], self._subset()
        header, rows = read_rows(path)
        lacking = [each for each in dict.fromkeys([*subset, column]) if each not in header]
        if lacking:
            what, own = f"{path} has no such column", f"it has {listing(header, 15)}"
            raise ProblemsFound(
                Problem("no_such_column", what, self.where, shown(each), f"{did_you_mean(each, header)} {own}".strip())
                for each in lacking
            )
        rows = [row for row in rows if all(row[each] in values for each, values in subset.items())]
        if not rows:
            found = "; ".join(f"{each}: {listing(values)}" for each, values in subset.items())
            what = f"{path} has no sample that is in the subset" if subset else f"{path} has no sample"
            hint = "widen the subset" if subset else "add the samples"
            raise refusal("empty_subset", what, f"{self.where}.subset" if subset else self.where, found, hint)
        return rows

    def _levels(self) -> list[str]:
        """Return the levels of the variable beside the reference, in the order of the sheet."""
        contrast, where = self.contrast, f"{self.where}.{EACH}"
        variable, reference = level_text(contrast["variable"]), level_text(contrast[EACH])
        both = [key for key in ("level", "reference") if contrast.get(key) is not None]
        if both:
            what = f"`{EACH}` stands in place of `level` and `reference`"
            found = f"{listing(f'`{key}`' for key in both)} beside it"
            raise refusal("two_ways_to_ask", what, where, found, f"leave {listing(f'`{key}`' for key in both)} out")
        numeric = self.study.get("numeric")
        if contrast.get("per_unit") is True or (isinstance(numeric, list) and variable in numeric):
            hint = f"take '{variable}' out of `numeric`, or ask for its slope without `{EACH}`"
            raise refusal("levels_of_a_number", f"'{variable}' is a number, and has no levels", where, "", hint)
        rows = self._rows(variable)
        levels = _levels_in(rows, variable)
        path, of_subset = self.study["samples"], " in the subset" if self._subset() else ""
        if reference not in levels:
            what = f"no sample{of_subset} has this value in column '{variable}' of {path}"
            hint = f"{did_you_mean(reference, levels)} it has {listing(levels, 12)}".strip()
            raise refusal("no_such_level", what, where, shown(reference), hint)
        others = [level for level in levels if level != reference]
        if not others:
            what = f"column '{variable}' of {path} has no other level{of_subset}"
            hint = f"{'widen the subset, or ' if of_subset else ''}name a column with several groups under `variable`"
            raise refusal("one_level", what, where, f"'{reference}' in {len(rows)} samples", hint)
        n_samples = len({row.get("sample") for row in rows if row[variable] is not None})
        if len(others) > MOST_LEVELS or (len(levels) > 2 and len(levels) == n_samples):
            what = f"column '{variable}' has too many levels for a contrast each: is it a column of subjects?"
            found = f"{len(levels)} levels in {n_samples} samples: {listing(levels, 4)}"
            hint = "name the column of the groups under `variable`"
            hint += f", or choose up to {MOST_LEVELS} levels by `subset`" if len(others) > MOST_LEVELS else ""
            raise refusal("too_many_levels", what, where, found, hint)
        return others

    def _interaction(self, column: Any, level: Any) -> dict[str, Any]:
        """Complete `{geno: ko}` by the only other level of the column."""
        column, level, where = level_text(column), level_text(level), f"{self.where}.interaction"
        if not isinstance(column, str) or not isinstance(level, str):
            return {"variable": column, "level": level, "reference": "?"}
        rows = self._rows(column)
        levels = _levels_in(rows, column)
        if level not in levels:
            what = f"no sample{' in the subset' if self._subset() else ''} has this value in column '{column}'"
            hint = f"{did_you_mean(level, levels)} it has {listing(levels, 12)}".strip()
            raise refusal("no_such_level", what, where, shown(level), hint)
        others = [each for each in levels if each != level]
        if len(others) != 1:
            what = f"'{column}' has {len(others) or 'no'} other levels, so which is the reference has to be said"
            example = others[0] if others else "..."
            hint = f"write {{variable: {column}, level: {level}, reference: {example}}}"
            raise refusal("reference_not_known", what, where, listing(f"'{each}'" for each in levels), hint)
        return {"variable": column, "level": level, "reference": others[0]}

    def _name(self, level: str, taken: set[str]) -> str:
        """Name a contrast by its level, as it can stand in a file's name; those alike are numbered."""
        letters = "".join(c for c in unicodedata.normalize("NFKD", level) if not unicodedata.combining(c))
        name = stem = f"{self.key}_{re.sub('[^A-Za-z0-9_-]+', '_', letters).strip('_') or 'level'}"[: LONGEST_NAME - 4]
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.casefold())
        return name

    def _title(self, contrast: Mapping[str, Any], titles: set[str]) -> str:
        """Say in words what a contrast compares; where another says the same, with the key before it."""
        words = f"{contrast['level']} against {contrast['reference']}"
        pair = contrast.get("interaction")
        if isinstance(pair, dict) and {*pair} >= {*Interaction.model_fields}:
            words = f"{pair['variable']} {pair['level']} relative to {pair['reference']}, {words}"
        if contrast.get("title"):
            return f"{contrast['title']} ({words})"
        compared = [contrast["variable"], pair.get("variable") if isinstance(pair, dict) else None]
        own = {column: values for column, values in self._subset().items() if column not in compared}
        title = ", ".join([*(" or ".join(values) for values in own.values()), words])
        return f"{self.key} ({title})" if title in titles else title


def _levels_in(rows: Rows, column: str) -> list[str]:
    return list(dict.fromkeys(level for row in rows if (level := row[column]) is not None))


def _is_each(contrast: Any) -> bool:
    """Whether a contrast is written once for several levels."""
    return isinstance(contrast, Mapping) and contrast.get(EACH) is not None


def _is_short(interaction: Any) -> bool:
    """Whether an interaction is written as `{geno: ko}`."""
    return isinstance(interaction, dict) and len(interaction) == 1 and not {*interaction} & {*Interaction.model_fields}
