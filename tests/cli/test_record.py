"""A tape of real live sources replays to the very answer that was given while it was written."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.command import run
from tests.cli.test_live import clone, log_lines, spans
from tests.fakes.dcgm import MIDDLE, board, exposition, since
from tests.fakes.incident import HOUR
from tests.fakes.log_servers import loki
from tests.fakes.observability import alertmanager, free_port, prometheus, send
from tests.fakes.shop import FAILING, samples
from tests.fakes.trace_servers import tempo
from tests.fakes.wire import answering

from rootline.domain.fact import ConditionFact
from rootline.domain.window import rfc3339
from rootline.tapes.folder import TapeFolder

SECRET = "AKIAIOSFODNN7EXAMPLE"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("shop"), samples()) as url:
        yield url


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with alertmanager(tmp_path_factory.mktemp("alerts")) as url:
        firing = {
            "labels": {"alertname": "ErrorsHigh", "service": FAILING, "severity": "critical", "key": SECRET},
            "annotations": {"summary": f"errors above 5 %, key {SECRET}"},
            "startsAt": rfc3339(HOUR.start + timedelta(minutes=42)),
            "endsAt": "2999-01-01T00:00:00Z",
        }
        send(f"{url}/api/v2/alerts", json.dumps([firing]), content_type="application/json")
        yield url


def answer_of(folder: Path) -> tuple[object, object]:
    """Return every hypothesis, and of each piece of evidence what it was asked and the hash of what it says."""
    held = TapeFolder(folder).load()
    assert held.answer is not None
    return held.answer.hypotheses, [
        (one.tool, one.arguments, one.reading.status, one.sha256) for one in held.results or ()
    ]


@pytest.mark.promise("live-tape-same-answer")
def test_a_tape_of_live_sources_replays_to_the_same_answer(shop: str, alerts: str, tmp_path: Path) -> None:
    repository = clone(tmp_path)
    dead = f"http://127.0.0.1:{free_port()}"
    with answering(loki(log_lines())) as logs, answering(tempo(spans())) as traces:
        for name, seen in (("mine", logs), ("without-logs", dead)):
            done = run(
                *(
                    "tape",
                    "record",
                    name,
                    "--window",
                    "1h",
                    "--end",
                    rfc3339(HOUR.end),
                    "--question",
                    "checkout is slow",
                ),
                at=tmp_path,
                ROOTLINE_PROMETHEUS_URL=shop,
                ROOTLINE_ALERTMANAGER_URL=alerts,
                ROOTLINE_LOKI_URL=seen,
                ROOTLINE_TEMPO_URL=traces,
                ROOTLINE_GIT_REPOSITORY=str(repository),
            )
            assert done.code == 0, done.err
            assert f"wrote {name}" in done.out

    for name in ("mine", "without-logs"):
        replayed = run("replay", name, "--save", f"{name}-again", at=tmp_path)
        assert replayed.code == 0, replayed.err
        assert answer_of(tmp_path / f"{name}-again") == answer_of(tmp_path / name)
        assert run("diff", name, f"{name}-again", at=tmp_path).out.strip() == "nothing differs"
    written = "".join(file.read_text() for file in (tmp_path / "mine").rglob("*") if file.is_file())
    assert SECRET not in written
    asked_anew = run("investigate", "--tape", "mine", at=tmp_path)
    assert (asked_anew.code, "payment" in asked_anew.out) == (0, True), asked_anew.err


@pytest.mark.promise("live-tape-same-answer")
def test_gpus_are_on_a_tape_and_replay_to_the_same_answer(tmp_path: Path) -> None:
    boards = board("worker-1", 0, pod="train-0"), board("worker-1", 1, pod="train-1", XID_ERRORS=since(MIDDLE, 79))
    asking = ("--window", "1h", "--end", rfc3339(HOUR.end), "--question", "Why did training stop?")
    (tmp_path / "farm").mkdir()
    with prometheus(tmp_path / "farm", exposition(*boards)) as url:
        done = run("tape", "record", "mine", *asking, at=tmp_path, ROOTLINE_PROMETHEUS_URL=url)

    replayed = run("replay", "mine", "--save", "again", at=tmp_path)

    kept = TapeFolder(tmp_path / "mine").load()
    assert (done.code, replayed.code) == (0, 0), done.err + replayed.err
    assert [(one.node, one.gpu.index, one.highest["XID_ERRORS"]) for one in kept.gpus or ()] == [
        ("worker-1", 0, 0.0),
        ("worker-1", 1, 79.0),
    ]
    assert "gpu_error" in {
        fact.cause for one in kept.results or () for fact in one.reading.facts if isinstance(fact, ConditionFact)
    }
    assert answer_of(tmp_path / "again") == answer_of(tmp_path / "mine")
    assert run("diff", "mine", "again", at=tmp_path).out.strip() == "nothing differs"
