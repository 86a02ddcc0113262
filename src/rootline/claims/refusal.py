"""Why a claim is not verified: the evidence says something else, or says nothing of it."""

from typing import Literal

from rootline.claims.plain import clipped
from rootline.errors import ToolFault

_LONGEST_REASON = 300


class Refused(ToolFault):
    """The evidence does not bear the claim; `mark` says how, `reason` in a few words what it says instead."""

    mark: Literal["contradicted", "not_found"] = "not_found"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The claim is {self.mark.replace('_', ' ')}: {reason}. Claim only what the evidence says.")
        self.reason = clipped(reason, _LONGEST_REASON)


class Contradicted(Refused):
    """The evidence says something else."""

    mark = "contradicted"


class Missing(Refused):
    """There is no such evidence, pointer, line or subject."""
