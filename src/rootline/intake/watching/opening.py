"""The watch of what is configured: its metrics, its logs, its planned work."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from rootline.analysis.detection.policy import Policy
from rootline.errors import Misconfigured
from rootline.intake.maintenance import Calendar
from rootline.intake.watching.closing import alerted_by
from rootline.intake.watching.exempting import exempt_by
from rootline.intake.watching.listening import Asked, Ear, Files
from rootline.intake.watching.placing import told_by
from rootline.intake.watching.watcher import Watcher
from rootline.sources.connecting import connect, steady_metrics
from rootline.sources.fleet.guard import Watch
from rootline.sources.fleet.reaching import DEADLINE_S, within
from rootline.sources.stack import Stack
from rootline.store.intake import Intake
from rootline.store.journal import Journal
from rootline.store.watchbook import Watchbook

NOTHING = (
    "There are no metrics to watch. Name a Prometheus, such as ROOTLINE_PROMETHEUS_URL=http://127.0.0.1:9090 "
    "(docs/sources.md), or a recording with --tape."
)
_LOG = logging.getLogger(__name__)


def watchable(stacks: Sequence[Stack]) -> tuple[Stack, ...]:
    """Return the clusters that have metrics to watch; the others are told on the log.

    Raises:
        Misconfigured: None has.

    """
    found = tuple(one for one in stacks if one.of("prometheus"))
    if not found:
        raise Misconfigured(NOTHING)
    for one in stacks:
        if one not in found:
            _LOG.warning("cluster %s is not watched: it has no Prometheus", one.cluster)
    return found


def open_watches(
    stacks: Sequence[Stack],
    *,
    variables: Mapping[str, str],
    journal: Journal,
    intake: Intake,
    book: Watchbook,
    clean: Callable[[str], str],
    policy: Policy,
    interval: timedelta,
    watch: Watch | None = None,
) -> tuple[Watcher, ...]:
    """Watch each of the clusters; nothing is asked yet.

    Args:
        stacks: The clusters.
        variables: The environment, which says what is planned.
        journal: Where incidents are opened.
        intake: What alerts told of incidents.
        book: Where rounds are kept.
        clean: Takes the secrets out of a text, before it is kept.
        policy: By which it is decided.
        interval: The time between two slots.
        watch: How long one read of one cluster may take; of several at most DEADLINE_S without it.

    Raises:
        Misconfigured: No metrics are configured, or something is configured wrongly.

    """
    described, planned = watchable(stacks), Calendar.of(variables)
    names = frozenset(one.cluster for one in described) if len(described) > 1 else frozenset()
    bounded = _bounded(watch or Watch(), is_one=not names)
    found = []
    for one in described:
        stack = within(one, bounded.deadline_s) if bounded.deadline_s else one
        metrics = steady_metrics(stack, round(interval.total_seconds()), bounded)
        assert metrics is not None  # noqa: S101 what is watchable has metrics
        made = Watcher(
            metrics=metrics,
            journal=journal,
            book=book,
            policy=policy,
            cluster=one.cluster or "live",
            interval=interval,
            exempt=exempt_by(planned, one.cluster, names),
            ear=_ear(stack, clean, bounded),
            clusters=names,
            told=told_by(intake),
            has_alerts=alerted_by(intake),
        )
        found.append(made)
    return tuple(found)


def _bounded(watch: Watch, *, is_one: bool) -> Watch:
    """Bound each read, so that of several clusters a dead one fails soon."""
    return watch if is_one or watch.deadline_s else replace(watch, deadline_s=DEADLINE_S)


def _ear(described: Stack, clean: Callable[[str], str], watch: Watch) -> Ear | None:
    """Follow log files where they are written, and ask a log store once a slot."""
    if described.log_files:
        return Files(files=described.log_files, clean=clean)
    logs = connect(described, watch).logs
    return Asked(logs=logs, clean=clean) if logs else None
