rule fit_contrast:
    input:
        **W.given(counts=R.RAW_COUNTS, samples=W.sheet, spike_ins=W.spike_ins),
    output:
        **W.reported(results=R.FIT, facts=R.FIT_FACTS),
    log:
        "logs/{study}/fit/{contrast}.log",
    priority: 3
    conda:
        ENVIRONMENT
    resources:
        **W.sized(500, per_mb=70, minutes=3, minutes_per_mb=0.15),
    params:
        **W.step(steps.FitContrast),
    message:
        "Fitting {wildcards.contrast} of {wildcards.study}"
    shell:
        STEP


rule stress_contrast:
    input:
        **W.given(counts=R.RAW_COUNTS, samples=W.sheet, spike_ins=W.spike_ins_of_size_factors),
        **W.given(results=R.FIT),
    output:
        **W.reported(robustness=R.STRESS, variants=R.STRESS_VARIANTS, facts=R.STRESS_FACTS),
    log:
        "logs/{study}/stress/{contrast}.log",
    priority: 3
    conda:
        ENVIRONMENT
    threads: W.threads
    resources:
        **W.sized(500, per_mb=75, minutes=10, minutes_per_mb=2),
    params:
        **W.step(steps.StressContrast),
    message:
        "Putting the calls of {wildcards.contrast} of {wildcards.study} to the test"
    shell:
        STEP


rule summarise_contrasts:
    input:
        **W.every(differential=R.FIT, facts=R.FIT_FACTS, robustness=R.STRESS, tried=R.STRESS_FACTS),
    output:
        **W.reported(summary=R.CONTRAST_SUMMARY),
    log:
        "logs/{study}/summary.log",
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=5, minutes=2),
    params:
        **W.step(steps.SummariseContrasts),
    message:
        "Counting what changed in {wildcards.study}"
    shell:
        STEP
