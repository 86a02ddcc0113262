"""When calls began to be slow or to fail, told by spans alone."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.fakes.traced_shop import HOUR, NOON, Shop, Trouble

from rootline.analysis.traces.onset import Traced, changing, traced
from rootline.analysis.traces.timeline import DURATION, FAILED, MOST_SERVICES, Calls, calls_of, timeline
from rootline.domain.signal import Span

CLEAR = 0.5


def moved(spans: list[Span]) -> list[Traced]:
    """The series that clearly changed, strongest first."""
    found = traced(calls_of(spans), HOUR)
    return [one for one in found if one.finding.score >= CLEAR and one.finding.direction != "flat"]


def covers(one: Traced) -> bool:
    assert one.since is not None
    assert one.finding.onset is not None
    return one.since <= NOON <= one.finding.onset


def width_s(one: Traced) -> float:
    assert one.since is not None
    assert one.finding.onset is not None
    return (one.finding.onset - one.since).total_seconds()


@pytest.mark.parametrize(("rate", "within_s"), [(1.0, 30), (0.3, 90), (0.1, 300)])
def test_the_onset_of_a_slow_service_lies_between_two_moments_that_are_the_closer_the_more_calls_there_are(
    rate: float, within_s: float
) -> None:
    found = [moved(Shop(rate=rate, seed=seed).spans()) for seed in range(6)]

    assert all(found)
    assert sum(covers(one[0]) for one in found) >= 5
    assert max(width_s(one[0]) for one in found) <= within_s
    assert all({one.finding.service for one in many} <= {"stock", "checkout", "web"} for many in found)


def test_the_onset_of_failures_is_told_by_the_service_that_fails() -> None:
    found = [moved(Shop(trouble="fails", rate=0.7, seed=seed).spans()) for seed in range(6)]

    assert {(many[0].finding.service, many[0].finding.metric) for many in found} == {("stock", FAILED)}
    assert sum(covers(one[0]) for one in found) >= 5


@pytest.mark.parametrize("rate", [0.3, 0.05])
def test_calls_as_usual_have_no_onset(rate: float) -> None:
    loud = [moved(Shop(trouble="none", rate=rate, seed=seed).spans()) for seed in range(10)]

    assert sum(bool(many) for many in loud) <= 1


def test_what_is_slow_for_a_while_ends() -> None:
    (first, *_) = moved(Shop(trouble="slow for a while", rate=0.7).spans())

    assert covers(first)
    assert first.finding.ended is not None
    assert abs(first.finding.ended - NOON - timedelta(minutes=5)) <= timedelta(minutes=2)


def test_what_grows_slowly_is_told_with_more_time_to_have_begun_in() -> None:
    (step, *_) = moved(Shop(rate=0.5).spans())
    (ramp, *_) = moved(Shop(trouble="slower and slower", rate=0.5).spans())

    assert ramp.finding.kind == "trend_change"
    assert width_s(ramp) > 5 * width_s(step)
    assert ramp.since is not None
    assert ramp.since < NOON + timedelta(minutes=5)


@pytest.mark.parametrize("trouble", ["slow", "fails", "slower and slower", "slow for a while", "none"])
def test_an_onset_is_never_before_its_earliest_moment_and_both_lie_in_the_window(trouble: Trouble) -> None:
    for seed in range(3):
        for one in traced(calls_of(Shop(trouble=trouble, seed=seed, rate=0.3).spans()), HOUR):
            assert (one.since is None) == (one.finding.onset is None)
            if one.since is not None and one.finding.onset is not None:
                assert HOUR.start <= one.since < one.finding.onset < HOUR.end


def test_spans_in_any_order_and_twice_tell_the_same() -> None:
    spans = Shop(rate=0.3).spans()
    told = [(one.finding, one.since) for one in traced(calls_of(spans), HOUR)]

    assert repr([(one.finding, one.since) for one in traced(calls_of([*reversed(spans), *spans]), HOUR)]) == repr(told)


def test_one_failure_among_few_calls_is_chance() -> None:
    spans = Shop(trouble="none", rate=0.05).spans()
    last = max(at for at, one in enumerate(spans) if one.service == "mail")
    spans[last] = replace(spans[last], status="error")

    found = [one.finding for one in traced(calls_of(spans), HOUR) if one.finding.metric == FAILED]

    assert [one.onset for one in found] == [None] * len(found)


def test_calls_inside_a_service_are_not_told_apart_from_the_call_that_they_serve() -> None:
    spans = Shop(rate=0.3).spans()
    inner = [
        replace(one, span_id=f"f{one.span_id[1:]}", parent_id=one.span_id, operation="render", duration_s=9.0)
        for one in spans
        if one.service == "web"
    ]

    (web,) = [one for one in calls_of([*spans, *inner]) if one.service == "web"]

    assert web.starts.size == len(inner)
    assert web.durations.max() < 9


def test_a_handful_of_calls_makes_no_series_and_no_spans_make_none() -> None:
    assert calls_of([]) == []
    assert calls_of(Shop(rate=0.005).spans()) == []


def test_calls_at_one_instant_do_not_break_the_order_of_times() -> None:
    spans = [replace(one, start=NOON) for one in Shop(rate=0.1).spans() if one.service == "web"]

    (web,) = calls_of(spans)

    assert [row.times.size for row in timeline(web)] == [1, 1, 1]
    assert traced([web], HOUR)[0].finding.onset is None


def test_every_interval_rests_on_as_many_calls_and_tells_their_median() -> None:
    calls = Calls(
        service="web",
        starts=np.arange(10.0),
        durations=np.array([1, 2, 3, 4, 5, 2, 2, 2, 2, 12], dtype=np.float64),
        failed=np.array([0, 0, 0, 0, 0, 1, 0, 0, 0, 1], dtype=np.float64),
        lasts=[4, 9],
    )

    rows = timeline(calls)

    assert [(one.metric, dict(one.labels), one.values.tolist()) for one in rows] == [
        (DURATION, {"quantile": "0.5"}, [3.0, 2.0]),
        (DURATION, {"quantile": "0.9"}, [4.6, 8.0]),
        (FAILED, {}, [0.0, 0.4]),
    ]
    assert [one.times.tolist() for one in rows] == [[4.0, 9.0]] * 3


def test_of_very_many_services_the_busiest_are_told() -> None:
    base = [one for one in Shop(rate=0.02).spans() if one.service == "web"]
    spans = [replace(one, service=f"s{at:03}", trace_id=f"{at}{one.trace_id}") for at in range(70) for one in base]

    assert len(calls_of(spans)) == MOST_SERVICES


def test_where_to_look_closer_is_the_time_in_which_the_clearest_change_began() -> None:
    rare = changing(Shop(rate=0.1).spans(), HOUR)

    assert rare is not None
    assert rare.service in {"stock", "checkout", "web"}
    assert rare.between.start <= NOON <= rare.between.end
    assert changing(Shop(rate=2.0).spans(), HOUR) is None
    assert changing(Shop(trouble="none").spans(), HOUR) is None
