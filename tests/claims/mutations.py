"""Every way in which a true claim is made false: one lie at a time, told with or without the matching selector."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.claims.world import World

from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate, Scalar, Selector, SeriesSelector
from rootline.domain.window import Window

OPPOSITES: dict[Predicate, Predicate] = {"rose": "fell", "fell": "rose", "started": "ended", "ended": "started"}
LABELS = ("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E77")


def mutations(claim: Claim, world: World) -> Iterator[tuple[str, Claim]]:
    """Yield every lie made of this claim, with the name of its kind."""
    for kind, lie in (*_numbers(claim), *_words(claim, world), *_places(claim, world), *_shapes(claim)):
        if lie != claim:
            yield kind, lie


def _numbers(claim: Claim) -> Iterator[tuple[str, Claim]]:
    for kind, factor in (("value +10 %", 1.1), ("value -10 %", 0.9), ("sign", -1.0)):
        lie = _scaled(claim, factor)
        yield kind, _with(claim, value=lie)
        yield kind, _with(claim, value=lie, selectors=[_scaled_place(one, factor) for one in claim.selectors])
        if any(_number(one) for one in claim.selectors):
            yield kind, _with(claim, selectors=[_scaled_place(one, factor) for one in claim.selectors])
    if isinstance(claim.value, tuple):
        yield "order of levels", _with(claim, value=claim.value[::-1])
        yield "order of levels", _with(claim, value=claim.value[::-1], selectors=claim.selectors[::-1])


def _words(claim: Claim, world: World) -> Iterator[tuple[str, Claim]]:
    for quote in _foreign(claim, world):
        places = [_requoted(one, quote) for one in claim.selectors]
        yield "foreign quote", _with(claim, value=quote, selectors=places)
        yield "foreign quote", _with(claim, value=quote)
    for moved in (timedelta(seconds=7), timedelta(minutes=-5)):
        later = _later(claim.value, moved)
        places = [_later_place(one, moved) for one in claim.selectors]
        yield "moment", _with(claim, value=later, selectors=places)
        yield "moment", _with(claim, value=later)


def _places(claim: Claim, world: World) -> Iterator[tuple[str, Claim]]:
    for service in world.services[:3]:
        if service not in claim.subject:
            own = next((one for one in world.services if one in claim.subject), claim.subject)
            yield "service", _with(claim, subject=claim.subject.replace(own, service))
    yield "service", _with(claim, subject=claim.subject + "-canary")
    for label in LABELS:
        yield (
            "evidence",
            _with(claim, selectors=[one.model_copy(update={"evidence": label}) for one in claim.selectors]),
        )
    for moved in (timedelta(hours=1), timedelta(seconds=-1)):
        window = Window(start=claim.window.start + moved, end=claim.window.end + moved)
        yield "window", _with(claim, window=window)
    yield "window", _with(claim, window=Window(start=claim.window.start, end=claim.window.end + timedelta(hours=2)))


def _shapes(claim: Claim) -> Iterator[tuple[str, Claim]]:
    if claim.predicate in OPPOSITES:
        yield "direction", _with(claim, predicate=OPPOSITES[claim.predicate])
    if claim.predicate in {"depends_on", "precedes"}:
        turned = _with(claim, subject=claim.value, value=claim.subject)
        yield "direction", turned
        yield "order", _with(turned, selectors=claim.selectors[::-1])
        yield "order", _with(claim, selectors=claim.selectors[::-1])
    if claim.unit or claim.predicate in {"rose", "fell", "equals"}:
        yield "unit", _with(claim, unit="s" if claim.unit == "ms" else "ms")
    if claim.predicate not in {"is_healthy", "absent", "equals"}:  # what equals something may be healthy too
        yield "predicate", _with(claim, predicate="is_healthy", value=None, unit="")
        yield "predicate", _with(claim, predicate="absent", unit="")


def _with(claim: Claim, **changes: object) -> Claim:
    return Claim.model_validate({**claim.model_dump(), **changes})


def _scaled(claim: Claim, factor: float) -> Scalar | tuple[float, float]:
    if isinstance(claim.value, tuple):
        return claim.value[0] * factor, claim.value[1] * factor
    return claim.value * factor if isinstance(claim.value, float) else claim.value


def _number(place: Selector) -> bool:
    return not isinstance(place, LineSelector) and isinstance(place.expected, float) and place.expected != 0


def _scaled_place(place: Selector, factor: float) -> Selector:
    if isinstance(place, LineSelector) or not isinstance(place.expected, float):
        return place
    return place.model_copy(update={"expected": place.expected * factor})


def _foreign(claim: Claim, world: World) -> list[str]:
    """Quotes of other services' lines, an altered digit, a word cut short, and words put together."""
    if claim.predicate == "contains" and isinstance(claim.value, str):
        turned = "".join(str((int(char) + 1) % 10) if char.isdigit() else char for char in claim.value)
        others = [f"{one} refused order after 5 ms code 1234" for one in world.services[:2]]
        return [*others, turned, claim.value[:-1], claim.value + " again", claim.value.upper()]
    if claim.predicate in {"changed", "absent", "depends_on"} and isinstance(claim.value, str):
        cut = claim.value[:6] if claim.predicate == "changed" else claim.value[:-1]  # longer, it is the same commit
        return [cut, claim.value[::-1], world.services[-1] + "x"]
    return []


def _requoted(place: Selector, quote: str) -> Selector:
    if isinstance(place, LineSelector):
        return place.model_copy(update={"quote": quote})
    return place.model_copy(update={"expected": quote}) if isinstance(place, PointerSelector) else place


def _later(value: object, moved: timedelta) -> object:
    try:
        return (datetime.fromisoformat(value) + moved).isoformat() if isinstance(value, str) else value
    except ValueError:
        return value


def _later_place(place: Selector, moved: timedelta) -> Selector:
    if isinstance(place, SeriesSelector):  # between two samples: at another sample the value may be the same, and true
        return place.model_copy(update={"at": place.at + timedelta(seconds=7)})
    if isinstance(place, PointerSelector):
        return place.model_copy(update={"expected": _later(place.expected, moved)})
    return place
