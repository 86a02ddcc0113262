"""Reads what is right of a vendor's payload and says what is not: one wrong field loses no other alert."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar

from pydantic import BeforeValidator, ValidationError

from rootline.intake.told import BadPayload, Part, sentences

MOST_ROUNDS = 4
"""Source: ours; what is wrong in a list may show what is wrong around it, and no payload is nested deeper."""
MOST_SHOWN = 3
LONGEST_PLACE = 120
LONGEST_REASON = 600
Place = tuple[str | int, ...]


def written(value: object) -> object:
    """Write true or 3 as JSON would; text stays text, and so does what is no scalar."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _without_nulls(value: object) -> object:
    return {key: one for key, one in value.items() if one is not None} if isinstance(value, dict) else value


def _as_text(value: object) -> object:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else written(value)


Opaque = Annotated[str, BeforeValidator(_as_text)]
"""A key of the vendor's own, whatever it is made of."""
Word = Annotated[str, BeforeValidator(written)]
Words = Annotated[dict[str, Word], BeforeValidator(_without_nulls)]


@dataclass(frozen=True, kw_only=True)
class Partly(Generic[Part]):
    """A payload without what was wrong in it; `left_out` says in a sentence what that was, and is empty for nothing."""

    part: Part
    left_out: str = ""


def read_partly(kind: type[Part], body: Any, vendor: str) -> Partly[Part]:
    """Read a payload; what is wrong in it, and may be missing, counts as not there.

    Raises:
        BadPayload: Something is wrong or missing without which it is no payload of the vendor; names that field.

    """
    said: dict[Place, str] = {}
    for _ in range(MOST_ROUNDS):
        try:
            return Partly(part=kind.model_validate(body), left_out=_sentence([*said.values()]))
        except ValidationError as bad:
            wrong = _wrong(bad, body)
            if () in wrong:
                raise refused(vendor, _cause(bad, wrong[()], said)) from bad
            said = {**wrong, **said}
            body = _without(body, (), wrong.keys(), {place[:at] for place in wrong for at in range(len(place))})
    raise refused(vendor, next(iter(said.values())))


class _Known(Protocol):
    @property
    def labels(self) -> Mapping[str, str]: ...
    @property
    def fingerprint(self) -> str: ...


Alert = TypeVar("Alert", bound=_Known)


def known(alerts: Sequence[Alert], listed: Sequence[object], left_out: str, vendor: str) -> tuple[list[Alert], str]:
    """Return the alerts that can be told from others, and what to say of all that were listed.

    Raises:
        BadPayload: Some were listed, and not one of them can be.

    """
    found = [one for one in alerts if one.labels or one.fingerprint]
    nameless = len(alerts) - len(found)
    more = f"Not taken for want of labels and of a fingerprint: {nameless} of the alerts." if nameless else ""
    told = sentences(left_out, more)
    if listed and not found:
        raise refused(vendor, f"none of its {len(listed)} alerts can be read. {told}")
    return found, told


def refused(vendor: str, why: str) -> BadPayload:
    """Say why something is no payload at all."""
    return BadPayload(
        f"This is no payload of {vendor}: {why[:LONGEST_REASON].rstrip('.')}. docs/intake.md says what is read."
    )


def _wrong(bad: ValidationError, body: Any) -> dict[Place, str]:
    """Return what has to go, with the reason: a wrong value, or what lacks something that it cannot do without."""
    found: dict[Place, str] = {}
    for error in bad.errors(include_url=False, include_input=False, include_context=False):
        place = _existing(body, error["loc"])
        named = error["loc"] if error["type"] == "missing" else place
        found.setdefault(place, f"{_named(named)}: {error['msg'][:LONGEST_PLACE]}")
    return found


def _cause(bad: ValidationError, last: str, said: Mapping[Place, str]) -> str:
    """Name the field for which a payload is refused: as it was wrong at first, not as it is missing now."""
    lacking = {error["loc"][:1] for error in bad.errors() if len(error["loc"]) == 1}
    return next((why for place, why in said.items() if place[:1] in lacking), last)


def _existing(body: Any, place: Place) -> Place:
    """Return the part of a place that there is; the steps behind it name a rule of ours or what is missing."""
    for at, step in enumerate(place):
        is_there = (
            step in body
            if isinstance(body, dict)
            else isinstance(body, list) and isinstance(step, int) and step < len(body)
        )
        if not is_there:
            return place[:at]
        body = body[step]
    return place


def _without(value: Any, at: Place, gone: AbstractSet[Place], around: AbstractSet[Place]) -> Any:
    """Return a copy without some places; what is not around them is shared."""
    if at not in around:
        return value
    if isinstance(value, dict):
        return {key: _without(one, (*at, key), gone, around) for key, one in value.items() if (*at, key) not in gone}
    return [_without(one, (*at, place), gone, around) for place, one in enumerate(value) if (*at, place) not in gone]


def _sentence(said: Sequence[str]) -> str:
    more = f"; and {len(said) - MOST_SHOWN} more" if len(said) > MOST_SHOWN else ""
    return f"Not taken: {'; '.join(said[:MOST_SHOWN])}{more}." if said else ""


def _named(place: Place) -> str:
    text = ".".join(str(step)[:60] for step in place)[:LONGEST_PLACE] or "the whole"
    return "".join(char if char.isprintable() else "?" for char in text)
