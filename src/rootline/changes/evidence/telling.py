"""What words, size and announcement say of a change where nothing but prose is known."""

import math
import re

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.verdict import Component
from rootline.changes.words.wording import Wording

BOLD = re.compile(
    r"\b(?:enable|default|switch|use|upgrade|allow|stop|disable|move|replace|convert|instead|refactor|rewrite|speed"
    r"|optimi[sz]e|perf|cache|parallel|async|thread|experimental|attempt|try|temporar|wip)\b",
    re.IGNORECASE,
)
SHARED = frozenset({"wording", "spelling", "coverage", "phrases"})
"""The components that rest on shared words."""
MOST_LINES, MOST_FILES, MOST_MESSAGE, MOST_SUBJECT = 400, 50, 4000, 200


def size(candidate: Candidate) -> float:
    """What a change's size takes from shared words, in logits: many lines share words by chance, many files less so."""
    lines = len(candidate.diff.added) + len(candidate.diff.removed)
    by_lines = weights.SIZE_LINES * math.log1p(min(lines, MOST_LINES))
    return by_lines + weights.SIZE_FILES * math.log1p(min(len(candidate.files), MOST_FILES))


def told(wording: Wording, candidate: Candidate) -> list[Component]:
    """What speaks for a change where no service and no metric is known: its words, and how it announces itself."""
    return [*_words(wording, candidate), *_announced(candidate)]


def shared(wording: Wording) -> str:
    """Which words a change shares with the symptom, the most telling first."""
    if not wording.terms:
        return "it shares no word with the symptom"
    return f"it shares words with the symptom: {', '.join(wording.terms)}"


def _words(wording: Wording, candidate: Candidate) -> list[Component]:
    total = weights.TOLD * wording.score + size(candidate)
    found = [Component(name="wording", contribution=total, reason=shared(wording))]
    if wording.spelling:
        reason = "groups of letters in its words are those of the symptom's words"
        found.append(Component(name="spelling", contribution=weights.SPELLING * wording.spelling, reason=reason))
    if wording.covers:
        reason = f"it speaks of {wording.covers:.0%} of what any change here speaks of the symptom"
        found.append(Component(name="coverage", contribution=weights.COVERS * wording.covers, reason=reason))
    if wording.phrases:
        reason = f"words stand side by side in both: {', '.join(wording.together)}"
        found.append(Component(name="phrases", contribution=weights.PHRASES * wording.phrases, reason=reason))
    return found


def _announced(candidate: Candidate) -> list[Component]:
    """Changes with much to say, and those that announce other behaviour, are the cause more often."""
    subject = candidate.message.partition("\n")[0]
    much = weights.MESSAGE_LENGTH * math.log1p(min(len(candidate.message), MOST_MESSAGE))
    much += weights.SUBJECT_LENGTH * math.log1p(min(len(subject), MOST_SUBJECT))
    found = [Component(name="telling", contribution=much, reason="the longer the message, the larger the change")]
    if BOLD.search(subject):
        reason = "its subject announces other behaviour"
        found.append(Component(name="bold", contribution=weights.BOLD, reason=reason))
    return found
