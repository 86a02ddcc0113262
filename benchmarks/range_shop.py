"""Made-up gauges of which some move: up, down, for good or for a while; what is true of them is known."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
EVERY_S, POINTS, SERIES = 15, 240, 20
HISTORY, FUTURE = 240, 60
FIRST, LAST, LATEST_THAT_ENDS = 60, 180, 150
SHARE_THAT_ENDS = 0.35
Move = Literal["none", "rises", "falls"]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """One series: its samples in the window, and how it was made."""

    name: str
    move: Move
    level: float
    moved_to: float
    begins: datetime | None
    ends: datetime | None
    values: tuple[float, ...]

    @property
    def now(self) -> float:
        """The level at the end."""
        return self.level if self.move == "none" or self.ends else self.moved_to


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Twenty series of one metric, with what came before the window and after it."""

    metric: str
    series: tuple[Truth, ...]
    lines: tuple[str, ...]


def dataset(seed: int) -> Dataset:
    """Make one; four to eight of its series move, at times of their own."""
    dice = random.Random(seed)
    metric = f"{dice.choice(['queue_depth', 'open_connections', 'heap_used_bytes', 'threads_busy'])}_{seed}"
    movers = set(dice.sample(range(SERIES), dice.randint(4, 8)))
    made = [_series(metric, f"service-{at:02d}", dice, moves=at in movers) for at in range(SERIES)]
    return Dataset(
        metric=metric, series=tuple(one for one, _ in made), lines=tuple(line for _, own in made for line in own)
    )


def exposition(made: Sequence[Dataset]) -> str:
    """Write all as OpenMetrics text, with the `up` of one target that tells how often it is scraped."""
    return "".join(_written(made))


def _written(made: Sequence[Dataset]) -> Iterator[str]:
    for one in made:
        yield f"# TYPE {one.metric} gauge\n"
        yield from one.lines
    yield "# TYPE up gauge\n"
    for place in range(-HISTORY, POINTS + FUTURE):
        yield f'up{{job="shop"}} 1 {_at(place)}\n'


def _at(place: int) -> int:
    return round(START.timestamp()) + EVERY_S * place


def _series(metric: str, name: str, dice: random.Random, *, moves: bool) -> tuple[Truth, list[str]]:
    level = 10 ** dice.uniform(0.5, 3.5)
    move: Move = dice.choice(["rises", "falls"]) if moves else "none"
    moved_to = level * {"none": 1.0, "rises": dice.uniform(1.6, 4), "falls": dice.uniform(0.2, 0.6)}[move]
    first = dice.randint(FIRST, LAST)
    last = (
        dice.randint(first + 24, 216)
        if moves and first < LATEST_THAT_ENDS and dice.random() < SHARE_THAT_ENDS
        else POINTS + FUTURE
    )
    values = [
        (moved_to if moves and first <= place < last else level) * dice.gauss(1, 0.02)
        for place in range(-HISTORY, POINTS + FUTURE)
    ]
    labels = f'service="{name}",job="shop",namespace="prod"'
    lines = [f"{metric}{{{labels}}} {value!r} {_at(at - HISTORY)}\n" for at, value in enumerate(values)]
    truth = Truth(
        name=name,
        move=move,
        level=level,
        moved_to=moved_to,
        begins=START + timedelta(seconds=EVERY_S * first) if moves else None,
        ends=START + timedelta(seconds=EVERY_S * last) if moves and last < POINTS else None,
        values=tuple(values[HISTORY : HISTORY + POINTS]),
    )
    return truth, lines
