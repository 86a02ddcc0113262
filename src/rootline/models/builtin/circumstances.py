"""What else was read of what is blamed: how its containers ended, its rollout and nodes, who loads it, what stood.

Nothing is concluded from it. It is what a reader asks next: a cause is believed when what stands around it was told.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rootline.analysis.database.gauges import Gauge
from rootline.analysis.logs.trouble import troubles_of
from rootline.domain.fact import AlertFact, LogFact, TextFact
from rootline.domain.stated import StatedClaim, StatedHypothesis
from rootline.models.builtin.databases import Database, databases
from rootline.models.builtin.from_database import moved_or_stands
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import quoted

MOST = 20
_MOST_LINES, _LONGEST, _MOST_READ = 6, 600, 400
_STATES = re.compile(
    r"^\s*(?:Reason|Message|Exit Code|Image|Limits?|Requests?|Resources|Command|Args|Liveness|Readiness|Startup"
    r"|Memory|Cpu|Env|Environment)\b[^:]{0,20}:\s+\S",
    re.IGNORECASE,
)
_ROLLOUT = re.compile(
    r"^(?!Name:|Namespace:|Conditions:|Selector:|Labels:|Annotations:)\S[^:]{0,40}:\s+\S|^\s+Progressing"
)
_PRESSED = re.compile(r"Pressure=True|NetworkUnavailable=True|\btaint\b")
_LOUD = ("WARN", "ERR", "CRIT", "FATAL")
_STEADY: tuple[Gauge, ...] = ("cpu", "connections", "storage", "memory", "read_latency", "replica_lag")
_WHO = re.compile(r"^Performance Insights, (?:load by|db load)")
_READY = re.compile(r"\b(\d{1,5})/(\d{1,5})\b")


def circumstances(seen: Seen, blamed: Sequence[StatedHypothesis]) -> tuple[StatedClaim, ...]:
    """Tell what else was read of the first that is blamed, and nothing that is told already; a change tells itself."""
    if not blamed or blamed[0].change:
        return ()
    said = {_place(claim) for one in blamed for claim in (*one.support, *one.against)}
    name = seen.service(blamed[0].subject)
    found = databases(seen.shelf, seen.places.clusters)
    of_database = next((one for one in found if name in one.names), None)
    told = _of_database(of_database) if of_database else _of_workload(seen, seen.places.inside(name))
    return tuple(islice((claim for claim in dict.fromkeys(told) if _place(claim) not in said), MOST))


def _place(claim: StatedClaim) -> tuple[object, ...]:
    """What a claim is about; a quote is the same whether its words are given or read from the evidence."""
    return claim.evidence, claim.fact, claim.line, claim.predicate if claim.line is None else "contains", claim.field


def _of_database(one: Database) -> Iterator[StatedClaim]:
    """Who loads it, what it waits for, what else moved, what stands as always, and what else happened to it."""
    yield from (quoted(spot) for spot in one.insights if _WHO.match(spot.fact.exemplar))
    hit = one.state.strained | one.state.surging | one.state.recovered
    ill = sorted((one.gauges[gauge] for gauge in hit if gauge in one.gauges), key=lambda spot: -spot.fact.score)
    yield from (claim for spot in ill[:_MOST_LINES] for claim in moved_or_stands(spot))
    yield from (quoted(spot) for spot in one.events[:_MOST_LINES])
    for gauge in _STEADY:
        spot = one.gauges.get(gauge)
        if spot is not None and gauge not in hit and spot.fact.current is not None:
            yield spot.says("equals", field="current")
    yield from (quoted(spot) for spot in one.insights[:_MOST_LINES])


def _of_workload(seen: Seen, name: str) -> Iterator[StatedClaim]:
    """How its pods and its deployment stand, what their events and the logs that name it say, and its nodes."""
    yield from islice(_lines(seen, f"describe pods {name}-", _STATES), _MOST_LINES)
    yield from islice(_lines(seen, f"describe deployments {name} ", _ROLLOUT), _MOST_LINES)
    yield from islice(_events(seen, name), _MOST_LINES)
    yield from islice(_rows(seen, name), _MOST_LINES)
    yield from islice(_logs(seen, name), _MOST_LINES)
    yield from _well(seen, name)
    fired = seen.shelf.of(AlertFact, lambda fact: fact.resolved_at is None)
    yield from (spot.says("started") for spot in fired[:3])


def _lines(seen: Seen, asked: str, telling: re.Pattern[str]) -> Iterator[StatedClaim]:
    """Lines of a description that tell something, each wording once."""
    known: set[str] = set()
    for spot in seen.shelf.of(TextFact, lambda fact: f"{fact.asked} ".startswith(asked)):
        for at, text in enumerate(spot.fact.lines[:_MOST_READ]):
            words = " ".join(text.split())
            if telling.match(text[:_LONGEST]) and words not in known:
                known.add(words)
                yield spot.says("contains", line=at)


def _events(seen: Seen, name: str) -> Iterator[StatedClaim]:
    """Events about a workload and its pods, each reason once, whether they warn or not."""
    known: set[str] = set()
    for spot in seen.shelf.of(TextFact, lambda fact: fact.asked.startswith("get events")):
        for at, text in enumerate(spot.fact.lines[:_MOST_READ]):
            cells = text[:_LONGEST].split()
            about = cells[3].partition("/")[2] if len(cells) > 3 else ""  # noqa: PLR2004 age, type, reason, object
            if about.startswith(name) and cells[2] not in known:
                known.add(cells[2])
                yield spot.says("contains", line=at)


def _rows(seen: Seen, name: str) -> Iterator[StatedClaim]:
    """Its row among the deployments, rows that are not all ready, and nodes that are not well."""
    for spot in seen.shelf.of(TextFact):
        asked = spot.fact.asked
        for at, text in enumerate(spot.fact.lines[:_MOST_READ]):
            row = text[:_LONGEST]
            if asked.startswith("get deployments"):
                is_told = row.startswith(f"{name} ") or _is_short(row)
            elif asked.startswith("get nodes"):
                is_told = "NotReady" in row or "SchedulingDisabled" in row
            else:
                is_told = asked == "configuration" and bool(_PRESSED.search(row))
            if at + (asked == "configuration") and is_told:
                yield spot.says("contains", line=at)


def _well(seen: Seen, name: str) -> Iterator[StatedClaim]:
    """One pod of it that is well, and one node: what the trouble is not of."""
    for spot in seen.shelf.of(TextFact, lambda fact: fact.asked.startswith(("get pods", "get nodes"))):
        for at, text in enumerate(spot.fact.lines[:_MOST_READ]):
            row, ready = text[:_LONGEST], _READY.search(text[:_LONGEST])
            is_pod = row.startswith(f"{name}-") and " Running " in row and ready is not None and ready[1] == ready[2]
            if at and (is_pod or re.search(r"\sReady\s", row)):
                yield spot.says("contains", line=at)
                break


def _is_short(row: str) -> bool:
    found = _READY.search(row)
    return found is not None and found[1] != found[2]


def _logs(seen: Seen, name: str) -> Iterator[StatedClaim]:
    """Lines of anyone that tell of trouble and name the workload or come from it; then other complaints."""
    logs = seen.shelf.of(LogFact, lambda fact: bool(fact.exemplar) and not fact.user_written)
    ill = [
        spot
        for spot in logs
        if spot.fact.is_error
        or spot.fact.severity.upper().startswith(_LOUD)
        or troubles_of(spot.fact.exemplar)
        or (name and name in spot.fact.exemplar[:_LONGEST])
    ]
    yield from (quoted(spot) for spot in _first(ill, name))


def _first(spots: Iterable[Spot[LogFact]], name: str) -> list[Spot[LogFact]]:
    return sorted(spots, key=lambda spot: not (spot.fact.subject == name or name in spot.fact.exemplar[:_LONGEST]))
