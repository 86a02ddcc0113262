"""What goes out over each wire: the same conversation, spelled twice."""

import json

import pytest
from tests.models.wires import answered, called, conversation

from rootline.domain.evidence import JsonObject
from rootline.domain.session import Message, ToolCall, ToolResult
from rootline.models.chat_wire import COMPATIBLE, OPENAI, VLLM, Dialect, Sampling, chat_bodies
from rootline.models.messages_wire import messages_bodies
from rootline.models.model import Conversation

UP = ToolCall(id="call_1", tool="query_metrics", arguments={"z": 1, "promql": "up"})
DOWN = ToolCall(id="call_2", tool="query_metrics", arguments={}, broken='{"promql": "do')
MADE_UP = ToolCall(id="call_3", tool="rm -rf \x1b/", arguments={})
TALK = conversation(
    called(UP, DOWN, text="Looking."),
    answered(ToolResult(call="call_2", text="No JSON.", is_error=True), ToolResult(call="call_1", text="[E1] 5xx")),
    Message(role="user", text="Go on."),
)


def chat(talk: Conversation, dialect: Dialect = COMPATIBLE) -> JsonObject:
    return chat_bodies(talk, model="m", dialect=dialect, sampling=Sampling(most_written=100))[0]


def messages(talk: Conversation) -> JsonObject:
    return messages_bodies(talk, model="m", most_written=100)[0]


def test_chat_answers_each_call_in_the_order_of_the_calls() -> None:
    assert chat(TALK)["messages"] == [
        {"role": "system", "content": "You find causes."},
        {"role": "user", "content": "Why do payments fail?"},
        {
            "role": "assistant",
            "content": "Looking.",
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "query_metrics", "arguments": '{"promql":"up","z":1}'},
                },
                {"id": "call_2", "type": "function", "function": {"name": "query_metrics", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "[E1] 5xx"},
        {"role": "tool", "tool_call_id": "call_2", "content": "No JSON."},
        {"role": "user", "content": "Go on."},
    ]


def test_messages_answers_each_call_in_the_order_of_the_calls() -> None:
    assert messages(TALK)["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "Why do payments fail?"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "Looking."},
                {"type": "tool_use", "id": "call_1", "name": "query_metrics", "input": {"promql": "up", "z": 1}},
                {"type": "tool_use", "id": "call_2", "name": "query_metrics", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "call_1", "content": "[E1] 5xx"},
                {"type": "tool_result", "tool_use_id": "call_2", "content": "No JSON.", "is_error": True},
            ],
        },
        {"role": "user", "content": [{"type": "text", "text": "Go on."}]},
    ]


def test_a_call_that_was_interrupted_is_answered_with_an_error() -> None:
    talk = conversation(called(UP), Message(role="user", text="Go on."))

    assert {"role": "tool", "tool_call_id": "call_1", "content": "This call was not answered."} in _list(chat(talk))
    assert "This call was not answered." in json.dumps(messages(talk))


def test_a_result_without_a_call_is_left_out() -> None:
    talk = conversation(answered(ToolResult(call="call_9", text="orphan")))

    assert "orphan" not in json.dumps([chat(talk), messages(talk)])


def test_an_empty_turn_is_left_out() -> None:
    talk = conversation(called(), Message(role="user", text="Well?"))

    assert len(_list(chat(talk))) == 3
    assert len(_list(messages(talk))) == 2


def test_a_name_that_the_model_made_up_is_made_to_fit() -> None:
    talk = conversation(called(MADE_UP), answered(ToolResult(call="call_3", text="")))

    assert '"rm_-rf___"' in json.dumps(chat(talk))
    assert '"rm_-rf___"' in json.dumps(messages(talk))
    assert '"(empty)"' in json.dumps(messages(talk))


def test_no_text_breaks_the_encoding() -> None:
    talk = conversation(
        called(ToolCall(id="call_1", tool="t", arguments={"a": "\ud800"}), text="\ud800"),
        answered(ToolResult(call="call_1", text="\udfff\0")),
    )

    for body in (chat(talk), messages(talk)):
        json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize("dialect", [COMPATIBLE, VLLM, OPENAI])
def test_an_answer_that_is_due_is_forced_and_the_unforced_request_kept_ready(dialect: Dialect) -> None:
    choice: JsonObject = {"type": "function", "function": {"name": "answer"}}

    forced, free = chat_bodies(
        conversation(must_answer=True), model="m", dialect=dialect, sampling=Sampling(temperature=0.0)
    )

    assert forced == {**free, "tool_choice": choice}
    assert free["temperature"] == 0.0


def test_an_answer_that_is_due_is_forced_over_messages_too() -> None:
    forced, free = messages_bodies(conversation(must_answer=True), model="m", most_written=100)

    assert forced == {**free, "tool_choice": {"type": "tool", "name": "answer"}}


def test_nothing_is_forced_where_the_answer_tool_is_not_on_offer() -> None:
    talk = Conversation(question=TALK.question, system="", tools=(), messages=(), evidence={}, must_answer=True)

    assert chat_bodies(talk, model="m", dialect=COMPATIBLE, sampling=Sampling()) == (
        {
            "model": "m",
            "stream": True,
            "stream_options": {"include_usage": True},
            "messages": [{"role": "system", "content": ""}],
        },
    )


def test_dialects_differ_in_these_and_nothing_else() -> None:
    of_openai, of_vllm, compatible = chat(TALK, OPENAI), chat(TALK, VLLM), chat(TALK)

    assert of_openai.keys() - compatible.keys() == {"max_completion_tokens", "prompt_cache_key"}
    assert compatible.keys() - of_openai.keys() == {"max_tokens"}
    assert '"strict": true' in json.dumps(of_vllm)
    assert json.loads(json.dumps(of_vllm).replace(', "strict": true', "")) == compatible


def test_messages_marks_the_stable_prefix_and_lets_the_server_mark_the_end() -> None:
    body = messages(TALK)

    assert body["cache_control"] == {"type": "ephemeral"}
    assert body["system"] == [
        {"type": "text", "text": "You find causes.", "cache_control": {"type": "ephemeral"}},
    ]
    assert "cache_control" not in json.dumps([body["tools"], body["messages"]])


def _list(body: JsonObject) -> list[object]:
    found = body["messages"]
    assert isinstance(found, list)
    return list(found)
