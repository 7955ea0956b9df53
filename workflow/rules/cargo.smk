rule fit_release:
    input:
        **W.given(counts=R.RAW_COUNTS, samples=W.sheet, spike_ins=W.spike_ins_of_size_factors),
        **W.given(features=R.FEATURE_TABLE, exosome=W.of_exosomes(R.FIT), source=W.of_source(R.FIT)),
    output:
        **W.reported(release=R.RELEASE_TABLE, facts=R.RELEASE_FACTS),
    log:
        "logs/{study}/release/{comparison}.log",
    priority: 1
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=80, minutes=3, minutes_per_mb=0.3),
    params:
        **W.step(steps.FitRelease),
    message:
        "Comparing exosomes with their source: {wildcards.comparison} of {wildcards.study}"
    shell:
        STEP


rule stress_release:
    input:
        **W.given(counts=R.RAW_COUNTS, samples=W.sheet, spike_ins=W.spike_ins_of_size_factors),
        **W.given(release=R.RELEASE_TABLE),
    output:
        **W.reported(robustness=R.RELEASE_STRESS, variants=R.RELEASE_STRESS_VARIANTS, facts=R.RELEASE_STRESS_FACTS),
    log:
        "logs/{study}/stress_release/{comparison}.log",
    priority: 1
    conda:
        ENVIRONMENT
    threads: W.threads
    resources:
        **W.sized(700, per_mb=100, minutes=10, minutes_per_mb=2),
    params:
        **W.step(steps.StressRelease),
    message:
        "Putting the calls of {wildcards.comparison} of {wildcards.study} to the test"
    shell:
        STEP


rule call_target:
    input:
        **W.given(features=R.FEATURE_TABLE),
        **W.every(differential=R.FIT, facts=R.FIT_FACTS),
        **W.every(robustness=R.STRESS, variants=R.STRESS_VARIANTS, tried=R.STRESS_FACTS),
    output:
        **W.reported(target=R.TARGET_CALLS),
    log:
        "logs/{study}/target.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=5, minutes=2),
    params:
        **W.step(steps.CallTarget),
    message:
        "What the target does in {wildcards.study}"
    shell:
        STEP


rule find_co_cargo:
    input:
        **W.given(counts=R.RAW_COUNTS, features=R.FEATURE_TABLE, samples=W.sheet),
        **W.given(results=R.FIT, facts=R.FIT_FACTS, robustness=R.STRESS, release=W.release_of_exosomes),
    output:
        **W.reported(table=R.CO_CARGO_OF_CONTRAST, composition=R.GLOBAL_CHANGE),
    log:
        "logs/{study}/co_cargo/{contrast}.log",
    priority: 3
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=65, minutes=5, minutes_per_mb=0.3),
    params:
        **W.step(steps.FindCoCargo),
    message:
        "What travels with the target in {wildcards.contrast} of {wildcards.study}"
    shell:
        STEP


rule list_for_qpcr:
    input:
        **W.given(counts=R.RAW_COUNTS, features=R.FEATURE_TABLE, samples=W.sheet),
        **W.given(results=R.FIT, facts=R.FIT_FACTS, robustness=R.STRESS),
    output:
        **W.reported(table=R.QPCR, references=R.QPCR_REFERENCES),
    log:
        "logs/{study}/qpcr/{contrast}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=65, minutes=5, minutes_per_mb=0.3),
    params:
        **W.step(steps.ListForQpcr),
    message:
        "What to validate by qPCR in {wildcards.contrast} of {wildcards.study}"
    shell:
        STEP


rule permute_labels:
    input:
        **W.given(counts=R.RAW_COUNTS, features=R.FEATURE_TABLE, samples=W.sheet),
        **W.given(results=R.FIT, facts=R.FIT_FACTS, co_cargo=R.CO_CARGO_OF_CONTRAST),
    output:
        **W.reported(facts=R.BY_CHANCE),
    log:
        "logs/{study}/permute/{contrast}.log",
    priority: 1
    conda:
        ENVIRONMENT
    threads: W.threads
    resources:
        **W.sized(500, per_mb=70, minutes=10, minutes_per_mb=2),
    params:
        **W.step(steps.PermuteLabels),
    message:
        "How much of the co-cargo in {wildcards.contrast} of {wildcards.study} chance would give"
    shell:
        STEP


rule gather_co_cargo:
    input:
        **W.given(counts=R.RAW_COUNTS, expectations=R.EXPECTATION_TABLE),
        **W.every(tables=R.CO_CARGO_OF_CONTRAST),
    output:
        **W.reported(table=R.CO_CARGO_TABLE),
    log:
        "logs/{study}/co_cargo.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, minutes=2),
    params:
        **W.step(steps.GatherCoCargo),
    message:
        "Putting the co-cargo of {wildcards.study} together"
    shell:
        STEP


rule compare_expectations:
    input:
        **W.given(features=R.FEATURE_TABLE, panel=W.panel),
        **W.every(differential=R.FIT),
    output:
        **W.reported(table=R.EXPECTATION_TABLE),
    log:
        "logs/{study}/expectations.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, minutes=2),
    params:
        **W.step(steps.CompareExpectations),
    message:
        "Holding {wildcards.study} against what is expected"
    shell:
        STEP
