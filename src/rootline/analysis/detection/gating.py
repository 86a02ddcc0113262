"""Whether what was seen at a slot is an incident: pure, so that the same watch decides the same twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Literal

from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.policy import Policy
from rootline.analysis.metrics.units import TO_SECONDS

Rule = Literal["user_facing", "agreeing", "creeping", "absolute", "stopped", "piling"]
Action = Literal["opened", "joined", "suppressed"]
Reason = Literal["", "maintenance", "little_traffic", "daily", "cool_down", "same_incident"]
_OF_NO_ACCOUNT = frozenset({"maintenance", "little_traffic", "daily"})


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What may be an incident of one service at one slot, with its features: what users feel first, then by score."""

    at: float
    service: str
    rule: Rule
    features: tuple[Feature, ...]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What became of a candidate, and why; the version names the policy that decided."""

    candidate: Candidate
    action: Action
    reason: Reason
    policy: str


@dataclass(frozen=True, kw_only=True)
class Ongoing:
    """What the gate remembers between two slots: when it last opened, and when a candidate last counted.

    Times are Unix seconds, None before the first; `quiet` counts the slots since a candidate counted.
    """

    opened_at: float | None = None
    seen_at: float | None = None
    quiet: int = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Exempt:
    """Services under maintenance or silenced in a span of Unix seconds; `*` in the name stands for anything."""

    service: str
    start: float
    end: float
    reason: str = ""

    def covers(self, service: str, at: float) -> bool:
        """Whether a candidate of the service is exempt at a moment."""
        return fnmatchcase(service, self.service) and self.start <= at < self.end


def decide(
    at: float,
    features: Iterable[Feature],
    before: Ongoing,
    policy: Policy,
    *,
    exempt: Sequence[Exempt] = (),
    traffic: Mapping[str, float] | None = None,
) -> tuple[list[Decision], Ongoing]:
    """Decide a slot.

    Args:
        at: The slot, in Unix seconds.
        features: All features of the slot.
        before: What was remembered after the slot before.
        policy: The numbers.
        exempt: Who is under maintenance or silenced.
        traffic: Requests a second by service, where they are known.

    Returns:
        One decision a candidate, strongest candidate first, and what to remember.

    """
    found = sorted(_candidates(at, features, before, policy), key=_strongest_first)
    decisions: list[Decision] = []
    now = replace(before, quiet=before.quiet + 1)
    counted = False
    for one in found:
        action, reason = _judged(one, before, now, policy, exempt=exempt, traffic=traffic or {}, counted=counted)
        decisions.append(Decision(candidate=one, action=action, reason=reason, policy=policy.version))
        if reason not in _OF_NO_ACCOUNT:
            counted, now = True, _remembered(now, at, is_opened=action == "opened", is_fast=one.rule != "creeping")
    return decisions, now


def _judged(  # each argument is one thing that a decision may depend on
    one: Candidate,
    before: Ongoing,
    now: Ongoing,
    policy: Policy,
    *,
    exempt: Sequence[Exempt],
    traffic: Mapping[str, float],
    counted: bool,
) -> tuple[Action, Reason]:
    if any(period.covers(one.service, one.at) for period in exempt):
        return "suppressed", "maintenance"
    if _is_idle(one, policy, traffic):
        return "suppressed", "little_traffic"
    if all(feature.is_daily for feature in one.features):
        return "suppressed", "daily"
    if counted or before.quiet < policy.release_slots:
        return "joined", "same_incident"
    if now.opened_at is not None and one.at - now.opened_at <= policy.cool_down_s:
        return "suppressed", "cool_down"
    return "opened", ""


def _strongest_first(one: Candidate) -> tuple[float, str]:
    return -abs(one.features[0].score), one.service


def _is_idle(one: Candidate, policy: Policy, traffic: Mapping[str, float]) -> bool:
    """Whether a candidate rests on what too few requests say."""
    rate = traffic.get(one.service)
    felt = all(feature.signal.view in policy.user_facing.views for feature in one.features)
    return rate is not None and felt and rate * policy.windows[0].bin_s < policy.least_events


def _remembered(now: Ongoing, at: float, *, is_opened: bool, is_fast: bool) -> Ongoing:
    """Renew an incident; what creeps shows in long windows after it is over, so it renews nothing."""
    if is_opened:
        return Ongoing(opened_at=at, seen_at=at, quiet=0)
    return replace(now, seen_at=at, quiet=0) if is_fast else now


def _candidates(at: float, features: Iterable[Feature], before: Ongoing, policy: Policy) -> Iterable[Candidate]:
    felt = (one for one in features if not _is_slight(one, policy))
    ordered = sorted(felt, key=lambda one: one.service)
    for service, of_service in groupby(ordered, key=lambda one: one.service):
        found = sorted(of_service, key=lambda one: (_is_unfelt(one, policy), -abs(one.score), one.signal, one.window))
        measured = [one for one in found if not one.limit]
        fast = tuple(one for one in measured if one.window == policy.windows[0].name and _is_loud(one, policy))
        slow = tuple(one for one in measured if _creeps(one, at, before, policy))
        beyond = tuple(one for one in found if one.limit)
        rule = _rule(fast, policy)
        if rule is not None:
            yield Candidate(at=at, service=service, rule=rule, features=fast)
        elif beyond:
            yield Candidate(
                at=at, service=service, rule=beyond[0].limit or "absolute", features=_once((*beyond, *fast))
            )
        elif slow:
            yield Candidate(at=at, service=service, rule="creeping", features=slow)


def _once(features: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return the first feature of each metric."""
    found: dict[str, Feature] = {}
    for one in features:
        found.setdefault(one.metric, one)
    return tuple(found.values())


def _is_slight(one: Feature, policy: Policy) -> bool:
    """Whether a duration changed by less than anybody feels; a duration without a known unit is taken as it is."""
    scale = TO_SECONDS.get(one.unit)
    return one.signal.view == "duration" and scale is not None and abs(one.deviation) * scale < policy.least_delay_s


def _is_unfelt(one: Feature, policy: Policy) -> bool:
    """Whether a feature does not open an incident by itself; those that do are told first."""
    return one.signal.view not in policy.user_facing.views or abs(one.score) < policy.user_facing.score


def _is_loud(one: Feature, policy: Policy) -> bool:
    return abs(one.score) >= policy.agreeing.score


def _creeps(one: Feature, at: float, before: Ongoing, policy: Policy) -> bool:
    """Whether a long window shows what no incident within it explains."""
    window = next(known for known in policy.windows if known.name == one.window)
    if window == policy.windows[0] or one.signal.view not in policy.user_facing.views:
        return False
    return abs(one.score) >= policy.creeping and (before.seen_at is None or at - before.seen_at > window.length_s)


def _rule(fast: Sequence[Feature], policy: Policy) -> Rule | None:
    felt = policy.user_facing
    if any(one.signal.view in felt.views and abs(one.score) >= felt.score for one in fast):
        return "user_facing"
    return "agreeing" if len({one.signal for one in fast}) >= policy.agreeing.signals else None
