"""Simple ways to blame a commit for an incident: by chance, the latest deployment, shared words, or nobody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rootline.evals.rivals.bm25 import bm25
from rootline.tapes.recording import Recording

NONE = "none"
_ERRORS = 40

Blame = Callable[[Recording], str]
"""Names the commit at fault, or `none`."""


@dataclass(frozen=True, kw_only=True)
class Tempted:
    """An incident with its culprit (`none` where there is none) and the commits that tempt."""

    recording: Recording
    culprit: str
    decoys: Sequence[str]


def tempted(incidents: Sequence[Tempted]) -> Mapping[str, Mapping[str, float]]:
    """Score every way on the same incidents; decoys are counted, or expected for chance."""
    ways: Mapping[str, Blame] = {"latest deploy": _latest, "BM25": _by_words, "always none": lambda _: NONE}
    return {"random": _by_chance(incidents), **{name: _scored(incidents, way) for name, way in ways.items()}}


def _scored(incidents: Sequence[Tempted], way: Blame) -> Mapping[str, float]:
    blamed = [way(one.recording) for one in incidents]
    pairs = list(zip(blamed, incidents, strict=True))
    right = sum(said == one.culprit for said, one in pairs)
    return {
        "exact": round(right / len(incidents), 4),
        "decoys": float(sum(said in one.decoys for said, one in pairs)),
    }


def _by_chance(incidents: Sequence[Tempted]) -> Mapping[str, float]:
    """Return what blaming any commit or none, each as likely, is expected to score."""
    sizes = [len(_commits(one.recording)) + 1 for one in incidents]
    decoys = sum(len(one.decoys) / size for one, size in zip(incidents, sizes, strict=True))
    return {"exact": round(sum(1 / size for size in sizes) / len(sizes), 4), "decoys": round(decoys, 2)}


def _commits(recording: Recording) -> Sequence[str]:
    return [one.sha for one in recording.changes.commits] if recording.changes else []


def _latest(recording: Recording) -> str:
    """Blame the commit that was deployed last before the alert."""
    fired = recording.alerts[0].fired_at if recording.alerts else recording.question.window.end
    deployed = [one for one in recording.changes.deployments if one.at <= fired] if recording.changes else []
    last = max(deployed, key=lambda one: one.at, default=None)
    shas = _commits(recording)
    return next((sha for sha in shas if last and sha.startswith(last.commit)), last.commit if last else NONE)


def _by_words(recording: Recording) -> str:
    """Blame the commit whose text shares most with the alert and the errors."""
    commits = recording.changes.commits if recording.changes else ()
    errors = [one.text for one in recording.lines or () if one.severity.upper() in {"ERROR", "FATAL", "CRITICAL"}]
    query = " ".join([recording.question.text, *errors[:_ERRORS]])
    scores = bm25(query, ["\n".join((one.message, *one.files, one.diff)) for one in commits])
    best = max(range(len(commits)), key=lambda at: scores[at], default=None)
    return NONE if best is None else commits[best].sha
