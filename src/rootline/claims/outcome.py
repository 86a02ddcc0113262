"""What an answer amounts to: explained, none of these, inconclusive, or a question answered."""

from collections.abc import Sequence

from rootline.domain.hypothesis import DraftAnswer, Hypothesis, Outcome

# Source: own choices. Below three in ten the best explanation is a guess among several; "none of these" is said
# when it is likelier than not, and likelier than the best explanation.
LEAST_TO_EXPLAIN = 0.3
LEAST_TO_DENY = 0.5


def outcome_of(draft: DraftAnswer, hypotheses: Sequence[Hypothesis], *, verified: bool, answered: bool) -> Outcome:
    """Decide what an answer amounts to.

    Args:
        draft: What the investigation wants to say.
        hypotheses: What is left of its hypotheses, best first.
        verified: Whether any claim of the draft, for or against anything, was verified.
        answered: Whether a claim that stands alone was verified.

    """
    best = hypotheses[0] if hypotheses else None
    confidence = best.confidence.value if best else 0.0
    if not verified:
        return "inconclusive"
    if best and best.type == "none" and confidence >= LEAST_TO_EXPLAIN:
        return "none_of_these"
    if draft.none_probability >= LEAST_TO_DENY and draft.none_probability > confidence:
        return "none_of_these"
    if best and confidence >= LEAST_TO_EXPLAIN:
        return "explained"
    return "answered" if answered and not draft.hypotheses else "inconclusive"
