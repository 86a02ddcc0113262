"""Samples are written once, to the digits that Python's own JSON has, whatever their size."""

import json
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.domain.fact import SeriesFact
from rootline.domain.points import Points, spliced

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
BORDERS = [0.0, -0.0, 1e-4, 9.999999999999999e-5, -1e-4, 5e-324, 1e15, 9999999999999998.0, 1e16, -1e16, 1.7e308]


@given(st.lists(st.tuples(NUMBERS, st.none() | NUMBERS)))
def test_samples_are_written_as_python_writes_them(pairs: list[tuple[float, float | None]]) -> None:
    points = Points.listed(pairs)

    assert points.text == json.dumps(pairs, separators=(",", ":"))
    assert list(points) == pairs


@given(st.lists(st.floats(min_value=1e-4, max_value=9e15)))
def test_samples_of_usual_size_are_written_as_python_writes_them(values: list[float]) -> None:
    times = [float(at) for at in range(len(values))]

    points = Points.of(np.array(times), np.array(values))

    assert points.text == json.dumps(list(zip(times, values, strict=True)), separators=(",", ":"))


@pytest.mark.parametrize("value", BORDERS)
def test_a_sample_of_unusual_size_is_written_as_python_writes_it(value: float) -> None:
    assert Points.listed([(1.5, value)]).text == f"[[1.5,{value!r}]]"


def test_what_is_no_finite_number_is_a_missing_sample() -> None:
    times, values = np.array([1.0, 2.0, 3.0, 4.0]), np.array([nan, inf, -inf, 0.5])

    assert list(Points.of(times, values)) == [(1.0, None), (2.0, None), (3.0, None), (4.0, 0.5)]
    assert list(Points.listed([(1.0, nan), (2.0, 1e-9)])) == [(1.0, None), (2.0, 1e-9)]


def test_samples_are_a_sequence() -> None:
    points = Points.listed([(1.0, 2.0), (2.0, None), (3.0, 4.0)])

    assert (len(points), points[1], points[-2:]) == (3, (2.0, None), [(2.0, None), (3.0, 4.0)])
    assert (len(Points()), list(Points()), bool(Points()), bool(points)) == (0, [], False, True)
    assert repr(points) == "Points(3)"


def test_equal_samples_are_equal_whoever_wrote_them() -> None:
    listed = Points.listed([(1, 2), (3, None)])
    read = Points.of(np.array([1.0, 3.0]), np.array([2.0, nan]))

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

    filled = spliced(text, [Points.listed([(1, 2)]), Points()])

    assert json.loads(filled) == [{"points": [[1.0, 2.0]], "a": 1}, {"b": 2, "points": []}]


def test_a_text_that_looks_like_a_kept_place_is_left_alone() -> None:
    hostile = '"points":null,"points":null'
    text = json.dumps({"x": hostile, hostile: hostile, "points": None}, separators=(",", ":"))

    filled = spliced(text, [Points.listed([(1, 2)])])

    assert json.loads(filled) == {"x": hostile, hostile: hostile, "points": [[1.0, 2.0]]}


def test_more_or_fewer_places_than_samples_are_an_error() -> None:
    for text in ("{}", '{"points":null,"b":{"points":null}}'):
        with pytest.raises(ValueError, match="zip"):
            spliced(text, [Points()])
