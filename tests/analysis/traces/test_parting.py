"""Which new version of a service parts calls that go wrong from calls that go well."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.spans import AROUND, NOON, span

from rootline.analysis.traces.analysis import TraceFindings, analyse
from rootline.analysis.traces.likelihood import best_moment, gained
from rootline.analysis.traces.parting import Parting, clearest
from rootline.domain.signal import VERSION, Span

Deployed = dict[str, float]
"""From when on, in seconds from noon, each service runs its second version."""


def order(at_s: float, deployed: Deployed, *, error: str = "", took_s: float = 0.02) -> list[Span]:
    """The shop asks for a price and then charges, which fails or is slow."""
    trace = f"t{at_s}"
    one, price, pay = ("v2" if deployed.get(name, 9e9) <= at_s else "v1" for name in ("shop", "price", "pay"))
    return [
        span("1", "shop/POST /order", at_s, 0.05 + took_s, trace=trace, attributes={VERSION: one}),
        span("2<1", "price/POST /quote", at_s + 0.01, 0.01, trace=trace, attributes={VERSION: price}),
        span("3<1", "pay/POST /charge", at_s + 0.03, took_s, trace=trace, error=error, attributes={VERSION: pay}),
    ]


def orders(deployed: Deployed, times: Iterable[int], **told: object) -> list[Span]:
    return [*chain.from_iterable(order(at, deployed, **told) for at in times)]  # type: ignore[arg-type]


def found(*spans: Span) -> TraceFindings:
    return analyse(spans, AROUND, onset=NOON)


def named(partings: Sequence[Parting]) -> list[str]:
    return [f"{one.service} {one.version}" for _, one in clearest([("", partings)])]


@pytest.mark.parametrize("culprit", ["price", "pay"])
def test_calls_that_fail_through_a_new_version_alone_are_parted_by_it(culprit: str) -> None:
    deployed = {culprit: 0.0}

    root = found(*orders(deployed, range(-40, 0)), *orders(deployed, range(12), error="no")).error_roots[0]

    assert named(root.parted_by) == [f"{culprit} v2"]
    (one,) = root.parted_by
    assert (one.bad, one.through, one.bad_beside, one.beside, one.lost) == (12, 12, 0, 40, 0.0)
    assert one.since >= NOON
    assert one.told("POST /charge") == (
        f"12 of 12 calls of POST /charge that went through {culprit} v2 went wrong, "
        "and 0 of 40 through the versions before it"
    )


def test_a_version_that_served_well_before_or_came_after_is_not_named() -> None:
    deployed = {"shop": -9.0, "price": 0.0, "pay": 5.0}

    root = found(*orders(deployed, range(-40, 0)), *orders(deployed, range(15), error="no")).error_roots[0]

    assert named(root.parted_by) == ["price v2"]


def test_two_versions_between_the_last_good_call_and_the_first_bad_one_are_both_named() -> None:
    deployed = {"price": -0.4, "pay": -0.6}

    root = found(*orders(deployed, range(-40, 0)), *orders(deployed, range(15), error="no")).error_roots[0]

    assert named(root.parted_by) == ["pay v2", "price v2"]


def look(at_s: float, deployed: Deployed, *, deep: bool, error: str = "", names: str = "") -> list[Span]:
    """The shop looks something up on the shelf, which asks the store where it does not know."""
    trace = f"l{at_s}"
    shop, shelf, store = (
        {VERSION: "v2" if deployed.get(name, 9e9) <= at_s else "v1"} for name in ("shop", "shelf", "store")
    )
    spans = [
        span("1", "shop/GET /look", at_s, 0.05, trace=trace, error=error, attributes=shop),
        span("2<1", "shelf/GET /one", at_s + 0.01, 0.02, trace=trace, attributes=shelf),
    ]
    if names:
        told = {**shelf, "peer.service": names}
        return [*spans, span("3<2", "shelf/GET store/row", at_s + 0.02, 0.01, trace=trace, attributes=told)]
    asked = span("3<2", "store/GET /row", at_s + 0.02, 0.01, trace=trace, attributes=store)
    return [*spans, asked] if deep else spans


def looks(deployed: Deployed, times: Iterable[int], **told: object) -> list[Span]:
    return [*chain.from_iterable(look(at, deployed, deep=at % 2 == 0, **told) for at in times)]  # type: ignore[arg-type]


def test_of_two_new_versions_the_one_counts_more_that_good_calls_went_past() -> None:
    deployed = {"shop": -0.4, "store": -0.6}
    bad = range(0, 40, 4)

    root = found(
        *looks(deployed, range(-40, 0)),
        *looks(deployed, bad, error="no"),
        *looks(deployed, [at for at in range(40) if at not in bad]),
    ).error_roots[0]

    gains = {one.service: one.gain for one in root.parted_by}
    assert gains["store"] > gains["shop"] + 2
    store = next(one for one in root.parted_by if one.service == "store")
    assert (store.bad, store.through, store.bad_beside, store.beside, store.past) == (10, 20, 0, 60, 40)
    assert store.told("GET /look").endswith("and 0 of 60 through the versions before it or past it")


def test_bad_calls_that_went_past_a_version_clear_it() -> None:
    deployed = {"shop": -0.4, "store": -0.6}

    root = found(*looks(deployed, range(-40, 0)), *looks(deployed, range(30), error="no")).error_roots[0]

    assert named(root.parted_by) == ["shop v2"]


def test_who_was_called_and_left_no_span_was_not_gone_past() -> None:
    deployed = {"store": -0.6}
    silent = [*chain.from_iterable(look(at, deployed, deep=False, error="no", names="store") for at in range(1, 12, 2))]

    root = found(*looks(deployed, range(-40, 0)), *looks(deployed, range(0, 30, 2), error="no"), *silent).error_roots[0]

    assert named(root.parted_by) == ["store v2"]


def test_what_begins_at_another_moment_is_parted_by_no_version() -> None:
    deployed = {"price": -8.0}

    root = found(*orders(deployed, range(-40, 0)), *orders(deployed, range(15), error="no")).error_roots[0]

    assert named(root.parted_by) == []


def test_a_version_that_harms_some_of_its_calls_is_named() -> None:
    deployed = {"pay": 0.0}
    bad, good = range(0, 60, 3), [at for at in range(60) if at % 3]

    root = found(
        *orders(deployed, range(-60, 0)), *orders(deployed, bad, error="no"), *orders(deployed, good)
    ).error_roots[0]

    assert named(root.parted_by) == ["pay v2"]


def test_a_version_that_came_again_on_top_of_the_bad_one_does_not_hide_it() -> None:
    first, later, began = {"pay": 0.0}, "v3", NOON + timedelta(seconds=10)
    spans = [*orders(first, range(-40, 0)), *orders(first, range(20), error="no")]
    newer = [
        replace(one, attributes={VERSION: later}) if one.service == "pay" and one.start >= began else one
        for one in spans
    ]

    root = found(*newer).error_roots[0]

    assert named(root.parted_by) == ["pay v2"]


def test_calls_that_become_slow_with_a_version_are_parted_by_it() -> None:
    deployed = {"shop": -9.0, "pay": 0.0}

    slowed = found(*orders(deployed, range(-40, 0)), *orders(deployed, range(15), took_s=0.9)).slowed

    shown = clearest([(one.operation, one.parted_by) for one in slowed])
    assert {one.operation for one in slowed} == {"POST /order", "POST /charge"}
    assert [(one.service, one.version) for _, one in shown] == [("pay", "v2")]


def test_without_versions_or_with_one_of_each_service_nothing_is_parted() -> None:
    same = [*orders({}, range(-40, 0)), *orders({}, range(15), error="no", took_s=0.9)]

    findings = found(*same)

    assert (findings.slowed, findings.error_roots[0].parted_by) == ((), ())


def test_two_bad_calls_are_too_few() -> None:
    deployed = {"pay": 0.0}

    root = found(*orders(deployed, range(-40, 0)), *orders(deployed, range(2), error="no")).error_roots[0]

    assert root.parted_by == ()


def test_of_very_many_versions_the_newest_are_judged() -> None:
    spans = [
        span(
            "1",
            "pay/POST /charge",
            at,
            0.02,
            trace=f"t{at}",
            error="no" if at >= 0 else "",
            attributes={VERSION: f"build-{(at + 400) // 4}"},
        )
        for at in range(-400, 40)
    ]

    judged = found(*spans).error_roots[0].parted_by

    assert len(judged) == 12
    assert named(judged)[0] == "pay build-100"


def parting(service: str, gain: float, lost: float) -> Parting:
    return Parting(
        service=service, version="v2", since=NOON, bad=9, through=9, bad_beside=0, beside=9, gain=gain, lost=lost
    )


def test_what_parts_one_operation_by_chance_leaves_others_on_its_other_side() -> None:
    kinds = [
        ("page", [parting("gateway", 34, 0), parting("cache", 33, 1)]),
        ("look", [parting("gateway", 20, 13), parting("cache", 33, 0)]),
    ]

    assert [(name, one.service) for name, one in clearest(kinds)] == [("page", "cache")]


def test_the_operation_that_shows_a_version_best_is_told() -> None:
    kinds = [("page", [parting("cache", 10, 1)]), ("look", [parting("cache", 20, 1)])]

    assert [name for name, _ in clearest(kinds)] == ["look"]


def test_a_kind_of_error_that_names_another_order_each_time_is_one_kind() -> None:
    deployed = {"price": 0.0}
    failing = [order(at, deployed, error=f"payments has no '3c{at}d4bb8f{at % 7}'") for at in range(9)]

    roots = found(*orders(deployed, range(-40, 0)), *chain.from_iterable(failing)).error_roots

    assert [(one.service, one.count) for one in roots] == [("pay", 9)]
    assert named(roots[0].parted_by) == ["price v2"]


@given(
    st.integers(min_value=0, max_value=500),
    st.integers(min_value=0, max_value=500),
    st.integers(min_value=0, max_value=500),
    st.integers(min_value=0, max_value=500),
)
def test_a_gain_is_never_negative_and_nothing_where_the_share_is_no_larger(
    bad: int, good: int, bad_beside: int, good_beside: int
) -> None:
    count, beside = bad + good, bad_beside + good_beside

    gain = float(gained(bad, count, bad_beside, beside))

    assert gain >= -1e-9
    if not count or not beside or bad / count <= bad_beside / beside:
        assert gain == 0.0


@given(st.lists(st.integers(min_value=0, max_value=1), max_size=60))
def test_no_moment_parts_better_than_the_best(bad: list[int]) -> None:
    best = best_moment(np.array(bad, dtype=np.float64))

    every = (float(gained(sum(bad[at:]), len(bad) - at, sum(bad[:at]), at)) for at in range(len(bad)))
    assert best == pytest.approx(max(every, default=0.0))
