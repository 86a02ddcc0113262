"""The sentence for each way in which a live backend can answer badly, with the next step."""

from http import HTTPStatus
from urllib.parse import urlsplit

from rootline.sources.backend import Backend, token_setting
from rootline.sources.failure import SourceFailed
from rootline.sources.parsing import TooMuch
from rootline.sources.proxies import proxy_of

_QUOTED = 200
_FORBIDDEN = (401, 403)
_REDIRECTS = (301, 302, 303, 307, 308)
_SERVER_FAULT = 500
_ALSO_OF_PROXIES = (403, 502, 503, 504)
_NO_TENANT = "no org id"
"""Source: Grafana Loki, Mimir and Tempo, which answer so to a request without `X-Scope-OrgID`."""
_TO_TLS = ("HTTP request to an HTTPS server", "HTTP request was sent to HTTPS port")
"""Source: the answers of Go's net/http and of nginx, both with the status 400."""
_PASTED = ("/loki/api/v1/push", "/loki/api/v1", "/api/v1/write", "/api/v1", "/api/v2", "/graph", "/metrics", "/targets")
"""What people copy along with an address: a page, the scraped path, or the path that a writer needs."""
PROXY_HELPS = "Check HTTP_PROXY and HTTPS_PROXY, or add the host to NO_PROXY."
PROXY_LOGIN = "the proxy wants a login", "Check HTTP_PROXY, or add the host to NO_PROXY."


def too_slow(backend: Backend, asked: str, *, connecting: bool) -> SourceFailed:
    """It took longer than it may."""
    if connecting:
        happened = "no connection within 5 s"
        helps = f"A firewall may be between; check host and port in {backend.setting}."
        return SourceFailed(asked, happened, helps, is_late=True)
    happened = f"no whole answer within {backend.deadline_s:g} s"
    helps = "Ask for a shorter window or one service, or look at the backend's load."
    return SourceFailed(asked, happened, helps, is_late=True)


def too_large(backend: Backend, asked: str, happened: str) -> SourceFailed:
    """It sent more than is read."""
    helps = f"Ask {backend.kind} for one service, one metric or a shorter window."
    return SourceFailed(asked, happened, helps, is_too_large=True)


def compressed(backend: Backend, asked: str) -> SourceFailed:
    """It compressed what was asked for plain."""
    helps = f"Make {backend.kind} or the proxy before it honour 'accept-encoding: identity'."
    return SourceFailed(asked, "it sent a compressed answer that was not asked for", helps)


def broken(backend: Backend, asked: str, happened: str) -> SourceFailed:
    """It answered, but with nothing that can be read."""
    helps = f"Check that {backend.setting} is the address of {backend.kind} itself and no login page or other program."
    return SourceFailed(asked, happened, helps)


def unreadable(backend: Backend, why: ValueError) -> SourceFailed:
    """It sent what cannot be parsed, or what would take too much memory."""
    asked = f"{backend.kind} at {backend.url}"
    if isinstance(why, TooMuch):
        return too_large(backend, asked, str(why))
    return broken(backend, asked, str(why))


def bad_status(backend: Backend, asked: str, status: int, body: bytes, location: str) -> SourceFailed:
    """It answered with a status that is no success."""
    told = body.decode(errors="replace")
    if any(words in told for words in _TO_TLS):
        return SourceFailed(asked, "it speaks TLS alone", f"Write https:// instead of http:// in {backend.setting}.")
    happened, helps = _refusal(backend, status, told, location) or (
        f"it answers {status}: {quoted(told)}",
        _helps(status),
    )
    return SourceFailed(asked, happened, helps + _perhaps_the_proxy(backend, status), status=status)


def _perhaps_the_proxy(backend: Backend, status: int) -> str:
    """Return what to know of an answer in plain HTTP that the proxy between may have given itself."""
    between = "" if urlsplit(backend.url).scheme == "https" else proxy_of(backend.url)
    if not between or status not in _ALSO_OF_PROXIES:
        return ""
    host = urlsplit(between).netloc.rpartition("@")[2]
    return f" The proxy {host} between may have said so itself. {PROXY_HELPS}"


def _refusal(backend: Backend, status: int, told: str, location: str) -> tuple[str, str] | None:
    if status in _FORBIDDEN:
        return _not_let_in(backend, status, told)
    if status == HTTPStatus.NOT_FOUND:
        happened = "it answers 404, so it is no such backend or lives under another path"
        return happened, _under_another_path(backend)
    if status in _REDIRECTS:
        happened = f"it redirects to {quoted(location)}, which is not followed"
        return happened, f"Write that address in {backend.setting} if you trust it."
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return PROXY_LOGIN
    return None


def _not_let_in(backend: Backend, status: int, told: str) -> tuple[str, str]:
    if _NO_TENANT in told.lower():
        return f"it answers {status}: it wants to be told a tenant", f"Set {_tenant_setting(backend)} to yours."
    happened = "the token was refused" if backend.token else "it wants a token"
    return (
        f"it answers {status}: {happened}",
        f"Set {token_setting(backend.setting)} to a valid one, or to user:password.",
    )


def _tenant_setting(backend: Backend) -> str:
    setting = backend.setting
    is_variable = setting.startswith("ROOTLINE_")
    return f"{setting.removesuffix('_URL')}_TENANT" if is_variable else f"the tenant of {setting}"


def _under_another_path(backend: Backend) -> str:
    """Return the next step; an address of a page or of the API itself is longer than it should be."""
    more = next((end for end in _PASTED if backend.url.endswith(end)), "")
    if more:
        return f"Leave {more} out of {backend.setting}: {backend.url.removesuffix(more)}."
    return f"Write {backend.setting} as {backend.kind}'s own address, path included."


def _helps(status: int) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "It limits how often it is asked; ask again later or for less."
    if status >= _SERVER_FAULT:
        return "Its own log says more; ask again, or for less."
    return "Ask in another way; the quoted text is the backend's own."


def quoted(text: str) -> str:
    """Show the beginning of text from outside on one line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[: _QUOTED * 2]).split())[:_QUOTED]
