rule fetch_table:
    output:
        "{path}",
    log:
        "logs/fetch/{path}.log",
    wildcard_constraints:
        path="|".join(map(re.escape, FETCHED)) or "(?!)",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400),
        runtime=scaled(30),
    params:
        url=lambda wildcards: FETCHED[wildcards.path].url,
        sha256=lambda wildcards: FETCHED[wildcards.path].sha256,
    message:
        "Fetching {wildcards.path}"
    shell:
        "mircargo --log {log:q} fetch --url {params.url:q} --sha256 {params.sha256:q} {output:q}"


rule import_counts:
    input:
        tables=tables_of,
        samples=lambda wildcards: study_of(wildcards).samples,
    output:
        counts=report(
            "results/{study}/counts/counts.tsv",
            caption="../report/counts.rst",
            category="Counts",
            labels={"study": "{study}", "of": "all samples", "shows": "Counts"},
        ),
        features=report(
            "results/{study}/counts/features.tsv",
            caption="../report/features.rst",
            category="Counts",
            labels={
                "study": "{study}",
                "of": "all samples",
                "shows": "What each feature is",
            },
        ),
        ledger=report(
            "results/{study}/counts/ledger.tsv",
            caption="../report/ledger.rst",
            category="Counts",
            labels={
                "study": "{study}",
                "of": "all samples",
                "shows": "What became of every input row",
            },
        ),
        balance=report(
            "results/{study}/counts/balance.tsv",
            caption="../report/balance.rst",
            category="Counts",
            labels={
                "study": "{study}",
                "of": "all samples",
                "shows": "Balance of reads",
            },
        ),
        isomirs="results/{study}/counts/isomirs.tsv",
        spike_ins="results/{study}/counts/spike_ins.tsv",
        notes="results/{study}/counts/notes.json",
    log:
        "logs/{study}/import.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400, per_mb=40),
        runtime=scaled(2, per_mb=0.05),
    params:
        caption=lambda wildcards, output: captions.of_counts(output.counts),
        caption_of_ledger=lambda wildcards, output: captions.of_ledger(output.ledger),
        config=config_of,
        depends_on=lambda wildcards: as_json(
            study_of(wildcards),
            "counts",
            "species",
            "exclude_samples",
            "biotypes",
            "spike_ins",
        ),
    message:
        "Checking {wildcards.study} and reading its count tables"
    shell:
        "mircargo --log {log:q} import {params.config:q} --study {wildcards.study:q}"
        " --out-counts {output.counts:q} --out-features {output.features:q} --out-ledger {output.ledger:q}"
        " --out-balance {output.balance:q} --out-isomirs {output.isomirs:q} --out-spike-ins {output.spike_ins:q}"
        " --out-notes {output.notes:q} > {log:q}"


rule note_warnings:
    input:
        tables=tables_of,
        samples=lambda wildcards: study_of(wildcards).samples,
        # Errors are said by the steps that they stop; what is left to say after the fits are warnings.
        fits=lambda wildcards: fits_of(wildcards.study),
    output:
        "results/{study}/check.json",
    log:
        "logs/{study}/check.log",
    conda:
        "../../envs/mircargo.yaml"
    resources:
        mem_mb=scaled(400, per_mb=40),
        runtime=scaled(2, per_mb=0.05),
    params:
        config=config_of,
    message:
        "Noting what to be wary of in {wildcards.study}"
    shell:
        "mircargo --log {log:q} check {params.config:q} --out {output:q} > {log:q}"
