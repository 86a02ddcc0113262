"""An answer as a prediction of the service at fault."""

from rootline.domain.hypothesis import Answer
from rootline.evals.investigated import count_calls, count_claims, tokens_shown
from rootline.evals.scorers.ranking import expected_rank
from rootline.evals.suite import Case, Prediction, Ranked
from rootline.store.journal import Record


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


def rank_of(prediction: Prediction, service: str) -> float:
    """Return the strict rank of a service among those blamed; infinity when it is not."""
    names = [one.service for one in prediction.ranked]
    truth = names.index(service) if service in names else None
    return expected_rank([one.confidence for one in prediction.ranked], truth)


def confidence(prediction: Prediction) -> float:
    """Return the confidence of the first answer; 0.0 without one."""
    return prediction.ranked[0].confidence if prediction.ranked else 0.0
