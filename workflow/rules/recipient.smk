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


rule fit_recipient:
    input:
        **W.given(counts=R.RECIPIENT_COUNTS, changes=R.RECIPIENT_CHANGES, samples=W.recipient_sheet),
    output:
        **W.reported(results=R.RECIPIENT_FIT, facts=R.RECIPIENT_FIT_FACTS),
    log:
        "logs/{study}/recipient/fit.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(1500, minutes=5),
    params:
        **W.step(steps.FitRecipient),
    message:
        "Fitting the recipient of {wildcards.study}"
    shell:
        STEP


rule stress_recipient:
    input:
        **W.given(counts=R.RECIPIENT_COUNTS, samples=W.recipient_sheet),
        **W.given(fit=R.RECIPIENT_FIT, facts=R.RECIPIENT_FIT_FACTS, sites=R.RECIPIENT_SITES, genes=R.RECIPIENT_GENES),
    output:
        **W.reported(robustness=R.RECIPIENT_STRESS, facts=R.RECIPIENT_STRESS_FACTS, shifts=R.SHIFTS),
    log:
        "logs/{study}/recipient/stress.log",
    conda:
        ENVIRONMENT
    threads: W.threads_of_recipient
    resources:
        **W.sized(2000, minutes=20),
    params:
        **W.step(steps.StressRecipient),
    message:
        "Putting the recipient of {wildcards.study} to the test"
    shell:
        STEP


rule compare_targets:
    input:
        **W.given(counts=R.RECIPIENT_COUNTS, samples=W.recipient_sheet),
        **W.given(fit=R.RECIPIENT_FIT, facts=R.RECIPIENT_FIT_FACTS, sites=R.RECIPIENT_SITES, genes=R.RECIPIENT_GENES),
        **W.given(stressed=R.RECIPIENT_STRESS, shifts=R.SHIFTS),
        **W.given(features=R.FEATURE_TABLE, cargo=W.cargo(R.FIT), robustness=W.cargo(R.STRESS)),
        **W.given(co_cargo=W.cargo(R.CO_CARGO_OF_CONTRAST)),
    output:
        **W.reported(families=R.FAMILIES, dose=R.DOSE, compared=R.COMPARED, balance=R.BALANCE),
        **W.reported(activity=R.ACTIVITY, agreement=R.AGREEMENT, shown=R.SHOWN_TARGETS, answer=R.RECIPIENT_ANSWER),
    log:
        "logs/{study}/recipient/targets.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(1500, minutes=10),
    params:
        **W.step(steps.CompareTargets),
    message:
        "Comparing the targets of miRNAs in the recipient of {wildcards.study} with other genes"
    shell:
        STEP


rule plot_recipient:
    input:
        **W.given(families=R.FAMILIES, dose=R.DOSE, compared=R.COMPARED),
        **W.given(agreement=R.AGREEMENT, answer=R.RECIPIENT_ANSWER),
    output:
        **W.drawn(catalogue.OF_RECIPIENT),
    log:
        "logs/{study}/plot_recipient.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, minutes=3),
    params:
        **W.step(steps.PlotRecipient),
    message:
        "Drawing the recipient of {wildcards.study}"
    shell:
        STEP
