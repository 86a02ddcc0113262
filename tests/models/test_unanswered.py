import socket
import ssl

import httpx2
import pytest
from tests.models.wires import ASKED, KEY

from rootline.models.guarded_http import Tripped
from rootline.models.unanswered import asked_of, refused, unreachable


def caused(cause: Exception) -> Exception:
    """Wrap a cause as the SDKs do: below a connection error, in the group of all addresses that were tried."""
    connecting = httpx2.ConnectError("All connection attempts failed")
    connecting.__context__ = ExceptionGroup("attempts", [OSError("v6"), cause])
    error = RuntimeError("Connection error.")
    error.__cause__ = connecting
    return error


@pytest.mark.parametrize(
    ("status", "helps", "passing"),
    [
        (307, "Redirects are not followed", False),
        (400, "supports tools", False),
        (401, "Check the key", False),
        (403, "what the key may use", False),
        (404, "the model's name", False),
        (413, "shorter window", False),
        (418, "Try again later", False),
        (429, "raise the account's limits", True),
        (500, "Try again later", True),
        (503, "Try again later", True),
        (529, "overloaded", True),
    ],
)
def test_a_status_says_what_would_help_and_whether_it_may_pass(status: int, helps: str, passing: bool) -> None:
    failure = refused(ASKED, status, "because", {})

    assert f"Asked m at 127.0.0.1:8000 for a turn: it answered {status}: 'because'." in str(failure)
    assert helps in str(failure)
    assert failure.passing is passing


def test_a_server_that_says_so_is_not_asked_again() -> None:
    assert not refused(ASKED, 429, "insufficient quota", {"x-should-retry": "false"}).passing


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_the_wait_is_read_where_it_makes_sense(headers: dict[str, str], wait_s: float | None) -> None:
    assert refused(ASKED, 429, "", headers).wait_s == wait_s


def test_a_servers_words_are_bounded_and_move_no_cursor() -> None:
    failure = refused(ASKED, 500, "\x1b[2J\r\n\u202e" + "x" * 1_000_000, {})

    assert len(str(failure)) < 500
    assert str(failure).isprintable()


@pytest.mark.parametrize(
    "said", [f"bad key {KEY}!", "Incorrect API key: sk-proj-abcdefgh1234", "Authorization: Bearer abcdef123456"]
)
def test_no_key_is_repeated(said: str) -> None:
    message = str(refused(ASKED, 401, said, {}))

    assert "[key]" in message
    assert not any(secret in message for secret in (KEY, "abcdefgh1234", "abcdef123456"))


def test_a_web_page_is_named_and_not_quoted() -> None:
    assert "an HTML or XML page" in str(refused(ASKED, 502, "\n<!doctype html><title>Bad gateway</title>", {}))


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "its name has no address"),
        (ConnectionRefusedError(111, "refused"), "connection refused"),
        (ssl.SSLCertVerificationError("self-signed"), "TLS failed"),
        (httpx2.ConnectTimeout("slow"), "not be connected to in time"),
        (httpx2.ReadTimeout("slow"), "did not answer in time"),
        (httpx2.ReadError("reset"), "broke the connection off"),
        (OSError("odd"), "the connection failed (RuntimeError)"),
    ],
)
def test_a_connection_that_fails_says_where_to_look(cause: Exception, said: str) -> None:
    failure = unreachable(ASKED, caused(cause))

    assert said in str(failure)
    assert failure.passing


def test_a_bound_of_ours_is_said_and_not_tried_again() -> None:
    failure = unreachable(ASKED, caused(Tripped("it sent more than 16 MB")))

    assert "it sent more than 16 MB." in str(failure)
    assert not failure.passing


def test_whom_we_asked_never_shows_the_key() -> None:
    asked = asked_of("m\x1b[2J", "https://models.example:8443/v1", KEY)

    assert repr(asked) == "Asked(model='m [2J', host='models.example:8443')"
