"""A backend that says that it answered in part is told of as such, and none that only remarks on the query."""

import json
from datetime import UTC, datetime

import pytest
from tests.fakes.wire import answering, said

from rootline.sources.backend import backend
from rootline.sources.fleet.hearing import hearing
from rootline.sources.in_part import tell_of_a_part
from rootline.sources.prometheus import Prometheus

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DATA = {"resultType": "vector", "result": [{"metric": {"job": 'a","warnings":["no"]'}, "value": [1, "2"]}]}
STORE = "receive series from Addr: 10.0.0.7:10901: rpc error: code = Unavailable"


def heard(answer: object) -> list[tuple[str, str, str]]:
    with hearing() as told:
        tell_of_a_part(bytearray(json.dumps(answer, separators=(",", ":")).encode()))
    return [(one.asked, one.status, one.detail) for one in told.outcomes]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ({"status": "success", "data": DATA, "warnings": [STORE]}, f"the backend answered in part: {STORE}"),
        (
            {"status": "success", "data": DATA, "warnings": ["PromQL info: no _total", "a", "b\n" + "x" * 900]},
            "the backend answered in part: a; b " + "x" * 900,
        ),
        (
            {"status": "success", "isPartial": True, "data": DATA, "stats": {"seriesFetched": "1"}},
            "the backend answered in part: some of its storage did not answer",
        ),
    ],
)
def test_a_store_that_did_not_answer_makes_the_whole_partial(answer: object, detail: str) -> None:
    ((asked, status, told),) = heard(answer)

    assert (asked, status) == ("metrics", "partial")
    assert detail.startswith(told)
    assert len(told) <= 300


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "success", "data": DATA},
        {"status": "success", "isPartial": False, "data": DATA},
        {"status": "success", "data": DATA, "infos": ["PromQL info: metric might not be a counter"]},
        {"status": "success", "data": DATA, "warnings": ["PromQL warning: bucket label is missing"]},
        {"status": "success", "data": DATA, "warnings": []},
        {"status": "success", "data": DATA, "warnings": None},
        {"status": "success", "data": {"warnings": 7}},
        {"status": "success", "data": {"result": ['"isPartial":true', '"warnings":["x"]']}},
    ],
)
def test_what_is_whole_is_not_told_of(answer: object) -> None:
    assert heard(answer) == []


def test_what_breaks_off_in_its_warnings_is_not_told_of() -> None:
    with hearing() as told:
        tell_of_a_part(bytearray(b'{"data":{},"warnings":["no sto'))

    assert told.outcomes == ()


@pytest.mark.anyio
async def test_a_query_that_is_answered_in_part_has_its_samples_and_says_so() -> None:
    answer = json.dumps({"status": "success", "data": DATA, "warnings": [STORE]})
    with answering(lambda _: said(answer)) as url, hearing() as told:
        found = await Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)).instant("up", NOON)

    assert [value for _, value in found] == [2.0]
    assert [one.status for one in told.outcomes] == ["partial"]
