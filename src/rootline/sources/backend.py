"""Where a live backend is and how it may be asked: checked once, so that no request fails on a typing error."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rootline.errors import Misconfigured
from rootline.sources.web import Grafana

LONGEST_TOKEN = 10_000
_ACCOUNT = re.compile(r"[0-9]{1,10}(?::[0-9]{1,10})?")
DEADLINE_S = 20.0
"""Source: ours; below the thirty seconds that the loop gives one tool call."""


@dataclass(frozen=True, kw_only=True)
class Backend:
    """One HTTP backend.

    Attributes:
        kind: The product, as people write it: `Prometheus`.
        setting: What names its address, for messages: `ROOTLINE_PROMETHEUS_URL`.
        url: The address, without a final slash; paths are put behind it.
        token: Sent as a bearer token, or, where it is `user:password`, as basic authentication; never shown.
        ca_file: Certificates to trust besides those that the system knows.
        tenant: Sent as `X-Scope-OrgID`, which Loki, Mimir and Tempo ask for; to VictoriaLogs as account and project.
        deadline_s: How long one request may take altogether.
        grafana: Where people look at it; None when that is not known.
        unusable: Why it cannot be asked, where that is known before; empty when it can.

    """

    kind: str
    setting: str
    url: str
    token: str = field(default="", repr=False)
    ca_file: Path | None = None
    tenant: str = ""
    deadline_s: float = DEADLINE_S
    grafana: Grafana | None = None
    unusable: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request. Compression is not asked for: few bytes of it can become gigabytes.

        Raises:
            Misconfigured: It cannot be asked.

        """
        if self.unusable:
            raise Misconfigured(self.unusable)
        own = {"authorization": _authorization(self.token)} if self.token else {}
        scope = _tenant_headers(self.kind, self.tenant) if self.tenant else {}
        return {"accept": "application/json", "accept-encoding": "identity", **own, **scope}


def backend(
    kind: str, setting: str, url: str, *, token: str = "", ca_file: Path | None = None, tenant: str = ""
) -> Backend:
    """Check an address, a token and a tenant.

    Raises:
        Misconfigured: The address is none, or holds a user, a password, a query or a fragment; or the token or
            the tenant cannot be a header. The message holds none of them.

    """
    where = _checked_url(setting, url.strip())
    token, tenant = token.strip(), tenant.strip()
    for what, text in (("token", token), ("tenant", tenant)):
        is_sent = text.isprintable() if what == "token" and ":" in text else all("!" <= char <= "~" for char in text)
        if len(text) > LONGEST_TOKEN or not is_sent:
            raise Misconfigured(
                f"The {what} for {setting} holds a space, a line break or a character beyond ASCII, or is too long. "
                "Paste it again."
            )
    if kind == "VictoriaLogs" and tenant and not _ACCOUNT.fullmatch(tenant):
        raise Misconfigured(f"The tenant for {setting} is no number. Write VictoriaLogs' account, or account:project.")
    return Backend(kind=kind, setting=setting, url=where, token=token, ca_file=ca_file, tenant=tenant)


def _tenant_headers(kind: str, tenant: str) -> dict[str, str]:
    """Write a tenant as the backend reads it. Source: docs.victoriametrics.com, VictoriaLogs, "Multitenancy"."""
    if kind != "VictoriaLogs":
        return {"x-scope-orgid": tenant}
    account, _, project = tenant.partition(":")
    return {"accountid": account, "projectid": project or "0"}


def token_setting(setting: str) -> str:
    """Return what names the token of a backend whose address a setting names, for messages."""
    is_variable = setting.startswith("ROOTLINE_")
    return f"{setting.removesuffix('_URL')}_TOKEN" if is_variable else f"the token of {setting}"


def _authorization(token: str) -> str:
    """Write a bearer token, which holds no colon, or a user and a password, of which the user holds none.

    Source: RFC 6750, section 2.1; RFC 7617, section 2, with the character set that it lets a server ask for.
    """
    return f"Basic {b64encode(token.encode()).decode()}" if ":" in token else f"Bearer {token}"


def _checked_url(setting: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or not url.isprintable() or " " in url:
        raise Misconfigured(f"{setting} is no address. Write it like http://127.0.0.1:9090.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise Misconfigured(
            f"{setting} holds more than an address. Leave user, password and query out; "
            f"{token_setting(setting)} takes a token, or user:password."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
