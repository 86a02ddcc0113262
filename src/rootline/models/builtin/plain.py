"""Plain questions: not "what is the cause?" but "which pods restart?" or "what was deployed to checkout?"."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from rootline.analysis.metrics.units import words as words_of
from rootline.analysis.metrics.views import View, view_of
from rootline.domain.fact import AbsenceFact, AlertFact, ChangeFact, EdgeFact, LogFact, SeriesFact, TextFact
from rootline.domain.session import Question, ToolCall
from rootline.domain.stated import StatedAnswer, StatedClaim
from rootline.models.builtin.asked import Asked, Topic, asked, is_plain
from rootline.models.builtin.claims import healthy, movements, never_reached
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf, Spot
from rootline.models.builtin.symptoms import complaint, moves, quoted, starts
from rootline.models.builtin.tables import telling_lines

MOST = 8
_LIKE, _ALERTS = 2, 4
_KINDS: tuple[tuple[str, str], ...] = (
    ("restart", "pods"),
    ("crash", "pods"),
    ("pending", "pods"),
    ("replica", "deployments"),
    ("pvc", "persistentvolumeclaims"),
    ("container", "pods"),
    *((kind.rstrip("s"), kind) for kind in ("pods", "nodes", "deployments", "events", "namespaces")),
)
_TOOLS: Mapping[Topic, str] = {
    "callers": "get_topology",
    "callees": "get_topology",
    "changes": "diff_commits",
    "alerts": "get_alerts",
    "cluster": "get_cluster_state",
    "slowness": "query_metrics",
    "traffic": "query_metrics",
    "resources": "query_metrics",
    "errors": "search_logs",
}


def plain_calls(question: Question, shelf: Shelf) -> tuple[ToolCall, ...]:
    """Ask the cluster for the kind of object that the question is about."""
    if not is_plain(question):
        return ()
    seen = Seen(shelf)
    read = asked(question, (*seen.names, *seen.objects), seen.places.clusters)
    kind = _kind(read)
    known = any(one.arguments.get("kind") == kind for one in shelf.evidence.values())
    if read.topic != "cluster" or not kind or known:
        return ()
    return (ToolCall(id="plain-1", tool="get_cluster_state", arguments={"verb": "get", "kind": kind}),)


def _kind(read: Asked) -> str:
    """The plural kind of object that the question is about; empty where it names none."""
    return next((kind for start, kind in _KINDS if any(word.startswith(start) for word in read.words)), "")


def plain_answer(question: Question, shelf: Shelf) -> StatedAnswer | None:
    """Answer with the facts that were asked for and no others; None when it is no plain question."""
    if not is_plain(question):
        return None
    seen = Seen(shelf)
    read = asked(question, (*seen.names, *seen.objects), seen.places.clusters)
    claims = list(dict.fromkeys(_ANSWERS[read.topic](read, seen)))
    return StatedAnswer(claims=tuple((claims or _absences(read, seen))[:MOST]))


def _absences(read: Asked, seen: Seen) -> list[StatedClaim]:
    """Say that there is nothing, where the tool that would know was answered so."""
    tool = _TOOLS.get(read.topic)
    found = seen.shelf.of(AbsenceFact)
    return [
        spot.says("absent")
        for spot in found
        if seen.shelf.evidence[spot.evidence].tool == tool
        and seen.shelf.evidence[spot.evidence].reading.source.backend != "none"
    ][:1]


def _callers(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    edges = seen.shelf.of(EdgeFact, lambda fact: bool(read.names) and fact.callee in read.names)
    return (spot.says("depends_on") for spot in edges)


def _callees(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    edges = seen.shelf.of(EdgeFact, lambda fact: bool(read.names) and fact.subject in read.names)
    return (spot.says("depends_on") for spot in edges)


def _changes(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    kinds = _kinds(read)
    made = seen.shelf.of(
        ChangeFact, lambda fact: fact.at is not None and fact.change in kinds and read.is_about(fact.subject)
    )
    for spot in sorted(made, key=lambda spot: (str(spot.fact.at), spot.fact.label), reverse=True):
        if spot.fact.at and spot.fact.at < seen.shelf.evidence[spot.evidence].window.end:
            yield spot.says("changed")


def _kinds(read: Asked) -> frozenset[str]:
    if read.words & {"flag", "flags", "switched", "flipped"}:
        return frozenset({"flag"})
    if read.words & {"config", "configs", "configuration"}:
        return frozenset({"config"})
    is_of_all = read.words & {"change", "changes", "changed"}
    return frozenset({"commit", "deployment", "flag", "config"} if is_of_all else {"commit", "deployment"})


def _alerts(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    fired = seen.shelf.of(AlertFact, lambda fact: read.is_about(fact.subject))
    for spot in sorted(fired, key=lambda spot: spot.fact.fired_at):
        yield spot.says("started")


def _beginning(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    series = seen.shelf.of(SeriesFact, lambda fact: fact.onset is not None and read.is_about(fact.service))
    strong = sorted(series, key=lambda spot: (-spot.fact.score, spot.fact.subject))
    first = complaint(seen.shelf)
    named = [first] if first is not None and read.is_about(first.fact.service) else []
    yield from starts([*named, *strong])[:1]
    alerts = seen.shelf.of(AlertFact, lambda fact: read.is_about(fact.subject))
    yield from (spot.says("started") for spot in alerts[:1])


def _health(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    """How each service that was named is; where none was, what is wrong, or else that all of them are well."""
    wrong = [] if read.names else list(_trouble_of_all(seen))
    yield from wrong
    for name in read.names or (() if wrong else seen.names):
        own = seen.shelf.of(AlertFact, lambda fact, name=name: fact.subject == name)  # type: ignore[misc]
        moved = list(movements(seen, name))[:2]
        trouble = [*(spot.says("started") for spot in own[:1]), *never_reached(seen, name)[:1], *moved]
        logs = [quoted(spot) for spot in seen.errors if spot.fact.subject == name][:1]
        yield from (*trouble, *logs) if trouble or logs else healthy(seen, name)


def _trouble_of_all(seen: Seen) -> Iterator[StatedClaim]:
    """The alerts that fire, and the strongest number of each service that is worth blaming."""
    firing = seen.shelf.of(AlertFact, lambda fact: fact.resolved_at is None and fact.severity != "info")
    yield from (spot.says("started") for spot in sorted(firing, key=lambda spot: spot.fact.fired_at)[: _LIKE * 2])
    yield from never_reached(seen)[: _LIKE * 2]
    for one in seen.suspects:
        if not seen.was_over(one.service):
            yield from list(movements(seen, one.service))[:1]


def _series(*views: View) -> Callable[[Asked, Seen], Iterator[StatedClaim]]:
    def answer(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
        found = seen.shelf.of(SeriesFact, lambda fact: view_of(fact.metric) in views and read.is_about(fact.service))
        exact = [spot for spot in found if _says_word(spot.fact, read)]
        for spot in exact or found:
            yield from _level(spot, only_moves=not read.names)

    return answer


def _says_word(fact: SeriesFact, read: Asked) -> bool:
    """Whether the question holds a percentile or a resource that the series is of."""
    return bool(
        {*words_of(fact.metric), *fact.labels.values()} & (read.words - {"requests", "request", "rate", "time"})
    )


def _level(spot: Spot[SeriesFact], *, only_moves: bool) -> Iterator[StatedClaim]:
    """How a series moved; of a service that was named, also where it stands."""
    if shown := moves([spot]):
        yield from shown
    elif not only_moves and spot.fact.current is not None:
        yield spot.says("equals", field="current")


def _errors(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    errors = seen.shelf.of(LogFact, lambda fact: fact.is_error and read.is_about(fact.subject))
    for spot in sorted(errors, key=lambda spot: (-spot.fact.novelty, -spot.fact.count, spot.fact.template)):
        yield quoted(spot)
    yield from _series("errors")(read, seen)


def _cluster(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    """Quote the lines that answer out of the first table of the kind asked for."""
    kind = _kind(read)
    for spot in seen.shelf.of(TextFact, lambda fact: fact.asked.split()[:2] == ["get", kind]):
        lines = telling_lines(spot.fact.lines, read.words, read.names)
        yield from (spot.says("contains", line=line) for line in lines)
        if lines and not seen.places.clusters:
            return


def _anything(read: Asked, seen: Seen) -> Iterator[StatedClaim]:
    """The series and lines that share most words with the question; one word in common is no answer."""
    series = [(len(read.words & set(words_of(spot.fact.subject))), spot) for spot in seen.shelf.of(SeriesFact)]
    best = max((count for count, _ in series), default=0)
    if best >= _LIKE:
        yield from _all(_level(spot, only_moves=False) for count, spot in series if count == best)


def _all(groups: Iterable[Iterable[StatedClaim]]) -> Iterator[StatedClaim]:
    for group in groups:
        yield from group


_ANSWERS: Mapping[Topic, Callable[[Asked, Seen], Iterator[StatedClaim]]] = {
    "callers": _callers,
    "callees": _callees,
    "changes": _changes,
    "alerts": _alerts,
    "beginning": _beginning,
    "health": _health,
    "cluster": _cluster,
    "slowness": _series("duration"),
    "traffic": _series("rate"),
    "errors": _errors,
    "resources": _series("utilisation", "saturation"),
    "anything": _anything,
}
