"""Which services changed most, first, and on their own account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.harm import harm, hurts, is_partly_down, is_plain
from rootline.analysis.metrics.impacts import Impact, duration_impact, error_impact
from rootline.analysis.metrics.views import View, view_of
from rootline.analysis.topology import Graph

# Source: chosen on public recorded incidents, so that under a fifth of quiet windows blame anyone.
BLAMED = 0.25
_HALF_EFFECT = 5.0
_MATERIAL = 0.005
_OTHER_SYMPTOM = 0.3
_PAST = 0.7
_LATE = 0.2
_RESOURCES = frozenset(("saturation", "utilisation", "rate", "other"))


@dataclass(frozen=True, kw_only=True)
class ServiceScore:
    """Why a service is where it is in the ranking; every component lies between 0 and 1.

    Attributes:
        score: What the ranking sorts by.
        slowness: The service's own share of the extra seconds, after those of the services it calls.
        failures: The same for extra failures.
        strain: How strongly its resources, its traffic and its other metrics changed for the worse, or that it is down
            or in alarm.
        earliness: 1 for the first service to change, falling towards 0 for the last.
        explained: The share of its extra seconds and failures that the services it calls account for.
        onset: When the first of its metrics changed for the worse.
        top: Its most telling finding.

    """

    service: str
    score: float
    slowness: float
    failures: float
    strain: float
    earliness: float
    explained: float
    onset: datetime | None
    top: MetricFinding | None


@dataclass(frozen=True, kw_only=True)
class _Share:
    """How much of one kind of impact is a service's own, and how much its callees explain."""

    own: float
    explained: float


def rank_services(
    findings: Iterable[MetricFinding], graph: Graph | None = None, *, symptom: View | None = None
) -> list[ServiceScore]:
    """Rank services by how likely their metrics make them the origin.

    A service that is slow or failing because of those it calls keeps only what they do not explain: extra
    seconds and failures (traffic times change) are subtracted along the calls. Resources explain themselves.
    The cost is linear in findings and edges, apart from the sort.

    Args:
        findings: Of every service, as `score` returns them.
        graph: Who calls whom; without it nothing is explained away.
        symptom: What was complained about, `duration` or `errors`; the other then counts a third.

    Returns:
        Every service with a finding, best first; ties by name. Those under `BLAMED` are not worth blaming.

    """
    by_service = _grouped(findings)
    onsets = {service: _onset(found) for service, found in by_service.items()}
    slow = _shares({name: duration_impact(found) for name, found in by_service.items()}, graph)
    failing = _shares({name: error_impact(found) for name, found in by_service.items()}, graph)
    early = _earliness(onsets)
    weights = {view: 1.0 if symptom in (None, view) else _OTHER_SYMPTOM for view in ("duration", "errors")}
    scored = [
        _scored(
            found,
            slow=_Share(own=slow[name].own * weights["duration"], explained=slow[name].explained),
            failing=_Share(own=failing[name].own * weights["errors"], explained=failing[name].explained),
            earliness=early[name],
            onset=onsets[name],
        )
        for name, found in by_service.items()
    ]
    return sorted(scored, key=lambda entry: (-entry.score, entry.service))


def _grouped(findings: Iterable[MetricFinding]) -> dict[str, list[MetricFinding]]:
    groups: dict[str, list[MetricFinding]] = {}
    for finding in findings:
        groups.setdefault(finding.service, []).append(finding)
    return groups


def _shares(impacts: Mapping[str, Impact], graph: Graph | None) -> dict[str, _Share]:
    """Each service's unexplained impact, relative to the largest and to what is material at all."""
    explained = {name: _explained(name, impacts, graph) for name in impacts}
    left = {name: impact.amount * (1 - explained[name]) for name, impact in impacts.items()}
    largest = max(left.values(), default=0.0)
    material = _MATERIAL * max((impact.normal for impact in impacts.values()), default=0.0)
    severity = largest / (largest + material) if largest else 0.0
    return {
        name: _Share(
            own=severity * left[name] / largest * _certainty(impact.effect) if largest else 0.0,
            explained=explained[name],
        )
        for name, impact in impacts.items()
    }


def _explained(service: str, impacts: Mapping[str, Impact], graph: Graph | None) -> float:
    own = impacts[service].amount
    if graph is None or own <= 0:
        return 0.0
    below = sum(impacts[callee].amount for callee in graph.callees(service) if callee in impacts)
    return min(below / own, 1.0)


def _certainty(effect: float) -> float:
    return effect / (effect + _HALF_EFFECT)


def _scored(
    found: Sequence[MetricFinding], *, slow: _Share, failing: _Share, earliness: float, onset: datetime | None
) -> ServiceScore:
    telling = (finding for finding in found if view_of(finding.metric) in _RESOURCES or _tells_by_itself(finding))
    strain = max((harm(finding) for finding in telling), default=0.0)
    together = 1 - (1 - slow.own) * (1 - failing.own) * (1 - strain)
    return ServiceScore(
        service=found[0].service,
        score=together * (1 - _LATE * (1 - earliness)),
        slowness=slow.own,
        failures=failing.own,
        strain=strain,
        earliness=earliness,
        explained=max(slow.explained, failing.explained),
        onset=onset,
        top=max(found, key=_tells_most, default=None),
    )


def _tells_most(finding: MetricFinding) -> tuple[float, str]:
    """What still goes on tells more than what was over, unless that was much worse."""
    return harm(finding) * (1.0 if finding.ended is None else _PAST), finding.metric


def _tells_by_itself(finding: MetricFinding) -> bool:
    return is_plain(finding) or is_partly_down(finding)


def _onset(found: Sequence[MetricFinding]) -> datetime | None:
    return min((f.onset for f in found if f.onset is not None and hurts(f)), default=None)


def _earliness(onsets: Mapping[str, datetime | None]) -> dict[str, float]:
    known = [onset for onset in onsets.values() if onset is not None]
    if not known:
        return dict.fromkeys(onsets, 0.0)
    first, last = min(known), max(known)
    span = (last - first).total_seconds() or 1.0
    return {
        name: 0.0 if onset is None else 1 - (onset - first).total_seconds() / span for name, onset in onsets.items()
    }
