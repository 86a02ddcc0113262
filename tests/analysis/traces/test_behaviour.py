"""Services that behave unlike themselves, on small made-up traffic."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from rootline.analysis.traces.behaviour import Behaviour, behaviours
from rootline.analysis.traces.forest import plant
from rootline.analysis.traces.periods import Periods
from rootline.domain.signal import Span
from rootline.domain.window import Window

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WINDOW = Window(start=START, end=START + timedelta(minutes=1))
Change = Callable[[str], float]


def calm(_: str) -> float:
    return 0.0


def page(number: int, at: datetime, extra: Change = calm, *, reads: bool = True, asks: bool = True) -> Iterator[Span]:
    """Web asks orders and search; orders reads its database and asks stock. `extra` are seconds by place."""
    numbers = count()
    own: dict[str, str] = {}

    def span(name: str, above: str, service: str, begin: float, lasts: float) -> Span:
        own[name] = f"{number}-{next(numbers)}"
        return Span(trace_id=f"t{number}", span_id=own[name], parent_id=own.get(above), service=service,
                    operation=name, start=at + timedelta(seconds=begin), duration_s=lasts)  # fmt: skip

    db, stock, search = 0.010 + extra("db"), 0.005 + extra("stock"), 0.008 + extra("search")
    to_stock, to_orders = stock + extra("orders-stock"), 0.002 + extra("web-orders")
    orders = 0.004 + (db if reads else 0) + (to_stock + 0.002 if asks else 0) + extra("orders")
    yield span("page", "", "web", 0, orders + search + to_orders + 0.02)
    yield span("GET orders", "page", "web", 0.001, orders + to_orders)
    yield span("orders", "GET orders", "orders", 0.002 + extra("web-orders"), orders)
    if reads:
        yield span("SELECT", "orders", "orders", 0.003 + extra("web-orders"), db)
    if asks:
        yield span("GET stock", "orders", "orders", 0.02 + extra("db") + extra("web-orders"), to_stock + 0.001)
        yield span("stock", "GET stock", "stock", 0.0205 + extra("db") + extra("web-orders"), stock)
    yield span("GET search", "page", "web", orders + to_orders + 0.005, search + 0.001)
    yield span("search", "GET search", "search", orders + to_orders + 0.0055, search)


def told(extra: Change = calm, *, reads: bool = True, asks: bool = True, pages: int = 20) -> list[Behaviour]:
    spans = [span for at in range(120) for span in page(at, START - timedelta(seconds=240 - 2 * at))]
    for at in range(pages):
        spans += page(1000 + at, START + timedelta(seconds=1 + 2 * at), extra, reads=reads, asks=asks)
    forest = plant(spans)
    return behaviours(forest, Periods.of(WINDOW, None, forest.starts[:1]))


def slow(*places: str) -> Change:
    return lambda place: 0.3 if place in places else 0.0


def test_a_service_that_takes_more_time_of_its_own_is_first() -> None:
    found = told(slow("db", "orders"))

    assert found[0].service == "orders"
    assert found[0].time.own > 0.9


def test_time_lost_on_every_way_to_and_from_a_service_is_that_services() -> None:
    found = told(slow("web-orders", "orders-stock"))

    assert (found[0].service, found[0].time.peers) == ("orders", ("stock", "web"))
    assert found[0].time.on_the_way > 0.9
    assert {one.service for one in found} == {"orders", "stock", "web"}


def test_time_lost_on_the_way_to_one_of_several_callees_is_the_callees() -> None:
    found = told(slow("orders-stock"))

    assert found[0].service == "stock"


def test_a_call_that_no_longer_follows_is_told_of_the_one_that_made_it() -> None:
    found = told(reads=False, asks=False)

    assert found[0].service == "orders"
    assert found[0].changed > 0.8
    assert {(one.child.name, round(one.usual, 2), one.now) for one in found[0].changes} == {
        ("SELECT", 1.0, 0.0),
        ("GET stock", 1.0, 0.0),
    }


def test_two_calls_are_enough_where_it_always_followed_before() -> None:
    assert told(asks=False, pages=2)[0].service == "orders"


def test_what_began_late_in_the_minute_is_found() -> None:
    spans = [span for at in range(120) for span in page(at, START - timedelta(seconds=240 - 2 * at))]
    for at in range(24):
        late = at >= 18
        spans += page(1000 + at, START + timedelta(seconds=2 * at), slow("stock") if late else calm)
    forest = plant(spans)

    assert behaviours(forest, Periods.of(WINDOW, None, forest.starts[:1]))[0].service == "stock"


def test_one_bad_minute_in_the_past_changes_nothing() -> None:
    spans = [
        span
        for at in range(120)
        for span in page(at, START - timedelta(seconds=240 - 2 * at), calm, asks=not 40 <= at < 60)
    ]
    for at in range(20):
        spans += page(1000 + at, START + timedelta(seconds=1 + 2 * at), asks=False)
    forest = plant(spans)

    assert behaviours(forest, Periods.of(WINDOW, None, forest.starts[:1]))[0].service == "orders"


def test_traffic_as_ever_is_like_itself() -> None:
    assert told() == []


def test_without_a_past_nothing_is_unlike_itself() -> None:
    forest = plant([span for at in range(20) for span in page(at, START + timedelta(seconds=at), slow("db"))])

    assert behaviours(forest, Periods.of(WINDOW, None, forest.starts[:1])) == []
    assert behaviours(plant([]), Periods.of(WINDOW, None, ())) == []


def call(number: int, at: datetime, callee: str, *, steps: tuple[str, ...] = (), wrapped: bool = True) -> list[Span]:
    """Web asks one of its callees through a span that every call is named alike in."""

    def span(place: int, above: int | None, service: str, operation: str) -> Span:
        parent = None if above is None else f"{number}-{above}"
        return Span(trace_id=f"c{number}", span_id=f"{number}-{place}", parent_id=parent, service=service,
                    operation=operation, start=at + timedelta(milliseconds=place),
                    duration_s=0.05 - place / 1e3)  # fmt: skip

    client = [span(1, 0, "web", "HTTP GET")] if wrapped else []
    below = [span(3 + step, 2, callee, name) for step, name in enumerate(steps)]
    return [span(0, None, "web", f"show {callee}"), *client, span(2, 1 if wrapped else 0, callee, callee), *below]


def asked(now: tuple[list[Span], ...], past: Callable[[int, datetime], list[Span]]) -> list[Behaviour]:
    spans = [span for at in range(120) for span in past(at, START - timedelta(seconds=240 - 2 * at))]
    forest = plant([*spans, *(span for one in now for span in one)])
    return behaviours(forest, Periods.of(WINDOW, None, forest.starts[:1]))


def test_calls_that_are_all_named_alike_are_judged_by_what_makes_them() -> None:
    def past(at: int, moment: datetime) -> list[Span]:
        return call(at, moment, "stock" if at % 4 else "prices")

    now = tuple(call(1000 + at, START + timedelta(seconds=1 + at), "prices") for at in range(24))

    assert asked(now, past) == []


def test_an_operation_that_takes_another_of_its_usual_ways_was_asked_for_something_else() -> None:
    def past(at: int, moment: datetime) -> list[Span]:
        return call(at, moment, "stock", steps=("by name",) if at % 4 else ("by chance",))

    def now(*steps: str) -> tuple[list[Span], ...]:
        return tuple(call(1000 + at, START + timedelta(seconds=1 + at), "stock", steps=steps) for at in range(24))

    swapped, stopped = asked(now("by chance"), past), asked(now(), past)

    assert swapped[0].changed < 0.4 < stopped[0].changed
    assert stopped[0].service == "stock"


def test_a_few_calls_more_of_the_slow_ones_are_chance() -> None:
    def one(number: int, at: datetime, lasts: float) -> Span:
        return Span(trace_id=f"b{number}", span_id="1", parent_id=None, service="cart",
                    operation="read", start=at, duration_s=lasts)  # fmt: skip

    past = [one(at, START - timedelta(seconds=240 - at / 2), 0.25 if at % 5 == 0 else 0.005) for at in range(480)]

    def told_of(count: int) -> list[Behaviour]:
        now = [one(1000 + at, START + timedelta(seconds=at / 10), 0.25 if at % 8 < 5 else 0.005) for at in range(count)]
        forest = plant([*past, *now])
        return behaviours(forest, Periods.of(WINDOW, None, forest.starts[:1]))

    assert told_of(8) == []
    assert [found.service for found in told_of(400)] == ["cart"]
