"""Many clusters that each send half a gigabyte cost little memory together, and those that answer well still count."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.fakes.wire import Answer, Asked, Said, answering, said
from tests.sources.test_hostile_backends import MOST_MORE_MB, always, dense, flood, matrix

from rootline.sources.in_flight import LEAST_SHARE_BYTES, Body, InFlight

ROOT = Path(__file__).parents[3]
CLUSTERS = 24
MEASURE = """
import asyncio, gc, json, re, sys
from pathlib import Path
from tests.fakes.incident import HOUR
from rootline.sources.backend import backend
from rootline.sources.fleet.guard import Watch
from rootline.sources.fleet.hearing import hearing
from rootline.sources.fleet.reaching import reach
from rootline.sources.logs.source import LogQuery
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.stack import KINDS, Named, Stack

def memory(what):
    return int(re.search(what + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1)) / 1024

def stack(at, url):
    named = [Named(name=kind, kind=kind, backend=backend(KINDS[kind], kind, url)) for kind in ("prometheus", "loki")]
    return Stack(cluster=f"c{at:02}", backends=tuple(named))

async def ask(urls):
    sources = reach([stack(at, url) for at, url in enumerate(urls)], Watch(deadline_s=60))
    series, alerts = sources.metrics.series(MetricQuery(), HOUR), sources.alerts.alerts(HOUR)
    reads = [series, alerts, sources.logs.read(LogQuery(), HOUR)]
    with hearing() as heard:
        await asyncio.gather(*reads, return_exceptions=True)
    return {f"{one.cluster} {one.asked}": one.status for one in heard.outcomes}

good, *bad = sys.argv[1:]
asyncio.run(ask([good, good]))
gc.collect()
before = memory("VmRSS")
Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
told = asyncio.run(ask([*bad, good]))
print(json.dumps([memory("VmHWM") - before, told]))
"""


def late(worst: Answer) -> Answer:
    """Answer small questions well and large ones badly."""
    names = json.dumps({"data": [f"requests_{number}_seconds" for number in range(40)] + ["service_name", "service"]})

    def answer(asked: Asked) -> Said:
        if "label" in asked.path:
            return said(names)
        return said('{"data":{"result":[]}}') if asked.path == "/api/v1/query" else worst(asked)

    return answer


def empty(asked: Asked) -> Said:
    """Answer everything as a backend does that has nothing."""
    is_list = "label" in asked.path
    return said(
        '{"status":"success","data":[]}' if is_list else '{"status":"success","data":{"result":[],"groups":[]}}'
    )


@pytest.fixture
def floods() -> Iterator[list[str]]:
    kinds = [flood, dense("[],"), always(matrix()), late(flood), late(dense("[],")), late(always(matrix()))]
    with ExitStack() as open_servers:
        urls = [open_servers.enter_context(answering(one)) for one in kinds]
        yield [urls[at % len(urls)] for at in range(CLUSTERS)]


def test_a_fleet_of_floods_costs_little_memory(floods: list[str]) -> None:
    with answering(empty) as good:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, good, *floods], check=True, capture_output=True, text=True, cwd=ROOT
        )

    more, told = json.loads(done.stdout.splitlines()[-1])
    assert more < MOST_MORE_MB
    assert told[f"c{CLUSTERS:02} metrics"] == "no_data"
    assert told["c00 metrics"] == "error"


def test_beyond_the_most_no_answer_grows_above_its_share_and_small_ones_always_do() -> None:
    account = InFlight(4 * LEAST_SHARE_BYTES)
    large, other, small = Body(account), Body(account), Body(account)

    assert large.take(b"x" * 3 * LEAST_SHARE_BYTES)
    assert other.take(b"x" * LEAST_SHARE_BYTES)
    assert not large.take(b"x")
    assert small.take(b"x" * LEAST_SHARE_BYTES)
    large.clear()
    assert other.take(b"x" * LEAST_SHARE_BYTES)
    assert account.held_bytes == 3 * LEAST_SHARE_BYTES


def test_an_answer_that_nobody_holds_is_counted_no_more() -> None:
    account = InFlight()
    body = Body(account)
    body.take(b"x" * 1000)
    body.clear()
    body.clear()
    del body
    Body(account).take(b"y" * 10)

    assert account.held_bytes == 0
