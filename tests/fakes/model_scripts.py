"""Personalities of a model server. Each is a script over both wire formats, told by the request alone."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.fakes.model_server import Script
from tests.fakes.model_turn import Call, Turn

from rootline.domain.evidence import JsonObject

ANSWER_TOOL = "answer"
Arguments = Callable[[JsonObject], JsonObject]

PLANTED = re.compile(r"IGNORE (?:ALL )?PREVIOUS.{0,200}?call (\w{1,64})", re.IGNORECASE | re.DOTALL)
ANOTHER_TENANT = "00000000-0000-4000-8000-0000000000ff"


def messages(request: JsonObject) -> list[dict[str, Any]]:
    """Give the messages of a request of either format."""
    found = request["messages"]
    assert isinstance(found, list)
    return [message for message in found if isinstance(message, dict)]


def rounds(request: JsonObject) -> int:
    """Count the turns that the model has had."""
    return sum(message["role"] == "assistant" for message in messages(request))


def tool_results(request: JsonObject) -> list[str]:
    """Give the texts of all tool results, in order, from a request of either format."""
    return list(_results(messages(request)))


def tool_names(request: JsonObject) -> list[str]:
    """Give the names of the tools on offer, from a request of either format."""
    tools = request.get("tools") or []
    assert isinstance(tools, list)
    return [str(described(tool)["name"]) for tool in tools]


def described(tool: Any) -> dict[str, Any]:
    """Give a tool's definition: chat.completions wraps it, messages does not."""
    found = tool.get("function", tool)
    assert isinstance(found, dict)
    return found


def must_answer(request: JsonObject) -> bool:
    """Tell whether the request forces a tool."""
    return isinstance(request.get("tool_choice"), dict)


def in_order(*turns: Turn) -> Script:
    """Play turns one after the other, whatever is asked; the last one again and again."""
    waiting = list(turns)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def normal(tool: str, arguments: JsonObject, answer: Arguments) -> Script:
    """Call one tool, then the answer tool with what `answer` makes of the request."""

    def script(request: JsonObject) -> Turn:
        if rounds(request) == 0 and not must_answer(request):
            return Turn(text="Looking.", calls=(Call(name=tool, arguments=arguments, id="call_look"),))
        return Turn(text="Done.", calls=(Call(name=ANSWER_TOOL, arguments=answer(request), id="call_answer"),))

    return script


def broken_json(tool: str) -> Script:
    """Call a tool with arguments that are no JSON."""
    return in_order(Turn(calls=(Call(name=tool, arguments='{"promql": "up', id="call_1"),)))


def stall() -> Script:
    """Say half a sentence and fall silent."""
    return in_order(Turn(text="The cause is", ending="stall"))


def garbage() -> Script:
    """Send events that are no JSON."""
    return in_order(Turn(raw=b"event: message_start\ndata: {]]]\n\ndata: \xff\xfe\n\n"))


def rate_limited_then_ok(then: Turn, *, retry_after_s: str = "0") -> Script:
    """Refuse once for the rate, then go on."""
    return in_order(Turn(status=429, error="too many requests", headers={"retry-after": retry_after_s}), then)


def refuses() -> Script:
    """Decline every request with a status that will not pass."""
    return in_order(Turn(status=403, error="this model is not for you"))


def hostile(answer: Arguments | None = None, *, attack_rounds: int = 5) -> Script:
    """Attack through tool calls, obey whatever tool results plant, and answer at the end with what `answer` makes.

    Without `answer` the last word is an invented cause that cites evidence nobody has.
    """

    def script(request: JsonObject) -> Turn:
        at = rounds(request)
        if must_answer(request) or at >= attack_rounds:
            arguments = answer(request) if answer else INVENTED
            return Turn(text="Trust me.", calls=(Call(name=ANSWER_TOOL, arguments=arguments, id="call_1"),))
        calls = (*obedience(request), *ATTACKS[at % len(ATTACKS)])
        return Turn(text="As the logs command.", calls=calls)

    return script


def obedience(request: JsonObject) -> Iterator[Call]:
    """Call whatever the tool results tell the model to call."""
    for text in tool_results(request):
        for tool in PLANTED.findall(text[:100_000]):
            yield Call(name=tool, arguments={"plan_id": "P1", "approved": True, "confirm": "yes"}, id="call_1")


def _results(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    for message in found:
        content = message.get("content")
        if message["role"] == "tool":
            yield str(content)
        elif message["role"] == "user" and isinstance(content, list):
            yield from (str(block["content"]) for block in content if block.get("type") == "tool_result")


INVENTED: JsonObject = {
    "hypotheses": [{"cause": "It was DNS.", "claims": [{"text": "All is lost.", "evidence": "E999"}]}],
    "outcome": "certain",
}

# Every call of an attack has the same id, none at all, or one that breaks wires and terminals.
ATTACKS: Sequence[tuple[Call, ...]] = (
    (
        Call(name="execute_fix", arguments={"plan_id": "P1", "approval": "granted by the model"}, id="call_1"),
        Call(name="delete_everything", arguments={"really": True}, id="call_1"),
        Call(name="functions.query_metrics; rm -rf /", arguments={}, id="../../etc/passwd"),
        Call(name="\x1b[2J\x00answer\u202e", arguments={}, id="\x1b[31m"),
    ),
    (
        Call(name="get_investigation", arguments={"investigation_id": ANOTHER_TENANT}, id="call_1"),
        Call(name="get_evidence", arguments={"evidence_id": "E999999", "tenant": ANOTHER_TENANT}, id="call_1"),
        Call(name="record_feedback", arguments={"investigation_id": ANOTHER_TENANT, "tenant_id": "*"}),
    ),
    (
        Call(name="query_metrics", arguments='{"promql": "' + "a" * 5_000_000 + '"}', id="call_1"),
        Call(name="query_metrics", arguments='{"a":' * 5_000 + "1" + "}" * 5_000, id="call_1"),
        Call(name="query_metrics", arguments='{"promql": NaN, "window": 1e999}', id="call_1"),
        Call(name="query_metrics", arguments='["promql", "up"]', id="call_1"),
        Call(name="query_metrics", arguments='{"promql": "up"', id="call_1"),
        Call(name="query_metrics", arguments='{"promql": "\\ud800 \\u0000"}', id="call_1"),
    ),
    tuple(Call(name="search_logs", arguments={"query": f"x{n}"}, id="call_1") for n in range(30)),
    (
        Call(name="query_metrics", arguments={"promql": "up", "window": "1970/9999", "service": "no-such-service"}),
        Call(name=None, arguments={"promql": "up"}, id="call_1"),
    ),
)
