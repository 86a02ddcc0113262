"""Whether a vendor signed a body with a secret, each in the vendor's own way, compared in equal time."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootline.errors import RootlineError

MOST_AGE = timedelta(minutes=5)
"""Source: ours, as Slack and Stripe have it; an older signed request may be a replay."""
MOST_SIGNATURES = 10
_LONGEST_HEADER = 2000
_HEX = 64


class BadSignature(RootlineError):
    """A body that has to be signed is not, or by nobody whom we know."""


class Stale(BadSignature):
    """A signature is good and its time is not ours: a clock is wrong, or somebody sends it again."""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What a vendor says about a body: signatures in hexadecimal, and the text that was signed before the body.

    A vendor that signs a time sends it in `time_s` (Unix seconds); None for one that signs the body alone.
    """

    signatures: tuple[str, ...]
    prefix: bytes = b""
    time_s: float | None = None


Headers = Mapping[str, str]


def of_pagerduty(headers: Headers) -> Signed:
    """Read `X-PagerDuty-Signature: v1=…,v1=…`; several while a secret is being replaced.

    Source: PagerDuty, "Verifying signatures".
    """
    parts = headers.get("x-pagerduty-signature", "")[:_LONGEST_HEADER].split(",")[:MOST_SIGNATURES]
    found = (part.strip() for part in parts)
    return Signed(signatures=tuple(one[3:] for one in found if one.startswith("v1=")))


def of_grafana(headers: Headers) -> Signed:
    """Read `X-Grafana-Alerting-Signature`, and the timestamp where the contact point names a header for it.

    Source: Grafana 13, "Configure webhook notifications", HMAC signature: the body, or timestamp, colon and body.
    """
    one = headers.get("x-grafana-alerting-signature", "")[:_LONGEST_HEADER].strip()
    told = headers.get("x-grafana-alerting-timestamp", "")[:40].strip()
    if not told:
        return Signed(signatures=(one,) if one else ())
    if not told.isdecimal():
        raise BadSignature("The timestamp of the signature is no Unix time in seconds.")
    return Signed(signatures=(one,) if one else (), prefix=f"{told}:".encode(), time_s=float(told))


def of_github(headers: Headers) -> Signed:
    """Read `X-Hub-Signature-256: sha256=…`.

    Source: docs.github.com, "Validating webhook deliveries".
    """
    one = headers.get("x-hub-signature-256", "")[:_LONGEST_HEADER].strip()
    return Signed(signatures=(one.removeprefix("sha256="),) if one.startswith("sha256=") else ())


BY_VENDOR: Mapping[str, Callable[[Headers], Signed]] = {
    "pagerduty": of_pagerduty,
    "grafana": of_grafana,
    "github": of_github,
}
"""The vendors that sign."""
HEADERS: Mapping[str, str] = {
    "pagerduty": "x-pagerduty-signature",
    "grafana": "x-grafana-alerting-signature",
    "github": "x-hub-signature-256",
}
"""The header that says that a delivery is signed."""


def signer(signed: Signed, body: bytes, secrets: Iterable[bytes], now: datetime) -> int:
    """Return the place of the secret that the body was signed with; all are tried.

    Raises:
        BadSignature: There is no signature, or none fits any secret.
        Stale: One fits, and its time is more than five minutes from ours.

    """
    if not signed.signatures:
        raise BadSignature("A signature is missing. Set the secret in the vendor's webhook, or send a token.")
    found = [at for at, secret in enumerate(secrets) if _fits(signed, body, secret)]
    if not found:
        raise BadSignature("The signature fits no secret that is known here. Compare the secret on both sides.")
    if signed.time_s is not None and abs(now.timestamp() - signed.time_s) > MOST_AGE.total_seconds():
        minutes = int(MOST_AGE.total_seconds() // 60)
        raise Stale(f"It was signed more than {minutes} minutes from now. Compare the clocks; a replay is not taken.")
    return found[0]


def _fits(signed: Signed, body: bytes, secret: bytes) -> bool:
    expected = hmac.digest(secret, signed.prefix + body, "sha256").hex()
    told = [one.lower() for one in signed.signatures if len(one) == _HEX and one.isascii()]
    return any(hmac.compare_digest(expected, one) for one in told)
