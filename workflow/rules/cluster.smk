# What a run needs whose jobs work elsewhere: on the nodes of a cluster, or in its containers.
import sys


def link_files_of_the_volume():
    """In a job that shares no folder with the run but a volume, let the files of the configuration be where it says.

    Snakemake gives a step copies of its inputs under names of its own, but tables and messages name a file as the user
    does.
    """
    volume = workflow.remote_exec and workflow.storage_settings.default_storage_prefix
    if not volume:
        return
    paths = [CONFIG.panel]
    for name, study in STUDIES.items():
        paths += [study.samples, *(table_path(name, each) for each in study.counts)]
    for path in map(Path, paths):
        held = Path(volume, path)
        if held.exists() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(held)


def ask_for_logs_that_there_are():
    """Let a failed job of Kubernetes be tried again.

    The executor (0.5.1) asks for the log of the container before the failed one. A job has none, and the refusal would
    end the run and leave its other jobs behind.
    """
    if workflow.executor_plugin.name != "kubernetes":
        return
    from kubernetes.client import CoreV1Api

    read_log = CoreV1Api.read_namespaced_pod_log

    def read_present_log(*arguments, previous=None, **named):
        return read_log(*arguments, **named)

    CoreV1Api.read_namespaced_pod_log = read_present_log


def stay_in_this_job():
    """Within a job of a cluster, run its steps in the job's own process.

    An executor may give each step of a job a Snakemake of its own, which takes longer to start than most steps to do.
    Where the job has several steps, they have a warm process as on one machine.
    """
    if workflow.remote_exec:
        workflow.localrules(*(rule.name for rule in workflow.rules))
        if "--local-groupid" in sys.argv:
            warm_up()


link_files_of_the_volume()
