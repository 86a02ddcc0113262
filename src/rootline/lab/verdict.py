"""Compares what an investigation says with what was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.domain.hypothesis import Answer


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What was done: each of `services` is a right answer; `change` is the commit or flag to blame, or empty."""

    services: tuple[str, ...]
    change: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was answered, by rank: whom each hypothesis is about, and the change that it blames, empty for none."""

    subjects: tuple[str, ...]
    changes: tuple[str, ...]
    causes: tuple[str, ...]
    probabilities: tuple[float, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """The services by rank, each once."""
        return tuple(dict.fromkeys(self.subjects))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether it was right. `change_rank` is the culprit's place among the blamed changes, None where it is not."""

    service_rank: int | None
    change_rank: int | None
    change_is_right: bool

    @property
    def words(self) -> str:
        """One word for people."""
        found = self.service_rank == 1
        return "right" if found and self.change_is_right else "partly" if found or self.change_is_right else "wrong"


def said(answer: Answer | None) -> Said:
    """Read an answer."""
    ranked = answer.hypotheses if answer else ()
    return Said(
        subjects=tuple(one.subject for one in ranked),
        changes=tuple(one.change for one in ranked),
        causes=tuple(f"{one.type}: {one.cause}" for one in ranked),
        probabilities=tuple(round(one.confidence.value, 3) for one in ranked),
    )


def judge(told: Said, truth: Truth) -> Verdict:
    """Judge: the culprit must be what the first hypothesis blames; without one, that must blame no change."""
    blamed = [change for change in told.changes if change]
    first = told.changes[0] if told.changes else ""
    return Verdict(
        service_rank=_rank(told.services, truth.services),
        change_rank=_rank(blamed, (truth.change,)) if truth.change else None,
        change_is_right=bool(told.changes) and first == truth.change,
    )


def _rank(ranked: Sequence[str], right: Sequence[str]) -> int | None:
    return next((place for place, one in enumerate(ranked, 1) if one in right), None)
