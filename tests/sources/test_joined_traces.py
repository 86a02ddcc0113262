"""Traces of several sources: each span once, and a source that fails is named."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import hearing
from rootline.sources.traces.joined import JoinedTraces
from rootline.sources.traces.source import RecordedTraces
from rootline.sources.traces.span_fields import MOST_SPANS

pytestmark = pytest.mark.anyio


class Away:
    name = "jaeger"

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        raise SourceFailed("Jaeger", f"nothing about {service or 'all'} in {window.duration}", "Ask again.")


def span(number: int, service: str = "cart", trace: int = 1) -> Span:
    return Span(
        trace_id=f"{trace:032x}",
        span_id=f"{number:016x}",
        parent_id=None,
        service=service,
        operation="GET /cart",
        start=HOUR.start + timedelta(seconds=number % 3000),
        duration_s=0.25,
    )


async def test_a_span_that_two_sources_keep_is_one_and_what_either_lacks_is_there() -> None:
    first, second = [span(1), span(2, "stock")], [span(2, "stock"), span(3, "mail", trace=2)]
    joined = JoinedTraces([RecordedTraces(first, name="jaeger"), RecordedTraces(second, name="otlp-intake")])

    assert joined.name == "jaeger+otlp-intake"
    assert await joined.spans("", HOUR) == [span(1), span(2, "stock"), span(3, "mail", trace=2)]
    assert await joined.spans("mail", HOUR) == [span(3, "mail", trace=2)]


async def test_what_one_says_counts_while_another_fails_and_whose_is_missing_is_told() -> None:
    joined = JoinedTraces([Away(), RecordedTraces([span(1)])])

    with hearing() as heard:
        found = await joined.spans("cart", HOUR)

    assert found == [span(1)]
    assert [(one.asked, one.status, one.detail) for one in heard.outcomes] == [
        ("traces", "partial", "without Jaeger: nothing about cart in 1:00:00")
    ]


async def test_where_all_fail_the_first_failure_is_raised() -> None:
    with pytest.raises(SourceFailed, match="Jaeger"):
        await JoinedTraces([Away(), Away()]).spans("", HOUR)


async def test_more_than_one_answer_may_hold_is_thinned_by_whole_traces() -> None:
    many = [span(at, trace=at // 4 + 1) for at in range(MOST_SPANS)]
    other = [replace(one, trace_id=f"{9_000_000 + at // 4:032x}") for at, one in enumerate(many)]

    found = await JoinedTraces([RecordedTraces(many), RecordedTraces(other)]).spans("", HOUR)

    assert MOST_SPANS / 4 < len(found) <= MOST_SPANS
    assert len(found) == 4 * len({one.trace_id for one in found})
