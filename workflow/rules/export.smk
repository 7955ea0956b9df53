rule export_results:
    input:
        **W.given(
            counts=R.RAW_COUNTS,
            features=R.FEATURE_TABLE,
            ledger=R.LEDGER_TABLE,
            spike_ins=R.SPIKE_INS,
            samples=W.sheet,
            quality=R.LIBRARIES,
            normalised=R.NORMALISED,
            check=R.CHECK,
            target=R.TARGET_CALLS,
            summary=R.CONTRAST_SUMMARY,
            co_cargo=R.CO_CARGO_TABLE,
            recipient=W.recipient,
            next_experiment=W.next_experiment,
        ),
        **W.every(differential=R.FIT, robustness=R.STRESS, release=R.RELEASE_TABLE),
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
        **W.given(
            counts=R.RAW_COUNTS,
            balance=R.BALANCE_TABLE,
            quality=R.LIBRARIES,
            check=R.CHECK,
            target=R.TARGET_CALLS,
            summary=R.CONTRAST_SUMMARY,
            pca=f"{R.FIGURES}/pca.tsv",
        ),
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
        **W.given(
            provenance=R.PROVENANCE,
            report=R.REPORT,
            anndata=R.ANNDATA,
            multiqc=W.sections(R.MULTIQC, SECTIONS),
            expectations=R.EXPECTATION_TABLE,
            figures=W.figures,
        ),
        **W.every(release_robustness=R.RELEASE_STRESS),
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
