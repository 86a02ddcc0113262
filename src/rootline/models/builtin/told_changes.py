"""What logs tell of changes: deployments, rotated secrets, applied policies, as delivery tools write them."""

import re

from rootline.domain.fact import LogFact
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import quoted

MOST = 2
# Source: what Helm, Argo CD, Flux, kubectl, Terraform, External Secrets and cloud audit logs call a change.
_CHANGE = re.compile(
    r"\b(?:helm (?:upgrade|rollback|install)|deploy(?:ed|ing|ment)?\b.{0,80}\d|roll(?:ed|ing)? out|released?\b.{0,60}\d"
    r"|sync(?:ed| operation)|terraform apply|kubectl apply|applied\b|rotated|migrat(?:ed|ion)|scaled\b|upgraded?\b"
    r"|(?:updated|changed|modified|reloaded|enabled|disabled|removed|added) (?:by|in|to|the|config|flag)|feature flag"
    r"|changed=|revision \w+)",
    re.IGNORECASE,
)
_LONGEST = 600


def told_changes(seen: Seen, service: str) -> list[StatedClaim]:
    """Quote lines that tell of a change: those of the service, or that name it, before all others."""
    name = seen.places.inside(service)
    found = seen.shelf.of(LogFact, lambda fact: not fact.is_error and bool(_CHANGE.search(fact.exemplar[:_LONGEST])))
    ordered = sorted(found, key=lambda spot: not _is_about(spot, name))
    return [quoted(spot) for spot in ordered[:MOST]]


def _is_about(spot: Spot[LogFact], name: str) -> bool:
    return bool(name) and (spot.fact.subject == name or name in spot.fact.exemplar[:_LONGEST])
