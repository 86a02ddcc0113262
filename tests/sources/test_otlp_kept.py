"""Spans that were kept are read back as any file of OTLP is, of one window alone."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.incident import HOUR
from tests.intake.test_traces import span

from rootline.domain.signal import VERSION, Span
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.traces.otlp import CLUSTER, Lines, of_line, read_file
from rootline.sources.traces.otlp_kept import read_kept
from rootline.sources.traces.otlp_writing import line_of

WORDS = st.text(max_size=20)
ATTRIBUTES = st.dictionaries(st.sampled_from(["a", "error", "otel.status_code", CLUSTER, VERSION]), WORDS, max_size=4)
LATER = Window(start=HOUR.end, end=HOUR.end + timedelta(hours=1))


def written(folder: Path, *lines: bytes) -> Path:
    file = folder / "spans.jsonl"
    file.write_bytes(b"".join(lines))
    return file


def of_window(file: Path, window: Window) -> list[Span]:
    return [one for one in read_file(file, Lines()) if window.contains(one.start)]


@settings(deadline=None)
@given(
    kind=st.sampled_from(["", "server", "client", "odd"]),
    status=st.sampled_from(["ok", "error", "unset"]),
    texts=st.tuples(WORDS, WORDS, WORDS),
    attributes=ATTRIBUTES,
    micros=st.integers(min_value=-2, max_value=3_600_000_002),
)
def test_whatever_was_written_is_read_back_alike_by_both_readers(
    kind: str, status: str, texts: Sequence[str], attributes: dict[str, str], micros: int
) -> None:
    service, operation, error = texts
    told = {**attributes, **({"span.kind": kind} if kind else {})}
    one = span(
        1,
        service or "cart",
        status=status,
        operation=operation,
        error=error,
        attributes=told,
        start=HOUR.start + timedelta(microseconds=micros),
    )
    line = line_of([one, replace(one, span_id="b" * 16, parent_id=one.span_id)])

    general = [each for each in of_line(line, Path("spans.jsonl")) if HOUR.contains(each.start)]

    assert _kept(line) == general
    assert len(general) == (2 if 0 <= micros < 3_600_000_000 else 0)


def _kept(line: bytes) -> Sequence[Span]:
    with TemporaryDirectory() as folder:
        return list(read_kept(written(Path(folder), line), HOUR))


def test_only_the_window_is_read_across_lines(tmp_path: Path) -> None:
    both = [span(1), replace(span(2), start=LATER.start)]
    file = written(tmp_path, line_of(both), line_of([replace(span(3), start=LATER.start)]))

    assert [one.span_id for one in read_kept(file, HOUR)] == [both[0].span_id]
    assert list(read_kept(file, LATER)) == of_window(file, LATER)
    assert list(read_kept(file, Window(start=LATER.end, end=LATER.end + timedelta(hours=1)))) == []


def test_a_line_of_another_shape_is_read_as_any_file_is(tmp_path: Path) -> None:
    line = json.loads(line_of([span(1), replace(span(2), start=LATER.start)]))
    for one in line["resourceSpans"][0]["scopeSpans"][0]["spans"]:
        one["attributes"] = [{"key": "n", "value": {"intValue": "7"}}]
        del one["parentSpanId"]
    file = written(tmp_path, json.dumps(line, separators=(",", ":")).encode() + b"\n")

    (found,) = read_kept(file, HOUR)

    assert [found] == of_window(file, HOUR)
    assert found.attributes["n"] == "7"


def test_a_text_that_looks_like_a_time_moves_nothing(tmp_path: Path) -> None:
    inside = f'"startTimeUnixNano":"{round(LATER.start.timestamp() * 1e9)}"'
    file = written(tmp_path, line_of([span(1, attributes={"note": inside})]))

    assert list(read_kept(file, LATER)) == []
    assert [one.attributes["note"] for one in read_kept(file, HOUR)] == [inside]


@pytest.mark.parametrize("broken", [b'{"startTimeUnixNano":"%d"\n', b'["startTimeUnixNano":"%d"]\n'])
def test_what_is_no_message_of_spans_is_refused(tmp_path: Path, broken: bytes) -> None:
    file = written(tmp_path, broken % round(HOUR.start.timestamp() * 1e9))

    with pytest.raises(Misconfigured, match="is no OTLP JSON"):
        list(read_kept(file, HOUR))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        list(read_kept(tmp_path / "none.jsonl", HOUR))
