"""Routes of a gateway, an ingress or a mesh that lead to the wrong place."""

from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Event
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.workload import Manifest, Route


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Check each route that was read against the services that exist."""
    for manifest in snapshot.manifests:
        for route in manifest.routes:
            yield from _route(snapshot, manifest, route)
    for event in snapshot.events:
        if event.subject.startswith(("ingress/", "gateway/", "virtualservice/")) and event.warning:
            yield _told(snapshot, event)


def _route(snapshot: Snapshot, manifest: Manifest, route: Route) -> Iterator[Candidate]:
    service = snapshot.service(route.service)
    own = {s.name for s in manifest.services}
    numbers = {str(p) for p, _ in service.ports} if service else set()
    strays = bool(own) and route.service not in own and len(manifest.routes) == 1
    if service is None and snapshot.services:
        score, why = 0.93, f"to {route.service}, which does not exist"
    elif route.port.isdigit() and numbers and route.port not in numbers:
        score, why = 0.93, f"to port {route.port} of {route.service}, which it does not offer"
    elif strays:
        score, why = 0.8, f"to {route.service}, which is another application"
    else:
        return
    yield Candidate(
        object=f"app/{manifest.app}",
        cause="gateway_misroute",
        score=score,
        mechanism=f"The route {route.owner} sends requests {why}.",
        support=(route.proof, *([service.proof] if service else [])),
    )


def _told(snapshot: Snapshot, event: Event) -> Candidate:
    name = event.subject.partition("/")[2]
    return Candidate(
        object=f"app/{snapshot.app_of(name)}",
        cause="gateway_misroute",
        score=0.7,
        mechanism=f"The gateway complains about the route {name}.",
        support=(event.proof,),
    )
