"""Claims that something is healthy: nothing moved, and nothing else read says otherwise."""

from collections.abc import Sequence

from rootline.analysis.metrics.harm import is_out_of_reach
from rootline.analysis.metrics.views import view_of
from rootline.claims.place import Place
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Claim
from rootline.domain.fact import AlertFact, AnyFact, ConditionFact, OperationFact, SeriesFact
from rootline.domain.levels import level, samples
from rootline.domain.window import Window

_FEWEST = 4
# Source: own choices, on the side of refusing. A quarter slower (or faster, as what fails early is), or one request
# in a hundred more failing, is worth a look; a level may wander by a tenth, or by three robust standard deviations.
_OTHER = 1.25
_MORE_ERRORS = 0.01
_WANDER = 0.1
_SIGMAS = 3.0


def is_healthy(claim: Claim, places: Sequence[Place], shelf: Shelf) -> None:
    """Hold health against the facts cited, recomputed, and against all that was read about the same subject."""
    if claim.value is not None or claim.unit:
        raise Missing("health has no value and no unit")
    for place in places:
        if not isinstance(place.fact, SeriesFact | OperationFact | ConditionFact):
            raise Missing("the place cited does not tell health")
    for evidence in shelf.opened():
        for fact in evidence.reading.facts:
            if fact.subject == claim.subject and evidence.window.overlaps(claim.window):
                speaks_of_no_trouble(fact, claim.window)


def speaks_of_no_trouble(fact: AnyFact, window: Window) -> None:
    """Raise Refused where a fact, computed again, tells of trouble in the window or too little to say."""
    if isinstance(fact, SeriesFact):
        _stays_level(fact)
    elif isinstance(fact, OperationFact):
        _works_as_before(fact)
    elif isinstance(fact, ConditionFact) and fact.still_present:
        raise Contradicted("a fault is present in cluster state")
    elif isinstance(fact, AlertFact) and (fact.resolved_at is None or fact.resolved_at > window.start):
        raise Contradicted(f"the alert {fact.name} fired")


def _stays_level(fact: SeriesFact) -> None:
    if fact.direction != "flat":
        raise Contradicted(f"the series went {fact.direction}")
    if fact.anomaly != "none":
        raise Contradicted(f"the series shows a {fact.anomaly.replace('_', ' ')}")
    values = samples(fact)
    if len(values) < _FEWEST:
        raise Missing("there are too few points to call it healthy")
    third = max(len(values) // 3, 1)
    whole, first, last = level(values), level(values[:third]), level(values[-third:])
    slack = max(_SIGMAS * first.spread, _SIGMAS * last.spread, _WANDER * abs(whole.middle))
    if abs(last.middle - first.middle) > slack:
        raise Contradicted(f"it went from {first.middle:g} to {last.middle:g}")
    if is_out_of_reach(fact.metric, last.middle):
        raise Contradicted(f"it is {last.middle:g}, and 1 where all of it is reached")
    if fact.unit == "ratio" and view_of(fact.metric) == "errors" and last.middle > _MORE_ERRORS:
        raise Contradicted(f"{last.middle:.1%} of it fails all the time")


def _works_as_before(fact: OperationFact) -> None:
    if fact.is_error_root or fact.error:
        raise Contradicted("errors begin there")
    if fact.p95_before_s is None or fact.p95_after_s is None or fact.errors_after is None:
        raise Missing("there is nothing to compare the operation with")
    slower, faster = fact.p95_before_s * _OTHER, fact.p95_before_s / _OTHER
    if not faster <= fact.p95_after_s <= slower:
        raise Contradicted(f"it went from {fact.p95_before_s:g} to {fact.p95_after_s:g} s")
    if fact.errors_after > (fact.errors_before or 0.0) + _MORE_ERRORS:
        raise Contradicted(f"{fact.errors_after:.1%} of its requests fail")
