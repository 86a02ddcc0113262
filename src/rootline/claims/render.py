"""One plain English sentence out of a claim's fields. It asserts nothing that the checker does not hold.

The sentence is safe on a terminal. A page or a Markdown file still has to escape it.
"""

import math
from collections.abc import Callable
from datetime import datetime

from rootline.claims.agreement import number
from rootline.claims.moments import clock, moment, span
from rootline.claims.plain import clipped
from rootline.claims.quantity import quantities, quantity
from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate, Selector, SeriesSelector

_LONGEST_NAME = 300
_LONGEST_QUOTE = 300
_MEASURES = {
    "p50_before_s": " p50",
    "p50_after_s": " p50",
    "p95_before_s": " p95",
    "p95_after_s": " p95",
    "self_before_s": " self time",
    "self_after_s": " self time",
    "errors_before": " error share",
    "errors_after": " error share",
    "baseline_count": " count",
    "count": " count",
}
_FIGURES = {
    "current": "level",
    "baseline": "usual level",
    "changed": "likelihood that its operations do other things than before",
    "own": "share of the extra time that was spent in itself",
    "on_the_way": "share of the extra time that was lost on the way to others",
}
_DOES = {"+": "adds", "-": "takes out"}
_SENTENCES_ALREADY = frozenset({"version_contrast"})
"""Fields that hold a sentence of their own."""
_BEGAN = {
    "onset": "left its usual level at",
    "first_seen": "first wrote the line at",
    "fired_at": "had an alert fire at",
    "at": "changed at",
    "ended": "was back at its usual level at",
    "last_seen": "last wrote the line at",
    "resolved_at": "had an alert resolve at",
}


def render(claim: Claim) -> str:
    """Write the claim as one sentence with its window, numbers in three digits, outside text made plain."""
    return f"{_statement(claim)} ({span(claim.window)})"


def _statement(claim: Claim) -> str:
    """Write the claim without its window."""
    said = _SENTENCES[claim.predicate](claim, clipped(claim.subject, _LONGEST_NAME), _words(claim.value))
    return said + _which(claim)


def _which(claim: Claim) -> str:
    """The words that tell which of the subject's logs or alerts is meant, where a later selector quotes them."""
    quotes = [one.quote for one in claim.selectors[1:] if isinstance(one, LineSelector)]
    return f", “{clipped(quotes[0], _LONGEST_QUOTE)}”" if quotes else ""


def _moved(claim: Claim, subject: str, _: str) -> str:
    return f"{subject}{_MEASURES.get(_field(claim.selectors[0]), '')} {claim.predicate} {_levels(claim)}"


def _contains(claim: Claim, subject: str, value: str) -> str:
    """A line that a subject wrote, or one of a diff: what a change did to it."""
    if _field(claim.selectors[0]) != "diff":
        return f"{subject} says “{value}”"
    did, header = _DOES.get(value[:1]), value.startswith(("+++", "---"))
    if did is None or header:
        return f"a diff of {subject} has “{value}”"
    return f"a change to {subject} {did} “{value[1:].strip()}”"


def _equals(claim: Claim, subject: str, _: str) -> str:
    if _field(claim.selectors[0]) in _SENTENCES_ALREADY:
        return f"{subject}: {_shown(claim)}"
    return f"{subject}: {_measure(claim)} was {_shown(claim)}"


def _absent(_: Claim, subject: str, value: str) -> str:
    return f"nothing was found of {subject}" + (f" for “{value}”" if value else "")


def turned(claim: Claim) -> str:
    """From what to what, where a claim that something changed points at both values."""
    fields = {_field(one): _words(one.expected) for one in claim.selectors if isinstance(one, PointerSelector)}
    before, after = (fields.get(name, "").removeprefix(f"{claim.value}=") for name in ("before", "after"))
    return f", from {before} to {after}" if before and after else ""


def _precedes(claim: Claim, subject: str, value: str) -> str:
    return f"{subject} {_when(claim, 0)}, before {value} {_when(claim, 1)}"


def _at_a_moment(claim: Claim, subject: str, _: str) -> str:
    since = next((at for one in claim.selectors[1:] if (at := _earliest(one)) is not None), None)
    if since is not None:
        return f"{subject} left its usual level between {clock(since, beside=claim.window.start)} and {_at(claim)}"
    return f"{subject} {_BEGAN.get(_field(claim.selectors[0]), claim.predicate + ' at')} {_at(claim)}"


def _earliest(selector: Selector) -> datetime | None:
    """Return the earliest moment of a beginning, where the selector points at one."""
    if not isinstance(selector, PointerSelector) or _field(selector) != "since":
        return None
    return moment(selector.expected)


def _words(value: object) -> str:
    return clipped(value, _LONGEST_QUOTE) if isinstance(value, str) else "" if value is None else str(value)


def _levels(claim: Claim) -> str:
    """The levels of a move: from 212 to 3,840 ms, to a peak of 3,940 ms, or with the moment of a single point."""
    values = claim.value if isinstance(claim.value, tuple) else (claim.value,)
    known = [value for value in map(number, values) if value is not None]
    if len(known) != len(values):
        return f"to {clipped(str(claim.value), _LONGEST_QUOTE)}"
    numbers, sign = quantities(known, claim.unit)
    after = f"{numbers[-1]} {clipped(sign, _LONGEST_NAME)}".rstrip() + _at_point(claim, claim.selectors[-1])
    peak = "a peak of " if any(_field(one) == "peak" for one in claim.selectors) else ""
    before = f"from {numbers[0]}{_at_point(claim, claim.selectors[0])} " if len(known) > 1 else ""
    return f"{before}to {peak}{after}"


def _at_point(claim: Claim, selector: Selector) -> str:
    if not isinstance(selector, SeriesSelector):
        return ""
    return f" (at {clock(selector.at, beside=claim.window.start)})"


def _shown(claim: Claim) -> str:
    value = claim.value
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "empty"}[value]
    if isinstance(value, float) and math.isfinite(value):
        return clipped(quantity(value, claim.unit), _LONGEST_NAME)
    return f"“{_words(value)}”"


def _measure(claim: Claim) -> str:
    first = claim.selectors[0]
    if isinstance(first, SeriesSelector):
        return f"the value at {clock(first.at, beside=claim.window.start)}"
    field = _field(first)
    if field == "points":
        return "one value"
    return f"the {clipped(_FIGURES.get(field, _MEASURES.get(field, field)).replace('_', ' '), _LONGEST_NAME)}"


def _field(selector: Selector) -> str:
    """The name of the fact's field that a pointer goes through; empty for a point of a series."""
    parts = () if isinstance(selector, SeriesSelector) else selector.pointer.split("/")
    return parts[3] if len(parts) > 3 else parts[-1] if parts else ""  # noqa: PLR2004 (/facts/N/field)


def _when(claim: Claim, place: int) -> str:
    """What began at one of the two moments of an order, and when."""
    selector = claim.selectors[place] if place < len(claim.selectors) else None
    at = moment(selector.expected) if isinstance(selector, PointerSelector) else None
    if selector is None or at is None:
        return "began at an unknown time"
    return f"{_BEGAN.get(_field(selector), 'began at')} {clock(at, beside=claim.window.start)}"


def _at(claim: Claim) -> str:
    at = moment(claim.value)
    return _words(claim.value) if at is None else f"{clock(at, beside=claim.window.start)} UTC"


_SENTENCES: dict[Predicate, Callable[[Claim, str, str], str]] = {
    "rose": _moved,
    "fell": _moved,
    "equals": _equals,
    "contains": _contains,
    "absent": _absent,
    "precedes": _precedes,
    "started": _at_a_moment,
    "ended": _at_a_moment,
    "depends_on": lambda _, subject, value: f"{subject} depends on {value}",
    "changed": lambda claim, subject, value: f"{subject} was changed by {value}{turned(claim)}",
    "is_healthy": lambda _, subject, __: f"{subject} stayed healthy",
}
