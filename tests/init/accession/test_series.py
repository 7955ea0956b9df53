"""Series of different make: the right study of each that has counts, the right words for each that has none."""

import gzip
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

import geo_series as made
from geo_stand_in import Sample, Series, as_tar, as_text, as_workbook, counts, study_of_array_express
from mircargo.cli.check import check
from mircargo.cli.main import mircargo
from mircargo.problems import ProblemsFound


def begin(*arguments):
    """Run the command; return what it printed, the study and its sheet."""
    result = CliRunner().invoke(mircargo, ["init", *arguments])
    assert result.exit_code == 0, f"{result.output}{result.exception}"
    name = arguments[0].upper()
    written = next(Path().glob(f"**/{name}.yaml"))
    study = yaml.safe_load(written.read_text())["studies"][name]
    sheet = pd.read_csv(study["samples"], sep="\t", comment="#", dtype=str, keep_default_na=False)
    return result.output, study, sheet


def refused(*arguments):
    """Run the command; return the problem that it ends with, where nothing was written."""
    before = {*Path().iterdir(), Path("cache")}
    result = CliRunner().invoke(mircargo, ["init", *arguments])
    assert isinstance(result.exception, ProblemsFound), f"{result.output}{result.exception}"
    assert set(Path().iterdir()) <= before
    return result.exception.problems[0]


def errors_of(name):
    """Fetch and check a study as a user does; return the codes of its errors."""
    found = json.loads(CliRunner().invoke(check, [f"{name}.yaml", "--json"]).stdout)
    errors = [problem["code"] for problem in found["problems"] if problem["severity"] == "error"]
    assert errors or "are counted" in found["in_short"][name]
    return errors


ACCESSIONS = [f"GSM2000010{n}" for n in range(1, 7)]
SHAM, INJURED = ["sham_surgery"] * 3, ["spared_nerve_injury"] * 3


def test_matrix_of_counts_becomes_a_study_by_address_and_checksum(archive):
    output, study, sheet = begin("GSE200001")
    content = archive.pages["/geo/series/GSE200nnn/GSE200001/suppl/GSE200001_counts.txt.gz"]
    assert study["counts"] == [
        {
            "url": "https://ftp.ncbi.nlm.nih.gov/geo/series/GSE200nnn/GSE200001/suppl/GSE200001_counts.txt.gz",
            "sha256": hashlib.sha256(content).hexdigest(),
            "table": "data/GSE200001/GSE200001_counts.txt.gz",
            "format": "auto",
        }
    ]
    assert (study["species"], study["title"]) == ("mmu", "Small RNA of the mouse after nerve injury")
    assert sheet["accession"].tolist() == ACCESSIONS
    assert sheet["group"].tolist() == SHAM + INJURED
    assert sheet["treatment"].tolist() == ["sham surgery"] * 3 + ["spared nerve injury"] * 3
    assert sheet["age"].tolist() == ["9 weeks", "10 weeks", "11 weeks"] * 2
    assert not {"tissue", "strain", "source_name"} & set(sheet.columns)  # the same in all samples
    assert "GSE200001_coverage.bw, by its ending" in output
    assert "fetching GSE200001_counts.txt.gz (1 kB)" in output
    assert errors_of("GSE200001") == []
    assert not Path("data").exists()  # looking at a configuration writes to the cache alone


def test_archive_of_one_file_a_sample(archive):
    _, study, sheet = begin("GSE200002")
    assert [Path(each["url"]).name for each in study["counts"]] == ["GSE200002_RAW.tar"]
    assert sheet["accession"].tolist() == [f"GSM2000020{n}" for n in range(1, 7)]
    assert sheet["group"].tolist() == SHAM + INJURED
    assert errors_of("GSE200002") == []


def test_workbook_whose_columns_stand_in_the_descriptions(archive):
    _, _, sheet = begin("GSE200003")
    assert dict(zip(sheet["sample"], sheet["title"], strict=True))["Lib5"] == "DRG, SNI, mouse 2"
    assert errors_of("GSE200003") == []


def test_two_fractions_with_the_same_columns_are_both_taken(archive):
    _, study, sheet = begin("GSE200004")
    assert [Path(each["url"]).name for each in study["counts"]] == [
        "GSE200004_cells_counts.csv.gz", "GSE200004_EVs_counts.csv.gz"
    ]  # fmt: skip
    assert len(sheet) == 12
    assert sheet["fraction"].tolist() == ["cell"] * 6 + ["ev"] * 6
    for row in sheet.itertuples():
        state, n = row.column.split("_")
        assert row.title == f"{ {'cell': 'Cells', 'ev': 'EVs'}[row.fraction] } {state} {n}"
        assert row.group == state
    assert study["contrasts"]["ev_LPS"]["exosome"] is True
    assert study["comparisons"]["release"] == {"exosome": "ev_LPS", "source": "cell_LPS", "fraction": "fraction"}
    assert errors_of("GSE200004") == []


def test_rat_whose_columns_are_accessions(archive):
    _, study, sheet = begin("gse200005")
    assert study["species"] == "rno"
    assert sheet["column"].tolist() == [f"GSM2000050{n}" for n in range(1, 7)]
    assert sheet["sample"].tolist()[3] == "rat_DRG_SNI_1"
    assert errors_of("GSE200005") == []


def test_keys_that_samples_lack_spellings_and_values_that_look_like_yaml(archive):
    """The same from the family file and from the series matrix, whose rows mix keys."""
    _, _, sheet = begin("GSE200012")
    assert sheet["disease_state"].tolist() == ["healthy control"] * 3 + ["osteoarthritis"] * 3
    assert sheet["smoker"].tolist() == ["NA", "yes", "NA"] * 2
    assert sheet["time_of_day"].tolist() == ["12:31", "12:32", "12:33"] * 2
    assert sheet["code"].tolist() == ["010", "020", "030"] * 2
    assert sheet["mutation"].tolist() == ["NA", "null", "on"] * 2
    assert errors_of("GSE200012") == []
    before = Path("GSE200012.samples.tsv").read_bytes()
    archive.faults["GSE200012_family.soft.gz"] = "absent"
    begin("GSE200012", "--out", "again", "--again")
    again = Path("again/GSE200012.samples.tsv").read_bytes()
    assert again.replace(b"again/", b"") == before


def test_order_is_taken_only_with_what_speaks_for_it_and_it_is_said(archive):
    output, _, sheet = begin("GSE200014")
    assert sheet["title"].tolist() == [f"{word} rep{n}" for word in ("Control", "Treated") for n in (1, 2, 3)]
    for text in (output, Path("GSE200014.yaml").read_text(), Path("GSE200014.samples.tsv").read_text()):
        assert "BY ORDER" in text


def test_titles_that_do_not_match_leave_the_groups_to_be_filled_in(archive):
    output, _, sheet = begin("GSE200010")
    assert "could not be matched" in output
    assert sheet.columns.tolist() == ["sample", "group"]
    assert set(sheet["group"]) == {"FILL_IN"}
    text = Path("GSE200010.samples.tsv").read_text()
    assert "#     GSM20001004  DRG, SNI, mouse 1  (treatment: spared nerve injury, age: 9 weeks)" in text
    assert errors_of("GSE200010") == ["to_fill_in", "to_fill_in"]
    filled = text.replace("\tFILL_IN", "\tsham", 3).replace("\tFILL_IN", "\tSNI")
    Path("GSE200010.samples.tsv").write_text(filled)
    lines = Path("GSE200010.yaml").read_text().splitlines()
    for key, value in (("level", "SNI"), ("reference", "sham")):
        lines = [f"        {key}: {value}" if line.startswith(f"        {key}:") else line for line in lines]
    Path("GSE200010.yaml").write_text("\n".join(lines))
    assert errors_of("GSE200010") == []


def test_table_of_genes_and_samples_of_mrna_are_left_out_and_named(archive):
    output, study, sheet = begin("GSE200016")
    assert [Path(each["url"]).name for each in study["counts"]] == ["GSE200016_mirna.txt.gz"]
    assert len(sheet) == 6
    assert "GSE200016_genes.txt.gz: its rows are no miRNAs" in output
    assert "GSM20001612 (mRNA, SNI, mouse 3)" in output
    assert "GSM20001612 (mRNA, SNI, mouse 3)" in Path("GSE200016.samples.tsv").read_text()


def test_mrna_of_the_same_titles_is_told_apart_by_its_strategy(archive):
    series = made.mrna_beside()
    for small, mrna in zip(series.samples[:6], series.samples[6:], strict=True):
        mrna.title = small.title
    archive.add(series)
    _, _, sheet = begin("GSE200016")
    assert sheet["accession"].tolist() == [series.gsm(at) for at in range(6)]


@pytest.mark.parametrize(("species", "letters"), [("mouse", "mmu"), ("human", "hsa")])
@pytest.mark.parametrize("accession", ["GSE200009", "GSE200017"])
def test_one_of_two_organisms(accession, species, letters, archive):
    output, study, sheet = begin(accession, "--species", species)
    titles = [f"{species}_{state}_{n}" for state in ("untreated", "LPS") for n in (1, 2)]
    assert (study["species"], sheet["title"].tolist()) == (letters, titles)
    other = {"mouse": "human", "human": "mouse"}[species]
    assert f"({other}_LPS_2)" in output
    own_tables = {f"GSE200017_{species}.txt.gz"} if accession == "GSE200017" else {"GSE200009_counts.txt.gz"}
    assert {Path(each["url"]).name for each in study["counts"]} == own_tables
    assert ("exclude_samples" in study) == (accession == "GSE200009")
    assert errors_of(accession) == []


def test_species_whose_names_do_not_come_along(archive):
    _, study, sheet = begin("GSE200018")
    assert study["species"] == "ssc"
    assert study["mirbase"]["file"].startswith("FILL_IN")
    assert sheet["group"].tolist() == SHAM + INJURED
    Path("GSE200018.yaml").unlink()
    _, study, _ = begin("GSE200018", "--species", "other", "--out", "names")
    assert study["species"] == "other"
    assert "mirbase" not in study


def test_which_of_two_tables_of_the_same_samples_is_asked(archive):
    problem = refused("GSE200015")
    assert problem.code == "several_tables"
    assert "GSE200015_bowtie_counts.txt.gz (60 rows, 6 samples)" in problem.found
    assert "GSE200015_star_counts.txt.gz" in problem.found
    _, study, _ = begin("GSE200015", "--file", "GSE200015_star_counts.txt.gz")
    assert [Path(each["url"]).name for each in study["counts"]] == ["GSE200015_star_counts.txt.gz"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["GSE200006"], "no_counts", "GSE200006_normalized_RPM.txt.gz: these are not raw counts: every sample adds up"),
        (["GSE200007"], "not_sequenced", "GPL21572 (Machine GPL21572, in situ oligonucleotide)"),
        (["GSE200008"], "superseries", "GSE200001, GSE200002"),
        (["GSE200009"], "several_organisms", "Mus musculus: 4 samples, GSM20000901 (mouse_untreated_1)"),
        (["GSE200009", "--species", "rat"], "no_sample_of_species", "Homo sapiens: 4 samples"),
        (["GSE200001", "--species", "rat"], "no_sample_of_species", "Mus musculus: 6 samples"),
        (["GSE200011"], "no_such_series", "nothing at https://ftp.ncbi.nlm.nih.gov/geo/series/GSE200nnn/GSE200011/"),
        (["GSE200013"], "no_counts", "no supplementary file; its reads are SRP123456"),
        (["GSE200025"], "unknown_species", "Microtus ochrogaster"),
        (["GSE200001", "--file", "counts.txt"], "no_such_file", "GSE200001_counts.txt.gz"),
        (["GSE200001", "GSE200002"], "several_series", "GSE200001, GSE200002"),
        (["GSM20000101"], "no_series", "GSM20000101"),
        (["SRP123456"], "no_series", "SRP123456"),
        (["E-MTAB-9999"], "no_such_series", "studies/E-MTAB-9999"),
    ],
)
def test_what_no_study_can_be_made_of_is_refused_with_what_was_found(arguments, code, words, archive):
    problem = refused(*arguments)
    assert problem.code == code
    assert words in problem.found
    assert problem.hint


def test_no_table_is_fetched_of_what_is_refused_by_its_records(archive):
    for accession in ("GSE200007", "GSE200008", "GSE200009", "GSE200025"):
        refused(accession)
    assert not [path for path in archive.asked if path.endswith((".tar", "_counts.txt.gz"))]


def test_reads_and_tracks_in_the_archive_are_named(archive):
    series = Series(
        "GSE200020", made.nerve(), {"GSE200020_RAW.tar": as_tar({"GSM1_a.bw": b"x", "GSM2_b.bedGraph.gz": b"y"})}
    )
    series.members["GSE200020_RAW.tar"] = ["GSM1_a.bw", "GSM2_b.bedGraph.gz"]
    archive.add(series)
    problem = refused("GSE200020")
    assert "GSE200020_RAW.tar (files of bedgraph, bw)" in problem.found
    assert not any(path.endswith(".tar") for path in archive.asked)


def test_rows_that_files_of_an_archive_lack_are_left_to_be_settled(archive):
    series = made.tar_of_samples()
    table = counts([f"s{at}" for at in range(6)])
    members = {
        name: as_text(table.iloc[number:, [number]].set_axis(["count"], axis=1))
        for number, name in enumerate(series.members["GSE200002_RAW.tar"])
    }
    series.files["GSE200002_RAW.tar"] = as_tar(members)
    archive.add(series)
    output, _, _ = begin("GSE200002")
    assert "to be settled: 1 features of the other files have no row here" in output
    assert "features_absent" in errors_of("GSE200002")
    config = Path("GSE200002.yaml")
    config.write_text(config.read_text().replace("        format: auto\n", "        absent_is_zero: true\n"))
    assert errors_of("GSE200002") == []


def test_arrays_beside_sequencing_are_left_out(archive):
    arrays = [Sample(f"array {n}", ["treatment: sham"], platform="GPL21572", strategy="") for n in (1, 2)]
    series = made.matrix_in_suppl()
    series.accession, series.samples = "GSE200021", [*series.samples, *arrays]
    series.technology["GPL21572"] = "in situ oligonucleotide"
    series.files = {"GSE200021_counts.txt.gz": series.files["GSE200001_counts.txt.gz"]}
    archive.add(series)
    output, _, sheet = begin("GSE200021")
    assert len(sheet) == 6
    assert "left out, as they are of GPL21572 and not sequenced: GSM20002107 (array 1), GSM20002108 (array 2)" in output


def test_array_whose_records_are_in_the_matrix_alone(archive):
    archive.faults["GSE200007_family.soft.gz"] = "absent"
    assert refused("GSE200007").found == "Non-coding RNA profiling by array"


SDRF = (
    "Source Name\tComment[ENA_SAMPLE]\tCharacteristics[organism]\tCharacteristics [cell type]\tTechnology Type\t"
    "Assay Name\tComment[ENA_RUN]\tScan Name\tDerived Array Data File\tFactor Value[growth condition]"
)
CULTURES = [f"{state}_{n}" for state in ("control", "hypoxia") for n in (1, 2, 3)]


def sdrf(file, technology="sequencing assay"):
    """Write a row for each of two lanes of each sample."""
    rows = [SDRF]
    for at, name in enumerate(CULTURES):
        factor = "normoxia" if name.startswith("control") else "hypoxia"
        for lane in (1, 2):
            rows.append(
                f"{name}\tERS10{at}\tHomo sapiens\tHUVEC\t{technology}\t{name}_assay\tERR{at}{lane}\t"
                f"{name}_L{lane}.fastq.gz\t{file.format(name)}\t{factor}"
            )
    return "\n".join(rows) + "\n"


def test_study_of_array_express_with_a_matrix_named_by_runs(archive):
    table = counts([f"ERR{at}1" for at in range(6)], "hsa").to_csv(sep="\t").encode()
    archive.pages |= study_of_array_express("E-MTAB-9001", sdrf("counts.tsv"), {"counts.tsv": table})
    _, study, sheet = begin("e-mtab-9001")
    assert study["counts"][0]["url"] == "https://www.ebi.ac.uk/biostudies/files/E-MTAB-9001/counts.tsv"
    assert sheet["title"].tolist() == CULTURES
    assert sheet["accession"].tolist() == [f"ERS10{at}" for at in range(6)]
    assert sheet["group"].tolist() == ["normoxia"] * 3 + ["hypoxia"] * 3
    assert study["species"] == "hsa"
    assert "cell_type" not in sheet
    assert errors_of("E-MTAB-9001") == []


def test_study_of_array_express_with_a_file_for_each_sample(archive):
    table = counts(CULTURES, "hsa")
    files = {f"{name}.txt": table[[name]].set_axis(["count"], axis=1).to_csv(sep="\t").encode() for name in CULTURES}
    archive.pages |= study_of_array_express("E-MTAB-9003", sdrf("{}.txt"), files)
    _, study, sheet = begin("E-MTAB-9003")
    assert [Path(each["url"]).name for each in study["counts"]] == list(files)
    assert sheet["title"].tolist() == CULTURES
    assert errors_of("E-MTAB-9003") == []


def test_names_with_folders_stay_in_the_folder_of_the_study(archive):
    names = ["../../up/control.txt", "a/all.txt"]
    table = counts(CULTURES, "hsa")
    files = dict(
        zip(names, (part.to_csv(sep="\t").encode() for part in (table[CULTURES[:3]], table[CULTURES[3:]])), strict=True)
    )
    archive.pages |= study_of_array_express("E-MTAB-9006", sdrf("x"), files)
    archive.pages |= {f"/biostudies/files/E-MTAB-9006/{name}": content for name, content in files.items()}
    archive.pages["/biostudies/up/control.txt"] = files[names[0]]  # where the address leads
    _, study, sheet = begin("E-MTAB-9006")
    assert [each["table"] for each in study["counts"]] == [
        "data/E-MTAB-9006/up/control.txt",
        "data/E-MTAB-9006/a/all.txt",
    ]
    assert sheet["title"].tolist() == CULTURES
    assert errors_of("E-MTAB-9006") == []


def test_array_of_array_express_is_refused(archive):
    pages = study_of_array_express(
        "E-MTAB-9004", sdrf("x.txt", "array assay"), {}, study_type="microRNA profiling by array"
    )
    archive.pages |= pages
    assert refused("E-MTAB-9004").code == "not_sequenced"


def test_real_family_file_and_words_for_its_archive_which_is_not_here(shared, archive, monkeypatch):
    """GSE105845 of ENCODE, as GEO serves it unpacked, without records of its samples."""
    monkeypatch.setenv("MIRCARGO_MIRROR", str(shared / "data"))
    problem = refused("GSE105845")
    assert problem.code == "address_not_found"
    assert problem.where.endswith("/geo/series/GSE105nnn/GSE105845/suppl/GSE105845_RAW.tar")
    table = counts(["a", "b"])
    members = {f"GSM282851{n}_x.txt.gz": as_text(table.iloc[:, [n - 1]].set_axis(["count"], axis=1)) for n in (1, 2)}
    path = "/geo/series/GSE105nnn/GSE105845/suppl/GSE105845_RAW.tar"
    archive.pages[path] = as_tar(members)
    output, study, sheet = begin("GSE105845")
    assert study["title"] == "microRNA-seq from forebrain (ENCSR715QTV)"
    assert study["species"] == "mmu"
    assert sheet["accession"].tolist() == ["GSM2828511", "GSM2828512"]
    assert "says nothing of its 2 samples but their accessions" in output


def test_sample_of_two_organisms_is_asked_about(archive):
    """Human cells in a mouse: GEO writes two lines of organism."""
    series = made.matrix_in_suppl()
    lines = series.family().replace(
        "!Sample_organism_ch1 = ", "!Sample_organism_ch1 = Homo sapiens\n!Sample_organism_ch1 = "
    )
    archive.pages[f"{series.folder}/soft/GSE200001_family.soft.gz"] = gzip.compress(lines.encode())
    problem = refused("GSE200001")
    assert problem.code == "several_organisms"
    assert problem.found.startswith("Homo sapiens and Mus musculus: 6 samples")
    assert problem.hint == "choose one: `--species mouse` or `--species human`"
    assert refused("GSE200001", "--species", "rat").code == "no_sample_of_species"
    _, study, sheet = begin("GSE200001", "--species", "mouse")
    assert (study["species"], len(sheet)) == ("mmu", 6)


def test_lanes_of_a_library_are_rows_of_one_sample(archive):
    titles = [f"{state}{n}" for state, n in made.STATES]
    columns = [f"{title}_S{at}_L00{lane}" for at, title in enumerate(titles, 1) for lane in (1, 2)]
    archive.add(Series("GSE200022", made.nerve("{state}{n}"), {"GSE200022_counts.txt.gz": as_text(counts(columns))}))
    _, _, sheet = begin("GSE200022")
    assert sheet["column"].tolist() == columns
    assert sheet["title"].tolist() == [title for title in titles for _ in (1, 2)]
    assert sheet["sample"].nunique() == 6
    assert errors_of("GSE200022") == []


def test_many_files_of_single_samples_are_not_fetched_one_by_one(archive):
    samples = [Sample(f"s{n}", files=[f"GSM_{n}.txt"]) for n in range(201)]
    archive.add(Series("GSE200023", samples))
    problem = refused("GSE200023")
    assert problem.code == "many_files"
    assert "201 files" in problem.what


def test_sheets_of_two_organisms_in_one_workbook(archive):
    series = made.mixed_organisms()
    titles = [sample.title for sample in series.samples]
    rows = {
        name: [["miRNA", *table.columns], *([feature, *map(int, row)] for feature, row in table.iterrows())]
        for name, table in (("mouse", counts(titles[:4])), ("human", counts(titles[4:], "hsa")))
    }
    archive.add(Series("GSE200024", series.samples, {"GSE200024_counts.xlsx": as_workbook(**rows)}))
    _, study, sheet = begin("GSE200024", "--species", "human")
    assert [each["sheet"] for each in study["counts"]] == ["human"]
    assert "exclude_samples" not in study
    assert sheet["title"].tolist() == titles[4:]
    assert errors_of("GSE200024") == []
