from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from rootline.claims.pointer import Unresolved, index_of, pointer_to, resolve

# The document and the answers of RFC 6901, section 5.
DOCUMENT: JsonValue = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_the_examples_of_the_standard_resolve(pointer: str, value: JsonValue) -> None:
    assert resolve(DOCUMENT, pointer) == value


@pytest.mark.parametrize(
    "pointer",
    [
        "foo",
        "/foo/2",
        "/foo/-",
        "/foo/-1",
        "/foo/00",
        "/foo/01",
        "/foo/²",
        "/foo/٣",
        "/foo/1e0",
        "/foo/ 1",
        "/foo/99999999999999999999",
        "/foo/0/0",
        "/~",
        "/~2",
        "/m~n",
        "/x" * 13,
        "/" + "x" * 300,
    ],
)
def test_a_pointer_to_nothing_says_so(pointer: str) -> None:
    with pytest.raises(Unresolved):
        resolve(DOCUMENT, pointer)


@given(document=JSON, pointer=st.text(max_size=400) | st.lists(st.sampled_from("/~01a-"), max_size=60).map("".join))
def test_no_pointer_breaks_the_reader(document: JsonValue, pointer: str) -> None:
    with suppress(Unresolved):
        found = resolve(document, pointer)
        assert any(found is one for one in _within(document))


def _within(document: JsonValue) -> Iterator[JsonValue]:
    """Yield a document and everything inside it."""
    yield document
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for one in inner:
        yield from _within(one)


@given(key=st.text(max_size=40), index=st.integers(min_value=0, max_value=3))
def test_a_written_pointer_leads_back(key: str, index: int) -> None:
    document: JsonValue = {key: ["a", "b", "c", "d"]}

    assert resolve(document, pointer_to(key, index)) == "abcd"[index]


@given(st.text(max_size=20))
def test_only_plain_digits_are_an_index(token: str) -> None:
    found = index_of(token)

    assert found is None or str(found) == token
