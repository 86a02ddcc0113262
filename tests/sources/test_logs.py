"""One body of tests for every reader of logs. Loki and VictoriaLogs answer as they document; see tests/fakes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR, START
from tests.fakes.log_servers import loki, victoria_logs
from tests.fakes.pods import cluster_of
from tests.fakes.wire import answering

from rootline.domain.signal import LogLine
from rootline.sources.backend import backend
from rootline.sources.kubernetes.pod_logs import PodLogs
from rootline.sources.logs.loki import LokiLogs
from rootline.sources.logs.source import LogQuery, LogRead, LogSource, RecordedLogs
from rootline.sources.logs.victorialogs import VictoriaLogs

Make = Callable[[Sequence[LogLine]], AbstractContextManager[LogSource]]


def line(minute: float, service: str, text: str, severity: str = "INFO") -> LogLine:
    return LogLine(at=START + timedelta(minutes=minute), service=service, text=text, severity=severity)


def bare(read: LogRead) -> tuple[LogLine, ...]:
    """The lines without the pod that only a cluster tells."""
    return tuple(replace(one, instance="") for one in read.lines)


LINES = [
    line(-5, "cart", "before the window"),
    line(0, "cart", "GET /cart took 12 ms"),
    line(10, "checkout", "cannot reach payment: connection refused (a.b+c)", "ERROR"),
    line(20, "cart", 'odd text: {a="b"} | "quoted" \\ back', "WARN"),
    line(30, "checkout", "retrying", "WARN"),
    line(60, "cart", "at the window's end"),
]


@contextmanager
def recorded(lines: Sequence[LogLine]) -> Iterator[LogSource]:
    yield RecordedLogs(lines)


@contextmanager
def live_loki(lines: Sequence[LogLine]) -> Iterator[LogSource]:
    with answering(loki(lines)) as url:
        yield LokiLogs(backend("Loki", "ROOTLINE_LOKI_URL", url))


@contextmanager
def live_victoria_logs(lines: Sequence[LogLine]) -> Iterator[LogSource]:
    with answering(victoria_logs(lines)) as url:
        yield VictoriaLogs(backend("VictoriaLogs", "ROOTLINE_VICTORIALOGS_URL", url))


@contextmanager
def live_pods(lines: Sequence[LogLine]) -> Iterator[LogSource]:
    with cluster_of(lines) as (_, connection):
        yield PodLogs(connection, key=b"k" * 32)


@pytest.fixture(
    params=[recorded, live_loki, live_victoria_logs, live_pods], ids=["recording", "loki", "victorialogs", "pods"]
)
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


@pytest.mark.anyio
async def test_the_lines_of_the_window_come_in_order_of_time(make: Make) -> None:
    with make(LINES) as logs:
        read = await logs.read(LogQuery(), HOUR)

    assert bare(read) == tuple(LINES[1:5])
    assert read.total == 4


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (LogQuery(service="cart"), [1, 3]),
        (LogQuery(text="CONNECTION REFUSED (a.b+c)"), [2]),
        (LogQuery(text='{a="b"} | "quoted" \\ back'), [3]),
        (LogQuery(severity="warn"), [3, 4]),
        (LogQuery(service="checkout", severity="WARN"), [4]),
        (LogQuery(text=".*"), []),
        (LogQuery(service="nobody"), []),
        (LogQuery(service='cart"} |= "'), []),
        (LogQuery(text="no such text"), []),
    ],
)
async def test_a_query_chooses_lines_by_plain_words(make: Make, query: LogQuery, expected: list[int]) -> None:
    with make(LINES) as logs:
        read = await logs.read(query, HOUR)

    assert (bare(read), read.total) == (tuple(LINES[at] for at in expected), len(expected))


MANY = [line(minute / 2, "cart", f"line {minute}") for minute in range(120)]


@pytest.mark.anyio
async def test_of_too_many_lines_the_newest_are_kept_and_all_are_counted(make: Make) -> None:
    with make(MANY) as logs:
        read = await logs.read(LogQuery(limit=30), HOUR)

    assert (read.total, bare(read)[-5:]) == (120, tuple(MANY[-5:]))


@pytest.mark.anyio
@pytest.mark.parametrize("make_live", [live_loki, live_victoria_logs, live_pods], ids=["loki", "victorialogs", "pods"])
async def test_a_live_source_reads_no_more_than_asked_and_from_all_over_the_window(make_live: Make) -> None:
    with make_live(MANY) as logs:
        read = await logs.read(LogQuery(limit=30), HOUR)

    assert [int((one.at - START) / timedelta(minutes=10)) for one in read.lines] == [
        sixth for sixth in range(6) for _ in range(5)
    ]


@pytest.mark.anyio
async def test_services_that_have_logs_are_known(make: Make) -> None:
    with make(LINES) as logs:
        await logs.read(LogQuery(), HOUR)
        known = list(await logs.services())

    assert known == ["cart", "checkout"]


@pytest.mark.anyio
async def test_a_source_without_lines_has_none(make: Make) -> None:
    with make([]) as logs:
        read = await logs.read(LogQuery(service="cart"), HOUR)

    assert (read.lines, read.total) == ((), 0)
