"""Where spans and lines are split when the onset is told by numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.domain.window import Window
from rootline.tools.observation import Observation
from rootline.tools.splitting import split_of

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WINDOW = Window(start=START, end=START + timedelta(minutes=10))


def split(onset_s: float | None, first_s: float, last_s: float, step_s: float = 60.0) -> float | None:
    """Split what came every second from `first_s` to `last_s`; seconds after the window's start."""
    onset = None if onset_s is None else START + timedelta(seconds=onset_s)
    moments = [START + timedelta(seconds=first_s + at) for at in range(int(last_s - first_s))]
    found = split_of(Observation(alerts=(), findings=(), onset=onset, step_s=step_s), WINDOW, moments)
    return None if found is None else (found - START).total_seconds()


def test_without_an_onset_nothing_is_split() -> None:
    assert split(None, -300, 300) is None


@pytest.mark.parametrize(("step_s", "at"), [(60.0, 180.0), (15.0, 225.0), (1.0, 239.0)])
def test_what_a_number_shows_may_have_begun_a_step_earlier(step_s: float, at: float) -> None:
    assert split(240, -300, 600, step_s) == at


def test_nothing_begins_before_what_was_asked_about() -> None:
    assert split(30, -300, 600) == 0.0


def test_an_onset_before_the_window_stands() -> None:
    assert split(-120, -300, 600) == -120.0


def test_spans_that_end_before_the_onset_are_split_a_step_earlier() -> None:
    assert split(200, -300, 190) == 140.0


def test_where_hardly_anything_came_after_either_the_window_begins_it() -> None:
    assert split(400, -300, 190) == 0.0


def test_where_nothing_came_before_the_window_the_onset_itself_is_taken() -> None:
    assert split(40, 0, 600) == 40.0


def test_of_a_handful_the_split_that_leaves_most_on_both_sides_is_taken() -> None:
    assert split(100, 85, 105) == 100.0


def test_nothing_that_came_is_split_at_the_sooner_moment() -> None:
    assert split(240, 0, 0) == 180.0
