"""Whether the name in front of a value says that the value is a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.redaction.keys import hold_of

ALWAYS = frozenset(
    str.split(
        "password PASSWORD dbPassword db_password DB_PASSWORD_PROD passwd pwd passphrase secret clientSecret "
        "client_secret CLIENT_SECRET_VALUE token access_token accessToken authToken apikey apiKey api_key API_KEY "
        "x-api-key private_key privateKey secretKey signing_key encryption_key accountKey credentials jwt psk "
        "userpass connectionString connection_string spring.datasource.password password2 password_old newPassword "
        "tokenBase64 TOKEN_TEST hmac_key master_key stripeSecretKey MYSQL_ROOT_PASSWORD rootpassword appsecret"
    )
)
SOMETIMES = ["session", "sid", "sessionSignature", "auth", "salt", "pass", "hashSalt", "tokenizer_token_key"]
NEVER = frozenset(
    str.split(
        "tokenCount token_limit max_tokens password_policy passwordFile password_file_path secretName secret_ref "
        "tokenUrl token_type token_ttl token_expires_at password_reset passwordField key keyboard monkey cache_key "
        "keyspace keys foreign_key sort_key partition_key author authorName assign design signal passenger compass "
        "bypass nopasswd token_endpoint secret_version apiKeyHeader secretsManager password_length session_timeout "
        "token_seconds"
    )
)


@pytest.mark.parametrize("name", sorted(ALWAYS))
def test_a_name_that_says_secret_holds_one(name: str) -> None:
    assert hold_of(name) == "always"


@pytest.mark.parametrize("name", sorted(NEVER))
def test_a_name_that_speaks_about_a_secret_holds_none(name: str) -> None:
    assert hold_of(name) == "never"


@pytest.mark.parametrize("name", SOMETIMES)
def test_a_name_that_can_mean_either_is_judged_by_its_value(name: str) -> None:
    assert hold_of(name) in {"if_random", "always"}


@pytest.mark.parametrize("name", ["", "_", "42", "---", "value", "_value_", "日本語"])
def test_a_name_without_a_word_that_tells_holds_nothing(name: str) -> None:
    assert hold_of(name) == "never"


@given(word=st.sampled_from(sorted(ALWAYS)), digits=st.integers(0, 999))
def test_a_number_behind_the_name_does_not_hide_what_it_holds(word: str, digits: int) -> None:
    assert hold_of(f"{word}_{digits}") == "always"


@given(name=st.text(max_size=300))
def test_any_text_at_all_is_judged(name: str) -> None:
    assert hold_of(name) in {"always", "if_random", "never"}
