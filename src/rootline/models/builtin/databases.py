"""The databases that evidence speaks of, each with its gauges, what it waits for and what its lines tell."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rootline.analysis.database.gauges import Gauge, gauge_of, is_database
from rootline.analysis.database.judging import faults
from rootline.analysis.database.state import Fault, State
from rootline.analysis.database.strain import Reading, fell_away, is_strained, surges, was_strained
from rootline.analysis.database.waits import read_waits
from rootline.analysis.logs.trouble import Trouble, troubles_of
from rootline.domain.fact import AlertFact, LogFact, SeriesFact
from rootline.domain.service_key import ServiceKey
from rootline.models.builtin.spots import Shelf, Spot

_INSIGHT = re.compile(r"^Performance Insights, (?:top SQL|db load|load by)\b")
_FIRST_WAIT = re.compile(r"^Performance Insights, db load by wait event: \S{1,60} (\d{1,9}(?:\.\d{1,6})?)")
_LIMIT = re.compile(
    r"(\d{1,7}) (?:of|out of|/) (?:the )?(?:maximum )?(\d{1,7})|max_connections\D{1,40}(\d{1,7})", re.IGNORECASE
)
_PARAMETER = re.compile(r"\b([a-z]{2,30}(?:_[a-z]{1,30}){1,6})\b")
_MOST_PARAMETERS = 8
_OF_CONNECTIONS = re.compile(r"connection", re.IGNORECASE)


_LITTLE = 3
_URGENT = {"critical", "high"}


@dataclass(frozen=True)
class Database:
    """One database and what was read of it."""

    name: str
    gauges: Mapping[Gauge, Spot[SeriesFact]]
    lines: Sequence[Spot[LogFact]]
    alerts: Sequence[Spot[AlertFact]]

    @property
    def names(self) -> frozenset[str]:
        """Itself and the replicas whose lag it is given."""
        return frozenset({self.name, *(spot.fact.service for spot in self.gauges.values())})

    @cached_property
    def faults(self) -> list[Fault]:
        """What is wrong with it, the likeliest cause first."""
        return faults(self.state)

    @cached_property
    def state(self) -> State:
        """What is known of it."""
        readings = [_reading(gauge, spot.fact) for gauge, spot in self.gauges.items()]
        return State(
            strained=frozenset(one.gauge for one in readings if is_strained(one, self._limit)),
            recovered=frozenset(one.gauge for one in readings if was_strained(one, self._limit)),
            surging=frozenset(one.gauge for one in readings if surges(one)) | self._filling(readings),
            known=frozenset(self.gauges),
            fallen=frozenset(one.gauge for one in readings if fell_away(one)),
            waits=self._waits,
            waiting=self._waiting,
            told=frozenset(word for spot in self.events for word in troubles_of(spot.fact.exemplar)),
            measured=frozenset(word for spot in self.insights for word in troubles_of(spot.fact.exemplar)),
            changed=self._changed,
            is_alarmed=any(_is_alarm(spot.fact) for spot in self.alerts),
            is_urgent=any(_is_alarm(spot.fact) and spot.fact.severity in _URGENT for spot in self.alerts),
            alerted=frozenset(
                word for spot in self.alerts for word in troubles_of(f"{spot.fact.name} {spot.fact.summary}")
            ),
        )

    @cached_property
    def events(self) -> list[Spot[LogFact]]:
        """What it told itself, without what was measured about its statements."""
        return [spot for spot in self.lines if not _INSIGHT.match(spot.fact.exemplar)]

    @cached_property
    def insights(self) -> list[Spot[LogFact]]:
        """Its statements and waits, those with most load first."""
        found = [spot for spot in self.lines if _INSIGHT.match(spot.fact.exemplar)]
        return sorted(found, key=lambda spot: -_load(spot.fact.exemplar))

    def speaks(self, spot: Spot[LogFact]) -> frozenset[Trouble]:
        """What one of its lines speaks of."""
        return troubles_of(spot.fact.exemplar)

    @property
    def _waits(self) -> tuple[str, ...]:
        whole = [
            spot.fact.exemplar
            for spot in self.insights
            if spot.fact.exemplar.startswith("Performance Insights, db load")
        ]
        texts = whole or [spot.fact.exemplar.split(": ", 1)[0] for spot in self.insights[:1]]
        return tuple(dict.fromkeys(wait for text in texts for wait in read_waits(text)))

    @property
    def _waiting(self) -> float:
        """Sessions that wait for what most wait for, as the load by wait event tells; 0 where that was not measured."""
        whole = (m for spot in self.insights if (m := _FIRST_WAIT.match(spot.fact.exemplar)))
        return max((float(found.group(1)) for found in whole), default=0.0)

    @property
    def _changed(self) -> tuple[str, ...]:
        """The names of parameters that its lines say were changed."""
        texts = [spot.fact.exemplar for spot in self.events if "parameter" in self.speaks(spot)]
        return tuple(dict.fromkeys(name for text in texts for name in _PARAMETER.findall(text[:600])))[
            :_MOST_PARAMETERS
        ]

    @property
    def _limit(self) -> float | None:
        """How many connections it gives out, where a line says so."""
        texts = [spot.fact.exemplar for spot in self.events] + [spot.fact.summary for spot in self.alerts]
        told = [m for text in texts if _OF_CONNECTIONS.search(text) for m in _LIMIT.finditer(text[:600])]
        found = [float(m.group(2) or m.group(3)) for m in told]
        return max(found, default=None)

    def _filling(self, readings: Sequence[Reading]) -> frozenset[Gauge]:
        """Connections that grow, or stand high, while new ones are refused."""
        grew = [one for one in readings if one.gauge == "connections" and one.values[-1] >= one.values[0]]
        return frozenset({"connections"} if grew else ())


def _is_alarm(fact: AlertFact) -> bool:
    return fact.resolved_at is None and fact.severity != "info"


def databases(shelf: Shelf, clusters: Collection[str] = ()) -> list[Database]:
    """Return everything whose gauges are those of a database, by name."""
    by_service: dict[str, dict[Gauge, Spot[SeriesFact]]] = {}
    for spot in shelf.of(SeriesFact):
        gauge = gauge_of(spot.fact.metric)
        if gauge is not None:
            by_service.setdefault(spot.fact.service, {}).setdefault(gauge, spot)
    _joined(by_service, clusters)
    alerts = shelf.of(AlertFact)
    return [
        Database(
            name=name,
            gauges=gauges,
            lines=_lines(shelf, {name, *(spot.fact.service for spot in gauges.values())}),
            alerts=[spot for spot in alerts if spot.fact.subject == name],
        )
        for name, gauges in sorted(by_service.items())
        if is_database(frozenset(gauges))
    ]


def _lines(shelf: Shelf, names: set[str]) -> list[Spot[LogFact]]:
    return shelf.of(LogFact, lambda fact: fact.subject in names)


def _joined(by_service: dict[str, dict[Gauge, Spot[SeriesFact]]], clusters: Collection[str]) -> None:
    """Give a primary the lag of its replica, which tells little else of itself: by its name, or where it is alone."""
    replicas = [name for name, gauges in by_service.items() if "replica_lag" in gauges and len(gauges) <= _LITTLE]
    primaries = [name for name, gauges in by_service.items() if name not in replicas and is_database(frozenset(gauges))]
    for name in replicas:
        home = ServiceKey.of(name, clusters)
        near = [one for one in primaries if home.is_near(ServiceKey.of(one, clusters))]
        named = [one for one in near if name.startswith(one)] or near[: len(near) == 1]
        if named:
            primary = by_service[max(named, key=len)]
            by_service[max(named, key=len)] = {**by_service[name], **primary}
            del by_service[name]


def _reading(gauge: Gauge, fact: SeriesFact) -> Reading:
    values = [value for _, value in fact.points if value is not None]
    known = [one for one in (fact.current, fact.peak) if one is not None]
    normal = fact.baseline if fact.direction != "flat" else None
    held = values or known * 2
    return Reading(gauge=gauge, values=held, normal=normal, unit=fact.unit, width=max(len(held) // 4, 1))


def _load(text: str) -> float:
    found = re.search(r"load (\d{1,9}(?:\.\d{1,6})?)", text[:200])
    return float(found.group(1)) if found else 0.0
