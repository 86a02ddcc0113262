"""Free text held against the evidence: what it says that nothing read says."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from rootline.claims.agreement import number
from rootline.claims.measure import is_opinion
from rootline.claims.moments import moment
from rootline.claims.words import Number, names_in, numbers_in, values_in, words_in
from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence
from rootline.domain.fact import SeriesFact

_DEEPEST = 8
_SPACE = re.compile(r"[ \t]+")
_LONGEST_READ = 100_000
_SHORTEST_SHA = 7
# Source: three significant digits differ from what they round by at most 0.5 %.
_ROUNDING = 0.005
# What a number with this unit may be in the evidence's base unit.
_FACTORS: dict[str, tuple[float, ...]] = {
    "%": (1.0, 0.01),
    "ms": (1.0, 1e-3),
    "µs": (1.0, 1e-6),
    "us": (1.0, 1e-6),
    "min": (1.0, 60.0),
    "h": (1.0, 3600.0),
    "k": (1.0, 1e3),
    "M": (1.0, 1e6),
    "KB": (1.0, 1e3),
    "MB": (1.0, 1e6),
    "GB": (1.0, 1e9),
    "KiB": (1.0, 2.0**10),
    "MiB": (1.0, 2.0**20),
    "GiB": (1.0, 2.0**30),
}
_LONG_UNITS = {"milliseconds": "ms", "microseconds": "µs", "minutes": "min", "hours": "h"}


@dataclass(frozen=True)
class Vocabulary:
    """The numbers, words and whole text that evidence and verified claims say; the text is in lower case."""

    numbers: tuple[float, ...] = ()
    words: frozenset[str] = frozenset()
    text: str = ""

    def has_number(self, said: Number) -> bool:
        """Whether the evidence says the number, in its unit or the base unit, within three digits' rounding."""
        unit = _LONG_UNITS.get(said.unit if said.unit in {"s", "h"} else said.unit.rstrip("s") + "s", said.unit)
        values = (said.value * factor for factor in _FACTORS.get(unit, (1.0,)))
        return said.text.lower() in self.words or any(self._holds(value) for value in values)

    def has_name(self, name: str) -> bool:
        """Whether the evidence has the name word for word; a hash may be cut to seven digits or more."""
        wanted = _SPACE.sub(" ", name.lower())
        return bool(wanted) and (wanted in self.words or _stands_in(wanted, self.text) or self._has_sha(wanted))

    def _holds(self, value: float) -> bool:
        slack = _ROUNDING * abs(value)
        place = bisect_left(self.numbers, value - slack)
        return place < len(self.numbers) and self.numbers[place] <= value + slack

    def _has_sha(self, name: str) -> bool:
        is_sha = len(name) >= _SHORTEST_SHA and all(char in "0123456789abcdef" for char in name)
        return is_sha and any(word.startswith(name) for word in self.words)


def vocabulary(evidence: Iterable[Evidence], claims: Iterable[Checked] = ()) -> Vocabulary:
    """Gather what evidence and verified claims say. Single points of series, and estimates of ours, do not count."""
    strings, numbers = list[str](), set[float]()
    for value in (*_of_evidence(evidence), *_of_claims(claims)):
        if isinstance(value, str):
            strings.extend((_SPACE.sub(" ", value[:_LONGEST_READ]), *_clocks(value)))
        elif (real := number(value)) is not None:
            numbers.add(real)
    text = "\n".join(strings)
    numbers.update(value for value in values_in(text) if math.isfinite(value))
    return Vocabulary(tuple(sorted(numbers)), frozenset(words_in(text.lower())), text.lower())


def missing(sentence: str, known: Vocabulary) -> list[str]:
    """Return the numbers and names of a sentence that are not in the vocabulary, in order."""
    numbers = [said.text for said in numbers_in(sentence) if not known.has_number(said)]
    names = [name for name in names_in(sentence) if not known.has_name(name)]
    return list(dict.fromkeys([*numbers, *names]))


def marked(sentence: str, known: Vocabulary) -> str:
    """Return the sentence; where it says what the evidence does not, with that listed behind it."""
    lacking = missing(sentence, known)
    return f"{sentence} [not in the evidence: {', '.join(lacking)}]" if lacking else sentence


def _of_evidence(evidence: Iterable[Evidence]) -> Iterator[JsonValue]:
    for one in evidence:
        yield one.label
        yield from _leaves(one.arguments)
        yield from one.window.model_dump(mode="json").values()
        for fact in one.reading.facts:
            left_out = {"points"} if isinstance(fact, SeriesFact) else set()
            left_out |= {field for field in type(fact).model_fields if is_opinion(fact, field)}
            yield from _leaves(fact.model_dump(mode="json", exclude=left_out))


def _of_claims(claims: Iterable[Checked]) -> Iterator[JsonValue]:
    for one in claims:
        if one.is_fact:
            yield one.sentence
            yield from _leaves(one.claim.model_dump(mode="json"))


def _leaves(value: JsonValue, depth: int = 0) -> Iterator[JsonValue]:
    """Yield the scalars and the keys inside a JSON value, up to eight levels deep."""
    if not isinstance(value, dict | list):
        yield value
    elif depth < _DEEPEST:
        yield from value if isinstance(value, dict) else ()
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner, depth + 1)


def _clocks(text: str) -> tuple[str, ...]:
    """The ways in which people write the time of day of a moment."""
    at = moment(text)
    return () if at is None else (f"{at:%H:%M}", f"{at:%H:%M:%S}", f"{at:%Y-%m-%d}")


def _stands_in(wanted: str, text: str) -> bool:
    """Whether the words stand in the text between borders of words."""
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        left, right = text[start - 1 : start], text[end : end + 1]
        if not (left.isalnum() or right.isalnum()):
            return True
        start = text.find(wanted, start + 1)
    return False
