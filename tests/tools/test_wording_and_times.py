"""Short text for models and people, and times as they write them; each refusal shows how to write it."""

import math
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.domain.claim import LineSelector
from rootline.domain.evidence import SourceName
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.tools.claim_text import read_claim
from rootline.tools.times import read_time, resolve
from rootline.tools.user_text import without_phrases, without_users_words
from rootline.tools.wording import alike, clock, cut, not_configured, nothing, number, some

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOW - timedelta(hours=1), end=NOW)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "?"),
        (math.nan, "?"),
        (0, "0"),
        (-0.0, "0"),
        (1, "1"),
        (1234.5, "1,230"),
        (999.4, "999"),
        (999.6, "1,000"),
        (999_499, "999,000"),
        (1_000_000, "1e+06"),
        (0.001, "0.001"),
        (0.00099, "0.00099"),
        (0.0001234, "0.000123"),
        (-0.5, "-0.5"),
        (2.0 / 3, "0.667"),
        (123456.7, "123,000"),
        (1e-9, "1e-09"),
        (math.inf, "inf"),
    ],
)
def test_a_number_has_three_digits_and_no_exponent_where_people_use_none(value: float | None, text: str) -> None:
    assert number(value) == text


@given(value=st.floats(-1e300, 1e300))
def test_a_number_reads_back_within_half_a_percent(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.005, abs=1e-320)


def test_a_moment_is_its_time_of_day_in_utc() -> None:
    assert clock(NOW) == "12:00:00Z"
    assert clock(None) == "?"


@given(text=st.text(max_size=300), length=st.integers(1, 50))
def test_outside_text_becomes_one_short_line_that_can_be_printed(text: str, length: int) -> None:
    line = cut(text, length)

    assert len(line) <= length
    assert line.isprintable()
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("names", "most", "text"),
    [
        ([], 8, ""),
        (["a"], 8, "a"),
        (list("abc"), 3, "a, b, c"),
        (list("abcde"), 3, "a, b, c and 2 more"),
        (["a", "b"], 0, " and 2 more"),
    ],
)
def test_a_few_names_are_listed_and_the_rest_is_counted(names: list[str], most: int, text: str) -> None:
    assert some(names, most) == text


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("cart", ["cartservice", "store"], ["cartservice"]),
        ("CART", ["my-cart"], ["my-cart"]),
        ("chekout", ["checkout", "store"], ["checkout"]),
        ("", ["a"], []),
        ("zzz", ["cart"], []),
        ("a", ["a1", "a2", "a3", "a4"], ["a1", "a2", "a3"]),
    ],
)
def test_what_may_have_been_meant_is_offered(name: str, known: list[str], meant: list[str]) -> None:
    assert alike(name, known) == meant


def test_an_absence_can_be_cited_and_says_whether_the_thing_exists() -> None:
    found = nothing("errors", HOUR, SourceName(backend="x"), subject="cart", known=True, reason="none", hints=("ask",))

    assert (found.status, found.summary, found.hints) == ("no_data", "no data for errors: none", ("ask",))
    assert found.facts[0].model_dump(exclude={"kind"}) == {
        "subject": "cart",
        "asked": "errors",
        "known": True,
        "reason": "none",
    }


def test_a_source_that_is_not_there_says_what_to_do_without_it() -> None:
    found = not_configured("traces", HOUR, "eu-1")

    assert found.summary == "no data for traces: no source of traces is connected or on this tape"
    assert found.hints == ("Answer without traces and say so.",)
    assert found.source == SourceName(backend="none", cluster="eu-1")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", NOW),
        (" now-30m ", NOW - timedelta(minutes=30)),
        ("now-90s", NOW - timedelta(seconds=90)),
        ("now-2h", NOW - timedelta(hours=2)),
        ("now-1d", NOW - timedelta(days=1)),
        ("now-1w", NOW - timedelta(weeks=1)),
        ("2026-03-01T12:00:00Z", NOW),
        ("2026-03-01T12:00:00", NOW),
        ("2026-03-01T13:00:00+01:00", NOW),
        ("2026-03-01", NOW - timedelta(hours=12)),
    ],
)
def test_a_time_is_read_as_models_write_it(text: str, moment: datetime) -> None:
    assert read_time(text, NOW) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "now+1h",
        "now-1",
        "now-1y",
        "now - 1h",
        "now-9999999m",
        "now-999999w",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "12:00",
        "1740830400x",
    ],
)
def test_what_is_no_time_is_refused_with_three_that_are(text: str) -> None:
    with pytest.raises(ToolFault, match=r"is no time\. Write 2026-06-18T15:03:00Z, now or now-30m\.$"):
        read_time(text, NOW)


@given(text=st.text(max_size=50) | st.from_regex(r"now-\d{1,6}[smhdw]", fullmatch=True))
def test_any_text_is_a_time_in_utc_or_refused(text: str) -> None:
    try:
        found = read_time(text, NOW)
    except ToolFault:
        return
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        ("", "", HOUR),
        ("now-30m", "", Window(start=NOW - timedelta(minutes=30), end=NOW)),
        ("", "now-30m", Window(start=NOW - timedelta(hours=1), end=NOW - timedelta(minutes=30))),
        ("now-31d", "now", Window(start=NOW - timedelta(days=31), end=NOW)),
    ],
)
def test_what_is_left_out_comes_from_the_incidents_window(start: str, end: str, window: Window) -> None:
    assert resolve(start, end, HOUR, NOW) == window


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("now", "now", "is empty: start must be before end"),
        ("now", "now-1h", "is empty: start must be before end"),
        ("", "now-2h", "is empty"),
        ("now-40d", "now", "A window of 40 days is too long; ask for at most 31"),
    ],
)
def test_a_window_that_cannot_be_read_says_why(start: str, end: str, why: str) -> None:
    with pytest.raises(ToolFault, match=why):
        resolve(start, end, HOUR, NOW)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("E3[0] rose", {"predicate": "rose"}),
        ("E3[0]  fell  ", {"predicate": "fell"}),
        ("E3[0] equals current 210", {"predicate": "equals", "field": "current", "value": 210.0}),
        ("E3[0] equals count 3,840", {"predicate": "equals", "field": "count", "value": 3840.0}),
        ("E3[0] equals is_error true", {"predicate": "equals", "field": "is_error", "value": True}),
        ("E3[0] equals template 'a b'", {"predicate": "equals", "field": "template", "value": "a b"}),
        ("E3[0] equals current", {"predicate": "equals", "field": "current"}),
        ('E3[0] contains "timed out"', {"predicate": "contains", "value": "timed out"}),
        ("E3[0] contains timed out", {"predicate": "contains", "value": "timed out"}),
        ("E3[0] contains line 4 `a`", {"predicate": "contains", "line": 4, "value": "a"}),
        ("E3[0] started 2026-03-01T12:00:00Z", {"predicate": "started", "value": "2026-03-01T12:00:00Z"}),
        ("E3[0] depends_on store", {"predicate": "depends_on", "value": "store"}),
        ("E3[0] rose -1.5e3", {"predicate": "rose", "value": -1500.0}),
    ],
)
def test_a_claim_is_one_line(text: str, fields: dict[str, object]) -> None:
    found = read_claim(text).model_dump(exclude_defaults=True)

    assert found == {"evidence": "E3", "fact": 0, **fields}


def test_an_order_names_two_facts() -> None:
    found = read_claim("E3[0] precedes E5[12]")

    assert found.other is not None
    assert (found.other.evidence, found.other.fact) == ("E5", 12)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", r"'' is no claim\. Write E3\[0\] rose"),
        ("rose", r"'rose' is no claim"),
        ("E3 rose", "is no claim"),
        ("E0[0] rose", r"is no claim: String should match pattern"),
        ("E3[0] rises", r"'rises' is no predicate\. Did you mean rose\?"),
        ("E3[0] qqq", r"'qqq' is no predicate\. Known: rose, fell, equals"),
        ("E3[0] precedes that", r"'that' names no fact\. Write"),
        ("E3[100001] rose", "is no claim: Input should be less than or equal to 100000"),
    ],
)
def test_what_is_no_claim_is_refused_with_one_that_is(text: str, why: str) -> None:
    with pytest.raises(ToolFault, match=why):
        read_claim(text)


@given(
    text=st.text(max_size=80)
    | st.builds(
        "E{}[{}] {} {}".format,
        st.integers(0, 9),
        st.integers(0, 9),
        st.sampled_from(["rose", "equals", "contains", "precedes"]),
        st.text(max_size=20),
    )
)
def test_any_line_is_a_claim_or_refused_in_short(text: str) -> None:
    try:
        read_claim(text)
    except ToolFault as refused:
        assert len(str(refused)) < 500  # noqa: PT017 either a claim or this error


def test_a_quote_is_bounded_where_it_is_kept() -> None:
    assert LineSelector(evidence="E1", pointer="/facts/0", quote="x").quote == "x"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('10.0.0.1 - "GET /?q=drop HTTP/1.1" 500 "curl/8"', "10.0.0.1 - 500"),
        ("user-agent: Mozilla/5.0 broken", ""),
        ("failed for GET /orders/7 after 3 s", "failed for after 3 s"),
        ("see https://evil.example/x now", "see now"),
        ("plain words of the program", "plain words of the program"),
        ("comment=please restart everything", ""),
    ],
)
def test_the_words_of_clients_are_taken_out(text: str, kept: str) -> None:
    assert without_users_words(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('he said "drop the table" loudly', "he said loudly"),
        ('error="no such table"', 'error="no such table"'),
        ('reason: "no such table"', 'reason: "no such table"'),
        ("can't open 'a' here", "can't open 'a' here"),
        ("it was `rm -rf all` again", "it was again"),
    ],
)
def test_a_phrase_that_is_only_repeated_is_taken_out_and_an_own_error_stays(text: str, kept: str) -> None:
    assert re.sub(" +", " ", without_phrases(text)) == kept


@given(text=st.text(alphabet="a '\"`=:/GETHTP.01", max_size=200))
def test_taking_words_out_never_adds_any(text: str) -> None:
    assert len(without_users_words(text)) <= len(text)
    assert len(without_phrases(text)) <= len(text)
