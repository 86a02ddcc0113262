"""What a suite is: cases, a prediction for each, and scores where the truth is there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from rootline.store.journal import Record
from rootline.tapes.recording import Recording


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


class Prediction(BaseModel):
    """One line of the predictions file."""

    model_config = ConfigDict(frozen=True)

    case: str
    ranked: tuple[Ranked, ...]
    none_confidence: float | None = None
    abstained: bool
    first_failing_service: str | None = None
    blast_radius: tuple[str, ...] | None = None
    remediation: str | None = None
    claims: ClaimCounts
    tool_calls: int
    tokens_shown: int
    cpu_s: float


class Score(BaseModel):
    """A mean with its 95 % bootstrap interval."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float


Unit = Literal["share", "count"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one case did: a number a score, its kind, and whether the first answer was right at which confidence."""

    case: str
    kind: str
    numbers: Mapping[str, float]
    right: bool
    confidence: float
    has_cause: bool
    abstained: bool


class ScoreFile(BaseModel):
    """The scores file."""

    model_config = ConfigDict(frozen=True)

    suite: str
    cases: int
    scores: Mapping[str, Score]
    by_kind: Mapping[str, Mapping[str, float]]
    baselines: Mapping[str, Mapping[str, float]]
    commit: str
    calibration: Mapping[str, float] = Field(default_factory=dict)


class Suite(Protocol):
    """One suite. Cases are imported in memory; their folders' names reach nothing but the prediction's `case`."""

    name: str

    def folders(self, data: Path) -> Sequence[Path]:
        """Return the folders of the cases, in case order."""
        ...

    def read(self, folder: Path) -> Recording:
        """Import one case without its truth."""
        ...

    def predict(self, record: Record, case: str, cpu_s: float) -> Prediction:
        """Put an answer into the suite's words."""
        ...

    def judge(self, prediction: Prediction, folder: Path) -> Verdict | None:
        """Compare with the truth; None where there is none."""
        ...

    def baselines(self, data: Path) -> Mapping[str, Mapping[str, float]]:
        """Return what others score, published or run here."""
        ...


def count_claims(record: Record) -> ClaimCounts:
    """Count the marks of everything the answer claims."""
    answer = record.answer
    if answer is None:
        return ClaimCounts()
    inside = [claim for one in answer.hypotheses for claim in (*one.support, *one.against)]
    marks = [claim.mark for claim in (*inside, *answer.claims, *answer.failed)]
    return ClaimCounts(
        verified=marks.count("verified"), contradicted=marks.count("contradicted"), not_found=marks.count("not_found")
    )


def tokens_shown(record: Record) -> int:
    """Count what a model would have been shown, four characters a token."""
    return sum(len(result.text) for message in record.messages for result in message.results) // 4


def each_folder(data: Path, marker: str) -> Iterator[Path]:
    """Find every folder below `data` that holds a file of that name, in order of path."""
    yield from sorted(file.parent for file in data.rglob(marker))
