"""An answer that explains nothing still says what was observed, each of it re-read, and stays inconclusive."""

from collections.abc import Mapping

from rootline.claims.checker import Checker
from rootline.claims.stated import resolve
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer
from rootline.domain.session import Question
from rootline.models.builtin.observed import observed


def with_observed(answer: Answer, evidence: Mapping[str, Evidence], question: Question) -> Answer:
    """Add to an inconclusive answer the observations that the checker verified and that it does not make itself."""
    if answer.outcome != "inconclusive":
        return answer
    said = {claim.claim for one in answer.hypotheses for claim in (*one.support, *one.against)}
    said |= {one.claim for one in answer.claims}
    checker = Checker(evidence)
    found = [checker.check(resolve(one, evidence, question.window)) for one in observed(evidence, question)]
    new = tuple(one for one in found if one.is_fact and one.claim not in said)
    return answer.model_copy(update={"claims": (*answer.claims, *new)})
