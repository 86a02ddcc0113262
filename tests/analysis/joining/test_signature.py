from datetime import UTC, datetime

from rootline.analysis.joining.remembering import similarity
from rootline.analysis.joining.signature import signature
from rootline.domain.fact import AlertFact, ConditionFact

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def fault(cause: str, *, subject: str = "app/cart", present: bool = True, probability: float = 0.9) -> ConditionFact:
    return ConditionFact(
        subject=subject,
        cause=cause,
        mechanism="",
        family="scheduling",
        still_present=present,
        score=2.0,
        probability=probability,
    )


def test_the_likeliest_fault_names_the_service_where_no_alert_does() -> None:
    found = signature([fault("taint", subject="app/mail", probability=0.2), fault("quota", subject="app/cart")])

    assert found.service == "app/cart"


def test_an_alert_names_the_service_before_any_fault() -> None:
    alert = AlertFact(subject="shop", name="Slow", severity="high", fired_at=NOON)

    assert signature([fault("quota"), alert]).service == "shop"


def test_a_fault_that_is_over_is_no_part_of_what_an_incident_looked_like() -> None:
    assert signature([fault("quota", present=False)]).families == frozenset()


def test_the_same_fault_elsewhere_is_more_alike_than_another_fault_elsewhere() -> None:
    now = signature([fault("quota", subject="app/cart")])

    same = similarity(now, signature([fault("quota", subject="app/mail")]))
    other = similarity(now, signature([fault("taint", subject="app/mail")]))

    assert same > other
