"""The sentence for each way in which an API server can fail, with the next step."""

from dataclasses import dataclass

from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import Resource
from rootline.sources.parsing import parse
from rootline.sources.trouble import quoted

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, GONE, TOO_MANY = 401, 403, 404, 410, 429
_SERVER_FAULT = 500
_ITS_OWN = ("", "apps")
"""What each namespace has of its own; what a delivery tool keeps lies in that tool's namespace."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One request in the words of RBAC, so that a refusal can say what to grant."""

    verb: str
    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    def __str__(self) -> str:
        what = f"{self.resource.plural}/{self.subresource}" if self.subresource else self.resource.plural
        where = f" in {self.namespace}" if self.namespace else ""
        return f"{self.verb} {what}{f' {self.name}' if self.name else ''}{where}"

    @property
    def grant(self) -> str:
        """What a role has to allow."""
        what = f"{self.resource.plural}/{self.subresource}" if self.subresource else self.resource.plural
        scope = f"namespace {self.namespace}" if self.namespace else "the whole cluster"
        return f'verb "{self.verb}" on resource "{what}" of apiGroup "{self.resource.group}" for {scope}'

    @property
    def helps(self) -> str:
        """The next step of whoever may not have it: many may read one namespace and not all."""
        narrower = self.resource.is_namespaced and not self.namespace and self.resource.group in _ITS_OWN
        return (
            f"{'Set ROOTLINE_KUBE_NAMESPACE to one that may be read, or grant' if narrower else 'Grant'} {self.grant}."
        )


def refused(asked: str, status: int, body: bytes, wanted: Wanted | None, setting: str) -> SourceFailed:
    """It answered with a status that is no success."""
    said = _said(body)
    if status == UNAUTHORIZED:
        helps = f"Log in again, or check the credentials of {setting}."
        return SourceFailed(asked, "it answers 401: it does not know us", helps, status=status)
    if status == FORBIDDEN:
        helps = wanted.helps if wanted else "Grant it in a role."
        return SourceFailed(asked, f"it answers 403 Forbidden: {said}", helps, status=status)
    if status == NOT_FOUND:
        return SourceFailed(asked, f"it answers 404: {said}", "Check the kind and the name.", status=status)
    if status == TOO_MANY:
        return SourceFailed(asked, "it answers 429: too many requests", "Ask again later or for less.", status=status)
    helps = "Its own log says more; ask again." if status >= _SERVER_FAULT else "Ask in another way."
    return SourceFailed(asked, f"it answers {status}: {said}", helps, status=status)


def _said(body: bytes) -> str:
    """The words of a Status object, or the beginning of whatever came."""
    try:
        told = Raw(parse(bytearray(body))).text("message")
    except ValueError:
        told = ""
    return quoted(told or body[:400].decode(errors="replace")) or "no reason given"


def too_slow(asked: str, deadline_s: float) -> SourceFailed:
    """It took longer than it may."""
    happened = f"no whole answer within {deadline_s:g} s"
    helps = "Ask for one namespace or one object, or look at the API server's load."
    return SourceFailed(asked, happened, helps, is_late=True)


def broken(asked: str, happened: str, setting: str) -> SourceFailed:
    """It answered, but with nothing that can be read."""
    return SourceFailed(asked, happened, f"Check that {setting} leads to a Kubernetes API server and no login page.")


def unreachable(asked: str, told: str, setting: str) -> SourceFailed:
    """There is no connection, or it was lost."""
    if "ProxyError" in told:
        helps = f"Check proxy-url in {setting}, or HTTPS_PROXY and NO_PROXY."
        return SourceFailed(asked, "the proxy before it cannot be used", helps)
    if "CERTIFICATE_VERIFY_FAILED" in told or "certificate" in told:
        helps = f"Put the authority of the API server into certificate-authority-data of {setting}."
        return SourceFailed(asked, f"its certificate is not trusted: {quoted(told)}", helps)
    if "NameResolution" in told or "Name or service" in told or "nodename" in told:
        return SourceFailed(asked, "no such host is known", f"Check the server in {setting}, or this machine's DNS.")
    if "refused" in told:
        return SourceFailed(asked, "nothing accepts connections there", f"Check the server in {setting}.")
    if "ConnectTimeout" in told or "connect timeout" in told:
        return SourceFailed(asked, "no connection within 5 s", f"A firewall may be between; check {setting}.")
    return SourceFailed(asked, "the connection was lost", "Look whether the API server restarted, and ask again.")
