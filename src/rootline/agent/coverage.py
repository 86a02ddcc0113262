"""What was asked, empty, failed or out of reach: read from what is stored, not written by a model."""

from collections.abc import Iterator, Mapping, Sequence

from rootline.domain.evidence import Evidence, JsonObject
from rootline.domain.hypothesis import CoverageItem
from rootline.domain.session import Message
from rootline.tools.registry import TOOLS
from rootline.tools.toolbox import Toolbox

_LONGEST = 200


def coverage(
    messages: Sequence[Message], evidence: Mapping[str, Evidence], toolbox: Toolbox
) -> tuple[CoverageItem, ...]:
    """List every read with its status, every refused call, and every source that was never asked."""
    return (*_read(evidence), *_refused(messages), *_never(evidence, toolbox))


def _read(evidence: Mapping[str, Evidence]) -> Iterator[CoverageItem]:
    for label, one in evidence.items():
        reading = one.reading
        missing = reading.status == "no_data" and reading.source.backend == "none"
        yield CoverageItem(
            tool=one.tool,
            asked=_words(one.arguments),
            status="not_configured" if missing else reading.status,
            evidence=label,
            detail="" if reading.status == "ok" else reading.summary.split("\n", 1)[0][:_LONGEST],
        )


def _refused(messages: Sequence[Message]) -> Iterator[CoverageItem]:
    calls = {call.id: call for message in messages for call in message.calls}
    for message in messages:
        for result in message.results:
            call = calls.get(result.call)
            if result.is_error and call is not None and call.tool in {tool.name for tool in TOOLS}:
                detail = result.text.split("\n", 1)[0][:_LONGEST]
                yield CoverageItem(tool=call.tool, asked=_words(call.arguments), status="error", detail=detail)


def _never(evidence: Mapping[str, Evidence], toolbox: Toolbox) -> Iterator[CoverageItem]:
    asked = {one.tool for one in evidence.values()}
    listed = {tool.name for tool in toolbox.listed}
    for tool in TOOLS:
        if tool.reads_sources and tool.name not in asked:
            reason = "not asked" if tool.name in listed else "not within this persona's capabilities"
            yield CoverageItem(tool=tool.name, asked="", status="not_asked", detail=reason)


def _words(arguments: JsonObject) -> str:
    given = (f"{key}={value}" for key, value in arguments.items() if value not in ("", None, {}))
    return " ".join(given)[:_LONGEST]
