"""Every real file that we have: what it is read as, against counts made with awk; or why it is refused."""

import re

import pytest

from mircargo.inputs.registry import read_table
from mircargo.problems import ProblemsFound

# file, format, rows, samples, reads, rows that are miR-21, their reads. The awk commands, F the file:
# mirdeep2   awk -F'\t' 'NR>1{n++;for(i=5;i<=10;i++)s+=$i;if($1=="hsa-miR-21-5p")for(i=5;i<=10;i++)m+=$i}
#            END{printf "%d %.2f %.2f\n",n,s,m}' F; its sister: s+=$2, m+=$2
# mirge      awk -F, 'NR>1{n++;for(i=2;i<=NF;i++)s+=$i;if($1=="hsa-miR-21-5p")for(i=2;i<=NF;i++)m+=$i}
#            END{printf "%d %d %.0f %d\n",n,NF-1,s,m}' F; bcbio and plain: the same with -F'\t'
# excerpt    awk -F'\t' 'NR>1{n++;s+=$4;if($1~/MIMAT0000076/)m+=$4}END{print n,s,m}' F
# srnabench  awk -F'\t' 'NR>1{n++;s+=$6}END{print n,s}' F; gdc: s+=$2; seqbuster: s+=$3, merged: s+=$7+$8
# isomir_sea awk -F'TC=' '{n++;split($2,a,";");s+=a[1]}END{print n,s}' F
# mirtop_gff awk -F'Expression ' '!/^#/{n++;split($2,a,";");k=split(a[1],b,",");for(i=1;i<=k;i++)s+=b[i]}
#            END{print n,k,s}' F
# mirtop_counts  tr -d '"' <F | awk -F'\t' 'NR>1{n++;s+=$(NF-1)+$NF}END{print n,s}'; one sample: s+=$9
# featurecounts  awk -F'\t' 'NR>2{n++;for(i=7;i<=NF;i++)s+=$i;if($1=="MIMAT0000530")for(i=7;i<=NF;i++)m+=$i}
#            END{printf "%d %d %.0f %d\n",n,NF-6,s,m}' F
FILES = [
    ("mirdeep2/miRNAs_expressed_all_samples_1700000000.csv", "mirdeep2", 2888, 6, 11_087_602, "hsa-miR-21-5p", 294_071),
    ("mirdeep2/miRNAs_expressed_all_samples_1700000001.csv", "mirdeep2", 2888, 6, 7_974_174.13, "hsa-miR-21-5p",
     294_071),
    ("mirdeep2/miRNA_expressed_1700000000.csv", "mirdeep2", 2888, 1, 11_087_602, "hsa-miR-21-5p", 294_071),
    ("mirge3/miR.Counts.csv", "mirge", 2731, 49, 896_512_488, "hsa-miR-21-5p", 5_350_267),
    ("mirge3/tRF.Counts.csv", "mirge", 544, 49, 81_758_964, "hsa-miR-21-5p", 0),
    ("bcbio/counts_mirna.tsv", "bcbio", 1446, 10, 13_948_552, "hsa-miR-21-5p", 444_474),
    ("exceRpt/readCounts_miRNAmature_sense.txt", "excerpt", 17, 1, 35, "MIMAT0000076", 2),
    ("sRNAbench/microRNAannotation.txt", "srnabench", 4, 1, 283, "hsa-let-7a-5p", 283),
    ("GDC/excerpt_mirna.quantification.txt", "gdc", 27, 1, 109_775, "hsa-mir-21", 0),
    ("isomiR-SEA/tagMir-all_first3lines.gff", "isomir_sea", 3, 1, 223, "hsa-let-7a-5p", 223),
    ("mirtop/mirtop.gff", "mirtop_gff", 164, 2, 8155, "hsa-miR-21-5p", 0),
    ("mirtop/sample1.gff", "mirtop_gff", 79, 1, 2064, "hsa-miR-21-5p", 0),
    ("mirtop/2samples.gff", "mirtop_gff", 2, 2, 105, "hsa-let-7a-5p", 105),
    ("mirtop/mirtop_counts_1sample_mirtop0.4.30.tsv", "mirtop_counts", 79, 1, 2064, "hsa-miR-21-5p", 0),
    ("mirtop/mirtop_counts_2samples_mirtop0.4.30.tsv", "mirtop_counts", 164, 2, 8155, "hsa-miR-21-5p", 0),
    ("mirtop/mirtop_counts_addextra_2samples_mirtop0.4.30.tsv", "mirtop_counts", 164, 2, 8155, "hsa-miR-21-5p", 0),
    ("mirtop/gff_tsv_expression_counts.tsv", "mirtop_counts", 2, 2, 105, "hsa-let-7a-5p", 105),
    ("mirtop/mirtop_rawData.tsv", "seqbuster", 164, 2, 8155, "hsa-miR-21-5p", 0),
    ("mirtop/sample1.mirna", "seqbuster", 99, 1, 2551, "hsa-miR-21-5p", 0),
    ("mirtop/sample2.mirna", "seqbuster", 99, 1, 6435, "hsa-miR-21-5p", 0),
    ("../myotube_ev/star_counts.txt", "featurecounts", 2110, 4, 16_335_384, "MIMAT0000530", 2_024_268),
    ("../microglia_ev/microRNAseq_EVs_RAW_counts.xlsx", "plain", 1187, 12, 224_835, "mmu-mir-21a", 145),
    ("../microglia_ev/microRNAseq_Cells_RAW_Counts.csv", "plain", 1187, 12, 3_576_195, "mmu-mir-21a", 10_786),
    ("../microglia_ev/microRNAseq_EVs_RAW_counts.csv", "plain", 1187, 12, 224_835, "mmu-mir-21a", 145),
    ("../microglia_ev/microRNAseq_Cells_RAW_counts.xlsx", "plain", 1187, 12, 3_576_195, "mmu-mir-21a", 10_786),
    ("../joint_injury/mature_counts.csv", "nfcore_smrnaseq", 1412, 18, 36_816_741, "MIMAT0000530", 394_371),
    ("../myotube_ev/bwa_counts.txt", "featurecounts", 2110, 4, 26_468_070, "MIMAT0000530", 2_969_759),
    ("../ratiometric_pools/counts.tsv", "plain", 333, 95, 1_216_094_938, "no row of this name", 0),
]  # fmt: skip
ISOMIRS = {"mirtop_gff", "mirtop_counts", "seqbuster", "isomir_sea"}


@pytest.mark.parametrize(("path", "format_name", "rows", "samples", "reads", "id_", "target"), FILES)
def test_real_files_are_recognised_and_read_whole(shared, path, format_name, rows, samples, reads, id_, target):
    table = read_table(shared / "data" / "formats" / path)
    assert table.format == format_name
    assert table.counts.shape == (rows, samples)
    assert table.counts.to_numpy().sum() == pytest.approx(reads, abs=0.001)
    own = [re.search(rf"(^|[:_]){id_}($|[: _])", name) is not None for name in table.ids]
    assert table.counts[own].to_numpy().sum() == target
    assert (table.isomirs is not None) == (format_name in ISOMIRS or path.endswith("microRNAannotation.txt"))
    if table.isomirs is not None:
        assert table.isomirs[table.counts.columns.tolist()].to_numpy().sum() == reads


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("bcbio/seqcluster_counts.tsv", "a row holds both arms of a hairpin"),
        ("bcbio/metadata.csv", "an empty cell where a count should be"),
        ("mirtop/mirbase.gff3", "row 14: a line without `Expression`.*\n.*\n.*an annotation has no counts"),
        ("mirgenedb/hsa.gff", "a line without `Name` and `Expression`"),
        ("../myotube_ev/bwa_counts.txt.summary", "featureCounts' summary"),
        ("../microglia_ev/microRNAseq_EVs_RAW_Traits.csv", "no column of counts"),
        ("../microglia_ev/published_res05_EVs_LPS_vs_control.csv", "column 'baseMean' is not a sample"),
        ("../joint_injury/d7aclvsnaive_miRNA.txt", "column 'logFC' is not a sample"),
        ("../joint_injury/SupplementryTable4.xlsx", "column 'logFC' is not a sample"),
        ("../ratiometric_pools/truth.tsv", "not raw counts"),
    ],
)
def test_real_files_that_are_no_counts_are_refused_with_the_reason(shared, path, message):
    with pytest.raises(ProblemsFound, match=message):
        read_table(shared / "data" / "formats" / path)


def test_mirdeep2_modes_give_a_sample_its_reads(shared):
    # 1,432,528 reads of E36 mapped. awk -F'\t' 'NR>1{s+=$7;if($7>m[$1])m[$1]=$7}
    # END{for(i in m)x+=m[i];printf "%.2f %.2f\n",s,x}' on the default table: 1960130.00 1437183.00; -W: 1432330.23
    folder = shared / "data" / "formats" / "mirdeep2"
    default = read_table(folder / "miRNAs_expressed_all_samples_1700000000.csv")
    weighted = read_table(folder / "miRNAs_expressed_all_samples_1700000001.csv")
    assert (default.same_feature, default.fractional) == ("maximum", False)
    assert (weighted.same_feature, weighted.fractional) == ("sum", True)
    assert default.counts["E36"].sum() == 1_960_130
    assert default.counts.groupby(default.ids).max()["E36"].sum() == 1_437_183
    assert weighted.counts.groupby(weighted.ids).sum()["E36"].sum() == pytest.approx(1_432_330.23)
    largest, shares = default.counts.groupby(default.ids).max().sum(), weighted.counts.sum()
    assert (abs(largest / shares - 1) < 0.013).all()


def test_one_read_of_mirtop_gives_isomirs_in_the_order_of_coldata(shared):
    folder = shared / "data" / "formats" / "mirtop"
    isomirs = read_table(folder / "mirtop.gff").isomirs
    first = ["hsa-miR-127-3p", "iso_5p:-1,iso_add3p:1", "ATCGGATCCGTCTGAGCTTGA", 2, 0]
    assert isomirs.iloc[0].tolist() == first
    quoted = read_table(folder / "mirtop_counts_addextra_2samples_mirtop0.4.30.tsv").isomirs
    assert quoted.equals(isomirs)


def test_featurecounts_adds_up_to_the_reads_it_assigned(shared):
    # From bwa_counts.txt.summary.
    counts = read_table(shared / "data" / "myotube_ev" / "bwa_counts.txt").counts
    assert counts.sum().tolist() == [6_901_394, 7_350_345, 4_577_668, 7_638_663]
    assert counts.columns[0] == "damaged_muscle_exosome_1_sorted"
