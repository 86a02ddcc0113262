from importlib.resources import files
from pathlib import Path

import pytest

from rootline.ground import load_tape
from rootline.opening import memory_desk
from rootline.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.mark.promise("none-is-an-answer")
async def test_an_outage_elsewhere_is_blamed_on_no_change() -> None:
    recording, ground = load_tape(Path(str(files("rootline.tapes") / "shipped" / "provider-outage")))
    desk = memory_desk(Settings(home=Path("unused")))

    record = await desk.solve(recording, ground.origin)

    assert record.answer is not None
    best = record.answer.hypotheses[0]
    assert (best.type, best.change) == ("external", "")
    assert record.answer.none_confidence > 0.5
