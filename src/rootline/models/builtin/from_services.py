"""Explanations by numbers, traces and logs: services in which trouble begins though nobody changed them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rootline.analysis.database.gauges import gauge_of
from rootline.analysis.joining.suspects import shared_by
from rootline.analysis.metrics.services import ServiceScore
from rootline.analysis.metrics.units import words
from rootline.analysis.topology import blast_radius, downstream
from rootline.domain.fact import LogFact, OperationFact, ScoreComponent, SeriesFact
from rootline.domain.levels import heading
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.calling_out import waits_for_calls
from rootline.models.builtin.candidate import Candidate, part
from rootline.models.builtin.claims import (
    diverse,
    edge_to,
    healthy,
    movements,
    order_before,
    quoted_error,
    root_error,
    started,
    stepped,
    unlike,
    waited_for,
)
from rootline.models.builtin.leaning import leaning
from rootline.models.builtin.naming import SLOW, UNREACHED, named
from rootline.models.builtin.passing_on import asks_more, handed_by, hands_to, overrun_by
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import STRONG, is_silent

MOST = 6

# Source: own choices, tried on recorded incidents: numbers alone, at their strongest, make a service as likely as
# not; two further kinds of evidence that agree make it likely.
BASE = -1.9
DETECTED, HOLDS_UP = 0.8, 1.5
NUMBERS, FIRST, EXPLAINED = 3.4, 0.4, -1.0
ERRORS_BEGIN, OWN_TIME, LOUD = 1.2, 1.6, 0.6
HANDED, HANDS_ON, CALLS_GONE = -1.5, 0.8, -3.0
ASKS_MORE, OVERRUN, HANGS_UP = 2.5, -2.0, 1.2
ACCUSED, SHARED, AWAITED, LATE, ON_THE_WAY = 0.8, 0.6, 1.0, 1.6, 3.0
# Source: own choice: of ten services in which nothing is wrong, the one that moved most scores about 0.4.
BEGINS, UNCLEAR, CLEAR = 3.0, 0.4, 1.2
# Source: own choices, tried on minutes of traces of recorded incidents with other minutes as their past.
SLOWER, LAME, CHANGED = 2.0, 3.0, 3.0
_DOUBLED, _WORTH_SAYING = 1.0, 0.05
ALERTED = 2.0
EXPLAINS, BESIDE_THE_POINT, HARMS_NOBODY, UNFELT, OVER = 1.2, -1.2, -1.0, -2.5, -2.5
_SEVERAL = 2
_TAKEN = 0.5
"""Source: ours; of what was free before, within the few samples between a surge and the last one let in."""


def from_services(seen: Seen) -> list[Candidate]:
    """Return the services in which trouble begins, likeliest first."""
    names = dict.fromkeys([*(one.service for one in seen.suspects), *(spot.fact.service for spot in seen.roots)])
    slowest = [spot.fact.service for spot in seen.delays.slower[:_SEVERAL]]
    accused = [name for name in seen.names if seen.accusers(name)]
    begun = [name for name, one in seen.begun.items() if one.score > UNCLEAR]
    known = dict.fromkeys(
        [
            *_beyond(seen),
            *names,
            *slowest,
            *accused,
            *seen.delays.waits,
            *seen.delays.late,
            *begun,
            *list(seen.unlike)[:MOST],
        ]
    )
    return [replace(one, support=support_of(one.subject, seen)) for one in weighed_services(seen, known)[:MOST]]


def weighed_services(seen: Seen, names: Iterable[str]) -> list[Candidate]:
    """Weigh the services of those names, likeliest first; no claims are made for them yet."""
    return sorted((_candidate(name, seen) for name in names), key=lambda one: (-one.score, one.subject))


def _candidate(name: str, seen: Seen) -> Candidate:
    score = seen.by_service.get(name)
    operations = seen.shelf.of_service(OperationFact, name)
    roots = any(spot.fact.service == name for spot in seen.roots)
    kind, cause, remedy = named(score, (note for spot in operations for note in spot.fact.notes), has_errors=roots)
    if cause == UNREACHED and _let_nobody_in(name, seen):
        kind, cause, remedy = "capacity", "it_lets_nobody_in", ""
    if cause == SLOW and waits_for_calls(name, seen):
        kind, cause, remedy = "dependency", "its_calls_are_slow", ""
    if name in seen.delays.late or seen.delays.delayed(name):
        kind, cause, remedy = "network", "calls_to_it_are_delayed", ""
    return Candidate(
        basis="service",
        type=kind,
        subject=name,
        cause=cause,
        remediation=remedy,
        parts=tuple(_parts(name, score, seen)),
        support=(),
    )


def _let_nobody_in(name: str, seen: Seen) -> bool:
    """Whether what cannot be reached had given out its connections or open files, as far as anybody could still see."""
    return any(
        _lets_in(spot.fact.metric) and spot.fact.unit == "ratio" and _is_taken(spot.fact)
        for spot in seen.shelf.of_service(SeriesFact, name)
    )


def _lets_in(metric: str) -> bool:
    return gauge_of(metric) == "connections" or "descriptors" in words(metric)


def _is_taken(fact: SeriesFact) -> bool:
    before, most = fact.baseline, max(fact.current or 0.0, fact.peak or 0.0)
    grew = fact.direction == "up" and fact.ended is None and fact.score >= STRONG
    return grew and before is not None and most - before >= _TAKEN * (1 - before)


def support_of(name: str, seen: Seen) -> tuple[StatedClaim, ...]:
    """Choose claims that show the trouble in a service, that it began there, and who is hurt by it."""
    own = list(movements(seen, name))
    return diverse(
        own[:1],
        waited_for(seen, name),
        stepped(seen, name),
        unlike(seen, name),
        root_error(seen, name),
        order_before(seen, name),
        edge_to(seen, name),
        quoted_error(seen, name),
        started(seen, name),
        _slower(seen, name),
        own[1:3],
        healthy(seen, name) if seen.delays.delayed(name) else (),
    )


def _parts(name: str, score: ServiceScore | None, seen: Seen) -> Iterator[ScoreComponent]:
    yield part("base", BASE, "nobody is known to have changed it")
    if seen.was_detected:
        yield part("detected", DETECTED, "something was detected before anybody asked")
    if score is not None:
        yield from _numbers(score, seen)
        yield from leaning(name, score, seen)
    if name in seen.begun:
        clear = max(min(seen.begun[name].score, CLEAR) - UNCLEAR, 0.0)
        yield part("begins inside", BEGINS * clear, f"what moved in {name} moved inside the window")
    yield from _unlike(name, seen)
    yield from _failing(name, seen)
    yield from _asking(name, seen)
    hurt = shared_by(seen.graph, name, seen.hurt)
    if len(hurt) >= _SEVERAL:
        yield part("shared", SHARED, f"{', '.join(hurt[:3])} all depend on it and suffer")
    if not seen.is_felt:
        yield part("unfelt", UNFELT, "nobody was alerted; requests neither fail nor take clearly longer than before")
    yield from _waits(name, seen)
    yield from _alerted(name, seen)
    yield from _reach(name, seen)


def _failing(name: str, seen: Seen) -> Iterator[ScoreComponent]:
    """Where errors begin, what they are over, whom they name, and where the extra time goes."""
    if gone := [one for one in seen.graph.callees(name) if one in seen.down and name not in seen.down]:
        yield part("calls what is gone", CALLS_GONE, f"it calls {', '.join(gone[:3])}, which cannot be reached")
    if by_way_of := handed_by(seen, name):
        yield part("handed", HANDED, f"it fails over what came by way of {', '.join(by_way_of[:3])} alone")
    elif seen.begins_errors(name):
        yield part("errors begin", ERRORS_BEGIN, f"traces show that errors begin in {name}")
    if cut_off := seen.hangs_up_on(name):
        yield part("hangs up", HANGS_UP, f"calls of {', '.join(cut_off[:3])} to it end without an answer")
    if failing := hands_to(seen, name):
        yield part("hands on", HANDS_ON, f"{', '.join(failing[:3])} fails over what came by way of it alone")
    if share := (seen.delays.extra_share(name) - seen.delays.late_of_others(name)) * seen.in_itself(name):
        yield part("own time", OWN_TIME * share, f"calls spend their extra time in {name} itself")
    if loud := seen.loudness(name):
        yield part("own errors", LOUD * loud, f"{name} writes errors that are new")
    if accusers := seen.accusers(name):
        yield part("accused", ACCUSED, f"errors of {', '.join(accusers[:3])} name it")


def _asking(name: str, seen: Seen) -> Iterator[ScoreComponent]:
    """Whether it asks more of others than its own requests account for, or is asked more by one who does."""
    if more := asks_more(seen, name):
        yield part("asks more", ASKS_MORE * more, f"{name} calls others more often for each request of its own")
    if callers := overrun_by(seen, name):
        surely = max(asks_more(seen, one) for one in callers)
        told = f"{', '.join(callers[:3])} calls it more often than the requests of its own account for"
        yield part("overrun", OVERRUN * surely, told)


def _unlike(name: str, seen: Seen) -> Iterator[ScoreComponent]:
    """How traces and logs show a service to behave, against what is usual for it."""
    facts = [spot.fact for spot in seen.unlike.get(name, ())]
    slow = max((fact.own * fact.growth / (fact.growth + _DOUBLED) for fact in facts), default=0.0)
    if slow >= _WORTH_SAYING:
        yield part("slower itself", SLOWER * slow, f"{name} takes more time of its own than usual")
    lame = max(facts, key=lambda fact: fact.on_the_way, default=None)
    if lame and lame.on_the_way >= _WORTH_SAYING:
        peers = ", ".join(lame.peers[:3])
        yield part("lame", LAME * lame.on_the_way, f"calls between {name} and {peers} lose time on the way")
    changed = seen.changed(name)
    if changed >= _WORTH_SAYING:
        yield part("does other things", CHANGED * changed, f"{name} no longer does or writes what it usually did")


def _waits(name: str, seen: Seen) -> Iterator[ScoreComponent]:
    if waited := seen.delays.waits.get(name, 0.0):
        yield part("awaited", AWAITED * waited, f"those that call {name} wait longer for it or fail in it")
    if delayed := seen.delays.delayed(name):
        yield part("on the way", ON_THE_WAY * delayed, f"{name} itself is as quick as before, calls to it are not")
    blamed, quick = seen.delays.waits_for(name), seen.delays.late_from(name)
    if len(quick) >= _SEVERAL:
        yield part(
            "holds up", HOLDS_UP, f"its calls to {', '.join(quick[:3])} all take longer, which are quick themselves"
        )
    elif blamed:
        yield part("waits", EXPLAINED, f"it waits for {', '.join(blamed[:3])}")
    if late := seen.delays.late.get(name, 0.0):
        yield part(
            "late answers", LATE * late, f"calls to {name} take longer while {name} itself is as quick as before"
        )


def _beyond(seen: Seen) -> dict[str, float]:
    """Return the service that the alert is about with how far it is beyond its limit, 0 to 1, where that is told.

    Only where nothing but numbers was read, no trace and no line of a log.
    """
    has_more = bool(seen.shelf.of(OperationFact)) or bool(seen.shelf.of(LogFact))
    told = seen.alert.fact if seen.alert is not None and not is_silent(seen.alert.fact) else None
    if told is None or has_more or told.subject not in seen.names or not told.threshold or told.observed is None:
        return {}
    is_above = told.observed > told.threshold > 0
    return {told.subject: 1 - told.threshold / told.observed} if is_above else {}


def _alerted(name: str, seen: Seen) -> Iterator[ScoreComponent]:
    """That a limit which people have set was crossed in it, less what its callees account for by their numbers."""
    if beyond := _beyond(seen).get(name, 0.0):
        below = (seen.by_service[one].score for one in downstream(seen.graph, name) if one in seen.by_service)
        told = f"{name} is far beyond the limit of the alert, and nothing but numbers was read"
        yield part("alerted", ALERTED * beyond * (1 - max(below, default=0.0)), told)


def _reach(name: str, seen: Seen) -> Iterator[ScoreComponent]:
    """Whether the trouble reaches whom the alert names or, without an alert, anybody."""
    reached = {name, *blast_radius(seen.graph, name)}
    if seen.alert is not None and is_silent(seen.alert.fact):
        yield from _silences(name, seen.alert.fact.subject, seen)
    elif seen.alert is not None and seen.alert.fact.subject in reached:
        yield part("explains the alert", EXPLAINS, f"{seen.alert.fact.subject}, which the alert names, depends on it")
    elif seen.alert is not None and seen.alert.fact.subject in seen.graph.services:
        yield part(
            "beside the alert", BESIDE_THE_POINT, f"{seen.alert.fact.subject}, which was alerted, never calls it"
        )
    elif seen.alert is None and not (reached - {name}) & set(seen.hurt) and not seen.fails(name):
        yield part("harms nobody", HARMS_NOBODY, f"nobody who depends on {name} suffers")


def _silences(name: str, alerted: str, seen: Seen) -> Iterator[ScoreComponent]:
    """Whether it is one who used to ask the service that is asked no more."""
    if name in blast_radius(seen.graph, alerted):
        yield part(
            "explains the alert", EXPLAINS, f"{alerted}, of which the alert tells that nobody asks, is called by it"
        )
    elif name != alerted:
        yield part("beside the alert", BESIDE_THE_POINT, f"{alerted}, of which the alert tells, was never called by it")


def _numbers(score: ServiceScore, seen: Seen) -> Iterator[ScoreComponent]:
    top = f"{score.top.metric} of {score.service}" if score.top else score.service
    yield part("numbers", NUMBERS * score.score, f"{top} changed on its own account")
    if seen.was_over(score.service):
        yield part("over", OVER, f"what tells most of {score.service} was over before what still goes on began")
    if score.explained:
        callees = [name for name in seen.graph.callees(score.service) if name in seen.by_service]
        blamed = ", ".join(callees[:3]) or "the services it calls"
        yield part("victim", EXPLAINED * score.explained, f"{blamed} account for what it suffers")
    if len(seen.suspects) > 1 and score.earliness == 1.0:
        yield part("first", FIRST, f"{score.service} was the first to change")


def _slower(seen: Seen, name: str) -> list[StatedClaim]:
    slow: list[Spot[OperationFact]] = [spot for spot in seen.delays.slower if spot.fact.service == name]
    times = [(spot, spot.fact.p95_before_s, spot.fact.p95_after_s) for spot in slow]
    return [spot.says("rose") for spot, before, after in times if before and after and heading(before, after) == "up"][
        :1
    ]
