"""What comes in over each wire: any JSON is a turn or a failure that is said, never another error."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.wires import chat_turn, messages_turn

from rootline.errors import ProviderFailed
from rootline.models.chat_stream import ChatTurn
from rootline.models.messages_stream import MessagesTurn
from rootline.models.model import TurnEnd
from rootline.models.streaming import TurnReader

ENVELOPE = st.sampled_from(["choices", "delta", "tool_calls", "function", "content", "finish_reason", "usage", "error"])
EVENTS = st.sampled_from(["type", "message", "message_start", "message_delta", "content_block_start", "stop_reason"])
CALLS = st.sampled_from(["id", "index", "name", "arguments", "tool_use", "input_json_delta", "partial_json", "input"])
TEXTS = st.sampled_from(["content_block_delta", "content_block", "text_delta", "text"])
WORDS = ENVELOPE | EVENTS | CALLS | TEXTS
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=15,
)


def chunk(delta: object, finish: str | None = None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def fragment(index: int | None, text: str, **head: str | None) -> dict[str, object]:
    name = head.pop("name", None)
    return {"index": index, **head, "function": {"name": name, "arguments": text}}


OTHER = fragment(1, "{}", id="y", name="u")


def read(*chunks: object) -> ChatTurn:
    turn = chat_turn()
    for item in chunks:
        turn.take(item)
    return turn


@pytest.mark.parametrize("begin", [chat_turn, messages_turn])
@settings(deadline=None, max_examples=50)
@given(events=st.lists(VALUES, max_size=5))
def test_any_json_is_a_turn_or_a_failure(begin: Callable[[], TurnReader], events: list[object]) -> None:
    reader = begin()

    with contextlib.suppress(ProviderFailed):
        for event in events:
            reader.take(event)
        assert _is_bounded(reader.end())


@settings(deadline=None, max_examples=50)
@given(tool_calls=st.lists(VALUES, max_size=6))
def test_any_tool_calls_are_a_turn_or_a_failure(tool_calls: list[object]) -> None:
    turn = read(chunk({"content": "x", "tool_calls": tool_calls}), chunk({}, "stop"))

    end = turn.end()

    assert len({call.id for call in end.calls}) == len(end.calls)


@settings(deadline=None, max_examples=50)
@given(blocks=st.lists(st.dictionaries(WORDS, VALUES), max_size=4))
def test_any_content_blocks_are_a_turn_or_a_failure(blocks: list[dict[str, object]]) -> None:
    turn = messages_turn()
    for block in blocks:
        turn.take({"type": "content_block_start", "index": 0, "content_block": {**block, "type": "tool_use"}})
        turn.take({"type": "content_block_delta", "index": 0, "delta": block})
    turn.take({"type": "message_delta", "delta": {"stop_reason": "tool_use"}})

    with contextlib.suppress(ProviderFailed):
        assert _is_bounded(turn.end())


def _is_bounded(end: TurnEnd) -> bool:
    """Whether each call has an id of its own, a name and arguments by name."""
    own = len({call.id for call in end.calls}) == len(end.calls)
    return own and all(call.tool and isinstance(call.arguments, dict) for call in end.calls)


@pytest.mark.parametrize(
    "fragments",
    [
        (fragment(0, '{"a"', id="x", name="t"), fragment(0, ": 1}"), OTHER),
        (fragment(0, '{"a"', id="x", name="t"), OTHER, fragment(0, ": 1}")),
        (fragment(0, '{"a": 1}', id="x", name="t"), fragment(0, "{}", id="y", name="u")),
        (
            fragment(0, '{"a"', id="x", name="t"),
            fragment(0, ": 1}", id="x", name="t"),
            fragment(1, "{}", name="u", id="y"),
        ),
        (fragment(None, '{"a"', id="x", name="t"), fragment(None, ": 1}"), fragment(None, "{}", id="y", name="u")),
        (fragment(0, "", id="x"), fragment(0, '{"a": 1}', name="t"), OTHER),
    ],
    ids=["in order", "interleaved", "one index for all", "head repeated", "no index", "name comes late"],
)
def test_fragments_find_their_call_however_a_server_counts(fragments: tuple[object, ...]) -> None:
    turn = read(*(chunk({"tool_calls": [item]}) for item in fragments), chunk({}, "tool_calls"))

    calls = turn.end().calls

    assert [(call.id, call.tool, call.arguments) for call in calls] == [("x", "t", {"a": 1}), ("y", "u", {})]


def test_calls_without_index_and_id_are_told_apart_by_their_names() -> None:
    turn = read(
        chunk({"tool_calls": [fragment(None, "{}", name="t"), fragment(None, "{}", name="t")]}), chunk({}, "stop")
    )

    assert [call.tool for call in turn.end().calls] == ["t", "t"]


def test_text_that_is_split_inside_a_character_is_whole_in_the_end() -> None:
    turn = chat_turn()

    shown = [turn.take(chunk({"content": piece})) for piece in ("a\ud83d", "\ude00b")]
    turn.take(chunk({}, "stop"))

    assert shown == ["a\ufffd", "\ufffdb"]
    assert turn.end().text == "a\U0001f600b"


def test_text_without_end_ends_the_turn() -> None:
    with pytest.raises(ProviderFailed, match="more than 200000 characters"):
        read(*[chunk({"content": "la " * 1000})] * 100)


def test_calls_without_end_end_the_turn() -> None:
    with pytest.raises(ProviderFailed, match="more than 1000 calls"):
        read(chunk({"tool_calls": [fragment(n, "{}", id=f"c{n}", name="t") for n in range(1001)]}))


@pytest.mark.parametrize(
    ("chunks", "said"),
    [
        ((), "no choice"),
        (({"choices": []},), "no choice"),
        ((chunk({"content": "half"}),), "ended in the middle"),
        ((chunk({"content": "half"}, "length"),), "limit of written tokens"),
        ((chunk({}, "content_filter"),), "content filter"),
        ((chunk({}, "abort"),), "aborted"),
        ((chunk({"refusal": "I will not."}), chunk({}, "stop")), "declined: 'I will not.'"),
        ((chunk({"tool_calls": [fragment(0, "{}", id="x")]}, "tool_calls"),), "without naming one"),
        (({"error": {"message": "CUDA out of memory"}},), "'CUDA out of memory'"),
        (([],), "no JSON object"),
    ],
)
def test_a_chat_that_is_no_turn_says_why(chunks: tuple[object, ...], said: str) -> None:
    with pytest.raises(ProviderFailed) as failure:
        read(*chunks).end()

    assert said in str(failure.value)
    assert "m at 127.0.0.1:8000" in str(failure.value)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("max_tokens", "limit of written tokens"),
        ("refusal", "declined"),
        ("model_context_window_exceeded", "outgrew"),
        (None, "ended in the middle"),
    ],
)
def test_messages_that_are_no_turn_say_why(reason: str | None, said: str) -> None:
    turn = messages_turn()
    turn.take({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 1}})

    with pytest.raises(ProviderFailed, match=said):
        turn.end()


@pytest.mark.parametrize("reason", ["end_turn", "stop_sequence", "pause_turn", "something_new"])
def test_messages_that_end_otherwise_are_a_turn(reason: str) -> None:
    turn = messages_turn()
    turn.take({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "So"}})
    turn.take({"type": "message_delta", "delta": {"stop_reason": reason}})

    assert turn.end().text == "So"


def test_arguments_that_come_whole_are_taken_too() -> None:
    turn = messages_turn()
    block = {"type": "tool_use", "id": "toolu_1", "name": "t", "input": {"a": 1}}
    turn.take({"type": "content_block_start", "index": 0, "content_block": block})
    turn.take({"type": "message_delta", "delta": {"stop_reason": "tool_use"}})

    assert turn.end().calls[0].arguments == {"a": 1}


def test_thinking_is_passed_over() -> None:
    turn = messages_turn()
    block = {"type": "thinking", "thinking": "", "text": "secret"}
    shown = turn.take({"type": "content_block_start", "index": 0, "content_block": block})
    shown += turn.take(
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "thinking_delta", "thinking": "Hm.", "text": "Hm."},
        }
    )
    turn.take({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})

    assert (shown, turn.end().text) == ("", "")


def test_counts_that_nobody_can_have_counted_are_nothing() -> None:
    turn = read(
        chunk({"content": "x"}, "stop"),
        {"choices": [], "usage": {"prompt_tokens": -5, "completion_tokens": "many", "prompt_tokens_details": {}}},
    )

    usage = turn.end().usage

    assert (usage.read, usage.written, usage.cached) == (0, 0, 0)


def test_all_that_messages_read_counts_as_read() -> None:
    turn: MessagesTurn = messages_turn()
    counts = {"input_tokens": 5, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 20, "output_tokens": 1}
    turn.take({"type": "message_start", "message": {"usage": counts}})
    turn.take({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}})

    usage = turn.end().usage

    assert (usage.read, usage.cached, usage.written) == (125, 100, 9)
