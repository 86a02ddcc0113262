"""When a causal sentence is allowed: over a verified order in time, and a verified dependency or mechanism."""

from collections.abc import Iterable, Sequence

from rootline.domain.claim import Checked, Claim, LineSelector, PointerSelector

_FEWEST_WORDS = 2
_LONGEST_CHAIN = 12
_SHORTEST_SHA = 7


def is_proven(support: Sequence[Checked]) -> bool:
    """Whether verified claims show an order in time between two parties, and what links these two.

    The link is a chain of dependencies from the later party's service to the earlier one's, or words quoted from
    a diff, a log or the cluster about one of the two.
    """
    facts = [one.claim for one in support if one.is_fact]
    edges = {(party(one.subject), party(str(one.value))) for one in facts if one.predicate == "depends_on"}
    told = {party(one.subject) for one in facts if is_mechanism(one)}
    orders = [(party(one.subject), party(str(one.value))) for one in facts if one.predicate == "precedes"]
    return any(told & {earlier, later} or _reaches(later, earlier, edges) for earlier, later in orders)


def names(support: Sequence[Checked], subject: str, change: str) -> bool:
    """Whether verified claims speak of the subject blamed and, where a change is blamed, of that change."""
    facts = [one.claim for one in support if one.is_fact]
    spoken_of = {party(text) for one in facts for text in (one.subject, one.value) if isinstance(text, str)}
    quoted = [one.value for one in facts if one.predicate == "contains" and isinstance(one.value, str)]
    is_named = party(subject) in spoken_of or any(party(subject) in words for words in quoted)
    return is_named and (not change or any(_is_change(one.value, change) for one in facts))


def speaks_of(support: Sequence[Checked], subject: str, change: str) -> bool:
    """Whether a verified claim mentions what is blamed: the change by its label, or the subject by its name."""
    facts = [one.claim for one in support if one.is_fact]
    name = party(subject)
    mentioned = (text for one in facts for text in (one.subject, one.value) if isinstance(text, str))
    return any(_is_change(one.value, change) for one in facts) or any(name in text for text in mentioned)


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


def party(subject: str) -> str:
    """The service or object a subject is about: `checkout p99{pod=a}` and `prod/shop/checkout` are both `checkout`."""
    return (subject.split() or [""])[0].split("{")[0].rsplit("/", 1)[-1]


def _field(selector: LineSelector | PointerSelector) -> str:
    parts = selector.pointer.split("/")
    return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 (/facts/N/field)


def _reaches(start: str, goal: str, edges: Iterable[tuple[str, str]]) -> bool:
    """Whether a chain of dependencies leads from start to goal; no chain leads from a service to itself."""
    known, reached = list(edges), {start}
    for _ in range(_LONGEST_CHAIN):
        reached |= {callee for caller, callee in known if caller in reached}
    return goal in reached and start != goal
