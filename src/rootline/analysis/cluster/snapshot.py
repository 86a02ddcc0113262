"""Everything that was read of a cluster so far, as one value."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from statistics import median

from rootline.analysis.cluster import listings, reports
from rootline.analysis.cluster.describe import parse
from rootline.analysis.cluster.manifests import manifest
from rootline.analysis.cluster.objects import (
    Call,
    Claim,
    Deployment,
    Endpoint,
    Event,
    LogPattern,
    Node,
    NodeFact,
    NodeService,
    Pod,
    Quota,
    Reach,
    Service,
    Signal,
    Volume,
)
from rootline.analysis.cluster.poddetail import events, pod_detail
from rootline.analysis.cluster.proof import LineProof, proof_at
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.routes import backends, text_routes
from rootline.analysis.cluster.tables import rows
from rootline.analysis.cluster.workload import Manifest, PodDetail, Route, ServiceSpec, Workload

_RECENT_S = 3_600.0
_SOONER = 4.0
"""A restart this many times more recent than the usual one is another one."""
_LEAVING = {"Terminating"}
_ENDED = {"Evicted", "Error", "Failed", "ContainerStatusUnknown", "Shutdown", "NodeShutdown"}
_SAFE = "[bcdfghjklmnpqrstvwxz2456789]"
"""Letters and digits of generated names, chosen so that they spell nothing.

Source: k8s.io/apimachinery, pkg/util/rand.
"""
_REPLICA = re.compile(rf"-{_SAFE}{{6,10}}-{_SAFE}{{5}}$|-\d{{1,3}}$|-{_SAFE}{{5}}$")
_HASH = re.compile(rf"-{_SAFE}{{6,10}}$")


@dataclass(slots=True)
class Snapshot:
    """What was read, by kind; filled once and then only looked at."""

    namespace: str
    pods: list[Pod] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    node_facts: list[NodeFact] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    volumes: list[Volume] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    logs: list[LogPattern] = field(default_factory=list)
    reaches: list[Reach] = field(default_factory=list)
    node_services: list[NodeService] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    manifests: list[Manifest] = field(default_factory=list)
    details: list[PodDetail] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    ingresses: list[str] = field(default_factory=list)
    config_maps: list[str] = field(default_factory=list)
    short_sets: list[str] = field(default_factory=list)
    empty: list[ClusterQuery] = field(default_factory=list)

    def app_of(self, name: str) -> str:
        """The application that an object's name belongs to: `web-5d8f-abcde` and `web-5d8f` to `web`."""
        owners = [d.name for d in self.deployments if name == d.name or name.startswith(f"{d.name}-")]
        if owners:
            return max(owners, key=len)
        return _REPLICA.sub("", name) if _REPLICA.search(name) else _HASH.sub("", name)

    def app_of_subject(self, subject: str) -> str:
        """The application that `pod/NAME`, `replicaset/NAME` or `deployment/NAME` belongs to."""
        kind, _, name = subject.partition("/")
        return name if kind.lower() in {"app", "deployment", "statefulset"} else self.app_of(name)

    def pods_of(self, app: str) -> list[Pod]:
        """The pods of an application."""
        return [pod for pod in self.pods if pod.app == app]

    def broken_pods(self) -> list[Pod]:
        """Pods with a node that should run and do not; leftovers of a complete application do not count."""
        return [p for p in self.pods if p.node and not p.healthy and not self._left_over(p)]

    def restarted_pods(self) -> list[Pod]:
        """Pods that run but were restarted lately, unless that happened to most pods alike."""
        again = [p for p in self.pods if p.restarts]
        lately = [p for p in again if p.healthy and (p.restarted_s or 0.0) < _RECENT_S]
        if len(again) * 2 <= len(self.pods):
            return lately
        count = median(p.restarts for p in again)
        age = median(p.restarted_s or 0.0 for p in again)
        return [p for p in lately if p.restarts > 2 * count or (p.restarted_s or age) < age / _SOONER]

    def unwell(self, app: str) -> list[LineProof]:
        """Where the pods of an application are listed as not ready, or as restarted of late."""
        lately = self.restarted_pods()
        return [p.proof for p in self.pods_of(app) if not p.healthy or p in lately]

    def _left_over(self, pod: Pod) -> bool:
        deployment = self.deployment(pod.app)
        complete = deployment is not None and deployment.ready >= deployment.wanted > 0
        return pod.status in _LEAVING or (complete and pod.status in _ENDED)

    def deployment(self, app: str) -> Deployment | None:
        """The deployment of an application."""
        return next((d for d in self.deployments if d.name == app), None)

    def node(self, name: str) -> Node | None:
        """A node by its name."""
        return next((n for n in self.nodes if n.name == name), None)

    def service(self, name: str) -> Service | None:
        """A service by its name."""
        return next((s for s in self.services if s.name == name), None)

    def workload(self, app: str) -> Workload | None:
        """The template of an application: its manifest, or else one of its described pods."""
        named = [w for m in self.manifests for w in m.workloads]
        found = next((w for w in named if w.app == app), None)
        only = next((m.workloads[0] for m in self.manifests if m.app == app and len(m.workloads) == 1), None)
        return found or only or next((d.workload for d in self.details if d.app == app), None)

    def workloads(self) -> list[Workload]:
        """One template for each application that was looked at."""
        apps = dict.fromkeys([w.app for m in self.manifests for w in m.workloads] + [d.app for d in self.details])
        found = [self.workload(app) for app in apps]
        return [w for w in found if w is not None]

    def service_specs(self) -> list[ServiceSpec]:
        """The services as installed, where a manifest was read."""
        return [s for m in self.manifests for s in m.services]

    def backing_app(self, service: Service) -> str:
        """The application behind a service: whom it selects, or who carries its name or the start of it."""
        for deployment in self.deployments:
            if service.selector and service.selector.items() <= deployment.selector.items():
                return deployment.name
        known = self.apps()
        selected = [value for value in service.selector.values() if value in known]
        if service.name in known or not selected:
            prefixes = [app for app in known if service.name == app or service.name.startswith(f"{app}-")]
            return max(prefixes, key=len, default=service.name)
        return selected[0]

    def apps(self) -> set[str]:
        """The applications that have a deployment or pods."""
        return {d.name for d in self.deployments} | {p.app for p in self.pods}


def read_snapshot(seen: Mapping[ClusterQuery, str], namespace: str) -> Snapshot:
    """Parse every text that was read; one that cannot be read counts as empty."""
    snapshot = Snapshot(namespace)
    ordered = sorted(seen.items(), key=lambda item: item[0].verb != "get")
    for query, text in ordered:
        if text.strip():
            _add(snapshot, query, text)
        else:
            snapshot.empty.append(query)
    snapshot.nodes = listings.with_heads(snapshot.nodes)
    snapshot.pods = [replace(pod, app=snapshot.app_of(pod.name)) for pod in _unique(snapshot.pods)]
    return snapshot


def _unique(pods: Iterable[Pod]) -> list[Pod]:
    """Each pod once; a row that names the node wins over one that does not."""
    best: dict[str, Pod] = {}
    for pod in pods:
        if pod.name not in best or (pod.node and not best[pod.name].node):
            best[pod.name] = pod
    return list(best.values())


def _add(snapshot: Snapshot, query: ClusterQuery, text: str) -> None:
    if query.verb == "get" and query.kind in _LISTS:
        _LISTS[query.kind](snapshot, query, text)
    elif query.verb == "describe":
        _describe(snapshot, query, text)
    elif query.verb in _REPORTS:
        _REPORTS[query.verb](snapshot, query, text)


def _describe(snapshot: Snapshot, query: ClusterQuery, text: str) -> None:
    if query.kind == "pods":
        detail = pod_detail(query, text, snapshot.app_of(query.name))
        snapshot.details.append(detail)
        snapshot.events.extend(detail.events)
        return
    if query.kind == "ingresses":
        snapshot.routes.extend(backends(query, text))
    if query.kind == "configmaps":
        snapshot.routes.extend(text_routes(query, text))
    tree, table = parse(text)
    subject = f"{query.kind.removesuffix('s')}/{query.name}"
    snapshot.events.extend(events(query, subject, table))
    conditions = tree.child("Conditions")
    for entry in conditions.below if query.kind == "nodes" and conditions else ():
        proof = proof_at(query, entry.line, subject)
        fact = NodeFact(node=query.name, topic="condition", text=entry.value, proof=proof)
        snapshot.node_facts.append(fact)


Reading = Callable[[Snapshot, ClusterQuery, str], None]

_LISTS: Mapping[str, Reading] = {
    "pods": lambda s, q, t: s.pods.extend(listings.pods(q, t)),
    "deployments": lambda s, q, t: s.deployments.extend(listings.deployments(q, t)),
    "statefulsets": lambda s, q, t: s.deployments.extend(listings.deployments(q, t)),
    "replicasets": lambda s, _, t: s.short_sets.extend(listings.short_replica_sets(t)),
    "configmaps": lambda s, _, t: s.config_maps.extend(row.cell("NAME") for row in rows(t)),
    "ingresses": lambda s, _, t: s.ingresses.extend(row.cell("NAME") for row in rows(t)),
    "services": lambda s, q, t: s.services.extend(listings.services(q, t)),
    "nodes": lambda s, q, t: s.nodes.extend(listings.nodes(q, t)),
    "events": lambda s, q, t: s.events.extend(listings.events(q, t)),
    "persistentvolumeclaims": lambda s, q, t: s.claims.extend(listings.claims(q, t)),
    "persistentvolumes": lambda s, q, t: s.volumes.extend(listings.volumes(q, t)),
    "resourcequotas": lambda s, q, t: s.quotas.extend(listings.quotas(q, t)),
    "endpoints": lambda s, q, t: s.endpoints.extend(listings.endpoints(q, t)),
}
_REPORTS: Mapping[str, Reading] = {
    "alerts": lambda s, q, t: s.signals.extend(reports.signals(q, t)),
    "error_logs": lambda s, q, t: s.logs.extend(reports.log_patterns(q, t)),
    "logs": lambda s, q, t: s.logs.extend(reports.log_patterns(q, t)),
    "connectivity": lambda s, q, t: s.reaches.extend(reports.reaches(q, t)),
    "node_service": lambda s, q, t: s.node_services.extend(reports.node_services(q, t)),
    "dependencies": lambda s, q, t: s.calls.extend(reports.calls(q, t)),
    "configuration": lambda s, q, t: s.node_facts.extend(reports.node_facts(q, t)),
    "manifest": lambda s, q, t: s.manifests.append(manifest(q, t)),
}
