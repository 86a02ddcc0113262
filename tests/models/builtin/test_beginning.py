"""Where the trouble begins weighs on the changes; who only waits is not where errors begin."""

from datetime import UTC, datetime, timedelta

from rootline.domain.evidence import Evidence, Reading, SourceName
from rootline.domain.fact import AlertFact, AnyFact, EdgeFact, OperationFact
from rootline.domain.window import Window
from rootline.models.builtin.beginning import begins_there, origins
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf
from rootline.models.builtin.symptoms import alert

START = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
EDGES = (
    EdgeFact(subject="web", callee="cart", found_in="traces", calls=9),
    EdgeFact(subject="cart", callee="store", found_in="traces", calls=9),
)
WAITING = OperationFact(
    subject="cart GET store/get",
    service="cart",
    operation="GET store/get",
    count=20,
    errors_before=0.0,
    errors_after=0.9,
    error="store answered 504: no answer within 2 s",
    is_error_root=True,
)
SLOW = OperationFact(
    subject="store GET /get", service="store", operation="GET /get", count=20, self_before_s=0.01, self_after_s=1.5
)


def seen(*facts: AnyFact) -> Seen:
    reading = Reading(status="ok", summary="", facts=facts, source=SourceName(backend="made up"), window=HOUR)
    one = Evidence(label="E1", tool="analyze_traces", arguments={}, reading=reading, sha256="", taken_at=START)
    return Seen(Shelf({"E1": one}))


def change(service: str) -> Candidate:
    return Candidate(type="release", subject=service, cause="x", parts=(), support=(), change="a" * 40)


def test_errors_do_not_begin_in_who_waits_for_a_service_that_has_become_slow() -> None:
    assert not seen(*EDGES, WAITING, SLOW).begins_errors("cart")


def test_errors_begin_in_who_blames_a_service_that_is_well() -> None:
    assert seen(*EDGES, WAITING).begins_errors("cart")


def test_a_change_elsewhere_counts_less_and_one_where_it_begins_as_it_did() -> None:
    found = seen(*EDGES, WAITING, SLOW)
    known = origins(found)

    parts = {name: begins_there(change(name), known, found) for name in ("web", "store", "unknown")}
    assert (parts["store"], parts["unknown"]) == ([], [])
    assert parts["web"][0].contribution < -0.5
    assert "begins in store sooner than in web" in parts["web"][0].reason


def test_a_change_below_where_it_shows_is_held_less_against() -> None:
    found = seen(*EDGES)
    known = {"web": 0.1, "cart": 1.0, "store": 0.1}

    above, below = (begins_there(change(name), known, found)[0].contribution for name in ("web", "store"))

    assert above < below < 0


def test_without_a_call_graph_nothing_is_held_against_anybody() -> None:
    assert origins(seen(WAITING, SLOW)) == {}


def fired(service: str, second: int, *, over: bool = False) -> AlertFact:
    at = START + timedelta(seconds=second)
    ended = at + timedelta(seconds=5) if over else None
    return AlertFact(subject=service, name="Slow", severity="high", fired_at=at, resolved_at=ended)


def test_an_alert_that_still_fires_goes_before_one_that_is_over_and_the_deeper_before_the_first() -> None:
    found = alert(seen(*EDGES, fired("other", 0, over=True), fired("web", 9), fired("cart", 12)).shelf)

    assert found is not None
    assert found.fact.subject == "cart"


def test_when_all_are_over_the_first_ones_count_again() -> None:
    found = alert(seen(*EDGES, fired("web", 0, over=True)).shelf)

    assert found is not None
    assert found.fact.subject == "web"
