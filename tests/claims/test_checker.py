"""What each predicate asks of the evidence, and what a refusal says instead."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.claims.world import World, stored

from rootline.claims.checker import check
from rootline.domain.claim import (
    Checked,
    Claim,
    LineSelector,
    PointerSelector,
    Predicate,
    Scalar,
    Selector,
    SeriesSelector,
)
from rootline.domain.fact import (
    AbsenceFact,
    AlertFact,
    AnyFact,
    ChangeFact,
    ConditionFact,
    EdgeFact,
    LogFact,
    NoteFact,
    OperationFact,
    SeriesFact,
    ServiceFact,
    TextFact,
)
from rootline.domain.points import Points

WINDOW = World(71).window
START = WINDOW.start
ONSET = START + timedelta(seconds=300)
SHA = "3f2a9bc1d4e5f60718293a4b5c6d7e8f90a1b2c3"


def moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def rising(**changes: object) -> SeriesFact:
    """100 ms for five minutes, then 900 ms for five minutes with a peak of 990, then 100 ms again."""
    values = [100.0] * 20 + [900.0] * 9 + [990.0] + [900.0] * 10 + [100.0] * 20
    fact = SeriesFact(
        subject="cart latency",
        service="cart",
        metric="latency_ms",
        unit="ms",
        direction="up",
        anomaly="spike",
        baseline=100.0,
        current=900.0,
        peak=990.0,
        onset=ONSET,
        ended=moment(600),
        points=Points.listed((moment(15 * at).timestamp(), value) for at, value in enumerate(values)),
    )
    return fact.model_copy(update=changes)


def field(path: str, expected: Scalar, tolerance: float = 0.01) -> PointerSelector:
    return PointerSelector(evidence="E1", pointer=f"/facts/0/{path}", expected=expected, tolerance=tolerance)


def point(seconds: float, expected: float) -> SeriesSelector:
    return SeriesSelector(evidence="E1", series="cart latency", at=moment(seconds), expected=expected)


def marked(
    fact: AnyFact, predicate: Predicate, value: Scalar | tuple[float, float], *places: Selector, unit: str = ""
) -> Checked:
    claim = Claim(subject=fact.subject, predicate=predicate, value=value, unit=unit, window=WINDOW, selectors=places)
    return check(claim, {"E1": stored("E1", [fact], WINDOW)})


def rose(*places: Selector, value: float | tuple[float, float], fact: SeriesFact | None = None) -> Checked:
    return marked(fact or rising(), "rose", value, *places, unit="ms")


def test_a_rise_may_be_cited_by_its_peak() -> None:
    checked = rose(field("baseline", 100.0), field("peak", 990.0), value=(100.0, 990.0))

    assert checked.mark == "verified"
    assert checked.sentence.startswith("cart latency rose from 100 to a peak of 990 ms")


def test_a_rise_may_be_cited_by_two_points_and_shows_their_moments() -> None:
    checked = rose(point(0, 100.0), point(435, 990.0), value=(100.0, 990.0))

    assert checked.mark == "verified"
    clocks = [f"{moment(seconds):%H:%M:%S}" for seconds in (0, 435)]
    assert checked.sentence.startswith(f"cart latency rose from 100 (at {clocks[0]}) to 990 ms (at {clocks[1]})")


@pytest.mark.parametrize(
    ("places", "value", "reason"),
    [
        ((point(0, 100.0), point(700, 100.0)), (100.0, 100.0), "no point"),
        ((point(0, 100.0), point(750, 100.0)), (100.0, 900.0), "no selector points at the level after"),
        ((field("current", 900.0),), (100.0, 900.0), "no selector points at the level before"),
        ((field("baseline", 100.0), field("current", 900.0)), (100.0, 990.0), "the place cited says 900.0 after"),
        ((field("baseline", 100.0),), 900.0, "no selector points at the level after"),
        ((field("kind", "series"),), 900.0, "the evidence is in no unit"),
    ],
)
def test_a_level_without_its_own_place_is_refused(
    places: tuple[Selector, ...], value: float | tuple[float, float], reason: str
) -> None:
    checked = rose(*places, value=value)

    assert not checked.is_fact
    assert reason in checked.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"direction": "flat"}, "the evidence says flat"),
        ({"onset": None}, "the evidence has no onset with points before and after it"),
        ({"onset": moment(0)}, "the evidence has no onset with points before and after it"),
        ({"points": Points()}, "the evidence has no onset with points before and after it"),
        ({"current": 90_000.0}, "the stored points do not give the stored level"),
        ({"onset": moment(600), "ended": None}, "the stored points do not give the stored level"),
    ],
)
def test_a_summary_that_the_points_do_not_bear_is_refused(changes: dict[str, object], reason: str) -> None:
    fact = rising(**changes)
    checked = rose(field("current", fact.current), value=fact.current or 0.0, fact=fact)

    assert (checked.is_fact, checked.reason) == (False, reason)


def test_a_rise_that_the_points_show_as_a_fall_is_contradicted() -> None:
    values = [(at, 1000.0 - (value or 0.0)) for at, value in rising().points]
    turned = rising(points=Points.listed(values), current=100.0, baseline=900.0)

    checked = rose(field("current", 100.0), value=100.0, fact=turned)

    assert (checked.mark, checked.reason) == ("contradicted", "it went down from 900 to 100")


def test_a_value_may_differ_by_what_its_selector_allows_and_no_more() -> None:
    fact = rising()

    assert marked(fact, "equals", 925.0, field("current", 925.0, 0.05), unit="ms").is_fact
    assert not marked(fact, "equals", 925.0, field("current", 925.0, 0.01), unit="ms").is_fact
    assert not marked(fact, "equals", 990.0, field("current", 900.0, 0.05), unit="ms").is_fact


@pytest.mark.parametrize(
    ("path", "value", "is_fact"),
    [
        ("points/3/1", 100.0, True),
        ("points/3/0", moment(45).timestamp(), False),
        ("current", 900.0, True),
        ("effect", 0.0, False),
        ("score", 0.0, False),
        ("direction", "up", False),
    ],
)
def test_values_are_observations_not_estimates(path: str, value: Scalar, is_fact: bool) -> None:
    unit = "ms" if path.startswith(("points", "current")) else ""

    assert marked(rising(), "equals", value, field(path, value), unit=unit).is_fact is is_fact


def test_a_start_needs_the_points_to_leave_their_level_there() -> None:
    early = rising(onset=moment(150), current=100.0)
    at = early.onset.isoformat() if early.onset else ""

    checked = marked(early, "started", at, field("onset", at))

    assert (checked.mark, checked.reason) == ("contradicted", "the points do not move there yet")


def test_an_end_needs_the_points_to_come_back() -> None:
    early = rising(ended=moment(450))
    at = early.ended.isoformat() if early.ended else ""

    checked = marked(early, "ended", at, field("ended", at))

    assert (checked.mark, checked.reason) == ("contradicted", "it has not come back")


@pytest.mark.parametrize(
    ("said", "is_fact"), [(SHA, True), (SHA[:7], True), (SHA[:6], False), (SHA[1:9], False), (SHA[:10] + "0", False)]
)
def test_a_commit_may_be_named_by_seven_digits_or_more(said: str, is_fact: bool) -> None:
    fact = ChangeFact(subject="cart", change="commit", label=SHA, at=ONSET)

    assert marked(fact, "changed", said, field("label", SHA)).is_fact is is_fact


@pytest.mark.parametrize(
    ("at", "reason"),
    [(None, "the evidence does not say when it took effect"), (WINDOW.end, "it took effect after the window")],
)
def test_a_change_must_have_taken_effect_before_the_end(at: datetime | None, reason: str) -> None:
    fact = ChangeFact(subject="cart", change="flag", label="new-cart", at=at)

    assert marked(fact, "changed", "new-cart", field("label", "new-cart")).reason == reason


def test_a_dependency_has_a_direction() -> None:
    edge = EdgeFact(subject="cart", callee="stock", found_in="traces")
    service = ServiceFact(subject="stock", callers=["cart"], callees=["db"])

    assert marked(edge, "depends_on", "stock", field("callee", "stock")).is_fact
    assert marked(service, "depends_on", "cart", field("callers/0", "cart")).reason == "it depends on db"
    assert marked(service, "depends_on", "db", field("callees/0", "db")).is_fact


def test_words_may_be_part_of_the_quote_but_not_of_a_word() -> None:
    fact = TextFact(subject="pods", asked="pods", lines=["cart-1 0/1 OOMKilled 15 restarts, 3,840 ms"])
    line = LineSelector(evidence="E1", pointer="/facts/0/lines/0", quote="0/1 OOMKilled 15 restarts, 3,840 ms")

    assert marked(fact, "contains", "OOMKilled 15", line).is_fact
    assert marked(fact, "contains", "0/1 OOMKilled", field("lines/0", fact.lines[0])).is_fact
    for cut in ("OOMKilled 1", "OOMKill", "840 ms", "restarts, 3", ""):
        assert not marked(fact, "contains", cut, line).is_fact


def test_a_condition_quotes_only_what_was_read() -> None:
    fact = World(71).evidence["E5"].reading.facts[-1]
    assert isinstance(fact, ConditionFact)
    quote = fact.support[0].quote
    line = LineSelector(evidence="E1", pointer="/facts/0/support/0/quote", quote=quote)

    assert marked(fact, "contains", quote, line).reason == "the line quoted is not in the text that was read"
    assert marked(fact, "equals", "memory_limit_reached", field("cause", "memory_limit_reached")).reason.startswith(
        "cause is an estimate"
    )


def test_nothing_is_absent_that_was_not_looked_for_and_answered() -> None:
    fact = AbsenceFact(subject="cart", asked="restarts", known=True, reason="none")
    place = field("asked", "restarts")
    claim = Claim(subject="cart", predicate="absent", value="restarts", window=WINDOW, selectors=(place,))

    def reason(status: str) -> str:
        evidence = {"E1": stored("E1", [fact], WINDOW, status=status)}  # type: ignore[arg-type]
        return check(claim, evidence).reason

    assert reason("no_data") == ""
    assert reason("ok") == "E1 is a listing, not an empty answer"
    assert reason("timeout") == reason("partial") == "E1 was not answered in full, which proves no absence"


def test_health_is_denied_by_anything_read_about_the_subject() -> None:
    values = [(at, 100.0) for at, _ in rising().points]
    flat = rising(
        direction="flat",
        anomaly="none",
        onset=None,
        ended=None,
        points=Points.listed(values),
        current=100.0,
        peak=100.0,
    )
    alert = AlertFact(subject=flat.subject, name="Slow", severity="high", fired_at=ONSET)
    claim = Claim(subject=flat.subject, predicate="is_healthy", window=WINDOW, selectors=(field("direction", "flat"),))
    alone = {"E1": stored("E1", [flat], WINDOW)}

    assert check(claim, alone).is_fact
    assert check(claim, {**alone, "E2": stored("E2", [alert], WINDOW)}).reason == "the alert Slow fired"


def test_a_flat_summary_over_moving_points_is_not_healthy() -> None:
    ramp = [(at, 100.0 + number) for number, (at, _) in enumerate(rising().points)]
    fact = rising(direction="flat", anomaly="none", onset=None, ended=None, points=Points.listed(ramp))

    assert marked(fact, "is_healthy", None, field("direction", "flat")).mark == "contradicted"


def test_an_operation_compares_its_own_two_numbers() -> None:
    fact = OperationFact(
        subject="cart GET",
        service="cart",
        operation="GET",
        count=9,
        p50_before_s=0.1,
        p95_before_s=0.2,
        p95_after_s=2.0,
    )
    before, after = field("p95_before_s", 0.2), field("p95_after_s", 2.0)

    assert marked(fact, "rose", (0.2, 2.0), before, after, unit="s").is_fact
    assert marked(fact, "rose", (0.1, 2.0), field("p50_before_s", 0.1), after, unit="s").reason == (
        "the two places cited are of different measures"
    )


def test_a_note_proves_nothing_alone() -> None:
    note = NoteFact(subject="cart", author="rowan", text="cart was slow")
    place = field("author", "rowan")
    log = LogFact(subject="cart", template="x", count=3)
    evidence = stored("E1", [log], WINDOW).model_copy(update={"author": "rowan"})
    counted = Claim(subject="cart", predicate="equals", value=3.0, window=WINDOW, selectors=(field("count", 3.0),))

    assert marked(note, "equals", "rowan", place).reason == "a person's note is not enough alone"
    assert check(counted, {"E1": evidence}).reason == "a person's note is not enough alone"


def test_the_second_fact_of_an_order_is_about_what_the_claim_says() -> None:
    change = ChangeFact(subject="cart", change="flag", label="f", at=moment(60))
    log = LogFact(subject="stock", template="x", count=3, first_seen=moment(90))
    evidence = {"E1": stored("E1", [change, log], WINDOW)}
    first = field("at", moment(60).astimezone(UTC).isoformat())
    then = PointerSelector(evidence="E1", pointer="/facts/1/first_seen", expected=moment(90).isoformat())

    def mark(value: str, *places: Selector) -> str:
        claim = Claim(subject="cart", predicate="precedes", value=value, window=WINDOW, selectors=places)
        return check(claim, evidence).mark

    assert mark("stock", first, then) == "verified"
    assert mark("cart", first, then) == "not_found"
    assert mark("cart", first, first) == "contradicted"
    assert mark("stock", first) == "not_found"
