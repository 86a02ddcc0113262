"""A beginning that is known between two moments is said so, and its order to other things only where it is certain."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.claims.world import stored
from tests.fakes.traced_shop import HOUR, NOON

from rootline.claims import build
from rootline.claims.checker import Checker
from rootline.claims.render import render
from rootline.domain.claim import Claim, PointerSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AnyFact, ChangeFact, SeriesFact
from rootline.domain.points import Points

BEGAN = NOON + timedelta(seconds=2)


def series(
    service: str = "stock", *, since: datetime | None = NOON - timedelta(seconds=4), onset: datetime = BEGAN
) -> SeriesFact:
    times = NOON.timestamp() + 60.0 * np.arange(-30, 20, dtype=np.float64)
    return SeriesFact(
        subject=f"{service} span_duration_seconds",
        service=service,
        metric="span_duration_seconds",
        unit="s",
        direction="up",
        anomaly="spike",
        baseline=0.1,
        current=0.5,
        peak=0.5,
        onset=onset,
        since=since,
        effect=20.0,
        score=0.8,
        points=Points(times, np.where(times < NOON.timestamp(), 0.1, 0.5)),
    )


def change(at: datetime) -> ChangeFact:
    return ChangeFact(subject="stock", change="deployment", label="b2c3d4e", at=at)


def evidence(*facts: AnyFact) -> Evidence:
    return stored("E1", facts, HOUR)


def marked(claim: Claim, *facts: AnyFact) -> str:
    return Checker({"E1": evidence(*facts)}).check(claim).mark


def test_a_beginning_is_cited_and_said_with_its_earliest_moment() -> None:
    claim = build.started(evidence(series()), 0)

    assert claim is not None
    assert marked(claim, series()) == "verified"
    assert render(claim).startswith(
        "stock span_duration_seconds left its usual level between 11:59:56 and 12:00:02 UTC"
    )


def test_a_series_without_an_earliest_moment_is_said_as_before() -> None:
    claim = build.started(evidence(series(since=None)), 0)

    assert claim is not None
    assert [one.kind for one in claim.selectors] == ["pointer"]
    assert render(claim).startswith("stock span_duration_seconds left its usual level at 12:00:02 UTC")


@pytest.mark.parametrize(
    ("since", "mark"),
    [
        (NOON + timedelta(minutes=4), "contradicted"),
        (BEGAN, "contradicted"),
        (NOON - timedelta(minutes=20), "verified"),
    ],
    ids=["when it had long begun", "no earlier than the onset", "long before"],
)
def test_an_earliest_moment_that_the_points_do_not_bear_is_refused(since: datetime, mark: str) -> None:
    late = series(since=since, onset=max(BEGAN, since + timedelta(minutes=1)) if since > BEGAN else BEGAN)
    pointers = [
        PointerSelector(evidence="E1", pointer=f"/facts/0/{field}", expected=_told(late, field))
        for field in ("onset", "since")
    ]
    claim = Claim(
        subject=late.subject, predicate="started", value=_told(late, "onset"), window=HOUR, selectors=tuple(pointers)
    )

    assert marked(claim, late) == mark


def _told(fact: SeriesFact, field: str) -> str:
    return f"{getattr(fact, field):%Y-%m-%dT%H:%M:%SZ}"


def test_an_earliest_moment_that_the_evidence_does_not_say_is_refused() -> None:
    claim = build.started(evidence(series()), 0)
    assert claim is not None
    first, second = claim.selectors
    other = second.model_copy(update={"expected": "2026-03-01T11:59:00Z"})

    assert marked(claim.model_copy(update={"selectors": (first, other)}), series()) == "contradicted"


def test_a_change_is_before_a_beginning_that_is_known_within_seconds() -> None:
    for seconds in (-60, -1):
        facts = change(NOON + timedelta(seconds=seconds)), series()
        claim = build.precedes((evidence(*facts), 0), (evidence(*facts), 1))

        assert claim is not None
        assert marked(claim, *facts) == "verified"


def test_a_change_within_minutes_of_doubt_is_neither_before_nor_after() -> None:
    doubtful = series(since=NOON - timedelta(minutes=10))
    inside, before = change(NOON - timedelta(minutes=5)), change(NOON - timedelta(minutes=11))
    sure = build.precedes((evidence(before, doubtful), 0), (evidence(before, doubtful), 1))

    assert build.precedes((evidence(inside, doubtful), 0), (evidence(inside, doubtful), 1)) is None
    assert sure is not None
    assert marked(sure, before, doubtful) == "verified"
    assert marked(_moved_to(sure, inside), inside, doubtful) == "not_found"


def _moved_to(claim: Claim, one: ChangeFact) -> Claim:
    """The same claim about a change at another time."""
    first, second = claim.selectors
    assert one.at is not None
    return claim.model_copy(
        update={"selectors": (first.model_copy(update={"expected": f"{one.at:%Y-%m-%dT%H:%M:%SZ}"}), second)}
    )


def test_two_beginnings_that_may_be_either_way_round_have_no_order() -> None:
    first = series("stock", since=NOON - timedelta(seconds=4), onset=NOON + timedelta(seconds=2))
    close = series("web", since=NOON + timedelta(seconds=1), onset=NOON + timedelta(seconds=3))
    later = series("web", since=NOON + timedelta(seconds=2), onset=NOON + timedelta(seconds=8))

    assert build.precedes((evidence(first, close), 0), (evidence(first, close), 1)) is None
    assert build.precedes((evidence(first, later), 0), (evidence(first, later), 1)) is not None
