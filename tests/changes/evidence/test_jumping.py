from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rootline.analysis.metrics.jumps import Jump
from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import RankedChange
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON, end=NOON + timedelta(hours=3))
EARLY, LATE = "a" * 40, "b" * 40


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def changes(early: float = 20, late: float = 100) -> ChangeSet:
    """Two commits to the failing service that say and do alike."""
    diff = "@@ pay/limits.py @@\n-LIMIT = 4\n+LIMIT = 5\n"
    written = [(EARLY, early), (LATE, late)]
    return ChangeSet(
        commits=tuple(
            Commit(sha=sha, at=at(minute - 5), message="Tidy", files=("pay/limits.py",), diff=diff, order=order)
            for order, (sha, minute) in enumerate(written)
        ),
        deployments=tuple(Deployment(service="pay", at=at(minute), commit=sha) for sha, minute in written),
    )


def jump(minute: float, metric: str = "transaction_seconds") -> Jump:
    return Jump(service="pay", metric=metric, at=at(minute), before=0.03, after=1.2)


SYMPTOM = Symptom(service="pay", texts=("request_seconds above 5: requests are slow",), onset=at(110))


def ranked(symptom: Symptom, of: ChangeSet | None = None) -> tuple[RankedChange, ...]:
    return rank(symptom, of or changes(), WINDOW).ranked


def weight(one: RankedChange) -> float:
    return sum(part.contribution for part in one.components if part.name == "jumps")


def test_without_jumps_the_change_nearer_to_the_onset_comes_first() -> None:
    assert ranked(SYMPTOM)[0].label == LATE


def test_numbers_that_jump_long_before_the_onset_lead_to_the_change_that_began_to_run_then() -> None:
    first, second = ranked(replace(SYMPTOM, jumps=(jump(21), jump(22, "locks_held"))))

    assert first.label == EARLY
    assert weight(first) > 1.5
    assert weight(second) == 0
    told = next(part.reason for part in first.components if part.name == "jumps")
    assert "transaction_seconds of pay" in told


def test_jumps_at_the_onset_tell_little() -> None:
    at_onset = ranked(replace(SYMPTOM, onset=at(101), jumps=(jump(101),)))
    before = ranked(replace(SYMPTOM, jumps=(jump(21),)))

    assert 0 < max(map(weight, at_onset)) < max(map(weight, before)) / 2


def test_a_jump_that_follows_two_beginnings_is_shared() -> None:
    symptom = replace(SYMPTOM, jumps=(jump(22),))

    alone, shared = ranked(symptom), ranked(symptom, changes(early=20, late=21))

    assert weight(shared[0]) == weight(shared[1])
    assert 0 < weight(shared[0]) < weight(alone[0])


def test_a_jump_that_follows_no_beginning_speaks_for_no_change() -> None:
    assert {weight(one) for one in ranked(replace(SYMPTOM, jumps=(jump(60),)))} == {0}


def test_a_jump_makes_it_less_likely_that_no_change_did_it() -> None:
    plain = rank(SYMPTOM, changes(), WINDOW)
    jumped = rank(replace(SYMPTOM, jumps=(jump(21), jump(22, "locks_held"))), changes(), WINDOW)

    assert jumped.none_confidence < plain.none_confidence
