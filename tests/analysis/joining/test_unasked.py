"""Alerts on requests that no longer come are known by their words, and the service next to the cause is found."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.joining.unasked import nearest, tells_of_silence
from rootline.analysis.topology import Graph
from rootline.domain.signal import Edge

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = Graph.of(
    Edge(caller=caller, callee=callee, found_in="traces")
    for caller, callee in (("web", "order"), ("order", "stock"), ("order", "pay"), ("stock", "store"), ("a", "b"))
)


def at(*alerts: tuple[str, int]) -> list[tuple[str, datetime]]:
    return [(service, NOON + timedelta(seconds=seconds)) for service, seconds in alerts]


@pytest.mark.parametrize(
    "text",
    [
        "RequestsGone",
        "TrafficDropped",
        "No traffic on checkout",
        "checkout: it is hardly asked any more",
        "requests have stopped",
        "request rate is low",
        "throughput fell below half of yesterday's",
        "orders: no requests for 5 minutes",
        "Too few requests",
        "rps too low",
        "the service is no longer called",
    ],
)
def test_words_that_say_that_nobody_asks(text: str) -> None:
    assert tells_of_silence(text)


@pytest.mark.parametrize(
    "text",
    [
        "ErrorsHigh",
        "more than 5 % of requests fail",
        "requests dropped by the load balancer",
        "dropped requests",
        "messages lost",
        "lost orders",
        "disk space is low",
        "traffic is high",
        "request rate doubled",
        "low latency budget left",
        "x" * 5000 + " no traffic",
        "",
    ],
)
def test_other_words_say_nothing_of_it(text: str) -> None:
    assert not tells_of_silence(text)


@pytest.mark.parametrize(
    ("alerts", "silent", "found"),
    [
        (at(("stock", 0)), [True], "stock"),
        (at(("store", 0), ("stock", 0), ("order", 0), ("pay", 0)), [True] * 4, "order"),
        (at(("pay", 0), ("order", 30)), [True, True], "order"),
        (at(("pay", 0), ("order", 300)), [True, True], "pay"),
        (at(("b", 0), ("stock", 1)), [True, True], "b"),
        (at(("store", 0), ("stock", 0), ("web", 5)), [True, True, False], "web"),
        (at(("pay", 0), ("web", 5), ("stock", 6)), [True, False, False], "stock"),
    ],
)
def test_it_begins_with_whom_no_other_silent_one_asks_and_with_what_is_loud(
    alerts: list[tuple[str, datetime]], silent: list[bool], found: str
) -> None:
    assert alerts[nearest(alerts, silent, SHOP)][0] == found
