"""Samples are kept to the bit, and stored ones are what anybody can write and read."""

import base64
import json
import struct
from math import inf, nan

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rootline.domain.fact import SeriesFact
from rootline.domain.points import Points, spliced
from rootline.domain.signal import Floats

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SAMPLES = TypeAdapter(Points)
BORDERS = [0.0, -0.0, 1e-4, 9.999999999999999e-5, -1e-4, 5e-324, 1e15, 9999999999999998.0, 1e16, -1e16, 1.7e308]


@given(st.lists(st.tuples(NUMBERS, st.none() | NUMBERS)))
def test_samples_were_written_as_python_writes_them(pairs: list[tuple[float, float | None]]) -> None:
    points = Points.listed(pairs)

    assert points.as_pairs == json.dumps(pairs, separators=(",", ":"))
    assert list(points) == pairs


@pytest.mark.parametrize("value", BORDERS)
def test_a_sample_of_unusual_size_was_written_as_python_writes_it(value: float) -> None:
    assert Points.listed([(1.5, value)]).as_pairs == f"[[1.5,{value!r}]]"


@example([(1.7e308, None), (-1.7e308, None)])
@example([(1.0, None), (-0.0, -0.0)])
@given(st.lists(st.tuples(NUMBERS, st.none() | NUMBERS)))
def test_what_is_stored_is_read_back_to_the_bit(pairs: list[tuple[float, float | None]]) -> None:
    points = Points.listed(pairs)

    read = SAMPLES.validate_python(json.loads(points.text))

    assert read.text == points.text
    assert read.as_pairs == points.as_pairs


@given(NUMBERS, st.floats(min_value=0.1, max_value=1e6), st.lists(NUMBERS, min_size=2))
def test_even_moments_are_read_back_to_the_bit(start: float, step: float, values: list[float]) -> None:
    times: Floats = start + step * np.arange(len(values), dtype=np.float64)
    points = Points(times, np.array(values))

    assert SAMPLES.validate_python(json.loads(points.text)).as_pairs == points.as_pairs


def test_evenly_spaced_samples_are_stored_without_their_times() -> None:
    even, odd = Points.listed([(10, 1), (25, None), (40, 3)]), Points.listed([(10, 1), (25, 2), (41, 3)])

    assert json.loads(even.text).keys() == {"start", "step", "values"}
    assert json.loads(odd.text).keys() == {"times", "values"}
    assert json.loads(even.text)["start"] == 10.0
    assert json.loads(even.text)["step"] == 15.0


def test_what_is_stored_is_the_doubles_that_a_stranger_would_write() -> None:
    even, alone = Points.listed([(10, 1), (25, None)]), Points.listed([(10, 1)])

    values = base64.b64encode(struct.pack("<dd", 1.0, nan)).decode()
    assert even.text == f'{{"start":10.0,"step":15.0,"values":"{values}"}}'
    assert alone.text == '{"times":"AAAAAAAAJEA=","values":"AAAAAAAA8D8="}'


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"values": "AAAAAAAA8D8="},
        {"times": "AAAAAAAA8D8="},
        {"start": 1.0, "step": 1.0, "values": "AAAA"},
        {"start": 1.0, "step": 1.0, "values": "not base64!"},
        {"start": 1.0, "step": 1.0, "values": 7},
        {"start": "x", "step": 1.0, "values": "AAAAAAAA8D8="},
        {"start": inf, "step": 1.0, "values": "AAAAAAAA8D8="},
        {"times": "", "values": "AAAAAAAA8D8="},
        {"times": "AAAAAAAA+H8=", "values": "AAAAAAAA8D8="},
    ],
)
def test_what_was_never_stored_is_refused(stored: object) -> None:
    with pytest.raises(ValueError, match=r"samples|base64|buffer"):
        SAMPLES.validate_python(stored)


def test_what_is_no_finite_number_is_a_missing_sample() -> None:
    times, values = np.array([1.0, 2.0, 3.0, 4.0]), np.array([nan, inf, -inf, 0.5])

    assert list(Points(times, values)) == [(1.0, None), (2.0, None), (3.0, None), (4.0, 0.5)]
    assert list(Points.listed([(1.0, nan), (2.0, 1e-9)])) == [(1.0, None), (2.0, 1e-9)]


def test_samples_are_a_sequence() -> None:
    points = Points.listed([(1.0, 2.0), (2.0, None), (3.0, 4.0)])

    assert (len(points), points[1], points[-2:]) == (3, (2.0, None), [(2.0, None), (3.0, 4.0)])
    assert (len(Points()), list(Points()), bool(Points()), bool(points)) == (0, [], False, True)
    assert repr(points) == "Points(3)"


def test_equal_samples_are_equal_whoever_wrote_them() -> None:
    listed = Points.listed([(1, 2), (3, None)])
    read = Points(np.array([1.0, 3.0]), np.array([2.0, nan]))

    assert listed == read
    assert hash(listed) == hash(read)
    assert listed != Points.listed([(1, 2)])
    assert listed != [(1.0, 2.0), (3.0, None)]


def test_a_fact_takes_pairs_as_json_has_them_and_is_json_again() -> None:
    told = {"subject": "a b", "service": "a", "metric": "b", "direction": "flat", "points": [[1, 2], [3.5, None]]}
    levels = {"baseline": None, "current": None, "peak": None}

    fact = SeriesFact.model_validate(told | levels)

    assert fact.points == Points.listed([(1.0, 2.0), (3.5, None)])
    assert fact.model_dump(mode="json")["points"] == [[1.0, 2.0], [3.5, None]]
    assert SeriesFact.model_validate_json(fact.model_dump_json()) == fact


@pytest.mark.parametrize("points", ["[[1,2]]", [[1]], [[1, 2, 3]], [["x", 1]], [[None, 1]], 7])
def test_a_fact_refuses_what_are_no_pairs(points: object) -> None:
    told = {"subject": "a b", "service": "a", "metric": "b", "direction": "flat", "points": points}

    with pytest.raises(ValueError, match="points"):
        SeriesFact.model_validate(told | {"baseline": None, "current": None, "peak": None})


def test_the_schema_of_samples_is_that_of_pairs() -> None:
    for mode in ("validation", "serialization"):
        schema = SeriesFact.model_json_schema(mode=mode)["properties"]["points"]

        assert (schema["type"], schema["items"]["type"], schema["items"]["maxItems"]) == ("array", "array", 2)


def test_samples_stand_where_their_place_was_kept() -> None:
    text = json.dumps([{"points": None, "a": 1}, {"b": 2, "points": None}], separators=(",", ":"))

    filled = spliced(text, ["[[1.0,2.0]]", "[]"])

    assert json.loads(filled) == [{"points": [[1.0, 2.0]], "a": 1}, {"b": 2, "points": []}]


def test_a_text_that_looks_like_a_kept_place_is_left_alone() -> None:
    hostile = '"points":null,"points":null'
    text = json.dumps({"x": hostile, hostile: hostile, "points": None}, separators=(",", ":"))

    filled = spliced(text, ["[[1.0,2.0]]"])

    assert json.loads(filled) == {"x": hostile, hostile: hostile, "points": [[1.0, 2.0]]}


def test_more_or_fewer_places_than_samples_are_an_error() -> None:
    for text in ("{}", '{"points":null,"b":{"points":null}}'):
        with pytest.raises(ValueError, match="zip"):
            spliced(text, ["[]"])
