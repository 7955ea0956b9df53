rule export_results:
    input:
        counts="results/{study}/counts/counts.tsv",
        features="results/{study}/counts/features.tsv",
        ledger="results/{study}/counts/ledger.tsv",
        spike_ins="results/{study}/counts/spike_ins.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        quality="results/{study}/quality/samples.tsv",
        normalised="results/{study}/quality/normalised.tsv",
        check="results/{study}/check.json",
        differential=lambda wildcards: fits_of(wildcards.study),
        robustness=lambda wildcards: stress_tests_of(wildcards.study),
        release=lambda wildcards: releases_of(wildcards.study),
        target="results/{study}/cargo/target.tsv",
        co_cargo="results/{study}/cargo/co_cargo.tsv",
    output:
        anndata=report(
            "results/{study}/study.h5ad",
            caption="../report/anndata.rst",
            category="Report",
            labels={"study": "{study}", "of": "the study", "shows": "AnnData"},
        ),
        workbook=report(
            "results/{study}/results.xlsx",
            caption="../report/workbook.rst",
            category="Report",
            labels={"study": "{study}", "of": "the study", "shows": "Workbook"},
        ),
    log:
        "logs/{study}/export.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400, per_mb=60),
        runtime=scaled(3, per_mb=0.1),
    params:
        caption=lambda wildcards, input: captions.of_target(input.target),
        config=settings_of,
        folder=lambda wildcards, output: str(Path(output.anndata).parent),
    message:
        "Writing the results of {wildcards.study} for other tools"
    shell:
        "mircargo --log {log:q} export --study {wildcards.study:q} --config {params.config:q}"
        " --samples {input.samples:q} --out-anndata {output.anndata:q} --out-workbook {output.workbook:q}"
        " {params.folder:q}"


rule export_for_multiqc:
    input:
        counts="results/{study}/counts/counts.tsv",
        balance="results/{study}/counts/balance.tsv",
        quality="results/{study}/quality/samples.tsv",
        check="results/{study}/check.json",
        target="results/{study}/cargo/target.tsv",
        pca="results/{study}/figures/pca.tsv",
    output:
        expand(
            "results/{{study}}/multiqc/{{study}}_{section}_mqc.json", section=SECTIONS
        ),
    log:
        "logs/{study}/multiqc.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400, per_mb=30),
        runtime=scaled(2, per_mb=0.05),
    params:
        simulated=simulated_flag,
        folder=lambda wildcards, output: str(Path(output[0]).parent),
        results=lambda wildcards, input: str(Path(input.check).parent),
    message:
        "Writing what MultiQC shows of {wildcards.study}"
    shell:
        "mircargo --log {log:q} multiqc --study {wildcards.study:q} {params.simulated}"
        " --out-folder {params.folder:q} {params.results:q}"


rule describe_crate:
    input:
        provenance="results/{study}/provenance.json",
        report="results/{study}/report.html",
        anndata="results/{study}/study.h5ad",
        multiqc="results/{study}/multiqc/{study}_general_mqc.json",
        expectations="results/{study}/cargo/expectations.tsv",
        figures=lambda wildcards: figures_of(wildcards.study),
        release_robustness=lambda wildcards: expand(
            "results/{study}/robustness/release/{comparison}.tsv",
            study=wildcards.study,
            comparison=study_of(wildcards).comparisons,
        ),
    output:
        report(
            "results/{study}/ro-crate-metadata.json",
            caption="../report/crate.rst",
            category="Report",
            labels={"study": "{study}", "of": "the study", "shows": "RO-Crate"},
        ),
    log:
        "logs/{study}/crate.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400),
        runtime=scaled(2),
    params:
        folder=lambda wildcards, output: str(Path(output[0]).parent),
    message:
        "Describing the results of {wildcards.study} as an RO-Crate"
    shell:
        "mircargo --log {log:q} crate --study {wildcards.study:q} --out {output:q} {params.folder:q}"
