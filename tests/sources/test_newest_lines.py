"""Lines that are too many or too large for one answer are read from all over the window, and never called all."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR, START
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.failure import SourceFailed
from rootline.sources.logs.loki import LokiLogs
from rootline.sources.logs.newest_lines import PARTS, newest_lines
from rootline.sources.logs.source import LogQuery, LogRead


class Held:
    """A backend that holds lines, answers no more of them at once than it may, and counts them where it does."""

    def __init__(self, count: int, *, at_once: int, counts: bool = True) -> None:
        step = HOUR.duration / count
        self.lines = [LogLine(at=START + step * at, service="cart", text=str(at)) for at in range(count)]
        self.at_once, self.counts = at_once, counts
        self.asked: list[int] = []

    async def newest(self, window: Window, limit: int) -> list[LogLine]:
        self.asked.append(limit)
        found = [line for line in self.lines if window.contains(line.at)][-limit:]
        if len(found) > self.at_once:
            raise SourceFailed("Loki", "it sent more than 4 MB", "Ask for less.", is_too_large=True)
        return found[::-1]

    async def total(self) -> int:
        return len(self.lines) if self.counts else 0


async def read(held: Held, limit: int) -> LogRead:
    return await newest_lines(held.newest, held.total, HOUR, limit)


def sixths(lines: Sequence[LogLine]) -> list[int]:
    places = [int((line.at - START) / HOUR.duration * PARTS) for line in lines]
    return [places.count(one) for one in range(PARTS)]


@pytest.mark.anyio
async def test_lines_that_are_too_large_together_are_all_read_part_by_part() -> None:
    held = Held(600, at_once=150)

    found = await read(held, 1200)

    assert (len(found.lines), found.total) == (600, 600)
    assert [line.at for line in found.lines] == [line.at for line in held.lines]


@pytest.mark.anyio
async def test_of_parts_that_are_too_large_as_well_the_newest_are_read_and_all_are_counted() -> None:
    found = await read(Held(600, at_once=40), 1200)

    assert sixths(found.lines) == [25] * PARTS
    assert found.total == 600


@pytest.mark.anyio
@pytest.mark.parametrize("at_once", [40, 600])
async def test_what_is_not_counted_is_still_not_called_whole(at_once: int) -> None:
    found = await read(Held(600, at_once=at_once, counts=False), 300)

    assert found.total == len(found.lines) + 1


@pytest.mark.anyio
async def test_lines_that_fit_are_read_at_once_and_are_all() -> None:
    held = Held(100, at_once=100)

    found = await read(held, 101)

    assert (len(found.lines), found.total, held.asked) == (100, 100, [101])


@pytest.mark.anyio
async def test_a_line_that_is_too_large_by_itself_is_a_failure() -> None:
    with pytest.raises(SourceFailed, match="more than 4 MB"):
        await read(Held(6, at_once=0), 100)


@pytest.mark.anyio
@pytest.mark.parametrize("most", [1000, 500])
async def test_a_loki_that_answers_fewer_lines_at_once_is_asked_for_fewer(most: int) -> None:
    held = Held(3000, at_once=3000)

    def answer(asked: Asked) -> Said:
        if asked.path.startswith("/loki/api/v1/label"):
            return said('{"data": ["service_name"]}')
        if asked.path == "/loki/api/v1/query":
            return said('{"data": {"result": [{"value": [1, "3000"]}]}}')
        limit, start, end = (int(asked.query[name]) for name in ("limit", "start", "end"))
        if limit > most:
            told = f"max entries limit per query exceeded, limit > max_entries_limit_per_query ({limit} > {most})"
            return said(told, 400)
        inside = [line for line in held.lines if start <= line.at.timestamp() * 1e9 < end][-limit:]
        values = ",".join(f'["{round(line.at.timestamp() * 1e6)}000", "{line.text}"]' for line in inside)
        return said('{"data": {"result": [{"stream": {"service_name": "cart"}, "values": [%s]}]}}' % values)  # noqa: UP031

    with answering(answer) as url:
        source = LokiLogs(backend("Loki", "ROOTLINE_LOKI_URL", url))
        found = await source.read(LogQuery(), Window(start=START, end=START + timedelta(hours=1)))

    assert found.total == 3000
    assert len(found.lines) == (3000 if most == 1000 else PARTS * (5000 // PARTS // 8))
    assert len(set(sixths(found.lines))) == 1
