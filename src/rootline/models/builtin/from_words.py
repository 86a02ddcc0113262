"""Explanations by what the alerted service newly complains of, where its words name the mechanism."""

import re
from collections.abc import Mapping
from itertools import islice

from rootline.analysis.logs.trouble import Trouble, troubles_of
from rootline.domain.fact import LogFact, RankingFact
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.models.builtin.candidate import Candidate, part
from rootline.models.builtin.claims import lines_about
from rootline.models.builtin.from_cluster import warnings
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import quoted
from rootline.models.builtin.told_changes import told_changes

_CAUSES: Mapping[Trouble, tuple[HypothesisType, str, Remediation]] = {
    "name_resolution": ("network", "name_resolution_failure", "config-revert"),
    "addresses_used_up": ("capacity", "pod_addresses_used_up", "scale"),
    "permission": ("config", "permission_denied", "config-revert"),
    "credentials": ("config", "credentials_refused", "config-revert"),
    "certificate": ("certificate", "certificate_trouble", "rotate-cert"),
    "configuration": ("config", "configuration_missing", "config-revert"),
    "disruption_budget": ("config", "drain_blocked_by_disruption_budget", "config-revert"),
    "schema": ("config", "database_schema_mismatch", "rollback"),
    "storage_full": ("capacity", "volume_full", "scale"),
    "descriptors": ("capacity", "file_descriptors_used_up", "scale"),
    "out_of_memory": ("capacity", "application_memory_used_up", "scale"),
    "pool_exhausted": ("capacity", "connection_pool_exhausted", "scale"),
    "connections_exhausted": ("capacity", "connection_exhaustion", "scale"),
    "deadlock": ("database", "deadlocks", ""),
    "throttled": ("dependency", "rate_limited", ""),
    "code": ("release", "code_exception", "rollback"),
    "cpu_throttled": ("capacity", "cpu_limit_reached", "scale"),
    "overload": ("capacity", "overload", "scale"),
    "consumer_lag": ("capacity", "consumer_lag", "scale"),
    "data": ("data", "malformed_data", "purge-bad-data"),
    "upstream_fails": ("dependency", "upstream_fails", "escalate-upstream"),
    "unreachable": ("dependency", "dependency_unreachable", ""),
}
"""The more particular first: a name that does not resolve cannot be reached either."""

# Source: own choices, in logits: words alone make a mechanism likely, most of all errors likelier.
BASE, NAMED, MOSTLY = -1.0, 1.6, 0.8
_MOST_LINES = 4
_FEW = 3
"""Fewer errors than this, of an alert that is over, were a passing matter."""

_BLOCKED: tuple[HypothesisType, str, Remediation] = ("network", "traffic_blocked_by_policy", "config-revert")
_SILENT = re.compile(r"timed? ?out|i/o timeout|ETIMEDOUT|no route|access denied", re.IGNORECASE)
_LARGE = 0.5


def from_words(seen: Seen) -> list[Candidate]:
    """Return the mechanism that the alerted service's errors name; nothing where changes are there to be blamed."""
    if seen.alert is None or seen.shelf.of(RankingFact):
        return []
    service = seen.alert.fact.subject
    own = [spot for spot in seen.errors if spot.fact.subject == service and not spot.fact.user_written]
    own += _before(seen, service) if own else []
    if not seen.is_firing and sum(spot.fact.count for spot in own) < _FEW:
        return []
    found = next(((trouble, spots) for trouble in _CAUSES if (spots := _of(own, trouble))), None)
    return [_candidate(seen, service, *found, own)] if found else []


def _before(seen: Seen, service: str) -> list[Spot[LogFact]]:
    """What the service complained of before its errors began, which may name what they do not."""
    known = {spot.index for spot in seen.errors}
    early = seen.shelf.of(LogFact, lambda fact: fact.subject == service and fact.is_error and not fact.user_written)
    return [spot for spot in early if spot.index not in known]


def _of(errors: list[Spot[LogFact]], trouble: Trouble) -> list[Spot[LogFact]]:
    return [spot for spot in errors if trouble in troubles_of(spot.fact.exemplar or spot.fact.template)]


def _is_blocked(seen: Seen, trouble: Trouble, spots: list[Spot[LogFact]]) -> bool:
    """Whether connections time out while a line tells that a policy on traffic was changed."""
    if trouble != "unreachable" or not any(_SILENT.search(spot.fact.exemplar[:600]) for spot in spots):
        return False
    return bool(seen.shelf.of(LogFact, lambda fact: "traffic_policy" in troubles_of(fact.exemplar)))


def _candidate(
    seen: Seen, service: str, trouble: Trouble, spots: list[Spot[LogFact]], errors: list[Spot[LogFact]]
) -> Candidate:
    kind, cause, remedy = _BLOCKED if _is_blocked(seen, trouble, spots) else _CAUSES[trouble]
    share = sum(spot.fact.count for spot in spots) / max(sum(spot.fact.count for spot in errors), 1)
    parts = [part("base", BASE, "nobody is known to have changed it")]
    parts.append(part("its own words", NAMED, f"new errors of {service} name it"))
    if share >= _LARGE:
        parts.append(part("most of its errors", MOSTLY, "most of its new errors say the same"))
    quotes = [quoted(spot) for spot in spots[:_MOST_LINES]]
    others = [quoted(spot) for spot in errors if spot not in spots][:2]
    rows = islice(lines_about(seen, service, ()), 2)
    fired = [seen.alert.says("started")] if seen.alert else []
    return Candidate(
        type=kind,
        subject=service,
        cause=cause,
        remediation=remedy,
        parts=tuple(parts),
        support=(*quotes, *told_changes(seen, service), *fired, *others, *warnings(seen, service, ()), *rows),
    )
