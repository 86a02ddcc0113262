"""Where time is lost: who takes longer of their own, who waits for whom, and on which way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rootline.analysis.joining.beginnings import CALLEE
from rootline.analysis.metrics.harm import is_own
from rootline.analysis.metrics.views import view_of
from rootline.analysis.topology import Graph
from rootline.domain.fact import OperationFact, SeriesFact
from rootline.domain.service_key import spelled_beside
from rootline.models.builtin.places import Places
from rootline.models.builtin.spots import Shelf, Spot
from rootline.models.builtin.symptoms import FELT, SLOWER

# Source: own choice. A quarter more time of its own, and at least ten milliseconds, is more than a busy moment.
_LEAST_EXTRA_S = 0.01


@dataclass(frozen=True)
class Delays:
    """What numbers and traces tell of time that services take, wait and lose."""

    shelf: Shelf
    graph: Graph
    places: Places

    @cached_property
    def slower(self) -> Sequence[Spot[OperationFact]]:
        """Operations that take more time of their own than before, the largest growth in seconds first."""
        found = self.shelf.of(OperationFact, lambda fact: _extra(fact) > 0)
        return sorted(found, key=lambda spot: (-_extra(spot.fact), spot.fact.subject))

    def extra_share(self, service: str) -> float:
        """Share of all extra time of their own that the operations of a service take, 0 to 1."""
        whole = sum(_extra(spot.fact) * spot.fact.count for spot in self.slower)
        own = sum(_extra(spot.fact) * spot.fact.count for spot in self.slower if spot.fact.service == service)
        return own / whole if whole else 0.0

    @cached_property
    def late(self) -> Mapping[str, float]:
        """Share of all extra time, 0 to 1, that is lost on the way to services that are as quick as before."""
        lost: dict[str, float] = {}
        for caller, callee, share in self._lost:
            lost[callee] = lost.get(callee, 0.0) + share / len(self._lost_to(caller))
        return lost

    def _lost_to(self, caller: str) -> tuple[str, ...]:
        """Return the quick callees on the way to which a caller loses time; of several, it is the caller's doing."""
        return tuple(dict.fromkeys(callee for who, callee, _ in self._lost if who == caller))

    def late_of_others(self, caller: str) -> float:
        """Share of all extra time that a caller only seems to spend: it is lost on the way to a quick callee."""
        return sum(share for who, _, share in self._lost if who == caller)

    @cached_property
    def _lost(self) -> Sequence[tuple[str, str, float]]:
        """Caller, callee and share of extra time, where both name a call alike and only the caller's is slower."""
        whole = sum(_extra(spot.fact) * spot.fact.count for spot in self.slower)
        serving = {(spot.fact.operation, spot.fact.service): spot.fact for spot in self.shelf.of(OperationFact)}
        found = []
        for fact in (spot.fact for spot in self.slower):
            for callee in self.graph.callees(fact.service):
                served = serving.get((fact.operation, callee))
                if served is not None and _is_as_before(served):
                    found.append((fact.service, callee, _extra(fact) * fact.count / whole))
        return found

    @cached_property
    def _waiting(self) -> Sequence[tuple[str, str, float]]:
        """Caller, callee and strength (0 to 1) of every series that names its callee and rose in time or failures."""
        found = []
        for spot in self.shelf.of(SeriesFact, lambda fact: fact.direction == "up" and fact.score >= FELT):
            label = next((spot.fact.labels[key] for key in CALLEE if key in spot.fact.labels), "")
            callee = spelled_beside(label, spot.fact.service, self.places.clusters)
            is_felt = view_of(spot.fact.metric) in {"duration", "errors"}
            if is_felt and callee and callee != spot.fact.service:
                found.append((spot.fact.service, callee, spot.fact.score))
        return found

    @cached_property
    def waits(self) -> Mapping[str, float]:
        """Callees by how much longer callers wait for them or fail in them (0 to 1), by series that name the callee."""
        return {callee: score for _, callee, score in sorted(self._waiting, key=lambda one: one[2])}

    def waits_for(self, caller: str) -> tuple[str, ...]:
        """Return whom a service waits for longer than before, by series that name the callee."""
        return tuple(dict.fromkeys(callee for who, callee, _ in self._waiting if who == caller))

    def late_from(self, caller: str) -> tuple[str, ...]:
        """Return whom a service waits for although each is as quick as before; of several, it delays them itself."""
        quick = [one for one in self.waits_for(caller) if self.is_as_quick(one)]
        return tuple(dict.fromkeys([*quick, *self._lost_to(caller)]))

    def delayed(self, callee: str) -> float:
        """How surely calls are held up on the way to a service (0 to 1): less where its callers hold up others too."""
        if not self.is_as_quick(callee):
            return 0.0
        alone = max((1 / len(self.late_from(who)) for who in self.callers_waiting(callee)), default=0.0)
        return self.waits.get(callee, 0.0) * alone

    def callers_waiting(self, callee: str) -> tuple[str, ...]:
        """Return who waits longer for a service than before."""
        return tuple(dict.fromkeys(who for who, whom, _ in self._waiting if whom == callee))

    def is_as_quick(self, service: str) -> bool:
        """Whether the time that a service takes was measured in itself, and did not grow."""
        own = [spot.fact for spot in self.shelf.of_service(SeriesFact, service)]
        times = [one for one in own if view_of(one.metric) == "duration" and not set(one.labels) & set(CALLEE)]
        measured = [one for one in times if is_own(one.metric)]
        return bool(measured) and not any(one.direction == "up" and one.score >= FELT for one in measured)


def _extra(fact: OperationFact) -> float:
    """Seconds that one call takes more of its own time than before; 0 where that is not worth speaking of."""
    before, after = fact.self_before_s, fact.self_after_s
    if before is None or after is None or after < before * SLOWER or after - before < _LEAST_EXTRA_S:
        return 0.0
    return after - before


def _is_as_before(fact: OperationFact) -> bool:
    """Whether an operation was served before and after, and not more slowly."""
    before, after = fact.p50_before_s, fact.p50_after_s
    return before is not None and after is not None and after <= before * SLOWER + _LEAST_EXTRA_S
