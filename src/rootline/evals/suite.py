"""What a suite is: cases, a prediction for each, and a verdict where the truth is there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from rootline.store.journal import Record
from rootline.tapes.recording import Recording

Solver = Callable[[Recording, str], Awaitable[Record]]
"""Investigates a recording under an opaque name and returns what was stored of it."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case: how the predictions call it, the file or folder that holds it, and which part of that it is."""

    name: str
    place: Path
    part: str = ""


class Line(BaseModel):
    """One line of the predictions file; every suite adds what it predicts. `cpu_s` are seconds of CPU.

    `raised` says why a case could not be answered; such a case is wrong, whatever its truth is.
    """

    model_config = ConfigDict(frozen=True)

    case: str
    cpu_s: float = 0.0
    raised: str | None = None


class Ranked(BaseModel):
    """One ranked explanation, in the words of the suite; fields that it has no use for stay None and are left out."""

    model_config = ConfigDict(frozen=True)

    service: str | None = None
    object: str | None = None
    cause: str | None = None
    commit: str | None = None
    confidence: float = 0.0


class ClaimCounts(BaseModel):
    """How many claims got which mark."""

    model_config = ConfigDict(frozen=True)

    verified: int = 0
    contradicted: int = 0
    not_found: int = 0


class Prediction(Line):
    """What was said to be the cause. Keys that a suite has no use for are None and left out."""

    ranked: tuple[Ranked, ...] = ()
    none_confidence: float | None = None
    abstained: bool = True
    first_failing_service: str | None = None
    blast_radius: tuple[str, ...] | None = None
    remediation: str | None = None
    claims: ClaimCounts | None = None
    tool_calls: int | None = None
    tokens_shown: int | None = None


class Score(BaseModel):
    """A value with its 95 % bootstrap interval."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one case did: its numbers, its kind and system, and whether the first answer was right at which confidence.

    Suites without answers that have a confidence leave the last four as they are; they have no calibration.
    """

    case: str
    kind: str
    numbers: Mapping[str, float]
    system: str = ""
    right: bool = False
    confidence: float = 0.0
    has_cause: bool = False
    abstained: bool = False


Measure = Callable[[Sequence[Verdict]], float]
"""From some verdicts to one score; NaN where they say nothing about it."""


class ScoreFile(BaseModel):
    """The scores file. `compared` holds differences from an earlier run's predictions, where they were given."""

    model_config = ConfigDict(frozen=True)

    suite: str
    cases: int
    scores: Mapping[str, Score]
    by_kind: Mapping[str, Mapping[str, float]]
    baselines: Mapping[str, Mapping[str, float]]
    commit: str
    calibration: Mapping[str, float] = Field(default_factory=dict)
    compared: Mapping[str, Score] | None = None


P = TypeVar("P", bound=Line)


class Suite(Protocol[P]):
    """One suite."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        ...

    @property
    def line(self) -> type[P]:
        """The shape of its predictions."""
        ...

    @property
    def calibrated(self) -> bool:
        """Whether its answers carry a confidence that can be held against them."""
        ...

    def cases(self, data: Path) -> Sequence[Case]:
        """Return the cases in case order."""
        ...

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> P:
        """Answer a case, which the solver knows by its alias alone; truth is not opened.

        With `rename`, a seed, every name in the case is replaced first; raise Misconfigured where that has no sense.
        """
        ...

    def judge(self, prediction: P, case: Case) -> Verdict | None:
        """Compare with the truth; None where there is none."""
        ...

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:
        """Return the scores by name, the headline first."""
        ...

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:
        """Return what others score, published or run here; without truth only what is published."""
        ...
