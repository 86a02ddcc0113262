"""Samples lifted out of an answer's bytes are what JSON would have read, and anything odd is read as JSON."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.domain.window import Window
from rootline.sources.matrix import rows, steps
from rootline.sources.matrix_body import MOST_SAMPLES, Samples, parse_matrix

HOUR = Window(start=datetime(2026, 3, 1, 12, tzinfo=UTC), end=datetime(2026, 3, 1, 13, tzinfo=UTC))
ASKED = steps(HOUR, least_s=15)
MOMENTS = st.sampled_from([ASKED.first + 15 * at for at in range(240)])
TOLD = st.one_of(
    st.floats().map(lambda value: f"{value!r}".replace("nan", "NaN").replace("inf", "+Inf").replace("-+Inf", "-Inf")),
    st.sampled_from(["0", "1e+06", "-0.5", "NaN", "+Inf", "-Inf", "17"]),
)


def answer(*series: tuple[dict[str, str], list[list[object]]]) -> dict[str, object]:
    result = [{"metric": labels, "values": values} for labels, values in series]
    return {"status": "success", "data": {"resultType": "matrix", "result": result}}


def written(value: object) -> bytearray:
    return bytearray(json.dumps(value, separators=(",", ":")).encode())


@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3),
            st.lists(st.tuples(MOMENTS, TOLD).map(list), max_size=12),
        ),
        max_size=4,
    )
)
def test_what_is_lifted_is_what_json_says(series: list[tuple[dict[str, str], list[list[object]]]]) -> None:
    told = answer(*series)

    lifted = rows(parse_matrix(written(told))["data"]["result"], ASKED)

    plain = rows(json.loads(json.dumps(told))["data"]["result"], ASKED)
    assert [one.labels for one in lifted] == [one.labels for one in plain]
    for mine, theirs in zip(lifted, plain, strict=True):
        np.testing.assert_array_equal(mine.values, theirs.values)


def test_a_label_that_looks_like_samples_stays_a_label() -> None:
    label = '"values":[[1,"2"]]'

    (one,) = parse_matrix(written(answer(({"trap": label}, [[ASKED.first, "5"]]))))["data"]["result"]

    assert one["metric"] == {"trap": label}
    assert isinstance(one["values"], Samples)
    assert one["values"].values.tolist() == [5.0]


@pytest.mark.parametrize(
    "values",
    [
        '[[1,"2"],[3]]',
        '[[1,"2",3,"4"]]',
        "[[1,2]]",
        '[["1","2"]]',
        '[[1,"x"]]',
        '[[1,""]]',
        '[[1,"null"]]',
        '[[1,"true"]]',
        '[[false,"2"]]',
        '[[1,"{}"]]',
        '[[1,"2"],[3,"4"] ]',
        "[[]]",
        "[]",
    ],
)
def test_samples_written_in_another_way_are_left_to_json(values: str) -> None:
    body = bytearray(b'{"data":{"result":[{"metric":{},"values":' + values.encode() + b"}]}}")

    (one,) = parse_matrix(body)["data"]["result"]

    assert one["values"] == json.loads(values)
    assert not body


def test_more_samples_than_a_series_can_have_are_not_lifted() -> None:
    many = [[at, "1"] for at in range(MOST_SAMPLES + 1)]

    (one,) = parse_matrix(written(answer(({}, many))))["data"]["result"]

    assert isinstance(one["values"], list)


@pytest.mark.parametrize(
    "body", [b'{"data":{"result":[{"values":[[1,"2"', b'{"values":[[1,"2"]]', b'"values":[[1,"2"]]', b'{"values":0}}']
)
def test_broken_json_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match="broken JSON"):
        parse_matrix(bytearray(body))


@pytest.mark.parametrize("body", [b'[{"values":[[1,"2"]]}]', b'{"data":[{"values":[[1,"2"]]}]}', b'{"values":7}'])
def test_another_shape_is_handed_on_as_it_is(body: bytes) -> None:
    assert parse_matrix(bytearray(body)) is not None


def test_a_place_that_a_backend_invents_is_no_series() -> None:
    told = bytearray(b'{"data":{"result":[{"metric":{},"values":9},{"metric":{},"values":[[1,"2"]]}]}}')

    with pytest.raises(ValueError, match="another shape"):
        rows(parse_matrix(told)["data"]["result"], ASKED)


def test_series_of_the_same_moments_share_one_axis() -> None:
    early, late = [[1, "2"], [3, "4"]], [[1, "2"], [5, "4"]]

    lifted = parse_matrix(written(answer(({}, early), ({}, [[1, "9"], [3, "NaN"]]), ({}, late))))["data"]["result"]

    first, second, third = (one["values"] for one in lifted)
    assert second.times is first.times
    assert third.times.tolist() == [1.0, 5.0]
    np.testing.assert_array_equal(second.values, [9.0, np.nan])
