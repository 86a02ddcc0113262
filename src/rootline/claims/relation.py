"""Claims about what depends on what, and about what people changed."""

from collections.abc import Sequence

from rootline.claims.place import Place
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Claim
from rootline.domain.fact import ChangeFact, EdgeFact, ServiceFact

_SHOWN = 5
_HEX = frozenset("0123456789abcdef")
_SHORTEST_SHA = 20
# Source: git's own shortest abbreviation by default.
_SHORTEST_CUT = 7


def depends_on(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold a dependency against an edge or a service's callees, in exactly that direction."""
    fact = places[0].fact
    callees = [fact.callee] if isinstance(fact, EdgeFact) else fact.callees if isinstance(fact, ServiceFact) else []
    if not isinstance(fact, EdgeFact | ServiceFact) or claim.unit:
        raise Missing("a dependency is cited by an edge or a service's callees")
    if claim.value == claim.subject or claim.value not in callees:
        raise Contradicted(f"it depends on {', '.join(callees[:_SHOWN]) or 'nothing'}")
    if isinstance(fact, ServiceFact) and places[0].field != "callees":
        raise Missing("a service's dependency is cited by its callees")


def changed(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold a change against the stored one: its subject, its label, and that it took effect before the window's end."""
    first = places[0]
    if not isinstance(first.fact, ChangeFact) or claim.unit:
        raise Missing("the place cited is no change")
    if not _is_label(claim.value, first.fact.label):
        raise Contradicted(f"the change is {first.fact.label}")
    if first.fact.at is None:
        raise Missing("the evidence does not say when it took effect")
    if first.fact.at >= claim.window.end:
        raise Contradicted("it took effect after the window")


def _is_label(said: object, label: str) -> bool:
    """Whether this is the change's label; a commit's hash may be cut to seven digits or more."""
    is_sha = len(label) >= _SHORTEST_SHA and _HEX.issuperset(label)
    return said == label or (is_sha and isinstance(said, str) and len(said) >= _SHORTEST_CUT and label.startswith(said))
