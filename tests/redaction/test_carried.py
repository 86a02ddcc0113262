"""Secrets that headers, cookies and addresses carry."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.redaction import Redactor

REDACT = Redactor(b"a key of this installation")
MARK = r"«redacted:[a-z_]+:[0-9a-f]{8}»"


def seen(text: str) -> str:
    """The text with each placeholder as one star."""
    return re.sub(MARK, "*", REDACT.text(text))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer aB3dE6gH9kL2", "Authorization: Bearer *"),
        ("authorization: basic dXNlcjpwYXNz", "authorization: basic *"),
        ("'Authorization': 'ApiKey aB3dE6gH9kL2'", "'Authorization': 'ApiKey *'"),
        ("Proxy-Authorization: Digest abc123def456", "Proxy-Authorization: Digest *"),
        ('{"authorization": "Token aB3dE6"}', '{"authorization": "Token *"}'),
        ('{\\"Authorization\\": \\"Bearer aB3dE6gH9kL2\\"}', '{\\"Authorization\\": \\"Bearer *\\"}'),
        ("curl -H 'X-Api-Key: aB3dE6gH9kL2' https://shop/", "curl -H 'X-Api-Key: *' https://shop/"),
        ("x-auth-token=aB3dE6gH9kL2", "x-auth-token=*"),
        ("X-API-Token: aB3dE6gH9kL2, next", "X-API-Token: *, next"),
        ("sent with bearer aB3dE6gH9kL2 to cart", "sent with bearer * to cart"),
        ("Negotiate YIIGhgYGKwYBBQUCoII", "Negotiate *"),
    ],
)
def test_what_a_header_carries_goes_and_its_name_stays(text: str, clean: str) -> None:
    assert seen(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Cookie: sid=aB3dE6gH9; theme=dark", "Cookie: sid=*; theme=dark"),
        ("Set-Cookie: sid=aB3dE6gH9; Path=/account; HttpOnly", "Set-Cookie: sid=*; Path=/account; HttpOnly"),
        ("cookie: a=aB3dE6gH9; b=kL2mN5pQ8", "cookie: a=*; b=*"),
        ("set-cookie: id=aB3dE6gH9; Domain=shop.example; Max-Age=360000; SameSite=Strict",
         "set-cookie: id=*; Domain=shop.example; Max-Age=360000; SameSite=Strict"),
        ('{"cookie": "sid=aB3dE6gH9"}', '{"cookie": "sid=*"}'),
    ],
)  # fmt: skip
def test_cookies_go_one_by_one_and_their_attributes_stay(text: str, clean: str) -> None:
    assert seen(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgres://app:hunter2@db:5432/shop", "postgres://app:*@db:5432/shop"),
        ("redis://:hunter2@cache:6379/0", "redis://:*@cache:6379/0"),
        ("amqp://a:p@ss@mq/", "amqp://a:*@mq/"),
        ("https://aB3dE6gH9kL2mN5pQ8@git.example/shop.git", "https://*@git.example/shop.git"),
        ("mongodb+srv://app:hun/ter2@cluster.example/shop", "mongodb+srv://app:*@cluster.example/shop"),
        ("app:hunter2@tcp(db:3306)/shop", "app:*@tcp(db:3306)/shop"),
        ("from 'ftp://bob:hunter2@files/' read", "from 'ftp://bob:*@files/' read"),
    ],
)
def test_the_password_in_an_address_goes_and_the_place_stays(text: str, clean: str) -> None:
    assert seen(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example:8443/a?b=c@d",
        "http://10.0.0.1:8080/user@host",
        "postgres://app@db/shop",
        "postgres://app:${PASSWORD}@db/shop",
        "https://bob@git.example/shop.git",
        "the bearer token was not accepted",
        "Basic authentication is required",
        "Authorization: Bearer ${TOKEN}",
        "Authorization: required",
        "cookie: theme=dark; lang=en",
        "no cookie was sent",
        "app:${DB_PASSWORD}@tcp(db:3306)/shop",
    ],
)
def test_what_carries_no_secret_stays(text: str) -> None:
    assert REDACT.text(text) == text


WORD = st.text("abcdefgh", min_size=2, max_size=10)
PASSWORD = st.text("aB3dE6gH9_.~!", min_size=6, max_size=30)


@given(scheme=WORD, user=WORD, password=PASSWORD, host=WORD, port=st.integers(1, 65535))
def test_no_password_survives_in_an_address(scheme: str, user: str, password: str, host: str, port: int) -> None:
    clean = REDACT.text(f"cannot reach {scheme}://{user}:{password}9@{host}:{port}/shop: refused")

    assert f"{password}9" not in clean
    assert clean.startswith(f"cannot reach {scheme}://{user}:«redacted:")
    assert clean.endswith(f"@{host}:{port}/shop: refused")
