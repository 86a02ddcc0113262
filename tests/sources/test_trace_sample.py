"""What Jaeger's and Zipkin's readers share: how many searches are made, of whom, and what is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR
from tests.fakes.traced_shop import HOUR as CHANGED
from tests.fakes.traced_shop import NOON, Shop

from rootline.analysis.traces.onset import traced
from rootline.analysis.traces.timeline import calls_of
from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.links import noting
from rootline.sources.traces.sample import LOOKS, MOST_SEARCHES, MOST_SERVICES, PARTS, TRACES_EACH, TraceSample
from rootline.sources.traces.span_fields import MOST_SPANS

pytestmark = pytest.mark.anyio


def span(trace: int, service: str, minute: float) -> Span:
    at = HOUR.start + timedelta(minutes=minute)
    return Span(
        trace_id=f"{trace:032x}",
        span_id=f"{trace:016x}",
        parent_id=None,
        service=service,
        operation="GET /",
        start=at,
        duration_s=0.1,
    )


@dataclass
class Searched:
    """A backend that notes what it was asked, and answers each search with one span in the middle of its part."""

    known: Sequence[str] = ("cart", "stock")
    asked: list[tuple[str, Window, int]] = field(default_factory=list)
    spans_each: int = 1

    async def services(self) -> Sequence[str]:
        return self.known

    async def search(self, service: str, part: Window, most: int) -> Iterable[Span]:
        self.asked.append((service, part, most))
        number = len(self.asked) * 100_000
        middle = (part.start - HOUR.start + part.duration / 2).total_seconds() / 60
        return (span(number + at, service, middle) for at in range(self.spans_each))

    def sample(self) -> TraceSample:
        return TraceSample(
            services=self.services,
            search=self.search,
            search_page=lambda service, _: f"http://traces.example/search/{service}",
            trace_page=lambda trace: f"http://traces.example/trace/{trace}",
        )


async def test_each_part_of_the_window_is_searched_for_the_service_alone() -> None:
    backend = Searched()

    found = await backend.sample().spans("cart", HOUR)

    assert [(service, most) for service, _, most in backend.asked] == [("cart", TRACES_EACH)] * PARTS
    assert [part.start for _, part, _ in backend.asked] == [HOUR.start + timedelta(minutes=10 * at) for at in range(6)]
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert len(found) == PARTS


async def test_a_service_that_is_not_known_is_not_searched_for() -> None:
    backend = Searched()

    assert list(await backend.sample().spans("ghost", HOUR)) == []
    assert backend.asked == []


async def test_of_many_services_the_searches_stay_bounded() -> None:
    backend = Searched(known=[f"s-{number:03}" for number in range(200)])

    await backend.sample().spans("", HOUR)

    assert len({service for service, _, _ in backend.asked}) == MOST_SERVICES
    assert len(backend.asked) <= MOST_SEARCHES
    assert {most for _, _, most in backend.asked} == {1}


async def test_each_search_gets_an_equal_share_of_the_spans() -> None:
    backend = Searched(spans_each=MOST_SPANS)

    found = await backend.sample().spans("cart", HOUR)

    assert len(found) == MOST_SPANS // PARTS * PARTS


async def test_what_lies_outside_of_the_window_is_left_out() -> None:
    backend = Searched()

    async def late(service: str, part: Window, most: int) -> Iterable[Span]:
        return [*await backend.search(service, part, most), span(1, service, 61), span(2, service, -1)]

    sample = TraceSample(services=backend.services, search=late, search_page=lambda *_: "", trace_page=lambda _: "")

    assert all(HOUR.contains(one.start) for one in await sample.spans("cart", HOUR))


async def test_the_same_question_is_asked_once() -> None:
    backend = Searched()
    sample = backend.sample()

    first, second = await sample.spans("cart", HOUR), await sample.spans("cart", HOUR)

    assert first == second
    assert len(backend.asked) == PARTS


async def test_the_search_and_every_trace_have_their_page() -> None:
    with noting() as links:
        await Searched().sample().spans("cart", HOUR)

    assert len(links) == PARTS + 1


@dataclass
class Newest:
    """A backend of many traces, whose search gives the newest of a part and counts how often it was asked."""

    whole: Sequence[Span]
    asked: int = 0
    dies_after: int = 1_000

    async def services(self) -> Sequence[str]:
        return sorted({one.service for one in self.whole})

    async def search(self, service: str, part: Window, most: int) -> Iterable[Span]:
        self.asked += 1
        if self.asked > self.dies_after:
            raise SourceFailed("traces", "it has died", "Start it.")
        found = {one.trace_id: None for one in self.whole if one.service == service and part.contains(one.start)}
        kept = set([*found][-most:])
        return [one for one in self.whole if one.trace_id in kept]

    def sample(self) -> TraceSample:
        return TraceSample(
            services=self.services,
            search=self.search,
            search_page=lambda _, __: "http://traces.example/search",
            trace_page=lambda trace: f"http://traces.example/trace/{trace}",
        )


async def test_where_calls_changed_more_traces_are_read_so_that_the_onset_is_known_within_seconds() -> None:
    backend = Newest(Shop(rate=1.0, seed=2).spans())

    spans = await backend.sample().spans("", CHANGED)

    first = next(one for one in traced(calls_of(spans), CHANGED) if one.since)
    assert first.since is not None
    assert first.finding.onset is not None
    assert first.since <= NOON <= first.finding.onset <= first.since + timedelta(seconds=30)
    assert backend.asked <= MOST_SEARCHES // 2 + LOOKS * PARTS
    assert len({one.trace_id for one in spans}) < 300


async def test_of_calm_traces_no_more_are_read_than_before() -> None:
    backend = Newest(Shop(trouble="none", rate=1.0).spans())

    await backend.sample().spans("", CHANGED)

    assert backend.asked == len(await backend.services()) * PARTS


async def test_a_backend_that_dies_at_a_closer_look_leaves_what_was_read_before() -> None:
    whole = Shop(rate=1.0, seed=2).spans()
    backend = Newest(whole, dies_after=4 * PARTS)

    spans = await backend.sample().spans("", CHANGED)

    assert backend.asked > 4 * PARTS
    assert len({one.trace_id for one in spans}) > 30
    assert {one.span_id for one in spans} <= {one.span_id for one in whole}
