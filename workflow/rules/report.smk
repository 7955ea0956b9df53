rule plot_samples:
    input:
        normalised="results/{study}/quality/normalised.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
    output:
        svg=report(
            expand(
                "results/{{study}}/figures/{kind}.svg",
                kind=["pca", "sample_correlation"],
            ),
            caption="../report/samples.rst",
            category="Quality",
            labels={"study": "{study}", "kind": "figure"},
        ),
        others=expand(
            "results/{{study}}/figures/{kind}.{ending}",
            kind=["pca", "sample_correlation"],
            ending=["png", "tsv"],
        ),
    log:
        "logs/{study}/plot_samples.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        variables=lambda wildcards: options(
            "variable",
            dict.fromkeys(
                contrast.variable
                for contrast in study_of(wildcards).contrasts.values()
            ),
        ),
        fraction=lambda wildcards: study_of(wildcards).fraction,
        simulated=simulated_flag,
        folder=lambda wildcards: f"results/{wildcards.study}/figures",
    message:
        "Drawing the samples of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot samples --normalised {input.normalised:q} --samples {input.samples:q}"
        " {params.variables:q} --fraction {params.fraction:q} {params.simulated} {params.folder:q}"


rule plot_contrast:
    input:
        results="results/{study}/differential/{contrast}.tsv",
        normalised="results/{study}/quality/normalised.tsv",
        features="results/{study}/counts/features.tsv",
        samples=lambda wildcards: study_of(wildcards).samples,
        co_cargo=co_cargo_of,
    output:
        svg=report(
            expand(
                "results/{{study}}/figures/{kind}_{{contrast}}.svg",
                kind=CONTRAST_FIGURES,
            ),
            caption="../report/contrast.rst",
            category="Differential expression",
            labels={"study": "{study}", "contrast": "{contrast}", "kind": "figure"},
        ),
        others=expand(
            "results/{{study}}/figures/{kind}_{{contrast}}.{ending}",
            kind=CONTRAST_FIGURES,
            ending=["png", "tsv"],
        ),
    log:
        "logs/{study}/plot_contrast/{contrast}.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        thresholds=lambda wildcards: thresholds_of(wildcards, *TO_FIT),
        co_cargo=lambda wildcards, input: options("co-cargo", input.co_cargo),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        simulated=simulated_flag,
        folder=lambda wildcards: f"results/{wildcards.study}/figures",
    message:
        "Drawing {wildcards.contrast} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot contrast --name {wildcards.contrast:q} --contrast {params.contrast:q}"
        " --results {input.results:q} --normalised {input.normalised:q} --features {input.features:q}"
        " --samples {input.samples:q} {params.co_cargo:q} --thresholds {params.thresholds:q}"
        " --target {params.target:q} --species {params.species:q} {params.simulated} {params.folder:q}"


rule plot_robustness:
    input:
        variants="results/{study}/robustness/{contrast}.variants.tsv",
        features="results/{study}/counts/features.tsv",
    output:
        svg=report(
            "results/{study}/figures/robustness_{contrast}.svg",
            caption="../report/robustness.rst",
            category="Robustness",
            labels={"study": "{study}", "what": "{contrast}", "kind": "figure"},
        ),
        others=expand(
            "results/{{study}}/figures/robustness_{{contrast}}.{ending}",
            ending=["png", "tsv"],
        ),
    log:
        "logs/{study}/plot_robustness/{contrast}.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        contrast=lambda wildcards: question_of(contrast_of(wildcards)),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        simulated=simulated_flag,
        folder=lambda wildcards: f"results/{wildcards.study}/figures",
    message:
        "Drawing the stress test of {wildcards.contrast} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot robustness --name {wildcards.contrast:q} --contrast {params.contrast:q}"
        " --variants {input.variants:q} --features {input.features:q} --target {params.target:q}"
        " --species {params.species:q} {params.simulated} {params.folder:q}"


rule plot_release:
    input:
        release="results/{study}/cargo/release/{comparison}.tsv",
        features="results/{study}/counts/features.tsv",
        co_cargo=lambda wildcards: f"results/{{study}}/cargo/co_cargo/{comparison_of(wildcards).exosome}.tsv",
    output:
        svg=report(
            "results/{study}/figures/release_{comparison}.svg",
            caption="../report/release.rst",
            category="Cargo",
            labels={"study": "{study}", "what": "{comparison}", "kind": "figure"},
        ),
        others=expand(
            "results/{{study}}/figures/release_{{comparison}}.{ending}",
            ending=["png", "tsv"],
        ),
    log:
        "logs/{study}/plot_release/{comparison}.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        contrast=lambda wildcards: question_of(
            study_of(wildcards).contrasts[comparison_of(wildcards).exosome]
        ),
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        simulated=simulated_flag,
        folder=lambda wildcards: f"results/{wildcards.study}/figures",
    message:
        "Drawing {wildcards.comparison} of {wildcards.study}"
    shell:
        "mircargo --log {log:q} plot release --name {wildcards.comparison:q} --contrast {params.contrast:q}"
        " --release {input.release:q} --features {input.features:q} --co-cargo {input.co_cargo:q}"
        " --target {params.target:q} --species {params.species:q} {params.simulated} {params.folder:q}"


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
        "results/{study}/provenance.json",
    log:
        "logs/{study}/provenance.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        config=lambda wildcards: json.dumps(
            {
                "studies": {
                    wildcards.study: json.loads(
                        study_of(wildcards).model_dump_json(exclude_none=True)
                    )
                },
                "target": CONFIG.target,
                "panel": CONFIG.panel,
                "thresholds": json.loads(
                    CONFIG.thresholds_of(wildcards.study).model_dump_json()
                ),
            }
        ),
    message:
        "Noting what the results of {wildcards.study} rest on"
    shell:
        "mircargo --log {log:q} provenance {params.config:q} --out {output:q} {input.tables:q} {input.samples:q}"
        " {input.panel:q}"


rule write_report:
    input:
        figures=lambda wildcards: figures_of(wildcards.study),
        differential=lambda wildcards: fits_of(wildcards.study),
        release=lambda wildcards: releases_of(wildcards.study),
        robustness=lambda wildcards: [
            path.replace(".tsv", ".json") for path in stress_tests_of(wildcards.study)
        ],
        release_robustness=lambda wildcards: expand(
            "results/{study}/robustness/release/{comparison}.variants.tsv",
            study=wildcards.study,
            comparison=study_of(wildcards).comparisons,
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
            labels={"study": "{study}"},
        ),
    log:
        "logs/{study}/report.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        folder=lambda wildcards: f"results/{wildcards.study}",
    message:
        "Writing the report of {wildcards.study}"
    shell:
        "mircargo --log {log:q} report --study {wildcards.study:q} --out {output:q} {params.folder:q}"
