"""One fault, live: from nothing to a shop, an alert that fires by itself, and the commit that is to blame."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.cli.command import run_bare
from tests.fakes.observability import needs

LONGEST_S = 150


def rootline(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("ROOTLINE_")}
    return subprocess.run(
        [sys.executable, "-m", "rootline.cli", *words, "--home", str(home)],
        env={**own, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )


def processes_of(home: Path) -> list[str]:
    """The processes that know the folder, by command line or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(home / "lab").encode() in told and process.name != str(os.getpid()):
            found.append(process.name)
    return found


@pytest.mark.timeout(LONGEST_S)
@pytest.mark.promise("the-lab-is-real")
def test_a_bad_commit_is_found_live_and_nothing_is_left_behind(tmp_path: Path) -> None:
    needs("prometheus")
    needs("prometheus-alertmanager")

    done = rootline(
        *("lab", "check", "--only", "error-after-deploy", "--seed", "1", "--json", str(tmp_path / "report.json")),
        home=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    (found,) = json.loads((tmp_path / "report.json").read_text())["faults"]
    assert found["alert"] is not None
    assert found["innocent_before"] >= 5
    assert (found["service_rank"], found["culprit_rank"]) == (1, 1), done.stdout
    assert processes_of(tmp_path) == []


def test_without_the_servers_it_says_how_to_get_them(tmp_path: Path) -> None:
    done = run_bare("lab", "up", "--home", str(tmp_path), at=tmp_path, PATH=str(tmp_path))

    assert done.code == 3
    assert "apt-get install --no-install-recommends prometheus prometheus-alertmanager" in done.err
    assert not (tmp_path / "lab").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("break", "earthquake"), "There is no fault 'earthquake'. Known: slow-dependency,"),
        (("break",), "Name one fault, or a patch with the service that runs it"),
        (("break", "--patch", "gone.diff"), "Name one fault, or a patch with the service that runs it"),
        (("break", "memory-leak"), "No laboratory runs in"),
        (("down",), "No laboratory runs in"),
        (("check", "--only", "earthquake"), "There is no fault 'earthquake'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    if words[0] == "check":
        needs("prometheus-alertmanager")

    done = run_bare("lab", *words, "--home", str(tmp_path), at=tmp_path)

    assert (done.code, says in done.err) == (3, True), done.err


@pytest.mark.timeout(LONGEST_S)
def test_a_shop_opens_is_asked_about_and_ends_even_when_it_is_killed(tmp_path: Path) -> None:
    needs("prometheus")
    needs("prometheus-alertmanager")

    opened = rootline("lab", "up", "--detach", home=tmp_path)
    assert opened.returncode == 0, opened.stderr
    state = json.loads((tmp_path / "lab" / "state.json").read_text())
    status, again = rootline("lab", "status", home=tmp_path), rootline("lab", "up", home=tmp_path)
    os.kill(state["pid"], signal.SIGKILL)
    end = time.monotonic() + 20
    while processes_of(tmp_path) and time.monotonic() < end:
        threading.Event().wait(0.2)

    assert "gateway" in status.stdout
    assert (again.returncode, "runs in" in again.stderr) == (3, True)
    assert processes_of(tmp_path) == []
