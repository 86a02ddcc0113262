"""A change whose own version harms the calls through it needs no known mechanism, and need not be where they fail."""

from datetime import UTC, datetime, timedelta

from rootline.changes.evidence.ageing import NAME as AGEING
from rootline.changes.evidence.down import NAME as DOWN
from rootline.changes.evidence.emptying import NAME as EMPTIED
from rootline.changes.evidence.everywhere import NAME as EVERYWHERE
from rootline.changes.evidence.parting import NAME as PARTS
from rootline.changes.evidence.saying import NAME as SAYS
from rootline.changes.evidence.stack import NAME as STACK
from rootline.changes.evidence.stack import WROTE
from rootline.domain.evidence import Evidence, Reading, SourceName
from rootline.domain.fact import AnyFact, ChangeFact, EdgeFact, OperationFact, ScoreComponent, SeriesFact
from rootline.domain.window import Window
from rootline.models.builtin.agreeing import weighed
from rootline.models.builtin.beginning import begins_there
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.from_changes import from_changes
from rootline.models.builtin.from_services import weighed_services
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf

START = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
TOLD = "9 of 9 calls of POST /charge that went through price v7 went wrong, and 0 of 40 through the versions before it"
EDGES = tuple(EdgeFact(subject="desk", callee=callee, found_in="traces", calls=9) for callee in ("price", "pay"))


def change(*parts: tuple[str, float], reason: str = TOLD) -> ChangeFact:
    return ChangeFact(
        subject="price",
        change="commit",
        label="a" * 40,
        at=START + timedelta(minutes=30),
        probability=0.8,
        components=[ScoreComponent(name=name, contribution=weight, reason=reason) for name, weight in parts],
        diff=[],
    )


def charge(contrast: str = TOLD) -> OperationFact:
    return OperationFact(
        subject="pay POST /charge",
        service="pay",
        operation="POST /charge",
        count=20,
        errors_before=0.0,
        errors_after=1.0,
        error="the quote has expired",
        is_error_root=True,
        version_contrast=contrast,
    )


def up(service: str, current: float) -> SeriesFact:
    return SeriesFact(
        subject=f"{service} up",
        service=service,
        metric="up",
        unit="",
        direction="down" if current < 1 else "flat",
        baseline=1.0,
        current=current,
        peak=current,
        score=0.6 if current < 1 else 0.0,
        effect=3.0,
    )


def queueing(service: str) -> SeriesFact:
    told = {"metric": "queued_requests", "anomaly": "spike", "direction": "up", "baseline": 0.0, "current": 90.0}
    return up(service, 0.0).model_copy(update={**told, "subject": f"{service} queued_requests", "peak": 90.0})


def seen(*facts: AnyFact) -> Seen:
    reading = Reading(
        status="ok", summary="", facts=(*EDGES, *facts), source=SourceName(backend="made up"), window=HOUR
    )
    one = Evidence(label="E1", tool="analyze_traces", arguments={}, reading=reading, sha256="", taken_at=START)
    return Seen(Shelf({"E1": one}))


def only(found: Seen) -> Candidate:
    (one,) = from_changes(found)
    return one


def test_the_figures_of_the_calls_are_the_first_that_is_claimed() -> None:
    first = only(seen(change((PARTS, 2.5)), charge())).support[0]

    assert (first.predicate, first.field) == ("equals", "version_contrast")


def test_figures_of_another_version_are_not_claimed() -> None:
    support = only(seen(change((PARTS, 2.5)), charge("3 of 3 calls of GET / went wrong"))).support

    assert "version_contrast" not in {claim.field for claim in support}


def test_a_faint_mechanism_is_not_named_as_the_cause_where_calls_show_the_harm() -> None:
    shown = (PARTS, 2.5)

    assert (
        only(seen(change(shown, ("mechanism: part of an expression left out", 0.4)))).cause
        == "what_it_does_to_the_calls_through_it"
    )
    assert only(seen(change(shown, ("mechanism: call in a loop", 1.7)))).cause == "call_in_a_loop"
    assert (
        only(seen(change(("mechanism: part of an expression left out", 0.4)))).cause == "part_of_an_expression_left_out"
    )


def test_an_error_that_a_change_makes_the_code_tell_or_raise_is_the_cause_where_no_mechanism_is() -> None:
    shown, faint = (PARTS, 2.5), ("mechanism: part left out", 0.4)

    assert only(seen(change(shown, faint, (SAYS, 2.0)))).cause == "it_answers_with_the_error_that_is_seen"
    assert only(seen(change(shown, faint, (STACK, 3.0), reason=WROTE))).cause == "it_fails_in_a_line_of_this_change"


def test_what_does_not_start_is_called_that() -> None:
    assert only(seen(change((DOWN, 2.0)))).cause == "it_cannot_be_reached"


def test_what_all_who_run_a_change_fail_over_is_called_that() -> None:
    assert only(seen(change((EVERYWHERE, 2.5)))).cause == "what_all_who_run_it_fail_over"


def test_what_forgets_what_it_held_is_called_that() -> None:
    assert only(seen(change((EMPTIED, 2.5)))).cause == "it_kept_nothing_of_what_it_held"


def test_what_is_made_anew_no_more_is_called_that() -> None:
    assert only(seen(change((AGEING, 3.9)))).cause == "what_it_no_longer_makes_anew"


def test_that_the_trouble_shows_elsewhere_is_not_held_against_a_change_that_calls_show() -> None:
    found = seen(change((PARTS, 2.5)), charge())
    plain = seen(change(("place", 0.0)), charge())
    known = {"pay": 1.0, "price": 0.01, "desk": 0.1}

    assert begins_there(only(found), known, found) == []
    assert sum(part.contribution for part in begins_there(only(plain), known, plain)) < 0


def test_that_its_service_looks_well_is_not_held_against_it_either() -> None:
    numbers = (up("price", 1.0), queueing("pay"))
    found, plain = seen(change((PARTS, 2.5)), *numbers), seen(change(("place", 0.0)), *numbers)

    assert "quiet" in {part.name for part in weighed(only(plain), plain).parts}
    assert "quiet" not in {part.name for part in weighed(only(found), found).parts}


def test_who_calls_what_cannot_be_reached_is_no_place_where_errors_begin_of_itself() -> None:
    gone, there = seen(up("pay", 0.0)), seen(up("pay", 1.0))

    (desk,) = weighed_services(gone, ["desk"])
    assert [part.contribution for part in desk.parts if part.name == "calls what is gone"] == [-3.0]
    (well,) = weighed_services(there, ["desk"])
    assert "calls what is gone" not in {part.name for part in well.parts}


def test_who_is_gone_itself_is_not_excused_by_another_that_is_gone() -> None:
    (desk,) = weighed_services(seen(up("pay", 0.0), up("desk", 0.0)), ["desk"])

    assert "calls what is gone" not in {part.name for part in desk.parts}
