"""Results for other tools."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from mircargo.config import Config
from mircargo.steps.declaration import Files, Step


class ExportResults(Step):
    """Write the results as one AnnData file and as a workbook."""

    needs: ClassVar[Literal["exports"]] = "exports"
    study_name: str
    resolved: Config

    def run(self, given: Files, made: Files) -> None:
        from mircargo.export.h5ad import write_anndata
        from mircargo.export.workbook import write_workbook
        from mircargo.results.reader import StudyResults

        results = StudyResults(self.study_name, Path(given.check).parent, self.resolved, given.samples)
        write_anndata(results, made.anndata)
        write_workbook(results, made.workbook)


class ExportForMultiqc(Step):
    """Write what MultiQC shows of a study, as its custom content."""

    needs: ClassVar[Literal["exports"]] = "exports"
    study_name: str
    simulated: bool
    titles: dict[str, str] = Field(default_factory=dict)

    def run(self, given: Files, made: Files) -> None:
        from mircargo.export.multiqc import sections
        from mircargo.io import write_json

        written = sections(self.study_name, Path(given.check).parent, self.simulated, self.titles)
        for section, path in zip(written.values(), made.sections, strict=True):
            write_json(section, path)


class DescribeCrate(Step):
    """Describe the results as an RO-Crate: what each file is, and what it was made from, by what, when."""

    needs: ClassVar[Literal["exports"]] = "exports"
    study_name: str

    def run(self, given: Files, made: Files) -> None:
        from mircargo.export.crate import describe
        from mircargo.io import write_json

        write_json(describe(self.study_name, Path(given.provenance).parent, None, None), made.crate)
