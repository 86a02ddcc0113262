"""What was asked, empty, failed or out of reach, read from what was stored."""

from collections.abc import Iterator, Sequence

from rootline.domain.evidence import Evidence, JsonObject, canonical
from rootline.domain.hypothesis import CoverageItem
from rootline.domain.session import Message
from rootline.store.journal import Record

_LONGEST = 200


def coverage(record: Record) -> tuple[CoverageItem, ...]:
    """List each read with its status, and each call that was refused or never came back.

    What the answer itself lists is taken as it stands: it also knows which sources were never asked.
    """
    if record.answer is not None and record.answer.coverage:
        return record.answer.coverage
    return (*map(_read, record.evidence), *_unanswered(record.messages))


def gaps(record: Record) -> tuple[CoverageItem, ...]:
    """List what did not come back whole."""
    return tuple(one for one in coverage(record) if one.status != "ok")


def asked(arguments: JsonObject) -> str:
    """Write the arguments that were given, as `service=cart limit=10`."""
    given = {key: value for key, value in sorted(arguments.items()) if value not in ("", None, {}, [])}
    words = (f"{key}={value if isinstance(value, str) else canonical(value)}" for key, value in given.items())
    return " ".join(words)[:_LONGEST]


def _read(evidence: Evidence) -> CoverageItem:
    reading = evidence.reading
    is_connected = reading.source.backend not in {"", "none"}
    cut = reading.truncated
    short = f"{cut.returned} of {cut.total} shown" if cut else ""
    return CoverageItem(
        tool=evidence.tool,
        asked=asked(evidence.arguments),
        status=reading.status if is_connected else "not_configured",
        evidence=evidence.label,
        detail=short if reading.status == "ok" else reading.summary.split("\n", 1)[0][:_LONGEST],
    )


def _unanswered(messages: Sequence[Message]) -> Iterator[CoverageItem]:
    results = {result.call: result for message in messages for result in message.results}
    for call in (call for message in messages for call in message.calls):
        result = results.get(call.id)
        if result is None or result.is_error:
            detail = result.text.split("\n", 1)[0][:_LONGEST] if result else "it never came back"
            yield CoverageItem(tool=call.tool, asked=asked(call.arguments), status="error", detail=detail)
