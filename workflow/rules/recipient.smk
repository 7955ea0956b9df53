rule import_recipient:
    input:
        **W.given(tables=W.recipient_tables, files=W.recipient_files, mirbase=W.mirbase),
    output:
        **W.reported(counts=R.RECIPIENT_COUNTS, changes=R.RECIPIENT_CHANGES, sites=R.RECIPIENT_SITES),
        **W.reported(genes=R.RECIPIENT_GENES, ledger=R.RECIPIENT_LEDGER),
    log:
        "logs/{study}/recipient/import.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(1500, minutes=5),
    params:
        **W.step(steps.ImportRecipient),
    message:
        "Reading the recipient cells of {wildcards.study} and the targets of miRNAs"
    shell:
        STEP
