"""Why an explanation is not the first one: the difference that counts most, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rootline.domain.fact import ScoreComponent

_WORTH_SAYING = 0.1
_MOST = 2


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much less one part gives the loser than the winner, in logits, and why."""

    weight: float
    words: str


def differences(loser: Sequence[ScoreComponent], winner: Sequence[ScoreComponent]) -> list[Difference]:
    """Compare two explanations part by part, the difference that counts most first."""
    found = [*_held_against(loser), *_lacking(loser, winner)]
    return sorted(found, key=lambda one: (-one.weight, one.words))


def why_not(loser: Sequence[ScoreComponent], winner: Sequence[ScoreComponent]) -> str:
    """Say in one line what speaks against the loser, or what it lacks; empty where the two are alike."""
    words = [one.words for one in differences(loser, winner) if one.words]
    return "; ".join(list(dict.fromkeys(words))[:_MOST])


def _held_against(loser: Sequence[ScoreComponent]) -> Iterator[Difference]:
    for part in loser:
        if part.contribution < -_WORTH_SAYING and part.reason:
            yield Difference(weight=-part.contribution, words=part.reason)


def _lacking(loser: Sequence[ScoreComponent], winner: Sequence[ScoreComponent]) -> Iterator[Difference]:
    """What speaks for the winner and not, or less, for the loser."""
    own = {_kind(part): part.contribution for part in loser}
    for part in winner:
        missing = part.contribution - max(own.get(_kind(part), 0.0), 0.0)
        if part.contribution > _WORTH_SAYING and missing > _WORTH_SAYING and part.reason:
            more = (
                "more speaks for the first one" if own.get(_kind(part), 0.0) > 0 else "nothing like this speaks for it"
            )
            yield Difference(weight=missing, words=f"{more}: {part.reason}")


def _kind(part: ScoreComponent) -> str:
    """The part's name up to a colon: two mechanisms are of one kind."""
    return part.name.split(":")[0]
