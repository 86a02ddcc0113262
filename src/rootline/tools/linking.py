"""Puts on a reading the address under which a person sees the same in the source's own pages."""

from collections.abc import Mapping, Sequence

from rootline.domain.evidence import Reading
from rootline.domain.fact import AnyFact, ChangeFact, OperationFact, SeriesFact
from rootline.redaction import Redactor
from rootline.sources.links import Link, Noun, chosen

NOUNS: Mapping[str, Noun] = {
    "query_metrics": "metrics",
    "search_logs": "logs",
    "analyze_traces": "traces",
    "diff_commits": "changes",
    "get_alerts": "alerts",
}
_LOOKED_AT = 5


def linked(reading: Reading, tool: str, links: Sequence[Link], redactor: Redactor) -> Reading:
    """Add the link that shows the first facts; none where an address would hold what redaction takes out."""
    noun = NOUNS.get(tool)
    url = chosen(links, noun, [_about(fact) for fact in reading.facts[:_LOOKED_AT]]) if noun else ""
    if not url or redactor.text(url) != url:
        return reading
    return reading.model_copy(update={"source": reading.source.model_copy(update={"url": url})})


def _about(fact: AnyFact) -> str:
    match fact:
        case SeriesFact():
            return fact.metric
        case OperationFact():
            return fact.trace_id
        case ChangeFact():
            return fact.label
        case _:
            return ""
