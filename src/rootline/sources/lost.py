"""The sentence for each way in which a connection to a live backend fails, with the next step."""

from http import HTTPStatus

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientError,
    ClientHttpProxyError,
    ClientPayloadError,
    ClientResponseError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from yarl import URL

from rootline.sources.backend import Backend
from rootline.sources.connections import MOST_HEADER_BYTES, MOST_HEADERS
from rootline.sources.failure import SourceFailed
from rootline.sources.proxies import proxy_of
from rootline.sources.trouble import PROXY_HELPS, PROXY_LOGIN, broken, quoted, too_slow

REFUSED_US = (
    "it refused the handshake, as servers do that want a client's certificate",
    "Put the client's certificate and its key before the others in the file that ROOTLINE_CA_FILE names.",
)


def lost(backend: Backend, asked: str, why: ClientError) -> SourceFailed:
    """There is no connection, or no whole answer of HTTP on it."""
    if isinstance(why, ConnectionTimeoutError):
        return too_slow(backend, asked, connecting=True)
    if isinstance(why, ClientHttpProxyError):
        return SourceFailed(asked, *_proxy_refused(why))
    if isinstance(why, ClientConnectorError):
        return _not_connected(backend, asked, why)
    if isinstance(why, ClientResponseError | ServerDisconnectedError):
        too_much = _too_much(why)
        return _wordy(backend, asked, too_much) if too_much else broken(backend, asked, _no_answer(why))
    if _refuses_us(str(why)):  # in TLS 1.3 a client is refused only after it has asked
        return SourceFailed(asked, *REFUSED_US)
    ended = "it broke off" if isinstance(why, ClientPayloadError) else "the connection was lost"
    return SourceFailed(asked, f"{ended} in mid-answer", _restarted(backend))


def unknown_host(backend: Backend, asked: str) -> SourceFailed:
    """There is no such host."""
    helps = f"Check the host in {backend.setting}, or the DNS of this machine."
    return SourceFailed(asked, "no such host is known", helps)


def _no_answer(why: ClientResponseError | ServerDisconnectedError) -> str:
    if isinstance(why, ServerDisconnectedError):
        return "it hung up without an answer"
    return "it speaks no HTTP"


def _too_much(why: ClientResponseError | ServerDisconnectedError) -> str:
    """What of its headers is beyond what is read; empty where nothing is."""
    message = str(why.message)
    if message.startswith("Too many headers"):
        return f"it answers with more than {MOST_HEADERS} headers, which is the most that is read"
    if message.startswith("Got more than"):
        return f"it answers with a header of more than {MOST_HEADER_BYTES // 2**10} kB, which is the most that is read"
    return ""


def _wordy(backend: Backend, asked: str, happened: str) -> SourceFailed:
    helps = (
        f"See with `curl -sI` what it sends, and have {backend.kind} or the proxy before it send less. "
        f"Check too that {backend.setting} is its address and no login page."
    )
    return SourceFailed(asked, happened, helps)


def _restarted(backend: Backend) -> str:
    return f"Look whether {backend.kind} restarted, and ask again."


def _proxy_refused(why: ClientHttpProxyError) -> tuple[str, str]:
    if why.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return PROXY_LOGIN
    return f"the proxy refused: {why.status} {quoted(why.message)}", PROXY_HELPS


def _refuses_us(told: str) -> bool:
    """Whether TLS was refused as a client without a certificate is.

    Source: RFC 8446, section 4.4.2.4, certificate_required; RFC 5246, section 7.4.6, handshake_failure; Go's
    crypto/tls, bad_certificate.
    """
    return any(f"ALERT_{word}" in told for word in ("CERTIFICATE_REQUIRED", "HANDSHAKE_FAILURE", "BAD_CERTIFICATE"))


def _not_connected(backend: Backend, asked: str, why: ClientConnectorError) -> SourceFailed:
    proxy = URL(proxy_of(backend.url))
    if (why.host, why.port) == (proxy.raw_host, proxy.port):
        return SourceFailed(asked, f"the proxy {proxy.raw_authority.rpartition('@')[2]} cannot be reached", PROXY_HELPS)
    if isinstance(why, ClientConnectorDNSError):
        return unknown_host(backend, asked)
    if isinstance(why, ClientConnectorCertificateError | ClientConnectorSSLError):
        return SourceFailed(asked, *_tls(backend, str(why.os_error)))
    if isinstance(why.os_error, ConnectionResetError | ConnectionAbortedError):
        return SourceFailed(asked, "it hung up before there was a connection", _restarted(backend))
    helps = f"Check that {backend.kind} runs and the port in {backend.setting}."
    return SourceFailed(asked, "nothing accepts connections there", helps)


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
    if _refuses_us(told):
        return REFUSED_US
    return f"TLS failed: {quoted(told)}", "Check ROOTLINE_CA_FILE and the certificate."
