"""One round of tool calls: admitted one by one, run side by side, labelled and stored in the order of asking."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from rootline.agent.events import CameBack
from rootline.agent.ledger import Ledger
from rootline.domain.evidence import Evidence, JsonObject, Reading, SourceName
from rootline.domain.session import Message, ToolCall, ToolResult
from rootline.errors import NotApproved, RootlineError, ToolFault
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.shown import shown, told
from rootline.tools.toolbox import Asked, Request, Toolbox

MOST_CALLS = 16
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A call that was not made, and why, in words for whoever asked."""

    text: str


Admitted = Request | Refused
Outcome = Reading | Reply | Refused


@dataclass(frozen=True, kw_only=True)
class Made:
    """Calls that were made, what came of each, and nothing of it stored yet."""

    calls: tuple[ToolCall, ...]
    admitted: tuple[Admitted, ...]
    found: Mapping[Asked, tuple[Request, Outcome]]


async def answer_calls(
    calls: Sequence[ToolCall],
    ledger: Ledger,
    toolbox: Toolbox,
    scene: Scene,
    *,
    deadline_s: float | None,
    now: datetime,
) -> list[CameBack]:
    """Make the calls, store their results as one message, and return what came back."""
    return await keep(await make(calls, ledger, toolbox, scene, deadline_s=deadline_s), ledger, now=now)


async def make(
    calls: Sequence[ToolCall], ledger: Ledger, toolbox: Toolbox, scene: Scene, *, deadline_s: float | None
) -> Made:
    """Make the calls that are allowed and were not made before, side by side."""
    admitted = tuple(_admit(at, call, toolbox) for at, call in enumerate(calls))
    fresh = _fresh(admitted, ledger)
    answers = await asyncio.gather(*(_run(one, toolbox, scene, deadline_s) for one in fresh.values()))
    found = {key: (request, answer) for (key, request), answer in zip(fresh.items(), answers, strict=True)}
    return Made(calls=tuple(calls), admitted=admitted, found=found)


async def keep(made: Made, ledger: Ledger, *, now: datetime, said: Sequence[Message] = ()) -> list[CameBack]:
    """Label what came back, store it as one message behind what was said, and return it.

    What was stored meanwhile keeps its label.
    """
    evidence: dict[Asked, Evidence] = {}
    for key, (request, outcome) in made.found.items():
        if isinstance(outcome, Reading) and not ledger.known(key):
            evidence[key] = ledger.label(request.tool.name, request.arguments, outcome, len(evidence), now)
    found = {key: outcome for key, (_, outcome) in made.found.items()}
    asked_and_admitted = list(zip(made.calls, made.admitted, strict=True))
    results = [_result(call, one, ledger, evidence, found) for call, one in asked_and_admitted]
    await ledger.write(*said, Message(role="tool", results=tuple(results)), evidence=list(evidence.values()))
    stored = await _stored(results, ledger, evidence)
    return [
        CameBack(call=call, result=result, evidence=stored.get(result.evidence), data=_data(one, found))
        for (call, one), result in zip(asked_and_admitted, results, strict=True)
    ]


def asked_before(messages: Iterable[Message], toolbox: Toolbox) -> dict[Asked, str]:
    """Return the label of each call that brought evidence, by what it asked once the gate had completed it."""
    calls, known = dict[str, ToolCall](), dict[Asked, str]()
    for message in messages:
        calls |= {call.id: call for call in message.calls}
        for one in message.results:
            call = calls.get(one.call)
            if not one.evidence or call is None:
                continue
            with suppress(ToolFault, NotApproved):
                known.setdefault(toolbox.admit(call.tool, call.arguments).key, one.evidence)
    return known


async def _stored(
    results: Sequence[ToolResult], ledger: Ledger, new: Mapping[Asked, Evidence]
) -> Mapping[str, Evidence]:
    """Return the evidence of results by label, what an earlier call brought out of the journal."""
    stored = {one.label: one for one in new.values()}
    earlier = {one.evidence for one in results if one.evidence} - stored.keys()
    if not earlier:
        return stored
    return stored | {one.label: one for one in await ledger.journal.evidence(ledger.investigation.id, earlier)}


def _data(one: Admitted, found: Mapping[Asked, Outcome]) -> JsonObject:
    outcome = found.get(one.key) if isinstance(one, Request) else None
    return outcome.data if isinstance(outcome, Reply) else {}


def _admit(at: int, call: ToolCall, toolbox: Toolbox) -> Admitted:
    if at >= MOST_CALLS:
        return Refused(text=f"Only the first {MOST_CALLS} calls of a turn are made. Ask again for what you still need.")
    if call.broken:
        return Refused(text=f"{call.tool[:60]} was not run: its arguments were no JSON object.")
    try:
        return toolbox.admit(call.tool, call.arguments)
    except (ToolFault, NotApproved) as fault:
        return Refused(text=str(fault))


def _fresh(admitted: Sequence[Admitted], ledger: Ledger) -> dict[Asked, Request]:
    """Keep what has not been asked before, each once, in the order of asking."""
    requests = [one for one in admitted if isinstance(one, Request)]
    return {one.key: one for one in requests if not ledger.known(one.key)}


async def _run(request: Request, toolbox: Toolbox, scene: Scene, deadline_s: float | None) -> Outcome:
    try:
        async with asyncio.timeout(deadline_s):
            return await toolbox.call(request, scene)
    except RootlineError as fault:
        return Refused(text=str(fault))
    except TimeoutError:
        return _failed(request, scene, "timeout", f"no answer within {deadline_s:g} s")
    except Exception:  # noqa: BLE001 around one tool call, whatever it does, the investigation goes on
        _LOG.exception("%s failed", request.tool.name)
        return _failed(request, scene, "error", "the tool failed; the log has the reason")


def _failed(request: Request, scene: Scene, status: str, why: str) -> Reading:
    return Reading(
        status="timeout" if status == "timeout" else "error",
        summary=f"{request.tool.name}: {why}",
        source=SourceName(backend=request.tool.name, cluster=scene.sources.cluster_name),
        window=scene.window,
    )


def _result(
    call: ToolCall,
    one: Admitted,
    ledger: Ledger,
    evidence: dict[Asked, Evidence],
    found: dict[Asked, Outcome],
) -> ToolResult:
    if isinstance(one, Refused):
        return ToolResult(call=call.id, text=one.text, is_error=True)
    earlier = ledger.known(one.key)
    if earlier:
        return ToolResult(call=call.id, text=f"You asked this before: see {earlier}.", evidence=earlier)
    outcome = found[one.key]
    if isinstance(outcome, Reading):
        return ToolResult(call=call.id, text=shown(evidence[one.key]), evidence=evidence[one.key].label)
    if isinstance(outcome, Refused):
        return ToolResult(call=call.id, text=outcome.text, is_error=True)
    return ToolResult(call=call.id, text=told(outcome))
