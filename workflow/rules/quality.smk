rule assess_quality:
    input:
        counts="results/{study}/counts/counts.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        spike_ins="results/{study}/counts/spike_ins.tsv",
    output:
        samples=report(
            "results/{study}/quality/samples.tsv",
            caption="../report/quality.rst",
            category="Quality",
            labels={"study": "{study}", "of": "all samples", "shows": "Libraries"},
        ),
        normalised=report(
            "results/{study}/quality/normalised.tsv",
            caption="../report/normalised.rst",
            category="Quality",
            labels={
                "study": "{study}",
                "of": "all samples",
                "shows": "Normalised counts",
            },
        ),
    log:
        "logs/{study}/quality.log",
    priority: 3
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400, per_mb=50),
        runtime=scaled(2, per_mb=0.1),
    params:
        caption=lambda wildcards, output: captions.of_quality(output.samples),
        fraction=lambda wildcards: study_of(wildcards).fraction,
        size_factors=lambda wildcards: as_json(study_of(wildcards).size_factors),
    message:
        "Describing the libraries of {wildcards.study}"
    shell:
        "mircargo --log {log:q} quality --counts {input.counts:q} --samples {input.samples:q}"
        " --fraction {params.fraction:q} --size-factors {params.size_factors:q} --spike-ins {input.spike_ins:q}"
        " --out-samples {output.samples:q} --out-normalised {output.normalised:q}"
