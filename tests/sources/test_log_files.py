"""Logs out of files, as programs write them."""

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootline.analysis.logs.records import fold
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.fleet.hearing import hearing
from rootline.sources.last_lines import last_lines
from rootline.sources.logs.files import LogFiles
from rootline.sources.logs.source import MOST_LINES, LogQuery

START = datetime(2026, 5, 1, 10, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))


def write(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


@pytest.mark.anyio
async def test_json_lines_of_the_usual_loggers_are_read(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "all.jsonl",
        '{"time": "2026-05-01T10:00:01Z", "level": "INFO", "service": "cart", "message": "ready"}',
        '{"ts": 1777629602.5, "lvl": "error", "app": "payment", "msg": "refused", "trace_id": "ab"}',
        '{"@timestamp": "2026-05-01T10:00:03.250+00:00", "severity": "WARN", "message": "slow"}',
        '{"timestamp": 1777629604000, "service.name": "cart", "body": "late", "host": "h1"}',
        '{"@timestamp": "2026-05-01T10:00:05Z","log": {"level": "ERROR"}, "message": "no","service": {"name": "cart"}}',
        '{"time": 1777629606000, "level": 50, "msg": "boom", "req": {"headers": {"a": {"b": {"c": 1}}}}}',
        '{"ts": 1777629607, "err": "no route", "path": "/x"}',
    )

    read = await LogFiles([file]).read(LogQuery(), HOUR)

    told = [(one.service, one.severity, one.text, one.trace_id, one.instance) for one in read.lines]
    assert told == [
        ("cart", "INFO", "ready", "", ""),
        ("payment", "error", "refused", "ab", ""),
        ("all", "WARN", "slow", "", ""),
        ("cart", "", "late", "", "h1"),
        ("cart", "ERROR", "no", "", ""),
        ("all", "error", "boom", "", ""),
        ("all", "", '{"ts": 1777629607, "err": "no route", "path": "/x"}', "", ""),
    ]
    assert [round((one.at - START).total_seconds(), 2) for one in read.lines] == [1, 2.5, 3.25, 4, 5, 6, 7]


@pytest.mark.anyio
async def test_text_lines_begin_with_their_time_and_belong_to_the_file_s_service(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "billing.log",
        "2026-05-01 10:00:01,120 ERROR cannot charge",
        "[2026-05-01T10:00:02Z] plain words",
        "three more",
    )

    read = await LogFiles([file]).read(LogQuery(), HOUR)

    assert [(one.service, one.severity, one.text) for one in read.lines] == [
        ("billing", "ERROR", "ERROR cannot charge"),
        ("billing", "", "plain words"),
        ("billing", "", "three more"),
    ]


@pytest.mark.anyio
async def test_a_line_without_a_time_has_that_of_the_line_before_so_that_a_stack_trace_stays_whole(
    tmp_path: Path,
) -> None:
    file = write(
        tmp_path,
        "billing.log",
        "  left over from before",
        "2026-05-01 10:00:01,120 ERROR cannot charge",
        "Traceback (most recent call last):",
        '  File "billing/charge.py", line 41, in charge',
        "",
        "KeyError: 'card'",
        '{"time": "2026-05-01T10:00:02Z", "message": "next"}',
        "{broken",
        "\tat somewhere",
    )

    lines = (await LogFiles([file]).read(LogQuery(), HOUR)).lines

    assert [one.text for one in lines] == [
        "ERROR cannot charge",
        "Traceback (most recent call last):",
        '  File "billing/charge.py", line 41, in charge',
        "KeyError: 'card'",
        "next",
        "\tat somewhere",
    ]
    assert len({one.at for one in lines[:4]}) == 1
    assert fold(lines)[0].frames == ('"billing/charge.py", line 41, in charge',)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("query", "texts"),
    [
        (LogQuery(service="cart"), ["one", "TWO"]),
        (LogQuery(text="two"), ["TWO"]),
        (LogQuery(severity="error"), ["three"]),
        (LogQuery(limit=1), ["three"]),
        (LogQuery(service="nobody"), []),
    ],
)
async def test_lines_are_chosen_by_service_words_and_severity(
    tmp_path: Path, query: LogQuery, texts: list[str]
) -> None:
    file = write(
        tmp_path,
        "all.jsonl",
        '{"time": "2026-05-01T10:00:01Z", "service": "cart", "message": "one"}',
        '{"time": "2026-05-01T10:00:02Z", "service": "cart", "message": "TWO"}',
        '{"time": "2026-05-01T10:59:59Z", "service": "store", "level": "ERROR", "message": "three"}',
        '{"time": "2026-05-01T11:00:00Z", "service": "cart", "message": "after the window"}',
    )

    read = await LogFiles([file]).read(query, HOUR)

    assert [one.text for one in read.lines] == texts


@pytest.mark.anyio
async def test_too_many_lines_are_read_from_all_of_the_window_and_counted(tmp_path: Path) -> None:
    many = 2 * MOST_LINES
    step = HOUR.duration / many
    lines = [f'{{"time": "{(START + at * step).isoformat()}", "service": "a", "message": "m"}}' for at in range(many)]

    read = await LogFiles([write(tmp_path, "all.jsonl", *lines)]).read(LogQuery(), HOUR)

    assert (read.total, len(read.lines) <= MOST_LINES) == (many, True)
    assert read.lines[0].at < START + timedelta(minutes=10)
    assert read.lines[-1].at > HOUR.end - timedelta(minutes=1)


@pytest.mark.anyio
async def test_odd_lines_harm_nothing(tmp_path: Path) -> None:
    file = tmp_path / "odd.log"
    good = b'{"time": "2026-05-01T10:00:01Z", "message": "good"}\n'
    odd = [b"{broken\n", b"[1, 2]\n", b"\xff\xfe\n", b'{"time": 1e400}\n', b'{"time": "soon"}\n', b"{" * 3000 + b"\n"]
    file.write_bytes(b"".join([*odd, good, b'{"time": "2026-05-01T10:00:02Z", "mess']))

    read = await LogFiles([file]).read(LogQuery(), HOUR)

    assert [one.text for one in read.lines] == ["good"]


@pytest.mark.anyio
async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"gone\.log cannot be read"):
        await LogFiles([tmp_path / "gone.log"]).read(LogQuery(), HOUR)


@pytest.mark.anyio
async def test_a_file_that_cannot_be_read_costs_no_other_and_is_told(tmp_path: Path) -> None:
    file = write(tmp_path, "app.log", "2026-05-01 10:00:01 here")

    with hearing() as heard:
        read = await LogFiles([tmp_path / "gone-*.log", file]).read(LogQuery(), HOUR)

    assert [one.text for one in read.lines] == ["here"]
    (told,) = heard.outcomes
    assert (told.asked, told.status) == ("logs", "partial")
    assert "gone-*.log cannot be read: No such file or directory. Files are named one by one" in told.detail


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("stored", "why"),
    [
        (gzip.compress(b"2026-05-01 10:00:01 here\n"), "is compressed by gzip"),
        ("2026-05-01 10:00:01 here\n".encode("utf-16"), "is written in UTF-16"),
        (b"23/11/2026 10:00:01 here\n", "none tells a time that can be read"),
    ],
    ids=["gzip", "utf-16", "no time"],
)
async def test_lines_that_cannot_be_told_the_time_of_are_no_absence_of_lines(
    tmp_path: Path, stored: bytes, why: str
) -> None:
    (tmp_path / "app.log").write_bytes(stored)

    with pytest.raises(Misconfigured, match=rf"app\.log .*{why}"):
        await LogFiles([tmp_path / "app.log"]).read(LogQuery(), HOUR)


@pytest.mark.anyio
async def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    assert (await LogFiles([write(tmp_path, "app.log")]).read(LogQuery(), HOUR)).total == 0


@pytest.mark.anyio
async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "app.log")

    with pytest.raises(Misconfigured, match=r"app\.log is a pipe"):
        await LogFiles([tmp_path / "app.log"]).read(LogQuery(), HOUR)


def test_only_the_last_part_of_a_long_file_is_read_and_a_cut_line_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "long"
    file.write_text("".join(f"line {at:04}\n" for at in range(1000)) + "unfinished")

    found = [*last_lines(file, 45, longest=100)]

    assert found == [b"line 0997\n", b"line 0998\n", b"line 0999\n"]


def test_a_line_that_is_too_long_is_yielded_cut(tmp_path: Path) -> None:
    file = tmp_path / "wide"
    file.write_text("x" * 50 + "\n" + "y\n")

    assert next(last_lines(file, 1000, longest=10)) == b"x" * 11
