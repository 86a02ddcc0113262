"""Every service that the evidence speaks of, likeliest first: those that are not blamed stand in the same order."""

from collections.abc import Mapping

from rootline.analysis.joining.combining import shares
from rootline.domain.evidence import Evidence
from rootline.models.builtin.calibrating import shipped
from rootline.models.builtin.candidate import Candidate, part
from rootline.models.builtin.from_services import UNCLEAR, weighed_services
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf

FAINT = 1.0
"""Source: own choice, in logits: a movement that is just not clear weighs less than half of one that is."""


def considered(evidence: Mapping[str, Evidence]) -> list[tuple[str, float]]:
    """Rank all services by what was stored of them, with the calibrated probability that each is the cause.

    Nothing is blamed by this: it says where to look next, and in which order, when an answer turns out wrong.
    """
    seen = Seen(Shelf(evidence), was_detected=True)
    found = sorted((_faintly(one, seen) for one in weighed_services(seen, seen.names)), key=_order)
    table = shipped("service")
    return [(one.subject, table.read(p)[0]) for one, p in zip(found, shares([one.score for one in found]), strict=True)]


def _faintly(one: Candidate, seen: Seen) -> Candidate:
    """Add what is too faint to blame anybody for, and tells more than nothing where all else is alike."""
    begun = seen.begun.get(one.subject)
    if begun is None:
        return one
    return one.with_parts([part("faint", FAINT * min(begun.score, UNCLEAR), "something moved a little")])


def _order(one: Candidate) -> tuple[float, str]:
    return -one.score, one.subject
