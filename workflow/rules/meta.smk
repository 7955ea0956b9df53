rule pool_studies:
    input:
        differential=W.pooled(R.FIT),
        facts=W.pooled(R.FIT_FACTS),
        features=W.pooled_features,
        samples=W.pooled_sheets,
    output:
        **W.reported(
            features=R.META_FEATURES, studies=R.META_STUDIES, target=R.META_TARGET
        ),
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


rule plot_meta:
    input:
        features=R.META_FEATURES.template,
        studies=R.META_STUDIES.template,
        target=R.META_TARGET.template,
    output:
        **W.drawn(catalogue.OF_META, "Across studies", "{meta}", "meta"),
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
