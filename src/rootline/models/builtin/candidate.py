"""A possible explanation on its way to an answer."""

from dataclasses import dataclass

from rootline.domain.fact import ScoreComponent
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.stated import StatedClaim, StatedHypothesis

MOST_CLAIMS = 8


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What might be the cause, how likely it is, and what stands for and against it."""

    type: HypothesisType
    subject: str
    cause: str
    probability: float
    support: tuple[StatedClaim, ...]
    against: tuple[StatedClaim, ...] = ()
    change: str = ""
    remediation: Remediation = ""
    why_not: str = ""
    components: tuple[ScoreComponent, ...] = ()

    def stated(self, why_not: str) -> StatedHypothesis:
        """State it; `why_not` is said of runners-up."""
        return StatedHypothesis(
            type=self.type,
            subject=self.subject[:300],
            cause=self.cause,
            change=self.change[:200],
            remediation=self.remediation,
            probability=min(max(self.probability, 0.0), 1.0),
            support=_once(self.support),
            against=_once(self.against),
            why_not=why_not[:600],
            components=self.components[:12],
        )


def _once(claims: tuple[StatedClaim, ...]) -> tuple[StatedClaim, ...]:
    return tuple(dict.fromkeys(claims))[:MOST_CLAIMS]
