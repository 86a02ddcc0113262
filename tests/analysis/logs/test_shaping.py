import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.logs.shaping import Shaper, opened
from rootline.analysis.logs.widening import WIDE

NUMBER = re.compile(rb"[A-Za-z_]*[0-9][0-9A-Za-z._-]*")
PIECES = st.sampled_from(["a", "Z", "_", "0", "7", "9", ".", "-", " ", "/", ":", "{", "`", "é", "\x00", "\x1f", "~"])


def key(text: str) -> bytes:
    return Shaper().keys([text.encode()])[0]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("took 12 ms", b"took 0 ms"),
        ("took 12.5ms, limit 3", b"took 0, limit 0"),
        ("at 0x7ffe12", b"at 0"),
        ("id de962a6da4fd57c5 ok", b"id 0 ok"),
        ("10.0.0.7:5432 refused", b"0:0 refused"),
        ("worker-12 of eu-7", b"worker-0 of eu-0"),
        ("no number here", b"no number here"),
        ("7", b"0"),
        ("", b""),
        ("a7\nb8", b"0 0"),
    ],
)
def test_numbers_are_zeros_with_the_letters_around_them(text: str, shape: bytes) -> None:
    assert key(text) == shape


@given(st.lists(st.lists(PIECES, max_size=30).map("".join), max_size=30))
def test_looking_at_all_texts_at_once_finds_what_looking_at_each_finds(texts: list[str]) -> None:
    rows = [text.encode() for text in texts]

    assert Shaper().keys(rows) == [NUMBER.sub(b"0", row) for row in rows]


def test_more_bytes_than_are_looked_at_at_once_change_nothing() -> None:
    rows = [b"took %d ms at %d of %s" % (at, at * 7, b"x" * (at % 90 * 10)) for at in range(1000)]

    assert Shaper().keys(rows) == [NUMBER.sub(b"0", row) for row in rows]


def test_words_that_json_escapes_are_told_apart() -> None:
    letters = [b"\\u00dcbertragung 7", b"\\u00c4nderung 7", b"\\u4e2d\\u6587 7", b"tab\\u0009 7", b"half \\ud83d 7"]

    keys = Shaper().keys(letters)

    assert keys[:3] == ["Übertragung 0".encode(), "Änderung 0".encode(), "中文 0".encode()]
    assert len(set(keys)) == len(letters)


def test_an_escaped_line_feed_does_not_shift_texts() -> None:
    assert len(Shaper().keys([b"a\\u000ab", b"c\nd", b"e"])) == 3


def test_what_was_forgotten_gets_the_same_key_again() -> None:
    shaper = Shaper(remembered=2)
    rows = [b"one 1", b"two 2", b"three 3", b"four 4"]

    assert shaper.keys(rows) == shaper.keys(rows) == [b"one 0", b"two 0", b"three 0", b"four 0"]


def test_a_blank_in_the_key_is_a_hole_in_the_text() -> None:
    assert opened("user ada left", b"user " + WIDE + b" left", "<*>") == "user <*> left"
    assert opened("short", b"user " + WIDE, "<*>") == "short"
