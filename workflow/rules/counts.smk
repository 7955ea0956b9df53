rule fetch_table:
    output:
        table="{path}",
    log:
        "logs/fetch/{path}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, minutes=30),
    params:
        **W.step(steps.FetchTable),
    message:
        "Fetching {wildcards.path}"
    shell:
        STEP


rule import_counts:
    input:
        **W.given(tables=W.tables, samples=W.sheet, mirbase=W.mirbase),
    output:
        **W.reported(counts=R.RAW_COUNTS, features=R.FEATURE_TABLE, ledger=R.LEDGER_TABLE),
        **W.reported(balance=R.BALANCE_TABLE, isomirs=R.ISOMIR_TABLE, spike_ins=R.SPIKE_INS, notes=R.NOTES),
    log:
        "logs/{study}/import.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=40, minutes=2, minutes_per_mb=0.05),
    params:
        **W.step(steps.ImportCounts),
    message:
        "Checking {wildcards.study} and reading its count tables"
    shell:
        STEP


rule note_warnings:
    input:
        **W.given(tables=W.tables, samples=W.sheet, mirbase=W.mirbase),
        **W.every(fits=R.FIT),
    output:
        **W.reported(check=R.CHECK),
    log:
        "logs/{study}/check.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=40, minutes=2, minutes_per_mb=0.05),
    params:
        **W.step(steps.NoteWarnings),
    message:
        "Noting what to be wary of in {wildcards.study}"
    shell:
        STEP
