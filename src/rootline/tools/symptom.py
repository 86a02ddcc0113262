"""Everything that a change would have to explain, gathered from alerts, metrics, logs and traces."""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime, timedelta

from rootline.analysis.joining.unasked import tells_of_silence
from rootline.analysis.logs.ageing import dates_from
from rootline.analysis.logs.findings import LogFinding
from rootline.analysis.logs.summary import summarise
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.harm import is_crowded, is_down, is_idle, is_own, is_used_up
from rootline.analysis.metrics.jumps import Jump, jumps
from rootline.analysis.metrics.units import words
from rootline.analysis.metrics.usual import plain_of
from rootline.analysis.metrics.views import view_of
from rootline.analysis.topology import Graph, blast_radius, downstream
from rootline.changes.evidence.order_in_time import AGREE
from rootline.changes.evidence.stack import named_files, named_places
from rootline.changes.outside.measured import is_instrument
from rootline.changes.symptom import Symptom
from rootline.domain.service_key import home_of, means
from rootline.domain.window import Window
from rootline.sources.logs.source import NOTHING_READ, LogQuery
from rootline.sources.metrics.source import MetricQuery
from rootline.tools.attempted import attempted
from rootline.tools.emptying import emptied
from rootline.tools.failing import Failing, alike, by_way_of, failing_of, outsiders, parted, preceded, served
from rootline.tools.filling import filled_by_others
from rootline.tools.first_error import first_new_error
from rootline.tools.get_topology import known_edges
from rootline.tools.observation import STRONG, Observation, observe
from rootline.tools.reach import Reach, reach_of
from rootline.tools.scene import Scene
from rootline.tools.user_text import is_of_users, without_phrases, without_placeholders, without_users_words

TEXTS = 30
FILES, LONGEST_LINE = 5, 4000
INSIDE = frozenset({"active", "inflight", "flight", "concurrent", "open", "current", "running", "busy"})
AGAIN = frozenset(
    [
        "attempt",
        "attempts",
        "retry",
        "retries",
        "deferred",
        "conflict",
        "conflicts",
        "redelivered",
        "redeliver",
        "redeliveries",
        "duplicate",
        "duplicates",
        "undelivered",
        "missed",
        "lost",
        "stale",
        "resend",
        "resends",
        "abandoned",
        "evicted",
        "ejected",
        "reconnect",
        "reconnects",
        "fallback",
        "cancelled",
        "canceled",
        "oversold",
        "reconnections",
        "resync",
        "resyncs",
        "rebalances",
        "restarts",
        "reopened",
        "blocked",
        "denied",
        "refused",
    ]
)
FAILED_WORDS = """
servfail nxdomain declined declines failed failures errors timeouts dropped drops rejected rejects 401 403 404 4xx 5xx
500 502 503 504 late expired
"""
THINGS_WORDS = """
listeners pods pod replicas nodes keys connections sockets threads goroutines handles fds switches handshakes files
"""
OUTWARD_WORDS = "out outbound egress sent emitted written db sql"
NOT_ASKED = frozenset((FAILED_WORDS + THINGS_WORDS + OUTWARD_WORDS).split())
"""Source: ours; what fails, what is kept, and what a service itself asks of others is not asked of it."""
EACH = re.compile(r"_per_(request|call|op|operation|message|job|item|user|row)\b", re.IGNORECASE)
PER_TIME = re.compile(r"_per_(s|sec|second|m|min|minute|h|hour)(\b|_)", re.IGNORECASE)
SLOWLY = 1.4
"""Source: ours; what grows little by little, as every morning, is no surge, however far it gets."""
SOON = timedelta(minutes=5)
"""Source: ours; a rate is counted over some minutes at most, which makes a slope of any step for as long."""
# Source: the errors of interpreters, linkers, package managers and databases about a name that they do not find.
ABOUT_CODE = re.compile(
    r"import|modules?\b|package|attribute|method|class|column|relation|\btable|function|symbol|propert|dependenc"
    r"|environment variable|undefined|not defined|unresolved",
    re.IGNORECASE,
)
NAME = re.compile(r"['\"`]([A-Za-z_@][\w./$-]{2,60})['\"`]")
SERVICES_AT_ONCE = 3
AT_ONCE_S = 120.0
ONSET_SAMPLES, LEAST_TOLERANCE_S, MOST_TOLERANCE_S = 4.0, 15.0, 120.0
"""Source: ours; a rate over four samples reaches its new level after as many."""


async def symptom_of(scene: Scene, window: Window, service: str, cluster: str = "") -> Symptom:
    """Gather what a change would have to explain: of several clusters, in that of the service and what it reaches.

    With a `cluster`, what shows in that one alone counts.
    """
    home = cluster or home_of(service, scene.question, scene.sources.clusters)
    whole = await observe(scene.sources, window, service, home)
    known = _placed(service, whole, scene) if service else ""
    failing = known or (whole.alert.service if whole.alert else "")
    near = await reach_of(scene, window, failing or _strongest(whole))
    seen = whole.among(near.holds)
    around = await _near_to(scene, window, failing or _strongest(whole))
    traced = await failing_of(scene, window, seen, near)
    return Symptom(
        service=failing,
        clusters=near.clusters,
        reached=near.reached,
        texts=tuple(
            list(
                dict.fromkeys([without_placeholders(text) async for text in _texts(scene, window, seen, near, traced)])
            )[:TEXTS]
        ),
        onset=seen.onset,
        services=_affected(seen),
        rising=_moved(seen, "up"),
        falling=_moved(seen, "down"),
        steady=tuple(
            f"{one.metric} of {one.service}" for one in seen.findings if one.direction == "flat" and one.points
        ),
        traffic_ratio=await _traffic(scene, window, seen),
        unrelated_at_once=await _unrelated(scene, window, seen),
        tolerance=_tolerance(seen.step_s),
        near=around,
        outsiders=outsiders(traced, near),
        by_way_of=by_way_of(traced, failing),
        served=served(traced, failing),
        parted=parted(traced),
        preceded=preceded(traced),
        dates_from=await _dates_from(scene, window, near),
        jumps=await _jumps(scene, window, seen, {failing or _strongest(whole), *around}),
        failing_at=await _failing_at(scene, window, seen, failing, around),
        askers=await _askers(scene, window, seen),
        measured_at=_measured_at(seen),
        alike=alike(traced),
        emptied=emptied(seen.findings),
        filled_by_others=filled_by_others(seen.findings, window.end),
    )


async def _failing_at(
    scene: Scene, window: Window, seen: Observation, service: str, around: Sequence[str]
) -> datetime | None:
    """Return when the failing service, or else one around it, first logged an error that is new, near the onset."""
    return await first_new_error(scene.sources, window, service, seen.onset, around) if seen.onset else None


async def _dates_from(scene: Scene, window: Window, near: Reach) -> datetime | None:
    """Return the moment from which all dates that errors call too old."""
    if scene.sources.logs is None:
        return None
    read = await attempted(scene.sources.logs.read(LogQuery(), window), NOTHING_READ)
    return dates_from(line for line in read.lines if near.holds(line.service) and window.contains(line.at))


async def _near_to(scene: Scene, window: Window, service: str) -> tuple[str, ...]:
    """Name the services above and below one, at any distance; nothing where it has no known edge."""
    graph = Graph.of(await known_edges(scene, window))
    return tuple(dict.fromkeys((*blast_radius(graph, service), *downstream(graph, service)))) if service else ()


def _measured_at(seen: Observation) -> datetime | None:
    """Return when an instrument of a cause outside of all changes moved; None where it is read too seldom to tell."""
    moved = (one for one in seen.findings if one.direction != "flat" and is_instrument(one.metric))
    told = [one.onset for one in moved if one.onset and (one.score >= STRONG or is_used_up(one))]
    return min(told, default=None) if seen.step_s <= AGREE.total_seconds() else None


async def _askers(scene: Scene, window: Window, seen: Observation) -> tuple[str, ...]:
    """Name those who call the alerted service, nearest first, where the alert is that they no longer do so."""
    if seen.alert is None or not tells_of_silence(seen.alert.name, seen.alert.summary):
        return ()
    above = blast_radius(Graph.of(await known_edges(scene, window)), seen.alert.service)
    return tuple(sorted(above, key=lambda name: (above[name], name)))


def _tolerance(step_s: float) -> timedelta:
    """How well an onset is known: to within a few samples, and not better than a rate's own window."""
    return timedelta(seconds=min(max(ONSET_SAMPLES * step_s, LEAST_TOLERANCE_S), MOST_TOLERANCE_S))


def _placed(service: str, seen: Observation, scene: Scene) -> str:
    """Name a service with the cluster in which an alert fired for it, or else its numbers moved most."""
    clusters = scene.sources.clusters
    alerted = [one.service for one in seen.alerts]
    moved = [one.service for one in seen.findings if one.direction != "flat"]
    return next((one for one in (*alerted, *moved) if means(service, one, clusters)), service)


def _strongest(seen: Observation) -> str:
    """The service that the onset was told from, where no alert fired."""
    return next((one.service for one in seen.findings if one.onset == seen.onset and one.score >= STRONG), "")


async def _texts(scene: Scene, window: Window, seen: Observation, near: Reach, traced: Failing) -> AsyncIterator[str]:
    """Read what alerts, programs and traces say; what users can write says nothing alone."""
    for alert in seen.alerts:
        yield f"{alert.metric} {alert.summary or alert.name}"
    if scene.sources.logs:
        read = await attempted(scene.sources.logs.read(LogQuery(), window), NOTHING_READ)
        lines = [one for one in read.lines if near.holds(one.service)]
        patterns = [one for one in read.patterns if near.holds(one.service)]
        for finding in summarise(lines, patterns, window, onset=seen.onset):
            if finding.is_error:
                yield _told(finding)
    if traced.found:
        for root in traced.found.error_roots:
            yield f"{root.operation} {root.message}"
        for repetition in traced.found.repetitions:
            yield f"{repetition.manner.replace('_', ' ')} {repetition.operation}"


def _told(finding: LogFinding) -> str:
    """Return what a program says in an error, with the names that its template masks; never what a user wrote."""
    if is_of_users(finding):
        return without_users_words(finding.template)
    return " ".join([without_phrases(finding.template), *_names(finding), *_files(finding)])


def _files(finding: LogFinding) -> list[str]:
    """Return the places in source that a stack trace names, or else the line itself."""
    frames = [f"File {frame}" if frame.startswith('"') else frame for frame in finding.frames]
    line = finding.exemplar.text[:LONGEST_LINE] if finding.exemplar else ""
    text = "\n".join(frames) or line
    places = sorted(f"{file}:{line}" for file, line in named_places((text,)))
    return (places or sorted(named_files((text,))))[:FILES]


def _names(finding: LogFinding) -> list[str]:
    """Return the names in quotes that an error about code gives and its template masks.

    Of a missing module, column or attribute the name is what a diff would show; of anything else it may be data.
    """
    if finding.exemplar is None or not ABOUT_CODE.search(finding.template[:400]):
        return []
    return list(dict.fromkeys(NAME.findall(finding.exemplar.text[:LONGEST_LINE])))[:FILES]


def _affected(seen: Observation) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.service for one in seen.findings if one.direction != "flat" and one.score >= STRONG))


def _moved(seen: Observation, direction: str) -> tuple[str, ...]:
    found = (one for one in seen.findings if one.direction == direction and not is_idle(one))
    lasting = (one for one in found if not _was_over(one, seen.onset))
    told = (one for one in lasting if one.score >= STRONG or is_crowded(one) or is_used_up(one) or is_down(one))
    return tuple(f"{one.metric} of {one.service}" for one in told)


def _was_over(finding: MetricFinding, onset: datetime | None) -> bool:
    """Whether a number was as usual again before the trouble began, which it then cannot show."""
    return onset is not None and finding.ended is not None and finding.ended <= onset


async def _traffic(scene: Scene, window: Window, seen: Observation) -> float | None:
    """Return how much the request rate of the alerted or first service grew, as a ratio.

    Where those from whom its requests come in the end have not more to do, the growth is made inside and counts no
    more than theirs; where somebody keeps what is usual at this hour, only what is beyond it counts.
    """
    service = seen.alert.service if seen.alert else ""
    rates = [one for one in seen.findings if _is_rate(one.metric) and is_own(one.metric) and _arrives(one)]
    grown = {name: _growth(rates, name, window) for name in {one.service for one in rates}}
    own = grown.get(service) or max((ratio for ratio in grown.values() if ratio is not None), default=None)
    usual = [
        one.ratio for one in rates if one.ratio and one.metric in {plain_of(each.metric) for each in seen.findings}
    ]
    own = min(own, *usual) if own is not None and usual else own
    if own is None or not service:
        return own
    graph = Graph.of(await known_edges(scene, window))
    doors = [name for name in blast_radius(graph, service) if not graph.callers(name)]
    entering = [ratio for name in doors if (ratio := grown.get(name)) is not None]
    return min(own, max(entering)) if entering else own


def _is_rate(metric: str) -> bool:
    return view_of(metric) == "rate" or (view_of(metric) == "other" and bool(PER_TIME.search(metric)))


def _arrives(finding: MetricFinding) -> bool:
    """Whether a rate counts what arrives, and not what is inside at a time, fails or is done again, or goes out."""
    return not (INSIDE | AGAIN | NOT_ASKED) & set(words(finding.metric)) and not EACH.search(finding.metric)


def _growth(rates: Sequence[MetricFinding], service: str, window: Window) -> float | None:
    own = (one for one in rates if one.service == service and one.ratio is not None)
    return max((_grew(one, window) for one in own), default=None)


def _grew(finding: MetricFinding, window: Window) -> float:
    """Return the ratio, and no more than slow growth counts for where it has gone on for long."""
    ratio = finding.ratio or 0.0
    is_slow = finding.kind == "trend_change" and finding.onset is not None and window.end - finding.onset > SOON
    return min(ratio, SLOWLY) if is_slow else ratio


async def _jumps(scene: Scene, window: Window, seen: Observation, services: Collection[str]) -> tuple[Jump, ...]:
    """Return the jumps of services until the onset, or the alert where that came later."""
    until = max((at for at in (seen.onset, seen.alert.fired_at if seen.alert else None) if at), default=None)
    if until is None or scene.sources.metrics is None:
        return ()
    series = await attempted(scene.sources.metrics.series(MetricQuery(), window), ())
    return tuple(jumps([one for one in series if one.service in services and not plain_of(one.metric)], until))


async def _unrelated(scene: Scene, window: Window, seen: Observation) -> bool:
    """Whether strong trouble began at once in services that share no path."""
    onsets = [(one.service, one.onset) for one in seen.findings if one.score >= STRONG and one.onset]
    services = sorted({service for service, onset in onsets if _near(onset, seen.onset)})
    graph = Graph.of(await known_edges(scene, window))
    if len(services) < SERVICES_AT_ONCE or not graph.services:
        return False
    return not any(set(graph.callees(one)) & set(services) for one in services)


def _near(onset: datetime, other: datetime | None) -> bool:
    return other is not None and abs((onset - other).total_seconds()) <= AT_ONCE_S
