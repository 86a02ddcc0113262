"""The envelope in which every tool answers over MCP."""

from typing import Literal

from mcp_types import CallToolResult, ContentBlock, ResourceLink, TextContent
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from rootline.agent.events import CameBack
from rootline.domain.evidence import Evidence, JsonObject, SourceName, Truncated
from rootline.domain.window import Window

MOST_FACTS = 20
_LONG = {"points", "diff", "lines"}
"""Fields that hold raw material; the evidence resource has them whole."""


class Envelope(BaseModel):
    """Status, short text, facts, and the label under which the whole is stored."""

    model_config = ConfigDict(frozen=True)

    status: Literal["ok", "no_data", "partial", "timeout", "error"] = Field(description="How the call ended")
    summary: str = Field(description="Short text; may quote untrusted text")
    data: dict[str, JsonValue] = Field(description="The facts found, without raw points and lines")
    evidence_id: str | None = Field(default=None, description="Label to cite, such as E7")
    uri: str | None = Field(default=None, description="Resource that holds the evidence whole")
    window: Window | None = Field(default=None, description="The time asked about, UTC")
    truncated: Truncated | None = Field(default=None, description="Set when there is more")
    hints: list[str] = Field(default_factory=list, description="What to try next")
    source: SourceName | None = Field(default=None, description="Who answered")


def enveloped(back: CameBack, investigation: str) -> CallToolResult:
    """Make the protocol's answer: the text a model reads, the structure a program reads, and a link to the whole."""
    text = TextContent(type="text", text=back.result.text)
    if back.evidence is None:
        envelope = Envelope(status="error" if back.result.is_error else "ok", summary=back.result.text, data=back.data)
        return _result([text], envelope, is_error=back.result.is_error)
    evidence = back.evidence
    uri = f"evidence://{investigation}/{evidence.label}"
    link = ResourceLink(type="resource_link", uri=uri, name=evidence.label, title=f"Evidence {evidence.label}")
    return _result([text, link], _of(evidence, uri), is_error=evidence.reading.status == "error")


def _of(evidence: Evidence, uri: str) -> Envelope:
    reading = evidence.reading
    return Envelope(
        status=reading.status,
        summary=reading.summary.split("\n", 1)[0],
        data={"facts": [_short(fact.model_dump(mode="json")) for fact in reading.facts[:MOST_FACTS]]},
        evidence_id=evidence.label,
        uri=uri,
        window=reading.window,
        truncated=reading.truncated,
        hints=list(reading.hints),
        source=reading.source,
    )


def _short(fact: JsonObject) -> JsonObject:
    return {key: value for key, value in fact.items() if key not in _LONG and value not in (None, "", [], {})}


def _result(content: list[ContentBlock], envelope: Envelope, *, is_error: bool) -> CallToolResult:
    structured = envelope.model_dump(mode="json", exclude_none=True)
    return CallToolResult(content=content, structured_content=structured, is_error=is_error)
