"""Counters of failures are zero before the first failure, as far as anything else of their service was there."""

import numpy as np
import pytest

from rootline.domain.signal import Series
from rootline.sources.metrics.unborn import counted_from_the_start

NO = float("nan")
FAILED = "web_request_errors_per_second"


def series(service: str, metric: str, values: list[float], unit: str = "1/s") -> Series:
    return Series(
        service=service,
        metric=metric,
        unit=unit,
        times=np.arange(0.0, 15.0 * len(values), 15.0),
        values=np.array(values),
    )


REQUESTS = series("web", "web_requests_per_second", [NO, 4, 4, 4, 4])


def read(*found: Series) -> dict[str, list[float]]:
    return {one.metric: one.values.tolist() for one in counted_from_the_start(found)}


def test_a_counter_that_is_born_with_the_first_failure_was_zero_while_its_service_was_there() -> None:
    late = series("web", FAILED, [NO, NO, NO, 5, 5])

    found = read(REQUESTS, late)

    np.testing.assert_equal(found[FAILED], [NO, 0, 0, 5, 5])
    np.testing.assert_equal(found[REQUESTS.metric], REQUESTS.values)


@pytest.mark.parametrize(
    "late",
    [
        series("web", "web_logins_per_second", [NO, NO, NO, 5, 5]),
        series("web", "web_request_error_ratio", [NO, NO, NO, 1, 1], unit="ratio"),
        series("web", "web_last_failure_timestamp_seconds", [NO, NO, NO, 5, 5], unit="s"),
        series("mail", FAILED, [NO, NO, NO, 5, 5]),
        series("web", FAILED, [NO, 1, NO, NO, 5]),
        series("web", FAILED, [2, NO, NO, 5, 5]),
        series("web", FAILED, [NO, NO, NO, NO, NO]),
        series("web", FAILED, []),
    ],
    ids=["no failures", "a share", "a moment", "another service", "born with it", "a gap", "nothing", "empty"],
)
def test_what_counts_no_failures_began_with_its_service_or_has_a_gap_stays(late: Series) -> None:
    np.testing.assert_equal(read(REQUESTS, late)[late.metric], late.values)


def test_series_read_at_fewer_moments_are_compared_with_such_alone() -> None:
    coarse = Series(service="web", metric=FAILED, unit="1/s", times=np.array([0.0, 60.0]), values=np.array([NO, 5.0]))

    np.testing.assert_equal(read(REQUESTS, coarse)[FAILED], [NO, 5.0])


def test_a_service_of_which_only_failures_are_counted_was_there_as_long_as_any_of_them() -> None:
    first, second = series("web", "web_drops_per_second", [NO, 1, 1, 1, 1]), series("web", FAILED, [NO, NO, NO, 5, 5])

    np.testing.assert_equal(read(first, second)[FAILED], [NO, 0, 0, 5, 5])
