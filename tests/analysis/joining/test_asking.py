"""How much goes out for what comes in."""

import pytest

from rootline.analysis.joining.asking import arriving, outgoing
from rootline.domain.fact import SeriesFact

IN, OUT = "http_server_requests_per_second", "http_client_requests_per_second"


def series(metric: str, before: float | None, now: float | None, service: str = "web") -> SeriesFact:
    return SeriesFact(
        subject=f"{metric} of {service}",
        service=service,
        metric=metric,
        unit="1/s",
        labels={},
        baseline=before,
        current=now,
        peak=now,
        direction="up",
        score=0.5,
        effect=1.0,
    )


def test_twice_as_many_calls_for_as_many_requests_are_twice_as_many_for_each() -> None:
    assert outgoing([series(IN, 10, 10), series(OUT, 20, 40)]) == {"web": 2.0}


def test_calls_that_grow_with_the_requests_have_not_grown_for_each() -> None:
    assert outgoing([series(IN, 10, 30), series(OUT, 20, 60)]) == {"web": 1.0}


@pytest.mark.parametrize(
    "told",
    [
        [series(OUT, 20, 40)],
        [series(IN, 10, 10)],
        [series(IN, 0.2, 0.2), series(OUT, 0.2, 0.9)],
        [series(IN, None, 10), series(OUT, 20, None)],
        [series(IN, 10, 10), series("http_client_request_duration_seconds_p99", 2, 9)],
        [series(IN, 10, 10), series("http_client_requests_error_ratio", 2, 9)],
    ],
    ids=["none come in", "none go out", "hardly any", "not known", "how long they take", "how many fail"],
)
def test_where_either_is_not_counted_nothing_is_told(told: list[SeriesFact]) -> None:
    assert outgoing(told) == {}


def test_what_arrives_is_counted_at_the_service_itself() -> None:
    assert arriving([series(IN, 10, 39), series(OUT, 10, 90)]) == 3.9
    assert arriving([]) == 1.0
