"""What is worth reading next, by what the overview shows."""

from collections.abc import Iterator

from rootline.analysis.cluster.blame import blamed_services, entry_services
from rootline.analysis.cluster.faults.database import is_store
from rootline.analysis.cluster.faults.scheduling import refusal, unscheduled
from rootline.analysis.cluster.objects import Pod, Service
from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.analysis.cluster.snapshot import Snapshot

_IMAGES = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"}
_MANY = 3
_RECENT_S = 3_600.0


def describe(kind: str, name: str, namespace: str) -> ClusterQuery:
    """Show one object."""
    return ClusterQuery(verb="describe", kind=kind, name=name, namespace=namespace)


def manifest(app: str) -> ClusterQuery:
    """What an application was installed with."""
    return ClusterQuery(verb="manifest", name=app)


def error_logs(app: str, namespace: str) -> ClusterQuery:
    """The errors that an application logged."""
    return ClusterQuery(verb="error_logs", name=app, namespace=namespace)


def node_service(node: str, service: str) -> ClusterQuery:
    """The state of a system service on a node."""
    return ClusterQuery(verb="node_service", kind=service, name=node)


def reach(service: Service, namespace: str) -> ClusterQuery:
    """Try a service's first port."""
    port = service.ports[0][0] if service.ports else 0
    return ClusterQuery(verb="connectivity", name=service.name, namespace=namespace, port=port)


def leads(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Reads in the order of their promise; some may have been made already."""
    yield from _nodes(snapshot)
    yield from _waiting(snapshot)
    yield from _broken(snapshot)
    yield from _missing(snapshot)
    if snapshot.signals:
        yield from _slow(snapshot)
    else:
        yield from _quiet(snapshot)


def _nodes(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    for node in snapshot.nodes:
        if not node.ready:
            yield node_service(node.name, "kubelet")
            yield node_service(node.name, "containerd")
            yield describe("nodes", node.name, snapshot.namespace)


def _waiting(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    namespace = snapshot.namespace
    for app, pods in list(unscheduled(snapshot).items())[:_MANY]:
        event = refusal(snapshot, pods)
        if event is None:
            yield describe("pods", pods[0].name, namespace)
            yield from (node_service(n.name, "kube-scheduler") for n in snapshot.nodes if n.control_plane)
            continue
        yield manifest(app)
        if "persistentvolumeclaim" in event.message.lower() or "persistent volume" in event.message:
            yield listing("persistentvolumeclaims", namespace)
            yield listing("persistentvolumes", namespace, "labels")
            yield from (describe("persistentvolumeclaims", c.name, namespace) for c in snapshot.claims[:2])
            yield listing("resourcequotas", namespace)
        else:
            yield ClusterQuery(verb="configuration")


def _broken(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Pods that do not start, do not become ready or start again and again; those nobody else can harm first."""
    namespace = snapshot.namespace
    pods = [p for p in snapshot.pods if _is_broken(p)]
    first = {p.app: p for p in sorted(pods, key=lambda p: (_rank(snapshot, p), -p.restarts, p.name), reverse=True)}
    for pod in list(reversed(first.values()))[:_MANY]:
        yield describe("pods", pod.name, namespace)
        if pod.status not in _IMAGES:
            yield manifest(pod.app)
            yield error_logs(pod.app, namespace)


def _is_broken(pod: Pod) -> bool:
    again = pod.restarts > 0 and (pod.restarted_s is None or pod.restarted_s < _RECENT_S)
    return bool(pod.node) and (not pod.healthy or again)


def _rank(snapshot: Snapshot, pod: Pod) -> int:
    if pod.status not in {"Running", "CrashLoopBackOff", "Error"}:
        return 0
    return 1 if is_store(snapshot, pod.app) else 2


def _missing(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    lacking = [d for d in snapshot.deployments if len(snapshot.pods_of(d.name)) < d.wanted]
    named = {s.name for s in snapshot.services}
    if lacking or any(d.name not in named for d in snapshot.deployments):
        yield listing("resourcequotas", snapshot.namespace)
    for deployment in lacking[:2]:
        yield describe("deployments", deployment.name, snapshot.namespace)


def _slow(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    for service in entry_services(snapshot)[:1]:
        yield ClusterQuery(verb="dependencies", name=snapshot.backing_app(service))


def _quiet(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Everything looks well: follow the errors from the entry, then look at how services are wired."""
    namespace = snapshot.namespace
    entries = entry_services(snapshot)[:2]
    yield listing("endpoints", namespace)
    for app in dict.fromkeys(snapshot.backing_app(s) for s in entries):
        yield error_logs(app, namespace)
    yield from _nowhere(snapshot)
    for service in blamed_services(snapshot)[:_MANY]:
        yield manifest(snapshot.backing_app(service))
        yield reach(service, namespace)
        yield error_logs(snapshot.backing_app(service), namespace)
    yield from _proxies(snapshot)
    for service in entries[:1]:
        yield reach(service, namespace)
        yield ClusterQuery(verb="dependencies", name=snapshot.backing_app(service))
        yield manifest(snapshot.backing_app(service))
    yield listing("resourcequotas", namespace)
    yield from (node_service(n, "kube-proxy") for n in _busy_nodes(snapshot))
    yield from (manifest(app) for app in _callers(snapshot))


def _nowhere(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    for endpoint in snapshot.endpoints:
        service = snapshot.service(endpoint.service)
        if service is not None and service.selector and not endpoint.addresses:
            yield manifest(snapshot.backing_app(service))


def _proxies(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    failing = [r.node for r in snapshot.reaches if r.node and not r.reached]
    yield from (node_service(node, "kube-proxy") for node in dict.fromkeys(failing))


def _busy_nodes(snapshot: Snapshot) -> list[str]:
    return list(dict.fromkeys(sorted(pod.node for pod in snapshot.pods if pod.node)))


def _callers(snapshot: Snapshot) -> list[str]:
    blamed = {snapshot.backing_app(s) for s in blamed_services(snapshot)}
    calling = [c.caller for c in snapshot.calls if c.callee in blamed]
    return list(dict.fromkeys(calling + [c.caller for c in snapshot.calls]))
