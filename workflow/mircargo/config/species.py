"""Which species a study is of, and miRBase's file of its mature miRNAs where the package does not hold its names."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from mircargo.config.base import Model, PathText, WrongValue
from mircargo.config.count_table import Sha256, Url, name_of_address, refuse_without_source
from mircargo.vocabulary import AS_NAMED, COMMON_NAMES, SPECIES

_CODE: Final = r"[a-z][a-z0-9]{2,5}"


def _letters(species: str) -> str:
    """Refuse what is no code of miRBase, with the code where the word is a common one."""
    known = {words: letters for letters, words in COMMON_NAMES.items()}
    if letters := known.get(species.lower().strip()):
        raise WrongValue(f"miRBase's letters for {species.strip()} are `{letters}`", f"write `species: {letters}`")
    if not re.fullmatch(_CODE, species):
        raise WrongValue(
            "is no code of miRBase",
            "write its letters (mmu, rno, hsa; ssc for pig), or `species: other` to take names as they are",
        )
    return species


Species = Annotated[
    str,
    AfterValidator(_letters),
    WithJsonSchema(
        {"type": "string", "anyOf": [{"enum": [*SPECIES, AS_NAMED]}, {"pattern": f"^{_CODE}$"}]}, mode="validation"
    ),
]
"""miRBase's letters of a species, or `other`."""


class MirbaseFile(Model):
    """miRBase's own `mature.fa`: a file, or an address with its checksum. Gzip-compressed files are read as they are.

    Only for a species that the package does not hold: it holds every name from release 6 to 22 for `mmu`, `rno` and
    `hsa`.
    """

    file: PathText | None = Field(None, description="Path of the file; a fetched one is put there, below `data/`")
    url: Url | None = Field(None, description="Address to fetch the file from once, over https; needs `sha256`")
    sha256: Sha256 | None = Field(None, description="SHA-256 checksum of the file, 64 hexadecimal digits")

    @model_validator(mode="before")
    @classmethod
    def _is_a_mapping(cls, values: Any) -> Any:
        if isinstance(values, str):
            raise WrongValue("the path stands under a key of its own", f"write `mirbase: {{file: {values:.80}}}`")
        return values

    @model_validator(mode="after")
    def _has_source(self) -> "MirbaseFile":
        refuse_without_source(self.file, self.url, self.sha256, "file")
        return self


def mirbase_path(study: str, mirbase: MirbaseFile) -> str:
    """Where miRBase's file of a study lies, or will lie once fetched."""
    return mirbase.file or f"data/{study}/{name_of_address(str(mirbase.url))}"


def refuse_wrong_source_of_names(species: str, mirbase: MirbaseFile | None) -> None:
    """Refuse that miRBase's file is lacking, or given where it cannot be used.

    Raises
    ------
    WrongValue
        With what to do.
    """
    if mirbase is not None and species in SPECIES:
        what = f"`mirbase` is for other species: the package holds the names of {species}"
        raise WrongValue(what, "take `mirbase` out")
    if mirbase is not None and species == AS_NAMED:
        what = "`mirbase` needs the species' letters in miRBase, and `species` is `other`"
        raise WrongValue(what, "write the letters under `species` (ssc for pig)")
    if mirbase is None and species not in (*SPECIES, AS_NAMED):
        what = f"the package holds miRBase's names of mmu, rno and hsa, not of {species}"
        hint = (
            "give miRBase's mature.fa with `mirbase: {file: mature.fa}` (or its `url` and `sha256`), or write"
            " `species: other`, and names are taken as they are"
        )
        raise WrongValue(what, hint)
