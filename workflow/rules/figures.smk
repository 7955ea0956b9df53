rule plot_samples:
    input:
        **W.given(counts=R.RAW_COUNTS, normalised=R.NORMALISED, features=R.FEATURE_TABLE, samples=W.sheet),
        **W.given(libraries=R.LIBRARIES),
    output:
        **W.drawn(catalogue.OF_SAMPLES),
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
        **W.given(features=R.FEATURE_TABLE, samples=W.sheet, normalised=R.NORMALISED, libraries=R.LIBRARIES),
        **W.given(results=R.FIT, facts=R.FIT_FACTS, robustness=R.STRESS, variants=R.STRESS_VARIANTS),
        **W.given(co_cargo=W.co_cargo_if_exosomes),
    output:
        **W.drawn(catalogue.OF_CONTRAST),
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


rule plot_contrasts:
    input:
        **W.given(features=R.FEATURE_TABLE),
        **W.every(results=R.FIT, robustness=R.STRESS),
    output:
        **W.drawn(catalogue.OF_CONTRASTS),
    log:
        "logs/{study}/plot_contrasts.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=10, minutes=3),
    params:
        **W.step(steps.PlotContrasts),
    message:
        "Drawing the contrasts of {wildcards.study} together"
    shell:
        STEP


rule plot_co_cargo:
    input:
        **W.given(co_cargo=R.CO_CARGO_OF_CONTRAST, facts=R.FIT_FACTS, features=R.FEATURE_TABLE),
    output:
        **W.drawn(catalogue.OF_CO_CARGO),
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
        **W.given(
            release=R.RELEASE_TABLE,
            facts=R.RELEASE_FACTS,
            features=R.FEATURE_TABLE,
            co_cargo=W.of_exosomes(R.CO_CARGO_OF_CONTRAST),
        ),
    output:
        **W.drawn(catalogue.OF_COMPARISON),
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
