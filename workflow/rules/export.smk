rule export_results:
    input:
        counts=R.RAW_COUNTS.template,
        features=R.FEATURE_TABLE.template,
        ledger=R.LEDGER_TABLE.template,
        spike_ins=R.SPIKE_INS.template,
        samples=W.sheet,
        quality=R.LIBRARIES.template,
        normalised=R.NORMALISED.template,
        check=R.CHECK.template,
        differential=W.every(R.FIT),
        robustness=W.every(R.STRESS),
        release=W.every(R.RELEASE_TABLE),
        target=R.TARGET_CALLS.template,
        co_cargo=R.CO_CARGO_TABLE.template,
    output:
        **W.reported(anndata=R.ANNDATA, workbook=R.WORKBOOK),
    log:
        "logs/{study}/export.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=60, minutes=3, minutes_per_mb=0.1),
    params:
        **W.step(steps.ExportResults),
    message:
        "Writing the results of {wildcards.study} for other tools"
    shell:
        STEP


rule export_for_multiqc:
    input:
        counts=R.RAW_COUNTS.template,
        balance=R.BALANCE_TABLE.template,
        quality=R.LIBRARIES.template,
        check=R.CHECK.template,
        target=R.TARGET_CALLS.template,
        pca=f"{R.FIGURES}/pca.tsv",
    output:
        sections=W.sections(R.MULTIQC, SECTIONS),
    log:
        "logs/{study}/multiqc.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=30, minutes=2, minutes_per_mb=0.05),
    params:
        **W.step(steps.ExportForMultiqc),
    message:
        "Writing what MultiQC shows of {wildcards.study}"
    shell:
        STEP


rule describe_crate:
    input:
        provenance=R.PROVENANCE.template,
        report=R.REPORT.template,
        anndata=R.ANNDATA.template,
        multiqc=W.sections(R.MULTIQC, SECTIONS),
        expectations=R.EXPECTATION_TABLE.template,
        figures=W.figures,
        release_robustness=W.every(R.RELEASE_STRESS),
    output:
        **W.reported(crate=R.CRATE),
    log:
        "logs/{study}/crate.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, minutes=2),
    params:
        **W.step(steps.DescribeCrate),
    message:
        "Describing the results of {wildcards.study} as an RO-Crate"
    shell:
        STEP
