from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.incident import incident

from rootline.ground import Ground
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.tapes.recording import Recording

pytestmark = pytest.mark.anyio


def calmer() -> Recording:
    """Make the same incident with every series as it was before the onset."""
    recording = incident()
    series = recording.series or ()
    calm = [replace(one, values=one.values.clip(max=0.13)) for one in series]
    return replace(recording, series=tuple(calm))


async def test_what_a_source_still_says_stays_verified_and_what_it_says_no_more_is_stale() -> None:
    desk, recording = memory_desk(Settings(home=Path("unused"))), incident()
    record = await desk.solve(recording, "made up")

    same = await desk.reread(record, Ground.of(recording, "made up"))
    changed = await desk.reread(record, Ground.of(calmer(), "made up"))

    first = same.rechecks
    later = changed.rechecks[len(first) :]
    assert {one.mark for one in first} == {"verified"}
    assert "stale" in {one.mark for one in later if one.claim.predicate == "rose"}
    assert changed.answer == record.answer
