rule fit_contrast:
    input:
        counts="results/{study}/counts/counts.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
    output:
        results=report(
            "results/{study}/differential/{contrast}.tsv",
            caption="../report/differential.rst",
            category="Differential expression",
            labels={"study": "{study}", "contrast": "{contrast}", "kind": "table"},
        ),
        facts="results/{study}/differential/{contrast}.json",
    log:
        "logs/{study}/fit/{contrast}.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_FIT),
        numeric=lambda wildcards: options("numeric", study_of(wildcards).numeric),
        fraction=lambda wildcards: study_of(wildcards).fraction,
        study=lambda wildcards, input: as_json(study_of(wildcards)),
    message:
        "Fitting {wildcards.contrast} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} fit --name {wildcards.contrast:q} --counts {input.counts:q}"
        " --samples {input.samples:q} --contrast {params.contrast:q} --thresholds {params.thresholds:q}"
        " {params.numeric:q} --fraction {params.fraction:q} --study {params.study:q}"
        " --out {output.results:q} --out-facts {output.facts:q}"
