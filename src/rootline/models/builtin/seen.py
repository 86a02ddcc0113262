"""All that was seen of the trouble, gathered once: who moved, where errors begin, what was new, who was alerted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from rootline.analysis.joining.asking import outgoing
from rootline.analysis.joining.beginnings import Beginning, beginnings
from rootline.analysis.joining.suspects import suspects
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.services import ServiceScore
from rootline.analysis.metrics.units import is_up
from rootline.analysis.metrics.views import view_of
from rootline.analysis.topology import Graph
from rootline.analysis.traces.hanging_up import hung_up
from rootline.domain.evidence import clusters_of
from rootline.domain.fact import (
    AlertFact,
    BehaviourFact,
    ConditionFact,
    EdgeFact,
    Fact,
    IncidentFact,
    LogFact,
    OperationFact,
    SeriesFact,
    TextFact,
)
from rootline.domain.levels import start_fault
from rootline.models.builtin.delays import Delays
from rootline.models.builtin.places import Places
from rootline.models.builtin.spots import Shelf, Spot
from rootline.models.builtin.symptoms import alert, error_roots, errors, is_felt, moved

_TELLING = ("get_alerts", "query_metrics", "analyze_traces", "search_logs", "get_cluster_state")
_NAMES = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,100}[a-z0-9])?")
_MOST_TEXTS = 40
_MOST_ROWS = 400
_FAILS = 0.25
# Source: own choice; anything goes wrong once in a while.
_ONCE = 1.0
# Source: own choice; of ten services in which nothing is wrong, the one that moved most scores about 0.4.
_BEGAN = 0.6


@dataclass(frozen=True)
class Seen:
    """The shelf, with what is asked of it again and again.

    `was_detected` says that something, and not somebody's curiosity, opened the investigation.
    """

    shelf: Shelf
    was_detected: bool = False

    @cached_property
    def alert(self) -> Spot[AlertFact] | None:
        """The first alert that tells of trouble; one of severity `info` tells of none."""
        found = alert(self.shelf)
        return None if found is None or found.fact.severity == "info" else found

    @cached_property
    def places(self) -> Places:
        """Where services are."""
        return Places(clusters_of(self.shelf.evidence.values()))

    def service(self, subject: str) -> str:
        """Spell a service or object as numbers, logs and traces spell it: `app/cart` is their `cart`."""
        return self.places.spelled(subject, self.names)

    @property
    def is_firing(self) -> bool:
        """Whether any alert still fires, or none was read of."""
        alerts = self.shelf.of(AlertFact)
        return not alerts or any(spot.fact.resolved_at is None for spot in alerts)

    @property
    def named(self) -> str:
        """The service that the first alert names, whatever its severity; empty without one."""
        found = alert(self.shelf)
        return found.fact.subject if found else ""

    @cached_property
    def _ranked(self) -> tuple[list[ServiceScore], Graph]:
        series = [spot.fact for spot in self.shelf.of(SeriesFact)]
        edges = [spot.fact for spot in self.shelf.of(EdgeFact)]
        return suspects(series, edges, self.alert.fact.metric if self.alert else "")

    @property
    def suspects(self) -> Sequence[ServiceScore]:
        """The services whose numbers are worth blaming, best first."""
        return self._ranked[0]

    @property
    def graph(self) -> Graph:
        """Who calls whom."""
        return self._ranked[1]

    @cached_property
    def by_service(self) -> Mapping[str, ServiceScore]:
        """The suspects by name."""
        return {one.service: one for one in self.suspects}

    @cached_property
    def begun(self) -> Mapping[str, Beginning]:
        """How clearly something began inside the window, by service."""
        return beginnings((spot.fact for spot in self.shelf.of(SeriesFact)), self.graph, self.places.clusters)

    @cached_property
    def unlike(self) -> Mapping[str, Sequence[Spot[BehaviourFact]]]:
        """Services that traces or logs show to behave unlike themselves, with what each of those says."""
        found: dict[str, list[Spot[BehaviourFact]]] = {}
        for spot in sorted(self.shelf.of(BehaviourFact), key=lambda spot: -spot.fact.strength):
            found.setdefault(spot.fact.subject, []).append(spot)
        return found

    def changed(self, service: str) -> float:
        """How surely a service does or writes other things than usual, 0 to 1, less what its callees account for.

        A callee that changed less than the service accounts for that much less of it.
        """
        own = self._changed(service)
        below = max((self._changed(one) for one in self.graph.callees(service)), default=0.0)
        return own * (1 - below * min(below / own, 1.0)) if own else 0.0

    def in_itself(self, service: str) -> float:
        """Share of the time that a service loses, 0 to 1, that it loses itself and not on the way; 1 if untold."""
        facts = [spot.fact for spot in self.unlike.get(service, ())]
        own, way = sum(fact.own for fact in facts), sum(fact.on_the_way for fact in facts)
        return own / (own + way) if own + way else 1.0

    def _changed(self, service: str) -> float:
        left = 1.0
        for spot in self.unlike.get(service, ()):
            left *= 1 - spot.fact.changed
        return 1 - left

    @cached_property
    def roots(self) -> Sequence[Spot[OperationFact]]:
        """Operations at which errors begin, and did so less before, most frequent first."""
        return [one for one in error_roots(self.shelf) if (one.fact.errors_after or 0) > (one.fact.errors_before or 0)]

    def begins_errors(self, service: str) -> bool:
        """Whether errors begin in a service itself, and not in calls to one that the error blames and that is ill."""
        own = [spot.fact for spot in self.roots if spot.fact.service == service]
        return any(not self._blamed_below(service, fact.error) for fact in own)

    def _blamed_below(self, service: str, error: str) -> bool:
        """Whether an error names a callee that has become slower, fails itself or hangs up without an answer."""
        return any(self._is_ill(one) or service in self.hangs_up_on(one) for one in self._named_below(service, error))

    def _named_below(self, service: str, error: str) -> list[str]:
        """The callees that an error of a service names."""
        said = set(_NAMES.findall(error[:600].lower()))
        return [one for one in self.graph.callees(service) if self._called(one, service).lower() in said]

    def hangs_up_on(self, service: str) -> tuple[str, ...]:
        """Return the callers whose new errors say that a service ended the connection instead of answering."""
        cut_off = [spot.fact for spot in self.roots if hung_up(spot.fact.error)]
        callers = (one.service for one in cut_off if service in self._named_below(one.service, one.error))
        return tuple(dict.fromkeys(callers))

    def _called(self, service: str, by: str) -> str:
        """Name a service as another one speaks of it: without the cluster in which both are."""
        is_near = self.places.cluster(service) == self.places.cluster(by)
        return self.places.inside(service) if is_near else service

    def _is_ill(self, service: str) -> bool:
        return any(spot.fact.service == service for spot in self.delays.slower) or (
            service in self.by_service and not self.delays.is_as_quick(service)
        )

    @cached_property
    def outgoing(self) -> Mapping[str, float]:
        """How many times as much goes out for what comes in than before, by service, where both are counted."""
        return outgoing(spot.fact for spot in self.shelf.of(SeriesFact))

    @cached_property
    def delays(self) -> Delays:
        """Who takes longer, who waits for whom, and where time is lost on the way."""
        return Delays(self.shelf, self.graph, self.places)

    @cached_property
    def down(self) -> frozenset[str]:
        """The services that could be reached and cannot any more, by their numbers."""
        gone = self.shelf.of(SeriesFact, lambda fact: is_up(fact.metric) and fact.direction == "down")
        return frozenset(spot.fact.service for spot in gone if spot.fact.ended is None and not spot.fact.current)

    def fails(self, service: str) -> bool:
        """Whether a service itself fails requests, in its numbers, its traces or its logs."""
        score = self.by_service.get(service)
        is_root = any(spot.fact.service == service for spot in self.roots)
        return is_root or bool(self.loudness(service)) or (score is not None and score.failures >= _FAILS)

    @cached_property
    def moved(self) -> Sequence[Spot[SeriesFact]]:
        """The series that clearly changed, strongest first."""
        return moved(self.shelf)

    def was_over(self, service: str) -> bool:
        """Whether what tells most of a service had come back before what still goes on began."""
        top = self.by_service[service].top if service in self.by_service else None
        now = self._present
        if top is None or top.ended is None or now is None or top.ended >= now:
            return False
        return not any(_is_later_trouble(spot.fact, top) for spot in self.moved)

    @cached_property
    def _present(self) -> datetime | None:
        """When what still goes on began: the alert that fires, else the first of what tells most of a suspect."""
        if self.alert is not None and self.alert.fact.resolved_at is None:
            return self.alert.fact.fired_at
        going_on = [one.top.onset for one in self.suspects if one.top and one.top.onset and one.top.ended is None]
        return min(going_on, default=None)

    @cached_property
    def starting(self) -> Sequence[Spot[SeriesFact]]:
        """Those of them whose stored points show when they began to."""
        return [spot for spot in self.moved if not start_fault(spot.fact)]

    @cached_property
    def errors(self) -> Sequence[Spot[LogFact]]:
        """New or growing error templates, those that users could have written last."""
        return sorted(errors(self.shelf), key=lambda spot: spot.fact.user_written)

    def loudness(self, service: str) -> float:
        """How new a service's newest error is, 0 to 1, half of that where it came but once; not for users' words."""
        own = [spot.fact for spot in self.errors if spot.fact.subject == service and not spot.fact.user_written]
        return max((fact.novelty * fact.count / (fact.count + _ONCE) for fact in own), default=0.0)

    def accusers(self, service: str) -> tuple[str, ...]:
        """Return the services whose own new errors name this one, in text that users cannot write."""
        spoken = re.escape(self.places.inside(service))
        # Neither the end of a longer name nor a word inside the name of a package is the service.
        alone = rf"(?<![A-Za-z0-9-])(?!(?<=\.){spoken}\.){spoken}(?![A-Za-z0-9])"
        pattern = re.compile(alone, re.IGNORECASE)
        near = self._complaints.get(self.places.cluster(service), [])
        named = [who for who, text in near if who != service and pattern.search(text[:600])]
        return tuple(dict.fromkeys(named))

    @cached_property
    def _complaints(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The first errors of each cluster, with who wrote them."""
        logs = [(one.fact.subject, one.fact.template) for one in self.errors if not one.fact.user_written]
        traces = [(one.fact.service, f"{one.fact.operation} {one.fact.error}") for one in self.roots]
        found: dict[str, list[tuple[str, str]]] = {}
        for who, text in [*logs, *traces]:
            found.setdefault(self.places.cluster(who), []).append((who, text))
        return {cluster: texts[:_MOST_TEXTS] for cluster, texts in found.items()}

    @cached_property
    def conditions(self) -> Sequence[Spot[ConditionFact]]:
        """Faults that cluster state shows, likeliest first."""
        return sorted(self.shelf.of(ConditionFact), key=lambda spot: -spot.fact.probability)

    def is_faulty(self, service: str) -> bool:
        """Whether cluster state shows a fault in a service."""
        return any(self.places.is_same(spot.fact.subject, service) for spot in self.conditions)

    @cached_property
    def lessons(self) -> Sequence[Spot[IncidentFact]]:
        """Past incidents that resemble this one."""
        return self.shelf.of(IncidentFact)

    @cached_property
    def hurt(self) -> tuple[str, ...]:
        """Everyone who is slow, failing, strained, loud or unlike itself."""
        loud = [spot.fact.subject for spot in self.errors if not spot.fact.user_written]
        changed = [name for name, of in self.unlike.items() if of[0].fact.strength >= _FAILS]
        return tuple(dict.fromkeys([*(one.service for one in self.suspects), *loud, *changed]))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every service that any evidence speaks of."""
        series = [spot.fact.service for spot in self.shelf.of(SeriesFact)]
        operations = [spot.fact.service for spot in self.shelf.of(OperationFact)]
        logs = [spot.fact.subject for spot in self.shelf.of(LogFact)]
        return tuple(sorted({name for name in (*series, *operations, *logs, *self.graph.services) if name}))

    @cached_property
    def objects(self) -> tuple[str, ...]:
        """Every object that a table of the cluster lists by name."""
        tables = self.shelf.of(TextFact, lambda fact: fact.asked.startswith("get "))
        rows = [line for spot in tables for line in spot.fact.lines[1:_MOST_ROWS]]
        return tuple(sorted({line.split(maxsplit=1)[0] for line in rows if line.strip()}))

    def is_watched(self, service: str) -> bool:
        """Whether any number or trace of a service was read."""
        series = self.shelf.of_service(SeriesFact, service)
        return bool(series or self.shelf.of_service(OperationFact, service))

    def is_quiet(self, service: str) -> bool:
        """Whether a service was watched, and neither its numbers nor its traces nor its logs show trouble."""
        traces = any(spot.fact.service == service for spot in (*self.roots, *self.delays.slower))
        numbers = service in self.by_service or any(
            view_of(spot.fact.metric) != "rate" for spot in moved(self.shelf) if spot.fact.service == service
        )
        return self.is_watched(service) and not (numbers or traces or self.is_faulty(service) or self.loudness(service))

    @cached_property
    def is_trouble(self) -> bool:
        """Whether anything is wrong at all; where nothing that could tell was read, it may well be."""
        present = any(spot.fact.still_present for spot in self.conditions)
        began = any(one.score >= _BEGAN for one in self.begun.values())
        changed = any(of[0].fact.strength >= _BEGAN for of in self.unlike.values())
        signs = (
            self.alert,
            began,
            changed,
            self.suspects,
            self.roots,
            self.errors,
            self.delays.waits,
            self.delays.late,
            present,
        )
        return any(bool(sign) for sign in signs) or not self._was_told

    @cached_property
    def is_felt(self) -> bool:
        """Whether those who use the services would feel it; so it may be where neither time nor failures were measured.

        An alert, a detection, new errors and slower operations are felt; so are times and failures that clearly grew,
        and traffic that clearly fell.
        """
        signs = (self.alert, self.roots, self.errors, self.delays.slower, self.conditions)
        if self.was_detected or any(bool(sign) for sign in signs):
            return True
        series = [spot.fact for spot in self.shelf.of(SeriesFact)]
        measured = [fact for fact in series if view_of(fact.metric) in {"duration", "errors"}]
        return not measured or any(is_felt(fact) for fact in series)

    @property
    def _was_told(self) -> bool:
        """Whether alerts, numbers, traces, logs or the cluster answered."""
        found = [one for one in self.shelf.evidence.values() if one.tool in _TELLING]
        return any(one.reading.source.backend != "none" and one.reading.status in {"ok", "partial"} for one in found)


def spot_of(spot: Spot[SeriesFact] | Spot[LogFact] | Spot[OperationFact]) -> Spot[Fact]:
    """The same spot, of any fact."""
    return Spot(evidence=spot.evidence, index=spot.index, fact=spot.fact)


def _is_later_trouble(fact: SeriesFact, top: MetricFinding) -> bool:
    """Whether it is another trouble of the same series, which goes on."""
    same = (fact.service, fact.metric, fact.labels) == (top.service, top.metric, top.labels)
    return same and fact.ended is None and fact.onset is not None and fact.onset != top.onset
