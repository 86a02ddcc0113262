"""Which of GitHub's deployments took effect, where, and what ran before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.sources.github.commits import is_sha
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.parsing import parse

_PRODUCTION = ("production", "prod", "live")
_NAMES = ("service", "app", "component", "application")
_LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """A deployment that was asked for; it took effect when a status says so."""

    number: str
    service: str
    environment: str
    sha: str
    ref: str
    asked_at: datetime


def shipped(listed: Iterable[Raw], repository: str, environments: Sequence[str]) -> list[Shipped]:
    """The deployments to the environments that count, oldest first; odd ones are left out."""
    found = [(one, made) for one in listed if (made := _shipped(one, repository)) is not None]
    chosen = [made for raw, made in found if _counts(raw, made, environments)]
    whole = chosen if chosen or environments else [made for _, made in found]
    return sorted(whole, key=lambda one: one.asked_at)


def _shipped(one: Raw, repository: str) -> Shipped | None:
    sha, at, number = one.text("sha"), one.moment("created_at"), one.text("id")
    if not is_sha(sha) or at is None or not number.isdecimal():
        return None
    environment = one.text("environment")
    return Shipped(
        number=number,
        service=service_in(one, repository),
        environment=environment[:_LONGEST],
        sha=sha,
        ref=one.text("ref")[:_LONGEST],
        asked_at=at,
    )


def service_in(deployment: Raw, repository: str) -> str:
    """The service that a deployment's payload names, else the repository."""
    payload = _payload(deployment.at("payload"))
    told = (payload.text(name) for name in _NAMES)
    return next((name for name in told if name), repository)[:_LONGEST]


def _payload(held: Raw) -> Raw:
    """A payload, which GitHub keeps as it was sent: an object, or JSON in a string."""
    if not isinstance(held.held, str):
        return held
    try:
        return Raw(parse(bytearray(held.held.encode(errors="surrogatepass"))))
    except ValueError:
        return Raw(None)


def _counts(raw: Raw, made: Shipped, environments: Sequence[str]) -> bool:
    if environments:
        return made.environment in environments
    return raw.at("production_environment").held is True or made.environment.lower() in _PRODUCTION


def took_effect(statuses: Sequence[Raw], asked_at: datetime) -> datetime | None:
    """When a deployment first succeeded; None while it did not. One that nobody reports on counts from its making."""
    if not statuses:
        return asked_at
    times = [one.moment("created_at") for one in statuses if one.text("state") == "success"]
    return min((at for at in times if at is not None), default=None)
