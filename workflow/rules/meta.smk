wildcard_constraints:
    meta="|".join(CONFIG.meta) or "(?!)",


rule pool_studies:
    input:
        differential=pooled_fits_of,
        facts=lambda wildcards: [
            path.replace(".tsv", ".json") for path in pooled_fits_of(wildcards)
        ],
        features=lambda wildcards: expand(
            "results/{study}/counts/features.tsv", study=studies_of(wildcards)
        ),
        samples=lambda wildcards: [
            STUDIES[name].samples for name in studies_of(wildcards)
        ],
    output:
        features="results/meta/{meta}.tsv",
        studies="results/meta/{meta}.studies.tsv",
        target=report(
            "results/meta/{meta}.target.tsv",
            caption="../report/meta.rst",
            category="Across studies",
            labels={"study": "several", "of": "{meta}", "shows": "Pooled target"},
        ),
    log:
        "logs/meta/{meta}.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(500, per_mb=10),
        runtime=scaled(3, per_mb=0.1),
    params:
        caption=lambda wildcards, output: captions.of_meta(output.target),
        meta=lambda wildcards: as_json(meta_of(wildcards)),
        features=lambda wildcards, input: [
            part
            for name, path in zip(studies_of(wildcards), input.features)
            for part in ("--features", name, STUDIES[name].species, path)
        ],
        samples=lambda wildcards: [
            part
            for name in studies_of(wildcards)
            for part in (
                "--samples",
                name,
                STUDIES[name].subject,
                STUDIES[name].samples,
            )
        ],
        simulated=simulated_of,
        target=CONFIG.target,
        thresholds=as_json(CONFIG.thresholds, "alpha", "equivalence_log2_fold_change"),
    message:
        "Pooling the contrasts of {wildcards.meta}"
    shell:
        "mircargo --log {log:q} meta --name {wildcards.meta:q} --meta {params.meta:q} {params.features:q}"
        " {params.samples:q} {params.simulated:q} --target {params.target:q} --thresholds {params.thresholds:q}"
        " --out {output.features:q} --out-studies {output.studies:q} --out-target {output.target:q}"
        " {input.differential:q} | tee {log:q}"


rule compare_expectations:
    input:
        differential=lambda wildcards: fits_of(wildcards.study),
        features="results/{study}/counts/features.tsv",
        # A panel of mircargo's own is no file of the user's; one that is missing is named by the command.
        panel=[CONFIG.panel] if Path(CONFIG.panel).is_file() else [],
    output:
        report(
            "results/{study}/cargo/expectations.tsv",
            caption="../report/expectations.rst",
            category="Cargo",
            labels={
                "study": "{study}",
                "of": "all contrasts",
                "shows": "Expected directions",
            },
        ),
    log:
        "logs/{study}/expectations.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400),
        runtime=scaled(2),
    params:
        caption=lambda wildcards, output: captions.of_expectations(output[0]),
        expectations=lambda wildcards: json.dumps(
            {
                name: contrast.expectation
                and json.loads(as_json(contrast.expectation))
                for name, contrast in study_of(wildcards).contrasts.items()
            }
        ),
        panel=CONFIG.panel,
        target=CONFIG.target,
        species=lambda wildcards: study_of(wildcards).species,
        thresholds=thresholds_of,
    message:
        "Holding {wildcards.study} against what is expected"
    shell:
        "mircargo --log {log:q} expectations --expectations {params.expectations:q} --panel {params.panel:q}"
        " --features {input.features:q} --target {params.target:q} --species {params.species:q}"
        " --thresholds {params.thresholds:q} --out {output:q} {input.differential:q}"
