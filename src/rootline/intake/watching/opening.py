"""The watch of what is configured: its metrics, its logs, its planned work."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from rootline.analysis.detection.policy import Policy
from rootline.errors import Misconfigured
from rootline.intake.maintenance import Calendar
from rootline.intake.watching.exempting import exempt_by
from rootline.intake.watching.listening import Asked, Ear, Files
from rootline.intake.watching.watcher import Watcher
from rootline.sources.connecting import connect, steady_metrics
from rootline.sources.stack import Given, Stack, stack
from rootline.store.journal import Journal
from rootline.store.watchbook import Watchbook


def watchable(variables: Mapping[str, str]) -> Stack:
    """Return what the environment describes; raise Misconfigured where there are no metrics to watch in it."""
    described = stack(Given(variables=variables))
    if described.of("prometheus") is None:
        raise Misconfigured(
            "There are no metrics to watch. Name a Prometheus, such as ROOTLINE_PROMETHEUS_URL=http://127.0.0.1:9090 "
            "(docs/sources.md), or a recording with --tape."
        )
    return described


def open_watch(
    variables: Mapping[str, str],
    *,
    journal: Journal,
    book: Watchbook,
    clean: Callable[[str], str],
    policy: Policy,
    interval: timedelta,
) -> Watcher:
    """Watch the live cluster that the environment describes; nothing is asked yet.

    Args:
        variables: The environment.
        journal: Where incidents are opened.
        book: Where rounds are kept.
        clean: Takes the secrets out of a text, before it is kept.
        policy: By which it is decided.
        interval: The time between two slots.

    Raises:
        Misconfigured: No metrics are configured, or something is configured wrongly.

    """
    described = watchable(variables)
    metrics = steady_metrics(described, round(interval.total_seconds()))
    assert metrics is not None  # noqa: S101 what is watchable has metrics
    return Watcher(
        metrics=metrics,
        journal=journal,
        book=book,
        policy=policy,
        cluster=described.cluster or "live",
        interval=interval,
        exempt=exempt_by(Calendar.of(variables)),
        ear=_ear(described, clean),
    )


def _ear(described: Stack, clean: Callable[[str], str]) -> Ear | None:
    """Follow log files where they are written, and ask a log store once a slot."""
    if described.log_files:
        return Files(files=described.log_files, clean=clean)
    logs = connect(described).logs
    return Asked(logs=logs, clean=clean) if logs else None
