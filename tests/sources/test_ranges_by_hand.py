"""What a range query answers becomes series, sample by sample as a slow and plain reader would put them."""

import json
import math
from datetime import UTC, datetime, timedelta
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootline.domain.window import Window
from rootline.sources.matrix import Row, Steps, as_series, distinct, instant, merged, rows, steps
from rootline.sources.matrix_body import parse_matrix
from rootline.sources.parsing import MOST_PARSED_BYTES, TooMuch, affordable, parse

START = datetime(2026, 3, 1, tzinfo=UTC)
ASKED = Steps(first=START.timestamp(), step_s=60, count=5)


def of(minutes: float, *, late_s: float = 0.0) -> Window:
    return Window(start=START + timedelta(seconds=late_s), end=START + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("minutes", "least_s", "points", "step_s", "count"),
    [
        (60, 15, 240, 15, 240),
        (60, 60, 240, 60, 60),
        (240, 15, 240, 60, 240),
        (1, 60, 240, 60, 1),
        (0.5, 60, 240, 60, 1),
        (60 * 24 * 31, 15, 240, 11_160, 240),
        (61, 15, 240, 16, 229),
    ],
)
def test_moments_are_spread_whole_seconds_apart(
    minutes: float, least_s: int, points: int, step_s: int, count: int
) -> None:
    found = steps(of(minutes), least_s=least_s, points=points)

    assert (found.step_s, found.count) == (step_s, count)


@given(
    minutes=st.floats(0.02, 50_000), late_s=st.floats(0, 0.9), least_s=st.integers(1, 300), points=st.integers(1, 500)
)
def test_every_moment_lies_in_the_window_and_there_are_no_more_than_asked(
    minutes: float, late_s: float, least_s: int, points: int
) -> None:
    window = of(minutes, late_s=late_s)

    found = steps(window, least_s=least_s, points=points)

    assert 1 <= found.count <= points
    assert found.step_s >= least_s
    assert found.times.size == found.count
    assert found.first >= window.start.timestamp()
    assert found.count == 1 or found.times[-1] < window.end.timestamp()
    assert found.end.timestamp() == found.times[-1]


@given(count=st.integers(1, 300), factor=st.integers(1, 20))
def test_coarser_moments_begin_and_end_where_the_finer_ones_did(count: int, factor: int) -> None:
    fine = Steps(first=0.0, step_s=15, count=count)

    coarse = fine.coarser(factor)

    assert coarse.times[0] == fine.times[0]
    assert coarse.times[-1] <= fine.times[-1]
    assert coarse.times[-1] + coarse.step_s > fine.times[-1]


def answered(*pairs: tuple[float, str], **labels: str) -> list[object]:
    first = START.timestamp()
    return [{"metric": labels, "values": [[first + 60 * at, value] for at, value in pairs]}]


@pytest.mark.parametrize(
    ("pairs", "values"),
    [
        ([(0, "1"), (1, "2"), (4, "5")], [1, 2, None, None, 5]),
        ([(2, "NaN"), (3, "+Inf"), (4, "-Inf")], [None, None, None, None, None]),
        ([(-1, "7"), (5, "8")], [None, None, None, None, None]),
        ([(0.4, "1"), (1.6, "2")], [1, None, 2, None, None]),
        ([(1, "1"), (1, "2")], [None, 2, None, None, None]),
        ([(0, "1"), (1, "2"), (2, "3"), (3, "4"), (4, "5")], [1, 2, 3, 4, 5]),
        ([(0, "1"), (1, "NaN"), (2, "3"), (3, "+Inf"), (4, "5")], [1, None, 3, None, 5]),
        ([(0, "1"), (1, "2"), (2, "3"), (4, "5"), (3, "4")], [1, 2, 3, 4, 5]),
        ([], [None, None, None, None, None]),
    ],
)
def test_a_sample_stands_at_the_moment_it_was_asked_for(
    pairs: list[tuple[float, str]], values: list[float | None]
) -> None:
    (row,) = rows(answered(*pairs, job="cart"), ASKED)

    assert [None if math.isnan(one) else one for one in row.values.tolist()] == values
    assert row.labels == {"job": "cart"}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        "text",
        [None],
        [{}],
        [{"metric": {}}],
        [{"metric": [], "values": []}],
        [{"metric": {}, "values": [[1]]}],
        [{"metric": {}, "values": [["x", "y"]]}],
        [{"metric": {}, "values": 7}],
    ],
)
def test_an_answer_of_another_shape_is_a_value_error_in_words(answer: object) -> None:
    with pytest.raises(ValueError, match=r"it sent|could not convert"):
        rows(answer, ASKED)


@pytest.mark.parametrize("answer", [None, {}, [{}], [{"metric": {}}], [{"metric": {}, "value": [1]}], [[]]])
def test_an_instant_answer_of_another_shape_is_one_too(answer: object) -> None:
    with pytest.raises(ValueError, match="it sent"):
        instant(answer)


def test_an_instant_answer_is_labels_and_a_value() -> None:
    assert instant([{"metric": {"a": "b"}, "value": [1, "2.5"]}]) == [({"a": "b"}, 2.5)]


def row(*values: float, **labels: str) -> Row:
    return Row(labels=labels, values=np.array(values))


def test_labels_that_all_share_and_those_that_nobody_reads_are_left_out() -> None:
    found = distinct(
        [row(1, __name__="up", job="a", pod="x", le="1"), row(1, __name__="up", job="a", pod="y", le="2")],
        always=("job",),
    )

    assert found == [{"job": "a", "pod": "x"}, {"job": "a", "pod": "y"}]
    assert distinct([]) == []
    assert distinct([row(1, pod="x"), row(1)]) == [{"pod": "x"}, {}]


SAMPLE = st.integers(-50, 50).map(float) | st.just(math.nan)


@settings(deadline=None)
@given(
    table=st.lists(st.lists(SAMPLE, min_size=4, max_size=4), min_size=1, max_size=5),
    join=st.sampled_from(["sum", "min", "max", "avg"]),
)
def test_rows_of_one_owner_are_joined_moment_by_moment(table: list[list[float]], join: str) -> None:
    found = merged([row(*values) for values in table], lambda _: "cart", join)["cart"]

    for at in range(4):
        known = [values[at] for values in table if not math.isnan(values[at])]
        plain = {"sum": sum(known), "min": min(known), "max": max(known), "avg": fmean(known)} if known else {}
        assert (math.isnan(found[at]) and not known) or found[at] == pytest.approx(plain[join])


def test_rows_of_several_owners_stay_apart() -> None:
    found = merged([row(1.0, job="a"), row(2.0, job="b"), row(3.0, job="a")], lambda labels: labels["job"], "sum")

    assert {name: values.tolist() for name, values in found.items()} == {"a": [4.0], "b": [2.0]}


def test_a_series_without_a_sample_in_its_window_is_none() -> None:
    def made(*values: float, since: int = 2) -> object:
        late = Window(start=START + timedelta(minutes=since), end=START + timedelta(minutes=since + 3))
        return as_series(np.array(values), ASKED, late, service="cart", metric="m", unit="", labels={})

    assert made(1, 1, math.nan, math.nan, math.nan) is None
    assert made(math.nan, math.nan, 1, math.nan, math.nan) is not None
    assert made(math.nan, math.nan, math.nan, math.nan, 1) is not None
    assert made(1, 1, 1, 1, 1, since=4) is not None
    assert made(1, 1, 1, 1, 1, since=5) is None


@given(
    value=st.dictionaries(st.text(max_size=5), st.lists(st.floats(allow_nan=False) | st.text(max_size=5), max_size=3))
)
def test_json_is_read_as_json_and_the_body_is_used_up(value: dict[str, list[float | str]]) -> None:
    body = bytearray(json.dumps(value).encode())

    assert parse(body) == value
    assert body == b""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "it sent an empty answer"),
        (b"  \n ", "it sent an empty answer"),
        (b"<html>", "it sent a web page, not JSON"),
        (b"{", "it sent broken JSON"),
        (b"\xff", "it sent broken JSON"),
        (b"[" * 5_000, "it sent broken JSON"),
        (b"9" * 5_000, "it sent broken JSON"),
    ],
)
def test_what_cannot_be_parsed_is_told_in_words_and_let_go(text: bytes, why: str) -> None:
    body = bytearray(text)

    with pytest.raises(ValueError, match=why):
        parse(body)
    assert body == b""


def test_more_values_than_fit_into_memory_are_refused_before_they_are_read() -> None:
    body = bytearray(b"[" + b"0," * (MOST_PARSED_BYTES // 90) + b"0]")

    with pytest.raises(TooMuch, match="JSON values, more than is read at once"):
        affordable(body)
    assert body == b""


@given(body=st.binary(max_size=120))
def test_no_bytes_break_the_reader_of_ranges(body: bytes) -> None:
    try:
        parse_matrix(bytearray(body))
    except ValueError as told:
        assert str(told)  # noqa: PT017 a value, or an error in words
