"""Identifiers of rows sort by time and are what their standards say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.domain.identity import ulid, uuid7

START = datetime(2026, 1, 1, tzinfo=UTC)
RANDOM = st.integers(0, (1 << 128) - 1)


def test_the_example_of_the_standard_comes_out() -> None:
    """RFC 9562, appendix A.6: 017F22E2-79B0-7CC3-98C4-DC0C0C07398F."""
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)

    made = uuid7(moment, (0xCC3 << 62) | 0x18C4DC0C0C07398F)

    assert str(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_the_example_of_the_ulid_specification_has_its_time() -> None:
    """Its time part is 01ARZ3NDEK for 2016-07-30T23:54:10.259Z."""
    moment = datetime(2016, 7, 30, 23, 54, 10, 259_000, tzinfo=UTC)

    assert ulid(moment, 0) == "01ARZ3NDEK" + "0" * 16
    assert ulid(moment, (1 << 80) - 1) == "01ARZ3NDEK" + "Z" * 16


@given(randomness=RANDOM, later_ms=st.integers(0, 10**12))
def test_a_row_says_its_version_its_variant_and_its_millisecond(randomness: int, later_ms: int) -> None:
    made = uuid7(START + timedelta(milliseconds=later_ms), randomness)

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(START.timestamp()) * 1000 + later_ms


@given(first=RANDOM, second=RANDOM, earlier_ms=st.integers(0, 10**10), gap_ms=st.integers(1, 10**9))
def test_what_was_made_later_sorts_behind_whatever_the_chance(
    first: int, second: int, earlier_ms: int, gap_ms: int
) -> None:
    before, after = START + timedelta(milliseconds=earlier_ms), START + timedelta(milliseconds=earlier_ms + gap_ms)

    assert str(uuid7(before, first)) < str(uuid7(after, second))
    assert ulid(before, first) < ulid(after, second)


@given(moment=st.datetimes(timezones=st.just(UTC)), randomness=RANDOM)
def test_a_ulid_has_26_characters_of_crockfords_alphabet(moment: datetime, randomness: int) -> None:
    made = ulid(moment, randomness)

    assert len(made) == 26
    assert not set(made) & set("ILOUilou")


@pytest.mark.parametrize("bits", [0, 1, (1 << 74) - 1])
def test_chance_is_all_that_tells_two_of_one_millisecond_apart(bits: int) -> None:
    assert (uuid7(START, bits) == uuid7(START, 7)) is (bits == 7)
    assert uuid7(START, bits) == uuid7(START, bits | (1 << 90))
