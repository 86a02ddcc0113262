"""Whom the errors in the logs point at."""

import re
from collections import Counter

from rootline.analysis.cluster.names import plain
from rootline.analysis.cluster.objects import Service
from rootline.analysis.cluster.snapshot import Snapshot

_UNRESOLVED = re.compile(r"no such host|UnknownHost|Name or service not known", re.IGNORECASE)
_ROOT = re.compile(r"-?(?:service|svc|server|api)$|^(?:ts|svc)-")
_ENTRANCE = re.compile(r"front|gateway|ingress|(?:^|-)(?:ui|web|www|portal|edge)(?:-|$)|dashboard")
_WEB_PORTS = {80, 443, 3000, 8000, 8080, 8443}
_READ = 600
_TELLING = 5
_HINT = 0.25
"""Weight of a word that only resembles a service's name ("failed to get shipping quote")."""


def blamed_services(snapshot: Snapshot) -> list[Service]:
    """Services that errors name, the most often named first; a caller's own service does not count.

    "No such host" for a service that exists is how a start-up looks from outside, and is left out.
    """
    votes: Counter[str] = Counter()
    for pattern in snapshot.logs:
        if _UNRESOLVED.search(pattern.text):
            continue
        words = plain(pattern.text[:_READ])
        for service in snapshot.services:
            if snapshot.backing_app(service) == pattern.app:
                continue
            if names_service(pattern.text, service):
                votes[service.name] += 4 * pattern.count
            elif _resembles(words, service):
                votes[service.name] += max(1, round(4 * pattern.count * _HINT))
    found = [snapshot.service(name) for name, _ in votes.most_common()]
    return [service for service in found if service is not None]


def unresolved(text: str) -> bool:
    """Whether a text says that a name does not resolve."""
    return _UNRESOLVED.search(text) is not None


def _resembles(words: str, service: Service) -> bool:
    root = plain(_ROOT.sub("", service.name))
    return len(root) >= _TELLING and root in words


def names_service(text: str, service: Service) -> bool:
    """Whether a text names a service as a word of its own, or its address."""
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
    """Services that traffic comes in by, the likeliest first: open to the outside, on a web port, called so."""
    open_ones = [s for s in snapshot.services if s.type in {"NodePort", "LoadBalancer"}]
    candidates = open_ones or [s for s in snapshot.services if s.selector]
    return sorted(
        candidates,
        key=lambda s: (
            not _ENTRANCE.search(s.name),
            not {port for port, _ in s.ports} & _WEB_PORTS,
            snapshot.services.index(s),
        ),
    )


def own_service(snapshot: Snapshot, app: str) -> list[Service]:
    """The service inside the cluster that leads to an application, if there is one."""
    mine = [s for s in snapshot.services if s.ports and snapshot.backing_app(s) == app]
    return sorted(mine, key=lambda s: (s.name != app, s.type != "ClusterIP"))[:1]
