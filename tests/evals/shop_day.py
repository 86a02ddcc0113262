"""A made-up day of a shop of many services in per-minute files: metrics that say nothing, traces and logs that do."""

import csv
import io
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

START = datetime(2026, 3, 2, 1, 0, 19, tzinfo=UTC)
SPANS = (
    "TraceID",
    "SpanID",
    "ParentID",
    "PodName",
    "OperationName",
    "StartTimeUnixNano",
    "EndTimeUnixNano",
    "Duration",
)
LINES = ("Timestamp", "TimeUnixNano", "Node", "PodName", "Container", "TraceID", "SpanID", "Log")
METRICS = ("Time", "TimeStamp", "PodName", "CpuUsageRate(%)", "PodServerLatencyP90(s)", "PodWorkload(Ops)")
KINDS = ("cpu_contention", "network_delay", "return", "exception")


@dataclass(frozen=True)
class Step:
    """A call of a service: what it reads itself, and whom it asks then."""

    service: str
    name: str
    asks: tuple["Step", ...]


@dataclass(frozen=True)
class Fault:
    """What was done to whom, and when."""

    at: datetime
    service: str
    kind: str


@dataclass
class Minute:
    """The rows of one minute while it is being made."""

    random: random.Random
    fault: Fault | None
    spans: list[list[str]] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def span(self, trace: str, parent: str, service: str, name: str, begin: float) -> tuple[str, list[str]]:
        own = f"{self.random.getrandbits(64):016x}"
        row = [trace, own, parent, pod(service), name, f"{int(begin * 1e9)}", "", ""]
        self.spans.append(row)
        return own, row

    def end(self, row: list[str], at: float) -> None:
        row[6] = f"{int(at * 1e9)}"
        row[7] = f"{(int(row[6]) - int(row[5])) // 1000}"

    def line(self, trace: str, span: str, service: str, at: float, text: str) -> None:
        moment = datetime.fromtimestamp(at, UTC).isoformat()
        self.lines.append([moment, f"{int(at * 1e9)}", "node-1", pod(service), service, trace, span, text])

    def hits(self, service: str, kind: str, at: float) -> bool:
        one = self.fault
        return one is not None and (one.service, one.kind) == (service, kind) and at >= one.at.timestamp()


def made_up(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 a made-up day is the same every time and guards nothing


def pod(service: str) -> str:
    return f"{service}-5f6585d649-fnmft"


def routes(services: Sequence[str], most: int, seed: int) -> list[Step]:
    """Make routes through the shop: every service does the same wherever it is asked for the same."""
    chance = made_up(seed)
    asks = {name: chance.sample(services[at + 1 :], min(chance.randint(0, 3), len(services) - at - 1))
            for at, name in enumerate(services)}  # fmt: skip

    def step(name: str, depth: int) -> Step:
        below = tuple(step(one, depth + 1) for one in asks[name]) if depth < 4 else ()
        return Step(service=name, name=f"Controller.handle{name.title()}", asks=below)

    return [step(name, 0) for name in services[:most]]


def walk(minute: Minute, one: Step, trace: str, parent: str, begin: float) -> tuple[float, bool]:
    """Run one call; return when it ended and whether it failed or came back empty."""
    chance, name = minute.random, one.service
    own, row = minute.span(trace, parent, name, one.name, begin)
    slow = 8.0 if minute.hits(name, "cpu_contention", begin) else 1.0
    at = begin + slow * chance.uniform(0.002, 0.004)
    minute.line(trace, own, name, at, f"[{name}][handle] request for account {chance.randint(1, 99999)} started")
    broken = next((kind for kind in ("return", "exception") if minute.hits(name, kind, begin)), "")
    if broken == "exception":
        text = f"Servlet.service() for {name} threw IllegalStateException: injected at row {chance.randint(1, 999)}"
        minute.line(trace, own, name, at, text)
    if broken:
        minute.end(row, at)
        return at, True
    _, read = minute.span(trace, own, name, f"SELECT shop.{name}", at)
    at += slow * chance.uniform(0.004, 0.008) + (0.2 if minute.hits(name, "network_delay", begin) else 0.0)
    minute.end(read, at)
    minute.line(trace, own, name, at, f"[{name}][find] found {chance.randint(1, 9)} rows")
    for below in one.asks:
        asked, waits = minute.span(trace, own, name, "HTTP GET", at)
        way = 0.2 if any(minute.hits(who, "network_delay", at) for who in (name, below.service)) else 0.0
        at, failed = walk(minute, below, trace, asked, at + way + 0.001)
        minute.end(waits, at + 0.001)
        if failed:
            minute.line(trace, own, name, at, f"[{name}][handle] {below.service} gave nothing, stopping")
            minute.end(row, at)
            return at, True
    at += slow * chance.uniform(0.001, 0.002)
    minute.line(trace, own, name, at, f"[{name}][handle] request done, all is well")
    minute.end(row, at)
    return at, False


def write_minute(
    folder: Path, ways: Sequence[Step], end: datetime, traces: int, fault: Fault | None, seed: int
) -> None:
    minute = Minute(random=made_up(seed), fault=fault)
    for _ in range(traces):
        begin = end.timestamp() - 60 + minute.random.uniform(0, 59)
        walk(minute, minute.random.choice(ways), f"{minute.random.getrandbits(128):032x}", "root", begin)
    write(folder / "trace" / f"{end:%H_%M}_trace.csv", [SPANS, *sorted(minute.spans), ["a", "stray,row", "x"]])
    write(folder / "log" / f"{end:%H_%M}_log.csv", [LINES, *sorted(minute.lines, key=lambda row: (row[3], row[1]))])


def write(file: Path, rows: Sequence[Sequence[str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8")


def write_metrics(folder: Path, services: Sequence[str], minutes: int) -> None:
    chance = made_up(1)
    for name in services:
        rows: list[Sequence[str]] = [METRICS]
        for minute in range(minutes):
            at = START + timedelta(minutes=minute)
            figures = (chance.uniform(4, 6), chance.uniform(0.01, 0.02), chance.uniform(18, 22))
            rows.append([f"{at:%Y-%m-%d %H:%M:%S}.607 +0000 UTC m=+0.1", f"{at.timestamp():.0f}", pod(name),
                         *(f"{one:.4f}" for one in figures)])  # fmt: skip
        write(folder / "metric" / f"{pod(name)}_metric.csv", rows)


def write_day(folder: Path, *, services: int, entries: int, traces: int, faults: int, seed: int = 1) -> list[Fault]:
    """Write a day with one minute of traces and logs for each fault, and none in between; return the faults."""
    chance = made_up(seed)
    names = [f"shop{at:02d}" for at in range(services)]
    ways = routes(names, entries, seed)
    used = sorted({one for way in ways for one in reached(way)})
    write_metrics(folder, names, 40 + 10 * faults)
    made = []
    for at in range(faults):
        moment = START + timedelta(minutes=30 + 10 * at, seconds=chance.randint(0, 30))
        made.append(Fault(at=moment, service=chance.choice(used), kind=KINDS[at % len(KINDS)]))
        end = moment.replace(second=0) + timedelta(minutes=1)
        write_minute(folder, ways, end, traces, made[-1], seed * 1000 + at)
    told = [
        {"inject_time": f"{one.at:%Y-%m-%d %H:%M:%S}", "inject_pod": pod(one.service), "inject_type": one.kind}
        for one in made
    ]
    (folder / "fault_list.json").write_text(json.dumps({"01": told}), encoding="utf-8")
    return made


def reached(step: Step) -> Iterator[str]:
    yield step.service
    for below in step.asks:
        yield from reached(below)
