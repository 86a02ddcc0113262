"""What was told becomes something that can be asked: alerts and changes, beside those of live sources."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from rootline.domain.change import ChangeSet, Commit, ConfigChange, Deployment, FlagChange
from rootline.domain.notice import Notice, ReportedChange
from rootline.domain.service_key import means, placed
from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.intake.alert_state import AlertState, by_alert
from rootline.redaction import Redactor
from rootline.sources.alerts.joined import JoinedAlerts
from rootline.sources.alerts.source import AlertSource
from rootline.sources.bundle import Sources
from rootline.sources.changes.joined import JoinedChanges
from rootline.sources.changes.source import ChangeQuery, ChangeSource
from rootline.sources.failure import SourceFailed
from rootline.sources.redacting import redacted_alerts
from rootline.store.intake import Heard, Intake
from rootline.store.refusals import StoreUnreachable

NAME = "intake"
BEFORE = timedelta(days=2)
"""Source: ours; a change may bring trouble long after it, with the next peak or the next restart."""


class ToldAlerts:
    """Alerts that were posted to us, silenced ones too: they are no less true."""

    name = NAME

    def __init__(
        self, intake: Intake, clusters: frozenset[str] = frozenset(), others: frozenset[str] = frozenset()
    ) -> None:
        """Take the clusters that are asked together, with which alerts are named, and others, whose are left out."""
        self._intake, self._clusters, self._others = intake, clusters, others

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts that were firing at any time in the window, oldest first.

        Raises:
            SourceFailed: The database is away.

        """
        try:
            told = await self._intake.notices_of(window)
        except StoreUnreachable as gone:
            raise SourceFailed("alerts of the intake", str(gone), "Ask again.") from gone
        here = [one for one in told if one.home not in self._others]
        every = (one for state in by_alert(here).values() for one in _firings(state, self._clusters))
        inside = [one for one in every if one.resolved_at is None or one.resolved_at >= window.start]
        return sorted(inside, key=lambda one: (one.fired_at, one.service, one.name))


def _firings(state: AlertState, clusters: frozenset[str]) -> Iterator[Alert]:
    """Yield each time that an alert fired, with its end where it was told."""
    fires: Notice | None = None
    for one in state.notices:
        if one.state == "firing":
            fires = fires or one
        elif fires is not None:
            yield replace(_alert(fires, clusters), resolved_at=one.at)
            fires = None
    if fires is not None:
        yield _alert(fires, clusters)


def _alert(one: Notice, clusters: frozenset[str]) -> Alert:
    return Alert(
        name=one.name,
        service=_where(one, clusters),
        severity=one.severity,
        fired_at=one.fired_at,
        summary=one.summary,
        fingerprint=one.fingerprint,
        labels=one.labels,
    )


def _where(one: Notice | ReportedChange, clusters: frozenset[str]) -> str:
    """Name a service with its cluster where that is one of several that are asked together."""
    home = one.home if isinstance(one, Notice) else one.cluster
    return placed(home, one.service) if home in clusters else one.service


class ToldChanges:
    """Changes that were reported to us."""

    name = NAME

    def __init__(
        self, intake: Intake, clusters: frozenset[str] = frozenset(), others: frozenset[str] = frozenset()
    ) -> None:
        """Take the clusters that are asked together, with which changes are named, and others, whose are left out."""
        self._intake, self._clusters, self._others = intake, clusters, others

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what was reported to have changed in the window and for a time before it, each list in order of time.

        Raises:
            SourceFailed: The database is away.

        """
        try:
            told = await self._intake.changes(Window(start=window.start - BEFORE, end=window.end))
        except StoreUnreachable as gone:
            raise SourceFailed("reported changes", str(gone), "Ask again.") from gone
        here = [one for one in told if one.cluster not in self._others]
        named = [one.model_copy(update={"service": _where(one, self._clusters)}) for one in here]
        kept = [one for one in named if means(query.service, one.service, self._clusters)]
        return ChangeSet(
            commits=tuple(_commit(one, order) for order, one in enumerate(here) if one.kind == "commit"),
            deployments=tuple(_deployment(one) for one in kept if one.kind == "deployment"),
            configs=tuple(_config(one) for one in kept if one.kind == "config"),
            flags=tuple(_flag(one) for one in kept if one.kind == "flag"),
        )


def _commit(one: ReportedChange, order: int) -> Commit:
    """A commit as a forge reported it; its diff is read where the repository is."""
    return Commit(
        sha=one.after,
        at=one.at,
        message=one.message,
        author=one.actor,
        files=one.files,
        repository=one.name,
        order=order,
    )


def _deployment(one: ReportedChange) -> Deployment:
    return Deployment(service=one.service, at=one.at, commit=one.after, version=one.version, previous_commit=one.before)


def _config(one: ReportedChange) -> ConfigChange:
    return ConfigChange(
        key=one.name, service=one.service, at=one.at, before=one.before, after=one.after, actor=one.actor
    )


def _flag(one: ReportedChange) -> FlagChange:
    return FlagChange(
        flag=one.name, service=one.service, at=one.at, before=one.before, after=one.after, actor=one.actor
    )


def with_told(
    sources: Sources, intake: Intake, heard: Heard, known: Collection[str] = (), *, redactor: Redactor
) -> Sources:
    """Return sources that answer with what was told, too, of the kinds of things that anyone tells.

    What was told has lost its secrets, so that the same alert of a live source is known by what is left without them.
    What was told of another one of the `known` clusters than those that are asked is left out.
    """
    others = frozenset(known) - sources.clusters - {sources.cluster_name}
    alerts: list[AlertSource] = [redacted_alerts(sources.alerts, redactor)] if sources.alerts else []
    alerts += [ToldAlerts(intake, sources.clusters, others)]
    changes: list[ChangeSource] = [sources.changes] if sources.changes else []
    changes += [ToldChanges(intake, sources.clusters, others)]
    return replace(
        sources,
        alerts=(JoinedAlerts(alerts, sources.clusters) if len(alerts) > 1 else alerts[0])
        if heard.alerts
        else sources.alerts,
        changes=(JoinedChanges(changes) if len(changes) > 1 else changes[0]) if heard.changes else sources.changes,
    )
