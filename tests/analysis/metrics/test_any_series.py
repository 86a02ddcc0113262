from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rootline.analysis.metrics.density import kde
from rootline.analysis.metrics.scoring import compare, score
from rootline.analysis.metrics.sparkline import sparkline
from rootline.analysis.metrics.spikes import robust_spikes
from rootline.analysis.metrics.stl import stl_esd
from rootline.domain.signal import Series
from rootline.domain.window import Window

START = datetime(2026, 3, 1, tzinfo=UTC)
SAMPLES = st.lists(
    st.one_of(
        st.floats(min_value=-1e12, max_value=1e12),
        st.sampled_from([float("nan"), float("inf"), 0.0, 1.0, 1e-9]),
    ),
    min_size=0,
    max_size=80,
)
NAMES = st.sampled_from(["latency", "requests_total", "availability", "memory_bytes", "hits"])


def series(values: list[float], metric: str) -> Series:
    times = np.array([START.timestamp() + 60 * place for place in range(len(values))], dtype=np.float64)
    return Series(service="a", metric=metric, times=times, values=np.array(values, dtype=np.float64))


@settings(max_examples=150, deadline=None)
@given(values=SAMPLES, metric=NAMES, first=st.integers(0, 40))
def test_every_series_gets_a_finding_whose_times_lie_in_the_window(
    values: list[float], metric: str, first: int
) -> None:
    window = Window(start=START + timedelta(minutes=first), end=START + timedelta(minutes=first + 60))

    (found,) = score([series(values, metric)], window)

    assert found.onset is None or window.contains(found.onset)
    assert found.ended is None or (found.onset is not None and found.onset < found.ended < window.end)
    assert 0 <= found.score <= 1
    assert 0 <= found.gaps <= 1
    assert (found.kind == "none") == (found.onset is None)


@settings(max_examples=100, deadline=None)
@given(before=SAMPLES, during=SAMPLES, metric=NAMES)
def test_any_two_readings_can_be_compared(before: list[float], during: list[float], metric: str) -> None:
    later = series(during, metric)
    shifted = Series(service="a", metric=metric, times=later.times + 86_400, values=later.values)

    found = compare([series(before, metric)], [shifted])

    assert len(found) == (1 if during else 0)


@settings(max_examples=100, deadline=None)
@given(values=SAMPLES, metric=NAMES)
def test_any_series_can_be_searched_for_spikes(values: list[float], metric: str) -> None:
    line = series(values, metric)

    detection = robust_spikes(line)

    assert detection.scores.size == detection.flags.size == detection.pages.size == len(values)
    assert np.isfinite(detection.scores).all()
    assert stl_esd(line).size == len(values)
    assert kde(line).flags.size == len(values)
    assert len(sparkline(line.values)) == min(len(values), 20)
