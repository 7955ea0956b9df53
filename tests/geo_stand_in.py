"""A stand-in for GEO and BioStudies: series made up, written as these archives write them, served on this machine."""

import contextlib
import gzip
import http.server
import io
import json
import tarfile
import time
from dataclasses import dataclass, field

import numpy as np
import openpyxl
import pandas as pd

from local_server import running
from mircargo.features.mirbase import load_mature

SEQUENCING = "high-throughput sequencing"
MIRNA_SEQ = "Non-coding RNA profiling by high throughput sequencing"
TAXA = {
    "Mus musculus": "10090",
    "Rattus norvegicus": "10116",
    "Homo sapiens": "9606",
    "Sus scrofa": "9823",
    "Microtus ochrogaster": "79684",
}


def counts(columns, letters="mmu", n=60, seed=1):
    """Return counts of miRNAs: miR-21 is four-fold up in the second half of the columns."""
    own = load_mature().query("species == @letters")["name"]
    target = {"mmu": "mmu-miR-21a-5p", "rno": "rno-miR-21-5p", "hsa": "hsa-miR-21-5p"}[letters]
    names = list(dict.fromkeys([target, *own]))[:n]
    rng = np.random.default_rng(seed)
    means = rng.lognormal(6, 1.5, size=(n, 1)) * np.ones((1, len(columns)))
    means[0] = 2000
    means[0, len(columns) // 2 :] *= 4
    sizes = rng.uniform(0.7, 1.4, size=(1, len(columns)))
    drawn = rng.negative_binomial(200, 200 / (200 + means * sizes))
    return pd.DataFrame(drawn, index=pd.Index(names, name="miRNA"), columns=list(columns))


def as_text(table):
    return gzip.compress(table.to_csv(sep="\t").encode(), mtime=0)


def as_workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@dataclass
class Sample:
    """A sample as a submitter describes it; `characteristics` are the texts behind the `=`."""

    title: str
    characteristics: list[str] = field(default_factory=list)
    organism: str = "Mus musculus"
    description: list[str] = field(default_factory=list)
    strategy: str = "miRNA-Seq"
    platform: str = "GPL17021"
    source: str = "dorsal root ganglion"
    files: list[str] = field(default_factory=list)


@dataclass
class Series:
    """A series of GEO: its records, and its supplementary files by name."""

    accession: str
    samples: list[Sample]
    files: dict[str, bytes] = field(default_factory=dict)
    title: str = "Small RNA of the mouse after nerve injury"
    types: list[str] = field(default_factory=lambda: [MIRNA_SEQ])
    technology: dict[str, str] = field(default_factory=lambda: {"GPL17021": SEQUENCING})
    relations: list[str] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)

    def gsm(self, number):
        return f"GSM{int(self.accession[3:]) * 100 + number + 1}"

    @property
    def folder(self):
        return f"/geo/series/{self.accession[:-3]}nnn/{self.accession}"

    def of_series(self):
        ftp = f"ftp://ftp.ncbi.nlm.nih.gov{self.folder}/suppl/"
        yield "title", self.title
        yield "geo_accession", self.accession
        yield "status", "Public on Oct 24 2017"
        yield "last_update_date", "Oct 29 2017"
        yield "summary", "miRNA-seq; 100% = everything"
        yield "summary", ""
        for each in self.types:
            yield "type", each
        for number in range(len(self.samples)):
            yield "sample_id", self.gsm(number)
        for name in self.files or ["NONE"]:
            yield "supplementary_file", "NONE" if name == "NONE" else ftp + name
        for each in self.relations:
            yield "relation", each

    def of_sample(self, number):
        sample, gsm = self.samples[number], self.gsm(number)
        yield "title", sample.title
        yield "geo_accession", gsm
        yield "type", "SRA"
        yield "source_name_ch1", sample.source
        yield "organism_ch1", sample.organism
        yield "taxid_ch1", TAXA[sample.organism]
        for text in sample.characteristics:
            yield "characteristics_ch1", text
        for text in sample.description:
            yield "description", text
        yield "platform_id", sample.platform
        yield "library_strategy", sample.strategy
        yield "relation", f"SRA: https://www.ncbi.nlm.nih.gov/sra?term=SRX{int(gsm[3:])}"
        ftp = f"ftp://ftp.ncbi.nlm.nih.gov/geo/samples/{gsm[:-3]}nnn/{gsm}/suppl/"
        for at, name in enumerate(sample.files or ["NONE"], 1):
            yield f"supplementary_file_{at}", "NONE" if name == "NONE" else ftp + name
        yield "data_row_count", "0"

    def family(self):
        lines = [
            "^DATABASE = GeoMiame",
            "!Database_name = Gene Expression Omnibus (GEO)",
            f"^SERIES = {self.accession}",
        ]
        lines += [f"!Series_{key} = {value}" for key, value in self.of_series()]
        for platform, technology in self.technology.items():
            lines += [f"^PLATFORM = {platform}", f"!Platform_title = Machine {platform}"]
            lines += [f"!Platform_technology = {technology}", "!Platform_data_row_count = 1", "#ID = "]
            lines += [
                "!platform_table_begin",
                "ID\tSEQUENCE",
                "^SAMPLE = none\t!Sample_title = none",
                "!platform_table_end",
            ]
        for number in range(len(self.samples)):
            lines += [f"^SAMPLE = {self.gsm(number)}"]
            lines += [f"!Sample_{key} = {value}" for key, value in self.of_sample(number)]
        return "\n".join(lines) + "\n"

    def matrix(self):
        """Write the head of a series matrix: rows of one key fill up from the top, so a row may mix keys."""
        lines = [f'!Series_{key}\t"{value}"' for key, value in self.of_series() if key != "sample_id"]
        lines.append(f'!Series_sample_id\t"{" ".join(self.gsm(at) for at in range(len(self.samples)))} "')
        lines.append("")
        cells: dict[tuple[str, int], dict[int, str]] = {}
        for number in range(len(self.samples)):
            seen: dict[str, int] = {}
            for key, value in self.of_sample(number):
                seen[key] = seen.get(key, 0) + 1
                cells.setdefault((key, seen[key]), {})[number] = value
        for (key, _), values in sorted(cells.items(), key=lambda each: each[0][0] != "geo_accession"):
            lines.append("\t".join([f"!Sample_{key}", *(f'"{values.get(at, "")}"' for at in range(len(self.samples)))]))
        ids = "\t".join(f'"{self.gsm(at)}"' for at in range(len(self.samples)))
        return "\n".join([*lines, "!series_matrix_table_begin", f'"ID_REF"\t{ids}', "!series_matrix_table_end"]) + "\n"

    def file_list(self):
        lines = ["#Archive/File\tName\tTime\tSize\tType"]
        for name, content in self.files.items():
            kind = "Archive" if name.endswith(".tar") else "File"
            lines.append(f"{kind}\t{name}\t10/24/2017 10:00:00\t{len(content)}\tTXT")
            lines += [f"File\t{member}\t10/24/2017 10:00:00\t1\tTXT" for member in self.members.get(name, [])]
        return "\n".join(lines) + "\n"

    def pages(self):
        """Return what the server has of it, by path."""
        found = {
            f"{self.folder}/soft/{self.accession}_family.soft.gz": gzip.compress(self.family().encode(), mtime=0),
            f"{self.folder}/matrix/{self.accession}_series_matrix.txt.gz": gzip.compress(
                self.matrix().encode(), mtime=0
            ),
        }
        found |= {f"{self.folder}/suppl/{name}": content for name, content in self.files.items()}
        if self.files:
            found[f"{self.folder}/suppl/filelist.txt"] = self.file_list().encode()
        return found


PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body>...</body></html>"


class Server(http.server.ThreadingHTTPServer):
    """Serves pages by path; `faults` make some of them go wrong."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.faults, self.asked = {}, {}, []

    def handle_error(self, *_):
        pass  # where the other side hangs up, as it should

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, *series):
        for each in series:
            self.pages |= each.pages()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        fault = self.server.faults.get(self.path.rsplit("/", 1)[-1])
        content = self.server.pages.get(self.path)
        if fault == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://example.org/file")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if content is None or fault == "absent":
            self.send_error(404)
            return
        if fault == "page":
            content = PAGE
        if fault == "changed":
            content += b"\n"
        if fault == "slow":
            time.sleep(1.5)
        self.send_response(200)
        if fault != "half, and no length":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(content[: len(content) // 2] if str(fault).startswith("half") else content)

    def log_message(self, *_):
        pass


def serving():
    return running(Server())


def study_of_array_express(
    accession, sdrf, files, title="Small RNA of vesicles", study_type="microRNA profiling by high throughput sequencing"
):
    """Return the pages of a study of ArrayExpress in BioStudies: its page, its list of files, and the files."""
    base = f"/biostudies/files/{accession}"
    everything = {f"{accession}.sdrf.txt": sdrf.encode(), f"{accession}.idf.txt": b"Investigation Title\tx\n", **files}
    items = [
        {"path": name, "Size": len(content), "type": "file", "file_type": "file"}
        for name, content in everything.items()
    ]
    section = {
        "type": "Study",
        "attributes": [{"name": "Title", "value": title}, {"name": "Study type", "value": study_type}],
        "links": [[{"url": "ERP123456", "attributes": [{"name": "Type", "value": "ENA"}]}]],
    }
    page = {"accno": accession, "attributes": [{"name": "ReleaseDate", "value": "2020-01-01"}], "section": section}
    api = f"/biostudies/api/v1/studies/{accession}"
    listed = {"items": items, "pagination": {"total": len(items)}}
    pages = {api: json.dumps(page).encode(), f"{api}/files?limit=1000": json.dumps(listed).encode()}
    return pages | {f"{base}/{name}": content for name, content in everything.items()}
