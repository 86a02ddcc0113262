"""The sentence for each way in which a live backend can fail, with the next step."""

import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.parsing import TooMuch

_QUOTED = 200
_FORBIDDEN = (401, 403)
_REDIRECTS = (301, 302, 303, 307, 308)
_SERVER_FAULT = 500


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


def unreachable(backend: Backend, asked: str, lost: httpx2.TransportError) -> SourceFailed:
    """There is no connection, or it was lost."""
    return SourceFailed(asked, *_why(backend, lost))


def _why(backend: Backend, lost: httpx2.TransportError) -> tuple[str, str]:
    told = str(lost)
    if isinstance(lost, httpx2.ProxyError):
        return f"the proxy refused: {quoted(told)}", "Check HTTP_PROXY and HTTPS_PROXY, or add the host to NO_PROXY."
    if isinstance(lost.__cause__, ssl.SSLError) or "SSL" in told or "certificate" in told:
        return _tls(backend, told)
    if "Name or service" in told or "name resolution" in told or "nodename" in told or "No address" in told:
        return "no such host is known", f"Check the host in {backend.setting}, or the DNS of this machine."
    proxy = _proxy_of(backend.url)
    if isinstance(lost, httpx2.ConnectError) and proxy:
        return f"the proxy {proxy} cannot be reached", "Check HTTP_PROXY and HTTPS_PROXY, or add the host to NO_PROXY."
    if isinstance(lost, httpx2.ConnectError):
        return "nothing accepts connections there", f"Check that {backend.kind} runs and the port in {backend.setting}."
    return "the connection was lost in mid-answer", f"Look whether {backend.kind} restarted, and ask again."


def _proxy_of(url: str) -> str:
    """Return host and port of the proxy that the environment names for an address; empty where there is none."""
    parts = urlsplit(url)
    if proxy_bypass(parts.netloc):
        return ""
    named = getproxies()
    proxy = urlsplit(named.get(parts.scheme) or named.get("all") or "")
    return proxy.netloc.rpartition("@")[2]


def _tls(backend: Backend, told: str) -> tuple[str, str]:
    if "WRONG_VERSION" in told or "record layer" in told:
        return "it speaks no TLS", f"Write http:// instead of https:// in {backend.setting}."
    if "self-signed" in told or "self signed" in told or "unable to get local issuer" in told:
        return (
            "its certificate is self-signed or of an authority unknown here",
            "Set ROOTLINE_CA_FILE to a PEM file with the certificate of that authority.",
        )
    if "Hostname mismatch" in told or "IP address mismatch" in told:
        return "its certificate is for another host", f"Write the host of the certificate in {backend.setting}."
    if "expired" in told:
        return "its certificate has expired", "Renew it; Rootline does not switch verification off."
    return f"TLS failed: {quoted(told)}", "Check ROOTLINE_CA_FILE and the certificate."


def bad_status(backend: Backend, asked: str, status: int, body: bytes, location: str) -> SourceFailed:
    """It answered with a status that is no success."""
    happened, helps = _refusal(backend, status, location) or (
        f"it answers {status}: {quoted(body.decode(errors='replace'))}",
        _helps(status),
    )
    return SourceFailed(asked, happened, helps, status=status)


def _refusal(backend: Backend, status: int, location: str) -> tuple[str, str] | None:
    if status in _FORBIDDEN:
        happened = f"it answers {status}: " + ("the token was refused" if backend.token else "it wants a token")
        return happened, f"Set {_token_setting(backend)} to a valid one."
    if status == httpx2.codes.NOT_FOUND:
        happened = "it answers 404, so it is no such backend or lives under another path"
        return happened, f"Write {backend.setting} as {backend.kind}'s own address, path included."
    if status in _REDIRECTS:
        happened = f"it redirects to {quoted(location)}, which is not followed"
        return happened, f"Write that address in {backend.setting} if you trust it."
    if status == httpx2.codes.PROXY_AUTHENTICATION_REQUIRED:
        return "the proxy wants a login", "Check HTTP_PROXY, or add the host to NO_PROXY."
    return None


def _token_setting(backend: Backend) -> str:
    is_variable = backend.setting.startswith("ROOTLINE_")
    return f"{backend.setting.removesuffix('_URL')}_TOKEN" if is_variable else f"the token of {backend.setting}"


def _helps(status: int) -> str:
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return "It limits how often it is asked; ask again later or for less."
    if status >= _SERVER_FAULT:
        return "Its own log says more; ask again, or for less."
    return "Ask in another way; the quoted text is the backend's own."


def quoted(text: str) -> str:
    """Show the beginning of text from outside on one line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[: _QUOTED * 2]).split())[:_QUOTED]
