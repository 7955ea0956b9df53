rule write_provenance:
    input:
        tables=W.tables,
        samples=W.sheet,
        panel=W.panel,
        results=W.every(R.FIT),
        releases=W.every(R.RELEASE_TABLE),
        target=R.TARGET_CALLS.template,
    output:
        **W.reported(provenance=R.PROVENANCE),
    log:
        "logs/{study}/provenance.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, minutes=2),
    params:
        **W.step(steps.WriteProvenance),
    message:
        "Noting what the results of {wildcards.study} rest on"
    shell:
        STEP


rule write_report:
    input:
        figures=W.figures,
        differential=W.every(R.FIT),
        release=W.every(R.RELEASE_TABLE),
        robustness=W.every(R.STRESS_FACTS),
        variants=W.every(R.STRESS_VARIANTS),
        normalised=R.NORMALISED.template,
        features=R.FEATURE_TABLE.template,
        release_variants=W.every(R.RELEASE_STRESS_VARIANTS),
        release_robustness=W.every(R.RELEASE_STRESS_FACTS),
        target=R.TARGET_CALLS.template,
        co_cargo=R.CO_CARGO_TABLE.template,
        by_chance=W.every(R.BY_CHANCE),
        expectations=R.EXPECTATION_TABLE.template,
        quality=R.LIBRARIES.template,
        ledger=R.LEDGER_TABLE.template,
        balance=R.BALANCE_TABLE.template,
        notes=R.NOTES.template,
        check=R.CHECK.template,
        provenance=R.PROVENANCE.template,
    output:
        **W.reported(report=R.REPORT),
    log:
        "logs/{study}/report.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=30, minutes=3, minutes_per_mb=0.1),
    params:
        **W.step(steps.WriteReport),
    message:
        "Writing the report of {wildcards.study}"
    shell:
        STEP
