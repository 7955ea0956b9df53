rule fit_release:
    input:
        counts="results/{study}/counts/counts.tsv",
        features="results/{study}/counts/features.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        exosome=lambda wildcards: f"results/{{study}}/differential/{comparison_of(wildcards).exosome}.tsv",
        source=lambda wildcards: f"results/{{study}}/differential/{comparison_of(wildcards).source}.tsv",
        spike_ins=spike_ins_of,
    output:
        release=report(
            "results/{study}/cargo/release/{comparison}.tsv",
            caption="../report/release.rst",
            category="Cargo",
            labels={"study": "{study}", "of": "{comparison}", "shows": "Release"},
        ),
        facts="results/{study}/cargo/release/{comparison}.json",
    log:
        "logs/{study}/release/{comparison}.log",
    priority: 1
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=80),
        runtime=scaled(3, per_mb=0.3),
    params:
        caption=lambda wildcards, output: captions.of_release(output.release),
        comparison=lambda wildcards: as_json(comparison_of(wildcards)),
        exosome=lambda wildcards: question_of(
            study_of(wildcards).contrasts[comparison_of(wildcards).exosome]
        ),
        source=lambda wildcards: question_of(
            study_of(wildcards).contrasts[comparison_of(wildcards).source]
        ),
        thresholds=thresholds_of,
        numeric=lambda wildcards: options("numeric", study_of(wildcards).numeric),
        size_factors=lambda wildcards: as_json(study_of(wildcards).size_factors),
        spike_ins=lambda wildcards, input: options("spike-ins", input.spike_ins),
    message:
        "Comparing exosomes with their source: {wildcards.comparison} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} release --name {wildcards.comparison:q} --counts {input.counts:q}"
        " --features {input.features:q}"
        " --samples {input.samples:q} --comparison {params.comparison:q} --exosome {params.exosome:q}"
        " --source {params.source:q} --exosome-results {input.exosome:q} --source-results {input.source:q}"
        " --thresholds {params.thresholds:q} {params.numeric:q} --size-factors {params.size_factors:q}"
        " {params.spike_ins:q} --out {output.release:q}"
        " --out-facts {output.facts:q}"


rule stress_release:
    input:
        counts="results/{study}/counts/counts.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        spike_ins=spike_ins_of,
        release="results/{study}/cargo/release/{comparison}.tsv",
    output:
        robustness=report(
            "results/{study}/robustness/release/{comparison}.tsv",
            caption="../report/robustness.rst",
            category="Robustness",
            labels={
                "study": "{study}",
                "of": "{comparison}",
                "shows": "Which calls of the release survive",
            },
        ),
        variants=report(
            "results/{study}/robustness/release/{comparison}.variants.tsv",
            caption="../report/variants.rst",
            category="Robustness",
            labels={
                "study": "{study}",
                "of": "{comparison}",
                "shows": "Every variant of the release",
            },
        ),
        facts="results/{study}/robustness/release/{comparison}.json",
    log:
        "logs/{study}/stress_release/{comparison}.log",
    priority: 1
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(700, per_mb=100),
        runtime=scaled(10, per_mb=2),
    params:
        caption=lambda wildcards, output: captions.of_robustness(output.robustness),
        comparison=lambda wildcards: as_json(comparison_of(wildcards)),
        exosome=lambda wildcards: question_of(
            study_of(wildcards).contrasts[comparison_of(wildcards).exosome]
        ),
        source=lambda wildcards: question_of(
            study_of(wildcards).contrasts[comparison_of(wildcards).source]
        ),
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_STRESS),
        numeric=lambda wildcards: options("numeric", study_of(wildcards).numeric),
        size_factors=lambda wildcards: as_json(study_of(wildcards).size_factors),
        spike_ins=lambda wildcards, input: options("spike-ins", input.spike_ins),
    message:
        "Putting the calls of {wildcards.comparison} of {wildcards.study} to the test"
    shell:
        "mircargo --log {log:q} stress-release --name {wildcards.comparison:q} --counts {input.counts:q}"
        " --samples {input.samples:q} --comparison {params.comparison:q} --exosome {params.exosome:q}"
        " --source {params.source:q} --release {input.release:q} --thresholds {params.thresholds:q}"
        " {params.numeric:q} --size-factors {params.size_factors:q} {params.spike_ins:q}"
        " --out {output.robustness:q} --out-variants {output.variants:q} --out-facts {output.facts:q}"


rule call_target:
    input:
        differential=lambda wildcards: fits_of(wildcards.study),
        facts=lambda wildcards: [
            path.replace(".tsv", ".json") for path in fits_of(wildcards.study)
        ],
        robustness=lambda wildcards: stress_tests_of(wildcards.study),
        variants=lambda wildcards: [
            path.replace(".tsv", ".variants.tsv")
            for path in stress_tests_of(wildcards.study)
        ],
        tried=lambda wildcards: [
            path.replace(".tsv", ".json") for path in stress_tests_of(wildcards.study)
        ],
        features="results/{study}/counts/features.tsv",
    output:
        report(
            "results/{study}/cargo/target.tsv",
            caption="../report/target.rst",
            category="Cargo",
            labels={"study": "{study}", "of": "all contrasts", "shows": "The target"},
        ),
    log:
        "logs/{study}/target.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400, per_mb=5),
        runtime=scaled(2),
    params:
        caption=lambda wildcards, output: captions.of_target(output[0]),
        contrasts=lambda wildcards: all_contrasts_of(
            wildcards,
            "subset",
            "variable",
            "level",
            "reference",
            "expected",
            "reduced",
            "interaction",
            "per_unit",
            "exosome",
        ),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        thresholds=thresholds_of,
        robustness=lambda wildcards, input: options("robustness", input.robustness),
    message:
        "What {params.target} does in {wildcards.study}"
    shell:
        "mircargo --log {log:q} target --contrasts {params.contrasts:q} --features {input.features:q}"
        " --target {params.target:q} --species {params.species:q} --thresholds {params.thresholds:q}"
        " {params.robustness:q} --out {output:q} {input.differential:q} | tee {log:q}"


rule find_co_cargo:
    input:
        counts="results/{study}/counts/counts.tsv",
        features="results/{study}/counts/features.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        results="results/{study}/differential/{contrast}.tsv",
        facts="results/{study}/differential/{contrast}.json",
        robustness="results/{study}/robustness/{contrast}.tsv",
        release=release_of,
    output:
        table="results/{study}/cargo/co_cargo/{contrast}.tsv",
        composition=report(
            "results/{study}/cargo/composition/{contrast}.tsv",
            caption="../report/composition.rst",
            category="Cargo",
            labels={
                "study": "{study}",
                "of": "{contrast}",
                "shows": "Calls under global change",
            },
        ),
    log:
        "logs/{study}/co_cargo/{contrast}.log",
    priority: 3
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400, per_mb=65),
        runtime=scaled(5, per_mb=0.3),
    params:
        caption=lambda wildcards, output: captions.of_composition(output.composition),
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        release=lambda wildcards, input: options("release", input.release),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_FIT),
        fraction=lambda wildcards: study_of(wildcards).fraction,
        blood=lambda wildcards: options("blood", study_of(wildcards).blood_derived),
    message:
        "What travels with {params.target} in {wildcards.contrast} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} co-cargo --name {wildcards.contrast:q} --contrast {params.contrast:q}"
        " --counts {input.counts:q} --features {input.features:q} --samples {input.samples:q}"
        " --results {input.results:q} --robustness {input.robustness:q} {params.release:q} --target {params.target:q}"
        " --species {params.species:q} --thresholds {params.thresholds:q}"
        " --fraction {params.fraction:q} {params.blood:q} --out {output.table:q}"
        " --out-composition {output.composition:q}"


rule permute_labels:
    input:
        counts="results/{study}/counts/counts.tsv",
        features="results/{study}/counts/features.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        results="results/{study}/differential/{contrast}.tsv",
        facts="results/{study}/differential/{contrast}.json",
        co_cargo="results/{study}/cargo/co_cargo/{contrast}.tsv",
    output:
        "results/{study}/cargo/co_cargo/{contrast}.json",
    log:
        "logs/{study}/permute/{contrast}.log",
    priority: 1
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=70),
        runtime=scaled(10, per_mb=2),
    params:
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_FIT),
        numeric=lambda wildcards: options("numeric", study_of(wildcards).numeric),
    message:
        "How much of the co-cargo in {wildcards.contrast} of {wildcards.study} chance would give"
    shell:
        "mircargo --log {log:q} permute --contrast {params.contrast:q} --counts {input.counts:q}"
        " --features {input.features:q} --samples {input.samples:q} --results {input.results:q}"
        " --co-cargo {input.co_cargo:q} --target {params.target:q} --species {params.species:q}"
        " --thresholds {params.thresholds:q} {params.numeric:q} --out {output:q}"


rule gather_co_cargo:
    input:
        # Without a contrast of exosomes the table is its header alone; it waits for the counts all the same.
        counts="results/{study}/counts/counts.tsv",
        expectations="results/{study}/cargo/expectations.tsv",
        tables=lambda wildcards: expand(
            "results/{study}/cargo/co_cargo/{contrast}.tsv",
            study=wildcards.study,
            contrast=study_of(wildcards).exosome_contrasts(),
        ),
    output:
        report(
            "results/{study}/cargo/co_cargo.tsv",
            caption="../report/co_cargo.rst",
            category="Cargo",
            labels={"study": "{study}", "of": "all contrasts", "shows": "Co-cargo"},
        ),
    log:
        "logs/{study}/co_cargo.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400),
        runtime=scaled(2),
    params:
        caption=lambda wildcards, output: captions.of_co_cargo(output[0]),
    message:
        "Putting the co-cargo of {wildcards.study} together"
    shell:
        "mircargo --log {log:q} gather --expectations {input.expectations:q} --out {output:q} {input.tables:q}"
