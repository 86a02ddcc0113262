"""An address, a token and a tenant are checked before anything is sent, and never shown in a message."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.errors import Misconfigured
from rootline.sources import trouble
from rootline.sources.backend import LONGEST_TOKEN, Backend, backend
from rootline.sources.failure import SourceFailed
from rootline.sources.github.access import github_access
from rootline.sources.parsing import TooMuch

SETTING = "ROOTLINE_PROMETHEUS_URL"
HERE = Backend(kind="Prometheus", setting=SETTING, url="http://127.0.0.1:9090")
ASKED = "Prometheus at http://127.0.0.1:9090"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://127.0.0.1:9090", "http://127.0.0.1:9090"),
        (" https://prom.example/ ", "https://prom.example"),
        ("https://prom.example/select/0/prometheus///", "https://prom.example/select/0/prometheus"),
        ("http://[::1]:9090", "http://[::1]:9090"),
        ("http://prom", "http://prom"),
    ],
)
def test_an_address_is_kept_without_its_final_slash(written: str, kept: str) -> None:
    assert backend("Prometheus", SETTING, written).url == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "prom:9090",
        "ftp://prom",
        "http://",
        "http://:9090",
        "http://prom:0",
        "http://prom:99999",
        "http://prom:port",
        "http://[::1",
        "http://exa mple",
        "http://prom\n.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(Misconfigured, match=rf"^{SETTING} is no address\. Write it like http://127\.0\.0\.1:9090\.$"):
        backend("Prometheus", SETTING, written)


@pytest.mark.parametrize(
    "written", ["http://ada:hunter2@prom", "http://ada@prom", "http://prom?key=hunter2", "http://prom#hunter2"]
)
def test_an_address_that_holds_more_is_refused_and_what_it_holds_is_not_shown(written: str) -> None:
    with pytest.raises(Misconfigured, match="holds more than an address") as told:
        backend("Prometheus", SETTING, written)

    assert "hunter2" not in str(told.value)
    assert "ROOTLINE_PROMETHEUS_TOKEN takes a token, or user:password." in str(told.value)


@pytest.mark.parametrize("what", ["token", "tenant"])
@pytest.mark.parametrize("text", ["a b", "a\nb", "a\r\nX-Own: b", "ü", "a\0b", "x" * (LONGEST_TOKEN + 1), "“quoted”"])
def test_what_cannot_be_a_header_is_refused_and_not_shown(what: str, text: str) -> None:
    with pytest.raises(Misconfigured, match=rf"^The {what} for {SETTING} holds a space, .* Paste it again\.$") as told:
        backend("Prometheus", SETTING, "http://prom", **{what: text})  # type: ignore[arg-type]  # one of the two

    assert text not in str(told.value)


@pytest.mark.parametrize("text", ["", " abc ", "a|b", "eyJ.a-b_c=="])
def test_a_header_loses_the_space_around_it_and_nothing_else(text: str) -> None:
    found = backend("Prometheus", SETTING, "http://prom", token=text, tenant=text)

    assert (found.token, found.tenant) == (text.strip(), text.strip())
    assert found.headers.get("authorization", "Bearer ") == f"Bearer {text.strip()}"
    assert ("x-scope-orgid" in found.headers) is bool(text.strip())
    assert "eyJ.a-b_c" not in repr(Backend(kind="a", setting="b", url="c", token="eyJ.a-b_c=="))


@given(written=st.text(max_size=60) | st.text(alphabet="http:/.@?#[]a0 ", max_size=40))
def test_any_text_is_an_address_or_refused(written: str) -> None:
    try:
        found = backend("Prometheus", SETTING, written).url
    except Misconfigured:
        return
    assert found.startswith(("http://", "https://"))
    assert "@" not in found.split("/")[2]


def says(failed: SourceFailed) -> str:
    return str(failed)


@pytest.mark.parametrize(
    ("failed", "sentence"),
    [
        (
            trouble.too_slow(HERE, ASKED, connecting=True),
            f"no connection within 5 s. A firewall may be between; check host and port in {SETTING}.",
        ),
        (
            trouble.too_slow(HERE, ASKED, connecting=False),
            ("no whole answer within 20 s. Ask for a shorter window or one service, or look at the backend's load."),
        ),
        (
            trouble.too_large(HERE, ASKED, "it sent 9 values"),
            "it sent 9 values. Ask Prometheus for one service, one metric or a shorter window.",
        ),
        (
            trouble.compressed(HERE, ASKED),
            (
                "it sent a compressed answer that was not asked for. Make Prometheus or the proxy before it honour "
                "'accept-encoding: identity'."
            ),
        ),
        (
            trouble.broken(HERE, ASKED, "it sent a web page"),
            (
                f"it sent a web page. Check that {SETTING} is the address of Prometheus itself and no login page or "
                "other program."
            ),
        ),
        (
            trouble.bad_status(HERE, ASKED, 401, b"", ""),
            "it answers 401: it wants a token. Set ROOTLINE_PROMETHEUS_TOKEN to a valid one, or to user:password.",
        ),
        (
            trouble.bad_status(HERE, ASKED, 401, b"no org id\n", ""),
            "it answers 401: it wants to be told a tenant. Set ROOTLINE_PROMETHEUS_TENANT to yours.",
        ),
        (
            trouble.bad_status(HERE, ASKED, 400, b"Client sent an HTTP request to an HTTPS server.\n", ""),
            f"it speaks TLS alone. Write https:// instead of http:// in {SETTING}.",
        ),
        (
            trouble.bad_status(HERE, ASKED, 400, b"<center>The plain HTTP request was sent to HTTPS port</center>", ""),
            f"it speaks TLS alone. Write https:// instead of http:// in {SETTING}.",
        ),
        (
            trouble.bad_status(HERE, ASKED, 404, b"", ""),
            (
                f"it answers 404, so it is no such backend or lives under another path. Write {SETTING} as "
                "Prometheus's own address, path included."
            ),
        ),
        (
            trouble.bad_status(HERE, ASKED, 302, b"", "https://login.example/\x1b[31m"),
            (
                f"it redirects to https://login.example/ [31m, which is not followed. Write that address in {SETTING} "
                "if you trust it."
            ),
        ),
        (
            trouble.bad_status(HERE, ASKED, 407, b"", ""),
            "the proxy wants a login. Check HTTP_PROXY, or add the host to NO_PROXY.",
        ),
        (
            trouble.bad_status(HERE, ASKED, 429, b"slow\ndown", ""),
            "it answers 429: slow down. It limits how often it is asked; ask again later or for less.",
        ),
        (
            trouble.bad_status(HERE, ASKED, 503, b"\xff", ""),
            "it answers 503: \ufffd. Its own log says more; ask again, or for less.",
        ),
        (
            trouble.bad_status(HERE, ASKED, 422, b"parse error", ""),
            "it answers 422: parse error. Ask in another way; the quoted text is the backend's own.",
        ),
    ],
)
def test_each_trouble_says_what_was_asked_what_happened_and_what_would_help(
    failed: SourceFailed, sentence: str
) -> None:
    assert says(failed) == says(failed.bare()) == f"{ASKED}: {sentence}"


@pytest.mark.parametrize("more", ["/graph", "/metrics", "/api/v1", "/loki/api/v1/push"])
def test_an_address_that_was_pasted_with_too_much_behind_it_is_told_as_it_should_be(more: str) -> None:
    long = Backend(kind="Loki", setting="ROOTLINE_LOKI_URL", url=f"https://h.example/logs{more}")

    said = says(trouble.bad_status(long, "Loki", 404, b"", ""))

    assert said.endswith(f"Leave {more} out of ROOTLINE_LOKI_URL: https://h.example/logs.")


def test_the_tenant_of_a_file_is_named_where_it_stands() -> None:
    held = Backend(kind="Loki", setting="loki in rootline.yaml", url="http://l", token="abc")

    assert says(trouble.bad_status(held, "Loki", 401, b"no org id", "")).endswith(
        "it wants to be told a tenant. Set the tenant of loki in rootline.yaml to yours."
    )


@pytest.mark.parametrize(
    ("token", "sent"),
    [
        ("ada:s3cret", "Basic YWRhOnMzY3JldA=="),
        (" ada:a b:ü\n", "Basic YWRhOmEgYjrDvA=="),
        ("ada:", "Basic YWRhOg=="),
        ("s3cret", "Bearer s3cret"),
    ],
)
def test_a_user_and_a_password_are_sent_as_basic_authentication(token: str, sent: str) -> None:
    assert backend("Prometheus", SETTING, "http://prom", token=token).headers["authorization"] == sent


@pytest.mark.parametrize(
    ("tenant", "account", "project"), [("12", "12", "0"), ("12:3", "12", "3"), ("0:4294967295", "0", "4294967295")]
)
def test_victorialogs_is_told_its_tenant_as_account_and_project(tenant: str, account: str, project: str) -> None:
    headers = backend("VictoriaLogs", "ROOTLINE_VICTORIALOGS_URL", "http://v", tenant=tenant).headers

    assert (headers["accountid"], headers["projectid"]) == (account, project)
    assert "x-scope-orgid" not in headers


@pytest.mark.parametrize("tenant", ["shop", "1:", ":1", "1:2:3", "1x", "-1", "12345678901"])
def test_what_is_no_tenant_of_victorialogs_is_refused(tenant: str) -> None:
    with pytest.raises(Misconfigured, match="is no number"):
        backend("VictoriaLogs", "ROOTLINE_VICTORIALOGS_URL", "http://v", tenant=tenant)


@pytest.mark.parametrize("token", ["ada:a\nb", "ada:\0", "a:" + "x" * LONGEST_TOKEN])
def test_a_password_that_was_pasted_wrongly_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(Misconfigured, match="Paste it again") as told:
        backend("Prometheus", SETTING, "http://prom", token=token)

    assert token not in str(told.value)


def test_a_refused_token_is_told_from_a_missing_one_and_named_where_it_stands() -> None:
    held = Backend(kind="Loki", setting="loki of eu-1", url="http://l", token="abc")

    assert "it answers 403: the token was refused. Set the token of loki of eu-1 to a valid one, or to" in says(
        trouble.bad_status(held, "Loki", 403, b"", "")
    )


def test_what_cannot_be_parsed_is_told_from_what_is_too_much() -> None:
    much, broken = (trouble.unreadable(HERE, one) for one in (TooMuch("it sent 9 values"), ValueError("it is broken")))

    assert (much.is_too_large, broken.is_too_large) == (True, False)
    assert says(much).startswith(f"{ASKED}: it sent 9 values. Ask Prometheus for one service")
    assert says(broken).startswith(f"{ASKED}: it is broken. Check that")


@given(text=st.text(max_size=2000))
def test_what_is_quoted_of_a_backend_is_one_short_line_that_can_be_printed(text: str) -> None:
    shown = trouble.quoted(text)

    assert len(shown) <= 200
    assert shown.isprintable()


def test_a_certificate_of_ones_own_is_named_and_stays() -> None:
    assert backend("Prometheus", SETTING, "https://prom", ca_file=Path("/ca.pem")).ca_file == Path("/ca.pem")


@pytest.mark.parametrize("url", ["http://[", "http://[::1", "git.example", "ftp://git.example", "https://a b"])
def test_an_address_of_github_that_is_none_is_refused_by_its_setting(url: str) -> None:
    with pytest.raises(Misconfigured, match=r"^ROOTLINE_GITHUB_URL is no address\."):
        github_access("acme/shop", setting="ROOTLINE_GITHUB_REPOSITORY", url=url)


@pytest.mark.parametrize("named", ["", ",", "acme", "acme/shop/x", "acme/..", "acme/sh op", ["a/b", "c"]])
def test_a_repository_that_is_none_is_refused_with_the_way_to_write_it(named: str | list[str]) -> None:
    with pytest.raises(Misconfigured, match=r"Write up to 10 as owner/name, separated by commas\.$"):
        github_access(named, setting="ROOTLINE_GITHUB_REPOSITORY")


def test_more_repositories_than_are_read_are_counted() -> None:
    with pytest.raises(Misconfigured, match="11 repositories are named"):
        github_access([f"acme/shop-{one}" for one in range(11)], setting="ROOTLINE_GITHUB_REPOSITORY")
