"""A claim as one line: `E3[0] rose`, `E3[2] contains "timeout"`, `E3[0] precedes E5[1]`."""

import re
from typing import get_args

from pydantic import ValidationError

from rootline.domain.claim import Predicate, Scalar
from rootline.domain.stated import Place, StatedClaim
from rootline.errors import ToolFault
from rootline.tools.wording import alike, cut, some

MOST_CHARS = 700
SHAPE = 'Write E3[0] rose, E3[1] equals current 210, E3[2] contains "words", E3[0] precedes E5[1]'
_PREDICATES: tuple[str, ...] = get_args(Predicate)
_HEAD = re.compile(r"(E\d{1,6})\[(\d{1,6})\]\s+([a-z_]{1,20})(?:\s+(.*))?", re.DOTALL)
_PLACE = re.compile(r"(E\d{1,6})\[(\d{1,6})\]")
_NUMBER = re.compile(r"[-+]?\d[\d,]{0,30}(?:\.\d{1,30})?(?:e[-+]?\d{1,2})?", re.IGNORECASE)
_LINE = re.compile(r"line (\d{1,6})\s+(.*)", re.DOTALL)


def read_claim(text: str) -> StatedClaim:
    """Read one line; raise ToolFault that shows how to write it."""
    head = _HEAD.fullmatch(text.strip())
    if head is None:
        raise ToolFault(f"{cut(text, 80)!r} is no claim. {SHAPE}.")
    label, fact, predicate, rest = head.groups()
    if predicate not in _PREDICATES:
        meant = alike(predicate, _PREDICATES, most=1)
        hint = f"Did you mean {meant[0]}?" if meant else f"Known: {some(_PREDICATES, most=20)}."
        raise ToolFault(f"{predicate!r} is no predicate. {hint}")
    try:
        return StatedClaim.model_validate(
            {"evidence": label, "fact": int(fact), "predicate": predicate, **_rest(predicate, (rest or "").strip())}
        )
    except ValidationError as bad:
        raise ToolFault(f"{cut(text, 80)!r} is no claim: {cut(bad.errors()[0]['msg'], 120)}. {SHAPE}.") from bad


def _rest(predicate: str, rest: str) -> dict[str, Scalar | Place]:
    if not rest:
        return {}
    if predicate == "precedes":
        return {"other": _place(rest)}
    if predicate == "equals":
        field, _, value = rest.partition(" ")
        return {"field": field, "value": _value(value)}
    if predicate == "contains":
        line = _LINE.fullmatch(rest)
        return {"line": int(line.group(1)), "value": _quoted(line.group(2))} if line else {"value": _quoted(rest)}
    return {"value": _value(rest)}


def _place(text: str) -> Place:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ToolFault(f"{cut(text, 60)!r} names no fact. {SHAPE}.")
    return Place(evidence=found.group(1), fact=int(found.group(2)))


def _value(text: str) -> Scalar:
    """Return a number or a truth where one is written bare, else the words without their quotation marks."""
    bare = text.strip()
    if bare in {"", "true", "false"}:
        return None if bare == "" else bare == "true"
    return float(bare.replace(",", "")) if _NUMBER.fullmatch(bare) else _quoted(bare)


def _quoted(text: str) -> str:
    inside = text.strip()
    is_quoted = len(inside) > 1 and inside[0] == inside[-1] and inside[0] in "\"'`"
    return inside[1:-1] if is_quoted else inside
