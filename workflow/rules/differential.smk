rule fit_contrast:
    input:
        counts="results/{study}/counts/counts.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        spike_ins=spike_ins_beside,
    output:
        results=report(
            "results/{study}/differential/{contrast}.tsv",
            caption="../report/differential.rst",
            category="Differential expression",
            labels={
                "study": "{study}",
                "of": "{contrast}",
                "shows": "Differential expression",
            },
        ),
        facts="results/{study}/differential/{contrast}.json",
    log:
        "logs/{study}/fit/{contrast}.log",
    priority: 3
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=70),
        runtime=scaled(3, per_mb=0.15),
    params:
        caption=lambda wildcards, output: caption_of_contrast(wildcards, output.results),
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_FIT_WITH_SCALE),
        numeric=lambda wildcards: options("numeric", study_of(wildcards).numeric),
        fraction=lambda wildcards: study_of(wildcards).fraction,
        size_factors=lambda wildcards: as_json(study_of(wildcards).size_factors),
        spike_ins=lambda wildcards, input: options("spike-ins", input.spike_ins),
        study=lambda wildcards, input: as_json(study_of(wildcards)),
    message:
        "Fitting {wildcards.contrast} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} fit --name {wildcards.contrast:q} --counts {input.counts:q}"
        " --samples {input.samples:q} --contrast {params.contrast:q} --thresholds {params.thresholds:q}"
        " {params.numeric:q} --fraction {params.fraction:q} --size-factors {params.size_factors:q}"
        " {params.spike_ins:q} --study {params.study:q}"
        " --out {output.results:q} --out-facts {output.facts:q}"


rule stress_contrast:
    input:
        counts="results/{study}/counts/counts.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        spike_ins=spike_ins_of,
        results="results/{study}/differential/{contrast}.tsv",
    output:
        robustness=report(
            "results/{study}/robustness/{contrast}.tsv",
            caption="../report/robustness.rst",
            category="Robustness",
            labels={
                "study": "{study}",
                "of": "{contrast}",
                "shows": "Which calls survive",
            },
        ),
        variants=report(
            "results/{study}/robustness/{contrast}.variants.tsv",
            caption="../report/variants.rst",
            category="Robustness",
            labels={
                "study": "{study}",
                "of": "{contrast}",
                "shows": "Every variant of the fit",
            },
        ),
        facts="results/{study}/robustness/{contrast}.json",
    log:
        "logs/{study}/stress/{contrast}.log",
    priority: 3
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=75),
        runtime=scaled(10, per_mb=2),
    params:
        caption=lambda wildcards, output: captions.of_robustness(output.robustness),
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_STRESS),
        numeric=lambda wildcards: options("numeric", study_of(wildcards).numeric),
        fraction=lambda wildcards: study_of(wildcards).fraction,
        size_factors=lambda wildcards: as_json(study_of(wildcards).size_factors),
        spike_ins=lambda wildcards, input: options("spike-ins", input.spike_ins),
    message:
        "Putting the calls of {wildcards.contrast} of {wildcards.study} to the test"
    shell:
        "mircargo --log {log:q} stress --name {wildcards.contrast:q} --counts {input.counts:q}"
        " --samples {input.samples:q} --contrast {params.contrast:q} --results {input.results:q}"
        " --thresholds {params.thresholds:q} {params.numeric:q} --fraction {params.fraction:q}"
        " --size-factors {params.size_factors:q} {params.spike_ins:q} --out {output.robustness:q}"
        " --out-variants {output.variants:q} --out-facts {output.facts:q}"
