"""Whether more requests explain what fails."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.metrics.jumps import Jump
from rootline.changes.outside.demand import demand
from rootline.changes.symptom import Symptom

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def weight(
    ratio: float | None = 4.0,
    texts: tuple[str, ...] = ("orders: 12 % of requests fail",),
    rising: tuple[str, ...] = (),
    steady: tuple[str, ...] = (),
    jumps: tuple[Jump, ...] = (),
) -> float:
    symptom = Symptom(
        service="orders", texts=texts, onset=NOON, rising=rising, steady=steady, jumps=jumps, traffic_ratio=ratio
    )
    return next((reason.weight for reason, _ in demand(symptom)), 0.0)


def jump(metric: str, minutes: float, before: float, after: float) -> Jump:
    at = NOON + timedelta(minutes=minutes)
    return Jump(service="orders", metric=metric, at=at, before=before, after=after)


def test_many_more_requests_weigh_more_than_some_more_and_as_many_nothing() -> None:
    assert weight(4.0) > weight(1.6) > weight(1.1) == 0


def test_a_surge_that_nothing_became_slow_or_full_of_hardly_counts() -> None:
    assert weight(steady=("request_duration_p95_ms of orders",)) < 0.5 * weight()


@pytest.mark.parametrize("told", ["worker pool saturated", "request timed out", "429 too many requests"])
def test_an_error_of_too_much_lets_the_surge_count_although_the_times_are_well(told: str) -> None:
    assert weight(texts=(told,), steady=("request_duration_p95_ms of orders",)) == weight()


def test_a_surge_that_fills_something_counts() -> None:
    assert weight(rising=("queue_depth of orders",), steady=("request_duration_p95_ms of edge",)) == weight()


def test_what_was_slow_before_more_was_asked_was_not_made_so_by_the_demand() -> None:
    slow = jump("transaction_duration_p95_ms", -60, 30, 1200)
    asked = jump("requests_per_min", -4, 100, 400)

    assert weight(rising=("queue_depth of orders",), jumps=(slow, asked)) < weight()


def test_what_became_slow_with_the_demand_speaks_for_it() -> None:
    slow = jump("transaction_duration_p95_ms", -2, 30, 1200)
    asked = jump("requests_per_min", -4, 100, 400)

    assert weight(rising=("queue_depth of orders",), jumps=(slow, asked)) == weight()
