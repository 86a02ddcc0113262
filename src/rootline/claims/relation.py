"""Claims about what depends on what, and about what people changed."""

from collections.abc import Sequence

from rootline.claims.place import Place
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Claim
from rootline.domain.fact import ChangeFact, EdgeFact, ServiceFact


def depends_on(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold a dependency against an edge or a service's callees, in exactly that direction."""
    first = places[0]
    is_edge = isinstance(first.fact, EdgeFact) and first.path == ("callee",)
    is_callee = isinstance(first.fact, ServiceFact) and first.field == "callees"
    if not (is_edge or is_callee) or claim.unit:
        raise Missing("a dependency is cited by an edge's callee or a service's callees")
    if claim.value == claim.subject or first.value != claim.value:
        raise Contradicted(f"it depends on {first.value}")


def changed(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold a change against the stored one: its subject, its label, and that it took effect before the window's end."""
    first = places[0]
    if not isinstance(first.fact, ChangeFact) or claim.unit:
        raise Missing("the place cited is no change")
    if first.path != ("label",):
        raise Missing("a change is cited by its label")
    if first.fact.label != claim.value:
        raise Contradicted(f"the change is {first.fact.label}")
    if first.fact.at is None:
        raise Missing("the evidence does not say when it took effect")
    if first.fact.at >= claim.window.end:
        raise Contradicted("it took effect after the window")
