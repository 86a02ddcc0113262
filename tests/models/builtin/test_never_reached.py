"""What was not reached at any time has no normal state, and needs none: its own number says so."""

from dataclasses import replace

import numpy as np
import pytest
from tests.fakes.incident import HOUR
from tests.models.builtin.investigations import answer_to, quiet

from rootline.domain.session import Question
from rootline.domain.signal import Series
from rootline.models.builtin.wellness import WELL
from rootline.tapes.recording import Recording

pytestmark = pytest.mark.anyio


def with_level(text: str, level: float, metric: str = "up") -> Recording:
    """Calm services beside one that is reached, or not, from the beginning to the end."""
    calm = quiet()
    times = np.arange(HOUR.start.timestamp(), HOUR.end.timestamp(), 60)
    one = Series(service="ledger", metric=metric, times=times, values=np.full(times.size, level))
    return replace(calm, series=(*(calm.series or ()), one), question=Question(text=text, window=HOUR))


async def said(recording: Recording) -> list[tuple[str, str, object]]:
    answer = await answer_to(recording)
    assert answer.failed == ()
    return [(one.claim.subject, one.claim.predicate, one.claim.value) for one in answer.claims]


@pytest.mark.parametrize(
    "text", ["Is ledger healthy?", "Is everything all right?", "Anything unusual?", "What is wrong?"]
)
@pytest.mark.parametrize(("metric", "level"), [("up", 0.0), ("up", 0.5), ("probe_success", 0.0)])
async def test_what_was_never_reached_is_said_and_called_well_by_nobody(text: str, metric: str, level: float) -> None:
    recording = with_level(text, level, metric)

    claims = await said(recording)

    assert (f"ledger {metric}", "equals", level) in claims
    assert not [one for one in claims if one[0].startswith("ledger") and one[1] == "is_healthy"]
    assert WELL not in (await answer_to(recording)).none_reasons


async def test_what_was_reached_all_the_time_is_well() -> None:
    assert await said(with_level("Is ledger healthy?", 1.0)) == [("ledger up", "is_healthy", None)]
