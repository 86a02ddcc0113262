"""get_topology: who depends on whom, and who suffers when one fails."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from rootline.analysis.topology import Graph, blast_radius
from rootline.domain.evidence import ClusterOutcome, Reading, SourceName, Truncated
from rootline.domain.fact import EdgeFact, ServiceFact
from rootline.domain.service_key import means
from rootline.domain.signal import Edge
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.tools.observation import edges_of
from rootline.tools.scene import Scene
from rootline.tools.times import End, Start, resolve
from rootline.tools.wording import alike, not_configured, nothing, some


async def get_topology(
    service: Annotated[str, Field(description="Centre; empty: the whole", max_length=300)] = "",
    start: Start = "",
    end: End = "",
    limit: Annotated[int, Field(description="Services shown", ge=1, le=100)] = 20,
    *,
    scene: Scene,
) -> Reading:
    """Show callers, callees and blast radius, from declared topology, traces and metrics."""
    window = resolve(start, end, scene.window, scene.now)
    source = scene.sources.topology or scene.sources.traces
    if source is None:
        return not_configured("topology", window, scene.sources.cluster_name)
    backend = SourceName(backend=source.name, cluster=scene.sources.cluster_name)
    failed = list[SourceFailed]()
    edges = await edges_of(scene.sources, window, failed)
    if failed and not edges:
        raise failed[0]
    tell([_without(failed)] if failed else [])
    graph = Graph.of(edges)
    named = [one for one in graph.services if means(service, one, scene.sources.clusters)] if service else []
    if service and not named:
        meant = alike(service, graph.services)
        hints = (f"Did you mean {some(meant)}?",) if meant else ()
        reason = f"{len(graph.services)} services are known, not this one"
        return nothing(
            f"topology of {service}", window, backend, subject=service, known=False, reason=reason, hints=hints
        )
    if not edges:
        return nothing("topology", window, backend, subject="topology", known=False, reason="no dependency was seen")
    return _reading(graph, edges, named, window, backend, limit)


async def known_edges(scene: Scene, window: Window) -> Sequence[Edge]:
    """Read declared dependencies and those that traces show, each once."""
    return await edges_of(scene.sources, window)


def _without(failed: Sequence[SourceFailed]) -> ClusterOutcome:
    """Say that dependencies may be missing, and why."""
    detail = "; ".join(f"without {one.asked}: {one.happened}" for one in failed)
    return ClusterOutcome(cluster="", asked="topology", status="partial", detail=detail[:LONGEST_DETAIL])


def _reading(
    graph: Graph, edges: Sequence[Edge], named: Sequence[str], window: Window, backend: SourceName, limit: int
) -> Reading:
    """Tell of the services that were named, or of all."""
    names = set(named or graph.services)
    services = [_service(graph, name) for name in sorted(names)]
    near = [edge for edge in edges if names & {edge.caller, edge.callee}]
    dependencies = [
        EdgeFact(subject=one.caller, callee=one.callee, found_in=one.found_in, calls=one.calls) for one in near
    ]
    shown = services[:limit]
    head = f"{len(graph.services)} services, {len(edges)} dependencies"
    return Reading(
        status="ok",
        summary="\n".join([head, *(f"[{at}] {_line(one)}" for at, one in enumerate(shown))]),
        facts=(*services, *dependencies),
        source=backend,
        window=window,
        truncated=Truncated(returned=len(shown), total=len(services)) if len(shown) < len(services) else None,
    )


def _service(graph: Graph, name: str) -> ServiceFact:
    return ServiceFact(
        subject=name,
        callers=list(graph.callers(name)),
        callees=list(graph.callees(name)),
        victims=list(blast_radius(graph, name)),
    )


def _line(fact: ServiceFact) -> str:
    return f"{fact.subject} → {some(fact.callees) or 'nothing'}; when it fails: {some(fact.victims) or 'nobody else'}"
