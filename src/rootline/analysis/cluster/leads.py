"""What is worth reading next, by what the overview shows."""

from collections.abc import Iterator

from rootline.analysis.cluster.asking import dependencies, describe, error_logs, manifest, node_service
from rootline.analysis.cluster.blame import blamed_services
from rootline.analysis.cluster.faults.admission import lacks_pods
from rootline.analysis.cluster.faults.database import is_store
from rootline.analysis.cluster.faults.images import STATES
from rootline.analysis.cluster.faults.nodes import EVICTING, stuck
from rootline.analysis.cluster.faults.scheduling import refusal, unscheduled
from rootline.analysis.cluster.objects import Pod
from rootline.analysis.cluster.proof import ClusterFinding
from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.analysis.cluster.quiet import quiet_leads
from rootline.analysis.cluster.snapshot import Snapshot

_FEW = 3
_WORTH_CONFIRMING = 0.5
_RUNNING = {"Running", "CrashLoopBackOff", "Error", "Completed"}


def leads(snapshot: Snapshot, found: list[ClusterFinding]) -> Iterator[ClusterQuery]:
    """Reads in the order of their promise; some may have been made already."""
    yield from _nodes(snapshot)
    yield from _waiting(snapshot)
    broken = snapshot.broken_pods()
    yield from _one_node(snapshot, broken)
    yield from _broken(snapshot, broken)
    yield from _confirming(found)
    yield from _missing(snapshot)
    yield from _broken(snapshot, snapshot.restarted_pods())
    yield from _beneath(snapshot)
    yield from _neighbours(snapshot)
    yield from _slow(snapshot)
    if not any(f.family in {"performance", "infrastructure"} for f in found[:1]):
        yield from quiet_leads(snapshot)


def _confirming(found: list[ClusterFinding]) -> Iterator[ClusterQuery]:
    """The manifest of whoever is suspected by a list alone."""
    for finding in found[:2]:
        kind, _, name = finding.object.partition("/")
        if finding.score >= _WORTH_CONFIRMING and kind == "app" and finding.family == "service":
            yield manifest(name)


def _nodes(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    for node in snapshot.nodes:
        if not node.ready or stuck(snapshot, node):
            yield node_service(node.name, "kubelet")
            yield node_service(node.name, "containerd")
            yield describe("nodes", node.name, snapshot.namespace)
    if any(p.status == "Evicted" for p in snapshot.pods) or any(e.reason in EVICTING for e in snapshot.events):
        yield ClusterQuery(verb="configuration")


def _one_node(snapshot: Snapshot, broken: list[Pod]) -> Iterator[ClusterQuery]:
    """The services of a node on which several applications fail, while those on other nodes do not."""
    nodes = {p.node for p in broken}
    elsewhere = any(p.node and p.node not in nodes for p in snapshot.pods)
    if len(nodes) == 1 and len({p.app for p in broken}) > 1 and elsewhere:
        yield from (node_service(node, service) for node in nodes for service in ("kube-proxy", "containerd"))


def _waiting(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    for app, pods in list(unscheduled(snapshot).items())[:_FEW]:
        event = refusal(snapshot, pods)
        if event is None:
            yield describe("pods", pods[0].name, snapshot.namespace)
            heads = [n for n in snapshot.nodes if n.control_plane] or snapshot.nodes[:2]
            yield from (node_service(n.name, "kube-scheduler") for n in heads)
            continue
        yield manifest(app)
        told = event.message.lower()
        if "persistentvolumeclaim" in told or "persistent volume" in told:
            yield from _claims(snapshot)
        else:
            yield ClusterQuery(verb="configuration")


def _claims(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    namespace = snapshot.namespace
    yield listing("persistentvolumeclaims", namespace)
    yield listing("persistentvolumes", namespace, "labels")
    pending = [c.name for c in snapshot.claims if c.status == "Pending"]
    yield from (describe("persistentvolumeclaims", name, namespace) for name in pending[:2])
    yield listing("resourcequotas", namespace)


def _broken(snapshot: Snapshot, pods: list[Pod]) -> Iterator[ClusterQuery]:
    """One pod of each application: first those that only their own setup can stop, then databases."""
    first: dict[str, Pod] = {}
    for pod in sorted(pods, key=lambda p: (_rank(snapshot, p), -p.restarts, p.name)):
        first.setdefault(pod.app, pod)
    for pod in list(first.values())[:_FEW]:
        yield describe("pods", pod.name, snapshot.namespace)
        if pod.status.removeprefix("Init:") not in STATES:
            yield manifest(pod.app)
            yield error_logs(pod.app, snapshot.namespace)


def _rank(snapshot: Snapshot, pod: Pod) -> int:
    if pod.status not in _RUNNING:
        return 0
    return 1 if is_store(snapshot, pod.app) else 2


def _missing(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    namespace = snapshot.namespace
    lacking = [d for d in snapshot.deployments if lacks_pods(snapshot, d.name)[0]]
    named = {s.name for s in snapshot.services}
    if lacking or any(d.name not in named for d in snapshot.deployments):
        yield listing("resourcequotas", namespace)
    if lacking:
        yield listing("replicasets", namespace)
    yield from (describe("replicasets", name, namespace) for name in snapshot.short_sets[:2])
    yield from (manifest(d.name) for d in lacking[:1])


def _beneath(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Whom the broken applications complain about."""
    if not snapshot.broken_pods():
        return
    for service in blamed_services(snapshot)[:2]:
        app = snapshot.backing_app(service)
        yield manifest(app)
        yield from (describe("pods", p.name, snapshot.namespace) for p in snapshot.pods_of(app)[:1])
        yield error_logs(app, snapshot.namespace)


def _neighbours(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """What healthy applications from the same source do, to compare a broken one with."""
    for app in [p.app for p in snapshot.broken_pods()][:1]:
        own = snapshot.deployment(app)
        places = {image.rpartition("/")[0] for image in own.images} if own else set()
        alike = [d for d in snapshot.deployments if d.ready and d.name != app]
        alike.sort(key=lambda d: not any(image.rpartition("/")[0] in places for image in d.images))
        yield from (manifest(d.name) for d in alike[:2])


def _slow(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Who is called by the slowest: the outermost application waits longest."""
    late: dict[str, float] = {}
    for signal in snapshot.signals:
        if signal.scope == "service" and signal.kind == "latency":
            app = snapshot.app_of(signal.name)
            late[app] = max(late.get(app, 0.0), signal.current or 0.0)
    yield from (dependencies(app) for app in sorted(late, key=lambda a: -late[a])[:2])
