"""The recipient and its targets from tables to clean ones, and each bad input with its one message."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from mircargo.checks.recipient import examine_recipient
from mircargo.cli.main import mircargo
from mircargo.config import parse
from mircargo.problems import ProblemsFound
from mircargo.results import contract as files
from mircargo.results.reader import StudyResults
from stepping import run_step

SEED = "AGCUUAU"  # bases 2 to 8 of miR-21-5p
N_GENES = 40
GENES = [f"ENSMUSG{i:011d}" for i in range(N_GENES)]
SYMBOLS = [f"Gene{chr(97 + i // 26)}{chr(97 + i % 26)}{i}" for i in range(N_GENES)]
SAMPLES = ["m1", "m2", "m3", "m4", "m5", "m6"]
COUNTS = {"counts": "x.tsv", "samples": "s.tsv", "contrast": {"variable": "g", "level": "a", "reference": "b"}}
CONTRAST = {"variable": "exosomes", "level": "injured", "reference": "sham"}

IMPORTED = (
    files.RECIPIENT_COUNTS, files.RECIPIENT_CHANGES, files.RECIPIENT_SITES, files.RECIPIENT_GENES,
    files.RECIPIENT_LEDGER,
)  # fmt: skip


def counts() -> pd.DataFrame:
    """Return counts of negative binomials: depth differs between samples, and the first gene is all but off."""
    random = np.random.default_rng(4)
    mean = random.lognormal(5, 1.2, N_GENES)[:, None] * np.array([1, 0.6, 1.5, 0.8, 1.9, 1.2])
    table = pd.DataFrame(random.negative_binomial(4, 4 / (4 + mean)), index=GENES, columns=SAMPLES)
    table.iloc[0] = [0, 1, 0, 0, 0, 0]
    return table


def site(gene: int, mirna: str, site_type: int, start: int, score: float, transcript: str = "") -> str:
    taxon = {"mmu": 10090, "hsa": 9606}[mirna[:3]]
    transcript = transcript or f"ENSMUST{gene:011d}.1"
    cells = [f"{GENES[gene]}.5", SYMBOLS[gene], transcript, taxon, mirna, site_type, start, start + 7, score, 90, score,
             90, "NULL"]  # fmt: skip
    return "\t".join(map(str, cells))


HEADER = "\t".join(
    ["Gene ID", "Gene Symbol", "Transcript ID", "Gene Tax ID", "miRNA", "Site Type", "UTR_start", "UTR end",
     "context++ score", "context++ score percentile", "weighted context++ score",
     "weighted context++ score percentile", "Predicted relative KD"]
)  # fmt: skip


def targets() -> str:
    """Return every second gene as a target of let-7a, and four rows about miR-21-5p."""
    rows = [site(gene, "mmu-let-7a-5p", 2, 50, -0.2) for gene in range(1, N_GENES, 2)]
    rows += [site(gene, "mmu-miR-1a-3p", 1, 70, -0.1) for gene in range(0, N_GENES, 2)]
    rows += [
        site(1, "mmu-miR-21a-5p", 3, 20, -0.4),
        site(1, "mmu-miR-590-5p", 3, 20, -0.5),  # the same site: one seed
        site(1, "mmu-miR-21a-5p", 3, 120, -0.3),
        site(2, "mmu-miR-21a-5p", 1, 33, -0.1),
        site(2, "mmu-miR-21a-5p", 1, 33, -0.1, "ENSMUST09999999999.1"),  # another transcript, with fewer sites
        site(3, "hsa-miR-21-5p", 3, 20, -0.9),
    ]
    return "\n".join([HEADER, *rows]) + "\n"


class Study:
    """The files of a study with a recipient, of which a test changes what it is about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.study = {
            "title": "Made up", "species": "mmu", "counts": [{"table": "mirna.tsv"}],
            "samples": self.path("exosomes.tsv"),
            "contrasts": {
                "exosomes": {"variable": "injury", "level": "injured", "reference": "sham", "exosome": True}
            },
            "recipient": {"counts": self.path("mrna.tsv"), "samples": self.path("cells.tsv"), "contrast": CONTRAST},
            "targets": self.path("targets.txt"),
        }  # fmt: skip
        self.write("mrna.tsv", counts().rename_axis("gene").reset_index())
        groups = ["injured"] * 3 + ["sham"] * 3
        self.write("cells.tsv", pd.DataFrame({"sample": SAMPLES, "exosomes": groups}))
        self.write("exosomes.tsv", pd.DataFrame({"sample": [f"e{i}" for i in range(6)], "injury": groups}))
        self.write("targets.txt", targets())

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def write(self, name: str, content: str | pd.DataFrame) -> None:
        text = content if isinstance(content, str) else content.to_csv(sep="\t", index=False)
        Path(self.path(name)).write_text(text)

    def recipient(self, **changes) -> None:
        self.study["recipient"] = {**self.study["recipient"], **changes}

    def examine(self, **more):
        return examine_recipient(parse({"studies": {"m": self.study}, **more}), "m")

    def one_error(self, **more):
        problems, _ = self.examine(**more)
        errors = [each for each in problems if each.severity == "error"]
        assert len(errors) == 1, problems
        assert errors[0].where
        return errors[0]


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path)


def test_sites_are_put_to_the_recipients_genes(study):
    problems, tables = study.examine()
    assert problems == []
    own = tables.sites[tables.sites["family"] == SEED]
    found = own[["mirna", "gene", "site_type", "score"]].round(3).itertuples(index=False, name=None)
    both = "mmu-miR-21a-5p/mmu-miR-590-5p"
    # Worked out by hand from the rows above: one site for both members, with the stronger score.
    assert sorted(found) == [
        (both, GENES[1], "8mer", pytest.approx(-0.5)), (both, GENES[1], "8mer", pytest.approx(-0.3)),
        (both, GENES[2], "7mer-A1", pytest.approx(-0.1)),
    ]  # fmt: skip
    left_out = tables.ledger["targets"]["left_out"]
    assert left_out == {
        "genes of human": 1, "other transcript of the gene": 1,
        "the same site for another miRNA of the family, or the same pair again": 1,
    }  # fmt: skip
    assert sum(left_out.values()) + len(tables.sites) == tables.ledger["targets"]["rows"], "no row is lost"
    pd.testing.assert_frame_equal(tables.counts.astype(int), counts(), check_names=False, check_dtype=False)
    assert tables.genes["symbol"].tolist() == SYMBOLS


def test_expressed_genes_are_counted(study):
    _, tables = study.examine()
    # The first gene has one read, which is less than `min_total_count`.
    assert tables.ledger["genes"]["expressed"] == N_GENES - 1
    assert tables.ledger["genes"]["targets_matched"] == N_GENES


def test_samples_are_those_of_the_sheet(study):
    table = counts().rename_axis("gene").reset_index()
    table = table[["gene", "m6", "m1", "m2", "m3", "m4", "m5"]].rename(columns={"m1": "lane_1", "m2": "lane_2"})
    study.write("mrna.tsv", table)
    cells = pd.DataFrame({"sample": ["m1", "m1", *SAMPLES[2:]], "exosomes": ["injured"] * 3 + ["sham"] * 3})
    study.write("cells.tsv", cells.assign(column=["lane_1", "lane_2", *SAMPLES[2:]]))
    problems, tables = study.examine()
    assert problems == []
    assert list(tables.counts) == ["m1", "m3", "m4", "m5", "m6"]
    assert tables.counts["m1"].tolist() == (counts()["m1"] + counts()["m2"]).tolist()


def test_facts_of_genes_and_other_identifiers_come_from_a_table(study):
    study.write("targets.txt", targets().replace("ENSMUSG", "X"))
    facts = pd.DataFrame({
        "Gene stable ID": [*GENES, GENES[0]], "Gene name": [*SYMBOLS, SYMBOLS[0]], "GC": [40, *range(40, 80)],
        "utr3_length": [500, *range(100, 140)],
    })  # fmt: skip
    study.write("genes.tsv", facts)
    study.recipient(genes=study.path("genes.tsv"))
    problems, tables = study.examine()
    assert problems == []
    assert tables.ledger["genes"]["matched_by"] == "symbol"
    first = tables.genes.iloc[0]
    assert (first["utr3_length"], first["gc"]) == (500, pytest.approx(0.595)), "the longest; the median of 40 and 79 %"
    assert (tables.sites["family"] == SEED).sum() == 3


# Bad input.


def test_targets_of_another_species(study):
    study.write("targets.txt", "\n".join(line for line in targets().splitlines() if "10090" not in line) + "\n")
    error = study.one_error()
    assert error.code == "targets_of_other_species"
    assert "1 row of human" in error.found
    assert "mouse" in error.hint


def test_mirnas_of_another_species(study):
    text = "mirna\tgene\n" + "".join(f"hsa-miR-21-5p\t{each}\n" for each in SYMBOLS)
    study.write("targets.txt", text)
    error = study.one_error()
    assert error.code == "targets_of_other_species"
    assert "1 miRNA of human" in error.found


def test_identifiers_that_do_not_match(study):
    study.write("targets.txt", "mirna\tgene\n" + "".join(f"mmu-miR-21a-5p\t{10_000 + i}\n" for i in range(N_GENES)))
    error = study.one_error()
    assert error.code == "genes_do_not_match"
    assert "'10000'" in error.found
    assert GENES[1] in error.found


def test_types_of_site_that_are_not_known_are_said(study):
    study.write("targets.txt", targets().replace("\t2\t50\t", "\tseven\t50\t"))
    problems, tables = study.examine()
    (problem,) = [each for each in problems if each.code == "site_types_not_known"]
    assert problem.severity == "warning"
    assert problem.found == f"'seven' in {N_GENES // 2} rows"
    assert (tables.sites["site_type"] == "other").sum() == N_GENES // 2


def test_a_mirna_whose_targets_are_most_genes(study, monkeypatch):
    monkeypatch.setattr("mircargo.checks.recipient.FEW_GENES", 10)
    assert study.examine()[0] == []
    study.write("targets.txt", targets() + "\n".join(site(i, "mmu-miR-21a-5p", 3, 5, -0.1) for i in range(30)) + "\n")
    problems, _ = study.examine()
    assert [each.code for each in problems] == ["most_genes_are_targets"]
    assert problems[0].found.startswith("30 of ")


@pytest.mark.parametrize("kind", ["empty", "twice"])
def test_libraries_of_the_recipient_that_cannot_be_used(study, kind):
    table = counts()
    table["m2"] = 0 if kind == "empty" else table["m5"]
    study.write("mrna.tsv", table.rename_axis("gene").reset_index())
    error = study.one_error()
    assert error.code == {"empty": "no_reads", "twice": "copies_identical"}[kind]
    assert error.samples == {"empty": ("m2",), "twice": ("m2", "m5")}[kind]
    assert "exclude_samples" not in error.hint, "which a recipient does not have"


@pytest.mark.parametrize(("kind", "found"), [("half", "known of 20 of 39"), ("same", "the same of all: 900")])
def test_lengths_that_do_not_serve_are_said(study, kind, found):
    lengths = [900 if kind == "same" else 500 + i if i % 2 else "NA" for i in range(N_GENES)]
    study.write("genes.tsv", pd.DataFrame({"gene": GENES, "utr3_length": lengths}))
    study.recipient(genes=study.path("genes.tsv"))
    (problem,) = study.examine()[0]
    assert (problem.code, problem.severity) == ("lengths_not_known", "warning")
    assert found in problem.found


def test_genes_that_a_spreadsheet_made_dates(study):
    rows = [f"mmu-miR-21a-5p\t{gene}\n" for gene in [*GENES[:30], "1-Mar", "2-Sep"]]
    study.write("targets.txt", "".join(["mirna\tgene_id\n", *rows]))
    (problem,) = study.examine()[0]
    assert (problem.code, problem.severity) == ("name_is_a_date", "warning")
    assert problem.found == "'1-Mar', '2-Sep'"


def test_several_rows_of_a_gene_and_nothing_to_choose_by(study):
    rows = [f"{gene}\t{(i % 7 - 3) / 10}\n" for i, gene in enumerate([*GENES, *GENES[:3]])]
    study.write("results.tsv", "".join(["gene\tlogFC\n", *rows]))
    study.study["recipient"] = {"results": study.path("results.tsv")}
    (problem,) = study.examine()[0]
    assert (problem.code, problem.severity) == ("repeated_genes", "warning")
    assert problem.found.startswith("3 genes: ")


@pytest.mark.parametrize(
    ("seed", "hint"),
    [("AUAAGCU", "their reverse complement"), ("UAGCUUA", "not 1 to 7"), ("UAGCUUAU", "seven letters")],
    ids=["the site", "bases 1 to 7", "bases 1 to 8"],
)
def test_seeds_that_are_none(study, seed, hint):
    study.write("targets.txt", "".join(["seed\tgene_id\n", *(f"{seed}\t{gene}\n" for gene in GENES)]))
    problems, tables = study.examine()
    assert tables is None
    assert hint in " ".join(each.hint for each in problems)


def test_a_network_without_the_target(study):
    study.write(
        "targets.txt", "\n".join(row for row in targets().splitlines() if "21a" not in row and "590" not in row)
    )
    error = study.one_error()
    assert error.code == "target_without_targets"
    assert SEED in error.found
    assert "mmu-let-7a-5p" in error.found
    assert study.one_error(target="miR-33-5p").code == "target_without_targets"


def test_no_gene_of_the_recipient_is_a_target_of_the_target(study):
    table = counts().drop(index=[GENES[1], GENES[2]])
    study.write("mrna.tsv", table.rename_axis("gene").reset_index())
    assert study.one_error().code == "target_without_targets"


@pytest.mark.parametrize("kind", ["cpm", "rounded cpm", "log2"])
def test_normalised_counts(study, kind):
    table = counts()
    cpm = table / table.sum() * 1e6
    table = {"cpm": cpm.round(2), "rounded cpm": cpm.round().astype(int), "log2": np.log2(cpm + 1).round(3)}[kind]
    study.write("mrna.tsv", table.rename_axis("gene").reset_index())
    error = study.one_error()
    assert error.code == "not_raw_counts"
    assert study.path("mrna.tsv") in error.where


def test_a_table_of_mirnas(study):
    table = counts().set_axis([f"mmu-miR-{100 + i}-5p" for i in range(N_GENES)])
    study.write("mrna.tsv", table.rename_axis("gene").reset_index())
    assert study.one_error().code == "mirnas_and_no_genes"


def test_samples_that_the_table_lacks(study):
    study.write("cells.tsv", pd.DataFrame({"sample": [*SAMPLES[:5], "m7"], "exosomes": ["injured"] * 3 + ["sham"] * 3}))
    error = study.one_error()
    assert error.code == "sample_not_in_tables"
    assert error.samples == ("m7",)


def test_a_contrast_that_the_sheet_does_not_have(study):
    study.recipient(contrast=CONTRAST | {"level": "injure"})
    error = study.one_error()
    assert error.where == "studies.m.recipient.contrast.level"
    assert "injured" in error.hint


@pytest.mark.parametrize(("paired", "severity"), [(False, "warning"), (True, "error")])
def test_samples_not_paired_with_the_exosomes(study, paired, severity):
    study.recipient(paired=paired)
    cells, exosomes = (pd.read_csv(study.path(name), sep="\t") for name in ("cells.tsv", "exosomes.tsv"))
    study.write("cells.tsv", cells.assign(subject=["a1", "a2", "a3", "a4", "a5", "a9"]))
    study.write("exosomes.tsv", exosomes.assign(subject=["a1", "a2", "a3", "a4", "a5", "a6"]))
    ((problem,), tables) = study.examine()
    assert (problem.code, problem.severity) == ("not_paired", severity)
    assert (
        problem.found == "subject 'a9' of the recipient has no exosomes; subject 'a6' of the exosomes has no recipient"
    )
    assert problem.samples == ("m6",)
    assert (tables is None) == paired


def test_pairing_that_is_asked_for_without_subjects(study):
    study.recipient(paired=True)
    assert study.one_error().code == "no_subjects"


def test_all_files_are_looked_at_at_once(study):
    study.write("targets.txt", "a\tb\n1\t2\n")
    study.recipient(counts=study.path("nowhere.tsv"), samples=study.path("no_sheet.tsv"))
    codes = [each.code for each in study.examine()[0]]
    assert codes == ["no_columns_of_targets", "no_such_file", "no_such_file"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"targets": None}, "`recipient` needs `targets`"),
        ({"recipient": None}, "`targets` needs `recipient`"),
        ({"recipient": {"results": "x.tsv", "cargo": "cells"}}, "none of the contrasts of exosomes"),
        ({"recipient": {"counts": "x.tsv"}}, "`counts` needs `samples` and `contrast` too"),
        ({"recipient": {"results": "x.tsv", "samples": "s.tsv"}}, "`samples` belongs to `counts`"),
        (
            {"recipient": COUNTS | {"counts": {"table": "x.tsv", "prefix": "a_"}}},
            "`prefix` of `counts` is of tables of",
        ),
        ({"recipient": COUNTS | {"contrast": CONTRAST | {"exosome": True}}}, "`exosome` is of contrasts of miRNA"),
        ({"targets": {"url": "https://example.org/t.txt"}}, "needs the `sha256`"),
    ],
)
def test_a_configuration_that_does_not_fit(study, changes, message):
    study.study |= changes
    with pytest.raises(ProblemsFound) as error:
        study.examine()
    (problem,) = error.value.problems
    assert message in problem.what


# The step, and what reads its tables.


@pytest.mark.parametrize("kind", ["counts", "results"])
def test_the_step_writes_the_tables_of_the_contract(study, monkeypatch, kind):
    monkeypatch.chdir(study.folder)
    if kind == "results":
        changes = pd.DataFrame({"gene": [str(1000 + i) for i in range(N_GENES)], "logFC": np.linspace(-1, 1, N_GENES)})
        study.write("results.tsv", changes)
        entrez = [f"mmu-miR-21a-5p\t{gene}\n" for gene in changes["gene"]]
        study.write("targets.txt", "mirna\tentrez\n" + "".join(entrez))
        study.study["recipient"] = {"results": "results.tsv"}
    config = parse({"studies": {"m": study.study}})
    own = config.studies["m"]
    made = {
        name: str(study.folder / result.path)
        for name, result in zip(("counts", "changes", "sites", "genes", "ledger"), IMPORTED, strict=True)
    }
    settings = {name: getattr(own, name) for name in ("recipient", "targets", "species", "mirbase")}
    run_step(
        "import_recipient", {}, made,
        study_name="m", configuration=config, target=config.target, thresholds={}, **settings,
    )  # fmt: skip
    results = StudyResults("m", study.folder, config)
    for result in IMPORTED[1:4]:
        header = (study.folder / result.path).read_text().splitlines()[0].split("\t")
        assert header == list(result.columns)
    if kind == "counts":
        assert results.recipient_counts.to_numpy().tolist() == counts().to_numpy().tolist()
        assert results.recipient_changes.empty
    else:
        assert results.recipient_counts.empty
        assert results.recipient_changes["gene"].tolist() == results.recipient_genes["target_id"].tolist()
        assert results.recipient_changes["gene"][0] == "1000", "an Entrez id is a name, and no number"
        assert set(results.recipient_sites["site_type"]) == {"other"}
    assert results.recipient_ledger["genes"]["targets_matched"] == N_GENES
    assert results.recipient_ledger["warnings"] == []


def test_the_check_fetches_targets_by_their_checksum(study, monkeypatch):
    monkeypatch.chdir(study.folder)
    content = targets().encode()
    (study.folder / "mirror").mkdir()
    (study.folder / "mirror" / "named_otherwise.txt").write_bytes(content)
    monkeypatch.setenv("MIRCARGO_MIRROR", "mirror")
    monkeypatch.setenv("XDG_CACHE_HOME", str(study.folder / "cache"))
    digest = hashlib.sha256(content).hexdigest()
    study.study["targets"] = {"url": "https://nowhere.invalid/t.txt", "sha256": digest}
    study.write("mirna.tsv", "id\t" + "\t".join(f"e{i}" for i in range(6)) + "\nmmu-miR-21a-5p\t5\t6\t7\t8\t9\t5\n")
    path = study.path("study.yaml")
    study.write("study.yaml", yaml.safe_dump({"studies": {"m": study.study}}))
    result = CliRunner().invoke(mircargo, ["check", path, "--json"])
    listed = json.loads(result.stdout)
    assert f"{N_GENES - 1} of {N_GENES - 1} expressed genes and {N_GENES} of {N_GENES}" in listed["in_short"]["m"]
    assert Path(f"cache/mircargo/checked/{digest}/t.txt").read_bytes() == content
    Path("data/m").mkdir(parents=True)
    Path("data/m/t.txt").write_bytes(content + b"#")
    codes = {
        each["code"] for each in json.loads(CliRunner().invoke(mircargo, ["check", path, "--json"]).stdout)["problems"]
    }
    assert "other_checksum" in codes


# Real tables.


@pytest.fixture(scope="module")
def transfections(shared):
    folder = shared / "data" / "transfections"
    if not folder.is_dir():
        pytest.skip("the public tables have no transfections")
    return folder


@pytest.mark.parametrize("mirna", ["miR1", "miR124", "miR263a", "miR994"])
def test_transfections(study, transfections, mirna):
    """Numbers of sites and genes are counted again, line by line, from the file."""
    table = transfections / "feature_table_transfections.txt"
    lines = [line.split("\t") for line in table.read_text().splitlines()]
    column = {name: at for at, name in enumerate(lines[0])}
    genes = {line.split("\t")[0] for line in (transfections / f"{mirna}.diff").read_text().splitlines()}
    rows = [line for line in lines[1:] if line[column["MIR_ID"]] == mirna and line[column["GENE_ID"]] in genes]
    study.study |= {"species": "other", "recipient": {"results": str(transfections / f"{mirna}.diff")}}
    study.study["targets"] = str(table)
    problems, tables = study.examine(target=mirna)
    assert problems == []
    own = tables.sites[tables.sites["mirna"] == mirna]
    for written, site_type in {
        "8m": "8mer",
        "7m8": "7mer-m8",
        "7A1": "7mer-A1",
        "6m": "6mer",
        "o6": "offset-6mer",
    }.items():
        assert (own["site_type"] == site_type).sum() == sum(line[column["TYPE"]] == written for line in rows) > 0
    assert own["family"].unique().tolist() == [rows[0][column["MIR"]][1:8].replace("T", "U")]
    assert len(tables.changes) == len(genes)
    lengths = {line[column["GENE_ID"]]: float(line[column["LEN_3UTR"]]) for line in lines[1:]}
    found = tables.genes.set_index("gene")["utr3_length"].dropna()
    assert found.to_dict() == {gene: length for gene, length in lengths.items() if gene in genes}
