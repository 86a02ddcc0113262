"""An answer as a prediction of the service at fault."""

from rootline.domain.hypothesis import Answer
from rootline.evals.investigated import count_calls, count_claims, tokens_shown
from rootline.evals.scorers.ranking import expected_rank
from rootline.evals.suite import Case, Prediction, Ranked
from rootline.models.builtin.considered import considered
from rootline.store.journal import Record

_BELOW = 0.9


def predicted_services(record: Record, case: Case, cpu_s: float) -> Prediction:
    """Rank the services that the answer blames."""
    answer = record.answer or Answer(outcome="inconclusive")
    return Prediction(
        case=case.name,
        ranked=tuple(
            Ranked(service=one.subject, cause=one.cause, confidence=one.confidence.value) for one in answer.hypotheses
        ),
        abstained=not answer.hypotheses,
        first_failing_service=answer.first_failing_service,
        claims=count_claims(record),
        tool_calls=count_calls(record),
        tokens_shown=tokens_shown(record),
        cpu_s=round(cpu_s, 3),
    )


def with_considered(prediction: Prediction, record: Record) -> Prediction:
    """Add the services that the answer does not blame below those that it does, in the order of their evidence."""
    blamed = {one.service for one in prediction.ranked}
    lowest = min((_BELOW * one.confidence for one in prediction.ranked), default=1.0)
    others = [
        Ranked(service=name, confidence=round(p * lowest, 6))
        for name, p in considered({one.label: one for one in record.evidence})
        if name not in blamed
    ]
    return prediction.model_copy(update={"ranked": (*prediction.ranked, *others)})


def rank_of(prediction: Prediction, service: str) -> float:
    """Return the strict rank of a service among those blamed; infinity when it is not."""
    names = [one.service for one in prediction.ranked]
    truth = names.index(service) if service in names else None
    return expected_rank([one.confidence for one in prediction.ranked], truth)


def confidence(prediction: Prediction) -> float:
    """Return the confidence of the first answer; 0.0 without one."""
    return prediction.ranked[0].confidence if prediction.ranked else 0.0
