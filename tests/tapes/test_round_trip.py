"""Whatever was recorded, a tape that is written reads back the same."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootline.analysis.cluster.query import ClusterQuery
from rootline.domain.change import ChangeSet, Commit, ConfigChange, Deployment, FlagChange, StatusEntry
from rootline.domain.session import Question
from rootline.domain.signal import Alert, Edge, LogLine, LogPattern, Series, Span
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.sources.runbooks.source import Runbook
from rootline.tapes.folder import MANIFEST, TapeFolder
from rootline.tapes.recording import ClusterRead, Recording
from rootline.tapes.taken import Failed, Taken

START = datetime(2026, 3, 1, tzinfo=UTC)
QUESTION = Question(text="Why?", window=Window(start=START, end=START + timedelta(hours=1)))
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NAME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
TIME = st.integers(0, 10**12).map(lambda one: START + timedelta(milliseconds=one % 10**9))
LABELS = st.dictionaries(NAME, TEXT, max_size=3)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def series(draw: st.DrawFn) -> Series:
    seconds = sorted(draw(st.sets(st.integers(0, 10**6), min_size=1, max_size=5)))
    values = [draw(NUMBER | st.just(np.nan)) for _ in seconds]
    return Series(
        service=draw(NAME),
        metric=draw(NAME),
        unit=draw(TEXT),
        labels=draw(LABELS),
        times=np.array([START.timestamp() + one / 4 for one in seconds]),
        values=np.array(values),
    )


def told(one: Series) -> tuple[object, ...]:
    values = [None if np.isnan(value) else value for value in one.values.tolist()]
    return one.service, one.metric, one.unit, sorted(one.labels.items()), one.times.tolist(), values


def some(records: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | st.lists(records, max_size=3).map(tuple)


LINES = st.builds(LogLine, at=TIME, service=NAME, text=TEXT, severity=TEXT, trace_id=TEXT, instance=TEXT)
PATTERNS = st.builds(LogPattern, service=NAME, template=TEXT, count=st.integers(0, 9), baseline_count=st.none())
SPANS = st.builds(
    Span,
    trace_id=NAME,
    span_id=NAME,
    parent_id=st.none() | NAME,
    service=NAME,
    operation=TEXT,
    start=TIME,
    duration_s=NUMBER,
    status=st.sampled_from(["ok", "error", "unset"]),
    error=TEXT,
    attributes=LABELS,
)
ALERTS = st.builds(
    Alert,
    name=NAME,
    service=NAME,
    severity=st.sampled_from(["critical", "low"]),
    fired_at=TIME,
    resolved_at=st.none() | TIME,
    threshold=st.none() | NUMBER,
    labels=LABELS,
)
COMMITS = st.builds(Commit, sha=NAME, at=TIME, message=TEXT, author=TEXT, files=st.lists(NAME).map(tuple), diff=TEXT)
CHANGES = st.builds(
    ChangeSet,
    commits=st.lists(COMMITS, max_size=2).map(tuple),
    deployments=st.lists(st.builds(Deployment, service=NAME, at=TIME, commit=NAME), max_size=2).map(tuple),
    flags=st.lists(
        st.builds(FlagChange, flag=NAME, service=NAME, at=TIME, before=TEXT, after=TEXT), max_size=2
    ).map(tuple),
    configs=st.lists(
        st.builds(ConfigChange, key=NAME, service=NAME, at=TIME, before=TEXT, after=TEXT), max_size=2
    ).map(tuple),
    statuses=st.lists(st.builds(StatusEntry, provider=NAME, at=TIME, status=NAME, text=TEXT), max_size=2).map(tuple),
)  # fmt: skip
READS = st.builds(
    ClusterRead,
    query=st.builds(ClusterQuery, verb=st.just("get"), kind=NAME, name=TEXT, namespace=TEXT, port=st.integers(0, 9)),
    text=TEXT,
)
TAKEN = st.builds(
    Taken,
    cluster=TEXT,
    backends=LABELS,
    has_history=st.booleans(),
    log_lines=st.none() | st.integers(0, 9),
    failed=st.lists(st.builds(Failed, kind=NAME, asked=TEXT, happened=TEXT, helps=TEXT), max_size=2).map(tuple),
    left_out=st.lists(TEXT, max_size=2).map(tuple),
)
RECORDINGS = st.builds(
    Recording,
    title=TEXT,
    question=st.just(QUESTION),
    lines=some(LINES),
    patterns=some(PATTERNS),
    spans=some(SPANS),
    alerts=some(ALERTS),
    edges=some(st.builds(Edge, caller=NAME, callee=NAME, found_in=TEXT, calls=st.integers(0, 9))),
    changes=st.none() | CHANGES,
    cluster=some(READS),
    taken=st.none() | TAKEN,
)
PARTS = ("title", "question", "lines", "patterns", "spans", "alerts", "edges", "changes", "cluster", "taken")


def again(recording: Recording) -> Recording:
    with tempfile.TemporaryDirectory() as folder:
        TapeFolder(Path(folder) / "tape").save(recording)
        return TapeFolder(Path(folder) / "tape").load()


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(recording=RECORDINGS)
def test_every_part_reads_back_as_it_was(recording: Recording) -> None:
    read = again(recording)

    assert {name: getattr(read, name) for name in PARTS} == {name: getattr(recording, name) for name in PARTS}


@settings(max_examples=25, deadline=None)
@given(found=st.lists(series(), max_size=3, unique_by=lambda one: str(told(one)[:4])))
def test_series_read_back_with_each_sample_at_its_time(found: list[Series]) -> None:
    read = again(Recording(title="t", question=QUESTION, series=tuple(found))).series

    assert sorted(map(repr, map(told, read or ()))) == sorted(map(repr, map(told, found)))


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(recording=RECORDINGS)
def test_the_same_recording_has_the_same_hash_wherever_it_lies(recording: Recording) -> None:
    assert again(recording).sha256 == again(recording).sha256


def one_series(**more: object) -> Series:
    usual: dict[str, object] = {
        "service": "cart",
        "metric": "rate",
        "times": np.array([START.timestamp()]),
        "values": np.array([1.0]),
    }
    return Series(**{**usual, **more})  # type: ignore[arg-type]  # the fields of a series


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_a_sample_that_is_no_finite_number_is_written_as_missing(value: float) -> None:
    (read,) = (
        again(Recording(title="t", question=QUESTION, series=(one_series(values=np.array([value])),))).series or ()
    )

    assert np.isnan(read.values).all()


@pytest.mark.parametrize("service", ["a\rb", "a\nb", 'a"b', "a,b", "a\r\nb", "a\0b", " a ", "'a'", "ä→é", "\ufeffa"])
def test_a_name_of_any_characters_reads_back(service: str) -> None:
    (read,) = again(Recording(title="t", question=QUESTION, series=(one_series(service=service),))).series or ()

    assert read.service == service


@pytest.mark.parametrize(
    "recording",
    [
        Recording(title="t", question=QUESTION, series=(one_series(service="\ud800"),)),
        Recording(title="t", question=QUESTION, lines=(LogLine(at=START, service="a", text="\udcff"),)),
    ],
    ids=["series", "lines"],
)
def test_half_of_a_character_is_refused_before_anything_is_written(tmp_path: Path, recording: Recording) -> None:
    with pytest.raises(BadTape, match="cannot be written: a text is no Unicode"):
        TapeFolder(tmp_path / "tape").save(recording)

    assert list(tmp_path.iterdir()) == []


def test_a_long_title_is_cut_and_the_tape_is_whole() -> None:
    assert again(Recording(title="x" * 1000, question=QUESTION)).title == "x" * 300


HEAD = "time,service,metric,unit,labels,value\n"
AT = "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("rows", "told_so"),
    [
        (f"{AT},a,m,,{{x,1\n", "line 2: labels are a JSON object of texts"),
        (f'{AT},a,m,,"[1]",1\n', "line 2: labels are a JSON object of texts"),
        (f'{AT},a,m,,"{{""a"": 1}}",1\n', "line 2: labels are a JSON object of texts"),
        (f"{AT},a,m,,,1\n{AT},a,m,,,one\n", "line 3: could not convert string to float: 'one'"),
        (f"{AT},a,m,,,inf\n", "line 2: inf is no number that can be compared"),
        (f"{AT},a,m,,,-Infinity\n", "line 2: -Infinity is no number"),
        (f"{AT},a,m,,\n", r"line 2: not enough values to unpack \(expected 6, got 5\)"),
        (f"{AT},a,m,,,1,2\n", r"line 2: too many values to unpack \(expected 6\)"),
        (",a,m,,,1\n", "line 2: Invalid isoformat string: ''"),
        ("\n", "line 2: not enough values"),
        (f"{AT},a,m,,,1\n{AT},{'x' * 140_000},m,,,1\n", r"line 3: field larger than field limit \(131072\)"),
    ],
)
def test_a_broken_row_of_metrics_is_named_with_its_line(tmp_path: Path, rows: str, told_so: str) -> None:
    TapeFolder(tmp_path).save(Recording(title="t", question=QUESTION))
    (tmp_path / "metrics.csv").write_text(HEAD + rows)

    with pytest.raises(BadTape, match=rf"metrics\.csv, {told_so}"):
        TapeFolder(tmp_path).load()


def test_a_table_of_metrics_with_the_line_ends_of_another_system_is_read(tmp_path: Path) -> None:
    TapeFolder(tmp_path).save(Recording(title="t", question=QUESTION))
    (tmp_path / "metrics.csv").write_bytes((HEAD + f"{AT},cart,rate,1/s,,2.5\n").replace("\n", "\r\n").encode())

    (read,) = TapeFolder(tmp_path).load().series or ()

    assert told(read) == ("cart", "rate", "1/s", [], [START.timestamp()], [2.5])


def test_samples_in_any_order_are_put_in_order_and_the_last_of_one_moment_counts(tmp_path: Path) -> None:
    TapeFolder(tmp_path).save(Recording(title="t", question=QUESTION))
    later = "2026-03-01T00:01:00Z"
    (tmp_path / "metrics.csv").write_text(f"{HEAD}{later},a,m,,,2\n{AT},a,m,,,1\n{AT},a,m,,,9\n")

    (read,) = TapeFolder(tmp_path).load().series or ()

    assert read.values.tolist() == [9, 2]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200), name=st.sampled_from(["logs.ndjson", "metrics.csv", MANIFEST, "taken.json"]))
def test_no_bytes_at_all_break_the_reader(tmp_path: Path, content: bytes, name: str) -> None:
    folder = tmp_path / "tape"
    if not folder.exists():
        TapeFolder(folder).save(Recording(title="t", question=QUESTION))
    usual = (folder / MANIFEST).read_bytes()
    (folder / name).write_bytes(content)

    refused = ""
    try:
        TapeFolder(folder).load()
    except BadTape as bad:
        refused = str(bad)
    finally:
        (folder / name).unlink()
        (folder / MANIFEST).write_bytes(usual)

    assert not refused or name in refused


RUNBOOKS = st.builds(
    Runbook,
    name=NAME,
    title=st.text("abc #", max_size=12).map(str.strip),
    body=st.text("ab #\n-", max_size=30).map(lambda one: one.strip() + "\n"),
    risk=TEXT,
    owner=TEXT,
    minutes=st.integers(0, 99),
    service=TEXT,
    tags=st.lists(TEXT, max_size=3).map(tuple),
    source_url=TEXT,
)


@settings(max_examples=40, deadline=None)
@given(found=st.lists(RUNBOOKS, max_size=3, unique_by=lambda one: one.name))
def test_runbooks_read_back_with_all_that_is_told_of_them(found: list[Runbook]) -> None:
    read = again(Recording(title="t", question=QUESTION, runbooks=tuple(found))).runbooks or ()

    assert {one.name: replaced(one) for one in read} == {one.name: replaced(one) for one in found}


def replaced(one: Runbook) -> tuple[object, ...]:
    """All of a runbook but its version, which is a hash of its file; without a title its name is one."""
    title = one.title or next((line[2:].strip() for line in one.body.split("\n") if line[:2] == "# " and line[2:]), "")
    return one.body, title or one.name, one.risk, one.owner, one.minutes, one.service, one.tags, one.source_url


@pytest.mark.parametrize(
    "name",
    [
        "guides/databases/slow",
        "Rollback: web / api",
        "../../outside",
        "/etc/passwd",
        ".hidden",
        "x" * 400,
        "日本語",
        "a\nb",
    ],
)
def test_a_runbook_of_any_name_is_kept_inside_of_the_tape_under_that_name(tmp_path: Path, name: str) -> None:
    runbook = Runbook(name=name, title="Slow", body="# Slow\n", risk="low")

    TapeFolder(tmp_path / "tape").save(Recording(title="t", question=QUESTION, runbooks=(runbook,)))

    (read,) = TapeFolder(tmp_path / "tape").load().runbooks or ()
    assert (read.name, read.title, read.risk) == (name, "Slow", "low")
    assert [file.parent.name for file in tmp_path.rglob("*.md")] == ["runbooks"]
