"""A series of GEO: where its files lie, and what its records say."""

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from mircargo.init.accession.delivery import NOT_THERE, Delivery, read_text
from mircargo.init.accession.deposit import Deposit, DepositedFile, DepositedSample, Platform
from mircargo.init.accession.soft import Attributes, Records, join, read_family, read_matrix
from mircargo.init.accession.species import BOTH, organism_of_taxon
from mircargo.inputs.web import BLOCK_BYTES, HOSTS, answer_from
from mircargo.problems import ProblemsFound, refusal

_HOST: Final = HOSTS["MIRCARGO_GEO"]
_PAGE: Final = "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc="
_MATRIX: Final = re.compile(r"GSE\d+(?:-GPL\d+)?_series_matrix\.txt\.gz")
_READS: Final = re.compile(r"\b([SED]R[PXS]\d+|PRJ[A-Z]{2}\d+)\b")


def series_folder(accession: str) -> str:
    """Return the address of a series: the last three digits of its folder's folder are `nnn`."""
    return f"{_HOST}/series/{accession[:-3] if len(accession) > 6 else 'GSE'}nnn/{accession}"


def read_series(delivery: Delivery) -> Deposit:
    """Fetch and read the records of a series, and the list of its files.

    Raises
    ------
    ProblemsFound
        Where there is no such public series, or its records cannot be fetched or read.
    """
    accession = delivery.accession
    folder = series_folder(accession)
    records, source = _records(delivery, folder)
    sizes, members = _listed_files(delivery, folder)
    return _deposit(accession, records, source, sizes, members)


def _records(delivery: Delivery, folder: str) -> tuple[Records, str]:
    """Read the family file; where there is none, or a platform's tables make it large, the series matrices."""
    accession = delivery.accession
    family = f"{folder}/soft/{accession}_family.soft.gz"
    too_large: ProblemsFound | None = None
    try:
        delivered = delivery.get_if_there(family)
        if delivered:
            records = read_family(read_text(delivered.path, family), family)
            _refuse_another_series(records, accession, family)
            return records, "the family file"
    except ProblemsFound as found:
        if found.problems[0].code != "file_too_large":
            raise
        too_large = found
    matrices = _matrices(delivery, folder)
    if matrices:
        records = join(matrices)
        _refuse_another_series(records, accession, f"{folder}/matrix/")
        return records, "the series matrix"
    if too_large:
        raise too_large
    what = "GEO has no public series of this accession"
    hint = f"it may be private until its paper appears, deleted, or mistyped: {_PAGE}{accession} says which"
    raise refusal("no_such_series", what, accession, f"nothing at {folder}/", hint)


def _refuse_another_series(records: Records, accession: str, where: str) -> None:
    """Refuse the records of another series: a file that was put into a mirror under a wrong name."""
    found = records.series.get("geo_accession", [accession])
    if accession not in found:
        what = f"these are the records of another series than {accession}"
        hint = "`--again` fetches them again; is a file in a folder of MIRCARGO_MIRROR misnamed?"
        raise refusal("another_series", what, where, ", ".join(found), hint)


def _matrices(delivery: Delivery, folder: str) -> list[Records]:
    only = f"{folder}/matrix/{delivery.accession}_series_matrix.txt.gz"
    delivered = delivery.get_if_there(only)
    if delivered:
        return [read_matrix(read_text(delivered.path, only), only)]
    read = []
    for url in _addresses_of_matrices(f"{folder}/matrix/"):
        read.append(read_matrix(read_text(delivery.get(url).path, url), url))
    return read


def _addresses_of_matrices(folder: str) -> list[str]:
    """Find the matrices of a series of several platforms (`GSE1-GPL2_series_matrix.txt.gz`) in the folder's page."""
    try:
        with answer_from(folder) as answer:
            page = next(answer.iter_content(BLOCK_BYTES), b"").decode("latin-1")
    except ProblemsFound as found:
        if found.problems[0].code == NOT_THERE:
            return []
        raise
    return [f"{folder}{name}" for name in sorted(set(_MATRIX.findall(page)))]


def _listed_files(delivery: Delivery, folder: str) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Read `filelist.txt`: the size of each file, and the members of the archive. A series may have none."""
    url = f"{folder}/suppl/filelist.txt"
    try:
        delivered = delivery.get_if_there(url)
    except ProblemsFound as found:
        # The records name the files too; only their sizes are not known then before they are fetched.
        delivery.report(f"filelist.txt: {found.problems[0].what}")
        return {}, {}
    sizes: dict[str, int] = {}
    members: dict[str, list[str]] = {}
    archive = ""
    for line in read_text(delivered.path, url).splitlines() if delivered else []:
        cells = line.split("\t")
        if line.startswith("#") or len(cells) < 4:
            continue
        if cells[3].strip().isdigit():
            sizes[cells[1]] = int(cells[3])
        if cells[0] == "Archive":
            archive = cells[1]
            members[archive] = []
        elif archive:
            members[archive].append(cells[1])
    return sizes, members


def _deposit(
    accession: str, records: Records, source: str, sizes: dict[str, int], members: dict[str, list[str]]
) -> Deposit:
    series = records.series
    listed = series.get("sample_id", [])
    samples = [_sample(each, attributes) for each, attributes in records.samples.items()]
    notes = []
    if not samples and listed:
        organism = BOTH.join(dict.fromkeys(map(organism_of_taxon, series.get("sample_taxid", []))))
        samples = [DepositedSample(each, each, organism) for each in listed]
        notes.append(f"{source} says nothing of its {len(listed)} samples but their accessions")
    own = [_https(url) for key in sorted(series) if key.startswith("supplementary_file") for url in series[key]]
    files = [DepositedFile(_name(url), url, sizes.get(_name(url)), tuple(members.get(_name(url), ()))) for url in own
             if url]  # fmt: skip
    for attributes in records.samples.values():
        addresses = [_https(url) for url in _supplements(attributes)]
        files += [DepositedFile(_name(url), url, None, of_sample=True) for url in addresses if url]
    platforms = [
        Platform(each, _first(of, "title"), _first(of, "technology")) for each, of in records.platforms.items()
    ]
    relations = series.get("relation", [])
    everything = [*relations, *(text for of in records.samples.values() for text in of.get("relation", []))]
    return Deposit(
        accession,
        "GEO",
        f"{_PAGE}{accession}",
        _first(series, "title"),
        tuple(series.get("type", [])),
        _first(series, "last_update_date"),
        tuple(samples),
        tuple(files),
        tuple(platforms),
        tuple(text.split(":", 1)[1].strip() for text in relations if text.startswith("SuperSeries of:")),
        tuple(dict.fromkeys(_READS.findall(" ".join(everything)))),
        tuple(notes),
    )


def _sample(accession: str, of: Attributes) -> DepositedSample:
    characteristics: dict[str, str] = {}
    for text in of.get("characteristics_ch1", []):
        key, colon, value = text.partition(":")
        key, value = (key.strip(), value.strip()) if colon else ("characteristic", text.strip())
        if value and value not in characteristics.get(key, "").split("; "):
            characteristics[key] = "; ".join(filter(None, [characteristics.get(key, ""), value]))
    files = [_name(url) for url in map(_https, _supplements(of)) if url]
    source = _first(of, "source_name_ch1")
    if source:
        characteristics.setdefault("source name", source)
    return DepositedSample(
        accession,
        _first(of, "title") or accession,
        BOTH.join(dict.fromkeys(of.get("organism_ch1", []))),
        characteristics,
        _first(of, "library_strategy"),
        _first(of, "platform_id"),
        {"description": tuple(of.get("description", [])), "file": tuple(files), "source": (source,) if source else ()},
        tuple(files),
    )


def _supplements(of: Attributes) -> list[str]:
    return [url for key in sorted(of) if key.startswith("supplementary_file") for url in of[key]]


def _first(of: Attributes, key: str) -> str:
    return next(filter(None, of.get(key, [])), "")


def _https(url: str) -> str:
    """Return an address of GEO over https, which the same server speaks; '' for `NONE` and what is no address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("ftp", "http", "https") or not parts.hostname:
        return ""
    return f"https://{parts.hostname}{quote(unquote(parts.path))}"


def _name(url: str) -> str:
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])
