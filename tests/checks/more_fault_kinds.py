"""More faults that tables have: columns beside the counts, cells, libraries counted twice, levels."""

import unicodedata

import pandas as pd
from fault_kinds import MATURE, fault, featurecounts, mirdeep2
from table_faults import Base, Made, cells_of, plain, sheet_of, text_of

BESIDE = ("{s}_RPM", "{s}_CPM", "{s} (norm)", "RPM_{s}", "{s}.rpm", "norm_{s}", "{s}_TPM")


@fault
def normalised_beside(base: Base) -> Made:
    count = base.rng.choice(["{s}", "{s}_count", "{s}_raw", "count_{s}", "{s}.reads"])
    beside, cells = base.rng.choice(BESIDE), cells_of(base.truth)
    rpm = base.truth / base.truth.sum() * 1e6
    integers, paired = base.rng.random() < 0.3, base.rng.random() < 0.5
    for at, row in enumerate(cells):
        own = [count.format(s=s) for s in row[1:]] if not at else row[1:]
        values = rpm.iloc[at - 1] if at else None
        more = (
            [beside.format(s=s) for s in base.samples]
            if values is None
            else [f"{v:.{0 if integers else 2}f}" for v in values]
        )
        row[1:] = [cell for pair in zip(own, more, strict=True) for cell in pair] if paired else [*own, *more]
    sheet = sheet_of(base)
    sheet["column"] = [count.format(s=s) for s in base.samples]
    if base.rng.random() < 0.5:  # as people fill in a sheet before they look at the table
        sheet = sheet_of(base)
    return plain("", base, cells, base.truth, sheet=sheet)


@fault
def results_beside(base: Base) -> Made:
    """Results of DESeq2 or edgeR stand beside the counts."""
    words = base.rng.choice([["baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue", "padj"],
                             ["logFC", "logCPM", "PValue", "FDR"], ["mean_ctrl", "mean_case", "fold change", "p"],
                             ["avg ctrl", "sd ctrl", "avg case", "sd case"], ["log2FC", "p-value"],
                             ["Mean WT", "Mean KO", "ratio", "p.adj"]])  # fmt: skip
    cells = cells_of(base.truth)
    ctrl, case = (base.truth.loc[:, base.groups.eq(g).to_numpy()] for g in ("ctrl", "case"))
    place = base.rng.choice([1, len(cells[0])])
    for at, row in enumerate(cells):
        values = [f"{base.rng.uniform(-3, 3):.4f}" if at else word for word in words]
        if at and len(words) == 4 and words[1] != "logCPM":
            one, two = ctrl.iloc[at - 1], case.iloc[at - 1]
            values = [f"{one.mean():.2f}", f"{two.mean():.2f}", values[2], "0.0431"]
            if words[1] == "sd ctrl":
                values = [f"{x:.2f}" for x in (one.mean(), one.std(), two.mean(), two.std())]
        row[place:place] = values
    return plain("", base, cells, base.truth)


@fault
def missing_cells(base: Base) -> Made:
    word = base.rng.choice(["", "NA", "NaN", "-", ".", "n/a", "ND", "null", "#N/A", "nd", "--"])
    cells, zeros = cells_of(base.truth), base.rng.random() < 0.5
    spots = [(i, at) for i in range(1, len(cells)) for at in range(1, len(cells[0])) if zeros == (cells[i][at] == "0")]
    for i, at in base.rng.sample(spots, min(len(spots), base.rng.choice([1, 5, 80]))):
        cells[i][at] = word
    return plain("", base, cells, None if not zeros else base.truth)


@fault
def names_elsewhere(base: Base) -> Made:
    way = base.rng.choice(["bed", "ensembl", "index", "last", "sequence", "hairpin"])
    cells = cells_of(base.truth, "Name")
    for at, row in enumerate(cells):
        own = MATURE.loc[row[0]] if at else None
        if way == "bed":
            start = base.rng.randrange(10**6)
            place = [f"chr{base.rng.randint(1, 19)}", str(start), str(start + 22)]
            row[:1] = [*(place if at else ["chrom", "start", "end"]), row[0], base.rng.choice("+-") if at else "strand"]
        elif way == "ensembl":
            row[:0] = [f"ENSG{base.rng.randrange(10**11):011d}" if at else "gene_id"]
        elif way == "index":
            row[:0] = [str(at) if at else base.rng.choice(["", "X", "Unnamed: 0", "index", "no."])]
        elif way == "last":
            row[:] = [f"g{at}" if at else "key", *row[1:], row[0]]
        elif way == "sequence":
            row[:0] = [str(own["sequence"]).replace("U", "T") if own is not None else "sequence"]
        else:
            row[:0] = [str(own["hairpins"]) if own is not None else "precursor"]
    return plain("", base, cells, base.truth)


@fault
def long_tables(base: Base) -> Made:
    head = base.rng.choice([["sample", "miRNA", "count"], ["mirna", "library", "reads"], ["name", "Sample_ID", "n"]])
    rows = []
    at_sample = next(at for at, word in enumerate(head) if "ample" in word or word == "library")
    without_zeros = base.rng.random() < 0.4
    for name, own in base.truth.iterrows():
        for sample, n in own.items():
            if n or not without_zeros:
                rows.append([str(sample), str(name), str(n)] if at_sample == 0 else [str(name), str(sample), str(n)])
    if base.rng.random() < 0.5:
        base.rng.shuffle(rows)
    if base.rng.random() < 0.3:
        head, rows = [*head, "group"], [[*row, base.groups[row[at_sample]]] for row in rows]
    lost = base.rng.random() < 0.2
    if lost:
        rows.append(list(base.rng.choice(rows)))
    return plain("", base, [head, *rows], None if lost else base.truth)


@fault
def mirdeep2_fractions(base: Base) -> Made:
    several = [n for n in MATURE.index[(MATURE["species"] == base.species) & MATURE["hairpins"].str.contains(";")]
               if n not in base.truth.index][:12]  # fmt: skip
    reads = base.draw.poisson(base.draw.lognormal(6, 1, (len(several), 1)), (len(several), len(base.samples)))
    right = pd.concat([base.truth, pd.DataFrame(reads, index=several, columns=base.samples)])
    lines = [line.split("\t") for line in mirdeep2(right).decode().splitlines()]
    rows = [[*row[:2], hairpin, *row[3:]] for row in lines[1:] for hairpin in row[2].split(";")]
    last = 4 + len(base.samples)
    spots = [(i, at) for i in range(len(rows)) for at in range(4, last) if rows[i][at] not in ("0.00",)]
    for i, at in base.rng.sample(spots, base.rng.choice([0, 1, 1, 2])):
        rows[i][at] = f"{float(rows[i][at]) + base.rng.choice([0.5, 0.25, 0.33]):.2f}"
    return plain("", base, [lines[0], *rows], right, delimiter="\t")


SIGNS = "\u200b\u200e\u200f\ufeff\u00ad\u0080\u009f\u2060\u2013\u2011\u2212"


@fault
def unseen_signs(base: Base) -> Made:
    cells = cells_of(base.truth)
    for _ in range(base.rng.choice([1, 1, 3, 40])):
        row, column = base.rng.randrange(1, len(cells)), base.rng.randrange(1, len(cells[0]))
        i, at = base.rng.choice([(row, 0), (0, column), (row, column)])
        sign, old = base.rng.choice(SIGNS), cells[i][at]
        if sign in "\u2013\u2011\u2212":
            cells[i][at] = old.replace("-", sign)
        else:
            place = base.rng.randrange(len(old) + 1)
            cells[i][at] = old[:place] + sign + old[place:]
    return plain("", base, cells, base.truth)


@fault
def pasted_bodies(base: Base) -> Made:
    cells = cells_of(base.truth, base.rng.choice(["ID", "miRNA", "Geneid"]))
    again = [list(row) for row in cells[1:]]
    way = base.rng.choice(["below", "below with a header", "half", "beside", "shuffled"])
    if way == "half":
        again = again[: len(again) // 2]
    if way == "shuffled":
        base.rng.shuffle(again)
    if way == "beside":
        cells = [row + row[1:] for row in cells]
    else:
        cells += [list(cells[0])] * (way == "below with a header") + again
    if cells[0][0] == "Geneid" and way != "beside":
        cells = featurecounts(cells)
    return plain("", base, cells, None, delimiter="\t")


LANES = ("{s}_L00{i}", "{s}_lane{i}", "{s}_tech{i}", "{s}.run{i}", "{s}_techrep{i}", "{s}-{i}", "{s}_{i}")


@fault
def libraries_twice(base: Base) -> Made:
    """The lanes of each library as animals, or in a sheet that gives them the same sample."""
    n, style = base.rng.choice([2, 2, 3, 4]), base.rng.choice(LANES)
    values = base.draw.multinomial(base.truth.to_numpy(), base.draw.dirichlet([20] * n))
    names = [style.format(s=s, i=i + 1) for s in base.samples for i in range(n)]
    table = pd.DataFrame(values.reshape(len(base.names), -1), index=base.names, columns=names)
    groups = [g for g in base.groups for _ in range(n)]
    sheet = sheet_of(base, names, groups)
    if base.rng.random() < 0.4:
        sheet["column"] = names
        sheet["sample"] = [s for s in base.samples for _ in range(n)]
        return plain("", base, cells_of(table), base.truth, sheet=sheet)
    return plain("", base, cells_of(table), None, sheet=sheet)


UNITS = (
    ("{s}-UMIs", "{s}-READs"),
    ("{s}_UMI", "{s}_reads"),
    ("UMI.{s}", "READ.{s}"),
    ("{s} dedup", "{s} all reads"),
    ("{s}_deduplicated", "{s}_raw_reads"),
    ("{s}.x", "{s}.y"),
)


@fault
def umis_and_reads(base: Base) -> Made:
    one, two = base.rng.choice(UNITS)
    # Each molecule was read once, and by so many duplicates as its sequence and chance make; where no name tells,
    # by chance alone: nothing but the noise of counting shows it then.
    duplicates = 2.0 if one == "{s}.x" else base.draw.gamma(100, 0.02, (len(base.names), 1))
    reads = base.truth + base.draw.poisson(base.truth * duplicates)
    table = pd.concat([base.truth.add_prefix("").rename(columns=lambda s: one.format(s=s)),
                       reads.rename(columns=lambda s: two.format(s=s))], axis=1)  # fmt: skip
    if base.rng.random() < 0.5:
        return plain("", base, cells_of(table), base.truth)
    return plain("", base, cells_of(table), None, sheet=sheet_of(base, list(table), [*base.groups] * 2))


@fault
def identical_columns(base: Base) -> Made:
    table = base.truth.copy()
    one, two = base.rng.sample(base.samples, 2)
    table[two] = table[one]
    return plain("", base, cells_of(table), None)


@fault
def same_names_in_two_tables(base: Base) -> Made:
    other = pd.DataFrame(base.draw.poisson(base.truth.to_numpy() * base.draw.gamma(8, 1 / 8, base.truth.shape)),
                         index=base.names, columns=base.samples)  # fmt: skip
    files = {"drg.tsv": text_of(cells_of(base.truth), "\t"), "ev.tsv": text_of(cells_of(other), "\t")}
    tables = [{"table": "drg.tsv"}, {"table": "ev.tsv"}]
    names = [f"{f}_{s}" for f in ("drg", "ev") for s in base.samples]
    right = pd.concat([base.truth, other], axis=1).set_axis(names, axis=1)
    sheet = sheet_of(base, names, [*base.groups] * 2)
    sheet["fraction"] = ["drg"] * len(base.samples) + ["exosome"] * len(base.samples)
    way = base.rng.choice(["table", "prefix", "naive"])
    contrast = {"variable": "group", "level": "case", "reference": "ctrl", "subset": {"fraction": ["drg"]}}
    changed = {"contrasts": {"c": contrast}}
    if way == "naive":
        return Made("", files, tables, sheet_of(base), None)
    sheet["column"] = base.samples * 2
    if way == "table":
        sheet["table"] = ["drg.tsv"] * len(base.samples) + ["ev.tsv"] * len(base.samples)
    else:
        sheet["column"] = names
        tables = [{"table": "drg.tsv", "prefix": "drg_"}, {"table": "ev.tsv", "prefix": "ev_"}]
    return Made("", files, tables, sheet, right, changed=changed)


# A level, the same level otherwise written, and the other level.
LEVELS = (
    ("1", "1.0", "0"), ("7", "07", "3"), ("1000", "1e3", "10"), ("caf\u00e9", "cafe\u0301", "x"),
    ("day7", "day 7", "day0"), ("CFA", "cfa", "sal"), ("K2", "K\uff12", "w"), ("10", "10,0", "5"),
    ("1000", "1,000", "5"), ("d14", "D14", "d0"), ("injured", "injurd", "control"),
)  # fmt: skip


@fault
def levels(base: Base) -> Made:
    """One sample leaves its group, for its level is written otherwise."""
    one, two, other = base.rng.choice(LEVELS)
    sheet = sheet_of(base)
    sheet["group"] = [one if g == "case" else other for g in base.groups]
    at = base.rng.choice([i for i, g in enumerate(base.groups) if g == "case"])
    sheet.loc[at, "group"] = two
    made = plain("", base, cells_of(base.truth), base.truth, sheet=sheet)
    made.in_level = (unicodedata.normalize("NFC", one), int(base.groups.eq("case").sum()))
    made.changed["contrasts"] = {"c": {"variable": "group", "level": one, "reference": other}}
    made.changed["title"] = f"{one} {two}"
    return made
