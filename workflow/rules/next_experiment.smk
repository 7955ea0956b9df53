rule plan_next_experiment:
    input:
        **W.given(counts=R.RAW_COUNTS, samples=W.sheet, spike_ins=W.spike_ins_of_size_factors),
        **W.given(target=R.TARGET_CALLS, co_cargo=R.CO_CARGO_TABLE, expectations=R.EXPECTATION_TABLE),
        **W.every(results=R.FIT, facts=R.FIT_FACTS, tried=R.STRESS_FACTS, variants=R.STRESS_VARIANTS),
        **W.every(releases=R.RELEASE_TABLE),
    output:
        **W.reported(needed=R.NEXT_EXPERIMENT, powers=R.NEXT_EXPERIMENT_POWER, inconclusive=R.NEXT_EXPERIMENT_OPEN),
    log:
        "logs/{study}/next_experiment.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=80, minutes=5, minutes_per_mb=0.3),
    params:
        **W.step(steps.PlanNextExperiment),
    message:
        "What to measure next in {wildcards.study}"
    shell:
        STEP


rule plot_next_experiment:
    input:
        **W.given(needed=R.NEXT_EXPERIMENT, powers=R.NEXT_EXPERIMENT_POWER, target=R.TARGET_CALLS),
    output:
        **W.drawn(catalogue.OF_NEXT_EXPERIMENT),
    log:
        "logs/{study}/plot_next_experiment.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, minutes=3),
    params:
        **W.step(steps.PlotNextExperiment),
    message:
        "Drawing the next experiment of {wildcards.study}"
    shell:
        STEP
