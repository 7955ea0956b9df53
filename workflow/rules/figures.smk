rule plot_samples:
    input:
        counts="results/{study}/counts/counts.tsv",
        normalised="results/{study}/quality/normalised.tsv",
        features="results/{study}/counts/features.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        quality="results/{study}/quality/samples.tsv",
    output:
        **drawn(catalogue.OF_SAMPLES, "Quality"),
    log:
        "logs/{study}/plot_samples.log",
    priority: 1
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=45),
        runtime=scaled(3, per_mb=0.2),
    params:
        caption=lambda wildcards, input: captions.of_quality(input.quality),
        variables=lambda wildcards: options(
            "variable",
            dict.fromkeys(
                contrast.variable
                for contrast in study_of(wildcards).contrasts.values()
            ),
        ),
        fraction=lambda wildcards: study_of(wildcards).fraction,
        size_factors=lambda wildcards: as_json(study_of(wildcards).size_factors),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        simulated=simulated_flag,
        folder=lambda wildcards, output: str(Path(output.pca).parent),
    message:
        "Drawing the samples of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot samples --counts {input.counts:q} --normalised {input.normalised:q}"
        " --features {input.features:q} --samples {input.samples:q} {params.variables:q}"
        " --fraction {params.fraction:q} --size-factors {params.size_factors:q} --target {params.target:q}"
        " --species {params.species:q} {params.simulated} {params.folder:q}"


rule plot_contrast:
    input:
        results="results/{study}/differential/{contrast}.tsv",
        facts="results/{study}/differential/{contrast}.json",
        variants="results/{study}/robustness/{contrast}.variants.tsv",
        normalised="results/{study}/quality/normalised.tsv",
        libraries="results/{study}/quality/samples.tsv",
        features="results/{study}/counts/features.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        co_cargo=co_cargo_of,
    output:
        **drawn(catalogue.OF_CONTRAST, "Differential expression", "{contrast}"),
    log:
        "logs/{study}/plot_contrast/{contrast}.log",
    priority: 2
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=45),
        runtime=scaled(3, per_mb=0.2),
    params:
        caption=lambda wildcards, input: caption_of_contrast(wildcards, input.results),
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_FIT),
        co_cargo=lambda wildcards, input: options("co-cargo", input.co_cargo),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        simulated=simulated_flag,
        folder=lambda wildcards, output: str(Path(output.volcano).parent),
    message:
        "Drawing {wildcards.contrast} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot contrast --name {wildcards.contrast:q} --contrast {params.contrast:q}"
        " --results {input.results:q} --facts {input.facts:q} --variants {input.variants:q}"
        " --normalised {input.normalised:q} --libraries {input.libraries:q} --features {input.features:q}"
        " --samples {input.samples:q} {params.co_cargo:q} --thresholds {params.thresholds:q} --target {params.target:q}"
        " --species {params.species:q} {params.simulated} {params.folder:q}"


rule plot_co_cargo:
    input:
        co_cargo="results/{study}/cargo/co_cargo/{contrast}.tsv",
        facts="results/{study}/differential/{contrast}.json",
        features="results/{study}/counts/features.tsv",
    output:
        **drawn(catalogue.OF_CO_CARGO, "Cargo", "{contrast}"),
    log:
        "logs/{study}/plot_co_cargo/{contrast}.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500),
        runtime=scaled(3),
    params:
        caption=lambda wildcards, input: captions.of_co_cargo(input.co_cargo),
        thresholds=lambda wildcards: thresholds_of(wildcards, "alpha"),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        simulated=simulated_flag,
        folder=lambda wildcards, output: str(Path(output.co_cargo).parent),
    message:
        "Drawing the co-cargo in {wildcards.contrast} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot co-cargo --name {wildcards.contrast:q} --co-cargo {input.co_cargo:q}"
        " --facts {input.facts:q} --features {input.features:q} --thresholds {params.thresholds:q} --target {params.target:q}"
        " --species {params.species:q} {params.simulated} {params.folder:q}"


rule plot_release:
    input:
        release="results/{study}/cargo/release/{comparison}.tsv",
        facts="results/{study}/cargo/release/{comparison}.json",
        features="results/{study}/counts/features.tsv",
        co_cargo=lambda wildcards: f"results/{{study}}/cargo/co_cargo/{comparison_of(wildcards).exosome}.tsv",
    output:
        **drawn(catalogue.OF_COMPARISON, "Cargo", "{comparison}"),
    log:
        "logs/{study}/plot_release/{comparison}.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500),
        runtime=scaled(3),
    params:
        caption=lambda wildcards, input: captions.of_release(input.release),
        contrast=lambda wildcards: question_of(
            study_of(wildcards).contrasts[comparison_of(wildcards).exosome]
        ),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        simulated=simulated_flag,
        folder=lambda wildcards, output: str(Path(output.release).parent),
    message:
        "Drawing {wildcards.comparison} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot release --name {wildcards.comparison:q} --contrast {params.contrast:q}"
        " --release {input.release:q} --facts {input.facts:q} --features {input.features:q}"
        " --co-cargo {input.co_cargo:q} --target {params.target:q} --species {params.species:q} {params.simulated} {params.folder:q}"


rule plot_meta:
    input:
        features="results/meta/{meta}.tsv",
        studies="results/meta/{meta}.studies.tsv",
        target="results/meta/{meta}.target.tsv",
    output:
        **drawn(
            catalogue.OF_META,
            "Across studies",
            "{meta}",
            folder="results/meta/figures",
            study="several",
        ),
    log:
        "logs/meta/plot_{meta}.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=10),
        runtime=scaled(3, per_mb=0.1),
    params:
        caption=lambda wildcards, input: captions.of_meta(input.target),
        meta=lambda wildcards: as_json(meta_of(wildcards)),
        simulated=simulated_of,
        thresholds=as_json(CONFIG.thresholds, "alpha"),
        folder=lambda wildcards, output: str(Path(output.forest).parent),
    message:
        "Drawing {wildcards.meta}"
    shell:
        "mircargo --log {log:q} plot meta --name {wildcards.meta:q} --meta {params.meta:q}"
        " --features {input.features:q} --studies {input.studies:q} --of-target {input.target:q}"
        " {params.simulated:q} --thresholds {params.thresholds:q} {params.folder:q}"
