"""What a plain question is about: which services it names, and which kind of fact would answer it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rootline.domain.service_key import ServiceKey
from rootline.domain.session import Question

Topic = Literal[
    "callers",
    "callees",
    "changes",
    "alerts",
    "beginning",
    "health",
    "cluster",
    "slowness",
    "traffic",
    "errors",
    "resources",
    "anything",
]

LONGEST = 400
_PLAIN = re.compile(
    r"(?i)^\W*(which|what|how (many|much|high|often|slow|fast|long)|list|show|when|who|is|are|does|do|did|has|have)\b"
)
_CAUSE = re.compile(
    r"(?i)\b(why|caus(e[sd]?|ing)|roots?|reason|wrong|broke|broken|blame|explain|fix|culprit|fault)\b|happen(ed|ing)"
)
_CALLS = r"(calls?|uses?|depends? on|talks? to|dependents? of|callers? of|upstream of|consumers? of|needs?)"

# The first row whose words the question holds decides, so the narrower come first.
_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("callees", r"\b(downstream|dependenc(y|ies) of)\b"),
    ("callers", rf"\b{_CALLS}\b"),
    ("alerts", r"\b(alerts?|alarms?|paged?|pages|firing|fired|monitors?)\b"),
    (
        "changes",
        (
            r"\b(deploy(s|ed|ment|ments)?|releas(e|es|ed)|roll(ed)? ?outs?|rolled|commits?|chang(e|es|ed)|flags?"
            r"|config(s|uration)?|merged|shipped|switched|flipped)\b"
        ),
    ),
    ("beginning", r"\bwhen\b.{0,80}\b(start|began|begin|first|since|rise|rose|spike|fail|go)|\bsince when\b"),
    (
        "cluster",
        r"\b(pods?|nodes?|restart(s|ed|ing)?|replicas?|namespaces?|pvcs?|events?|containers?|crash\w*|pending)\b",
    ),
    ("health", r"\b(healthy|unhealthy|health|ok|okay|fine|all ?right|in order|work(s|ing)|degraded|up|down)\b"),
    ("slowness", r"\b(slow(er|est)?|latenc(y|ies)|p50|p9\d|p99\d?|response times?|durations?|how (long|fast))\b"),
    ("traffic", r"\b(requests?|traffic|rps|qps|throughput|load|calls per|volume)\b"),
    ("errors", r"\b(errors?|fail(s|ed|ing|ures?)?|exceptions?|5xx|4xx|log(s|ged)?|messages?)\b"),
    (
        "resources",
        r"\b(cpu|memory|mem|heap|disk|connections?|pools?|queues?|lag|threads?|goroutines?|network|saturat\w*)\b",
    ),
)
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A plain question: its topic, the services it names (none: all), and its words in lower case."""

    topic: Topic
    names: tuple[str, ...]
    words: frozenset[str]

    def is_about(self, service: str) -> bool:
        """Whether the question names the service, or none at all."""
        return not self.names or service in self.names


def is_plain(question: Question) -> bool:
    """Whether the question asks for facts rather than for a cause."""
    text = question.text[:LONGEST]
    return question.trigger == "question" and bool(_PLAIN.search(text)) and not _CAUSE.search(text)


def asked(question: Question, known: Iterable[str], clusters: frozenset[str] = frozenset()) -> Asked:
    """Read a plain question against the names that are known; of several `clusters` it may name one."""
    text = question.text[:LONGEST]
    spoken = " ".join(text.lower().split())
    topic: Topic = next((one for one, words in _TOPICS if re.search(words, text, re.IGNORECASE)), "anything")
    names = _placed(spoken, known, clusters) if clusters else _named(spoken, known)
    if topic == "callers" and _is_before(names, spoken):
        topic = "callees"
    return Asked(topic=topic, names=names, words=frozenset(_WORD.findall(spoken)))


def _is_before(names: Iterable[str], spoken: str) -> bool:
    """Whether a name stands before the verb: "whom does cart call?" asks for callees, "who calls cart?" for callers."""
    verb = re.search(rf"\b{_CALLS}\b", spoken)
    return verb is not None and any(0 <= spoken.find(name.lower()) < verb.start() for name in names)


def _placed(spoken: str, known: Iterable[str], clusters: frozenset[str]) -> tuple[str, ...]:
    """The known names that the text holds with their cluster, else without one: in each, or in those it names."""
    every = [name for name in known if name]
    whole = _named(spoken, every)
    if whole:
        return whole
    inside = {name: ServiceKey.of(name, clusters) for name in every}
    bare = set(_named(spoken, {one.name for one in inside.values()}))
    said = set(_named(spoken, clusters)) or {"", *clusters}
    return tuple(sorted(name for name, one in inside.items() if one.name in bare and one.cluster in said))


def _named(spoken: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that the text holds, the longest first; one inside a longer one does not count."""
    left, found = spoken, []
    for name in sorted({name for name in known if name}, key=lambda one: (-len(one), one)):
        pattern = rf"(?<![a-z0-9-]){re.escape(name.lower())}(?![a-z0-9-])"
        if re.search(pattern, left):
            found.append(name)
            left = re.sub(pattern, " ", left)
    return tuple(found)
