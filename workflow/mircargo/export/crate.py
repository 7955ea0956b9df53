"""The results as an RO-Crate: what each file holds, and from which inputs, by which software and when it was made."""

from pathlib import Path
from typing import Any, Final

from rocrate.model.contextentity import ContextEntity
from rocrate.model.file import File
from rocrate.rocrate import ROCrate

from mircargo.config import mirbase_path, table_path
from mircargo.export.contents import MEDIA_TYPES, files_of
from mircargo.inputs.fetch import sha256_of
from mircargo.problems import titles_in_line
from mircargo.results.contract import PROVENANCE, TARGET_CALLS
from mircargo.results.reader import StudyResults

RO_CRATE: Final = "1.1"  # the version that Process Run Crate 0.5 builds on
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
TERMS: Final = "https://w3id.org/ro/terms/workflow-run/context"
NOT_STATED: Final = "#licence-not-stated"
HOME_PAGES: Final = {
    "mircargo": None,
    "snakemake": "https://snakemake.github.io",
    "pydeseq2": "https://pydeseq2.readthedocs.io",
    "pandas": "https://pandas.pydata.org",
    "numpy": "https://numpy.org",
    "scipy": "https://scipy.org",
    "formulaic": "https://matthewwardrop.github.io/formulaic",
    "seaborn": "https://seaborn.pydata.org",
    "matplotlib": "https://matplotlib.org",
}


def describe(name: str, folder: Path, licence: str | None = None, author: str | None = None) -> dict[str, Any]:
    """Describe the results of a study as a Process Run Crate; files stay where they are.

    Parameters
    ----------
    name
        The study.
    folder
        Its results, with `provenance.json`: inputs, versions and time.
    licence
        URL of the licence of the results; without it the crate says that none was stated.
    author
        Who ran the study.

    Returns
    -------
    dict
        JSON-LD of ro-crate-metadata.json: every result file that exists, with what it holds, size and SHA-256; the
        inputs with SHA-256; the software with versions.

    Raises
    ------
    ProblemsFound
        Where there is no provenance, or no call of the target.
    """
    results = StudyResults(name, folder)
    results.require([PROVENANCE, TARGET_CALLS])
    crate = ROCrate(version=RO_CRATE)
    crate.metadata.extra_contexts.append(TERMS)
    _describe_root(crate, results, licence)
    run = _describe_run(crate, results)
    crate.root_dataset["mentions"] = run
    if author:
        crate.root_dataset["author"] = run["agent"] = crate.add(_entity(crate, "#author", "Person", name=author))
    return dict(crate.metadata.generate())


def _describe_root(crate: ROCrate, results: StudyResults, licence: str | None) -> None:
    root, study = crate.root_dataset, results.study
    sentences = " ".join(results.target["sentence"])
    root["name"] = f"{study.title}: results of mircargo"
    root["description"] = f"{'Simulated data. ' if study.simulated else ''}{sentences}"
    root["datePublished"] = results.provenance["finished"]
    root["conformsTo"] = crate.add(_entity(crate, PROFILE, "CreativeWork", name="Process Run Crate", version="0.5"))
    root["license"] = _licence(crate, licence)
    root["keywords"] = ["miRNA", "exosome", results.config.target, study.species]


def _describe_run(crate: ROCrate, results: StudyResults) -> ContextEntity:
    """Describe the inputs, the software and the results, and return the action that they are parts of."""
    name, folder, study, provenance = results.name, results.folder, results.study, results.provenance
    present = {path: text for path, text in files_of(name, study).items() if (folder / path).is_file()}
    tables = {table_path(name, table): table.url for table in study.counts}
    mirbase = {mirbase_path(name, study.mirbase): study.mirbase.url} if study.mirbase is not None else {}
    software = {each: _software(crate, each, version) for each, version in provenance["versions"].items()}
    tool = software.pop("mircargo")
    tool["softwareRequirements"] = list(software.values())
    settings = {"python": provenance["python"], "platform": provenance["platform"], "target": results.config.target}
    fitted = titles_in_line(map(study.label, study.contrasts))
    return crate.add_action(
        tool,
        identifier="#run",
        object=[_input(crate, each, (tables | mirbase).get(each["path"])) for each in provenance["inputs"]],
        result=[_file(crate, folder, path, text) for path, text in present.items()],
        properties={
            "name": f"Run of mircargo on the study {name}",
            "description": f"Reads count tables ({len(tables)}), fits {fitted}, describes the cargo.",
            "endTime": provenance["finished"],
            "actionStatus": "http://schema.org/CompletedActionStatus",
            "environment": [
                crate.add(_entity(crate, f"#environment-{key}", "PropertyValue", name=key, value=value))
                for key, value in settings.items()
            ],
        },
    )


def _entity(crate: ROCrate, identifier: str, kind: str, **properties: Any) -> ContextEntity:
    return ContextEntity(crate, identifier, properties={"@type": kind, **properties})


def _licence(crate: ROCrate, licence: str | None) -> ContextEntity:
    """Return the licence of the results, which only the owners of the data can choose."""
    if licence:
        return crate.add(_entity(crate, licence, "CreativeWork", name=licence))
    text = "No licence was stated for these results: ask those who own the data."
    return crate.add(_entity(crate, NOT_STATED, "CreativeWork", name="No licence stated", description=text))


def _file(crate: ROCrate, folder: Path, path: str, text: str) -> File:
    properties = {"name": Path(path).name, "description": text, **_content(folder / path)}
    # Only metadata is added, as the file is already in place.
    return crate.add(File(crate, source=None, dest_path=path, properties=properties))


def _content(path: Path) -> dict[str, str]:
    return {
        "encodingFormat": _media_type(path),
        "contentSize": str(path.stat().st_size),
        "sha256": sha256_of(path),
    }


def _input(crate: ROCrate, known: dict[str, str], url: str | None) -> ContextEntity:
    """Describe an input: by its URL if it has one, else by its path, outside the crate."""
    properties = {"name": known["path"], "sha256": known["sha256"]}
    if url:
        return crate.add(File(crate, source=url, properties=properties | {"encodingFormat": _media_type(url)}))
    text = "An input that lies outside of the crate; its path is that of the run."
    return crate.add(_entity(crate, f"#input/{known['path']}", "CreativeWork", **properties, description=text))


def _media_type(path: str | Path) -> str:
    return MEDIA_TYPES.get(Path(path).suffix.lower(), "application/octet-stream")


def _software(crate: ROCrate, name: str, version: str) -> ContextEntity:
    identifier = f"https://pypi.org/project/{name}/{version}/" if HOME_PAGES.get(name) else f"#{name}-{version}"
    page = {"url": HOME_PAGES[name]} if HOME_PAGES.get(name) else {}
    return crate.add(_entity(crate, identifier, "SoftwareApplication", name=name, softwareVersion=version, **page))
