rule write_provenance:
    input:
        tables=tables_of,
        samples=lambda wildcards: study_of(wildcards).samples,
        panel=[CONFIG.panel] if Path(CONFIG.panel).is_file() else [],
        results=lambda wildcards: [
            *fits_of(wildcards.study),
            *releases_of(wildcards.study),
        ],
        target="results/{study}/cargo/target.tsv",
    output:
        report(
            "results/{study}/provenance.json",
            caption="../report/provenance.rst",
            category="Report",
            labels={
                "study": "{study}",
                "of": "the study",
                "shows": "What the results rest on",
            },
        ),
    log:
        "logs/{study}/provenance.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400),
        runtime=scaled(2),
    params:
        config=settings_of,
        # As the configuration names them: a job elsewhere reads copies under other names.
        files=lambda wildcards, input: [
            *tables_of(wildcards),
            study_of(wildcards).samples,
            *([CONFIG.panel] if input.panel else []),
        ],
    message:
        "Noting what the results of {wildcards.study} rest on"
    shell:
        "mircargo --log {log:q} provenance {params.config:q} --out {output:q} {params.files:q}"


rule write_report:
    input:
        figures=lambda wildcards: figures_of(wildcards.study),
        differential=lambda wildcards: fits_of(wildcards.study),
        release=lambda wildcards: releases_of(wildcards.study),
        robustness=lambda wildcards: [
            path.replace(".tsv", ".json") for path in stress_tests_of(wildcards.study)
        ],
        variants=lambda wildcards: [
            path.replace(".tsv", ".variants.tsv")
            for path in stress_tests_of(wildcards.study)
        ],
        normalised="results/{study}/quality/normalised.tsv",
        features="results/{study}/counts/features.tsv",
        release_robustness=lambda wildcards: expand(
            "results/{study}/robustness/release/{comparison}.{ending}",
            study=wildcards.study,
            comparison=study_of(wildcards).comparisons,
            ending=["variants.tsv", "json"],
        ),
        target="results/{study}/cargo/target.tsv",
        co_cargo="results/{study}/cargo/co_cargo.tsv",
        by_chance=lambda wildcards: expand(
            "results/{study}/cargo/co_cargo/{contrast}.json",
            study=wildcards.study,
            contrast=study_of(wildcards).exosome_contrasts(),
        ),
        expectations="results/{study}/cargo/expectations.tsv",
        quality="results/{study}/quality/samples.tsv",
        ledger="results/{study}/counts/ledger.tsv",
        balance="results/{study}/counts/balance.tsv",
        notes="results/{study}/counts/notes.json",
        check="results/{study}/check.json",
        provenance="results/{study}/provenance.json",
    output:
        report(
            "results/{study}/report.html",
            caption="../report/study.rst",
            category="Report",
            labels={"study": "{study}", "of": "the study", "shows": "Report"},
        ),
    log:
        "logs/{study}/report.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=30),
        runtime=scaled(3, per_mb=0.1),
    params:
        caption=lambda wildcards, input: captions.of_target(input.target),
        folder=lambda wildcards, output: str(Path(output[0]).parent),
    message:
        "Writing the report of {wildcards.study}"
    shell:
        "mircargo --log {log:q} report --study {wildcards.study:q} --out {output:q} {params.folder:q}"
