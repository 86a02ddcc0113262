"""Health is refused on the slightest sign of trouble, at exact bounds."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.claims.health import speaks_of_no_trouble
from rootline.claims.refusal import Contradicted, Missing, Refused
from rootline.domain.fact import AlertFact, AnyFact, ConditionFact, EdgeFact, OperationFact, SeriesFact
from rootline.domain.points import Points
from rootline.domain.window import Window

START = datetime(2026, 3, 1, tzinfo=UTC)
WINDOW = Window(start=START, end=START + timedelta(hours=1))


def series(values: list[float], **more: object) -> SeriesFact:
    fact = SeriesFact(
        subject="cart latency",
        service="cart",
        metric="latency",
        direction="flat",
        baseline=None,
        current=None,
        peak=None,
        points=Points.listed((START.timestamp() + 60 * at, value) for at, value in enumerate(values)),
    )
    return fact.model_copy(update=more)


def operation(**more: object) -> OperationFact:
    usual: dict[str, object] = {"p95_before_s": 0.1, "p95_after_s": 0.1, "errors_before": 0.0, "errors_after": 0.0}
    return OperationFact.model_validate(
        {"subject": "cart GET", "service": "cart", "operation": "GET", "count": 9, **usual, **more}
    )


def alert(**more: object) -> AlertFact:
    return AlertFact.model_validate(
        {"subject": "cart", "name": "Slow", "severity": "high", "fired_at": START - timedelta(hours=2), **more}
    )


def condition(*, still_present: bool) -> ConditionFact:
    return ConditionFact(
        subject="app/cart",
        cause="crashing",
        mechanism="",
        family="runtime",
        still_present=still_present,
        score=1,
        probability=1,
    )


@pytest.mark.parametrize(
    "fact",
    [
        series([100.0] * 12),
        series([100.0] * 4 + [105.0] * 4 + [110.0] * 4),
        series([100.0, 90.0, 110.0, 100.0] * 6),
        series([0.0] * 12),
        series([1.0] * 12, metric="up"),
        series([0.01] * 12, metric="http_requests_error_ratio", unit="ratio"),
        operation(),
        operation(p95_after_s=0.125),
        operation(p95_after_s=0.08),
        operation(errors_before=0.02, errors_after=0.03),
        operation(errors_before=None, errors_after=0.01),
        alert(resolved_at=START),
        alert(resolved_at=START - timedelta(minutes=1)),
        condition(still_present=False),
        EdgeFact(subject="cart", callee="store", found_in="traces"),
    ],
)
def test_what_stays_as_it_was_speaks_of_no_trouble(fact: AnyFact) -> None:
    speaks_of_no_trouble(fact, WINDOW)


@pytest.mark.parametrize(
    ("fact", "kind", "why"),
    [
        (series([100.0] * 12, direction="up"), Contradicted, "the series went up"),
        (series([100.0] * 12, anomaly="pattern_break"), Contradicted, "the series shows a pattern break"),
        (series([100.0] * 3), Missing, "there are too few points to call it healthy"),
        (series([]), Missing, "there are too few points to call it healthy"),
        (series([100.0] * 4 + [105.0] * 4 + [116.0] * 4), Contradicted, "it went from 100 to 116"),
        (series([100.0] * 8 + [89.0] * 4), Contradicted, "it went from 100 to 89"),
        (series([0.0] * 12, metric="up"), Contradicted, "it is 0, and 1 where all of it is reached"),
        (series([0.5] * 12, metric="pg_up"), Contradicted, "it is 0.5, and 1 where all of it is reached"),
        (series([0.0] * 12, metric="probe_success"), Contradicted, "it is 0, and 1 where all of it is reached"),
        (
            series([0.3] * 12, metric="http_requests_error_ratio", unit="ratio"),
            Contradicted,
            "30.0% of it fails all the time",
        ),
        (operation(p95_after_s=0.1251), Contradicted, "it went from 0.1 to 0.1251 s"),
        (operation(p95_after_s=0.0799), Contradicted, "it went from 0.1 to 0.0799 s"),
        (operation(p95_before_s=None), Missing, "there is nothing to compare the operation with"),
        (operation(p95_after_s=None), Missing, "there is nothing to compare the operation with"),
        (operation(errors_after=None), Missing, "there is nothing to compare the operation with"),
        (operation(errors_before=0.02, errors_after=0.031), Contradicted, "3.1% of its requests fail"),
        (operation(is_error_root=True), Contradicted, "errors begin there"),
        (operation(error="refused"), Contradicted, "errors begin there"),
        (alert(), Contradicted, "the alert Slow fired"),
        (alert(resolved_at=START + timedelta(minutes=1)), Contradicted, "the alert Slow fired"),
        (condition(still_present=True), Contradicted, "a fault is present in cluster state"),
    ],
)
def test_what_speaks_of_trouble_says_which(fact: AnyFact, kind: type[Refused], why: str) -> None:
    with pytest.raises(kind) as told:
        speaks_of_no_trouble(fact, WINDOW)

    assert told.value.reason == why


def test_a_refusal_is_a_whole_sentence_with_what_would_help() -> None:
    with pytest.raises(Refused, match=r"^The claim is contradicted: the series went up\. Claim only what the evidence"):
        speaks_of_no_trouble(series([1.0] * 9, direction="up"), WINDOW)
