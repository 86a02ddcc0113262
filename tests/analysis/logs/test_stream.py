import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.logs import LogFinding, summarise, summarise_json
from rootline.analysis.logs.tally import MOST
from rootline.domain.signal import LogLine
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))


def row(minute: int, message: str, service: str = "cart", level: str = "INFO", **more: object) -> bytes:
    at = (NOON + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
    return json.dumps({"timestamp": at, "level": level, "service": service, "message": message, **more}).encode()


def found(rows: Sequence[bytes]) -> list[LogFinding]:
    return summarise_json(rows, HOUR, onset=NOON)


def counts(findings: Sequence[LogFinding]) -> list[tuple[str, str, int, int]]:
    return sorted((one.service, one.template, one.count, one.baseline_count) for one in findings)


def slowly(rows: Sequence[bytes]) -> list[tuple[str, str, int, int]]:
    """The same by the other way, that looks at each line."""
    lines = []
    for text in rows:
        fields = json.loads(text)
        at = datetime.fromisoformat(fields["timestamp"])
        lines.append(LogLine(at=at, service=fields["service"], text=text.decode()))
    return counts(summarise(lines, [], HOUR, onset=NOON))


def test_lines_are_counted_around_the_onset_and_cited_by_their_place() -> None:
    rows = [
        row(-5, "took 12 ms"),
        row(3, "pool timeout after 50 ms", level="ERROR", trace_id="t1"),
        row(4, "pool timeout after 99 ms", level="ERROR", trace_id="t2"),
        row(45, "pool timeout after 99 ms", level="ERROR"),
    ]

    first = found(rows)[0]

    assert (first.template, first.count, first.baseline_count) == ("pool timeout after <*> ms", 2, 0)
    assert (first.severity, first.is_error, first.novelty, first.trace_ids) == ("ERROR", True, 1.0, ("t1",))
    assert first.exemplar is not None
    assert (first.exemplar.line, first.exemplar.text) == (1, rows[1].decode())
    assert (first.first_seen, first.last_seen) == (NOON + timedelta(minutes=3), NOON + timedelta(minutes=4))


def test_services_that_differ_in_a_digit_are_kept_apart() -> None:
    rows = [row(at, f"served {at}", service=f"shard-{at % 2}") for at in range(6)]

    assert counts(found(rows)) == [("shard-0", "served <*>", 3, 0), ("shard-1", "served <*>", 3, 0)]


def test_a_service_with_a_digit_among_others_is_kept_apart() -> None:
    rows = [row(at, f"served {at}", service=("cart", "pay-1", "pay-2")[at % 3]) for at in range(9)]

    assert [one[0] for one in counts(found(rows))] == ["cart", "pay-1", "pay-2"]


def test_quotes_inside_a_message_do_not_end_it() -> None:
    rows = [row(1, f'GET "/items/{at}" {verb}') for at in range(3) for verb in ("done", "refused")]

    assert [one.count for one in found(rows)] == [3, 3]


def test_lines_of_several_layouts_are_all_counted() -> None:
    rows = [
        b"starting",
        row(1, "served 1"),
        b'{"ts": 1772366460.5, "lvl": "warn", "app": "ads", "msg": "slow 7"}',
        b"plain 5",
    ]

    assert counts(found(rows)) == [
        ("", "plain <*>", 1, 0),
        ("", "starting", 1, 0),
        ("ads", "slow <*>", 1, 0),
        ("cart", "served <*>", 1, 0),
    ]


def test_compact_json_is_read_too() -> None:
    rows = [json.dumps(json.loads(row(at, f"served {at}")), separators=(",", ":")).encode() for at in range(3)]

    assert counts(found(rows)) == [("cart", "served <*>", 3, 0)]


def test_levels_written_as_numbers_are_named() -> None:
    text = b'{"level": %d, "time": 1772366460000, "msg": "boom %d"}'

    assert [one.severity for one in found([text % (50, 1), text % (50, 2)])] == ["error"]


def test_fields_full_of_other_words_do_not_matter() -> None:
    rows = [
        row(at % 20, f"served {at}", note="".join(chr(97 + at // 26**n % 26) for n in range(4))) for at in range(999)
    ]

    assert counts(found(rows)) == [("cart", "served <*>", 999, 0)]


def test_names_without_end_in_messages_are_one_template() -> None:
    names = ["".join(chr(97 + at // 26**place % 26) for place in range(4)) for at in range(9000)]
    rows = [row(1, f"signup of {name} as {name[::-1]} finished") for name in names]

    assert counts(found(rows)) == [("cart", "signup of <*> as <*> finished", 9000, 0)]


def test_no_lines_give_no_findings() -> None:
    assert found([]) == []


@pytest.mark.parametrize("count", [1, 7, 250])
def test_hexadecimal_ids_do_not_split_a_template(count: int) -> None:
    rows = [row(1, f"order {at * 2654435761 % 2**32:08x} paid") for at in range(count)]

    assert counts(found(rows)) == [("cart", "order <*> paid", count, 0)]


WORDS = st.sampled_from(
    ["paid", "order", "17", "0xbeef", "a\\b", 'say "no"', "10.0.0.7:80", "é", "x=5", "{", "timeout"]
)
ROWS = st.lists(
    st.builds(
        row,
        st.integers(-25, 25),
        st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
        st.sampled_from(["cart", "pay", "pay-2"]),
        st.sampled_from(["INFO", "ERROR"]),
    ),
    max_size=30,
)


@given(ROWS)
def test_counting_fast_finds_what_looking_at_each_line_finds(rows: list[bytes]) -> None:
    assert counts(found(rows)) == slowly(rows)


def renamed(fields: dict[str, str]) -> object:
    return {"msg": fields["message"], "app": fields["service"], "lvl": fields["level"], "ts": fields["timestamp"]}


def nested(fields: dict[str, str]) -> object:
    others = {key: value for key, value in fields.items() if key != "message"}
    return {"pid": 7, "log": {"message": fields["message"], "at": 3}, "note": "x" * len(fields["service"]), **others}


@given(rows=ROWS, turn=st.integers(0, 2), escaped=st.booleans())
def test_counts_are_the_same_however_the_lines_are_written(rows: list[bytes], turn: int, *, escaped: bool) -> None:
    ways: list[Callable[[dict[str, str]], object]] = [renamed, nested, dict]

    written = [
        json.dumps(ways[(at + turn) % len(ways)](json.loads(text)), ensure_ascii=escaped).encode()
        for at, text in enumerate(rows)
    ]

    assert counts(found(written)) == counts(found(rows))


@pytest.mark.parametrize("letters", [10, 5_000, 20_000])
def test_a_line_of_any_length_is_cited_as_it_is(letters: int) -> None:
    long = row(3, f"pool of {'x' * letters} timed out", level="ERROR", trace_id="t1")

    (first,) = found([long])

    assert (first.severity, first.trace_ids, first.count) == ("ERROR", ("t1",), 1)
    assert first.exemplar is not None
    assert first.exemplar.text == long.decode()[:1000]


def test_kinds_that_come_late_are_cited_by_their_first_line() -> None:
    rows = [row(1, f"served {at}") for at in range(700)] + [row(2, text) for text in ("boom 1", "bang 2", "boom 3")]

    cited = {one.template: one.exemplar.line for one in found(rows) if one.exemplar}

    assert cited == {"served <*>": 0, "boom <*>": 700, "bang <*>": 701}


def test_lines_of_text_are_counted_around_the_onset_too() -> None:
    rows = [f"2026-03-01 {hour}:{at:02}:00,5 INFO served {at}".encode() for hour in (11, 12) for at in range(20)]

    assert [(one.count, one.baseline_count) for one in found(rows)] == [(20, 20)]


def test_words_beyond_ascii_are_told_apart_however_json_writes_them() -> None:
    texts = ["Übertragung 7 fehlt", "Änderung 7 fehlt", "漢字 7"]
    rows = [
        json.dumps({"service": "cart", "message": text}, ensure_ascii=escaped).encode()
        for text in texts
        for escaped in (True, False)
    ]

    assert [(template, count) for _, template, count, _ in counts(found(rows))] == [
        ("Änderung <*> fehlt", 2),
        ("Übertragung <*> fehlt", 2),
        ("漢字 <*>", 2),
    ]


def test_what_comes_after_twenty_thousand_kinds_is_counted_together() -> None:
    letters = "abcdefghij"
    rows = [
        b'{"service": "s%d", "message": "%b"}' % (at // 900, " ".join(letters[int(n)] for n in str(at % 900)).encode())
        for at in range(MOST + 3000)
    ]

    findings = found(rows)

    assert sum(one.count for one in findings) == len(rows)
    assert len(findings) <= MOST + 1000
    assert next(one.count for one in findings if (one.service, one.template) == ("", "<*>")) >= 2000
