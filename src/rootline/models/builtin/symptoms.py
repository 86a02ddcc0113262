"""What is wrong, said with claims: which numbers moved, which errors are new, who else suffers."""

import re
from collections.abc import Iterable

from rootline.analysis.joining.suspects import finding_of, graph_of
from rootline.analysis.joining.unasked import nearest, tells_of_silence
from rootline.analysis.metrics.harm import hurts, is_plain
from rootline.analysis.metrics.stems import is_of
from rootline.analysis.metrics.units import words
from rootline.analysis.metrics.views import view_of
from rootline.domain.fact import AlertFact, EdgeFact, LogFact, OperationFact, SeriesFact
from rootline.domain.levels import move_fault, start_fault
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.spots import Shelf, Spot

STRONG = 0.5
# Source: own choices. An eighth of a full score is noise, a half is an alarm; what is felt lies between. A quarter more
# time, or half the requests, is more than a busy moment.
FELT, SLOWER, FEWER = 0.35, 1.25, 0.5
# Source: own choices. Work that nobody takes: ten things, or half a minute, that wait, four times what waited before.
_LEFT_UNDONE, _MORE = {"": 10.0, "s": 30.0}, 4.0
_OFTEN = 0.1
_WAITING = frozenset({"queue", "queued", "backlog", "lag", "pending", "waiting"})
# Source: the names under which the agents of machines and of Kubernetes write; they report harm and suffer none.
_REPORTS = re.compile(
    r"(?i)^(kubelet|kernel|systemd(-\w+)?|journald|containerd|dockerd|crio|kube-[\w-]+|cert-?manager|node-?exporter|cadvisor"
    r"|(node|host|vm|worker|ip)[-_][\w-]*\d[\w-]*)$"
)


def alert(shelf: Shelf) -> Spot[AlertFact] | None:
    """Return the alert nearest to the cause: the first that fired, or what it depends on if that is alerted too.

    Those that still fire go before those that are over.
    """
    every = sorted(shelf.of(AlertFact), key=lambda spot: spot.fact.fired_at)
    found = [spot for spot in every if spot.fact.resolved_at is None] or every
    if not found:
        return None
    graph = graph_of(spot.fact for spot in shelf.of(EdgeFact))
    silent = [is_silent(spot.fact) for spot in found]
    return found[nearest([(spot.fact.subject, spot.fact.fired_at) for spot in found], silent, graph)]


def is_silent(fact: AlertFact) -> bool:
    """Whether an alert tells of requests that no longer come."""
    return tells_of_silence(fact.name, fact.summary)


def moved(shelf: Shelf, service: str = "") -> list[Spot[SeriesFact]]:
    """Return the series that clearly changed, strongest first, those of the service before the others."""
    found = shelf.of(SeriesFact, lambda fact: fact.direction != "flat" and fact.score >= STRONG)
    return sorted(found, key=lambda spot: (spot.fact.service != service, -spot.fact.score, spot.fact.subject))


def complaint(shelf: Shelf) -> Spot[SeriesFact] | None:
    """Return the series that the alert is about, else the strongest change."""
    fired, series = alert(shelf), moved(shelf)
    named = [
        spot
        for spot in shelf.of(SeriesFact, lambda fact: fact.direction != "flat")
        if fired and spot.fact.service == fired.fact.subject and is_of(spot.fact.metric, fired.fact.metric)
    ]
    own = [spot for spot in series if fired and spot.fact.service == fired.fact.subject]
    return next(iter([*named, *own, *series]), None)


def errors(shelf: Shelf, service: str = "") -> list[Spot[LogFact]]:
    """Return new or growing error templates, those of the service first."""
    found = shelf.of(LogFact, lambda fact: fact.is_error and fact.novelty >= STRONG)
    return sorted(found, key=lambda spot: (spot.fact.subject != service, -spot.fact.novelty, -spot.fact.count))


def error_roots(shelf: Shelf) -> list[Spot[OperationFact]]:
    """Return the operations at which errors begin, most frequent first."""
    found = shelf.of(OperationFact, lambda fact: fact.is_error_root)
    return sorted(found, key=lambda spot: (-spot.fact.count, spot.fact.subject))


def moves(spots: Iterable[Spot[SeriesFact]]) -> list[StatedClaim]:
    """Say that series rose or fell; nothing of those whose stored points do not show it."""
    return [spot.says("rose" if spot.fact.direction == "up" else "fell") for spot in spots if not move_fault(spot.fact)]


def starts(spots: Iterable[Spot[SeriesFact]]) -> list[StatedClaim]:
    """Say when series left their level; nothing of those whose stored points do not show it."""
    return [spot.says("started") for spot in spots if not start_fault(spot.fact)]


def quoted(spot: Spot[LogFact]) -> StatedClaim:
    """Quote the log, or its count where the source kept no line."""
    return spot.says("contains") if spot.fact.exemplar else spot.says("equals", field="count")


def is_felt(fact: SeriesFact) -> bool:
    """Whether a series shows that requests take a quarter longer, fail more often, or come half as often.

    What is down or in alarm is felt, and so is what waits and is not taken, and what is counted because it was slow.
    """
    view, before, now = view_of(fact.metric), fact.baseline, fact.current
    if is_plain(finding_of(fact)):
        return True
    if fact.score < FELT or before is None or now is None:
        return False
    if _is_left_undone(fact, before, now) or _is_slow(fact, now):
        return True
    if view == "rate":
        return fact.direction == "down" and now <= before * FEWER
    return (view == "errors" and hurts(finding_of(fact))) or (view == "duration" and now >= before * SLOWER)


def _is_left_undone(fact: SeriesFact, before: float, now: float) -> bool:
    """Whether what waits in a queue has become much more, and waits still."""
    least = _LEFT_UNDONE.get(fact.unit)
    if least is None or fact.score < STRONG or fact.direction != "up" or fact.ended is not None:
        return False
    return now >= max(least, _MORE * before) and bool(_WAITING.intersection(words(fact.metric)))


def _is_slow(fact: SeriesFact, now: float) -> bool:
    """Whether so many more were slow that it is no single one: slow queries, slow requests."""
    return fact.direction == "up" and fact.unit == "1/s" and now >= _OFTEN and "slow" in words(fact.metric)


def first_failing(shelf: Shelf) -> str:
    """Return the service that the alert names, else the one that moved first among the strong."""
    fired = alert(shelf)
    if fired is not None and fired.fact.subject != fired.fact.name:
        return fired.fact.subject
    strong = [spot.fact for spot in moved(shelf)]
    dated = [(fact.onset, -fact.score, fact.service) for fact in strong if fact.onset]
    return min(dated)[2] if dated else ""


def victims(shelf: Shelf, first: str) -> tuple[str, ...]:
    """Return the other services that are hurt: in errors, waiting, resources or logs; more traffic alone is no harm."""
    hurt = [spot.fact.service for spot in moved(shelf) if view_of(spot.fact.metric) != "rate"]
    loud = [spot.fact.subject for spot in errors(shelf)]
    return tuple(name for name in dict.fromkeys([*hurt, *loud]) if name and name != first and not _REPORTS.search(name))
