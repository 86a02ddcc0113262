"""GitHub's webhooks: headers and body in, changes or the reason for none out.

Source: docs.github.com, "Validating webhook deliveries", "Webhook events and payloads".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rootline.domain.change import Commit, Deployment
from rootline.domain.notice import ReportedChange
from rootline.intake.github_events import READ, Said, nothing
from rootline.intake.keys import key_of
from rootline.intake.told import CLOCK_SKEW, BadPayload, Told
from rootline.sources.kubernetes.raw import Raw

VENDOR = "github"
LONGEST_NAME = 100


class BadDelivery(BadPayload):
    """A request is no delivery of GitHub; nothing of it was taken."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One delivery: its own identifier, its event, and what it came to; `ignored` says why it tells of no change."""

    delivery: str
    event: str
    repository: str
    commits: tuple[Commit, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    ignored: str = ""
    same: str = ""


def hear(headers: Mapping[str, str], body: Any, received_at: datetime) -> Heard:
    """Read a delivery whose signature was checked. Header names are lower case; the body is parsed JSON.

    Raises:
        BadDelivery: A header is missing, or the body is no JSON object. Every event of GitHub is accepted.

    """
    event, delivery = _header(headers, "x-github-event"), _header(headers, "x-github-delivery")
    if not isinstance(body, dict):
        raise BadDelivery("A delivery of GitHub is a JSON object. Set the webhook's content type to application/json.")
    held = Raw(body)
    said = _said(event, held, received_at)
    return Heard(
        delivery=delivery,
        event=event,
        repository=held.text("repository", "full_name")[:300],
        commits=said.commits,
        deployments=said.deployments,
        ignored=said.reason,
        same=said.same,
    )


def read(headers: Mapping[str, str], body: Any, received_at: datetime) -> Told:
    """Read a delivery into what is stored of it. Its key is GitHub's own identifier of the delivery.

    Two deliveries about one commit or one deployment come to one change.
    """
    heard = hear(headers, body, received_at)
    changes = [_commit(one, heard, received_at) for one in heard.commits]
    changes += [_deployment(one, heard, received_at) for one in heard.deployments]
    return Told(key=key_of(VENDOR, heard.delivery), changes=tuple(changes), remark=heard.ignored)


def _commit(one: Commit, heard: Heard, received_at: datetime) -> ReportedChange:
    return ReportedChange(
        key=key_of(VENDOR, heard.repository, "commit", one.sha),
        kind="commit",
        at=_sane(one.at, received_at),
        service="",
        name=one.repository,
        after=one.sha,
        actor=one.author,
        message=one.message,
        files=one.files,
    )


def _deployment(one: Deployment, heard: Heard, received_at: datetime) -> ReportedChange:
    return ReportedChange(
        key=key_of(VENDOR, heard.repository, heard.same),
        kind="deployment",
        at=_sane(one.at, received_at),
        service=one.service,
        after=one.commit,
        version=one.version,
    )


def _sane(at: datetime, received_at: datetime) -> datetime:
    """Nothing took effect later than we heard of it, whatever a clock says."""
    return min(at, received_at + CLOCK_SKEW)


def _said(event: str, held: Raw, received_at: datetime) -> Said:
    read = READ.get(event)
    return read(held, received_at) if read else nothing(f"{event} tells of no change to what runs")


def _header(headers: Mapping[str, str], name: str) -> str:
    text = headers.get(name, "").strip()
    if not text or len(text) > LONGEST_NAME or not all("!" <= char <= "~" for char in text):
        raise BadDelivery(f"The header {name} is missing or odd, so this was not sent by GitHub's webhook.")
    return text
