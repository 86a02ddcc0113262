"""Which services the numbers point to, from the facts that were stored of them."""

from collections.abc import Iterable, Sequence
from math import inf, nan

from rootline.analysis.metrics.finding import Kind, MetricFinding
from rootline.analysis.metrics.services import BLAMED, ServiceScore, rank_services
from rootline.analysis.metrics.views import View, view_of
from rootline.analysis.topology import Graph
from rootline.domain.fact import EdgeFact, SeriesFact
from rootline.domain.signal import Edge

_KINDS: dict[str, Kind] = {
    "spike": "spike",
    "drop": "drop",
    "trend_change": "trend_change",
    "pattern_break": "pattern_break",
    "threshold_breach": "threshold_breach",
}
_NO_SPREAD = 1e-12


def suspects(
    series: Iterable[SeriesFact], edges: Iterable[EdgeFact], complained_of: str = ""
) -> tuple[list[ServiceScore], Graph]:
    """Rank the services whose numbers make them the origin; only those worth blaming are returned.

    Args:
        series: Stored series of any number of services.
        edges: Who depends on whom.
        complained_of: The metric an alert names; empty where nobody complained of one.

    """
    graph = graph_of(edges)
    ranked = rank_services([finding_of(one) for one in series], graph, symptom=_symptom(complained_of))
    return [one for one in ranked if one.score >= BLAMED], graph


def graph_of(edges: Iterable[EdgeFact]) -> Graph:
    """Build the graph of calls."""
    return Graph.of(Edge(caller=one.subject, callee=one.callee, found_in=one.found_in) for one in edges)


def finding_of(fact: SeriesFact) -> MetricFinding:
    """Read a finding back from the fact that stores it; what was not stored is derived."""
    baseline, current, peak = (nan if level is None else level for level in (fact.baseline, fact.current, fact.peak))
    known = len(fact.points) - [value for _, value in fact.points].count(None)
    return MetricFinding(
        service=fact.service,
        metric=fact.metric,
        unit=fact.unit,
        labels=fact.labels,
        direction=fact.direction,
        kind=_KINDS.get(fact.anomaly, "none"),
        baseline=baseline,
        spread=abs(current - baseline) / max(abs(fact.effect), _NO_SPREAD) if fact.effect else inf,
        current=current,
        peak=peak,
        onset=fact.onset,
        ended=fact.ended,
        effect=fact.effect,
        ratio=current / baseline if baseline else None,
        score=fact.score,
        significance=abs(fact.effect),
        points=known,
        gaps=1 - known / len(fact.points) if fact.points else 1.0,
        as_rate=fact.unit.endswith("/s"),
    )


def shared_by(graph: Graph, service: str, hurt: Sequence[str]) -> tuple[str, ...]:
    """Return the hurt services that call this one themselves."""
    return tuple(name for name in graph.callers(service) if name in set(hurt))


def _symptom(metric: str) -> View | None:
    view = view_of(metric) if metric else None
    return view if view in {"duration", "errors"} else None
