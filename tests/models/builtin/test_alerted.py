"""What an alert says of the service that it is about, where nothing but numbers was read."""

from datetime import timedelta

from tests.models.builtin.test_seen import seen
from tests.models.builtin.test_stores import BROKEN, moved, parts
from tests.models.builtin.test_user_words import START

from rootline.domain.fact import AlertFact, AnyFact, EdgeFact, LogFact, OperationFact, SeriesFact
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.from_services import from_services

SLOW = moved("shop", "http_request_duration_seconds_mean", 0.1, 0.3, unit="s")
FAILS = moved("pay", "http_requests_error_ratio", 0.0, 0.4, unit="ratio", score=0.2)
CALLS = EdgeFact(subject="shop", callee="pay", found_in="metrics")


def alert(observed: float | None = 0.5, threshold: float | None = 0.05) -> AlertFact:
    at = START + timedelta(minutes=BROKEN + 1)
    return AlertFact(
        subject="pay", name="ErrorsHigh", severity="critical", fired_at=at, threshold=threshold, observed=observed
    )


def found(*facts: AnyFact) -> dict[str, Candidate]:
    return {one.subject: one for one in from_services(seen(*facts))}


def test_a_service_far_beyond_the_limit_of_its_alert_comes_before_the_caller_that_suffers() -> None:
    candidates = found(SLOW, FAILS, CALLS, alert())

    assert next(iter(candidates)) == "pay"
    assert parts(candidates["pay"])["alerted"] > 1.5
    assert "alerted" not in parts(candidates["shop"])


def test_the_further_beyond_the_limit_the_more_it_tells_and_nothing_where_that_is_not_told() -> None:
    far, near = (parts(found(SLOW, FAILS, CALLS, alert(one))["pay"])["alerted"] for one in (0.5, 0.06))

    assert far > near > 0
    for untold in (alert(None), alert(0.5, None), alert(0.04), alert(0.5, 0.0)):
        assert all("alerted" not in parts(one) for one in found(SLOW, FAILS, CALLS, untold).values())


def test_a_callee_that_is_worse_takes_from_it() -> None:
    below = EdgeFact(subject="pay", callee="bank", found_in="metrics")
    ill = moved("bank", "http_requests_error_ratio", 0.0, 0.9, unit="ratio", score=0.9)

    alone, with_bank = (
        parts(found(SLOW, FAILS, CALLS, alert(), *more)["pay"])["alerted"] for more in ((), (below, ill))
    )

    assert 0 < with_bank < alone


def test_where_traces_or_logs_were_read_they_tell_and_the_alert_does_not() -> None:
    line = LogFact(subject="shop", template="order <*> placed", count=3)
    span = OperationFact(subject="shop POST /orders", service="shop", operation="POST /orders", count=3)
    others: tuple[SeriesFact | EdgeFact | AlertFact, ...] = (SLOW, FAILS, CALLS, alert())

    for more in (line, span):
        assert all("alerted" not in parts(one) for one in found(*others, more).values())
