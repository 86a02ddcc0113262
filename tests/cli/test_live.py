"""One line connects: the command line on a real Prometheus, and doctor on what it can meet."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.incident import HOUR
from tests.fakes.observability import free_port, prometheus
from tests.fakes.shop import samples

from rootline.domain.window import rfc3339

TIMES = ("--start", rfc3339(HOUR.start), "--end", rfc3339(HOUR.end))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("shop"), samples()) as url:
        yield url


def run(*words: str, at: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {"ROOTLINE_HOME": str(at / "home"), "NO_COLOR": "1", **variables}
    return subprocess.run(
        [sys.executable, "-m", "rootline.cli", *words],
        env={**os.environ, **own},
        cwd=at,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_live_prometheus_is_investigated_and_the_answer_replays(shop: str, tmp_path: Path) -> None:
    asked = ("investigate", "checkout is slow", *TIMES, "--save", "mine")

    done = run(*asked, at=tmp_path, ROOTLINE_PROMETHEUS_URL=shop)

    assert done.returncode == 0, done.stderr
    assert "✓ [E3] checkout http_requests_error_ratio rose" in done.stdout
    replayed = run("replay", "mine", "--json", at=tmp_path)
    assert (replayed.returncode, '"outcome": "explained"' in replayed.stdout) == (0, True), replayed.stderr


def test_without_any_source_the_next_step_is_told(tmp_path: Path) -> None:
    done = run("investigate", "why?", at=tmp_path)

    assert done.returncode == 3
    assert "ROOTLINE_PROMETHEUS_URL=http://127.0.0.1:9090" in done.stderr


def test_a_dead_backend_is_named_and_nothing_crashes(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    done = run("investigate", "why?", at=tmp_path, ROOTLINE_PROMETHEUS_URL=url)

    assert done.returncode == 4
    assert "nothing accepts connections there" in done.stdout
    assert "Traceback" not in done.stderr


def test_doctor_tells_of_each_source_what_it_found_and_the_next_step(shop: str, tmp_path: Path) -> None:
    dead = f"http://127.0.0.1:{free_port()}"

    done = run("doctor", at=tmp_path, ROOTLINE_PROMETHEUS_URL=shop, ROOTLINE_LOKI_URL=dead)

    assert done.returncode == 3
    assert "live metrics, logs, alerts; not connected: traces, changes" in done.stdout
    assert "has no sample of the last hour. See whether its targets are up" in done.stdout
    assert f"Loki at {dead}: nothing accepts connections there" in done.stdout
