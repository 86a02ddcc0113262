"""Routes of a gateway, an ingress or a mesh that lead to the wrong place."""

import re
from collections.abc import Iterator, Sequence

from rootline.analysis.cluster.blame import names_service
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.names import plain
from rootline.analysis.cluster.objects import Event
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.workload import Route

_MISFIT = re.compile(
    r"no valid HTTP|invalid header|malformed HTTP|protocol error|upstream sent (?:too big|invalid|unexpected)"
    r"|\bunimplemented\b|\" 40[45]\b|status(?: code)?[=: ]{1,3}40[45]\b",
    re.IGNORECASE,
)
"""What a proxy writes when what it leads to answers, but not to what it was asked."""

_TELLING = 6
"""Path segments up to this long (`api`, `v1`, `users`) name no service."""


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Check each route that was read against the services that exist."""
    if not snapshot.services:
        return
    for manifest in snapshot.manifests:
        alone = manifest.services if len(manifest.routes) == 1 else ()
        for route in manifest.routes:
            yield from _route(snapshot, manifest.app, route, {s.name for s in alone})
        yield from _misfits(snapshot, manifest.app, manifest.routes)
    for route in snapshot.routes:
        owner = _owner(snapshot, route)
        yield from _route(snapshot, owner or snapshot.app_of(route.service), route, _own(snapshot, route, owner))
    for event in snapshot.events:
        if event.subject.startswith(("ingress/", "gateway/", "virtualservice/")) and event.warning:
            yield _told(snapshot, event)


def _misfits(snapshot: Snapshot, app: str, routes: Sequence[Route]) -> Iterator[Candidate]:
    """Routes to a service that answers otherwise than the proxy expects, while its other routes lead elsewhere."""
    told = [p for p in snapshot.logs if p.app == app and _MISFIT.search(p.text)]
    for route in routes:
        service = snapshot.service(route.service)
        others = {one.service for one in routes} - {route.service}
        lines = [p.proof for p in told if service is not None and names_service(p.text, service)]
        if service is not None and others and lines:
            yield Candidate(
                object=f"app/{app}",
                cause="route_leads_elsewhere",
                score=0.88,
                mechanism=f"The route of {route.owner} for {route.path or 'a path'} sends requests to {route.service}, "
                "which answers, but not to them.",
                support=(route.proof, *lines[:2], service.proof),
            )


def _own(snapshot: Snapshot, route: Route, owner: str) -> set[str]:
    """The services of the application that an ingress with a single rule is named after."""
    alone = sum(r.owner == route.owner for r in snapshot.routes) == 1 and route.proof.query.kind == "ingresses"
    return {s.name for s in snapshot.services if alone and owner and snapshot.backing_app(s) == owner}


def _owner(snapshot: Snapshot, route: Route) -> str:
    """The application that a route is named after."""
    named = [app for app in snapshot.apps() if route.owner == app or route.owner.startswith(f"{app}-")]
    return max(named, key=len, default="")


def _route(snapshot: Snapshot, app: str, route: Route, own: set[str]) -> Iterator[Candidate]:
    service = snapshot.service(route.service)
    numbers = {str(p) for p, _ in service.ports} if service else set()
    meant = _meant(snapshot, route)
    if service is None and snapshot.deployment(route.service) is not None:
        return  # the route is right: it is the service of this application that is missing
    if service is None:
        score, why = 0.93, f"to {route.service}, which does not exist"
    elif route.port.isdecimal() and numbers and route.port not in numbers:
        score, why = 0.93, f"to port {route.port} of {route.service}, which it does not offer"
    elif meant and route.service not in meant:
        score, why = 0.92, f"for {route.path} to {route.service} instead of {meant[0]}"
    elif own and route.service not in own:
        score, why = 0.8, f"to {route.service}, which is another application"
    else:
        return
    yield Candidate(
        object=f"app/{app}",
        cause="route_leads_elsewhere",
        score=score,
        mechanism=f"The route of {route.owner} sends requests {why}.",
        support=(route.proof, *([service.proof] if service else [])),
    )


def _meant(snapshot: Snapshot, route: Route) -> list[str]:
    """The services that a segment of the path is named after."""
    segments = {plain(segment) for segment in route.path.split("/") if len(segment) > _TELLING}
    return [s.name for s in snapshot.services if any(plain(s.name).endswith(segment) for segment in segments)]


def _told(snapshot: Snapshot, event: Event) -> Candidate:
    name = event.subject.partition("/")[2]
    return Candidate(
        object=f"app/{snapshot.app_of(name)}",
        cause="route_leads_elsewhere",
        score=0.7,
        mechanism=f"The gateway complains about the route {name}.",
        support=(event.proof,),
    )
