"""An outage of hundreds of services is answered, and the answer names as many of them as it may hold."""

from datetime import timedelta

import numpy as np
import pytest

from rootline.domain.session import Question
from rootline.domain.signal import Series
from rootline.domain.stated import MOST_HIT
from rootline.domain.window import Window
from rootline.opening import memory_desk
from rootline.settings import read_settings
from rootline.tapes.recording import Recording

WINDOW = Window.model_validate({"start": "2026-03-01T12:00:00Z", "end": "2026-03-01T13:00:00Z"})
ONSET = WINDOW.start + timedelta(minutes=40)


def slow(service: str, by: float) -> Series:
    times = np.arange(WINDOW.start.timestamp() - 3600, WINDOW.end.timestamp(), 60.0)
    values = np.where(times >= ONSET.timestamp(), 0.1 + by, 0.1) + 0.001 * np.sin(times)
    return Series(service=service, metric="latency_seconds", times=times, values=values)


@pytest.mark.anyio
async def test_an_outage_of_more_services_than_an_answer_may_name_is_answered(tmp_path: object) -> None:
    everyone = tuple(slow(f"svc-{at:03}", 1.0 + at / 100) for at in range(MOST_HIT + 50))
    recording = Recording(title="outage", question=Question(text="what is wrong?", window=WINDOW), series=everyone)

    done = await memory_desk(read_settings({"HOME": str(tmp_path)})).solve(recording, "test")

    assert done.investigation.state == "done"
    assert done.answer is not None
    assert len(done.answer.blast_radius) == MOST_HIT
    assert {*done.answer.blast_radius} < {one.service for one in everyone}
