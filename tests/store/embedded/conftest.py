"""Homes for real servers, and real processes that use them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

USE = """
import sys
from pathlib import Path
from rootline.store.embedded import start
start(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""


ROOMY_BYTES = 500_000_000
MEMORY = Path("/dev/shm")  # noqa: S108 - each home is a fresh folder with a name nobody can guess


def fresh_folder() -> Path:
    """Make a folder, in memory where there is room: a busy disk would decide how long these tests take."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOMY_BYTES
    return Path(tempfile.mkdtemp(prefix="rootline-", dir=MEMORY if roomy else None))


def postgres_within(folder: Path) -> list[int]:
    """List the PostgreSQL processes whose working folder lies within the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stands = (entry / "cwd").readlink()
            if stands.is_relative_to(folder) and (entry / "comm").read_text().strip() == "postgres":
                found.append(int(entry.name))
    return found


def end_all_within(folder: Path) -> int:
    """Kill every server in the folder, so that no test leaves one, and count the processes."""
    left = postgres_within(folder)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(left)


@pytest.fixture
def new_home() -> Iterator[Path]:
    """Lend a home with a short path that does not exist yet."""
    folder = fresh_folder()
    yield folder / "home"
    left = end_all_within(folder)
    shutil.rmtree(folder)
    assert left == 0


@pytest.fixture(scope="session")
def shared_home() -> Iterator[Path]:
    """Keep one home for all tests that do not care who made its data folder."""
    folder = fresh_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(shared_home: Path) -> Iterator[Path]:
    """Lend the shared home while no server runs there; tables of earlier tests may exist."""
    yield shared_home
    assert end_all_within(shared_home) == 0


@pytest.fixture
def moved(home: Path) -> Iterator[Callable[[str], Path]]:
    """Give the home's data another path for one test; moving is cheaper than making."""
    places: list[Path] = []

    def move(name: str) -> Path:
        places.append(home / name)
        places[-1].mkdir()
        if (home / "postgres").exists():
            (home / "postgres").rename(places[-1] / "postgres")
        return places[-1]

    yield move
    for place in places:
        (place / "postgres").rename(home / "postgres")
        place.rmdir()


@pytest.fixture
def user() -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Start a process that uses the server under a home until its standard input is closed."""
    started: list[subprocess.Popen[str]] = []

    def begin(home: Path) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        started.append(subprocess.Popen([sys.executable, "-c", USE, home], stdin=pipe, stdout=pipe, text=True))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()
