"""Commands of what other tools read: AnnData and a workbook, MultiQC, an RO-Crate."""

from pathlib import Path

import rich_click as click

from mircargo.cli.options import path_option, samples_option, simulated_option
from mircargo.config import load

folder_argument = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
study_option = click.option("--study", required=True, help="Name of the study.")


@click.command()
@study_option
@click.option("--config", required=True, help="The configuration: a file, or JSON text.")
@samples_option
@path_option("out-anndata", "study.h5ad to write.", required=False)
@path_option("out-workbook", "results.xlsx to write.", required=False)
@folder_argument
def export(
    study: str, config: str, samples: str, out_anndata: str | None, out_workbook: str | None, folder: Path
) -> None:
    """Write the results in FOLDER as one AnnData file, as a workbook, or both."""
    if out_anndata is None and out_workbook is None:
        raise click.UsageError("say what to write: --out-anndata, --out-workbook, or both")
    from mircargo.results.reader import StudyResults

    results = StudyResults(study, folder, load(config), samples)
    if out_anndata:
        from mircargo.export.h5ad import write_anndata

        write_anndata(results, out_anndata)
    if out_workbook:
        from mircargo.export.workbook import write_workbook

        write_workbook(results, out_workbook)


@click.command()
@study_option
@simulated_option
@click.option("--out-folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
@folder_argument
def multiqc(study: str, simulated: bool, out_folder: Path, folder: Path) -> None:
    """Write what MultiQC shows of the results in FOLDER: STUDY_*_mqc.json, its custom content."""
    from mircargo.export.multiqc import sections
    from mircargo.io import write_json

    for name, section in sections(study, folder, simulated).items():
        write_json(section, out_folder / f"{study}_{name}_mqc.json")


@click.command()
@study_option
@click.option("--licence", help="Address of the licence that the results are given under.")
@click.option("--author", help="Name of who ran the study.")
@path_option("out", "ro-crate-metadata.json to write; it belongs into FOLDER.")
@folder_argument
def crate(study: str, licence: str | None, author: str | None, out: str, folder: Path) -> None:
    """Describe the results in FOLDER as an RO-Crate: what each file is, and what it was made from, by what, when."""
    from mircargo.export.crate import describe
    from mircargo.io import write_json

    write_json(describe(study, folder, licence, author), out)
