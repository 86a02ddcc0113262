"""The envelope in which every tool answers over MCP."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp_types import CallToolResult, ContentBlock, ResourceLink, TextContent
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from rootline.agent.events import CameBack
from rootline.domain.evidence import Evidence, JsonObject, SourceName, Truncated
from rootline.domain.fact import AnyFact
from rootline.domain.window import Window
from rootline.server.bench import Called
from rootline.tools.shown import shown

MOST_FACTS = 20
_LONG = {"points", "diff", "lines"}
"""Fields that hold raw material; the evidence resource has them whole."""
_UNTYPED = {"type": "object", "additionalProperties": True, "description": "`facts` of a reading; else the reply"}


class Envelope(BaseModel):
    """Status, short text, facts, and the address under which the whole is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["ok", "no_data", "partial", "timeout", "error"] = Field(description="How the call ended")
    summary: str = Field(description="First line of the text; may quote untrusted words")
    data: Annotated[Mapping[str, object], WithJsonSchema(_UNTYPED)]
    """JSON already; read value by value once more it would be the most of what an envelope costs."""
    evidence_id: str | None = Field(default=None, description="Label to cite, such as E7")
    uri: str | None = Field(default=None, description="Resource that holds the whole")
    window: Window | None = Field(default=None, description="The time asked about, UTC")
    truncated: Truncated | None = Field(default=None, description="Set when there is more")
    hints: list[str] = Field(default_factory=list, description="What to try next")
    source: SourceName | None = Field(default=None, description="Who answered")


def enveloped(called: Called) -> CallToolResult:
    """Make the protocol's answer: the text a model reads, the structure a program reads, and a link to the whole."""
    evidence = called.back.evidence
    return _reply(called.back) if evidence is None else _reading(evidence, called.investigation)


def _reading(evidence: Evidence, investigation: str) -> CallToolResult:
    reading, uri = evidence.reading, f"evidence://{investigation}/{evidence.label}"
    envelope = Envelope(
        status=reading.status,
        summary=reading.summary.split("\n", 1)[0],
        data={"facts": [_short(fact) for fact in reading.facts[:MOST_FACTS]]},
        evidence_id=evidence.label,
        uri=uri,
        window=reading.window,
        truncated=reading.truncated,
        hints=list(reading.hints),
        source=reading.source,
    )
    link = ResourceLink(
        type="resource_link",
        uri=uri,
        name=evidence.label,
        title=f"Evidence {evidence.label}",
        description=f"{evidence.tool}, whole",
        mime_type="application/json",
    )
    return _result([_text(shown(evidence)), link], envelope, is_error=reading.status == "error")


def _reply(back: CameBack) -> CallToolResult:
    """A reply about an investigation says which, in the text too: not every client shows the structure or the link."""
    text, id_ = back.result.text, back.data.get("investigation")
    uri = f"investigation://{id_}" if isinstance(id_, str) else None
    content: list[ContentBlock] = [_text(f"{text}\ninvestigation {id_}" if uri else text)]
    if uri:
        link = ResourceLink(type="resource_link", uri=uri, name="report", title="Report", mime_type="text/markdown")
        content.append(link)
    status: Literal["ok", "error"] = "error" if back.result.is_error else "ok"
    envelope = Envelope(status=status, summary=text.split("\n", 1)[0], data=back.data, uri=uri)
    return _result(content, envelope, is_error=back.result.is_error)


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


def _short(fact: AnyFact) -> JsonObject:
    told = fact.model_dump(mode="json", exclude=_LONG)
    return {key: value for key, value in told.items() if value not in (None, "", [], {})}


def _result(content: list[ContentBlock], envelope: Envelope, *, is_error: bool) -> CallToolResult:
    structured: dict[str, Any] = envelope.model_dump(mode="json", exclude_none=True)
    return CallToolResult(content=content, structured_content=structured, is_error=is_error)
