"""In which service something began inside the window: its own numbers, calls to it, calls it no longer makes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rootline.analysis.metrics.ceilings import is_success
from rootline.analysis.metrics.harm import is_own, weight_of
from rootline.analysis.metrics.views import view_of
from rootline.analysis.topology import Graph
from rootline.domain.fact import SeriesFact
from rootline.domain.service_key import spelled_beside

CALLEE = ("callee", "destination", "destination_service", "upstream", "peer", "peer_service", "target", "remote")
# A step of five times the usual size is half of the full strength; three strong numbers say all that many would.
_HALF_STEP = 5.0
_TELLING = 3
_ROOM = 0.9
_AGAINST = 0.15
# Source: own choice, tried on recorded incidents in two halves: a third of what begins in a callee is felt above.
_FELT_ABOVE = 0.3


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """How clearly something began in a service; every component is 0 to 1 but `score`, which adds them up.

    Attributes:
        own: Its own numbers stepped for the worse.
        reached: Calls to it became slower than it is itself: what lies before it is held up.
        starved: A service that it calls got less to do while its own traffic held: it stopped calling.
        below: What began in the services that it calls, which it would feel.
        top: The subject of the series that stepped most for the worse; empty where none did.

    """

    service: str
    own: float = 0.0
    reached: float = 0.0
    starved: float = 0.0
    below: float = 0.0
    top: str = ""

    @property
    def score(self) -> float:
        """What the services are compared by; under 0 where all of it is felt from below."""
        return self.own + self.reached + self.starved - _FELT_ABOVE * self.below


def beginnings(series: Iterable[SeriesFact], graph: Graph, clusters: Collection[str] = ()) -> Mapping[str, Beginning]:
    """Weigh every service that has a series of its own with a step; `clusters` are those that were asked together."""
    known = [fact for fact in series if fact.step]
    own = _own(known)
    slower = _most((fact.service, strength(fact)) for fact in known if _is_slower(fact))
    less = _most((fact.service, strength(fact)) for fact in known if _is_less_traffic(fact))
    calls = _most(
        (spelled_beside(callee_of(fact), fact.service, clusters), strength(fact))
        for fact in known
        if callee_of(fact) and _rises(fact)
    )
    return {
        name: Beginning(
            service=name,
            own=score,
            reached=max(calls.get(name, 0.0) - slower.get(name, 0.0), 0.0),
            starved=max(max((less.get(one, 0.0) for one in graph.callees(name)), default=0.0) - less.get(name, 0.0), 0),
            below=max((own[one][0] for one in graph.callees(name) if one in own), default=0.0),
            top=top,
        )
        for name, (score, top) in own.items()
    }


def strength(fact: SeriesFact) -> float:
    """Return how clear a step is, from 0 to 1, whatever its direction."""
    return abs(fact.step) / (abs(fact.step) + _HALF_STEP)


def callee_of(fact: SeriesFact) -> str:
    """Return whom a series of a caller names as its callee; empty where it names none."""
    return next((fact.labels[key] for key in CALLEE if fact.labels.get(key, fact.service) != fact.service), "")


def _own(facts: Iterable[SeriesFact]) -> Mapping[str, tuple[float, str]]:
    """Each service's joint strength over its most telling steps, and the subject of the first of them."""
    found: dict[str, list[tuple[float, str]]] = {}
    for fact in facts:
        if is_own(fact.metric) and not callee_of(fact):
            found.setdefault(fact.service, []).append((_harm(fact), fact.subject))
    return {name: _joint(sorted(steps, reverse=True)[:_TELLING]) for name, steps in found.items()}


def _joint(steps: list[tuple[float, str]]) -> tuple[float, str]:
    left = 1.0
    for harm, _ in steps:
        left *= 1.0 - _ROOM * harm
    return 1.0 - left, steps[0][1]


def _harm(fact: SeriesFact) -> float:
    view = view_of(fact.metric)
    is_worse = view in {"rate", "other"} or (fact.step < 0) == is_success(fact.metric)
    return weight_of(view) * strength(fact) * (1.0 if is_worse else _AGAINST)


def _is_slower(fact: SeriesFact) -> bool:
    return view_of(fact.metric) == "duration" and is_own(fact.metric) and not callee_of(fact) and _rises(fact)


def _is_less_traffic(fact: SeriesFact) -> bool:
    return view_of(fact.metric) == "rate" and is_own(fact.metric) and fact.step < 0


def _rises(fact: SeriesFact) -> bool:
    return fact.step > 0


def _most(pairs: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for name, value in pairs:
        found[name] = max(found.get(name, 0.0), value)
    return found
