"""Whether an assigned value is a literal that holds a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.redaction.literals import is_harmless, is_name, is_prose, is_random

HARMLESS = frozenset(
    str.split(
        "true FALSE null None nil undefined empty yes off required missing expired unset redacted [REDACTED] ***** "
        "xxxx .... -- 7 123 n/a <password> <your-token-here> ${DB_PASSWORD} ${env:TOKEN} $TOKEN $self->token "
        "$cls::TOKEN ~ undef %{token} {{token}} {} {name} %s %(password)s %PASSWORD% ? :password @password "
        "/etc/app/secret vault://shop/db file:///run/secrets/db «redacted:secret:0123abcd»"
    )
)

TEMPLATES = ("$(cat /run/secret)", "{{ .Values.password }}", "", "{{ .Values.password | quote }}", "<a b c>")


@pytest.mark.parametrize(
    "value",
    [
        *sorted(HARMLESS),
        "$(cat /run/secret)",
        "{{ .Values.password }}",
        "",
        "{{ .Values.password | quote }}",
        "<a b c>",
    ],
)
def test_a_template_a_mask_or_a_flag_is_no_secret(value: str) -> None:
    assert is_harmless(value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "1234",
        "truely",
        "null1",
        "$ecret",
        "$TOKEN-and-more",
        "${A}b",
        "/etc/app/s3cret!",
        "x",
        "*a*",
        "«redacted:secret:0123abcd» and more",
        "{{a}}b",
    ],
)
def test_what_only_begins_like_one_may_be_a_secret(value: str) -> None:
    assert is_harmless(value) is (value == "$ecret")


@pytest.mark.parametrize(
    "value",
    ["your password must not be empty", "The token is invalid here", "enter the key, please", "not with this secret"],
)
def test_a_sentence_is_for_people(value: str) -> None:
    assert is_prose(value)


@pytest.mark.parametrize("value", ["", "password", "correct horse battery staple", "two words", "a b c d"])
def test_words_that_say_nothing_about_secrets_may_be_one(value: str) -> None:
    assert not is_prose(value)


@pytest.mark.parametrize(
    "value",
    [
        "aB3dE6gH9kL2mN5p",
        "9f86d081884c7d659a2feaa0c55ad015",
        "550e8400-e29b-41d4-a716-446655440000",
        "Zm9vYmFyYmF6MTIzNDU2Nzg5",
        "0123456789abcdefABCDEF0123456789" * 4,
    ],
)
def test_what_was_drawn_by_chance_is_seen(value: str) -> None:
    assert is_random(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "aB3dE6gH9kL2mN5",
        "thisNameTellsTheMethod2",
        "some_snake_case_name_of_2_parts",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "aA1aA1aA1aA1aA1aA1",
        "two words aB3dE6gH9kL2mN5p",
        "1234567890123456",
        "user-service-7-of-the-shop",
        "CamelCaseWordsOnly",
    ],
)
def test_names_repetitions_and_short_texts_are_not_random(value: str) -> None:
    assert not is_random(value)


@given(value=st.text(max_size=400))
def test_any_text_at_all_is_judged(value: str) -> None:
    assert {type(one) for one in (is_harmless(value), is_prose(value), is_random(value))} == {bool}


@pytest.mark.parametrize(
    "value", ["str", "SecretStr", "Vec", "self", "payload", "rawToken", "getPassword", "newSecret"]
)
def test_a_type_a_common_name_or_words_about_secrets_are_names_anywhere(value: str) -> None:
    assert is_name(value, in_code=False)


@pytest.mark.parametrize("value", ["x1", "hunter", "config.x1y2z3", "a->b1c2", "ns::t0u1v2", "*ptr.f1g2h3"])
def test_the_shape_of_a_name_counts_in_code_alone(value: str) -> None:
    assert is_name(value, in_code=True)
    assert not is_name(value, in_code=False)


@pytest.mark.parametrize("value", ["hunter2!", "a b", "aB3dE6gH9kL2mN5p", "1abc", "p@ss", ""])
def test_what_no_language_calls_a_name_is_none(value: str) -> None:
    assert not is_name(value, in_code=True)


def test_a_chain_of_words_is_a_name_everywhere() -> None:
    assert is_name("settings.database.password", in_code=False)
