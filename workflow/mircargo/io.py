"""Result tables and other files: read as written, written whole or not at all."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # gathering and summing up do without pandas, which takes a second to load
    import pandas as pd

NAMES: Final = (
    "feature", "sample", "contrast", "study", "subject", "group", "facet", "table", "source_id", "gene", "symbol",
    "target_id",
)  # fmt: skip
"""Columns that hold names: `007` and `1e5` are names there, not numbers."""

guard: Callable[[Path], AbstractContextManager[object]] = nullcontext
"""Entered while a finished file is moved into place. A step of the workflow sets its own, which refuses where its run
has ended (`mircargo.snakemake.orphans`)."""

_UNFINISHED: set[Path] = set()


def write_text(text: str, path: str | Path) -> None:
    """Write a file under a temporary name and move it into place, so that no half-written file has its name."""
    with written_whole(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to, which replaces `path` if the ``with`` block succeeds.

    Raises
    ------
    OSError
        If it does not; it names `path`, even if the system names no file, as with a full disk.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    _UNFINISHED.add(temporary)
    try:
        yield temporary
        with guard(path):
            temporary.replace(path)
    except OSError as error:
        if error.errno and error.filename in (None, str(temporary)):
            error.filename = str(path)
        raise
    finally:
        # In a folder that may not be written there is nothing to remove, and what is wrong has been said.
        with suppress(OSError):
            temporary.unlink()
        _UNFINISHED.discard(temporary)


def remove_unfinished() -> None:
    """Remove what this process has begun to write and will not finish."""
    for temporary in list(_UNFINISHED):
        with suppress(OSError):
            temporary.unlink()


def write_table(table: "pd.DataFrame", path: str | Path) -> None:
    """Write a results table: tab-separated, UTF-8, `NA` for missing, no row names."""
    write_text(table.to_csv(sep="\t", index=False, na_rep="NA", lineterminator="\n"), path)


def read_result(path: str | Path, names: Iterable[str] = NAMES) -> "pd.DataFrame":
    """Read a table that `write_table` wrote; the columns in `names` are text, whatever stands in them."""
    import pandas as pd

    texts = dict.fromkeys(names, str)
    return pd.read_csv(path, sep="\t", keep_default_na=False, na_values=["NA"], dtype=texts)


def read_counts(path: str | Path) -> "pd.DataFrame":
    """Read `counts.tsv` (or `normalised.tsv`): features x samples, the index named `feature`."""
    return read_result(path).set_index("feature")


def write_json(value: Mapping[str, Any], path: str | Path) -> None:
    write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", path)


def read_json(path: str | Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return value
