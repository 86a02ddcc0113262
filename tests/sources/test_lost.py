"""Each way in which a connection fails has its own sentence and its own next step."""

import errno
import ssl

import pytest
from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientError,
    ClientHttpProxyError,
    ClientOSError,
    ClientPayloadError,
    ClientResponseError,
    ConnectionTimeoutError,
    RequestInfo,
    ServerDisconnectedError,
)
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from rootline.sources.backend import Backend
from rootline.sources.lost import lost, unknown_host

SETTING = "ROOTLINE_PROMETHEUS_URL"
HERE = Backend(kind="Prometheus", setting=SETTING, url="http://127.0.0.1:9090")
ASKED = "Prometheus at http://127.0.0.1:9090"
KEY = ConnectionKey(
    host="127.0.0.1", port=9090, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
)
REQUEST = RequestInfo(URL(HERE.url), "GET", CIMultiDictProxy(CIMultiDict()))


def uncertain(told: str) -> ClientError:
    return ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError(1, f"certificate verify failed: {told}"))


def no_tls(told: str) -> ClientError:
    return ClientConnectorSSLError(KEY, ssl.SSLError(1, told))


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (ConnectionTimeoutError("slow"), "no connection within 5 s. A firewall may be between"),
        (
            ClientConnectorDNSError(KEY, OSError(-2, "Name or service not known")),
            f"no such host is known. Check the host in {SETTING}, or the DNS of this machine.",
        ),
        (
            ClientConnectorError(KEY, ConnectionRefusedError(errno.ECONNREFUSED, "refused")),
            f"nothing accepts connections there. Check that Prometheus runs and the port in {SETTING}.",
        ),
        (ClientConnectorError(KEY, OSError(errno.EHOSTUNREACH, "no route")), "nothing accepts connections there."),
        (
            ClientConnectorError(KEY, ConnectionResetError(errno.ECONNRESET, "reset")),
            "it hung up before there was a connection. Look whether Prometheus restarted, and ask again.",
        ),
        (
            ClientOSError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required"),
            "it refused the handshake, as servers do that want a client's certificate. Put the client's certificate",
        ),
        (no_tls("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure"), "it refused the handshake"),
        (
            ClientOSError(errno.ECONNRESET, "reset"),
            "the connection was lost in mid-answer. Look whether Prometheus restarted, and ask again.",
        ),
        (ClientPayloadError("not completed"), "it broke off in mid-answer. Look whether Prometheus restarted"),
        (ServerDisconnectedError(), f"it hung up without an answer. Check that {SETTING} is the address"),
        (
            ClientResponseError(REQUEST, (), status=400, message="Bad status line"),
            f"it speaks no HTTP. Check that {SETTING} is the address of Prometheus itself and no login page",
        ),
        (
            ClientResponseError(REQUEST, (), status=400, message="Got more than 32768 bytes"),
            "it answers with a header of more than 32 kB, which is the most that is read. See with `curl -sI` what",
        ),
        (
            ClientResponseError(REQUEST, (), status=400, message="Too many headers received"),
            "it answers with more than 128 headers, which is the most that is read. See with `curl -sI` what",
        ),
        (
            ClientHttpProxyError(REQUEST, (), status=503, message="\x07 no"),
            "the proxy refused: 503 no. Check HTTP_PROXY and HTTPS_PROXY, or add the host to NO_PROXY.",
        ),
        (ClientHttpProxyError(REQUEST, (), status=407, message="Log in"), "the proxy wants a login. Check HTTP_PROXY"),
        (no_tls("[SSL: WRONG_VERSION_NUMBER] wrong"), "it speaks no TLS. Write http:// instead of https://"),
        (no_tls("[SSL: RECORD] record layer failure"), "it speaks no TLS"),
        (no_tls("odd thing"), "TLS failed: odd thing. Check ROOTLINE_CA_FILE and the certificate."),
        (
            uncertain("self-signed certificate"),
            "its certificate is self-signed or of an authority unknown here. Set ROOTLINE_CA_FILE",
        ),
        (
            uncertain("unable to get local issuer certificate"),
            "its certificate is self-signed or of an authority unknown here",
        ),
        (uncertain("Hostname mismatch"), "its certificate is for another host. Write the host of the certificate in"),
        (uncertain("IP address mismatch"), "its certificate is for another host."),
        (uncertain("certificate has expired"), "its certificate has expired. Renew"),
    ],
)
def test_a_lost_connection_says_why(why: ClientError, sentence: str) -> None:
    assert str(lost(HERE, ASKED, why)).startswith(f"{ASKED}: {sentence}")


def test_only_what_took_too_long_is_late() -> None:
    assert lost(HERE, ASKED, ConnectionTimeoutError("slow")).is_late
    assert not lost(HERE, ASKED, ClientPayloadError("not completed")).is_late


def test_a_host_that_cannot_be_written_is_as_unknown_as_one_that_is_not_found() -> None:
    missing = ClientConnectorDNSError(KEY, OSError(-2, "Name or service not known"))

    assert str(unknown_host(HERE, ASKED)) == str(lost(HERE, ASKED, missing))
