import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.analysis.detection.days import START, changed, shop

from rootline.domain.anomaly import WatchRound
from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.errors import RootlineError
from rootline.intake.watching.listening import MOST_KEPT, Asked, Ear, Files
from rootline.intake.watching.policy_files import shipped_policy
from rootline.intake.watching.schedule import rounds
from rootline.intake.watching.slots import slot_of
from rootline.intake.watching.tail import LONGEST_LINE, Tail
from rootline.intake.watching.watcher import Watcher
from rootline.sources.logs.source import LogQuery, LogRead, RecordedLogs
from rootline.sources.metrics.source import RecordedMetrics
from rootline.store.journal import MemoryJournal
from rootline.store.watchbook import MemoryWatchbook

pytestmark = pytest.mark.anyio

NOON = datetime.fromtimestamp(START + 301 * 60, UTC)
MINUTE = timedelta(minutes=1)


def told(text: str, service: str = "service-1", level: str = "INFO") -> bytes:
    return json.dumps({"service": service, "level": level, "message": text}).encode() + b"\n"


def append(file: Path, *texts: bytes) -> None:
    with file.open("ab") as opened:
        opened.write(b"".join(texts))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "app.log"


@pytest.fixture
def tail(file: Path) -> Iterator[Tail]:
    with closing(Tail(file=file)) as opened:
        yield opened


def test_a_tail_begins_at_the_end_and_gives_each_line_once(file: Path, tail: Tail) -> None:
    append(file, b"long ago\n")

    before = tail.lines()
    append(file, b"one\ntwo\nthr")
    first = tail.lines()
    append(file, b"ee\n")

    assert (before, first, tail.lines(), tail.lines()) == ([], [b"one", b"two"], [b"three"], [])


def test_a_file_that_comes_later_is_read_from_its_start(file: Path, tail: Tail) -> None:
    early = tail.lines()
    append(file, b"first\n")

    assert (early, tail.lines()) == ([], [b"first"])


def test_nothing_is_lost_when_a_file_is_moved_away_and_made_anew(file: Path, tail: Tail) -> None:
    append(file, b"old\n")
    tail.lines()
    append(file, b"last of the old\n")
    file.rename(file.with_suffix(".1"))
    append(file, b"first of the new\n")

    found = tail.lines()
    append(file, b"second\n")

    assert found + tail.lines() == [b"last of the old", b"first of the new", b"second"]


def test_a_file_that_was_emptied_is_read_from_its_start(file: Path, tail: Tail) -> None:
    append(file, b"a long line that was here before\n")
    tail.lines()
    file.write_bytes(b"new\n")

    assert tail.lines() == [b"new"]


def test_a_line_without_end_is_cut_and_takes_no_more_memory(file: Path, tail: Tail) -> None:
    append(file, b"")
    tail.lines()
    append(file, b"x" * (3 * LONGEST_LINE))
    tail.lines()
    append(file, b"\nnext\n")

    assert [len(line) for line in tail.lines()] == [LONGEST_LINE, 4]


def test_a_folder_or_a_missing_file_says_nothing(tmp_path: Path) -> None:
    assert (Tail(file=tmp_path).lines(), Tail(file=tmp_path / "none").lines()) == ([], [])


SECRET = "hunter"


@pytest.fixture
def ear(file: Path) -> Iterator[Files]:
    """An ear that knows a file for some minutes, until NOON."""
    seconds = 200
    append(file, b"")
    with closing(Files(files=[file], clean=lambda text: text.replace(SECRET, "<secret>"))) as opened:
        live(opened, file, seconds)
        yield opened


def live(ear: Files, file: Path, seconds: int) -> None:
    start = NOON.timestamp() - seconds
    for at in range(seconds):
        append(file, *(told(f"order {number} stored") for number in range(10)))
        ear.look(start + at)


async def test_what_is_loud_in_a_file_is_a_feature_of_its_service(file: Path, ear: Files) -> None:
    append(file, *(told(f"payment {at} refused", level="ERROR") for at in range(30)))

    failed = await ear.hear(NOON)

    (feature,) = ear.loud(NOON)
    assert failed == ""
    assert (feature.service, str(feature.signal), feature.kind) == ("service-1", "other of logs", "new_pattern")
    assert (feature.metric, feature.unit) == ("payment <*> refused", "lines in 5 s")
    assert ear.loud(NOON + timedelta(minutes=3)) == []


async def test_what_is_kept_has_no_secret_in_it(file: Path, ear: Files) -> None:
    append(file, *(told(f"password is {SECRET}", level="ERROR") for _ in range(30)))

    await ear.hear(NOON)

    assert [one.metric for one in ear.loud(NOON)] == ["password is <secret>"]


async def test_a_flood_of_loud_things_is_bounded(file: Path, ear: Files) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    lines = [told(f"{a}{b}{c} broke", level="ERROR") * 30 for a in letters for b in letters for c in letters[:3]]
    append(file, *lines)

    found = ear.look(NOON.timestamp())

    assert len(found) > MOST_KEPT
    assert len(ear.loud(NOON)) == 1


class Store:
    """A log store that fails once."""

    name = "loki"

    def __init__(self, lines: Sequence[LogLine]) -> None:
        self.inner, self.asked, self.fails = RecordedLogs(lines), list[Window](), False

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        self.asked.append(window)
        if self.fails:
            raise RootlineError("it did not answer")
        return await self.inner.read(query, window)

    async def services(self) -> Sequence[str]:
        return await self.inner.services()


def stored(minutes: int) -> list[LogLine]:
    calm = [
        LogLine(at=NOON - timedelta(seconds=at), service="service-1", text=f"order {at} stored")
        for at in range(60 * minutes)
    ]
    sick = [
        LogLine(at=NOON - timedelta(seconds=1), service="service-1", text=f"no route to {at}", severity="error")
        for at in range(60)
    ]
    return [*calm, *sick]


async def test_a_log_store_is_asked_for_each_minute_once() -> None:
    store = Store(stored(10))
    ear = Asked(logs=store)

    for back in reversed(range(5)):
        assert await ear.hear(NOON - MINUTE * back) == ""
    assert await ear.hear(NOON) == ""

    assert [one.end for one in store.asked] == [NOON - MINUTE * back for back in reversed(range(5))]
    assert [one.start for one in store.asked][1:] == [one.end for one in store.asked][:-1]
    assert [one.metric for one in ear.loud(NOON)] == ["no route to <*>"]


async def test_a_log_store_that_fails_is_told_and_asked_for_the_same_again() -> None:
    store = Store(stored(10))
    ear = Asked(logs=store)
    await ear.hear(NOON - 2 * MINUTE)
    store.fails = True
    failed = await ear.hear(NOON - MINUTE)
    store.fails = False

    await ear.hear(NOON)

    assert failed == "loki: it did not answer"
    assert store.asked[-1].start == NOON - 2 * MINUTE


def watcher(factor: float, ear: Ear | None, journal: MemoryJournal) -> Watcher:
    strained = changed(shop(), "service-1", "cpu_usage_percent", slice(300, 310), factor)
    return Watcher(
        metrics=RecordedMetrics(strained),
        journal=journal,
        book=MemoryWatchbook(),
        policy=shipped_policy(),
        cluster="shop",
        ear=ear,
    )


@pytest.mark.parametrize(
    ("factor", "hears", "opened"), [(1.0, True, 0), (3.0, False, 0), (3.0, True, 1)], ids=["logs", "cpu", "both"]
)
async def test_logs_open_an_incident_together_with_another_signal_and_never_alone(
    factor: float, hears: bool, opened: int
) -> None:
    journal = MemoryJournal()
    one = watcher(factor, Asked(logs=Store(stored(10))) if hears else None, journal)

    for back in reversed(range(6)):
        await one.evaluate(slot_of(NOON + timedelta(seconds=60), MINUTE) - MINUTE * back)

    assert len(await journal.incidents()) == opened


async def test_a_log_store_that_fails_is_a_failure_of_the_round_and_metrics_are_judged_all_the_same() -> None:
    store = Store(())
    store.fails = True
    one = watcher(3.0, Asked(logs=store), MemoryJournal())

    done = await one.evaluate(slot_of(NOON + timedelta(seconds=60), MINUTE))

    assert done is not None
    assert done.failures == ("loki: it did not answer",)
    assert done.features != ()


async def test_the_schedule_yields_each_slot_once_its_samples_have_arrived(tmp_path: Path) -> None:
    now = [NOON]
    waits = list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += timedelta(seconds=seconds)

    one = watcher(1.0, Files(files=[tmp_path / "app.log"]), MemoryJournal())
    seen = list[list[WatchRound]]()

    async for done in rounds(one, lambda: now[0], sleep):
        seen.append(done)
        if len(seen) == 4:
            break

    slots = [each.slot for done in seen for each in done]
    assert slots == [slot_of(NOON, MINUTE) + MINUTE * at for at in range(4)]
    assert max(waits) == 0.25
