"""Kills an investigation, or PostgreSQL under it, with -9 at random moments, resumes it, and looks for what is lost.

    python benchmarks/kill_points.py --points 100 --seed 1

Prints one line a point and a summary; exits with 1 if anything stored or shown was lost, fetched or paid for again.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.fakes.model_server import ModelServer
from tests.fakes.model_turn import Call, Turn

from rootline.domain.evidence import JsonObject
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.store.journal import Record

Victim = Literal["process", "postgres"]
LATEST_S = 0.4
MOMENTS = (
    "Checkout",
    "→ asking get_alerts",
    *(f"← E{number} " for number in range(1, 11)),
    "→ asking search_logs",
    "Outcome",
)
MOST_RESUMES = 5
_SHOWN = re.compile(r"^← (E\d+) ", re.MULTILINE)
_TURNS = (
    Turn(
        calls=(
            Call(name="search_logs", arguments={"service": "checkoutservice"}, id="c1"),
            Call(name="get_alerts", arguments={"state": "firing"}, id="c2"),
        )
    ),
    Turn(calls=(Call(name="query_metrics", arguments={"service": "checkoutservice"}, id="c3"),)),
    Turn(
        calls=(
            Call(name="answer", arguments={"claims": [{"evidence": "E3", "fact": 0, "predicate": "rose"}]}, id="end"),
        )
    ),
)


@dataclass(frozen=True, kw_only=True)
class Point:
    """What one kill came to; `faults` is empty when nothing was lost."""

    moment: str
    victim: Victim
    stored: int
    faults: tuple[str, ...]


def _script(request: JsonObject) -> Turn:
    """Answer by how far the conversation is, so that a repeated request gets the same turn."""
    messages = request["messages"]
    rounds = sum(one.get("role") == "assistant" for one in messages)  # type: ignore[union-attr]
    return _TURNS[min(rounds - 1, len(_TURNS) - 1)]


async def kill_at(shown: str, delay_s: float, victim: Victim, home: Path) -> Point:
    """Start an investigation, kill it some seconds after it has shown some words, resume it to the end, and compare."""
    async with ModelServer(_script) as server:
        environment = {**os.environ, "ROOTLINE_HOME": str(home), "ROOTLINE_MODEL_URL": server.openai_url}
        model = "openai-compatible:scripted-model"
        run = await _start(environment, "investigate", "--tape", "demo", "--model", model)
        seen = await _wait(run, shown)
        await asyncio.sleep(delay_s)
        labels = await _kill(run, victim, home, seen)
        before = await _stored(home)
        paid = len(server.requests)
        for _ in range(MOST_RESUMES):
            if before is None or (left := await _stored(home)) is None or left.investigation.state != "running":
                break
            resumed = await _start(environment, "session", "resume")
            await resumed.communicate()
        now = await _stored(home)
        requests = server.requests[paid:]
    return Point(
        moment=f"{delay_s:.3f} s after {shown.strip()!r}",
        victim=victim,
        stored=len(before.messages) if before else 0,
        faults=tuple(_faults(labels, before, now, requests)),
    )


async def _start(environment: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-m", "rootline.cli", *arguments, env=environment, stdout=pipe, stderr=pipe
    )


async def _wait(run: asyncio.subprocess.Process, after: str) -> str:
    """Wait for the words, and return what was shown until then."""
    read, out = b"", run.stdout
    while out is not None and after.encode() not in read and (line := await out.readline()):
        read += line
    return read.decode()


async def _kill(run: asyncio.subprocess.Process, victim: Victim, home: Path, seen: str) -> set[str]:
    """Kill the victim and return the labels that a person had seen."""
    if victim == "process" and run.returncode is None:
        run.kill()
    if victim == "postgres":
        await asyncio.to_thread(_kill_postmaster, home)
    out, _ = await run.communicate()
    return set(_SHOWN.findall(seen + out.decode()))


def _kill_postmaster(home: Path) -> None:
    for file in home.rglob("postmaster.pid"):
        with suppress(ProcessLookupError, ValueError, IndexError):
            os.kill(int(file.read_text().split()[0]), signal.SIGKILL)


async def _stored(home: Path) -> Record | None:
    async with open_desk(Settings(home=home)) as desk:
        known = await desk.journal.investigations()
        return await desk.journal.record(known[0].id) if known else None


def _faults(shown: set[str], before: Record | None, after: Record | None, requests: list[JsonObject]) -> list[str]:
    if before is None:
        return [f"{sorted(shown)} was shown and nothing is stored"] if shown else []
    if after is None:
        return ["the investigation is gone"]
    faults = []
    missing = shown - {one.label for one in before.evidence}
    if missing:
        faults.append(f"{sorted(missing)} was shown but not stored")
    if after.messages[: len(before.messages)] != before.messages:
        faults.append("stored messages changed")
    if after.evidence[: len(before.evidence)] != before.evidence:
        faults.append("stored evidence was fetched again")
    if len({one.label for one in after.evidence}) != len(after.evidence):
        faults.append("a label stands twice")
    if after.investigation.state != "done" or after.answer is None:
        faults.append(f"it did not end: {after.investigation.state}")
    turns = sum(message.role == "assistant" for message in before.messages)
    asked = [sum(one.get("role") == "assistant" for one in request["messages"]) for request in requests]  # type: ignore[union-attr]
    if any(count < turns for count in asked):
        faults.append("a stored turn was paid for again")
    return faults


async def main() -> int:
    """Kill at as many points as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    points = []
    for at in range(given.points):
        victim: Victim = "postgres" if at % 2 else "process"
        with tempfile.TemporaryDirectory() as folder:
            points.append(await kill_at(draw.choice(MOMENTS), draw.uniform(0, LATEST_S), victim, Path(folder) / "home"))
        one = points[-1]
        found = ", ".join(one.faults) or "nothing lost"
        print(f"{at + 1}/{given.points} {one.victim} {one.moment}, {one.stored} messages stored: {found}")
    bad = sum(bool(one.faults) for one in points)
    print(f"{len(points)} points, {sum(one.stored > 1 for one in points)} inside a turn, {bad} with something lost")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
