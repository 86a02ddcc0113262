"""Seconds from a question to a ranked draft on a real Prometheus, and how they grow with the number of services.

    python -m benchmarks.draft_scaling --services 20 50 100 200 --rounds 5

Each size has its own Prometheus on loopback, backfilled with two hours of ten metrics a service; each round connects
anew, so nothing is remembered. Wall time is from the question to the checked and stored answer; the store is memory,
or with `--stored` the embedded PostgreSQL. CPU is of our process alone.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.observability import prometheus

from benchmarks.shop_history import HOUR, history
from rootline.desk import Desk
from rootline.domain.session import Question
from rootline.live import live_ground
from rootline.opening import memory_desk, open_desk
from rootline.settings import Settings

LIMIT_S = 1.0
CULPRIT = "service-0"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One round."""

    wall_s: float
    cpu_s: float
    first: str


@asynccontextmanager
async def desk_of(settings: Settings, *, stored: bool) -> AsyncIterator[Desk]:
    """Open the desk that is measured."""
    if not stored:
        yield memory_desk(settings)
        return
    async with open_desk(settings) as desk:
        yield desk


async def once(desk: Desk) -> Taken:
    """Ask one question on fresh connections."""
    ground = live_ground(desk.settings)
    began, spent = time.perf_counter(), time.process_time()
    record = await desk.open(Question(text="What is wrong?", window=HOUR))
    record = await desk.run(record, ground)
    hypotheses = record.answer.hypotheses if record.answer else ()
    return Taken(
        wall_s=time.perf_counter() - began,
        cpu_s=time.process_time() - spent,
        first=hypotheses[0].subject if hypotheses else "",
    )


async def measured(services: int, rounds: int, *, stored: bool) -> list[Taken]:
    """Measure one size; the first round warms up and is left out."""
    with (
        tempfile.TemporaryDirectory(prefix="rootline-draft-") as folder,
        prometheus(Path(folder), history(services)) as url,
    ):
        settings = Settings(home=Path(folder) / "home", environment={"ROOTLINE_PROMETHEUS_URL": url})
        async with desk_of(settings, stored=stored) as desk:
            return [await once(desk) for _ in range(rounds + 1)][1:]


def main() -> None:
    """Measure every size and print the growth."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--services", type=int, nargs="+", default=[20, 50, 100, 200])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stored", action="store_true", help="store in the embedded PostgreSQL instead of memory")
    given = parser.parse_args()
    medians: list[tuple[int, float]] = []
    for services in given.services:
        taken = asyncio.run(measured(services, given.rounds, stored=given.stored))
        wall, cpu = (statistics.median(getattr(one, name) for one in taken) for name in ("wall_s", "cpu_s"))
        right = sum(one.first.startswith(CULPRIT) for one in taken)
        medians.append((services, wall))
        print(
            f"{services:>4} services  wall median {wall:5.2f} s (best {min(one.wall_s for one in taken):.2f})  "
            f"cpu {cpu:5.2f} s  {1000 * wall / services:5.1f} ms a service  culprit first {right}/{len(taken)}",
            flush=True,
        )
    (least, small), (most, large) = medians[0], medians[-1]
    print(f"{most / least:.0f} times the services took {large / small:.1f} times as long")


if __name__ == "__main__":
    main()
