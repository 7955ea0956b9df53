rule assess_quality:
    input:
        **W.given(counts=R.RAW_COUNTS, samples=W.sheet, spike_ins=R.SPIKE_INS),
    output:
        **W.reported(samples=R.LIBRARIES, normalised=R.NORMALISED),
    log:
        "logs/{study}/quality.log",
    priority: 3
    conda:
        ENVIRONMENT
    resources:
        **W.sized(400, per_mb=50, minutes=2, minutes_per_mb=0.1),
    params:
        **W.step(steps.AssessQuality),
    message:
        "Describing the libraries of {wildcards.study}"
    shell:
        STEP
