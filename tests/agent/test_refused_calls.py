"""What the built-in investigator asks and is refused is asked once: every question comes to an end."""

from pathlib import Path

import pytest
from tests.fakes.incident import HOUR

from rootline.domain.session import Question
from rootline.domain.signal import LogLine
from rootline.models.builtin.model import MOST_ROUNDS
from rootline.opening import memory_desk
from rootline.settings import read_settings
from rootline.tapes.recording import Recording


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["x", "?", " ", "é"])
async def test_a_question_too_short_to_search_for_is_answered(tmp_path: Path, text: str) -> None:
    line = LogLine(at=HOUR.start, service="cart", text="served")
    recording = Recording(title="quiet", question=Question(text=text, window=HOUR), lines=(line,))

    done = await memory_desk(read_settings({"HOME": str(tmp_path)})).solve(recording, "test")

    assert done.investigation.state == "done"
    assert sum(message.role == "assistant" for message in done.messages) <= MOST_ROUNDS
    asked = [call.tool for message in done.messages for call in message.calls]
    assert asked.count("search_runbooks") <= 1
