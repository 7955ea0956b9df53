"""Files that a configuration has fetched: their addresses, and the folders in which they may be put."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mircargo.config.count_table import table_path
from mircargo.config.models import Config, Study
from mircargo.config.recipient import fetched_path
from mircargo.config.species import mirbase_path
from mircargo.problems import Problem

FOLDER: Final = "data"
FOLDER_VARIABLE: Final = "MIRCARGO_DATA"
"""Environment variable with the folder that a user allows in place of `data`; `--data` of the commands sets it."""


@dataclass(frozen=True)
class FetchedFile:
    """A file with an address.

    Attributes
    ----------
    key
        The key of the configuration that says where it lies.
    path
        Where it lies once it is fetched.
    source
        The part of the configuration with its `url` and `sha256`.
    """

    key: str
    path: str
    source: Any

    @property
    def url(self) -> str:
        return str(self.source.url)

    @property
    def sha256(self) -> str:
        return str(self.source.sha256)


def allow_folder(folder: str | None) -> None:
    """Allow a folder for fetched files besides `data`, in this process and those that it starts."""
    if folder is not None:
        os.environ[FOLDER_VARIABLE] = str(Path(folder).absolute())


def fetched_files(config: Config, studies: tuple[str, ...] = ()) -> list[FetchedFile]:
    """List the files that studies have fetched, those of all studies where none is named."""
    return [file for name in studies or config.studies for file in _of_study(name, config.studies[name])]


def _of_study(name: str, study: Study) -> Iterator[FetchedFile]:
    place = f"studies.{name}"
    for i, counts in enumerate(study.counts):
        if counts.url:
            yield FetchedFile(f"{place}.counts.{i}.table", table_path(name, counts), counts)
    if study.mirbase is not None and study.mirbase.url:
        yield FetchedFile(f"{place}.mirbase.file", mirbase_path(name, study.mirbase), study.mirbase)
    if study.recipient is None or study.targets is None:
        return
    of_recipient = f"{place}.recipient.{'counts' if study.recipient.counts else 'results'}.table"
    for key, table in ((of_recipient, study.recipient.table), (f"{place}.targets.table", study.targets)):
        if table.url:
            yield FetchedFile(key, fetched_path(name, table), table)


def read_from(config: Config, name: str, places: Mapping[str, str]) -> Config:
    """Return the configuration with fetched files of a study at other places, which are named by where they would lie.

    A file that is looked at before it is fetched for a run lies in the cache.
    """
    study = config.studies[name]

    def moved(part: Any, path: str, key: str = "table") -> Any:
        return part.model_copy(update={key: places[path]}) if path in places else part

    update: dict[str, Any] = {"counts": [moved(each, table_path(name, each)) for each in study.counts]}
    if study.mirbase is not None:
        update["mirbase"] = moved(study.mirbase, mirbase_path(name, study.mirbase), "file")
    if study.recipient is not None and study.targets is not None:
        of_cells, key = study.recipient.table, "counts" if study.recipient.counts else "results"
        update["recipient"] = study.recipient.model_copy(update={key: moved(of_cells, fetched_path(name, of_cells))})
        update["targets"] = moved(study.targets, fetched_path(name, study.targets))
    return config.model_copy(update={"studies": {**config.studies, name: study.model_copy(update=update)}})


def misplaced_files(files: list[FetchedFile]) -> list[Problem]:
    """List files that would be put outside `data/` and outside the folder that the user allows.

    A configuration may be somebody else's: what it names is fetched to no other place. A path has no `..`, and leads
    through no symbolic link below that folder; `data` itself may be one only if the user names it.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    hint = (
        f"write a path below {FOLDER}/, or leave the key out; another folder is named on the command line:"
        f" `mircargo run --data FOLDER`, or {FOLDER_VARIABLE}=FOLDER before `snakemake`"
    )
    what = f"a file with a `url` is put below {FOLDER}/ only"
    return [
        Problem("misplaced_file", what, file.key, f"{file.path}{reason}", hint)
        for file in files
        if not (named and _lies_below(Path(named), file.path)) and (reason := _why_not_in_data(file.path)) is not None
    ]


def _why_not_in_data(path: str) -> str | None:
    """Say why a path is not simply one below `data`, as an addition to the path; None where it is."""
    parts = Path(path).parts
    if len(parts) < 2 or parts[0] != FOLDER or ".." in parts:
        return ""
    links = [str(each) for each in Path(path).parents if each.is_symlink()]
    return f", where {links[-1]} is a symbolic link to {Path(links[-1]).readlink()}" if links else None


def _lies_below(folder: Path, path: str) -> bool:
    """Tell whether a path lies below a folder that the user named, without `..` and links on the way there."""
    below, root = Path.cwd() / path, Path.cwd() / folder
    if ".." in Path(path).parts or not below.is_relative_to(root) or below == root:
        return False
    return not any(each.is_symlink() for each in below.parents if each.is_relative_to(root) and each != root)
