"""Re-reads the stored evidence of a claim and marks it; never believes the claim, and never raises on it."""

from collections.abc import Callable, Mapping, Sequence

from rootline.claims import content, health, movement, order, relation
from rootline.claims.moments import span
from rootline.claims.place import Place, read
from rootline.claims.refusal import Contradicted, Missing, Refused
from rootline.claims.render import render
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Checked, Claim, Predicate
from rootline.domain.evidence import Evidence

Family = Callable[[Claim, Sequence[Place], Shelf], None]

_FAMILIES: dict[Predicate, Family] = {
    "rose": movement.moved,
    "fell": movement.moved,
    "equals": content.equals,
    "contains": content.contains,
    "absent": content.absent,
    "precedes": order.precedes,
    "started": order.started,
    "ended": order.ended,
    "depends_on": relation.depends_on,
    "changed": relation.changed,
    "is_healthy": health.is_healthy,
}
_COMPARISONS = frozenset({"rose", "fell", "precedes"})


class Checker:
    """Checks many claims against one investigation's evidence; each hash is recomputed once."""

    def __init__(self, evidence: Mapping[str, Evidence]) -> None:
        self._shelf = Shelf(evidence)

    def check(self, claim: Claim) -> Checked:
        """Mark a claim: verified only if everything it says holds."""
        sentence = render(claim)
        try:
            self._hold(claim)
        except Refused as refused:
            return Checked(claim=claim, sentence=sentence, mark=refused.mark, reason=refused.reason)
        return Checked(claim=claim, sentence=sentence, mark="verified")

    def _hold(self, claim: Claim) -> None:
        places = [read(selector, self._shelf) for selector in claim.selectors]
        _is_about(claim, places)
        _is_in_window(claim, places)
        _rests_on_no_note(claim, places)
        _FAMILIES[claim.predicate](claim, places, self._shelf)


def check(claim: Claim, evidence: Mapping[str, Evidence]) -> Checked:
    """Mark one claim against stored evidence, by label.

    Verified when every selector resolves and matches, the facts cited are about the claim's subject, the window
    is the evidence's, the hash of the evidence is intact, and what the predicate says holds when it is computed
    again from what is stored.
    """
    return Checker(evidence).check(claim)


def _is_about(claim: Claim, places: Sequence[Place]) -> None:
    """Every fact cited is about the subject; in an order, the later ones are about the value."""
    for number, place in enumerate(places):
        wanted = claim.value if number and claim.predicate == "precedes" else claim.subject
        is_status = place.fact is None and claim.predicate == "absent"
        if not is_status and (place.fact is None or place.fact.subject != wanted):
            about = "its own status" if place.fact is None else place.fact.subject
            raise Missing(f"the place cited is about {about}")


def _rests_on_no_note(claim: Claim, places: Sequence[Place]) -> None:
    """A note may stand beside the place that proves, and never in a comparison."""
    if places[0].is_note or (claim.predicate in _COMPARISONS and any(place.is_note for place in places)):
        raise Missing("a person's note is not enough alone")


def _is_in_window(claim: Claim, places: Sequence[Place]) -> None:
    window = places[0].evidence.window
    if claim.window != window:
        raise Contradicted(f"{places[0].evidence.label} speaks of {span(window)}")
    for place in places[1:]:
        if not place.evidence.window.overlaps(window):
            raise Contradicted(f"{place.evidence.label} speaks of {span(place.evidence.window)}")
