"""The faults that tables have, one function a kind: each writes a study of `table_faults` with that fault."""

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
from openpyxl import Workbook
from table_faults import Base, Cells, Made, cells_of, delimiter_of, plain, sheet_of, text_of

from mircargo.features.mirbase import load_mature

MATURE = load_mature().set_index("name")
FAULTS: dict[str, Callable[[Base], Made]] = {}


def fault(make: Callable[[Base], Made]) -> Callable[[Base], Made]:
    FAULTS[make.__name__] = make
    return make


def hairpin_of(name: str) -> str:
    return str(MATURE.loc[name, "hairpins"])


def featurecounts(cells: Cells) -> Cells:
    """Put the places of features beside them; a header that stands again among the rows has its words."""
    head, place = ["Geneid", "Chr", "Start", "End", "Strand", "Length"], ["chr1", "100", "121", "+", "22"]
    return [[*head, *row[1:]] if row[0] == cells[0][0] else [row[0], *place, *row[1:]] for row in cells]


def workbook(cells: Cells, before: int = 0, sheets: int = 0) -> bytes:
    book = Workbook()
    page = book.active
    for at in range(before):
        page.append([f"Table S{at}. Raw counts of small RNA sequencing"])
    for row in cells:
        page.append([int(cell) if cell.isdigit() else cell for cell in row])
    for at in range(sheets):
        book.create_sheet(f"notes {at}").append(["Counts are raw; see methods"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def honest(base: Base) -> Made:
    """Write the study as one of many programs and people would."""
    rng, table = base.rng, base.truth
    way = rng.choice(["plain", "plain", "turned", "workbook", "featurecounts", "mirge", "bcbio", "nfcore", "mirdeep2",
                      "a file each", "release", "accessions", "with zeros", "index"])  # fmt: skip
    kind = f"honest {way}"
    good = Made(kind, {}, [{"table": "t.txt"}], sheet_of(base), table, good=True)
    if way == "turned":
        return plain(kind, base, cells_of(table.T, "sample"), table, good=True)
    if way == "workbook":
        good.files = {"t.xlsx": workbook(cells_of(table), rng.randrange(3), rng.randrange(3))}
        good.tables = [{"table": "t.xlsx"}]
    elif way == "featurecounts":
        cells = featurecounts(cells_of(table.rename(columns="/data/bam/{}.bam".format)))
        good.files = {"t.txt": b"# Program:featureCounts v2.0.1; Command:...\n" + text_of(cells, "\t")}
    elif way == "mirge":
        cells = cells_of(table, "miRNA")
        good.files = {"t.txt": text_of([cells[0], *([row[0], *(f"{n}.0" for n in row[1:])] for row in cells[1:])], ",")}
    elif way == "bcbio":
        good.files = {"t.txt": text_of(cells_of(table, "mirna"), "\t")}
    elif way == "nfcore":
        cells = cells_of(table.T, "")
        good.files = {"t.txt": text_of([cells[0], *([f"{row[0]}_mature", *row[1:]] for row in cells[1:])], ",")}
        good.sheet["column"] = [f"{s}_mature" for s in base.samples]
    elif way == "mirdeep2":
        good.files = {"t.txt": mirdeep2(table)}
    elif way == "a file each":
        good.files = {f"f{at}.txt": text_of(cells_of(table[[s]]), "\t") for at, s in enumerate(base.samples)}
        good.tables = [{"table": f"f{at}.txt", "sample": s} for at, s in enumerate(base.samples)]
    elif way == "accessions":
        return plain(kind, base, cells_of(table.set_axis(MATURE.loc[base.names, "accession"])), table, good=True)
    elif way == "with zeros":
        extra = [n for n in MATURE.index[MATURE["species"] == base.species] if n not in table.index][:60]
        more = pd.concat([table, pd.DataFrame(0, index=extra, columns=table.columns)])
        return plain(kind, base, cells_of(more), table, good=True)
    elif way == "index":
        cells = cells_of(table, "Name")
        return plain(kind, base, [[str(at) if at else "", *row] for at, row in enumerate(cells)], table, good=True)
    else:
        corner = rng.choice(["", "miRNA", "Name", "mir", "Gene", "feature_id"])
        return plain(kind, base, cells_of(table, corner), table, good=True)
    return good


def mirdeep2(table: pd.DataFrame) -> bytes:
    norm = (table / table.sum() * 1e6).round(2)
    rows = [["#miRNA", "read_count", "precursor", "total", *table.columns, *(f"{s}(norm)" for s in table.columns)]]
    for name, values in zip(table.index, table.to_numpy().tolist(), strict=True):
        total = f"{sum(values)}.00"
        own = [f"{n}.00" for n in values]
        rows.append([name, total, hairpin_of(name), total, *own, *(f"{n:.2f}" for n in norm.loc[name])])
    return text_of(rows, "\t")


@fault
def mature_and_precursor(base: Base) -> Made:
    rng = base.rng
    separator = rng.choice(["_", " ", ":", "-", "|", ";", "/", ".", "__", " (", ", ", "::", "_pre-"])
    mature_first = rng.random() < 0.5
    cells = cells_of(base.truth)
    for row in cells[1:]:
        own, hairpin = row[0], hairpin_of(row[0])
        if separator == " (":
            row[0] = f"{own} ({hairpin})" if mature_first else f"{hairpin} ({own})"
        elif separator == "_pre-":
            row[0] = f"{own}_pre-{hairpin}"
        else:
            row[0] = f"{own}{separator}{hairpin}" if mature_first else f"{hairpin}{separator}{own}"
    return plain("", base, cells, base.truth, delimiter="\t")


@fault
def loci(base: Base) -> Made:
    """Matures of several hairpins have a row for each: parts, or the same reads again."""
    known = MATURE[(MATURE["species"] == base.species) & MATURE["hairpins"].str.contains(";")]
    several = [n for n in known.index if n not in base.truth.index][:12]
    parts = base.rng.random() < 0.5
    cells, right = cells_of(base.truth), [base.truth]
    for row in cells[1:]:
        row[0] = f"{row[0]}_{hairpin_of(row[0])}"
    for name in several:
        reads = base.draw.poisson(base.draw.gamma(4, base.draw.choice([50, 900]) / 4, len(base.samples)))
        hairpins = hairpin_of(name).split(";")
        shares = base.draw.dirichlet([3] * len(hairpins))
        split = base.draw.multinomial(reads, shares).T if parts else np.tile(reads, (len(hairpins), 1))
        cells += [[f"{name}_{own}", *map(str, values)] for own, values in zip(hairpins, split.tolist(), strict=True)]
        right.append(pd.DataFrame([reads], index=[name], columns=base.samples))
    return plain("", base, cells, pd.concat(right))


@fault
def hairpins_in_one_group(base: Base) -> Made:
    cells, n = cells_of(base.truth), int(base.groups.eq("ctrl").sum())
    group = base.rng.choice([slice(1, 1 + n), slice(1 + n, 1 + 2 * n)])
    chosen = set(base.names if base.rng.random() < 0.6 else base.rng.sample(base.names, len(base.names) // 2))
    target = next(name for name in base.names if "-miR-21-5p" in name or "-miR-21a-5p" in name)
    for row in list(cells[1:]):
        if row[0] in chosen | {target}:
            other = [hairpin_of(row[0]), *["0"] * (len(row) - 1)]
            other[group], row[group] = row[group], other[group]
            cells.append(other)
    return plain("", base, cells, None)


ISOMIRS = (
    ("_R-1", "_R+1", "_L-1", "_L+1", "_L-1R+1", "_1ss22CT", "_R+2_1ss10GA"), (".iso.5p:-1", ".iso.3p:+1"),
    ("|iso_3p:-1", "|iso_5p:+1", "|iso_add3p:1"), (".iso.t5:d.t3:0.ad:0.mm:0", ".iso.t5:0.t3:a.ad:0.mm:0"),
    ("#lv3pT", "#lv3pE", "#lv5pT"), ("|0|-1", "|-1|0", "|0|+2"),
)  # fmt: skip


@fault
def isomirs(base: Base) -> Made:
    style = base.rng.choice(ISOMIRS)
    cells = cells_of(base.truth)
    for row in list(cells[1:]):
        n = base.rng.randrange(len(style) + 1)
        if n:
            endings = base.rng.sample(style, n)
            values = [base.draw.multinomial(int(cell), base.draw.dirichlet([2] * (n + 1))) for cell in row[1:]]
            split = np.array(values).T.tolist()
            row[1:] = map(str, split[0])
            cells += [[row[0] + end, *map(str, own)] for end, own in zip(endings, split[1:], strict=True)]
    return plain("", base, cells, base.truth)


@fault
def other_rnas(base: Base) -> Made:
    rng = base.rng
    species = rng.choice([each for each in ("hsa", "mmu", "rno") if each != base.species])
    foreign = MATURE.index[(MATURE["species"] == species)].to_list()
    pools = [
        rng.sample(foreign, 30), [f"{base.species}_piR_{rng.randrange(10**6):06d}" for _ in range(25)],
        [f"piR-{base.species}-{n}" for n in rng.sample(range(1, 30000), 20)],
        ["tRNA-Gly-GCC-1-1", "tRF-Glu-CTC", "tRNA-Lys-TTT-3-1", "tRNA-His-GTG"],
        ["RNY1", "RNY4", "RNY5", "U6", "RNU6-1"],
        ["SNORD44", "SNORD48", "SNORA70", "SNORD61"], ["ath-miR-159a", "cel-miR-39-3p", "ath-miR-173-5p"],
        ["RN7SL1", "RN7SK", "5S_rRNA", "18S rRNA", "RNA28S5"],
        ["GAPDH", "ACTB", "Malat1", "NM_002046.7", "ENSP00000229239"],
    ]  # fmt: skip
    cells = cells_of(base.truth)
    for pool in rng.sample(pools, rng.randint(1, 4)):
        for name in pool:
            reads = base.draw.poisson(base.draw.gamma(3, base.draw.lognormal(4, 1.5) / 3, len(base.samples)))
            cells.insert(rng.randint(1, len(cells)), [name, *map(str, reads)])
    return plain("", base, cells, base.truth)


@fault
def identical_rows(base: Base) -> Made:
    cells = cells_of(base.truth)
    full = [row for row in cells[1:] if sum(map(int, row[1:])) > 500]
    one, two = base.rng.sample(full, 2)
    way = base.rng.choice(["copied", "again", "again with spaces", "again in capitals", "again, other numbers"])
    if way == "copied":
        two[1:] = one[1:]
        return plain("", base, cells, None)
    name = {"again with spaces": f" {one[0]} ", "again in capitals": one[0].upper()}.get(way, one[0])
    values = two[1:] if way == "again, other numbers" else one[1:]
    cells.insert(base.rng.randint(1, len(cells)), [name, *values])
    return plain("", base, cells, None)


TOTALS = ("Library size", "Total miRNA", "Summe", "All", "rowSums", "Total", "depth", "reads mapped", "q", "Gesamt",
          "mean", "average", "Max", "median", "baseMean", "somme", "SUMA", "X.1", "n_reads", "overall")  # fmt: skip


@fault
def summary_rows(base: Base) -> Made:
    values = base.truth.to_numpy()
    way = base.rng.choice([np.sum, np.sum, np.mean, np.max])
    row = [base.rng.choice(TOTALS), *(f"{n:.0f}" for n in way(values, axis=0))]
    cells = cells_of(base.truth)
    cells.insert(base.rng.choice([1, len(cells)]), row)
    if base.rng.random() < 0.3:
        cells = [list(row) for row in zip(*cells, strict=True)]
    return plain("", base, cells, base.truth)


@fault
def summary_columns(base: Base) -> Made:
    values = base.truth.to_numpy()
    n = values.shape[1] // 2
    way = base.rng.choice([np.sum, np.mean, np.max, np.median, np.min])
    parts = [values] if base.rng.random() < 0.5 else [values[:, :n], values[:, n:]]
    cells = cells_of(base.truth)
    word = base.rng.choice(TOTALS)
    places = base.rng.choice([1, len(cells[0])])
    digits = base.rng.choice([0, 0, 2])
    for at, part in enumerate(parts):
        column = [word if len(parts) == 1 else f"{word}_{at}", *(f"{x:.{digits}f}" for x in way(part, axis=1))]
        for row, cell in zip(cells, column, strict=True):
            row.insert(places, cell)
    return plain("", base, cells, base.truth)


@fault
def about_samples(base: Base) -> Made:
    """Samples in rows, with columns of ages, RIN, GC content or a group beside the counts."""
    cells = cells_of(base.truth.T, "sample")
    pool = {
        "age": lambda: str(base.rng.randint(20, 80)), "RIN": lambda: str(base.rng.randint(6, 9)),
        "GC content": lambda: str(base.rng.randint(40, 60)), "batch": lambda: str(base.rng.randint(1, 3)),
        "sex": lambda: base.rng.choice("mf"), "weight_g": lambda: str(base.rng.randint(180, 300)),
    }  # fmt: skip
    for word in base.rng.sample(sorted(pool), base.rng.randint(1, 3)):
        place = base.rng.choice([1, len(cells[0])])
        for at, row in enumerate(cells):
            row.insert(place, pool[word]() if at else word)
    return plain("", base, cells, base.truth)


@fault
def absent_rows(base: Base) -> Made:
    """Two tables, a group each; one of them lacks rows that have reads in truth."""
    ctrl, case = (base.truth.loc[:, base.groups.eq(g).to_numpy()] for g in ("ctrl", "case"))
    seen = [name for name in base.names if case.loc[name].min() > 0]
    lost = base.rng.sample(seen, base.rng.randint(1, max(1, len(seen) // 3)))
    corner, delimiter = base.rng.choice(["miRNA", "ID", "", "mirna", "Name"]), delimiter_of(base)
    files = {"a.txt": text_of(cells_of(ctrl, corner), delimiter)}
    files["b.txt"] = text_of(cells_of(case.drop(index=lost), corner), delimiter)
    if base.rng.random() < 0.2:
        files["b.txt"] = text_of(cells_of(case.drop(index=lost).T, corner), delimiter)
    return Made("", files, [{"table": "a.txt"}, {"table": "b.txt"}], sheet_of(base), base.truth)


@fault
def thousands(base: Base) -> Made:
    mark = base.rng.choice([",", ".", " ", "\u00a0", "\u202f", "'", "\u2019", "_"])
    some = base.rng.choice([1.0, 1.0, 0.3])
    cells = cells_of(base.truth)
    for row in cells[1:]:
        row[1:] = [f"{int(cell):,}".replace(",", mark) if base.rng.random() < some else cell for cell in row[1:]]
    if base.rng.random() < 0.25:
        cells = featurecounts(cells)
    return plain("", base, cells, base.truth, delimiter="\t" if mark == "," else None)


@fault
def normalised(base: Base) -> Made:
    table = base.truth.astype(float)
    way = base.rng.choice(["cpm", "to the mean", "cp10k", "size factors", "quantile", "log2", "cpm, then filtered"])
    if way in ("cpm", "to the mean", "cp10k", "cpm, then filtered"):
        total = {"to the mean": table.sum().mean(), "cp10k": 1e4}.get(way, 1e6)
        table = table / table.sum() * total
        if way == "cpm, then filtered":
            table = table[table.mean(axis=1) >= base.rng.choice([1, 10])]
    elif way == "size factors":
        logs = np.log(table[(table > 0).all(axis=1)])
        table = table / np.exp(logs.sub(logs.mean(axis=1), axis=0).median())
    elif way == "quantile":
        ranks = table.rank(method="first").astype(int) - 1
        means = np.sort(table.to_numpy(), axis=0).mean(axis=1)
        table = ranks.apply(lambda column: means[column])
    else:
        table = np.log2(table / table.sum() * 1e6 + 1)
    made = plain("", base, cells_of(table.round().astype(int)), None)
    made.changed["title"] = way
    return made
