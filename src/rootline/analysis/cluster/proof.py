"""A line that proves something, and the finding it proves."""

from dataclasses import dataclass
from typing import Literal

from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.tables import Row
from rootline.analysis.cluster.text import Line, quoted

Family = Literal["scheduling", "startup", "runtime", "service", "admission", "infrastructure", "performance"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LineProof:
    """One line of a read text.

    Attributes:
        query: What was asked.
        line: The line's number in the answer, counted from 1.
        quote: Text that stands in that line, character by character.
        subject: Whom the line speaks of: `pod/NAME`, `service/NAME`, `node/NAME` and so on.

    """

    query: ClusterQuery
    line: int
    quote: str
    subject: str


def proof_at(query: ClusterQuery, line: Line | Row, subject: str) -> LineProof:
    """Prove something about a subject by a line of what was read."""
    return LineProof(query=query, line=line.number, quote=quoted(line.text), subject=subject)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterFinding:
    """One explanation of what is wrong in a cluster.

    Attributes:
        object: Who has to be repaired: `app/NAME`, `node/NAME` or `namespace/NAME`.
        cause: What is wrong with it, a name out of `rootline.analysis.cluster.causes`.
        family: The family of the cause.
        score: Strength of the evidence for it on its own, 0 to 1; what the ranking goes by.
        probability: Chance that this is the root cause, 0 to 1; all findings together stay below 1.
        mechanism: How it does harm, in one sentence.
        support: Lines that speak for it, the most direct first.
        against: Lines that speak against it.
        still_present: Whether the state read last still shows it.
        remedy: What would end it, in one sentence.

    """

    object: str
    cause: str
    family: Family
    score: float
    probability: float
    mechanism: str
    support: tuple[LineProof, ...]
    against: tuple[LineProof, ...] = ()
    still_present: bool = True
    remedy: str = ""
