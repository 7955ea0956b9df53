"""What the page holds: files as compressed text, values as JSON, and the libraries that it uses."""

import base64
import contextlib
import gzip
import hashlib
import json
import re
from graphlib import TopologicalSorter
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from mircargo.io import write_text

_IMPORT: Final = re.compile(r'^import \{ \w+(?:, \w+)* \} from "\./(\w+\.js)";\n', re.MULTILINE)
# Base 85 takes 1.25 letters a byte, base 64 takes 1.33. Of Python's letters, these would be markup in a page.
_NO_MARKUP: Final = bytes.maketrans(b"<>&", b".:,")
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)


def packed(content: bytes) -> str:
    """Return content compressed by gzip as text in base 85 (`LETTERS` of `files.js`), the same for the same content."""
    compressed = gzip.compress(content, compresslevel=6, mtime=0)
    return base64.b85encode(compressed).translate(_NO_MARKUP).decode("ascii")


def pack_files(folder: Path, names: list[str]) -> dict[str, str]:
    """Pack files of a folder.

    Parameters
    ----------
    folder
        The results of a study.
    names
        Paths below it, with ``/``.

    Returns
    -------
    dict
        Path to packed text, in the order given. A file that is not there is left out.
    """
    return {name: packed((folder / name).read_bytes()) for name in names if (folder / name).is_file()}


def hashes_of(*scripts: str) -> Markup:
    """Write the sources of a content security policy that allow these scripts, and no other, to stand in a page.

    Parameters
    ----------
    scripts
        What stands between the tags of each.

    Returns
    -------
    Markup
        ``'sha256-...'`` of each, of its UTF-8 bytes (W3C, Content Security Policy Level 3, section 6.7.2).
    """
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii") for script in scripts)
    return Markup(" ".join(f"'sha256-{digest}'" for digest in digests))


def json_for_script(value: Any) -> str:
    """Write a value as JSON that can stand in a ``script`` element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def link_modules(folder: Path, entry: str) -> str:
    """Join an ES module and those that it imports into one, since a page on disk cannot import from files beside it.

    Parameters
    ----------
    folder
        Of the modules. They import each other by ``import { name } from "./module.js"`` at the beginning of a line,
        without ``as``, and export where they declare. No two may declare the same name: the browser refuses that.
    entry
        The module of the page.

    Returns
    -------
    str
        Each module after those it imports from.

    Raises
    ------
    graphlib.CycleError
        If modules import each other in a circle.
    """
    modules: dict[str, str] = {}
    wanted = [entry]
    while wanted:
        name = wanted.pop()
        if name not in modules:
            modules[name] = (folder / name).read_text(encoding="utf-8")
            wanted += _IMPORT.findall(modules[name])
    imports = {name: _IMPORT.findall(modules[name]) for name in sorted(modules)}
    order = TopologicalSorter(imports).static_order()
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", modules[name])) for name in order)


def bundle_vega() -> str:
    """Return the scripts of Vega, Vega-Lite and Vega-Embed as one.

    It takes 3 s to make and is the same as long as vl-convert is, so it is kept in the user's cache; where nothing can
    be kept there, it is made each time.
    """
    import platformdirs
    import vl_convert

    kept = Path(platformdirs.user_cache_dir("mircargo")) / f"vega-{version('vl-convert-python')}.js"
    with contextlib.suppress(OSError):
        return kept.read_text(encoding="utf-8")
    made = str(vl_convert.javascript_bundle())  # type: ignore[call-arg]  # its stub lacks the default
    with contextlib.suppress(OSError):
        write_text(made, kept)
    return made


def pack_libraries(vega: bytes | None = None) -> dict[str, str]:
    """Pack the scripts of DataTables, and of Vega for a page with charts, by the path that the page asks for."""
    table = files("itables").joinpath("html")
    charts = {"scripts/vega.js": packed(vega)} if vega is not None else {}
    return charts | {
        "scripts/table.js": packed(table.joinpath("dt_bundle.js").read_bytes()),
        "scripts/table.css": packed(table.joinpath("dt_bundle.css").read_bytes()),
    }
