import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.wires import called

from rootline.domain.session import ToolCall
from rootline.models.tool_calls import OpenCall, close_calls, depth, read_arguments

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def opened(text: str, *, call_id: str = "call_1", name: str = "query_metrics") -> OpenCall:
    call = OpenCall(id=call_id, name=name)
    call.add(text)
    return call


@pytest.mark.parametrize("text", ["{}", "", "  "])
def test_nothing_is_an_object_without_members(text: str) -> None:
    assert read_arguments(text) == ({}, "")


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1',
        "[1, 2]",
        '"text"',
        "null",
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": ' + "9" * 5000 + "}",
        '{"a": ' * 33 + "1" + "}" * 33,
        "[" * 50_000,
        '{"a": 1} and more',
    ],
)
def test_what_is_no_json_object_is_broken_and_kept_bounded(text: str) -> None:
    assert read_arguments(text) == ({}, text[:2000])


def test_arguments_as_deep_as_allowed_are_read() -> None:
    text = '{"a": ' * 32 + "1" + "}" * 32

    assert read_arguments(text) == (json.loads(text), "")


def test_five_megabytes_are_broken_without_being_kept() -> None:
    call = OpenCall(id="call_1", name="query_metrics")
    for _ in range(50):
        call.add("x" * 100_000)

    (closed,) = close_calls([call], [])

    assert (closed.arguments, len(closed.broken)) == ({}, 2000)
    assert sum(map(len, call.pieces)) < 300_000


def test_arguments_hold_nothing_that_a_database_cannot_store() -> None:
    arguments, broken = read_arguments(r'{"a\u0000": ["\ud800", {"b": "\ud83d\ude00"}]}')

    assert (arguments, broken) == ({"a\ufffd": ["\ufffd", {"b": "\U0001f600"}]}, "")


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_every_shallow_object_is_read_as_json_reads_it(value: dict[str, object]) -> None:
    text = json.dumps(value, ensure_ascii=False).replace("\\u0000", "")

    assert read_arguments(text) == (json.loads(text), "")


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet='{}[]"\\,:1a ', max_size=200))
def test_any_text_is_an_object_or_broken(text: str) -> None:
    arguments, broken = read_arguments(text)

    assert not broken or arguments == {}


@pytest.mark.parametrize("text", ['"' + '\\"' * 50_000, '"' * 99_999, "\\" * 100_000, '{"' * 50_000])
def test_depth_is_found_in_one_pass_over_hostile_quotes(text: str) -> None:
    assert depth(text) <= 50_000


def test_brackets_inside_strings_do_not_nest() -> None:
    assert depth(r'{"a": "[[[[\"[[", "b": [1]}') == 2


def test_ids_are_unique_in_the_whole_conversation_and_the_same_each_time() -> None:
    earlier = [called(ToolCall(id="call_1", tool="query_metrics", arguments={}))]
    offered = [opened("{}"), opened("{}", call_id=""), opened("{}", call_id="call_2"), opened("{}", call_id="call_2")]

    first = close_calls(offered, earlier)
    again = close_calls(offered, earlier)

    assert first == again
    assert first[2].id == "call_2"
    assert len({"call_1", *(call.id for call in first)}) == 5


@pytest.mark.parametrize("bad", ["../../etc", "\x1b[31m", "x" * 41, "\ud800", "é"])
def test_an_id_that_no_wire_takes_is_replaced(bad: str) -> None:
    (call,) = close_calls([opened("{}", call_id=bad)], [])

    assert re.fullmatch(r"call_[0-9a-f]{24}", call.id)


def test_names_are_one_bounded_printable_line() -> None:
    calls = close_calls(
        [opened("{}", name="\x1b[2Jans\x00wer\n"), opened("{}", name="x" * 500), opened("{}", name="")], []
    )

    assert [call.tool for call in calls] == ["[2Jans\ufffdwer", "x" * 99 + "…", "unnamed"]


def test_calls_past_the_64th_are_dropped() -> None:
    calls = close_calls([opened("{}", name=f"t{n}") for n in range(100)], [])

    assert [call.tool for call in calls] == [f"t{n}" for n in range(64)]
