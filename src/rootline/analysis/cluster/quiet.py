"""What to read when every object looks well and yet something is wrong."""

import re
from collections import Counter
from collections.abc import Iterator

from rootline.analysis.cluster.asking import dependencies, describe, error_logs, manifest, node_service, reach
from rootline.analysis.cluster.blame import (
    blamed_services,
    entry_services,
    names_service,
    own_service,
    unresolved,
)
from rootline.analysis.cluster.faults.database import is_store
from rootline.analysis.cluster.objects import Service
from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.analysis.cluster.snapshot import Snapshot

_FEW = 2
_READ, _MOST_PATTERNS = 600, 20
_HOST_AND_PORT = re.compile(r"(?<![\w./@-])([a-z][a-z0-9-]{2,62}):\d{2,5}(?![\w.:-])")
_ROUTING = re.compile(r"gateway|route|nginx|proxy|ingress|envoy|haproxy|traefik", re.IGNORECASE)


def quiet_leads(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Follow the errors inwards from the entry, then look at how services are wired."""
    entries = list(dict.fromkeys(snapshot.backing_app(s) for s in entry_services(snapshot)))[:_FEW]
    yield listing("endpoints", snapshot.namespace)
    yield from _nowhere(snapshot)
    yield from _entrance(snapshot, entries)
    yield from _misled(snapshot)
    blamed = blamed_services(snapshot)
    if not blamed:
        yield from _silent_entrance(snapshot)
    yield from _inwards(snapshot, blamed)
    yield from _around(snapshot, blamed[:1])
    yield from _unproven_proxies(snapshot)
    yield from _around(snapshot, blamed[1:_FEW])
    yield from (manifest(snapshot.backing_app(service)) for service in blamed[_FEW : 2 * _FEW])
    yield from (manifest(app) for app in _translated(snapshot)[:_FEW])
    yield from _stores(snapshot)
    yield from _routing(snapshot)
    yield from (error_logs(app, snapshot.namespace) for app in entries[1:])
    for app in _callers(snapshot)[: _FEW + 1]:
        yield manifest(app)
        yield error_logs(app, snapshot.namespace)
    yield listing("resourcequotas", snapshot.namespace)
    for app in _callers(snapshot):
        yield error_logs(app, snapshot.namespace)
        yield manifest(app)


def _misled(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Who complains of a host that no service is called; and who else asks for a name that does not resolve.

    A caller often repeats the error of the one it called, so that the name was looked up further in.
    """
    for pattern in snapshot.logs[:_MOST_PATTERNS]:
        text = pattern.text[:_READ]
        if any(snapshot.service(host) is None for host in _HOST_AND_PORT.findall(text)):
            yield manifest(pattern.app)
        if unresolved(text):
            asked = [snapshot.backing_app(s) for s in snapshot.services if s.selector and names_service(text, s)]
            callers = dict.fromkeys(c.caller for c in snapshot.calls if c.callee in asked)
            yield from (manifest(app) for app in [app for app in callers if app != pattern.app][:_FEW])


def _silent_entrance(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """An entry that complains of nothing is not reached, or leaves the calling to those behind it."""
    yield listing("ingresses", snapshot.namespace)
    yield from (describe("ingresses", name, snapshot.namespace) for name in snapshot.ingresses[:_FEW])
    yield from (error_logs(app, snapshot.namespace) for app in _callers(snapshot)[: _FEW + 1])


def _inwards(snapshot: Snapshot, blamed: list[Service]) -> Iterator[ClusterQuery]:
    """What those log whom others complain about: who complains about nobody is where the errors begin."""
    apps = dict.fromkeys(snapshot.backing_app(service) for service in blamed)
    yield from (error_logs(app, snapshot.namespace) for app in list(apps)[: _FEW + 1])


def _entrance(snapshot: Snapshot, entries: list[str]) -> Iterator[ClusterQuery]:
    """What the entry complains about, whether it is reached from every node, and whom it calls."""
    for app in entries[:1]:
        yield error_logs(app, snapshot.namespace)
        yield from (reach(s, snapshot.namespace) for s in own_service(snapshot, app))
    yield from _proxies(snapshot)
    yield from (manifest(app) for app in entries[:1])
    yield from (dependencies(app) for app in entries[: 1 if snapshot.calls else _FEW])


def _routing(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """The rules of gateways: as ingresses, or else in the configuration of a proxy."""
    yield listing("ingresses", snapshot.namespace)
    yield from (describe("ingresses", name, snapshot.namespace) for name in snapshot.ingresses[:_FEW])
    if not snapshot.ingresses:
        yield listing("configmaps", snapshot.namespace)
        telling = [name for name in snapshot.config_maps if _ROUTING.search(name)]
        yield from (describe("configmaps", name, snapshot.namespace) for name in telling[:_FEW])


def _nowhere(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """Services that lead to nobody although their application runs."""
    for endpoint in snapshot.endpoints:
        service = snapshot.service(endpoint.service)
        if service is not None and service.selector and not endpoint.addresses:
            yield manifest(snapshot.backing_app(service))


def _translated(snapshot: Snapshot) -> list[str]:
    """Applications behind services that lead to another port than their own; most services do not."""
    found = []
    for endpoint in snapshot.endpoints:
        service = snapshot.service(endpoint.service)
        led_to = {port for _, port in endpoint.addresses}
        if service is not None and service.ports and led_to and not led_to & {p for p, _ in service.ports}:
            found.append(snapshot.backing_app(service))
    return list(dict.fromkeys(found))


def _around(snapshot: Snapshot, blamed: list[Service]) -> Iterator[ClusterQuery]:
    """Whom the errors name; and who calls it, since an answer that never comes may never be asked for."""
    for service in blamed:
        app = snapshot.backing_app(service)
        yield manifest(app)
        yield reach(service, snapshot.namespace)
        callers = [c.caller for c in snapshot.calls if c.callee == app]
        yield from (manifest(caller) for caller in list(dict.fromkeys(callers))[:_FEW])
        yield error_logs(app, snapshot.namespace)


def _stores(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """What databases log, and what those log that use them."""
    apps = dict.fromkeys(p.app for p in snapshot.pods if is_store(snapshot, p.app))
    for app in list(apps)[:_FEW]:
        yield error_logs(app, snapshot.namespace)
        yield manifest(app)
        if not any(call.callee == app for call in snapshot.calls):
            yield dependencies(app)
    users = dict.fromkeys(c.caller for c in snapshot.calls if c.callee in apps)
    yield from (error_logs(app, snapshot.namespace) for app in list(users)[:_FEW])


def _proxies(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    failing = [r.node for r in snapshot.reaches if r.node and not r.reached]
    yield from (node_service(node, "kube-proxy") for node in dict.fromkeys(failing))


def _unproven_proxies(snapshot: Snapshot) -> Iterator[ClusterQuery]:
    """The forwarding of the busiest nodes, unless a check was made from them."""
    checked = {r.node for r in snapshot.reaches}
    nodes = Counter(pod.node for pod in snapshot.pods if pod.node)
    busiest = [node for node, _ in nodes.most_common(_FEW)]
    yield from (node_service(node, "kube-proxy") for node in busiest if node not in checked)


def _callers(snapshot: Snapshot) -> list[str]:
    """Applications that call others: those first that call whom the errors name, then who calls most."""
    blamed = {snapshot.backing_app(s) for s in blamed_services(snapshot)}
    called: dict[str, set[str]] = {}
    for call in snapshot.calls:
        called.setdefault(call.caller, set()).add(call.callee)
    return sorted(called, key=lambda app: (not called[app] & blamed, -len(called[app]), app))
