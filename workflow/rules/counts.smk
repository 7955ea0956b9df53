rule fetch_table:
    output:
        "{path}",
    log:
        "logs/fetch/{path}.log",
    conda:
        "../../envs/mircargo.yaml"
    wildcard_constraints:
        path="|".join(map(re.escape, FETCHED)) or "(?!)",
    params:
        url=lambda wildcards: FETCHED[wildcards.path].url,
        sha256=lambda wildcards: FETCHED[wildcards.path].sha256,
    message:
        "Fetching {wildcards.path}"
    shell:
        "mircargo --log {log:q} fetch --url {params.url:q} --sha256 {params.sha256:q} {output:q}"


rule check_study:
    input:
        tables=tables_of,
        samples=lambda wildcards: study_of(wildcards).samples,
    output:
        "results/{study}/check.json",
    log:
        "logs/{study}/check.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        config=lambda wildcards: json.dumps(
            {
                "studies": {wildcards.study: json.loads(as_json(study_of(wildcards)))},
                "target": CONFIG.target,
            }
        ),
    message:
        "Checking {wildcards.study}: tables, sample sheet, contrasts"
    shell:
        "mircargo --log {log:q} check {params.config:q} --out {output:q}"


rule import_counts:
    input:
        # Nothing is read before the check is passed; a new check alone is no reason to read again.
        check=ancient("results/{study}/check.json"),
        tables=tables_of,
        samples=lambda wildcards: study_of(wildcards).samples,
    output:
        counts=report(
            "results/{study}/counts/counts.tsv",
            caption="../report/counts.rst",
            category="Counts",
            labels={"study": "{study}", "table": "counts"},
        ),
        features="results/{study}/counts/features.tsv",
        ledger=report(
            "results/{study}/counts/ledger.tsv",
            caption="../report/ledger.rst",
            category="Counts",
            labels={"study": "{study}", "table": "ledger"},
        ),
        notes="results/{study}/counts/notes.json",
    log:
        "logs/{study}/import.log",
    conda:
        "../../envs/mircargo.yaml"
    params:
        tables=lambda wildcards: json.dumps([json.loads(as_json(each)) for each in study_of(wildcards).counts]),
        species=lambda wildcards: study_of(wildcards).species,
        exclude=lambda wildcards: options("exclude", study_of(wildcards).exclude_samples),
    message:
        "Reading the count tables of {wildcards.study}"
    shell:
        "mircargo --log {log:q} import --study {wildcards.study:q} --tables {params.tables:q}"
        " --samples {input.samples:q} --species {params.species:q} {params.exclude:q}"
        " --out-counts {output.counts:q} --out-features {output.features:q} --out-ledger {output.ledger:q}"
        " --out-notes {output.notes:q} > {log:q}"
