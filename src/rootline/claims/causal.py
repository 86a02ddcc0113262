"""When a causal sentence is allowed: over a verified order in time, and a verified dependency or mechanism."""

from collections.abc import Collection, Sequence

from rootline.domain.claim import Checked, Claim, LineSelector, PointerSelector
from rootline.domain.service_key import ServiceKey

_FEWEST_WORDS = 2
_LONGEST_CHAIN = 12
_SHORTEST_SHA = 7


def is_proven(support: Sequence[Checked], clusters: Collection[str] = ()) -> bool:
    """Whether verified claims show an order in time between two parties, and what links these two.

    The link is a chain of dependencies from the later party's service to the earlier one's, or words quoted from
    a diff, a log or the cluster about one of the two. Between two clusters only a chain of dependencies is a link.
    """
    facts = [one.claim for one in support if one.is_fact]
    edges = [_pair(one, clusters) for one in facts if one.predicate == "depends_on"]
    told = [party(one.subject, clusters) for one in facts if is_mechanism(one)]
    orders = [_pair(one, clusters) for one in facts if one.predicate == "precedes"]
    return any(_explained(told, pair) or _reaches(pair[1], pair[0], edges) for pair in orders)


def names(support: Sequence[Checked], subject: str, change: str, clusters: Collection[str] = ()) -> bool:
    """Whether verified claims speak of the subject blamed and, where a change is blamed, of that change."""
    facts = [one.claim for one in support if one.is_fact]
    blamed = party(subject, clusters)
    is_named = any(blamed.is_same(one) for fact in facts for one in _spoken_of(fact, clusters))
    quoted = (one for one in facts if one.predicate == "contains" and _is_near(one, blamed, clusters))
    is_named = is_named or any(isinstance(one.value, str) and blamed.name in one.value for one in quoted)
    return is_named and (not change or any(_is_change(one.value, change) for one in facts))


def speaks_of(support: Sequence[Checked], subject: str, change: str, clusters: Collection[str] = ()) -> bool:
    """Whether a verified claim mentions what is blamed: the change by its label, or the subject by its name."""
    facts = [one.claim for one in support if one.is_fact]
    blamed = party(subject, clusters)
    told = [text for one in facts if _is_near(one, blamed, clusters) for text in (one.subject, one.value)]
    near = (text for text in told if isinstance(text, str) and blamed.is_near(party(text, clusters)))
    return any(_is_change(one.value, change) for one in facts) or any(blamed.name in text for text in near)


def _pair(claim: Claim, clusters: Collection[str]) -> tuple[ServiceKey, ServiceKey]:
    return party(claim.subject, clusters), party(str(claim.value), clusters)


def _spoken_of(claim: Claim, clusters: Collection[str]) -> list[ServiceKey]:
    """The parties that a claim's subject and value name; what a value names is where the subject is."""
    subject = party(claim.subject, clusters)
    value = [party(claim.value, clusters).beside(subject)] if isinstance(claim.value, str) else []
    return [subject, *value]


def _is_near(claim: Claim, blamed: ServiceKey, clusters: Collection[str]) -> bool:
    return blamed.is_near(party(claim.subject, clusters))


def _explained(told: Sequence[ServiceKey], pair: tuple[ServiceKey, ServiceKey]) -> bool:
    """Whether words about one of two parties of one cluster show the mechanism."""
    earlier, later = pair
    return earlier.is_near(later) and any(one.is_same(each) for one in told for each in pair)


def _is_change(value: object, change: str) -> bool:
    """Whether a claim's value is the change's label, which may be cut to seven characters or more."""
    is_prefix = len(change) >= _SHORTEST_SHA and isinstance(value, str) and value.startswith(change)
    return value == change or is_prefix


def is_mechanism(claim: Claim) -> bool:
    """Whether the claim quotes at least two words of a diff, a log or the cluster's text."""
    first = claim.selectors[0]
    is_text = isinstance(first, LineSelector) and _field(first) in {"diff", "exemplar", "lines", "support"}
    words = claim.value.split() if isinstance(claim.value, str) else []
    return claim.predicate == "contains" and is_text and len(words) >= _FEWEST_WORDS


def party(subject: str, clusters: Collection[str] = ()) -> ServiceKey:
    """The service or object a subject is about: `checkout p99{pod=a}` is about `checkout`."""
    return ServiceKey.of((subject.split() or [""])[0].split("{")[0], clusters)


def _field(selector: LineSelector | PointerSelector) -> str:
    parts = selector.pointer.split("/")
    return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 (/facts/N/field)


def _reaches(start: ServiceKey, goal: ServiceKey, edges: Sequence[tuple[ServiceKey, ServiceKey]]) -> bool:
    """Whether a chain of dependencies leads from start to goal; no chain leads from a service to itself."""
    reached = {start}
    for _ in range(_LONGEST_CHAIN):
        reached |= {callee.beside(one) for one in reached for caller, callee in edges if one.is_same(caller)}
    return any(one.is_same(goal) for one in reached) and not start.is_same(goal)
