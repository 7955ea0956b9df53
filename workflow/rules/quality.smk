rule assess_quality:
    input:
        counts="results/{study}/counts/counts.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
    output:
        samples=report(
            "results/{study}/quality/samples.tsv",
            caption="../report/quality.rst",
            category="Quality",
            labels={"study": "{study}", "table": "samples"},
        ),
        normalised="results/{study}/quality/normalised.tsv",
    log:
        "logs/{study}/quality.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        fraction=lambda wildcards: study_of(wildcards).fraction,
    message:
        "Describing the libraries of {wildcards.study}"
    shell:
        "mircargo --log {log:q} quality --counts {input.counts:q} --samples {input.samples:q}"
        " --fraction {params.fraction:q} --out-samples {output.samples:q} --out-normalised {output.normalised:q}"
