"""The one gate between a caller and the tools: known tool, allowed persona, valid arguments, bounded, redacted."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, ValidationError

from rootline.domain.evidence import JsonObject, Reading, SourceName, canonical
from rootline.domain.persona import Persona
from rootline.errors import NotApproved, ToolFault
from rootline.redaction import Redactor
from rootline.sources.links import noting
from rootline.tools.clusters import heard_out
from rootline.tools.linking import linked
from rootline.tools.registry import BY_NAME, TOOLS, Tool
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.wording import cut, nothing

MOST_ARGUMENT_BYTES = 20_000
Asked = tuple[str, str]


def asked(tool: str, arguments: JsonObject) -> Asked:
    """Return the key under which a call is the same as another."""
    return tool, canonical(arguments)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call that has passed the gate: its arguments are complete and valid, as `given` and as JSON."""

    tool: Tool
    given: BaseModel
    arguments: JsonObject

    @cached_property
    def key(self) -> Asked:
        """The key under which this call is the same as another."""
        return asked(self.tool.name, self.arguments)


@dataclass(frozen=True, kw_only=True)
class Toolbox:
    """What one persona may call. With `taped`, tools that read sources answer from a tape of results instead."""

    persona: Persona
    redactor: Redactor
    writes_enabled: bool = False
    taped: Mapping[Asked, Reading] | None = None

    @property
    def listed(self) -> tuple[Tool, ...]:
        """The tools that this persona is shown."""
        return tuple(tool for tool in TOOLS if self._refusal(tool) is None)

    def admit(self, name: str, arguments: JsonObject) -> Request:
        """Check a call whatever its sender: the tool, the persona's capability, the arguments; or raise."""
        tool = BY_NAME.get(name)
        if tool is None:
            raise ToolFault(f"There is no tool {cut(name, 60)!r}. {_meant(name, [one.name for one in self.listed])}")
        refusal = self._refusal(tool)
        if refusal is not None:
            raise NotApproved(refusal)
        if len(canonical(arguments)) > MOST_ARGUMENT_BYTES:
            raise ToolFault(f"The arguments of {name} are larger than {MOST_ARGUMENT_BYTES:,} bytes. Ask for less.")
        try:
            filled = tool.arguments.model_validate(arguments)
        except ValidationError as bad:
            raise ToolFault(_explained(tool, bad)) from bad
        return Request(tool=tool, given=filled, arguments=json.loads(filled.model_dump_json()))

    async def call(self, request: Request, scene: Scene) -> Reading | Reply:
        """Run an admitted call and take the secrets out of what it says."""
        if self.taped is not None and request.tool.reads_sources:
            return self._from_tape(request, scene)
        given = {field: getattr(request.given, field) for field in type(request.given).model_fields}
        name = request.tool.name
        with noting() as links:
            answer = self.redactor.model(await heard_out(name, lambda: request.tool.verb(**given, scene=scene), scene))
        return linked(answer, request.tool.name, links, self.redactor) if isinstance(answer, Reading) else answer

    def _from_tape(self, request: Request, scene: Scene) -> Reading:
        taped = (self.taped or {}).get(request.key)
        if taped is not None:
            return taped
        words = f"{request.tool.name} {canonical(request.arguments)}"
        source = SourceName(backend="tape", cluster=scene.sources.cluster_name)
        return nothing(
            cut(words, 200), scene.window, source, subject=request.tool.name, known=False, reason="not on this tape"
        )

    def _refusal(self, tool: Tool) -> str | None:
        if tool.destructive and not self.writes_enabled:
            return f"{tool.name} changes systems, and writes are not enabled here. Nothing was done."
        if tool.capability not in self.persona.capabilities:
            return f"The persona {self.persona.id} may not use {tool.name}. It may use: {self._names()}."
        return None

    def _names(self) -> str:
        return ", ".join(tool.name for tool in TOOLS if tool.capability in self.persona.capabilities)


def _meant(name: str, known: list[str]) -> str:
    meant = difflib.get_close_matches(name[:60], known, n=1)
    return f"Did you mean {meant[0]}?" if meant else f"Tools: {', '.join(known)}."


def _explained(tool: Tool, bad: ValidationError) -> str:
    known = list(tool.arguments.model_fields)
    problems = []
    for error in bad.errors(include_url=False, include_input=False)[:4]:
        where = ".".join(str(step) for step in error["loc"])
        if error["type"] == "extra_forbidden":
            problems.append(f"{cut(where, 60)!r} is no argument of {tool.name}. {_meant(where, known)}")
        else:
            problems.append(f"{cut(where, 60)}: {cut(error['msg'], 160)}")
    return f"{tool.name} was not run. " + " ".join(problems)
