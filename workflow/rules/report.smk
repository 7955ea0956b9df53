rule write_provenance:
    input:
        **W.given(tables=W.tables, samples=W.sheet, mirbase=W.mirbase, panel=W.panel, target=R.TARGET_CALLS),
        **W.every(results=R.FIT, releases=R.RELEASE_TABLE),
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
        **W.given(
            figures=W.figures,
            normalised=R.NORMALISED,
            features=R.FEATURE_TABLE,
            target=R.TARGET_CALLS,
            summary=R.CONTRAST_SUMMARY,
            co_cargo=R.CO_CARGO_TABLE,
            expectations=R.EXPECTATION_TABLE,
            quality=R.LIBRARIES,
            ledger=R.LEDGER_TABLE,
            balance=R.BALANCE_TABLE,
            notes=R.NOTES,
            check=R.CHECK,
            provenance=R.PROVENANCE,
            recipient=W.recipient,
            next_experiment=W.next_experiment,
        ),
        **W.every(
            differential=R.FIT,
            release=R.RELEASE_TABLE,
            robustness=R.STRESS_FACTS,
            variants=R.STRESS_VARIANTS,
            release_summaries=R.RELEASE_STRESS,
            release_variants=R.RELEASE_STRESS_VARIANTS,
            release_robustness=R.RELEASE_STRESS_FACTS,
            by_chance=R.BY_CHANCE,
            qpcr=R.QPCR,
            qpcr_references=R.QPCR_REFERENCES,
        ),
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


rule write_meta_report:
    input:
        **W.given(target=R.META_TARGET, features=R.META_FEATURES, studies=R.META_STUDIES, facts=R.META_FACTS),
        figures=W.meta_figures,
    output:
        **W.reported(report=R.META_REPORT),
    log:
        "logs/meta/report_{meta}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, minutes=2),
    params:
        **W.step(steps.WriteMetaReport),
    message:
        "Writing the report of {wildcards.meta}"
    shell:
        STEP


rule write_index:
    input:
        **W.every(
            reports=R.REPORT,
            target=R.TARGET_CALLS,
            summary=R.CONTRAST_SUMMARY,
            facts=R.FIT_FACTS,
            libraries=R.LIBRARIES,
            check=R.CHECK,
            provenance=R.PROVENANCE,
            meta_target=R.META_TARGET,
            meta_facts=R.META_FACTS,
            meta_reports=R.META_REPORT,
        ),
    output:
        **W.reported(index=R.INDEX),
    log:
        "logs/index.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, minutes=2),
    params:
        **W.step(steps.WriteIndex),
    message:
        "Writing the index of the studies"
    shell:
        STEP
