import json
import time
from collections.abc import Sequence

import pytest

from rootline.analysis.logs.columns import Reader
from rootline.analysis.logs.layout import Name

NAMES: tuple[Name, ...] = ("service", "level", "message", "time")
FLAT = {"time": "2026-03-01T12:00:00Z", "level": "INFO", "service": "cart-1", "msg": "order 7 paid"}
READ = ("cart-1", "INFO", "order 7 paid", "2026-03-01T12:00:00Z")


def taken(lines: Sequence[bytes], reader: Reader | None = None) -> list[tuple[str, ...]]:
    """Service, level, message and time of every line, in the order of the lines."""
    found: dict[int, tuple[str, ...]] = {}
    for some in (reader or Reader()).columns(lines, range(len(lines))):
        fields = zip(*(some.messages() if name == "message" else some.all(name) for name in NAMES), strict=True)
        for at, line, row in zip(some.index, some.lines, fields, strict=True):
            assert line == lines[at]
            found[at] = tuple(value.decode(errors="replace") for value in row)
    return [found[at] for at in range(len(lines))]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_fields_are_found_in_any_order(order: list[int], separators: tuple[str, str]) -> None:
    fields = dict(list(FLAT.items())[at] for at in order)

    assert taken([json.dumps(fields, separators=separators).encode() + b"\n"] * 3) == [READ] * 3


def test_what_stands_between_the_fields_may_vary() -> None:
    lines = [
        json.dumps({"id": f"{at:x}", "pid": at, **FLAT, "user": {"age": at, "name": "ada" * at}}).encode()
        for at in range(50)
    ]

    assert taken(lines) == [READ] * 50


def test_a_message_within_an_object_is_found_there() -> None:
    line = json.dumps({"level": "INFO", "log": {"message": "order 7 paid", "at": 3}}).encode()

    assert taken([line] * 2) == [("", "INFO", "order 7 paid", "")] * 2


def test_numbers_of_time_and_level_are_taken_as_written() -> None:
    lines = [b'{"level":30,"time":17723664%d.5,"msg":"order 7 paid"}' % (10 + at) for at in range(3)]

    assert taken(lines) == [("", "30", "order 7 paid", f"17723664{10 + at}.5") for at in range(3)]


@pytest.mark.parametrize(
    "message",
    [
        'say "no"',
        "ends with \\",
        "with two \\\\",
        '\\"',
        'a \\" b',
        'ends with "',
        "tab\tfeed\n",
        "Übertragung 7",
        "漢字",
    ],
)
def test_odd_characters_in_a_message_neither_end_it_nor_lose_what_follows(message: str) -> None:
    line = json.dumps({**FLAT, "msg": message, "service": "pay"}).encode()

    ((service, level, text, at),) = taken([line])

    assert (service, level, at) == ("pay", "INFO", READ[3])
    assert text in {message, json.dumps(message)[1:-1]}


def test_lines_of_many_layouts_are_all_taken_in_one_go() -> None:
    lines = [json.dumps({**{f"k{at}{n}": "v" for n in range(at)}, **FLAT}).encode() for at in range(30)] * 2

    assert taken(lines) == [READ] * 60


def test_text_has_its_time_taken_off_and_is_its_own_message() -> None:
    lines = [b"2026-03-01 12:00:00,123 ERROR [main] boom", b"[2026-03-01T12:00:00Z] boom", b"boom", b"  boom\r"]

    assert taken(lines) == [
        ("", "", "ERROR [main] boom", "2026-03-01 12:00:00,123"),
        ("", "", "boom", "2026-03-01T12:00:00Z"),
        ("", "", "boom", ""),
        ("", "", "boom\r", ""),
    ]


def test_a_reader_follows_a_program_that_writes_otherwise_all_at_once() -> None:
    reader = Reader()
    other = json.dumps({"app": "ads", "message": "slow 7"}).encode()

    batches = [taken(lines, reader) for lines in ([json.dumps(FLAT).encode()] * 3, [b"plain"] * 2, [other] * 2, [])]

    assert batches == [[READ] * 3, [("", "", "plain", "")] * 2, [("ads", "", "slow 7", "")] * 2, []]


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"\n",
        b"{",
        b"{}",
        b'{"message": }',
        b'{"message": ""}',
        b'{"message": null}',
        b'{"message": ["a", 7]}',
        b'{"message": "cut off',
        b'["message"]',
        b"\x00\xff\xfe{",
        b'{"msg": "\xff\xfe\x00"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"message": "' + b"\\" * 100_000 + b'"}',
        b'{"message": "' + b'\\"' * 100_000 + b'"}',
        b"{" + b'"' * 100_000 + b'"message": "x"}',
        b'{"message": "' + b"x" * 10_000_000 + b'"}',
        b'{"service": "' + b"s" * 100_000 + b'", "message": "x"}',
    ],
)
def test_hostile_lines_are_taken_quickly_and_harm_no_others(odd: bytes) -> None:
    good = json.dumps(FLAT).encode()
    lines = [odd, good, odd, good, good]
    began = time.process_time()

    rows = taken(lines)

    assert [rows[1], rows[3], rows[4]] == [READ] * 3
    assert all(len(row[2]) <= 2000 for row in rows)
    assert time.process_time() - began < 2.0
