"""A recording is watched as it would have been while it was live."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rootline.domain.anomaly import WatchRound
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.intake.watching.policy_files import shipped_policy
from rootline.intake.watching.recorded import rounds_of_recording
from rootline.intake.watching.watcher import Watcher
from rootline.sources.metrics.source import RecordedMetrics
from rootline.store.journal import MemoryJournal
from rootline.store.watchbook import MemoryWatchbook

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
WINDOW = Window(start=NOON, end=NOON + timedelta(hours=1))


def sampled(apart_s: int, count: int) -> Series:
    times = NOON.timestamp() + apart_s * np.arange(count, dtype=np.float64)
    return Series(service="cart", metric="http_latency_p99", times=times, values=np.ones(count))


async def rounds(found: Sequence[Series], interval: timedelta) -> list[WatchRound]:
    watcher = Watcher(
        metrics=RecordedMetrics(found),
        journal=MemoryJournal(),
        book=MemoryWatchbook(),
        policy=shipped_policy(),
        cluster="tape",
        interval=interval,
    )
    return [one async for one in rounds_of_recording(watcher, WINDOW)]


@pytest.mark.parametrize(
    ("apart_s", "interval_s", "slots"),
    [(60, 60, range(0, 600, 60)), (300, 60, range(0, 3000, 300)), (60, 120, range(60, 600, 120))],
)
async def test_each_interval_has_a_round_and_none_is_shorter_than_the_samples_are_apart(
    apart_s: int, interval_s: int, slots: range
) -> None:
    found = await rounds([sampled(apart_s, 10)], timedelta(seconds=interval_s))

    assert [(one.slot - NOON).total_seconds() for one in found] == [*slots]


async def test_a_recording_without_samples_has_one_round_at_its_end() -> None:
    (one,) = await rounds([], timedelta(minutes=1))

    assert (one.slot, one.series) == (WINDOW.end, 0)
