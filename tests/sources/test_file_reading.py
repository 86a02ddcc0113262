"""Files are read beside everything else, and only for as long as somebody waits."""

import asyncio
import json
import os
import threading
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path, PosixPath

import pytest
from tests.fakes.spans import AROUND, span
from tests.fakes.trace_servers import otlp_resources

from rootline.sources.failure import SourceFailed
from rootline.sources.file_reading import FileReading, Waiting
from rootline.sources.logs.files import LogFiles
from rootline.sources.logs.source import LogQuery
from rootline.sources.traces.otlp import OtlpFile

pytestmark = pytest.mark.anyio
LINE = f'{{"time": "{AROUND.start.isoformat()}", "message": "ready"}}'
SPANS = json.dumps({"resourceSpans": otlp_resources([span("a", "web/GET", 1)])})


class SlowFile(PosixPath):
    """A file of a disk that tells nothing until somebody else went on."""

    went_on = threading.Event()

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Tell how large it is."""
        assert self.went_on.wait(60)
        return super().stat(follow_symlinks=follow_symlinks)


async def lines(file: Path) -> int:
    return len((await LogFiles([file]).read(LogQuery(), AROUND)).lines)


async def services(file: Path) -> int:
    return len(await LogFiles([file]).services())


async def spans(file: Path) -> int:
    return len(await OtlpFile(file).spans("", AROUND))


async def starts(file: Path) -> int:
    return len(await OtlpFile(file).starts())


@pytest.mark.parametrize(
    ("ask", "text"),
    [(lines, LINE), (services, LINE), (spans, SPANS), (starts, SPANS)],
    ids=["lines", "services", "spans", "starts"],
)
async def test_others_go_on_while_a_file_is_read(
    tmp_path: Path, ask: Callable[[Path], Awaitable[int]], text: str
) -> None:
    (tmp_path / "slow.jsonl").write_text(f"{text}\n")
    file = SlowFile(tmp_path / "slow.jsonl")
    file.went_on.clear()

    async def go_on() -> None:
        file.went_on.set()

    found, _ = await asyncio.gather(ask(file), go_on())

    assert found == 1


def without_end(waiting: Waiting) -> int:
    return sum(1 for _ in waiting.through(count()))


async def test_a_read_that_nobody_waits_for_any_more_ends_and_the_next_has_its_turn() -> None:
    reading = FileReading()
    endless = asyncio.ensure_future(reading.run(without_end, "a file"))
    await asyncio.sleep(0)

    endless.cancel()

    assert await reading.run(lambda waiting: [*waiting.through("ab")], "another") == ["a", "b"]
    assert endless.cancelled()


async def test_a_read_that_takes_too_long_is_given_up_by_name() -> None:
    reading = FileReading(deadline_s=0.0)

    with pytest.raises(SourceFailed, match=r"app\.log: not read within 0 s\. Is the disk slow"):
        await reading.run(without_end, "app.log")
