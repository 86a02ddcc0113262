"""Minutes of traces and logs of a day, as their files lie."""

import lzma
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rootline.domain.window import Window
from rootline.tapes.importers.nezha_minutes import Around

SPANS = "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration"
LINES = "Timestamp,TimeUnixNano,Node,PodName,Container,TraceID,SpanID,Log"
FAULT = datetime(2026, 3, 2, 8, 43, 20, tzinfo=UTC)
WINDOW = Window(start=FAULT - timedelta(minutes=1), end=FAULT + timedelta(minutes=3))
POD = "cart-service-5f6585d649-fnmft"


def around(*others: datetime) -> Around:
    return Around(window=WINDOW, faults=(FAULT, *others))


def ns(at: datetime) -> int:
    return int(at.timestamp() * 1e9)


def span(at: datetime, trace: str = "t", operation: str = "GET", parent: str = "root") -> str:
    return f"{trace},s,{parent},{POD},{operation},{ns(at)},{ns(at) + 5_000_000},5000"


def write_spans(folder: Path, name: str, *rows: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}_trace.csv.xz").write_bytes(lzma.compress("\n".join([SPANS, *rows]).encode()))


def write_lines(folder: Path, name: str, *rows: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}_log.csv").write_text("\n".join([LINES, *rows]), encoding="utf-8")


def test_a_span_is_read_with_its_service_and_duration(tmp_path: Path) -> None:
    write_spans(tmp_path / "trace", "08_44", span(FAULT, parent="p"))

    (read,) = around().spans(tmp_path / "trace") or ()

    assert (read.service, read.operation, read.parent_id, read.start) == ("cart-service", "GET", "p", FAULT)
    assert round(read.duration_s, 6) == 0.005


def test_stray_commas_stay_in_the_operation_and_in_the_line(tmp_path: Path) -> None:
    write_spans(tmp_path / "trace", "08_44", span(FAULT, operation="SELECT a, b, c"))
    write_lines(tmp_path / "log", "08_44", f"x,{ns(FAULT)},n,{POD},c,t,s,one, two, three")

    spans, lines = around().spans(tmp_path / "trace"), around().lines(tmp_path / "log")

    assert [one.operation for one in spans or ()] == ["SELECT a, b, c"]
    assert [(one.text, one.trace_id) for one in lines or ()] == [("one, two, three", "t")]


def test_rows_that_are_none_are_left_out(tmp_path: Path) -> None:
    broken = ["", "a,b", f"t,s,root,{POD},GET,soon,later,1", f"t,s,root,{POD},GET,{'9' * 40},1,1", "\0" * 8]
    write_spans(tmp_path / "trace", "08_44", *broken, span(FAULT))

    assert len(around().spans(tmp_path / "trace") or ()) == 1


def test_a_file_with_other_columns_is_read_as_empty(tmp_path: Path) -> None:
    (tmp_path / "trace").mkdir()
    (tmp_path / "trace" / "08_44_trace.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    assert around().spans(tmp_path / "trace") == ()


def test_without_a_folder_nothing_was_recorded(tmp_path: Path) -> None:
    assert (around().spans(tmp_path / "trace"), around().lines(tmp_path / "log")) == (None, None)


def test_other_minutes_are_the_past_right_before_the_window(tmp_path: Path) -> None:
    write_spans(tmp_path / "trace", "08_44", span(FAULT))
    write_spans(tmp_path / "trace", "10_00", span(FAULT + timedelta(minutes=76), "late"))
    write_spans(tmp_path / "trace", "07_00", span(FAULT - timedelta(minutes=104), "early"))

    read = {one.trace_id: one.start for one in around().spans(tmp_path / "trace") or ()}

    assert read == {
        "t": FAULT,
        "late": WINDOW.start - timedelta(minutes=1),
        "early": WINDOW.start - timedelta(minutes=2),
    }


def test_quiet_minutes_are_taken_before_those_of_other_faults(tmp_path: Path) -> None:
    fault = FAULT + timedelta(minutes=10)
    for at in range(7):
        moment = FAULT + timedelta(minutes=60 + at)
        write_spans(tmp_path / "trace", f"{moment + timedelta(minutes=1):%H_%M}", span(moment, f"quiet{at}"))
    write_spans(tmp_path / "trace", f"{fault + timedelta(minutes=1):%H_%M}", span(fault, "faulty"))

    read = [one.trace_id for one in around(fault).spans(tmp_path / "trace") or ()]

    assert read == ["quiet0", "quiet1", "quiet2", "quiet3"]


def test_minutes_next_to_the_window_are_no_past(tmp_path: Path) -> None:
    write_spans(tmp_path / "trace", "08_50", span(FAULT + timedelta(minutes=6)))

    assert around().spans(tmp_path / "trace") == ()


def test_a_minute_that_is_too_much_keeps_whole_traces_the_same_in_traces_and_logs(tmp_path: Path) -> None:
    rows = [span(FAULT, f"{trace:032x}") for trace in range(4000) for _ in range(12)]
    lines = [f"x,{ns(FAULT)},n,{POD},c,{trace:032x},s,hello" for trace in range(4000) for _ in range(12)]
    write_spans(tmp_path / "trace", "08_44", *rows)
    write_lines(tmp_path / "log", "08_44", *lines)

    spans, read = around().spans(tmp_path / "trace") or (), around().lines(tmp_path / "log") or ()

    assert 8_000 < len(spans) < 16_000
    assert len(spans) == 12 * len({one.trace_id for one in spans})
    assert {one.trace_id for one in spans} == {one.trace_id for one in read}


def test_files_whose_names_are_no_time_are_not_read(tmp_path: Path) -> None:
    write_spans(tmp_path / "trace", "99_99", span(FAULT))
    write_spans(tmp_path / "trace", "notes", span(FAULT))

    assert around().spans(tmp_path / "trace") == ()
