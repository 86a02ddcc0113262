"""Why no turn could be had, said so that an operator can act on it: what was asked, what happened, what would help."""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from rootline.errors import ProviderFailed
from rootline.models.guarded_http import Tripped
from rootline.models.plain_text import one_line

LONGEST_WORDS = 300
LONGEST_READ = 20_000
OK = 200
HIGHEST_STATUS_OF_SUCCESS = 299
# What comes out of a client beside the SDK's own errors: the connection's, and those of reading what is no JSON.
TRANSPORT = (httpx2.HTTPError, ssl.SSLError, OSError)
UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)
# Source: RFC 9110 section 15.6 and RFC 6585 section 4; 529 is Anthropic's "overloaded".
PASSING = frozenset({408, 429, 500, 502, 503, 504, 529})
SECRETS = re.compile(r"\b(?:sk|pk|rk)-[\w-]{8,}|\b(?i:bearer)\s+[^\s\"',;]{4,}")

HELP: Mapping[int, str] = {
    400: "Check that the model supports tools and that its context window is large enough.",
    401: "Check the key: ROOTLINE_MODEL_KEY, OPENAI_API_KEY or ANTHROPIC_API_KEY.",
    402: "Check the account's credit.",
    403: "Check what the key may use: the model, the project, the region.",
    404: "Check the model's name in ROOTLINE_MODEL and the address in ROOTLINE_MODEL_URL.",
    413: "Ask about a shorter window or a single service.",
    422: "Check that the server speaks this wire format with tools.",
    429: "Wait, or raise the account's limits.",
    529: "The provider is overloaded: wait, or use another model.",
}
REDIRECTED = "Redirects are not followed: set ROOTLINE_MODEL_URL to the final address."
LATER = "Try again later; if it lasts, look at the server's own log."
REACH = "Check ROOTLINE_MODEL_URL, and that the server runs and can be reached from here."

# The first that is found among an error's causes tells the most.
FAULTS: Sequence[tuple[type[BaseException], str, str]] = (
    (ssl.SSLError, "TLS failed", "Check https or http in ROOTLINE_MODEL_URL, and the certificate."),
    (socket.gaierror, "its name has no address", "Check the host in ROOTLINE_MODEL_URL, and the DNS."),
    (ConnectionRefusedError, "nothing listens there (connection refused)", REACH),
    (httpx2.ConnectTimeout, "it could not be connected to in time", REACH),
    (httpx2.TimeoutException, "it did not answer in time", "Raise the model timeout, or use a faster model."),
    (httpx2.ReadError, "it broke the connection off", LATER),
    (httpx2.RemoteProtocolError, "it broke the connection off, or does not speak HTTP", REACH),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whom we ask: the model, its server's host and port, and the key that no message may contain."""

    model: str
    host: str
    secret: str

    def __repr__(self) -> str:
        return f"Asked(model={self.model!r}, host={self.host!r})"


class Unanswered(ProviderFailed):
    """No turn could be had. `status` is the HTTP status if there was one; `passing` says that it may pass by itself."""

    def __init__(
        self, message: str, *, status: int | None = None, passing: bool = False, wait_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.passing = passing
        self.wait_s = wait_s

    def after(self, attempts: int) -> "Unanswered":
        """Say how often it was tried, where that was more than once."""
        told = f"{self} Tried {attempts} times." if attempts > 1 else str(self)
        return Unanswered(told, status=self.status, passing=self.passing, wait_s=self.wait_s)


def asked_of(model: str, url: str, key: str | None) -> Asked:
    """Describe whom we ask, by the host of its address alone."""
    return Asked(model=one_line(model, 100) or "the server's first model", host=urlsplit(url).netloc, secret=key or "")


def unanswered(asked: Asked, happened: str, helps: str) -> Unanswered:
    """Say that what happened will not pass by itself."""
    return Unanswered(_sentence(asked, happened, helps))


def garbled(asked: Asked, happened: str) -> Unanswered:
    """Say that what came back is not the wire format."""
    return unanswered(asked, happened, "Check that ROOTLINE_MODEL_URL is the address of this kind of model server.")


def no_event(asked: Asked, headers: Mapping[str, str]) -> Unanswered:
    """Say that an answer held no event, and what it called itself."""
    kind = quote(asked, headers.get("content-type", "something without a type"))
    return garbled(asked, f"it answered with {kind} instead of a stream of events.")


def refused(asked: Asked, status: int, said: str, headers: Mapping[str, str]) -> Unanswered:
    """Say that the server answered with an HTTP error. What it said is quoted, bounded and without the key."""
    words = quote(asked, said)
    if status <= HIGHEST_STATUS_OF_SUCCESS:
        return unanswered(asked, f"it broke the turn off with {words}.", LATER)
    helps = REDIRECTED if str(status).startswith("3") else HELP.get(status, LATER)
    return Unanswered(
        _sentence(asked, f"it answered {status}: {words}.", helps),
        status=status,
        passing=status in PASSING and headers.get("x-should-retry") != "false",
        wait_s=_wait_s(headers),
    )


def unreachable(asked: Asked, error: BaseException) -> Unanswered:
    """Say why the connection failed. It may pass by itself, as a server that restarts does."""
    causes = list(_causes(error))
    tripped = next((cause for cause in causes if isinstance(cause, Tripped)), None)
    if tripped is not None:
        return unanswered(asked, f"{tripped}.", LATER)
    known = ((happened, helps) for kind, happened, helps in FAULTS if any(isinstance(cause, kind) for cause in causes))
    happened, helps = next(known, (f"the connection failed ({type(error).__name__})", REACH))
    return Unanswered(_sentence(asked, f"{happened}.", helps), passing=True)


def quote(asked: Asked, said: str) -> str:
    """Quote a server's words: untrusted, at most 300 characters, one line, without anything that looks like a key."""
    if said.lstrip().startswith("<"):
        return "an HTML or XML page"
    clear = said[:LONGEST_READ].replace(asked.secret, "[key]") if asked.secret else said[:LONGEST_READ]
    return repr(one_line(SECRETS.sub("[key]", clear), LONGEST_WORDS))


def _sentence(asked: Asked, happened: str, helps: str) -> str:
    return f"Asked {asked.model} at {asked.host} for a turn: {happened} {helps}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Follow an error to its roots, through exception groups too: happy eyeballs fail as a group."""
    yield error
    inner = list(error.exceptions) if isinstance(error, BaseExceptionGroup) else []
    for cause in [*inner, error.__cause__ or error.__context__]:
        if cause is not None:
            yield from _causes(cause)


def _wait_s(headers: Mapping[str, str]) -> float | None:
    """Read how long the server asks to wait, in seconds; a date or nonsense counts as not said."""
    for name, factor in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * factor
        except ValueError:
            continue
        if 0.0 <= seconds < float("inf"):
            return seconds
    return None
