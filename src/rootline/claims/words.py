"""The numbers and names in a sentence: what free text must not say unless the evidence does."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LONGEST_READ = 4000
# A word keeps what joins its parts inside: 14:40:05, v1.2.3, payment-api, /facts/3, cart_p99, 1,204.5 and 4e-3.
_WORD = re.compile(r"[^\W_](?:[\w.:/@#+-]{0,200}[\w])?|[\w]")
_NUMBER = re.compile(r"[-+−]?(?:\d{1,3}(?:[,\u202f\u00a0]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_QUOTED = re.compile(r"[“\"`]([^“”\"`]{2,300})[”\"`]")
_UNITS = r"%|ms|milliseconds?|µs|us|microseconds?|s|secs?|seconds?|min|minutes?|h|hours?|[KMGT]i?B|bytes?|x|×|fold|k|M"
_QUANTITY = re.compile(rf"({_NUMBER.pattern})\s?({_UNITS})?(?!\w|\.\d)")
# The same in a long text, where a number that touches a word, a clock time or a path is part of that.
_LOOSE = re.compile(rf"(?<![\w.:/-])({_NUMBER.pattern})(?:{_UNITS})?(?![\w:]|[.-]\d)")
_SPELLED = {
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "seven": 7.0,
    "eight": 8.0,
    "nine": 9.0,
    "ten": 10.0,
    "eleven": 11.0,
    "twelve": 12.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "hundred": 100.0,
    "thousand": 1000.0,
    "million": 1e6,
    "twice": 2.0,
    "double": 2.0,
    "doubled": 2.0,
    "triple": 3.0,
    "tripled": 3.0,
    "tenfold": 10.0,
    "half": 0.5,
    "halved": 0.5,
}
# Endings by which people name software; `read-only` is English, `order-service` is a name.
_SERVICE_ENDINGS = (
    "service",
    "svc",
    "api",
    "server",
    "gateway",
    "proxy",
    "worker",
    "consumer",
    "controller",
    "operator",
)
_RANGES = frozenset({"to", "–", "and", "or"})
_HUMP = re.compile(r"[a-z0-9][A-Z]|^[A-Z]{2,}[a-z]")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number in a sentence as written, its value, and the unit written behind it."""

    text: str
    value: float
    unit: str = ""


def numbers_in(sentence: str) -> list[Number]:
    """Return the numbers a sentence says, in order, digits and words; those inside names are left out.

    Reads 4,000 characters and no more.
    """
    text = sentence[:_LONGEST_READ]
    names = [match.span() for match in _WORD.finditer(text) if _is_name(match.group())]
    found = list(_QUANTITY.finditer(text))
    written = [
        (match.start(), _number(match, found[place + 1 :]))
        for place, match in enumerate(found)
        if not any(start < match.end() and match.start() < end for start, end in names)
    ]
    spelled = [
        (match.start(), Number(text=match.group(), value=_SPELLED[match.group().lower()]))
        for match in re.finditer(r"[A-Za-z]{2,12}", text)
        if match.group().lower() in _SPELLED
    ]
    return [number for _, number in sorted(written + spelled, key=lambda one: one[0])]


def names_in(sentence: str) -> list[str]:
    """Return what must stand word for word in the evidence, in order.

    Percentiles, versions, hashes, codes, clock times, identifiers (with `_`, `/`, a hump or a digit inside), names
    that end like a service's, and all that is quoted. Plain words are no names.
    """
    text = sentence[:_LONGEST_READ]
    quoted = [(match.start(), match.group(1).strip()) for match in _QUOTED.finditer(text)]
    named = [(match.start(), match.group()) for match in _WORD.finditer(text) if _is_name(match.group())]
    return list(dict.fromkeys(name for _, name in sorted(quoted + named) if name))


def words_in(text: str) -> Iterator[str]:
    """Yield the words of a text as names are written."""
    return (match.group() for match in _WORD.finditer(text))


def values_in(text: str) -> Iterator[float]:
    """Yield the values of the numbers that stand by themselves in a long text, with or without a unit."""
    return (_value(match.group(1)) for match in _LOOSE.finditer(text))


def _number(match: re.Match[str], later: Sequence[re.Match[str]]) -> Number:
    """Read a number; in "from 212 to 3,840 ms" both are milliseconds."""
    shares = later and match.string[match.end() : later[0].start()].strip() in _RANGES
    unit = match.group(2) or (later[0].group(2) if shares else "")
    return Number(text=match.group().strip(), value=_value(match.group(1)), unit=unit or "")


def _value(digits: str) -> float:
    return float(re.sub(r"[,\u202f\u00a0]", "", digits).replace("−", "-"))


def _is_name(word: str) -> bool:
    if _QUANTITY.fullmatch(word):
        return False
    has_digit, has_letter = any(char.isdigit() for char in word), any(char.isalpha() for char in word)
    joined = any(char in word for char in ":_/@#") or (has_digit and word.count(".") > 1)
    is_service = word.lower().endswith(_SERVICE_ENDINGS) and word.lower() not in {*_SERVICE_ENDINGS, "microservice"}
    return (has_digit and (has_letter or joined or "-" in word)) or joined or is_service or bool(_HUMP.search(word))
