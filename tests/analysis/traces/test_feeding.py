"""Of what failing requests came by, and how the operation was served before."""

import pytest
from tests.fakes.spans import AROUND, NOON, span

from rootline.analysis.traces import analyse
from rootline.analysis.traces.faults import WELL, ErrorRoot
from rootline.analysis.traces.hanging_up import hung_up
from rootline.domain.signal import Span


def ordered(at: float, *, error: str = "") -> list[Span]:
    """An order: the desk asks the stock first and then has it priced."""
    trace = f"o{at}"
    return [
        span("1", "desk/POST /order", at, 1.0, error=error and "pricing failed", trace=trace),
        span("2<1", "stock/POST /take", at + 0.1, trace=trace),
        span("3<1", "pricing/POST /quote", at + 0.5, error=error, trace=trace),
    ]


def shown(at: float, *, error: str = "") -> list[Span]:
    """A page, which has something priced as well."""
    trace = f"p{at}"
    top = span("1", "web/GET /", at, 1.0, trace=trace)
    return [top, span("2<1", "pricing/POST /quote", at + 0.5, error=error, trace=trace)]


def root(*spans: Span, of: str = "pricing") -> ErrorRoot:
    return next(one for one in analyse(spans, AROUND, onset=NOON).error_roots if one.service == of)


def test_what_fails_for_one_way_alone_names_those_on_that_way() -> None:
    spans = [one for at in range(1, 5) for one in (*ordered(at, error="no number: '5.99'"), *shown(at))]

    assert root(*spans).by_way_of == ("desk", "stock")


def test_what_fails_for_everybody_came_by_way_of_nobody() -> None:
    spans = [one for at in range(1, 5) for one in (*ordered(at, error="boom"), *shown(at, error="boom"))]

    assert root(*spans).by_way_of == ()


@pytest.mark.parametrize(("bad", "good"), [(2, 9), (9, 2), (9, 0)])
def test_few_requests_tell_no_way(bad: int, good: int) -> None:
    spans = [one for at in range(1, bad + 1) for one in ordered(at, error="boom")]

    assert root(*spans, *(one for at in range(1, good + 1) for one in shown(at))).by_way_of == ()


def test_who_answers_after_the_failure_has_handed_nothing_to_it() -> None:
    late = [span("4<1", "audit/POST /note", at + 0.9, trace=f"o{at}") for at in range(1, 5)]
    spans = [one for at in range(1, 5) for one in (*ordered(at, error="boom"), *shown(at))]

    assert "audit" not in root(*spans, *late).by_way_of


def test_good_requests_before_the_onset_say_nothing_of_the_way() -> None:
    spans = [one for at in range(1, 5) for one in ordered(at, error="boom")]
    before = [one for at in range(-9, -1) for one in shown(at)]

    assert root(*spans, *before).by_way_of == ()


def test_the_good_calls_before_the_first_failure_are_told_and_the_share_of_failures_since() -> None:
    spans = [*ordered(-3), *ordered(-2), *ordered(2, error="boom"), *ordered(3), *ordered(4), *ordered(5, error="boom")]

    found = root(*spans)

    assert [at - NOON.timestamp() for at in found.well_before] == pytest.approx([-2.5, -1.5])
    assert found.share == 0.5
    assert found.well_with == (frozenset(["desk", "stock", "pricing"]),) * 2


def test_calls_that_took_far_longer_than_usual_did_not_go_well() -> None:
    def quoted(at: float, took: float) -> Span:
        return span("1", "pricing/POST /quote", at, took, trace=f"q{at}")

    usual, slow = [quoted(at, 0.1) for at in range(-20, 0)], [quoted(at, 0.9) for at in range(1, 5)]
    failing = [span("1", "pricing/POST /quote", 9, error="boom", trace="f")]

    assert len(root(*usual, *slow, *failing).well_before) == 20
    assert len(root(*usual[:5], *slow, *failing).well_before) == 9, "five calls tell no usual time"


def test_a_service_that_is_asked_once_in_a_while_took_part_only_then() -> None:
    def priced(at: float, *, asks: bool, error: str = "") -> list[Span]:
        below = [span("4<3", "disk/POST /get", at + 0.5, error=error, trace=f"o{at}")] if asks else []
        return [*ordered(at, error=error), span("5<2", "disk/POST /put", at + 0.1, trace=f"o{at}"), *below]

    found = root(*priced(-4, asks=True), *priced(-3, asks=False), *priced(2, asks=True, error="boom"), of="disk")
    above = root(*priced(-4, asks=True), *priced(-3, asks=False), *ordered(2, error="boom"))

    assert "disk" in found.well_with[0]
    assert ["disk" in one for one in above.well_with] == [True, False]


def test_no_more_than_the_last_good_calls_are_kept() -> None:
    spans = [one for at in range(-300, 0) for one in ordered(at)]

    assert len(root(*spans, *ordered(2, error="boom")).well_before) == WELL


def test_whom_a_failing_call_names_is_told_also_where_it_left_spans() -> None:
    spans = [
        span(
            "1",
            "desk/POST pricing/quote",
            1,
            error="closed before an answer",
            attributes={"peer.service": "pricing"},
        ),
        span("1", "pricing/POST /quote", 1, trace="u"),
    ]

    assert root(*spans, of="desk").called == "pricing"


@pytest.mark.parametrize(
    "error",
    [
        "pricing answered 502: connection to 127.0.0.1:80 closed before an answer",
        "read: connection reset by peer",
        "socket hang up",
        "write: broken pipe",
        "rpc error: unexpected EOF",
        "upstream prematurely closed connection",
        "Server disconnected without sending a response",
    ],
)
def test_who_hangs_up_is_known_by_the_words_of_sockets_and_proxies(error: str) -> None:
    assert hung_up(error)


@pytest.mark.parametrize(
    "error", ["connection refused", "no answer within 2 s", "KeyError: 'id'", "", "the shop is closed", "geofence"]
)
def test_who_refuses_is_late_or_fails_has_not_hung_up(error: str) -> None:
    assert not hung_up(error)


def test_a_hostile_error_is_read_in_time() -> None:
    assert not hung_up("connection " * 100_000)
