from datetime import UTC, datetime, timedelta

import pytest

from rootline.claims.quantity import digits, quantity
from rootline.claims.render import render
from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate, Scalar, Selector, SeriesSelector
from rootline.domain.window import Window

START = datetime(2026, 3, 4, 14, 40, tzinfo=UTC)
WINDOW = Window(start=START, end=START + timedelta(minutes=40))


def quoting(place: str) -> LineSelector:
    return LineSelector(evidence="E1", pointer=f"/facts/0/{place}", quote="x")


def pointing(field: str, expected: Scalar = None) -> PointerSelector:
    return PointerSelector(evidence="E1", pointer=f"/facts/0/{field}", expected=expected)


def said(
    predicate: Predicate, value: Scalar | tuple[float, float], *places: Selector, unit: str = "", subject: str = "cart"
) -> str:
    claim = Claim(
        subject=subject,
        predicate=predicate,
        value=value,
        unit=unit,
        window=WINDOW,
        selectors=places or (pointing("current"),),
    )
    return render(claim)


def test_a_rise_names_both_levels_and_the_window() -> None:
    subject = "checkoutservice http_server_duration_p99_ms"

    sentence = said("rose", (212.4, 3838.0), unit="ms", subject=subject)

    assert sentence == f"{subject} rose from 212 to 3,840 ms (14:40–15:20 UTC)"


@pytest.mark.parametrize(
    ("predicate", "value", "places", "unit", "sentence"),
    [
        ("fell", (0.0412, 0.0), (), "ratio", "cart fell from 4.12 to 0 %"),
        ("rose", 3.5 * 2**30, (), "bytes", "cart rose to 3.5 GiB"),
        ("rose", (0.05, 0.4), (pointing("p95_after_s"),), "s", "cart p95 rose from 50 to 400 ms"),
        ("equals", 137.0, (pointing("count"),), "", "cart: the count was 137"),
        ("equals", "OOMKilled", (pointing("name"),), "", "cart: the name was “OOMKilled”"),
        ("equals", False, (pointing("is_error_root"),), "", "cart: the is error root was false"),
        (
            "contains",
            "exit 1",
            (quoting("lines/0"),),
            "",
            "cart says “exit 1”",
        ),
        ("contains", "+ retries = 9", (quoting("diff/4"),), "", "a change to cart adds “retries = 9”"),
        ("contains", "-retries = 3", (quoting("diff/3"),), "", "a change to cart takes out “retries = 3”"),
        ("contains", "--- a/cart.py", (quoting("diff/0"),), "", "a diff of cart has “--- a/cart.py”"),
        ("contains", "def pay():", (quoting("diff/2"),), "", "a diff of cart has “def pay():”"),
        ("absent", "restarts", (), "", "nothing was found of cart for “restarts”"),
        ("started", "2026-03-04T14:45:00Z", (pointing("onset"),), "", "cart left its usual level at 14:45:00 UTC"),
        ("started", "2026-03-03T14:45:00Z", (pointing("at"),), "", "cart changed at 2026-03-03 14:45:00 UTC"),
        ("ended", "2026-03-04T14:50:01Z", (pointing("last_seen"),), "", "cart last wrote the line at 14:50:01 UTC"),
        ("depends_on", "stock", (), "", "cart depends on stock"),
        ("changed", "3f2a9bc", (), "", "cart was changed by 3f2a9bc"),
        (
            "changed",
            "QUEUE",
            (pointing("label"), pointing("before", "QUEUE=96"), pointing("after", "QUEUE=0")),
            "",
            "cart was changed by QUEUE, from 96 to 0",
        ),
        ("equals", 458.0, (pointing("current"),), "", "cart: the level was 458"),
        ("equals", 0.7, (pointing("own"),), "", "cart: the share of the extra time that was spent in itself was 0.7"),
        ("equals", "9 of 9 went wrong", (pointing("version_contrast"),), "", "cart: “9 of 9 went wrong”"),
        ("is_healthy", None, (), "", "cart stayed healthy"),
    ],
)
def test_each_predicate_has_its_sentence(
    predicate: Predicate, value: Scalar, places: tuple[Selector, ...], unit: str, sentence: str
) -> None:
    assert said(predicate, value, *places, unit=unit) == f"{sentence} (14:40–15:20 UTC)"


def test_a_later_quote_tells_which_log_is_meant() -> None:
    which = LineSelector(evidence="E1", pointer="/facts/0/template", quote="refused <*>")

    assert said("rose", (5.0, 90.0), pointing("count"), which) == (
        "cart count rose from 5 to 90, “refused <*>” (14:40–15:20 UTC)"
    )


def test_an_order_shows_both_moments() -> None:
    places = pointing("at", "2026-03-04T14:41:00Z"), pointing("onset", "2026-03-04T14:45:00Z")

    assert said("precedes", "stock p99", *places) == (
        "cart changed at 14:41:00, before stock p99 left its usual level at 14:45:00 (14:40–15:20 UTC)"
    )


def test_a_point_shows_its_moment() -> None:
    place = SeriesSelector(evidence="E1", series="cart", at=START + timedelta(seconds=90), expected=7.0)

    assert said("equals", 7.0, place, unit="s") == "cart: the value at 14:41:30 was 7 s (14:40–15:20 UTC)"


def test_outside_text_cannot_reach_the_terminal() -> None:
    quote = "\x1b[31mred\x1b[0m\r\nrm -rf \u202etxt\x07\x1b]8;;http://evil\x07link"
    place = LineSelector(evidence="E1", pointer="/facts/0/lines/0", quote="x")

    sentence = said("contains", quote, place, subject="ca\x1b[2Jrt\n")

    assert sentence == "cart says “red rm -rf txt link” (14:40–15:20 UTC)"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0000123, "s", "12.3 µs"),
        (0.999, "s", "999 ms"),
        (1.0, "s", "1 s"),
        (125.44, "s", "125 s"),
        (1536.0, "bytes", "1.5 KiB"),
        (-0.5, "ratio", "-50 %"),
        (54321.0, "", "54321"),
        (54321.7, "", "54,300"),
        (1e-9, "", "1.00e-09"),
        (0.0, "s", "0 s"),
        (12.0, "count/s", "12 count/s"),
    ],
)
def test_numbers_are_short_and_keep_their_unit(value: float, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


def test_three_digits_are_kept_across_a_power_of_ten() -> None:
    assert [digits(value) for value in (999.6, 0.09996, 9.999, 99950.0)] == ["1,000", "0.1", "10", "100,000"]


def test_seconds_and_days_show_only_where_they_matter() -> None:
    start = datetime(2026, 3, 4, 23, 40, 5, tzinfo=UTC)
    claim = Claim(
        subject="a",
        predicate="is_healthy",
        window=Window(start=start, end=start + timedelta(hours=1)),
        selectors=(pointing("direction"),),
    )

    assert render(claim) == "a stayed healthy (23:40:05–2026-03-05 00:40:05 UTC)"
