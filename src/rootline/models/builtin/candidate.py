"""A possible explanation on its way to an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rootline.analysis.joining.calibration import Calibration
from rootline.analysis.joining.combining import at_most, total
from rootline.domain.fact import ScoreComponent
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.stated import StatedClaim, StatedHypothesis
from rootline.models.builtin.calibrating import Basis, scale, shipped

MOST_CLAIMS = 10
MOST_CLAIMS_OF_A_RUNNER_UP = 4
MOST_PARTS = 11
BOOKKEEPING = "beside"
"""How parts begin their names that only share a probability between explanations and tell nothing of any."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What might be the cause, what stands for and against it, and the parts of its score in logits.

    `support` is ordered: the claims that decide most come first.
    """

    type: HypothesisType
    subject: str
    cause: str
    parts: tuple[ScoreComponent, ...]
    support: tuple[StatedClaim, ...]
    against: tuple[StatedClaim, ...] = ()
    change: str = ""
    remediation: Remediation = ""
    basis: Basis = "other"

    @property
    def score(self) -> float:
        """The sum of the parts, in logits."""
        return total(self.parts)

    def with_parts(self, parts: Iterable[ScoreComponent]) -> "Candidate":
        """Weigh it further."""
        return replace(self, parts=(*self.parts, *parts))

    @property
    def table(self) -> Calibration:
        """The table that says what its probability has been worth."""
        return shipped(self.basis)

    def stated(self, probability: float, *, why_not: str) -> StatedHypothesis:
        """State it; `why_not` is said of runners-up, which get fewer claims."""
        most = MOST_CLAIMS_OF_A_RUNNER_UP if why_not else MOST_CLAIMS
        return StatedHypothesis(
            type=self.type,
            subject=self.subject[:300],
            cause=self.cause,
            change=self.change[:200],
            remediation=self.remediation,
            probability=min(max(probability, 0.0), 1.0),
            support=_once(self.support)[:most],
            against=_once(self.against)[:MOST_CLAIMS_OF_A_RUNNER_UP],
            why_not=why_not[:600],
            components=(*at_most(_bounded(self.parts), MOST_PARTS), scale(self.table)),
        )


def part(name: str, contribution: float, reason: str) -> ScoreComponent:
    """One part of a score, in logits."""
    return ScoreComponent(name=name, contribution=round(contribution, 4), reason=reason[:300])


def _once(claims: Sequence[StatedClaim]) -> tuple[StatedClaim, ...]:
    return tuple(dict.fromkeys(claims))


def _bounded(parts: Sequence[ScoreComponent]) -> list[ScoreComponent]:
    """The parts without their quoted lines, which stand in the evidence, and without those that weigh nothing."""
    return [part(one.name[:120], one.contribution, one.reason) for one in parts if round(one.contribution, 4)]
