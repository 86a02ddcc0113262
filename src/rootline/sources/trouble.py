"""The sentence for each way in which a live backend can answer badly, with the next step."""

from http import HTTPStatus
from urllib.parse import urlsplit

from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.parsing import TooMuch
from rootline.sources.proxies import proxy_of

_QUOTED = 200
_FORBIDDEN = (401, 403)
_REDIRECTS = (301, 302, 303, 307, 308)
_SERVER_FAULT = 500
_ALSO_OF_PROXIES = (403, 502, 503, 504)
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
    happened, helps = _refusal(backend, status, location) or (
        f"it answers {status}: {quoted(body.decode(errors='replace'))}",
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


def _refusal(backend: Backend, status: int, location: str) -> tuple[str, str] | None:
    if status in _FORBIDDEN:
        happened = f"it answers {status}: " + ("the token was refused" if backend.token else "it wants a token")
        return happened, f"Set {_token_setting(backend)} to a valid one."
    if status == HTTPStatus.NOT_FOUND:
        happened = "it answers 404, so it is no such backend or lives under another path"
        return happened, f"Write {backend.setting} as {backend.kind}'s own address, path included."
    if status in _REDIRECTS:
        happened = f"it redirects to {quoted(location)}, which is not followed"
        return happened, f"Write that address in {backend.setting} if you trust it."
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return PROXY_LOGIN
    return None


def _token_setting(backend: Backend) -> str:
    is_variable = backend.setting.startswith("ROOTLINE_")
    return f"{backend.setting.removesuffix('_URL')}_TOKEN" if is_variable else f"the token of {backend.setting}"


def _helps(status: int) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "It limits how often it is asked; ask again later or for less."
    if status >= _SERVER_FAULT:
        return "Its own log says more; ask again, or for less."
    return "Ask in another way; the quoted text is the backend's own."


def quoted(text: str) -> str:
    """Show the beginning of text from outside on one line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[: _QUOTED * 2]).split())[:_QUOTED]
