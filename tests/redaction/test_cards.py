"""Payment-card numbers are secrets; identifiers, moments and quantities of as many digits are none."""

import random
import uuid
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from rootline.redaction import Redactor
from rootline.redaction.cards import cards, digits_of, has_check_digit, is_card

REDACT = Redactor(b"a key of this installation")
# Source: the test numbers that the networks and payment providers publish.
PUBLISHED = [
    "4111111111111111",
    "4012888888881881",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "30569309025904",
    "38520000023237",
    "6011111111111117",
    "3530111333300000",
    "6200000000000005",
    "2200000000000004",
]
SELDOM = ["4222222222222", "4000000000000000006", "6759649826438453", "6304000000000000"]


def with_check_digit(body: str) -> str:
    return next(body + digit for digit in "0123456789" if has_check_digit(body + digit))


def drawn(first: str, length: int) -> st.SearchStrategy[str]:
    rest = length - len(first) - 1
    return st.text("0123456789", min_size=rest, max_size=rest).map(lambda body: with_check_digit(first + body))


CARDS = st.one_of(
    drawn("4", 16),
    drawn("52", 16),
    drawn("2500", 16),
    drawn("34", 15),
    drawn("36", 14),
    drawn("65", 16),
    drawn("62", 16),
)


def grouped(digits: str, mark: str) -> str:
    cuts = (4, 8, 12) if len(digits) == 16 else (4, 10)
    return mark.join(digits[start:end] for start, end in zip((0, *cuts), (*cuts, len(digits)), strict=True))


@pytest.mark.parametrize("number", PUBLISHED)
@pytest.mark.parametrize(
    "place",
    [
        "{}",
        "charging {} failed",
        '{{"number":"{}","exp":"12/29"}}',
        "pan={};",
        "-{}",
        "+  card: '{}'",
        "paid with {}.",
        "{} 12/29 123",
        "<cardNumber>{}</cardNumber>",
        '\\"card\\":\\"{}\\"',
        "été {} 日本",
    ],
)
def test_a_published_number_does_not_survive(number: str, place: str) -> None:
    clean = REDACT.text(place.format(number))

    assert number not in clean
    assert "«redacted:card:" in clean


@given(number=CARDS, mark=st.sampled_from([" ", "-"]), around=st.text(max_size=30))
def test_a_number_is_found_however_it_is_grouped_and_has_one_mark(number: str, mark: str, around: str) -> None:
    whole, apart = REDACT.text(f"{around}\n{number}\n"), REDACT.text(f"{around}\n{grouped(number, mark)}\n")

    assert whole == apart
    assert number not in whole
    assert REDACT.text(whole) == whole


@pytest.mark.parametrize("number", SELDOM)
def test_a_length_that_few_cards_have_needs_a_word_that_speaks_of_cards(number: str) -> None:
    assert number in REDACT.text(f"handled {number} today")
    assert number in REDACT.text(f"offset {number}")
    assert number not in REDACT.text(f"card {number} was declined")
    assert number not in REDACT.text(f'{{"payment_method": "{number}"}}')
    assert number not in REDACT.text(f"PAN: {number}")


@given(number=CARDS, place=st.integers(0, 15), by=st.integers(1, 9))
def test_one_wrong_digit_makes_it_no_card(number: str, place: int, by: int) -> None:
    at = place % len(number)
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]

    assert not has_check_digit(wrong)
    assert REDACT.text(f"paid {wrong} ok") == f"paid {wrong} ok"


@pytest.mark.parametrize(
    "text",
    [
        "order_id=4111111111111111",
        '{"requestId": "4111111111111111"}',
        '{\\"trace_id\\":\\"4111111111111111\\"}',
        "GET /orders/4111111111111111 200",
        "req-4111111111111111",
        "build#4111111111111111",
        "0.4111111111111111",
        "4111111111111111.5",
        "1.4111111111111111e-05",
        "v4111111111111111",
        "4111111111111111b",
        "a4111111111111111",
        "4111111111111111@example",
        "41111111111111111111",
        "4111-1111-1111-1111-1111",
        "1234 4111 1111 1111 1111",
        "4111 1111-1111 1111",
        "411111 1111111111",
        "duration_ns: 4111111111111111",
        "resourceVersion: '4111111111111111'",
        "bytes 4111111111111111",
        "0000000000000000",
        "offset 4111111111111111",
    ],
)
def test_identifiers_quantities_and_parts_of_longer_things_stay(text: str) -> None:
    assert REDACT.text(text) == text


def test_a_word_that_speaks_of_cards_counts_more_than_one_that_speaks_of_ids() -> None:
    assert REDACT.text("card_id=4111111111111111") != "card_id=4111111111111111"
    assert REDACT.text('{"card": {"id": "4111111111111111"}}') != '{"card": {"id": "4111111111111111"}}'


def ordinary(draw: random.Random) -> dict[str, Callable[[], str]]:
    def hexadecimal(length: int) -> str:
        return f"{draw.getrandbits(4 * length):0{length}x}"

    def since(factor: int) -> int:
        return draw.randrange(1_000_000_000 * factor, 2_000_000_000 * factor)

    return {
        "nanoseconds since 1970": lambda: f"at {since(10**9)} it began",
        "microseconds since 1970": lambda: f"{since(10**6)} started",
        "milliseconds since 1970": lambda: f"[{since(10**3)}] started",
        "days": lambda: f"2026{draw.randrange(1, 13):02}{draw.randrange(1, 29):02}{draw.randrange(10**6):06}",
        "trace ids": lambda: hexadecimal(32),
        "span ids": lambda: hexadecimal(16),
        "uuids": lambda: str(uuid.UUID(int=draw.getrandbits(128))),
        "floats": lambda: f"{draw.random() * 10 ** draw.randrange(9)}",
        "snowflakes": lambda: f"handled {draw.randrange(10**17, 10**19)} ok",
        "named ids": lambda: f"order_id={draw.randrange(10**12, 10**19)}",
        "offsets": lambda: f"offset={draw.randrange(10**12, 10**19)} lag=3",
        "bytes": lambda: f'"bytes": {draw.randrange(10**12, 10**17)}',
        "rows of numbers": lambda: " ".join(str(draw.randrange(1000, 10_000)) for _ in range(8)),
    }


@pytest.mark.parametrize("kind", [*ordinary(random.Random(0))])  # noqa: S311 drawn alike each time
def test_no_ordinary_number_is_taken_for_a_card(kind: str) -> None:
    make = ordinary(random.Random(7))[kind]  # noqa: S311 drawn alike each time

    taken = [text for text in (make() for _ in range(5000)) if cards(text)]

    assert taken == []


def test_of_bare_numbers_with_as_many_digits_few_are_taken_for_cards() -> None:
    draw = random.Random(7)  # noqa: S311 drawn alike each time
    taken = {
        length: sum(bool(cards(f"handled {draw.randrange(10 ** (length - 1), 10**length)} ok")) for _ in range(5000))
        for length in range(12, 21)
    }

    assert taken[16] < 5000 * 0.035
    assert max(taken[14], taken[15]) < 5000 * 0.01
    assert [taken[length] for length in (12, 13, 17, 18, 19, 20)] == [0] * 6


def test_of_values_under_a_key_the_key_decides() -> None:
    held: dict[str, JsonValue] = {
        "number": "4242424242424242",
        "order_id": "4242424242424242",
        "card_number": "4222222222222",
        "trace": {"id": "4242424242424242"},
        "ratio": 0.5,
    }

    clean = REDACT.value(held)

    assert isinstance(clean, dict)
    assert str(clean["number"]).startswith("«redacted:card:")
    assert str(clean["card_number"]).startswith("«redacted:card:")
    assert {key: clean[key] for key in ("order_id", "trace", "ratio")} == {
        key: held[key] for key in ("order_id", "trace", "ratio")
    }


def test_a_number_that_is_no_text_is_a_card_only_under_a_name_that_speaks_of_cards() -> None:
    clean = REDACT.value({"card": 4242424242424242, "bytes": 4242424242424242, "value": 4242424242424242, "cc": True})

    assert clean == {
        "card": REDACT.text("4242424242424242"),
        "bytes": 4242424242424242,
        "value": 4242424242424242,
        "cc": True,
    }


def test_places_are_those_of_the_text_whatever_letters_stand_before() -> None:
    text = "日本 é \ud800 4242 4242 4242 4242, 𝄞 5555555555554444"

    assert [text[start:end] for start, end in cards(text)] == ["5555555555554444", "4242 4242 4242 4242"]


def test_whole_texts_are_judged_by_the_name_they_stand_under() -> None:
    assert is_card("4242-4242-4242-4242", "number")
    assert not is_card("4242-4242-4242-4242", "session_id")
    assert not is_card("4242-4242-4242-4242 ", "number")
    assert digits_of("4242 4242-4242") == "424242424242"
