"""A study of ArrayExpress, in BioStudies: its page as JSON, its list of files, and its table of samples (SDRF)."""

import csv
import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from mircargo.init.accession.delivery import Delivery, read_text
from mircargo.init.accession.deposit import SEQUENCING, Deposit, DepositedFile, DepositedSample, Platform
from mircargo.init.accession.species import BOTH
from mircargo.inputs.web import HOSTS
from mircargo.problems import refusal

_HOST: Final = HOSTS["MIRCARGO_BIOSTUDIES"]
_MOST_FILES: Final = 1000
"""As many are listed at once; the server answers with none where more are asked for."""
_BRACKETED: Final = re.compile(r"(Characteristics|Factor ?Value|Comment) ?\[(.+?)\]", re.IGNORECASE)
_NOT_CHARACTERISTIC: Final = ("organism",)
_FILES: Final = re.compile(r"(?:Derived )?Array Data (?:Matrix )?File|Scan Name", re.IGNORECASE)
_NAMING: Final = {
    "source name": "source", "sample name": "sample", "extract name": "extract", "assay name": "assay",
    "comment[ena_run]": "run", "comment[ena_sample]": "ENA's sample", "comment[biosd_sample]": "BioSample",
}  # fmt: skip


def read_study(delivery: Delivery) -> Deposit:
    """Fetch and read what ArrayExpress says of a study.

    Raises
    ------
    ProblemsFound
        Where there is no such public study, or its page, list of files or SDRF cannot be fetched or read.
    """
    accession = delivery.accession
    page = f"{_HOST}/api/v1/studies/{accession}"
    delivered = delivery.get_if_there(page)
    if delivered is None:
        hint = "it may be private until its paper appears, or mistyped: take the accession from the paper again"
        what = "ArrayExpress has no public study of this accession"
        raise refusal("no_such_series", what, accession, f"nothing at {page}", hint)
    study = _json(delivered.path, page)
    section: dict[str, Any] = study.get("section") or {}
    listing = f"{page}/files?limit={_MOST_FILES}"
    listed = _json(delivery.get(listing).path, listing).get("items") or []
    files = [
        DepositedFile(str(each["path"]), f"{_HOST}/files/{accession}/{quote(str(each['path']))}", _size(each))
        for each in listed
        if each.get("path")
    ]
    table = next((each for each in files if each.name.casefold().endswith(".sdrf.txt")), None)
    if table is None:
        what, hint = "this study has no table of samples (SDRF)", "begin with a table: `mircargo init TABLE`"
        raise refusal("no_sdrf", what, accession, f"{len(files)} files", hint)
    text = read_text(delivery.get(table.url, table.size).path, table.url)
    samples, platforms = _samples(text, table.url)
    own = {name for sample in samples for name in sample.files}
    return Deposit(
        accession,
        "ArrayExpress",
        f"{_HOST}/arrayexpress/studies/{accession}",
        _attribute(section, "Title") or _attribute(study, "Title"),
        tuple(filter(None, [_attribute(section, "Study type")])),
        _attribute(study, "ReleaseDate"),
        tuple(samples),
        tuple(_marked(each, own) for each in files if not each.name.casefold().endswith((".sdrf.txt", ".idf.txt"))),
        tuple(platforms),
        reads=tuple(dict.fromkeys(re.findall(r"\b[SED]RP\d+\b", json.dumps(section.get("links") or [])))),
        notes=(f"only the first {_MOST_FILES} of its files are looked at",) if len(listed) == _MOST_FILES else (),
    )


def _samples(text: str, where: str) -> tuple[list[DepositedSample], list[Platform]]:
    """Read an SDRF, which has a row for each file of reads: rows of one source are one sample."""
    rows = [row for row in csv.reader(text.splitlines(), delimiter="\t") if any(cell.strip() for cell in row)]
    header = [re.sub(r" (?=\[)", "", cell.strip()) for cell in rows[0]] if rows else []
    if "Source Name" not in header:
        what = "this is not a table of samples (SDRF): it has no column 'Source Name'"
        raise refusal("no_sdrf", what, where, f"columns {header[:4]}")
    by_source: dict[str, list[dict[str, list[str]]]] = {}
    technologies: dict[str, str] = {}
    for row in rows[1:]:
        cells: dict[str, list[str]] = {}
        for name, cell in zip(header, row, strict=False):
            if cell.strip():
                cells.setdefault(name, []).append(cell.strip())
        if source := next(iter(cells.get("Source Name", [])), ""):
            by_source.setdefault(source, []).append(cells)
        for technology in cells.get("Technology Type", []):
            design = next(iter(cells.get("Array Design REF", [])), technology)
            technologies[design] = SEQUENCING if "sequencing" in technology.casefold() else technology
    samples = [_sample(source, of) for source, of in by_source.items()]
    return samples, [Platform(design, "", technology) for design, technology in technologies.items()]


def _sample(source: str, rows: list[dict[str, list[str]]]) -> DepositedSample:
    merged: dict[str, list[str]] = {}
    for cells in rows:
        for name, values in cells.items():
            merged.setdefault(name, []).extend(value for value in values if value not in merged.get(name, []))
    characteristics: dict[str, str] = {}
    for name, values in merged.items():
        part = _BRACKETED.fullmatch(name)
        if part and part[1].casefold() != "comment" and part[2].casefold() not in _NOT_CHARACTERISTIC:
            # A factor repeats a characteristic of the same name.
            known = characteristics.get(part[2], "").split("; ")
            more = [value for value in values if value not in known]
            characteristics[part[2]] = "; ".join(filter(None, [characteristics.get(part[2], ""), *more]))
    names = {kind: tuple(merged[name]) for name in merged if (kind := _NAMING.get(name.casefold()))}
    names["file"] = tuple(Path(each).name for name in merged if _FILES.fullmatch(name) for each in merged[name])
    accession = next((merged[name][0] for name in merged if name.casefold() == "comment[ena_sample]"), source)
    strategy = next((merged[name][0] for name in merged if name.casefold() == "comment[library_strategy]"), "")
    designs = merged.get("Array Design REF") or merged.get("Technology Type") or [""]
    return DepositedSample(
        accession,
        source,
        BOTH.join(merged.get("Characteristics[organism]", [])),
        characteristics,
        strategy,
        designs[0],
        names,
        tuple(
            each for name in merged if name.casefold().startswith("derived array data file") for each in merged[name]
        ),
    )


def _marked(file: DepositedFile, own: set[str]) -> DepositedFile:
    return DepositedFile(file.name, file.url, file.size, of_sample=file.name in own)


def _json(path: Path, where: str) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise refusal("no_json", "this answer of BioStudies is no JSON", where, str(error)[:200]) from None
    if not isinstance(read, dict):
        raise refusal("no_json", "this answer of BioStudies is not what its documentation says", where, repr(read)[:80])
    return read


def _attribute(of: dict[str, Any], name: str) -> str:
    for each in of.get("attributes") or []:
        if isinstance(each, dict) and each.get("name") == name:
            return str(each.get("value") or "")
    return ""


def _size(each: dict[str, Any]) -> int | None:
    size = str(each.get("Size", each.get("size")))
    return int(size) if size.isdigit() else None
