"""What was seen and decided, as it is stored and read by people."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.gating import Candidate, Decision, Ongoing
from rootline.analysis.detection.signals import UP
from rootline.domain.anomaly import AnomalyFeature, Gated, GateMemory
from rootline.domain.signal import Severity

_RULES = {
    "user_facing": "users feel it",
    "agreeing": "several signals agree",
    "creeping": "it builds up over a longer window",
    "absolute": "more fails than any service may, whatever is usual here",
    "stopped": "traffic stopped",
    "piling": "more and more waits and is not taken",
}
_REASONS = {
    "": "",
    "same_incident": "part of the incident that goes on",
    "cool_down": "an incident was opened shortly before",
    "maintenance": "the service is silenced or under maintenance",
    "little_traffic": "too few requests to tell",
    "daily": "the day before had as much at this hour, or days like this do, and nothing fails",
}
_SEVERITIES: dict[str, Severity] = {
    "user_facing": "high",
    "agreeing": "medium",
    "creeping": "medium",
    "absolute": "high",
    "stopped": "high",
    "piling": "medium",
}
_SHOWN = 3
_SPOKEN = {"1/s": "a second", "s/s": "seconds a second", "bytes/s": "bytes a second", "count": ""}


def feature_of(one: Feature) -> AnomalyFeature:
    """Return a feature as it is stored."""
    return AnomalyFeature(
        service=one.service,
        signal=str(one.signal),
        window=one.window,
        metric=one.metric,
        unit=one.unit,
        expected=one.expected,
        observed=one.observed,
        deviation=one.deviation,
        score=one.score,
        kind=one.kind,
    )


def stored_of(features: Iterable[Feature]) -> tuple[AnomalyFeature, ...]:
    """Return features as they are stored: of each service, signal and window the strongest, in order.

    What is beyond a limit has the signal and the window of what deviates from what is usual, and may be several of one
    service.
    """
    strongest: dict[tuple[str, str, str], Feature] = {}
    for one in features:
        key = one.service, str(one.signal), one.window
        if key not in strongest or abs(one.score) > abs(strongest[key].score):
            strongest[key] = one
    return tuple(feature_of(strongest[key]) for key in sorted(strongest))


def gated_of(one: Decision, incident: UUID | None) -> Gated:
    """Return a decision as it is stored; only what was not suppressed has an incident."""
    return Gated(
        service=one.candidate.service,
        rule=one.candidate.rule,
        action=one.action,
        reason=one.reason,
        rationale=rationale(one),
        policy=one.policy,
        incident=None if one.action == "suppressed" else incident,
    )


def rationale(one: Decision) -> str:
    """Say why something is a candidate, with its numbers, and what became of it."""
    told = "; ".join(_told(feature) for feature in one.candidate.features[:_SHOWN])
    because = f" {one.action.capitalize()}: {_REASONS[one.reason]}." if one.reason else ""
    return f"{_RULES[one.candidate.rule].capitalize()}: {told}.{because}"


def _told(one: Feature) -> str:
    if one.limit == "stopped" and one.metric == UP:
        return "none of its targets can be scraped (up is 0), and it counts no requests any more"
    named = f"{one.signal} ({one.metric}, {one.window}) is {_amount(one.observed, one.unit)}"
    expected = _amount(one.expected, one.unit)
    if one.limit == "absolute":
        return f"{named}, the limit is {expected}"
    if one.limit:
        return f"{named} where it was {expected}{' at most' if one.limit == 'piling' else ''}"
    return f"{named} where {expected} is expected, {abs(one.score):.1f} spreads {'above' if one.score > 0 else 'below'}"


def _amount(value: float, unit: str) -> str:
    """Write a value in three digits as people say it; a ratio is a percentage."""
    if unit in {"ratio", "percent"}:
        return f"{value * (100 if unit == 'ratio' else 1):.3g} %"
    shown = _SPOKEN.get(unit, unit)
    return f"{value:.3g} {shown}".rstrip()


def title(one: Candidate) -> str:
    """Name an incident by its service and strongest signal."""
    first = one.features[0]
    if first.limit == "stopped" and first.metric == UP:
        return f"{one.service}: none of its targets can be scraped"[:200]
    observed, expected = _amount(first.observed, first.unit), _amount(first.expected, first.unit)
    against = {"absolute": "limit", "stopped": "before", "piling": "before"}.get(first.limit, "expected")
    return f"{one.service}: {first.signal} {observed}, {against} {expected}"[:200]


def severity(one: Candidate) -> Severity:
    """Return how urgent a candidate is."""
    return _SEVERITIES[one.rule]


def memory_of(now: Ongoing, incident: UUID | None, rule: str = "") -> GateMemory:
    """Return what the gate remembers, as it is stored."""
    return GateMemory(
        opened_at=_moment(now.opened_at),
        seen_at=_moment(now.seen_at),
        quiet=now.quiet,
        incident=incident,
        rule=rule,
    )


def ongoing_of(memory: GateMemory) -> Ongoing:
    """Return what was stored, as the gate uses it."""
    return Ongoing(
        opened_at=memory.opened_at.timestamp() if memory.opened_at else None,
        seen_at=memory.seen_at.timestamp() if memory.seen_at else None,
        quiet=memory.quiet,
    )


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
