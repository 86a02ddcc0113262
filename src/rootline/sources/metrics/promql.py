"""Writes PromQL so that no name from outside can change what is asked, and bounds what others have written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rootline.errors import ToolFault
from rootline.sources.logs.fields import literal

LONGEST_EXPRESSION = 1000
LONGEST_NAME = 300
_OPENTELEMETRY = str.maketrans(".-/", "___")
DEEPEST = 20
_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "\"'`"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(value: str) -> str:
    """Write a label's value as a PromQL string; what cannot be printed is escaped."""
    return '"' + "".join(_ESCAPES.get(char) or (char if char >= " " else f"\\x{ord(char):02x}") for char in value) + '"'


def is_label_name(name: str) -> bool:
    """Whether a label can be written in a selector as it stands."""
    return name.isascii() and name.replace("_", "a").isalnum() and not name[0].isdigit()


def is_metric_name(name: str) -> bool:
    """Whether this may be the name of a metric, as Prometheus or as OpenTelemetry writes them.

    Source: OpenTelemetry, "Instrument name syntax"; Prometheus 3 and VictoriaMetrics may keep such names as they are.
    """
    return 0 < len(name) <= LONGEST_NAME and _is_plain(name.translate(_OPENTELEMETRY))


def _is_plain(name: str) -> bool:
    """Whether a metric can be written in an expression as it stands."""
    return is_label_name(name.replace(":", "_"))


def selector(metric: str, equal: Mapping[str, str], *, alike: Mapping[str, str] | None = None) -> str:
    """Select the series of a metric.

    Args:
        metric: A metric's name, checked here.
        equal: Labels and the exact values they must have; written as strings, whatever they hold.
        alike: Labels and the regular expressions of ours that their values must match.

    Raises:
        ToolFault: A name is none.

    """
    if not is_metric_name(metric):
        raise ToolFault(f"{metric[:60]!r} is no metric's name. `mode=names` lists what exists.")
    stands = metric if _is_plain(metric) else ""
    written = [] if stands else [f"__name__={quoted(metric)}"]
    written += matchers(equal)
    written += [f"{name}=~{quoted(pattern)}" for name, pattern in sorted((alike or {}).items())]
    return f"{stands}{{{','.join(written)}}}" if written else stands


def matchers(equal: Mapping[str, str]) -> list[str]:
    """Write labels and the exact values they must have; raise ToolFault where a name is none."""
    wrong = next((name for name in equal if not name or not is_label_name(name)), None)
    if wrong is not None:
        raise ToolFault(f"{wrong[:60]!r} is no label's name. Write labels like status or http_route.")
    return [f"{name}={quoted(value)}" for name, value in sorted(equal.items())]


def any_of(values: Iterable[str]) -> str:
    """Write a pattern that each of the values matches, and nothing else, as a PromQL string."""
    return quoted("|".join(literal(one) for one in sorted(set(values))))


def by(labels: Sequence[str]) -> str:
    """Write a grouping clause."""
    return f"by ({', '.join(labels)})"


def bounded(expression: str) -> str:
    """Return an expression of someone else's, if it is short and flat enough to be sent.

    Raises:
        ToolFault: It is longer than 1,000 characters, nested more than 20 deep, not balanced or not printable.

    """
    if len(expression) > LONGEST_EXPRESSION:
        raise ToolFault(f"The PromQL has {len(expression)} characters; write at most {LONGEST_EXPRESSION}.")
    if not expression.replace("\n", " ").replace("\t", " ").isprintable():
        raise ToolFault("The PromQL holds characters that cannot be printed.")
    deepest = _depth(expression)
    if deepest is None:
        raise ToolFault("The PromQL is not balanced: a bracket or a quote is missing.")
    if deepest > DEEPEST:
        raise ToolFault(f"The PromQL is nested {deepest} deep; write at most {DEEPEST}.")
    return expression


def _depth(expression: str) -> int | None:
    """Return how deep brackets are nested outside of strings, or None where they do not match."""
    opened: list[str] = []
    deepest = 0
    for char in _outside_strings(expression):
        if char in _OPENING:
            opened.append(_CLOSING[_OPENING.index(char)])
            deepest = max(deepest, len(opened))
        elif char in _QUOTES or (char in _CLOSING and (not opened or opened.pop() != char)):
            return None
    return None if opened else deepest


def _outside_strings(expression: str) -> Iterator[str]:
    """Yield the characters outside of strings; the quote of a string that never ends is among them."""
    at = 0
    while at < len(expression):
        char = expression[at]
        end = _end_of_string(expression, at) if char in _QUOTES else at
        if end is None or char not in _QUOTES:
            yield char
        at = (at if end is None else end) + 1


def _end_of_string(expression: str, start: int) -> int | None:
    quote, at = expression[start], start + 1
    while at < len(expression) and expression[at] != quote:
        at += 2 if expression[at] == "\\" and quote != "`" else 1
    return at if at < len(expression) else None
