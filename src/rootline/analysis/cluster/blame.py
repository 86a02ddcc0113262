"""Whom the errors in the logs point at."""

import re
from collections import Counter

from rootline.analysis.cluster.objects import Service
from rootline.analysis.cluster.snapshot import Snapshot

_UNRESOLVED = re.compile(r"no such host|UnknownHost|Name or service not known", re.IGNORECASE)
_STALE = 0.1
"""Weight of "no such host" for a service that exists: that is how a start-up looks from outside."""


def blamed_services(snapshot: Snapshot) -> list[Service]:
    """Services that errors name, the most often named first; a caller's own service does not count."""
    votes: Counter[str] = Counter()
    for pattern in snapshot.logs:
        weight = pattern.count * (_STALE if _UNRESOLVED.search(pattern.text) else 1.0)
        for service in snapshot.services:
            if snapshot.backing_app(service) != pattern.app and _names(pattern.text, service):
                votes[service.name] += max(1, round(weight))
    found = [snapshot.service(name) for name, _ in votes.most_common()]
    return [service for service in found if service is not None]


def _names(text: str, service: Service) -> bool:
    if service.cluster_ip and f"{service.cluster_ip}:" in text:
        return True
    at = text.find(service.name)
    while at >= 0:
        after = text[at + len(service.name) : at + len(service.name) + 1]
        before = text[at - 1 : at] if at else ""
        if not (after.isalnum() or after in {"-", "_"}) and not (before.isalnum() or before in {"-", "_"}):
            return True
        at = text.find(service.name, at + 1)
    return False


def entry_services(snapshot: Snapshot) -> list[Service]:
    """Services that are open to the outside, or the ones with the fewest callers where none is."""
    outside = [s for s in snapshot.services if s.type in {"NodePort", "LoadBalancer"}]
    inside = [s for s in snapshot.services if s.selector and any(p in {80, 8080, 443} for p, _ in s.ports)]
    return outside or inside or [s for s in snapshot.services if s.selector]


def own_service(snapshot: Snapshot, app: str) -> list[Service]:
    """The service inside the cluster that leads to an application, if there is one."""
    mine = [s for s in snapshot.services if s.ports and snapshot.backing_app(s) == app]
    return sorted(mine, key=lambda s: (s.name != app, s.type != "ClusterIP"))[:1]
