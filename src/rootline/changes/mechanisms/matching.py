"""All that a diff could do, matched with what was seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from rootline.changes.diffs.net import Net
from rootline.changes.families import Seen
from rootline.changes.mechanisms.catching import caught_less
from rootline.changes.mechanisms.comparisons import comparisons
from rootline.changes.mechanisms.dependencies import dependencies
from rootline.changes.mechanisms.gone_through import changed_in_loops
from rootline.changes.mechanisms.growth import growth
from rootline.changes.mechanisms.guards import guards
from rootline.changes.mechanisms.handing_on import handed_on
from rootline.changes.mechanisms.keys import narrowed_keys, renamed_keys
from rootline.changes.mechanisms.lookups import renamed_lookups
from rootline.changes.mechanisms.loops import calls_in_loops
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.observing import watching
from rootline.changes.mechanisms.particular import particular
from rootline.changes.mechanisms.reckoning import reckoned
from rootline.changes.mechanisms.reordering import reordered
from rootline.changes.mechanisms.rephrasing import rephrases
from rootline.changes.mechanisms.replacing import replaced
from rootline.changes.mechanisms.retyped import retyped
from rootline.changes.mechanisms.rules import rules
from rootline.changes.mechanisms.schema import statements
from rootline.changes.mechanisms.settings_change import settings
from rootline.changes.mechanisms.shortening import shortened
from rootline.changes.mechanisms.swallowing import swallowed
from rootline.changes.mechanisms.time_limits import time_limits
from rootline.changes.mechanisms.units_change import units
from rootline.changes.mechanisms.values_change import values
from rootline.changes.mechanisms.vocabulary import vocabulary
from rootline.changes.mechanisms.waiting_inside import waiting_inside
from rootline.changes.mechanisms.zones import zones

# How much a family tells: what every failure shows tells little.
# Source: judgement; nearly every incident raises errors and latency, few raise memory or a schema error.
TELLING = {
    "errors": 0.45,
    "latency": 0.6,
    "crash": 0.6,
    "data": 0.5,
    "network": 0.6,
    "config": 0.6,
    "build": 0.0,
    "startup": 0.9,
    "traffic": 0.7,
}


@dataclass(frozen=True)
class Match:
    """A mechanism that can produce a family that was seen; `weight` 0 to 1."""

    mechanism: Mechanism
    family: str
    weight: float


def mechanisms(net: Net, families: frozenset[str], spoken: frozenset[str]) -> list[Mechanism]:
    """Everything found in a diff that could produce one of the families; `spoken` are the symptom's lowercase words."""
    held = waiting_inside(net)
    if (net.is_empty and not net.reordered and not held) or rephrases(net):
        return []
    numbers = settings(net)
    named = values(net.without(line for one in numbers for line in one.lines))
    bumped = dependencies(net, spoken)
    weighed = (*numbers, *bumped)
    rest = net.without((*(line for one in weighed for line in one.lines), *watching(net)))
    found: Iterable[Mechanism] = (
        *numbers,
        *named,
        *units(net),
        *time_limits(net, spoken),
        *bumped,
        *calls_in_loops(net),
        *held,
        *(particular(net) or renamed_keys(net) or narrowed_keys(net)),
        *renamed_lookups(net),
        *reckoned(net),
        *retyped(net),
        *handed_on(net, spoken),
        *zones(net),
        *growth(net),
        *changed_in_loops(net, spoken),
        *guards(rest),
        *caught_less(net, spoken),
        *swallowed(net),
        *comparisons(rest),
        *statements(net),
        *reordered(net),
        *shortened(rest),
        *replaced(rest),
        *vocabulary(net, spoken),
        *rules(net, rest, families),
    )
    return [one for one in found if not families.isdisjoint(one.families)]


def matches(found: Iterable[Mechanism], seen: tuple[Seen, ...]) -> list[Match]:
    """The best family for each mechanism, heaviest first, one per mechanism's name."""
    strengths = {one.family: one.strength * TELLING.get(one.family, 1.0) for one in seen}
    best: dict[str, Match] = {}
    for mechanism in found:
        match = _best(mechanism, strengths)
        if match.weight > 0 and match.weight > (best[mechanism.name].weight if mechanism.name in best else 0.0):
            best[mechanism.name] = match
    return sorted(best.values(), key=lambda one: (-one.weight, one.mechanism.name))


def _best(mechanism: Mechanism, strengths: dict[str, float]) -> Match:
    weights = {family: weight * strengths.get(family, 0.0) for family, weight in mechanism.families.items()}
    family = max(weights, key=lambda one: (weights[one], one))
    return Match(mechanism, family, weights[family])
