"""What follows from a fault: victims, pods that wait, pods that crash."""

from tests.analysis.cluster.landscapes.landscape import App, Landscape
from tests.analysis.cluster.landscapes.styles import LINK, failing, refused

HEADS = "preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."


def victims(land: Landscape, app: App, how: str = "connection refused") -> None:
    """Let callers log that they cannot reach an application, and those that call them that they failed."""
    port = app.service_port or app.port
    for caller in land.callers(app.name):
        told = refused(caller, app.name, app.cluster_ip, port, how)
        if app.is_store and caller.tongue == "java":
            told = LINK
            if land.rng.random() < 0.5:
                crashing(caller)
        caller.logs.append((land.rng.randrange(40, 120), told))
        above(land, caller)


def above(land: Landscape, app: App) -> None:
    """Let those that call an application log that it answers with errors."""
    for outer in land.callers(app.name)[:2]:
        outer.logs.append((land.rng.randrange(20, 60), failing(outer, app.name, app.service_port or app.port)))


def pending(land: Landscape, app: App, message: str) -> None:
    app.ready = 0
    for pod in app.pods:
        pod.node, pod.ip, pod.status, pod.ready, pod.restarts, pod.age = "<none>", "<none>", "Pending", 0, "0", "71s"
        pod.events = [f"Warning|FailedScheduling|70s|default-scheduler|{message} {HEADS}"]
        pod.state = ""
    victims(land, app)


def refusal(land: Landscape, per_worker: str) -> str:
    workers = len(land.workers())
    return f"0/{workers + 1} nodes are available: 1 node(s) were unschedulable, {workers} {per_worker}."


def stopped(app: App, status: str, *events: str, restarts: str = "0", state: str = "") -> None:
    app.ready = 0
    for pod in app.pods:
        pod.status, pod.ready, pod.restarts, pod.age = status, 0, restarts, "2m10s"
        pod.events = ["Normal|Scheduled|2m10s|default-scheduler|Successfully assigned pod", *events]
        pod.state = state or f"    State:          Waiting\n      Reason:       {status}\n"


def crashing(app: App, reason: str = "Error", code: int = 1, *events: str) -> None:
    state = (
        "    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n"
        f"      Reason:       {reason}\n      Exit Code:    {code}\n"
    )
    back = "Warning|BackOff|5s (x6 over 90s)|kubelet|Back-off restarting failed container server in pod"
    stopped(app, "CrashLoopBackOff", *events, back, restarts="4 (20s ago)", state=state)
