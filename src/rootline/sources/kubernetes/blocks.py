"""Lines of `kubectl describe`: keys with values, indented blocks, and the events at the end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from rootline.sources.kubernetes.ages import age
from rootline.sources.kubernetes.columns import NONE
from rootline.sources.kubernetes.happenings import event_type, message, seen_last
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.tables import MOST_TEXT

WIDTH = 18
MOST_EVENTS = 100
_LONGEST_LINE = 2_000


def pair(key: str, value: str, indent: int = 0, width: int = WIDTH) -> str:
    """One key with its value."""
    start = f"{' ' * indent}{key}:"
    return f"{start.ljust(indent + width - 1)} {value}"[:_LONGEST_LINE].rstrip()


def many(key: str, values: Sequence[str], indent: int = 0, width: int = WIDTH) -> Iterator[str]:
    """One key whose values stand on a line each, below each other."""
    yield pair(key, values[0] if values else NONE, indent, width)
    yield from (f"{' ' * (indent + width)}{value}"[:_LONGEST_LINE] for value in values[1:])


def pairs(key: str, held: Mapping[str, str], indent: int = 0, width: int = WIDTH, by: str = "=") -> Iterator[str]:
    """One key with a mapping behind it, such as labels."""
    yield from many(key, [f"{name}{by}{value}" for name, value in held.items()], indent, width)


def grid(rows: Sequence[Sequence[str]], indent: int = 2) -> Iterator[str]:
    """Rows below each other in columns, two spaces apart."""
    if not rows:
        return
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield (" " * indent + "  ".join(map(str.ljust, row, widths)))[:_LONGEST_LINE].rstrip()


def conditions(object_: Raw) -> Iterator[str]:
    """The conditions of an object with their reasons and messages."""
    held = object_.each("status", "conditions")
    if held:
        fields = ("type", "status", "reason", "message")
        yield "Conditions:"
        yield from grid(
            [
                ("Type", "Status", "Reason", "Message"),
                ("----", "------", "------", "-------"),
                *(tuple(one.text(name) or NONE for name in fields) for one in held),
            ]
        )


def events(held: Sequence[Raw], now: datetime, trouble: str = "") -> Iterator[str]:
    """The events of an object, the latest last."""
    if trouble or not held:
        yield pair("Events", f"<unknown: {trouble}>" if trouble else NONE)
        return
    ordered = sorted(held, key=lambda one: (seen_last(one) or now).timestamp())[-MOST_EVENTS:]
    yield "Events:"
    heads = (("Type", "Reason", "Age", "From", "Message"), ("----", "------", "----", "----", "-------"))
    yield from grid([*heads, *(_event(one, now) for one in ordered)])


def _event(event: Raw, now: datetime) -> tuple[str, ...]:
    count = event.number("series", "count") or event.number("count")
    first = event.moment("firstTimestamp") or event.moment("eventTime")
    often = f" (x{count} over {age(first, now)})" if count > 1 and first else ""
    origin = event.text("source", "component") or event.text("reportingComponent")
    reason = event.text("reason").replace(" ", "")
    return (event_type(event), reason or NONE, age(seen_last(event), now) + often, origin or NONE, message(event))


def text(lines: Iterable[str]) -> str:
    """Join lines; a text that is too long ends with a line that says so."""
    written: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 1
        if length > MOST_TEXT:
            written.append(f"# partial: cut after {MOST_TEXT:,} characters")
            break
        written.append(line)
    return "\n".join(written) + "\n"
