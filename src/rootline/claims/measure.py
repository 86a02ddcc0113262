"""Which fields of a fact are measurements, in which unit, and which of them stand before and after."""

from rootline.analysis.metrics.units import guess_unit
from rootline.claims.refusal import Contradicted
from rootline.domain.claim import Claim
from rootline.domain.fact import AlertFact, AnyFact, LogFact, OperationFact, SeriesFact

BEFORE_AND_AFTER = {
    "baseline": "current",
    "p50_before_s": "p50_after_s",
    "p95_before_s": "p95_after_s",
    "self_before_s": "self_after_s",
    "errors_before": "errors_after",
    "baseline_count": "count",
}
BEFORE_OF = {after: before for before, after in BEFORE_AND_AFTER.items()}
_COUNTS = frozenset({"count", "baseline_count", "calls"})
_LEVELS = frozenset({"baseline", "current", "peak", "points"})
# What Rootline itself thinks of a fact is no observation: it may order evidence, and it proves nothing.
_OPINIONS = frozenset({"score", "probability", "effect", "novelty", "similarity", "components", "sparkline", "remedy"})
_DIAGNOSES = frozenset({"cause", "mechanism", "family"})


def unit_of(fact: AnyFact, field: str) -> str:
    """The unit of a fact's field: the series' own, seconds or ratio for operations, else empty."""
    if isinstance(fact, SeriesFact):
        return fact.unit if field in _LEVELS else ""
    if isinstance(fact, OperationFact):
        return "s" if field.endswith("_s") else "ratio" if field in {"errors_before", "errors_after"} else ""
    return ""


def same_unit(claim: Claim, fact: AnyFact, field: str) -> None:
    """Refuse a claim in another unit than the field's; counts and alerts may name theirs or not."""
    unit = unit_of(fact, field)
    also = {"count"} if field in _COUNTS else set[str]()
    if isinstance(fact, AlertFact) and field in {"observed", "threshold"}:
        also = {guess_unit(fact.metric)}
    if claim.unit not in {unit, *also}:
        raise Contradicted(f"the evidence is in {unit or 'no unit'}")


def is_opinion(fact: AnyFact, field: str) -> bool:
    """Whether the field holds an estimate or a diagnosis of ours instead of something observed."""
    is_diagnosis = fact.kind in {"condition", "incident"} and field in _DIAGNOSES
    return fact.kind == "ranking" or field in _OPINIONS or is_diagnosis


def before_and_after(fact: AnyFact, after: str) -> tuple[float, float] | None:
    """The two stored values of a measure of an operation or a log, named by its `after` field."""
    if not isinstance(fact, OperationFact | LogFact) or after not in BEFORE_OF:
        return None
    before_value, after_value = getattr(fact, BEFORE_OF[after], None), getattr(fact, after, None)
    return None if before_value is None or after_value is None else (float(before_value), float(after_value))
