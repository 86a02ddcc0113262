"""Traces that are too large for one answer cost themselves and not the others."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR, START
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.signal import Span
from rootline.sources.answered import MOST_BYTES
from rootline.sources.backend import backend
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import hearing
from rootline.sources.traces.jaeger import JaegerTraces
from rootline.sources.traces.tempo import TempoTraces
from rootline.sources.traces.too_large import fitting

SPAN = Span(
    trace_id="a" * 32,
    span_id="b" * 16,
    parent_id=None,
    service="cart",
    operation="GET /",
    start=START,
    duration_s=0.1,
    status="ok",
    error="",
    attributes={},
)
TOO_MUCH = " " * (MOST_BYTES + 1)


class Search:
    """A backend that answers no more traces at once than it may."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self.asked: list[int] = []

    async def __call__(self, most: int) -> Iterable[Span]:
        self.asked.append(most)
        if most > self.at_once:
            raise SourceFailed("Jaeger", "it sent too much", "Ask for less.", is_too_large=True)
        return [SPAN] * most


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("at_once", "asked"), [(15, [15]), (14, [15, 3]), (3, [15, 3]), (2, [15, 3, 1]), (1, [15, 3, 1])]
)
async def test_fewer_traces_are_asked_for_where_they_are_too_large_together(at_once: int, asked: list[int]) -> None:
    search = Search(at_once)

    found = await fitting(search, 15)

    assert search.asked == asked
    assert found == [SPAN] * asked[-1]


@pytest.mark.anyio
async def test_one_that_is_too_large_alone_is_a_failure_without_its_traceback() -> None:
    found = await fitting(Search(0), 15)

    assert isinstance(found, SourceFailed)
    assert (found.is_too_large, found.__traceback__) == (True, None)


@pytest.mark.anyio
async def test_any_other_failure_ends_the_search() -> None:
    async def search(_: int) -> Iterable[Span]:
        raise SourceFailed("Jaeger", "nothing accepts connections there", "Start it.")

    with pytest.raises(SourceFailed, match="nothing accepts"):
        await fitting(search, 15)


def tempo(asked: Asked, large: set[str]) -> Said:
    if asked.path == "/api/search":
        return said(json.dumps({"traces": [{"traceID": one * 32} for one in "abc"]}))
    if (one := asked.path[-1]) in large:
        return said(TOO_MUCH)
    at = str(round(START.timestamp() * 1e9))
    span = {"traceId": one * 32, "spanId": one * 16, "name": "x", "startTimeUnixNano": at, "endTimeUnixNano": at}
    return said(json.dumps({"trace": {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}}))


@pytest.mark.anyio
async def test_tempo_s_other_traces_are_read_beside_a_huge_one_and_that_is_told_each_time() -> None:
    with answering(lambda asked: tempo(asked, {"b"})) as url:
        source = TempoTraces(backend("Tempo", "ROOTLINE_TEMPO_URL", url))
        for _ in range(2):
            with hearing() as heard:
                found = await source.spans("", HOUR)
            assert {span.trace_id[0] for span in found} == {"a", "c"}
            (told,) = heard.outcomes
            assert (told.asked, told.status) == ("traces", "partial")
            assert told.detail.startswith("left out 1 of 3 traces: it sent more than")


@pytest.mark.anyio
async def test_nothing_but_huge_traces_is_a_failure_and_not_an_absence() -> None:
    with answering(lambda asked: tempo(asked, {"a", "b", "c"})) as url:
        source = TempoTraces(backend("Tempo", "ROOTLINE_TEMPO_URL", url))
        with pytest.raises(SourceFailed, match="it sent more than"):
            await source.spans("", HOUR)


@pytest.mark.anyio
async def test_jaeger_is_asked_for_fewer_traces_where_those_of_a_part_are_huge() -> None:
    huge = (START + timedelta(minutes=5)).timestamp() * 1e6
    limits: list[int] = []

    def answer(asked: Asked) -> Said:
        if asked.path == "/api/services":
            return said('{"data": ["cart"]}')
        limit, start, end = (int(asked.query[name]) for name in ("limit", "start", "end"))
        if start <= huge <= end:
            limits.append(limit)
            if limit > 1:
                return said(TOO_MUCH)
        span = {"traceID": f"{start:x}", "spanID": "1", "startTime": start + 1, "processID": "p"}
        return said(json.dumps({"data": [{"spans": [span], "processes": {"p": {"serviceName": "cart"}}}]}))

    with answering(answer) as url:
        found = await JaegerTraces(backend("Jaeger", "ROOTLINE_JAEGER_URL", url)).spans("cart", HOUR)

    assert limits == [15, 3, 1]
    assert len({span.trace_id for span in found}) == 6
