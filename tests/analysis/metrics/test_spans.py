"""Which samples are judged, which are normal, and how far apart they lie."""

import numpy as np
import pytest

from rootline.analysis.metrics.spans import Pace, lead, pace, recent_columns


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ([], None),
        ([10.0], None),
        ([10.0, 25.0], Pace(step_s=15.0, off_s=0.0)),
        ([0.0, 15.0, 30.0, 45.0], Pace(step_s=15.0, off_s=0.0)),
        ([0.0, 15.0, 30.0, 60.0], Pace(step_s=15.0, off_s=15.0)),
        ([0.0, 10.0, 30.0, 60.0, 100.0], Pace(step_s=25.0, off_s=15.0)),
    ],
)
def test_the_pace_is_the_usual_step_and_the_farthest_from_it(times: list[float], found: Pace | None) -> None:
    assert pace(np.array(times)) == found


def test_a_season_is_continued_from_the_first_normal_sample_where_steps_are_even() -> None:
    times, normal = np.arange(20, dtype=np.float64) * 60.0, np.arange(12)

    assert lead(times, normal, slice(15, 20), pace(times[normal])) == 15


def test_no_season_is_continued_over_an_uneven_past_or_out_of_the_future() -> None:
    times = np.append(np.arange(11, dtype=np.float64) * 60.0, 1000.0 + np.arange(9, dtype=np.float64) * 60.0)
    uneven, later = np.arange(13), np.arange(12, 20)

    assert lead(times, uneven, slice(15, 20), pace(times[uneven])) is None
    assert lead(times, later, slice(0, 5), pace(times[later])) is None
    assert lead(times, later[:1], slice(15, 20), pace(times[:1])) is None


def test_the_latest_normal_samples_are_those_of_forty_steps() -> None:
    times, normal = np.arange(200, dtype=np.float64) * 15.0, np.arange(100)

    near = recent_columns(times, normal, slice(100, 200), pace(times[normal]))
    far = recent_columns(times, normal, slice(136, 200), pace(times[normal]))

    assert near.tolist() == list(range(60, 100))
    assert far.size == 0
    assert recent_columns(times, normal[:4], slice(4, 200), pace(times[:4])).size == 0
