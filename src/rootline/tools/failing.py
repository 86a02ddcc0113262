"""What traces tell of a symptom: where errors begin, over whose doing, and who of those that fail is an outsider."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.analysis.traces.analysis import TraceFindings, analyse
from rootline.analysis.traces.faults import VARIES, ErrorRoot
from rootline.analysis.traces.hanging_up import hung_up
from rootline.analysis.traces.parting import EARLY, Parting, clearest
from rootline.analysis.traces.slowing import Slowed
from rootline.changes.symptom import Alike, Parted, Served
from rootline.domain.window import Window
from rootline.tools.attempted import attempted
from rootline.tools.observation import Observation
from rootline.tools.reach import Reach
from rootline.tools.scene import Scene

EARLIER, OFTEN, OFTENEST = 5, 3, 4
"""Source: ours; an onset that was told a little late leaves some of the failures before it."""
# Source: the words of HTTP, gRPC and socket libraries for a callee that is not well, and not for a question that is.
AWAY = re.compile(
    r"\b50[0-9]\b|unavailable|tim(ed|e)[ -]?out|no (answer|response)|refused|reset|unreachable|overload|deadline|hang",
    re.IGNORECASE,
)
# Source: how Python, Java, JavaScript, Ruby, Go, Rust and C# write what their own code did wrong.
TELLING = re.compile(
    r"\b[A-Z]\w*(Error|Exception|Fault)\b|\bpanic(ked)?\b|nil pointer|null reference|segmentation|undefined|NoneType"
)
SHORTEST = 3


@dataclass(frozen=True, kw_only=True)
class Failing:
    """What the traces say, and the services that left spans; None and none where nobody traces."""

    found: TraceFindings | None = None
    services: frozenset[str] = frozenset()


async def failing_of(scene: Scene, window: Window, seen: Observation, near: Reach) -> Failing:
    """Read the traces of what can be reached."""
    if scene.sources.traces is None:
        return Failing()
    spans = [one for one in await attempted(scene.sources.traces.spans("", window), ()) if near.holds(one.service)]
    return Failing(found=analyse(spans, window, onset=seen.onset), services=frozenset(span.service for span in spans))


def by_way_of(failing: Failing, service: str) -> tuple[str, ...]:
    """Return by way of whom what a service newly fails over came, and what it does well did not.

    Whoever hangs up on it instead of answering is one of them.
    """
    roots = failing.found.error_roots if failing.found else ()
    new = (one for one in roots if one.service == service and one.count * EARLIER > one.baseline_count)
    return next((given for one in new if (given := one.by_way_of or _hung_up(one))), ())


def _hung_up(one: ErrorRoot) -> tuple[str, ...]:
    return (one.called,) if one.called and hung_up(one.message) else ()


def served(failing: Failing, service: str) -> Served | None:
    """Return how what newly fails was served before: in the service itself, else wherever it fails most often."""
    new = _new_errors(failing.found) if failing.found else []
    own = [one for one in new if one.service == service]
    return next((_served(one) for one in own or new), None)


def parted(failing: Failing) -> tuple[Parted, ...]:
    """Return the new versions through which calls fail or are slow, and other calls of the same operations are not."""
    contrasts = contrasted(failing.found) if failing.found else ()
    return tuple(
        Parted(service=one.service, version=one.version, since=one.since, told=one.told(kind.operation), gain=one.gain)
        for kind, one in contrasts
    )


def preceded(failing: Failing) -> tuple[Parted, ...]:
    """Return the new versions before which calls failed already as they do now, each with what tells it best."""
    kinds = _new_errors(failing.found) if failing.found else []
    shown = sorted(((one, kind) for kind in kinds for one in kind.parted_by), key=lambda pair: pair[0].earlier)
    best = {(one.service, one.version): (one, kind.operation) for one, kind in shown if one.earlier >= EARLY}
    return tuple(
        Parted(
            service=one.service,
            version=one.version,
            since=one.since,
            told=one.told_of_earlier(operation),
            earlier=one.earlier,
        )
        for one, operation in best.values()
    )


def alike(failing: Failing) -> tuple[Alike, ...]:
    """Return the new errors that begin in several services and are about nobody who was called."""
    kinds: dict[str, list[ErrorRoot]] = {}
    for one in failing.found.error_roots if failing.found else ():
        if one.count * EARLIER > one.baseline_count and _is_of_its_own(one, failing.services):
            kinds.setdefault(VARIES.sub("<*>", one.message), []).append(one)
    found = ((message, _first_in_each(of)) for message, of in kinds.items() if len({one.called for one in of}) > 1)
    return tuple(Alike(error=message, where=where) for message, where in found if len(where) > 1)


def _is_of_its_own(one: ErrorRoot, services: Collection[str]) -> bool:
    """Whether an error tells of the code that raised it, and not of somebody called who is away or refuses."""
    said = one.message.lower()
    named = (name.lower() for name in (*services, one.called) if len(name) >= SHORTEST)
    return (
        bool(TELLING.search(one.message)) and not AWAY.search(one.message) and not any(name in said for name in named)
    )


def _first_in_each(of: Sequence[ErrorRoot]) -> tuple[tuple[str, datetime], ...]:
    first: dict[str, datetime] = {}
    for one in of:
        first[one.service] = min(first.get(one.service, one.first_seen), one.first_seen)
    return tuple(sorted(first.items(), key=lambda pair: (pair[1], pair[0])))


def contrasted(found: TraceFindings) -> tuple[tuple[ErrorRoot | Slowed, Parting], ...]:
    """Return what fails newly or is slow, with the new version through which its bad calls went, the clearest first."""
    kinds: list[ErrorRoot | Slowed] = [*_new_errors(found)[:OFTENEST], *found.slowed]
    return clearest([(one, one.parted_by) for one in kinds])


def _new_errors(found: TraceFindings) -> list[ErrorRoot]:
    """What fails often and hardly failed before."""
    return [one for one in found.error_roots if one.count * EARLIER > one.baseline_count and one.count >= OFTEN]


def _served(one: ErrorRoot) -> Served:
    return Served(operation=one.operation, share=one.share, well=one.well_before, through=one.well_with)


def outsiders(failing: Failing, near: Reach) -> tuple[str, ...]:
    """Return failing callees that left no span of their own: others' services, as far as traces can tell."""
    own = {name for service in failing.services for name in near.spellings(service)}
    roots = failing.found.error_roots if failing.found else ()
    gone = [one for one in roots if one.peer and one.peer not in own and one.count * EARLIER > one.baseline_count]
    return tuple(f"{one.peer} ({one.operation}: {one.message})"[:300] for one in gone if AWAY.search(one.message))
