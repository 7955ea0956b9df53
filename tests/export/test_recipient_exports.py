"""Recipient cells in workbook, AnnData and RO-Crate: the numbers as they were written, and nothing without them."""

import anndata as ad
import numpy as np
import openpyxl
import pytest

from export.conftest import CONFIG
from factories import TARGET
from made_recipient import write_recipient
from mircargo.config import Config
from mircargo.export.contents import files_of
from mircargo.export.h5ad import write_anndata
from mircargo.export.workbook import write_workbook
from mircargo.io import read_result, write_table
from mircargo.problems import ProblemsFound
from mircargo.results.contract import AGREEMENT, FAMILIES
from mircargo.results.reader import StudyResults

SHEETS = [
    "Cargo and consequence", "Targets by family", "Targets by site", "Targets that were shown",
    "Genes of the recipient",
]  # fmt: skip
CELLS = {"counts": "c.tsv", "samples": "c.tsv", "contrast": {"variable": "given", "level": "x", "reference": "y"}}
GIVEN = {"recipient": CELLS, "targets": {"table": "t.tsv"}}


def config(**more) -> Config:
    """Return the configuration with a contrast of exosomes, without which there is no recipient."""
    own = CONFIG["studies"]["tiny"]
    history = own["contrasts"]["history"] | {"exosome": True}
    own = own | {"contrasts": own["contrasts"] | {"history": history}} | more
    return Config.model_validate(CONFIG | {"studies": {"tiny": own}})


@pytest.fixture
def with_recipient(folder) -> StudyResults:
    write_recipient(folder)
    # The target as this study names it.
    table = read_result(AGREEMENT.within(folder))
    write_table(table.replace(TARGET, "hsa-miR-21-5p"), AGREEMENT.within(folder))
    return StudyResults("tiny", folder, config(**GIVEN), folder.parent / "samples.tsv")


def test_workbook_has_their_sheets_after_co_cargo_with_numbers_colours_and_words(with_recipient, tmp_path):
    write_workbook(with_recipient, tmp_path / "results.xlsx")
    book = openpyxl.load_workbook(tmp_path / "results.xlsx")
    names = book.sheetnames
    assert names[names.index("Co-cargo") + 1 : names.index("Samples")] == SHEETS
    header, first, second = list(book["Targets by family"].iter_rows())[:3]
    row = {name.value: cell for name, cell in zip(header, first, strict=True)}
    assert (row["shift"].value, row["ci_high"].value, row["n_targets"].value) == (-0.12, -0.06, 223)
    assert row["shift"].fill.start_color.rgb == "FFD6ECF9"  # the blue of what goes down
    assert second[0].fill.fill_type is None
    genes = [[cell.value for cell in cells] for cells in book["Genes of the recipient"].iter_rows()]
    assert dict(zip(genes[0], genes[1], strict=True)).items() >= {"call": "down", "robust": True}.items()
    agreed = [cells[0].fill.fill_type for cells in book["Cargo and consequence"].iter_rows()][1:]
    assert agreed == ["solid", *[None] * 33], "the strong one alone"
    words = [[cell.value for cell in cells] for cells in book["Read me"].iter_rows()]
    assert any(str(line[2]).startswith("Targets of mmu-miR-21a-5p fall by 0.12") for line in words)
    explained = [line[0] for line in words if line[0] in SHEETS]
    assert explained == SHEETS


def test_anndata_has_agreement_by_feature_and_the_rest_apart(with_recipient, tmp_path):
    write_anndata(with_recipient, tmp_path / "study.h5ad")
    read = ad.read_h5ad(tmp_path / "study.h5ad")
    agreed = read.varm["recipient:agreement"]
    assert agreed.loc["hsa-miR-21-5p", "shift"] == -0.12
    assert agreed.drop("hsa-miR-21-5p")["shift"].isna().all()
    own = read.uns["recipient"]
    assert set(own) == {"sentence", "families", "dose", "shown_targets", "genes"}
    assert own["families"].loc["ACAUUCA", "shift"] == 0.01
    assert own["dose"]["shift"].tolist() == [-0.2, -0.1, -0.3]
    np.testing.assert_array_equal(own["shown_targets"]["share_lower"], [0.03, np.nan, np.nan])


def test_a_study_without_recipient_cells_has_nothing_of_them(results, tmp_path):
    write_workbook(results, tmp_path / "results.xlsx")
    write_anndata(results, tmp_path / "study.h5ad")
    assert not set(SHEETS) & set(openpyxl.load_workbook(tmp_path / "results.xlsx").sheetnames)
    read = ad.read_h5ad(tmp_path / "study.h5ad")
    assert not any("recipient" in key for key in (*read.uns, *read.varm))


def test_crate_describes_tables_and_figures_of_the_recipient():
    having, without = (files_of("tiny", config(**more).studies["tiny"]) for more in (GIVEN, {}))
    described = set(having) - set(without)
    assert {"recipient/families.tsv", "recipient/answer.json", "figures/recipient_agreement.svg"} <= described
    assert all(path.startswith(("recipient/", "figures/recipient_")) for path in described)


def test_what_is_missing_is_named(with_recipient, tmp_path):
    FAMILIES.within(with_recipient.folder).unlink()
    for write in (write_workbook, write_anndata):
        with pytest.raises(ProblemsFound, match=r"recipient/families\.tsv"):
            write(with_recipient, tmp_path / "out")
