"""How large a change is and how it announces itself: priors that hold where nothing but prose is known."""

import math
import re

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.verdict import Component

BOLD = re.compile(
    r"\b(?:enable|default|switch|use|upgrade|allow|stop|disable|move|replace|convert|instead|refactor|rewrite|speed"
    r"|optimi[sz]e|perf|cache|parallel|async|thread|experimental|attempt|try|temporar|wip)\b",
    re.IGNORECASE,
)
MOST_LINES, MOST_FILES, MOST_MESSAGE, MOST_SUBJECT = 400, 50, 4000, 200


def size(candidate: Candidate) -> float:
    """What a change's size takes from shared words, in logits: many lines share words by chance, many files less so."""
    lines = len(candidate.diff.added) + len(candidate.diff.removed)
    by_lines = weights.SIZE_LINES * math.log1p(min(lines, MOST_LINES))
    return by_lines + weights.SIZE_FILES * math.log1p(min(len(candidate.files), MOST_FILES))


def telling(candidate: Candidate) -> list[Component]:
    """Changes with much to say, and those that announce other behaviour, are the cause more often."""
    subject = candidate.message.partition("\n")[0]
    told = weights.MESSAGE_LENGTH * math.log1p(min(len(candidate.message), MOST_MESSAGE))
    told += weights.SUBJECT_LENGTH * math.log1p(min(len(subject), MOST_SUBJECT))
    found = [Component(name="telling", contribution=told, reason="the longer the message, the larger the change")]
    if BOLD.search(subject):
        reason = "its subject announces other behaviour"
        found.append(Component(name="bold", contribution=weights.BOLD, reason=reason))
    return found
