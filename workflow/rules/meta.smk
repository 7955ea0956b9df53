rule pool_studies:
    input:
        **W.given(samples=W.pooled_sheets, mirbase=W.mirbase),
        **W.every(differential=R.FIT, facts=R.FIT_FACTS, features=R.FEATURE_TABLE),
    output:
        **W.reported(features=R.META_FEATURES, studies=R.META_STUDIES, target=R.META_TARGET, facts=R.META_FACTS),
    log:
        "logs/meta/{meta}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=10, minutes=3, minutes_per_mb=0.1),
    params:
        **W.step(steps.PoolStudies),
    message:
        "Pooling the contrasts of {wildcards.meta}"
    shell:
        STEP


rule replicate_calls:
    input:
        **W.given(samples=W.pooled_sheets, mirbase=W.mirbase),
        **W.given(counts=W.counts_to_halve, spike_ins=W.spike_ins_to_halve),
        **W.every(differential=R.FIT, facts=R.FIT_FACTS, features=R.FEATURE_TABLE),
    output:
        **W.reported(replication=R.META_REPLICATION),
    log:
        "logs/meta/replication_{meta}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=10, minutes=3, minutes_per_mb=0.1),
    params:
        **W.step(steps.ReplicateCalls),
    message:
        "How many calls of {wildcards.meta} repeat"
    shell:
        STEP


rule plot_meta:
    input:
        **W.given(features=R.META_FEATURES, studies=R.META_STUDIES, target=R.META_TARGET),
    output:
        **W.drawn(catalogue.OF_META),
    log:
        "logs/meta/plot_{meta}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=10, minutes=3, minutes_per_mb=0.1),
    params:
        **W.step(steps.PlotMeta),
    message:
        "Drawing {wildcards.meta}"
    shell:
        STEP
