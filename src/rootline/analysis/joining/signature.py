"""What an incident looked like, read from the facts that were stored of it."""

from collections.abc import Iterable, Sequence

from rootline.analysis.joining.remembering import Signature, terms_of
from rootline.analysis.metrics.views import view_of
from rootline.domain.fact import AlertFact, AnyFact, ConditionFact, LogFact, OperationFact, SeriesFact

_STRONG = 0.5
_MOST_TEXTS = 30


def signature(facts: Iterable[AnyFact]) -> Signature:
    """Sum an incident up: who failed first, which kinds of symptom it had, and the words of its errors.

    The service is the first one alerted, else that of the strongest series, else where cluster state shows the
    likeliest fault. Text that users can write is left out.
    """
    known = list(facts)
    return Signature(
        service=_service(known), families=frozenset(_families(known)), terms=terms_of(_texts(known)[:_MOST_TEXTS])
    )


def _service(facts: Sequence[AnyFact]) -> str:
    alerts = sorted((fact.fired_at, fact.subject) for fact in facts if isinstance(fact, AlertFact))
    series = [(-fact.score, fact.service) for fact in facts if isinstance(fact, SeriesFact) and fact.score >= _STRONG]
    faults = sorted((-one.probability, one.subject) for one in facts if isinstance(one, ConditionFact))
    found = alerts or (series and [min(series)]) or faults
    return found[0][1] if found else ""


def _families(facts: Sequence[AnyFact]) -> Iterable[str]:
    for fact in facts:
        if isinstance(fact, SeriesFact) and fact.direction != "flat" and fact.score >= _STRONG:
            yield f"{view_of(fact.metric)} {fact.direction}"
        elif isinstance(fact, ConditionFact) and fact.still_present:
            yield fact.family
            yield fact.cause
        elif isinstance(fact, OperationFact) and fact.is_error_root:
            yield "failing calls"


def _texts(facts: Sequence[AnyFact]) -> list[str]:
    logs = [fact for fact in facts if isinstance(fact, LogFact) and fact.is_error and not fact.user_written]
    roots = [fact.error for fact in facts if isinstance(fact, OperationFact) and fact.error]
    return [*(fact.template for fact in sorted(logs, key=lambda one: (-one.novelty, one.template))), *roots]
