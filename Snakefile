from snakemake.utils import min_version

min_version("9.0")

# A file given with --configfile stands instead of the example, not on top of it.
if "studies" not in config:

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/resources.smk"
include: "workflow/rules/cluster.smk"
include: "workflow/rules/counts.smk"
include: "workflow/rules/quality.smk"
include: "workflow/rules/differential.smk"
include: "workflow/rules/cargo.smk"
include: "workflow/rules/meta.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/export.smk"


report: "workflow/report/workflow.rst"


onstart:
    take_turn()
    ask_for_logs_that_there_are()
    choose_when_a_step_ends()
    warm_up()


onsuccess:
    print(summary_of_results())


# A table is fetched where the run was started: a cluster's nodes often have no network.
localrules:
    all,
    fetch_table,


rule all:
    input:
        expand("results/{study}/report.html", study=STUDIES),
        expand("results/{study}/ro-crate-metadata.json", study=STUDIES),
        expand("results/{study}/provenance.json", study=STUDIES),
        expand("results/{study}/cargo/expectations.tsv", study=STUDIES),
        results_of_meta(),
        [figure for study in STUDIES for figure in figures_of(study)],


stay_in_this_job()
