"""Evidence of a made-up incident, varied by a seed, with the truths that whoever made it knows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Literal

from rootline.domain.evidence import Evidence, JsonObject, Reading, SourceName, Status, fingerprint
from rootline.domain.fact import (
    AbsenceFact,
    AlertFact,
    AnyFact,
    ChangeFact,
    ConditionFact,
    EdgeFact,
    LineProof,
    LogFact,
    OperationFact,
    SeriesFact,
    ServiceFact,
    TextFact,
)
from rootline.domain.points import Points
from rootline.domain.window import Window

DAY = datetime(2026, 3, 4, tzinfo=UTC)
STEP_S = 15
SAMPLES = 160
SHAPES = ("step", "ramp", "spike", "gone", "drop", "flat", "dent")
UNITS = ("ms", "s", "ratio", "bytes", "1/s", "count", "")
WORDS = ("acorn", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "islet", "juniper", "kelp", "larch")


def stored(label: str, facts: Sequence[AnyFact], window: Window, *, status: Status = "ok", **asked: str) -> Evidence:
    """Store facts as a tool would, with a true hash."""
    source = SourceName(backend="recorded", cluster="c1")
    reading = Reading(status=status, summary="", facts=tuple(facts), source=source, window=window)
    arguments: JsonObject = dict(asked)
    sha256 = fingerprint("tool", arguments, reading)
    return Evidence(label=label, tool="tool", arguments=arguments, reading=reading, sha256=sha256, taken_at=window.end)


@dataclass
class World:
    """One made-up incident: twelve services, their signals, and what changed."""

    seed: int
    random: random.Random = field(init=False)
    window: Window = field(init=False)
    services: list[str] = field(init=False)
    onset: datetime = field(init=False)
    evidence: dict[str, Evidence] = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 (no secret)
        start = DAY + timedelta(minutes=self.random.randrange(0, 1400))
        self.window = Window(start=start, end=start + timedelta(seconds=STEP_S * SAMPLES))
        self.services = [f"{word}-{self.random.randrange(100, 999)}" for word in WORDS]
        self.onset = start + timedelta(seconds=STEP_S * self.random.randrange(60, 90))
        made = {
            "E1": stored("E1", [self._series(name, shape) for name, shape in self._pairs()], self.window),
            "E2": stored("E2", [self._log(name, rank) for rank, name in enumerate(self.services)], self.window),
            "E3": stored("E3", [self._change(name) for name in self.services], self._before()),
            "E4": stored("E4", [*self._edges(), *self._nodes()], self.window),
            "E5": stored("E5", self._cluster(), self.window),
            "E6": stored("E6", [self._alert(name) for name in self.services[:6]], self.window),
            "E7": stored("E7", [self._operation(name) for name in self.services], self.window),
            "E8": stored("E8", [self._absence(name) for name in self.services[:3]], self.window, status="no_data"),
            "E9": stored("E9", (), self.window, status="no_data", service=self.services[0], text="panic"),
        }
        self.evidence = made

    def _pairs(self) -> list[tuple[str, str]]:
        return [(name, SHAPES[rank % len(SHAPES)]) for rank, name in enumerate(self.services * 2)]

    def _before(self) -> Window:
        return Window(start=self.window.start - timedelta(hours=6), end=self.onset)

    def _series(self, service: str, shape: str) -> SeriesFact:
        level, factor = 10 ** self.random.uniform(-3, 6), self.random.choice((1.4, 2.5, 8.0, 30.0))
        noise = self.random.choice((0.0, 0.01, 0.05))
        first = round((self.onset - self.window.start).total_seconds() / STEP_S)
        last = {"spike": first + 2, "gone": first + 40}.get(shape, SAMPLES)
        values = [level * (1 + noise * self.random.uniform(-1, 1)) for _ in range(SAMPLES)]
        for at in range(first, last):
            grown = 1 + (factor - 1) * (at - first + 1) / (last - first) if shape == "ramp" else factor
            values[at] *= {"flat": 1.0, "drop": 1 / factor, "dent": 1 / factor}.get(shape, grown)
        start = self.window.start.timestamp()
        missing = set(self.random.sample(range(SAMPLES), 4)) - {first}
        points = [(start + at * STEP_S, None if at in missing else value) for at, value in enumerate(values)]
        known = {at: value for at, (_, value) in enumerate(points) if value is not None}
        metric = f"{self.random.choice(('latency_p99', 'queue_depth', 'heap_used', 'request_rate'))}_{shape}"
        is_flat = shape == "flat"
        direction: Literal["up", "down", "flat"] = "flat" if is_flat else "down" if shape in {"drop", "dent"} else "up"
        return SeriesFact(
            subject=f"{service} {metric}{{pod={service}-{self.random.randrange(10**6)}}}",
            service=service,
            metric=metric,
            unit=self.random.choice(UNITS),
            direction=direction,
            anomaly="none" if is_flat else "trend_change" if shape == "ramp" else "spike",
            baseline=median([value for at, value in known.items() if at < first or is_flat]),
            current=median([value for at, value in known.items() if first <= at < last or is_flat]),
            peak=min(known.values()) if direction == "down" else max(known.values()),
            onset=None if is_flat else self.onset,
            ended=self.window.start + timedelta(seconds=STEP_S * last) if last < SAMPLES else None,
            score=0.9,
            points=Points.listed(points),
        )

    def _log(self, service: str, rank: int) -> LogFact:
        first = self.onset + timedelta(seconds=self.random.randrange(1, 300))
        count = 0 if rank % 4 == 3 else self.random.randrange(20, 5000)
        code = self.random.randrange(1000, 9999)
        return LogFact(
            subject=service,
            template=f"{service} refused <*> after <*> ms code {code}",
            count=count,
            baseline_count=count // self.random.randrange(2, 9),
            first_seen=first if count else None,
            last_seen=first + timedelta(seconds=self.random.randrange(60, 600)) if count else None,
            is_error=True,
            exemplar=f"{service} refused order after {self.random.randrange(100, 9999)} ms code {code}"
            if count
            else "",
        )

    def _change(self, service: str) -> ChangeFact:
        sha = f"{self.random.getrandbits(160):040x}"
        timeout = self.random.randrange(100, 9000)
        return ChangeFact(
            subject=service,
            change="deployment",
            label=sha,
            at=self.onset - timedelta(seconds=self.random.randrange(30, 7200)),
            author="rowan",
            message=f"Tune {service} for load {self.random.randrange(10**6)}",
            files=[f"{service}/settings.yaml"],
            diff=[
                "@@ -4,2 +4,2 @@",
                f"-  {service}_timeout_ms: {timeout}",
                f"+  {service}_timeout_ms: {timeout * 3 + 1}",
            ],
            probability=0.4,
        )

    def _edges(self) -> list[EdgeFact]:
        chain = zip(self.services, self.services[1:], strict=False)
        return [EdgeFact(subject=caller, callee=callee, found_in="traces", calls=9) for caller, callee in chain]

    def _nodes(self) -> list[ServiceFact]:
        chain = zip(self.services, self.services[1:], strict=False)
        return [ServiceFact(subject=caller, callees=[callee], callers=[]) for caller, callee in chain]

    def _cluster(self) -> list[AnyFact]:
        texts = [
            TextFact(
                subject=f"describe pod {name}",
                asked=f"describe pod {name}",
                lines=[
                    f"Name: {name}",
                    f"  Last State: Terminated, Reason: OOMKilled, Exit Code: {self.random.randrange(100, 200)}",
                    f"  Restart Count: {self.random.randrange(3, 90)}",
                    f"  Limits: memory {self.random.randrange(64, 512)}Mi",
                ],
            )
            for name in self.services[:8]
        ]
        proof = LineProof(
            asked=texts[0].asked, line=1, quote=texts[0].lines[1].strip(), subject=f"pod/{self.services[0]}"
        )
        condition = ConditionFact(
            subject=f"app/{self.services[0]}",
            cause="memory_limit_reached",
            mechanism="the limit is too low",
            family="runtime",
            still_present=True,
            score=0.8,
            probability=0.7,
            support=[proof],
        )
        return [*texts, condition]

    def _alert(self, service: str) -> AlertFact:
        return AlertFact(
            subject=service,
            name="LatencyHigh",
            severity="critical",
            fired_at=self.onset + timedelta(seconds=self.random.randrange(60, 400)),
            metric="latency_p99",
            threshold=500.0,
            observed=float(self.random.randrange(600, 9000)),
            summary=f"{service} is slow, ticket {self.random.randrange(10**7)}",
        )

    def _operation(self, service: str) -> OperationFact:
        before = self.random.uniform(0.01, 0.5)
        slower = self.random.choice((1.02, 3.0, 12.0, 0.3))
        return OperationFact(
            subject=f"{service} POST /orders",
            service=service,
            operation="POST /orders",
            count=self.random.randrange(100, 9000),
            p50_before_s=before / 2,
            p50_after_s=before / 2 * slower,
            p95_before_s=before,
            p95_after_s=before * slower,
            errors_before=0.001,
            errors_after=0.001,
        )

    def _absence(self, service: str) -> AbsenceFact:
        return AbsenceFact(subject=service, asked=f"restarts of {service}", known=True, reason="none in this window")
