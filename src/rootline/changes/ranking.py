"""Ranks the changes of a window by how well each explains a symptom."""

import math

from rootline.changes.candidate import Candidate, candidates
from rootline.changes.diffs.net import MAX_LINES
from rootline.changes.evidence.order_in_time import let_run, relevant_effect
from rootline.changes.judging import Case, Judged, look, outline, with_lines
from rootline.changes.outside.none import none_confidence, none_reasons
from rootline.changes.paths.layout import homes
from rootline.changes.remedy import remedy_for
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import ChangeRanking, RankedChange
from rootline.changes.words.wording import wordings
from rootline.domain.change import ChangeSet
from rootline.domain.window import Window

QUOTED = 10
EVEN = 0.5
LOOKED_AT = 50_000


def rank(symptom: Symptom, changes: ChangeSet, window: Window) -> ChangeRanking:
    """Rank every commit, flag and configuration change by how well it explains the symptom.

    Changes that took effect only after the window's end are left out. The probabilities and
    `none_confidence` sum to 1. Lines are quoted for the wording of the first ten.
    """
    services = (symptom.service, *symptom.services, *(one.service for one in changes.deployments))
    known = tuple(dict.fromkeys(one for one in services if one))
    owners = (*known, *homes((path for one in changes.commits for path in one.files[:50]), known))
    suspects = tuple(one for one in candidates(changes, owners) if _within(one, window))
    case = Case.of(symptom, suspects, frozenset(owners), deployed=changes.deployments, owners=changes.owners)
    words = wordings(symptom.texts, suspects, known)
    judged = _judged([outline(one, word, case) for one, word in zip(suspects, words, strict=True)], case)
    reasons, remedy = none_reasons(symptom, changes)
    confidence = none_confidence(judged, reasons, from_telemetry=case.from_telemetry)
    ranked = _ranked(judged, symptom, 1.0 - confidence)
    first = ranked[0].remedy if ranked and confidence < EVEN else remedy
    return ChangeRanking(ranked=ranked, none_confidence=confidence, none_reasons=reasons, remedy=first)


def _judged(outlined: list[Judged], case: Case) -> list[Judged]:
    """Look into diffs, the likeliest first, until 50,000 characters are read; best first."""
    left = LOOKED_AT
    judged: list[Judged] = []
    for one in sorted(outlined, key=_by_score):
        size = one.candidate.diff.changed_chars
        judged.append(look(one, case) if left > 0 else one)
        left -= min(size, 2 * MAX_LINES * 40)
    return sorted(judged, key=_by_score)


def _by_score(judged: Judged) -> tuple[float, str]:
    return (-judged.score, judged.candidate.label)


def _within(candidate: Candidate, window: Window) -> bool:
    return not candidate.effects or any(one.at < window.end for one in candidate.effects)


def _ranked(judged: list[Judged], symptom: Symptom, mass: float) -> tuple[RankedChange, ...]:
    best = max((one.score for one in judged), default=0.0)
    odds = [math.exp(one.score - best) for one in judged]
    total = sum(odds) or 1.0
    return tuple(
        _entry(one, symptom, mass * odd / total, place)
        for place, (one, odd) in enumerate(zip(judged, odds, strict=True))
    )


def _entry(judged: Judged, symptom: Symptom, probability: float, place: int) -> RankedChange:
    candidate = judged.candidate
    effect = relevant_effect(candidate, symptom)
    return RankedChange(
        label=candidate.label,
        kind=candidate.kind,
        service=effect.service if effect else "",
        took_effect_at=effect.at if effect else None,
        score=judged.score,
        probability=probability,
        components=with_lines(judged) if place < QUOTED else judged.components,
        remedy=remedy_for(candidate, judged.matches, switched=bool(let_run(candidate, symptom))),
        families=tuple(dict.fromkeys(match.family for match in judged.matches)),
    )
