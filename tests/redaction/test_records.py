"""Whole records lose their secrets; what holds none comes back as it was."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from rootline.domain.change import ConfigChange, FlagChange
from rootline.domain.signal import LogLine, Series
from rootline.redaction import Redactor
from rootline.redaction.records import clean, clean_lines, clean_series

REDACT = Redactor(b"a key of this installation")
ONE = np.array([1.0])
AT = datetime(2026, 3, 1, tzinfo=UTC)


def line(text: str) -> LogLine:
    return LogLine(at=AT, service="cart", text=text)


def test_numbers_moments_and_nothing_come_back_as_they_are() -> None:
    for value in (7, 1.5, True, None, AT):
        assert clean(value, REDACT) is value


def test_a_text_a_mapping_and_a_list_are_read_by_what_they_are() -> None:
    assert "hunter2" not in clean("password=hunter2", REDACT)
    assert "hunter2" not in str(clean({"password": "hunter2", "user": "bob"}, REDACT))
    assert "hunter2" not in str(clean(["a", "password=hunter2"], REDACT))
    assert clean({"user": "bob", 7: "seven"}, REDACT) == {"user": "bob", "7": "seven"}


def test_the_key_of_a_setting_tells_what_its_values_are() -> None:
    changed = ConfigChange(service="cart", key="db.password", before="hunter2-old", after="hunter2-new", at=AT)

    found = clean(changed, REDACT)

    assert "hunter2" not in repr(found)
    assert (found.key, found.service, found.at) == ("db.password", "cart", AT)
    assert found.before != found.after


def test_a_setting_that_is_no_secret_keeps_its_values() -> None:
    changed = ConfigChange(service="cart", key="pool.size", before="10", after="100", at=AT)

    assert clean(changed, REDACT) == changed


def test_the_name_of_a_switch_tells_what_its_values_are() -> None:
    changed = FlagChange(flag="payment_api_key", service="pay", before="aB3dE6gH9", after="kL2mN5pQ8", at=AT)

    found = clean(changed, REDACT)

    assert not {"aB3dE6gH9", "kL2mN5pQ8"} & {found.before, found.after}


def test_a_tuple_of_records_stays_a_sequence_of_as_many() -> None:
    found = clean((line("password=hunter2-and-more"), line("fine")), REDACT)

    assert [one.text.startswith("password=«redacted:") for one in found] == [True, False]
    assert found[1] == line("fine")


def test_labels_of_series_are_read_by_their_keys_and_the_numbers_are_shared() -> None:
    plain = Series(service="cart", metric="rate", times=ONE, values=ONE, labels={"pod": "a"})
    told = Series(service="cart", metric="rate", times=ONE, values=ONE, labels={"api_key": "aB3dE6gH9"})

    first, second = clean_series([plain, told], REDACT)

    assert first is plain
    assert second.labels["api_key"].startswith("«redacted:")
    assert second.values is told.values


def test_no_line_is_no_line() -> None:
    assert clean_lines([], REDACT) == []


@given(
    texts=st.lists(
        st.one_of(
            st.text(st.characters(codec="utf-8"), max_size=40),
            st.sampled_from(["password=hunter2-and-more", "a\nb\n", "-----BEGIN PRIVATE KEY-----", "kind: Secret"]),
        ),
        max_size=8,
    )
)
def test_there_are_as_many_lines_after_as_before_and_each_has_as_many_breaks(texts: list[str]) -> None:
    found = clean_lines([line(text) for text in texts], REDACT)

    assert [one.text.count("\n") for one in found] == [text.count("\n") for text in texts]
    assert not any("hunter2" in one.text for one in found)


@pytest.mark.parametrize("name", ["name", "key", "label"])
def test_a_value_beside_its_name_is_read_by_that_name(name: str) -> None:
    found = REDACT.value([{name: "DB_PASSWORD", "value": "hunter2"}, {name: "LEVEL", "value": "hunter2"}])

    assert isinstance(found, list)
    assert [one["value"] == "hunter2" for one in found if isinstance(one, dict)] == [False, True]


def test_before_and_after_beside_a_key_are_both_read_by_it() -> None:
    found = REDACT.value({"key": "token", "before": "aB3dE6gH9", "after": "kL2mN5pQ8", "note": "aB3dE6gH9"})

    assert isinstance(found, dict)
    assert [str(found[one]).startswith("«redacted:") for one in ("before", "after", "note")] == [True, True, False]


def test_what_is_sealed_goes_whatever_it_is_called_and_what_is_no_text_stays() -> None:
    found = REDACT.value({"kind": "Secret", "data": {"a": "Ym9i", "b": 7, "c": ""}, "stringData": None, "type": "x"})

    assert isinstance(found, dict)
    held = found["data"]
    assert isinstance(held, dict)
    assert (held["b"], held["c"], found["stringData"], found["type"]) == (7, "", None, "x")
    assert str(held["a"]).startswith("«redacted:")


def test_a_sealed_list_is_read_as_any_other() -> None:
    assert REDACT.value({"kind": "Secret", "data": ["a", "b"]}) == {"kind": "Secret", "data": ["a", "b"]}


JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)


@given(value=JSON)
def test_a_value_keeps_its_shape_and_reading_it_again_changes_nothing(value: JsonValue) -> None:
    once = REDACT.value(value)

    assert type(once) is type(value)
    assert REDACT.value(once) == once


@given(value=JSON, secret=st.text("aB3dE6gH9kL2", min_size=8, max_size=20).map(lambda one: f"{one}7q"))
def test_no_planted_secret_survives_however_deep_it_lies(value: JsonValue, secret: str) -> None:
    found = REDACT.value({"a": [value, {"password": secret}], "b": {"c": [f"token={secret}"]}})

    assert secret not in str(found)
