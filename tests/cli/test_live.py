"""One line connects: the command line on a real Prometheus, and doctor on what it can meet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.command import run
from tests.fakes.clone import Clone
from tests.fakes.incident import HOUR, ONSET, START, incident
from tests.fakes.log_servers import loki
from tests.fakes.observability import free_port, prometheus
from tests.fakes.shop import FAILING, SLOW, samples
from tests.fakes.trace_servers import tempo
from tests.fakes.wire import answering, said

from rootline.domain.signal import LogLine, Span
from rootline.domain.window import rfc3339

TIMES = ("--start", rfc3339(HOUR.start), "--end", rfc3339(HOUR.end))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("shop"), samples()) as url:
        yield url


def log_lines() -> list[LogLine]:
    calm = [
        LogLine(at=START + timedelta(seconds=20 * at), service=SLOW, text=f"handled charge {at}", severity="INFO")
        for at in range(170)
    ]
    sick = [
        LogLine(
            at=ONSET + timedelta(seconds=10 * at),
            service=SLOW,
            text=f"timeout waiting for connection from pool, size 5, waiting {at}",
            severity="ERROR",
        )
        for at in range(100)
    ]
    return [*calm, *sick]


def spans() -> list[Span]:
    names = {"service-0": SLOW, "service-1": FAILING}
    numbers = {"a": f"{1:016x}", "b": f"{2:016x}"}
    return [
        replace(
            one,
            service=names[one.service],
            span_id=numbers[one.span_id],
            parent_id=numbers[one.parent_id] if one.parent_id else None,
        )
        for one in incident().spans or ()
    ]


def clone(folder: Path) -> Path:
    made = Clone(folder / SLOW)
    made.commit("pool.py", "MAX_CONNECTIONS = 50\n", "begin", START - timedelta(days=2))
    made.commit("pool.py", "MAX_CONNECTIONS = 5\n", "use fewer connections", ONSET - timedelta(minutes=6))
    made.git("tag", "-a", "-m", "out", f"deploy/{SLOW}/v2", at=ONSET - timedelta(minutes=1))
    return made.folder


def test_live_sources_find_the_cause_together_and_the_answer_replays(shop: str, tmp_path: Path) -> None:
    with answering(loki(log_lines())) as logs, answering(tempo(spans())) as traces:
        done = run(
            *("investigate", "checkout is slow", *TIMES, "--save", "mine"),
            at=tmp_path,
            ROOTLINE_PROMETHEUS_URL=shop,
            ROOTLINE_LOKI_URL=logs,
            ROOTLINE_TEMPO_URL=traces,
            ROOTLINE_GIT_REPOSITORY=str(clone(tmp_path)),
        )

    assert done.code == 0, done.err
    assert "✓ [E3] payment http_request_duration_seconds_mean rose" in done.out
    assert "✓ [E6] a change to payment adds “MAX_CONNECTIONS = 5”" in done.out
    replayed = run("replay", "mine", "--json", at=tmp_path)
    assert (replayed.code, '"outcome": "explained"' in replayed.out) == (0, True), replayed.err


def test_without_any_source_the_next_step_is_told(tmp_path: Path) -> None:
    done = run("investigate", "why?", at=tmp_path)

    assert done.code == 3
    assert "ROOTLINE_PROMETHEUS_URL=http://127.0.0.1:9090" in done.err


def test_a_dead_backend_is_named_and_nothing_crashes(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    done = run("investigate", "why?", at=tmp_path, ROOTLINE_PROMETHEUS_URL=url)

    assert done.code == 4
    assert "nothing accepts connections there" in done.out
    assert "Traceback" not in done.err


def test_doctor_tells_of_each_source_what_it_found_and_the_next_step(shop: str, tmp_path: Path) -> None:
    dead = f"http://127.0.0.1:{free_port()}"

    done = run("doctor", at=tmp_path, ROOTLINE_PROMETHEUS_URL=shop, ROOTLINE_LOKI_URL=dead)

    assert done.code == 3
    assert "live metrics, logs, alerts, topology, gpus; not connected: traces, changes" in done.out
    assert "has no sample of the last hour. See whether its targets are up" in done.out
    assert f"Loki at {dead}: nothing accepts connections there" in done.out


def test_doctor_names_each_mistake_in_the_file_and_asks_nothing_by_it(tmp_path: Path) -> None:
    file = tmp_path / "rootline.yaml"
    file.write_text("clusters: {a: {}}\nrunbooks: {folder: nowhere}\nmaintenance: [{name: x, service: a}]\n")
    two = run("doctor", at=tmp_path)

    assert two.code == 3
    assert "ok   database     embedded PostgreSQL answers" in two.out
    assert "BAD  runbooks     rootline.yaml: runbooks: nowhere does not exist" in two.out
    assert "maintenance.0.service: there is no such key, did you mean services?" in two.out


def test_doctor_says_once_that_the_file_is_no_yaml_or_not_there(tmp_path: Path) -> None:
    file = tmp_path / "rootline.yaml"
    file.write_text("clusters:\n\ta: {}\n")
    none = run("doctor", at=tmp_path)
    file.unlink()
    gone = run("doctor", at=tmp_path, ROOTLINE_CONFIG="elsewhere.yaml")

    assert (none.code, gone.code) == (3, 3)
    (row,) = [line for line in none.out.splitlines() if line.startswith("BAD")]
    assert row.startswith(
        "BAD  config       rootline.yaml is no YAML: while scanning for the next token found character"
    )
    assert row.endswith("Mend it there; none of it counts until then.")
    (row,) = [line for line in gone.out.splitlines() if line.startswith("BAD")]
    assert row == "BAD  config       elsewhere.yaml cannot be read: No such file or directory."
    assert all("model        built-in investigator" in one.out for one in (none, gone))
    assert all("ok   database     embedded PostgreSQL answers" in one.out for one in (none, gone))


def test_doctor_asks_the_qdrant_that_is_named_and_says_why_it_refuses(tmp_path: Path) -> None:
    refusal = '{"status": {"error": "Must provide an API key"}, "time": 0.0}'
    with answering(lambda _: said(refusal, 401)) as url:
        done = run("doctor", at=tmp_path, ROOTLINE_QDRANT_URL=url, ROOTLINE_QDRANT_KEY="s3cret")

    assert done.code == 3
    assert "BAD  qdrant       Qdrant: it answers 401: Must provide an API key. See ROOTLINE_QDRANT_URL" in done.out
    assert "s3cret" not in done.out + done.err
    assert "Warning" not in done.err
