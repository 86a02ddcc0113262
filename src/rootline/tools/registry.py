"""The fifteen tools, what each may do, and the arguments a model fills, read from the functions themselves."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from rootline.domain.evidence import JsonObject, Reading
from rootline.domain.persona import Capability
from rootline.tools.analyze_traces import analyze_traces
from rootline.tools.diff_commits import diff_commits
from rootline.tools.execute_fix import execute_fix
from rootline.tools.get_alerts import get_alerts
from rootline.tools.get_cluster_state import get_cluster_state
from rootline.tools.get_evidence import get_evidence
from rootline.tools.get_investigation import get_investigation
from rootline.tools.get_topology import get_topology
from rootline.tools.investigate import investigate
from rootline.tools.plan_fix import plan_fix
from rootline.tools.query_metrics import query_metrics
from rootline.tools.record_feedback import record_feedback
from rootline.tools.reply import Reply
from rootline.tools.search_logs import search_logs
from rootline.tools.search_runbooks import search_runbooks
from rootline.tools.verify_claims import verify_claims

Verb = Callable[..., Awaitable[Reading | Reply]]


class _Schema(GenerateJsonSchema):
    """JSON Schema without the titles that pydantic adds, which cost tokens and say nothing new."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool: its function and what the outside world must know of it."""

    verb: Verb
    title: str
    capability: Capability
    reads_sources: bool = False
    writes: bool = False
    destructive: bool = False
    idempotent: bool = True

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.verb.__name__

    @property
    def description(self) -> str:
        """The function's own docstring, in one paragraph."""
        return " ".join((inspect.getdoc(self.verb) or "").split())

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The arguments before the star, as a model that refuses any other."""
        fields: dict[str, Any] = {
            name: (parameter.annotation, ... if parameter.default is parameter.empty else parameter.default)
            for name, parameter in inspect.signature(self.verb).parameters.items()
            if parameter.kind is not parameter.KEYWORD_ONLY
        }
        config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
        return create_model(self.name, __config__=config, **fields)

    @cached_property
    def schema(self) -> JsonObject:
        """The JSON Schema of the arguments."""
        schema = self.arguments.model_json_schema(schema_generator=_Schema)
        return without_titles(schema)


def without_titles(schema: JsonSchemaValue) -> JsonObject:
    """Leave out the titles that pydantic adds to a JSON Schema, which cost tokens and say nothing new."""
    return {key: _without_titles(value) for key, value in schema.items() if key != "title"}


def _without_titles(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {
            key: _without_titles(inner)
            for key, inner in value.items()
            if not (key == "title" and isinstance(inner, str))
        }
    return [_without_titles(inner) for inner in value] if isinstance(value, list) else value


TOOLS: tuple[Tool, ...] = (
    Tool(verb=query_metrics, title="Query metrics", capability="metrics", reads_sources=True),
    Tool(verb=analyze_traces, title="Analyze traces", capability="traces", reads_sources=True),
    Tool(verb=search_logs, title="Search logs", capability="logs", reads_sources=True),
    Tool(verb=get_alerts, title="Get alerts", capability="alerts", reads_sources=True),
    Tool(verb=get_topology, title="Get topology", capability="topology", reads_sources=True),
    Tool(verb=get_cluster_state, title="Get cluster state", capability="cluster", reads_sources=True),
    Tool(verb=diff_commits, title="Diff commits", capability="changes", reads_sources=True),
    Tool(verb=search_runbooks, title="Search runbooks", capability="runbooks", reads_sources=True),
    Tool(verb=get_evidence, title="Get evidence", capability="evidence"),
    Tool(verb=verify_claims, title="Verify claims", capability="evidence"),
    Tool(verb=get_investigation, title="Get investigation", capability="evidence"),
    Tool(verb=investigate, title="Investigate", capability="investigate", writes=True, idempotent=False),
    Tool(verb=plan_fix, title="Plan fix", capability="plan", writes=True),
    Tool(verb=record_feedback, title="Record feedback", capability="feedback", writes=True, idempotent=False),
    Tool(verb=execute_fix, title="Execute fix", capability="execute", writes=True, destructive=True),
)
BY_NAME = {tool.name: tool for tool in TOOLS}
