rule plot_samples:
    input:
        counts=R.RAW_COUNTS.template,
        normalised=R.NORMALISED.template,
        features=R.FEATURE_TABLE.template,
        samples=W.sheet,
    output:
        **W.drawn(catalogue.OF_SAMPLES, "Quality"),
    log:
        "logs/{study}/plot_samples.log",
    priority: 1
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=45, minutes=3, minutes_per_mb=0.2),
    params:
        **W.step(steps.PlotSamples),
    message:
        "Drawing the samples of {wildcards.study}"
    shell:
        STEP


rule plot_contrast:
    input:
        results=R.FIT.template,
        facts=R.FIT_FACTS.template,
        variants=R.STRESS_VARIANTS.template,
        normalised=R.NORMALISED.template,
        libraries=R.LIBRARIES.template,
        features=R.FEATURE_TABLE.template,
        samples=W.sheet,
        co_cargo=W.co_cargo_if_exosomes,
    output:
        **W.drawn(
            catalogue.OF_CONTRAST, "Differential expression", "{contrast}", "contrast"
        ),
    log:
        "logs/{study}/plot_contrast/{contrast}.log",
    priority: 2
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=45, minutes=3, minutes_per_mb=0.2),
    params:
        **W.step(steps.PlotContrast),
    message:
        "Drawing {wildcards.contrast} of {wildcards.study}"
    shell:
        STEP


rule plot_co_cargo:
    input:
        co_cargo=R.CO_CARGO_OF_CONTRAST.template,
        facts=R.FIT_FACTS.template,
        features=R.FEATURE_TABLE.template,
    output:
        **W.drawn(catalogue.OF_CO_CARGO, "Cargo", "{contrast}", "exosomes"),
    log:
        "logs/{study}/plot_co_cargo/{contrast}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, minutes=3),
    params:
        **W.step(steps.PlotCoCargo),
    message:
        "Drawing the co-cargo in {wildcards.contrast} of {wildcards.study}"
    shell:
        STEP


rule plot_release:
    input:
        release=R.RELEASE_TABLE.template,
        facts=R.RELEASE_FACTS.template,
        features=R.FEATURE_TABLE.template,
        co_cargo=W.of_exosomes(R.CO_CARGO_OF_CONTRAST),
    output:
        **W.drawn(catalogue.OF_COMPARISON, "Cargo", "{comparison}", "comparison"),
    log:
        "logs/{study}/plot_release/{comparison}.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, minutes=3),
    params:
        **W.step(steps.PlotRelease),
    message:
        "Drawing {wildcards.comparison} of {wildcards.study}"
    shell:
        STEP
