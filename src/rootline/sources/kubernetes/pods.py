"""What kubectl says of a pod in one row: ready containers, status, restarts."""

from datetime import datetime

from rootline.sources.kubernetes.ages import age
from rootline.sources.kubernetes.raw import Raw, newest


def ready(pod: Raw) -> str:
    """Ready containers of all, such as `1/2`; init containers that keep running count as well."""
    statuses = pod.each("status", "containerStatuses")
    helpers = [one for one in pod.each("spec", "initContainers") if _stays(one)]
    started = {one.text("name"): one for one in pod.each("status", "initContainerStatuses")}
    own = sum(_runs(one) for one in statuses)
    beside = sum(_is_ready(started.get(one.text("name"), Raw(None))) for one in helpers)
    total = len(pod.each("spec", "containers")) or len(statuses)
    return f"{own + beside}/{total + len(helpers)}"


def status(pod: Raw) -> str:
    """The word in the column STATUS, such as `Running`, `Init:0/1` or `CrashLoopBackOff`.

    Source: k8s.io/kubernetes, pkg/printers/internalversion, printPod.
    """
    reason = pod.text("status", "reason") or pod.text("status", "phase") or "Unknown"
    if pod.condition("PodScheduled").text("reason") == "SchedulingGated":
        reason = "SchedulingGated"
    starting = _starting(pod)
    if starting:
        reason = starting
    if not starting or pod.condition("Initialized").text("status") == "True":
        reason = _of_containers(pod, reason)
    if pod.text("metadata", "deletionTimestamp"):
        reason = "Unknown" if pod.text("status", "reason") == "NodeLost" else "Terminating"
    return reason.replace(" ", "")


def restarts(pod: Raw, now: datetime) -> str:
    """How often containers were started again, and when last: `3 (5m ago)`."""
    statuses = [*pod.each("status", "containerStatuses"), *pod.each("status", "initContainerStatuses")]
    count = sum(one.number("restartCount") for one in statuses)
    last = newest([one.moment("lastState", "terminated", "finishedAt") for one in statuses])
    return f"{count} ({age(last, now)} ago)" if count and last else str(count)


def _stays(container: Raw) -> bool:
    return container.text("restartPolicy") == "Always"


def _is_ready(state: Raw) -> bool:
    return state.at("ready").held is True


def _runs(state: Raw) -> bool:
    return _is_ready(state) and state.at("state", "running").held is not None


def _starting(pod: Raw) -> str:
    """The status of the first init container that is not done; empty when all are."""
    stays = {one.text("name") for one in pod.each("spec", "initContainers") if _stays(one)}
    states = pod.each("status", "initContainerStatuses")
    for place, one in enumerate(states):
        ended = one.at("state", "terminated")
        if ended and ended.number("exitCode", default=-1) == 0:
            continue
        if one.text("name") in stays and one.at("started").held is True:
            continue
        if ended:
            return f"Init:{_ending(ended)}"
        waits = one.text("state", "waiting", "reason")
        if waits and waits != "PodInitializing":
            return f"Init:{waits}"
        return f"Init:{place}/{max(len(states), len(pod.each('spec', 'initContainers')))}"
    return ""


def _ending(ended: Raw) -> str:
    signal = ended.number("signal")
    return ended.text("reason") or (f"Signal:{signal}" if signal else f"ExitCode:{ended.number('exitCode')}")


def _of_containers(pod: Raw, reason: str) -> str:
    is_running = False
    for one in reversed(pod.each("status", "containerStatuses")):
        ended = one.at("state", "terminated")
        if one.text("state", "waiting", "reason"):
            reason = one.text("state", "waiting", "reason")
        elif ended:
            reason = _ending(ended)
        elif _runs(one):
            is_running = True
    if reason == "Completed" and is_running:
        return "Running" if pod.condition("Ready").text("status") == "True" else "NotReady"
    return reason
