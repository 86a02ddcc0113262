"""Who hurts others by what it sends, answers or asks too often, and stays well itself."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.domain.evidence import Evidence, Reading, SourceName
from rootline.domain.fact import AnyFact, EdgeFact, OperationFact, SeriesFact
from rootline.domain.window import Window
from rootline.models.builtin.beginning import begins_there
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.from_services import weighed_services
from rootline.models.builtin.passing_on import asks_more, handed_by, hands_to, may_have_handed, overrun_by
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf

START = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
EDGES = tuple(
    EdgeFact(subject=caller, callee=callee, found_in="traces", calls=9)
    for caller, callee in (("web", "shelf"), ("web", "desk"), ("desk", "stock"), ("desk", "price"), ("shelf", "disk"))
)


def failing(service: str, error: str, *by_way_of: str) -> OperationFact:
    return OperationFact(
        subject=f"{service} POST /x",
        service=service,
        operation="POST /x",
        count=20,
        errors_before=0.0,
        errors_after=0.9,
        error=error,
        is_error_root=True,
        by_way_of=list(by_way_of),
    )


def rate(service: str, before: float, now: float, *, out: bool = False) -> SeriesFact:
    side = "client" if out else "server"
    metric = f"http_{side}_requests_per_second"
    return SeriesFact(
        subject=f"{service} {metric}",
        service=service,
        metric=metric,
        unit="1/s",
        direction="up",
        baseline=before,
        current=now,
        peak=now,
        score=0.6,
        effect=3.0,
    )


def seen(*facts: AnyFact) -> Seen:
    reading = Reading(
        status="ok", summary="", facts=(*EDGES, *facts), source=SourceName(backend="made up"), window=HOUR
    )
    one = Evidence(label="E1", tool="analyze_traces", arguments={}, reading=reading, sha256="", taken_at=START)
    return Seen(Shelf({"E1": one}))


def weights(found: Seen, service: str) -> dict[str, float]:
    (one,) = weighed_services(found, [service])
    return {part.name: part.contribution for part in one.parts}


def held_against(found: Seen, first: str, service: str) -> float:
    change = Candidate(type="release", subject=service, cause="x", parts=(), support=(), change="a" * 40)
    known = {"web": 0.01, "shelf": 0.01, "desk": 0.01, "stock": 0.01, "price": 0.01, first: 1.0}
    return sum(part.contribution for part in begins_there(change, known, found))


def test_who_fails_for_one_way_alone_is_handed_it_and_errors_do_not_begin_there() -> None:
    found = seen(failing("price", "no number: '5.99'", "desk", "stock"))

    assert handed_by(found, "price") == ("desk", "stock")
    assert hands_to(found, "stock") == ("price",)
    assert "errors begin" not in weights(found, "price")
    assert weights(found, "price")["handed"] < 0 < weights(found, "stock")["hands on"]


def test_a_change_of_who_handed_it_on_is_hardly_held_against() -> None:
    alone = held_against(seen(failing("price", "boom")), "price", "stock")
    handed = held_against(seen(failing("price", "boom", "desk", "stock")), "price", "stock")

    assert alone < 3 * handed < 0


@pytest.mark.parametrize(
    ("error", "giver", "may"),
    [
        ("KeyError: 'cents'", "stock", True),
        ("KeyError: 'cents'", "desk", True),
        ("TypeError: 'NoneType' object is not subscriptable", "stock", True),
        ("the quote has expired: it is 31 s old", "stock", True),
        ("KeyError: 'cents'", "shelf", False),
        ("no answer within 2 s", "stock", False),
    ],
    ids=["beside it", "above it", "nothing", "too old", "far away", "late"],
)
def test_errors_over_data_may_come_from_whoever_sends_or_answers(error: str, giver: str, *, may: bool) -> None:
    assert may_have_handed(seen(failing("price", error)), giver, "price") is may


def test_who_is_known_to_have_handed_it_on_clears_the_others() -> None:
    found = seen(failing("price", "KeyError: 'cents'", "desk"))

    assert may_have_handed(found, "desk", "price")
    assert not may_have_handed(found, "stock", "price")


def test_who_hangs_up_instead_of_answering_is_told_of_and_its_caller_is_not_where_errors_begin() -> None:
    found = seen(failing("desk", "price answered 502: connection to 10.0.0.1:80 closed before an answer"))

    assert found.hangs_up_on("price") == ("desk",)
    assert not found.begins_errors("desk")
    assert weights(found, "price")["hangs up"] > 0
    assert may_have_handed(found, "price", "desk")


def test_a_refused_connection_may_be_the_caller_s_own_mistake() -> None:
    found = seen(failing("desk", "price answered 502: connection to 10.0.0.1:1 refused"))

    assert found.hangs_up_on("price") == ()
    assert found.begins_errors("desk")


def test_who_asks_more_for_each_request_overruns_whom_it_asks() -> None:
    found = seen(rate("web", 10, 10), rate("web", 20, 60, out=True), rate("shelf", 10, 40))

    assert asks_more(found, "web") == pytest.approx(2 / 3)
    assert overrun_by(found, "shelf") == ("web",)
    assert weights(found, "web")["asks more"] > 1
    assert weights(found, "shelf")["overrun"] < -1


def test_traces_alone_tell_that_a_service_asks_more() -> None:
    loop = OperationFact(subject="web GET /", service="web", operation="GET /", count=9, repeats=8.0)

    assert asks_more(seen(loop), "web") == pytest.approx(7 / 8)


def test_more_visitors_make_nobody_ask_more() -> None:
    found = seen(rate("web", 10, 40), rate("web", 20, 80, out=True), rate("shelf", 10, 40))

    assert asks_more(found, "web") == 0.0
    assert overrun_by(found, "shelf") == ()


def test_a_callee_that_gets_no_more_is_overrun_by_nobody() -> None:
    assert overrun_by(seen(rate("web", 10, 10), rate("web", 20, 60, out=True), rate("shelf", 10, 10)), "shelf") == ()
