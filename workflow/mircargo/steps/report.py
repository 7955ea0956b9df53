"""What people read of a study, and what its results rest on."""

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from mircargo.steps.declaration import Files, Step, Untracked


class WriteProvenance(Step):
    """Note versions, the checksums of the inputs and the configuration that results rest on."""

    needs: ClassVar[Literal["tables"]] = "tables"
    resolved: dict[str, Any]
    # As the configuration names them: a job elsewhere reads copies under other names.
    input_files: Annotated[list[str], Untracked()]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import write_json
        from mircargo.results.provenance import describe

        write_json(describe(self.resolved, self.input_files), made.provenance)


class WriteReport(Step):
    """Write the report of a study: one HTML file that opens without a network."""

    needs: ClassVar[Literal["exports"]] = "exports"
    study_name: str

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import write_text
        from mircargo.report.build import build

        write_text(build(self.study_name, Path(given.provenance).parent), made.report)
