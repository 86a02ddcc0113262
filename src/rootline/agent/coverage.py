"""What was asked, empty, failed or out of reach: read from what is stored, not written by a model."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from rootline.domain.evidence import ClusterOutcome, Evidence, JsonObject, canonical
from rootline.domain.hypothesis import CoverageItem
from rootline.domain.session import Message
from rootline.tools.registry import BY_NAME, TOOLS

_LONGEST = 200


def coverage(
    messages: Sequence[Message], evidence: Sequence[Evidence], listed: Collection[str]
) -> tuple[CoverageItem, ...]:
    """List each read with its status, each cluster that gave less, each lost call, and each source never asked.

    A call is lost when it was refused or never came back. `listed` are the tools that the persona may use.
    """
    return (*map(_read, evidence), *_clusters(evidence), *_unanswered(messages), *_never(evidence, listed))


def asked(arguments: JsonObject) -> str:
    """Write the arguments that were given, as `service=cart limit=10`."""
    given = {key: value for key, value in sorted(arguments.items()) if value not in ("", None, {}, [])}
    words = (f"{key}={value if isinstance(value, str) else canonical(value)}" for key, value in given.items())
    return " ".join(words)[:_LONGEST]


def _read(evidence: Evidence) -> CoverageItem:
    reading = evidence.reading
    cut = reading.truncated
    short = f"{cut.returned} of {cut.total} shown" if cut else ""
    return CoverageItem(
        tool=evidence.tool,
        asked=asked(evidence.arguments),
        status="not_configured" if reading.source.backend == "none" else reading.status,
        evidence=evidence.label,
        detail=short if reading.status == "ok" else reading.summary.split("\n", 1)[0][:_LONGEST],
    )


def _clusters(evidence: Iterable[Evidence]) -> Iterator[CoverageItem]:
    """Name each cluster and kind of source that failed or was cut short, where it first did."""
    named: set[tuple[str, str]] = set()
    for one in evidence:
        for outcome in one.reading.clusters:
            if outcome.status in {"ok", "no_data"} or (outcome.cluster, outcome.asked) in named:
                continue
            named.add((outcome.cluster, outcome.asked))
            yield CoverageItem(
                tool=one.tool,
                asked=(f"{outcome.asked} of cluster {outcome.cluster}" if outcome.cluster else outcome.asked)[
                    :_LONGEST
                ],
                status=outcome.status,
                evidence=one.label,
                detail=outcome.detail[:_LONGEST],
            )


def _part(outcome: ClusterOutcome) -> str:
    """Name what is missing: a kind of source of one of several clusters, or a part of it of the only one."""
    return f"{outcome.noun} of cluster {outcome.cluster}" if outcome.cluster else outcome.noun


def _unanswered(messages: Sequence[Message]) -> Iterator[CoverageItem]:
    results = {result.call: result for message in messages for result in message.results}
    for call in (call for message in messages for call in message.calls if call.tool in BY_NAME):
        result = results.get(call.id)
        if result is None or result.is_error:
            detail = result.text.split("\n", 1)[0][:_LONGEST] if result else "it never came back"
            yield CoverageItem(tool=call.tool, asked=asked(call.arguments), status="error", detail=detail)


def _never(evidence: Iterable[Evidence], listed: Collection[str]) -> Iterator[CoverageItem]:
    read = {one.tool for one in evidence}
    for tool in TOOLS:
        if tool.reads_sources and tool.name not in read:
            reason = "not asked" if tool.name in listed else "not within this persona's capabilities"
            yield CoverageItem(tool=tool.name, asked="", status="not_asked", detail=reason)
