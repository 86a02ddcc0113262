"""An immutable stored tool result, and the envelope in which a tool answers."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from rootline.domain.fact import AnyFact, SeriesFact
from rootline.domain.points import Points, spliced
from rootline.domain.untrusted import Untrusted
from rootline.domain.window import Window

Status = Literal["ok", "no_data", "partial", "timeout", "error"]
JsonObject = dict[str, JsonValue]


class SourceName(BaseModel):
    """Which backend answered, and for which cluster; `url` is where a person sees the same, and is no evidence."""

    model_config = ConfigDict(frozen=True)

    backend: str
    cluster: str = ""
    url: str | None = None


class Truncated(BaseModel):
    """How much of the whole was returned; `cursor` opens the next page."""

    model_config = ConfigDict(frozen=True)

    returned: int
    total: int
    cursor: str | None = None


class ClusterOutcome(BaseModel):
    """What asking one cluster of several came to: `asked` is the kind of source, `detail` why it is not all."""

    model_config = ConfigDict(frozen=True)

    cluster: str
    asked: str
    status: Status
    detail: Untrusted = ""

    @property
    def noun(self) -> str:
        """What people call this kind of source."""
        return "Kubernetes" if self.asked == "cluster" else self.asked


class Reading(BaseModel):
    """What a tool has read, before it is entered in the ledger and gets a label.

    `summary` is the short text a model or a person is shown first; it may quote untrusted text. `clusters` says of each
    cluster what came back, where several were asked.
    """

    model_config = ConfigDict(frozen=True)

    status: Status
    summary: Untrusted
    facts: tuple[AnyFact, ...] = ()
    hints: tuple[str, ...] = ()
    source: SourceName
    window: Window
    truncated: Truncated | None = None
    clusters: tuple[ClusterOutcome, ...] = ()


class Evidence(BaseModel):
    """A reading with its label (`E7`, unique inside its investigation), arguments, hash and time.

    `sha256` is over the canonical JSON of tool, arguments, source, window, status and facts, so that the same
    question to the same recording has the same hash whenever it is asked. Samples stand in it as `Points.text`.
    """

    model_config = ConfigDict(frozen=True)

    label: str = Field(pattern=r"^E[1-9][0-9]*$")
    tool: str
    arguments: JsonObject
    reading: Reading
    sha256: str
    taken_at: AwareDatetime
    author: str = ""

    @property
    def window(self) -> Window:
        """The window the evidence speaks of."""
        return self.reading.window


def clusters_of(evidence: Iterable[Evidence]) -> frozenset[str]:
    """Return the clusters that were asked together; none where there was but one, which no name tells then."""
    return frozenset(told.cluster for one in evidence for told in one.reading.clusters if told.cluster)


def canonical(value: JsonValue) -> str:
    """Render JSON in its one canonical form: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(tool: str, arguments: JsonObject, reading: Reading) -> str:
    """Hash what was asked and what came back.

    Times of asking are left out, and so are the words of why a cluster gave less than all: they tell of ports and
    moments, and whoever asks again reads others of the same failure.
    """
    return _fingerprint(tool, arguments, reading, [one.text for one in _samples(reading)], exclude={"detail"})


def is_intact(evidence: Evidence) -> bool:
    """Whether evidence is what was hashed, also as it was hashed formerly: samples as pairs, and with those words.

    What has no canonical form (not a number, broken text) is not.
    """
    asked = evidence.tool, evidence.arguments, evidence.reading
    try:
        if fingerprint(*asked) == evidence.sha256:
            return True
        pairs = [one.as_pairs for one in _samples(evidence.reading)]
        words: tuple[set[str], ...] = ({"detail"}, set())
        return any(_fingerprint(*asked, pairs, exclude=one) == evidence.sha256 for one in words)
    except (ValueError, OverflowError):
        return False


def _samples(reading: Reading) -> list[Points]:
    return [fact.points for fact in reading.facts if isinstance(fact, SeriesFact)]


def _fingerprint(
    tool: str, arguments: JsonObject, reading: Reading, samples: Sequence[str], *, exclude: set[str]
) -> str:
    content: JsonObject = {
        "tool": tool,
        "arguments": arguments,
        "source": reading.source.model_dump(mode="json", exclude={"url"}),
        "window": reading.window.model_dump(mode="json"),
        "status": reading.status,
        "facts": [_plain(fact) for fact in reading.facts],
    }
    if reading.clusters:
        content["clusters"] = [one.model_dump(mode="json", exclude=exclude) for one in reading.clusters]
    text = spliced(canonical(content), samples)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(fact: AnyFact) -> JsonObject:
    """Render a fact as JSON, with a hole for the samples of a series, which are written once for hash and store."""
    if not isinstance(fact, SeriesFact):
        return fact.model_dump(mode="json")
    return {**fact.model_dump(mode="json", exclude={"points"}), "points": None}
