"""What the page carries inside: files as compressed text, values as JSON, and the scripts of others."""

import base64
import gzip
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Self

# Ours, in the order in which each uses the ones before it.
OWN_SCRIPTS: Final = ("store", "marking", "search", "charts", "table", "figures", "report")
_WRITE_BUNDLE: Final = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"


def packed(content: bytes) -> str:
    """Return base64 text of content compressed by gzip, the same for the same content."""
    return base64.b64encode(gzip.compress(content, compresslevel=6, mtime=0)).decode("ascii")


def packed_files(folder: Path, names: list[str]) -> dict[str, str]:
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


def json_for_script(value: Any) -> str:
    """Write a value as JSON that can stand in a ``script`` element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def own_script() -> str:
    """Return the page's own script: our files one after the other, closed off from the scripts of others."""
    here = Path(__file__).parent
    parts = [(here / f"{name}.js").read_text(encoding="utf-8") for name in OWN_SCRIPTS]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "\nstart();\n})();\n"


class OtherScripts:
    """The scripts of Vega and DataTables; Vega's are bundled by a process of its own while the rest is made.

    Bundling takes 3 s and holds Python's lock, so that a thread would gain nothing.
    """

    def __enter__(self) -> Self:
        self._bundling = subprocess.Popen(
            [sys.executable, "-c", _WRITE_BUNDLE], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        return self

    def __exit__(self, *raised: object) -> None:
        # Where the page could not be made, nobody waits for the scripts.
        self._bundling.kill()
        self._bundling.wait()
        assert self._bundling.stdout
        self._bundling.stdout.close()

    def packed(self) -> dict[str, str]:
        """Return the scripts and the style of the table, by the path under which the page asks for them.

        Raises
        ------
        RuntimeError
            Where Vega's scripts could not be bundled.
        """
        bundle, _ = self._bundling.communicate()
        if self._bundling.returncode or not bundle:
            raise RuntimeError(f"Vega's scripts could not be bundled (exit code {self._bundling.returncode})")
        table = files("itables").joinpath("html")
        return {
            "scripts/vega.js": packed(bundle),
            "scripts/table.js": packed(table.joinpath("dt_bundle.js").read_bytes()),
            "scripts/table.css": packed(table.joinpath("dt_bundle.css").read_bytes()),
        }
