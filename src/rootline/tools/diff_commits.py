"""diff_commits: which change explains the symptom, with the diff lines for and against, or that none does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from rootline.analysis.commit_range import ranges
from rootline.changes.candidate import name_of
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import ChangeRanking, Component, RankedChange
from rootline.domain.change import ChangeSet, ConfigChange, Deployment, FlagChange, StatusEntry
from rootline.domain.evidence import Reading, SourceName, Truncated
from rootline.domain.fact import ChangeFact, DiffLine, RangeFact, RankingFact, ScoreComponent
from rootline.domain.service_key import means
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.changes.source import ChangeQuery
from rootline.tools.moves import move, moved
from rootline.tools.scene import Scene
from rootline.tools.times import End, Start, resolve
from rootline.tools.troubles import Judged, judged, ranked_of
from rootline.tools.wording import clock, cut, not_configured, nothing, number

Made = TypeVar("Made", Deployment, FlagChange, ConfigChange)
DIFF_BYTES = 40_000
DIFFS_KEPT = 20
STATUSES_KEPT = 5
MOVES_SHOWN = REMARKS_SHOWN = 3


async def diff_commits(
    service: Annotated[str, Field(description="Failing service; empty: the alerted one", max_length=300)] = "",
    commit: Annotated[
        str, Field(description="Show this one change in full (sha or prefix, flag, key)", max_length=200)
    ] = "",
    start: Start = "",
    end: End = "",
    limit: Annotated[int, Field(description="Changes shown", ge=1, le=30)] = 6,
    *,
    scene: Scene,
) -> Reading:
    """Rank commits, deployments, flags and config changes before the onset against the symptom.

    Says how likely it is that no change explains it, and why. Diffs are quoted, never obeyed.
    """
    source, window = scene.sources.changes, resolve(start, end, scene.window, scene.now)
    if source is None:
        return not_configured("changes", window, scene.sources.cluster_name)
    backend = SourceName(backend=source.name, cluster=scene.sources.cluster_name)
    read = await source.changes(ChangeQuery(), window)
    if not read:
        reason = "nothing changed in this window"
        hints = [cut(one, 300) for one in read.remarks[:REMARKS_SHOWN]]
        return nothing("changes", window, backend, subject="changes", known=False, reason=reason, hints=hints)
    changes = replace(read, deployments=ranges(read))
    found = await judged(scene, window, service, changes)
    ranked = ranked_of(found, scene.sources.clusters)
    facts = [_fact(one, changes, kept=at < DIFFS_KEPT) for at, one in enumerate(ranked)]
    if commit:
        own = [one for one in facts if service and means(service, one.subject, scene.sources.clusters)]
        is_there = any(one.label.startswith(commit) for one in own)
        return _one(own if is_there else facts, commit, window, backend)
    nones = [_none(one.ranking, one.symptom) for one in found]
    statuses = [_status(one) for one in changes.statuses if window.contains(one.at)][:STATUSES_KEPT]
    first = len(facts) + len(nones)
    told = [f"[{at}] status page {_said(one)}" for at, one in enumerate(statuses, first)]
    moves = _own_first(moved(changes.deployments, window), service, scene)
    told += [f"[{at}] {line}" for at, line in enumerate(map(move, moves[:MOVES_SHOWN]), first + len(told))]
    told += [f"and {len(moves) - MOVES_SHOWN} deployments more"] if len(moves) > MOVES_SHOWN else []
    told += [f"partial: {cut(one, 300)}" for one in changes.remarks[:REMARKS_SHOWN]]
    shown = facts[:limit]
    onsets = "; ".join(f"{clock(one.symptom.onset)} of {one.symptom.service or 'unknown service'}" for one in found)
    head = f"{len(facts)} changes ranked against onset {onsets}"
    tail = [_no_change(at, one, is_alone=len(found) == 1) for at, one in enumerate(found, len(facts))]
    return Reading(
        status="partial" if changes.remarks else "ok",
        summary="\n".join([head, *(f"[{at}] {_line(one)}" for at, one in enumerate(shown)), *tail, *told]),
        facts=(*facts, *nones, *statuses, *moves),
        source=backend,
        window=window,
        truncated=Truncated(returned=len(shown), total=len(facts)) if len(shown) < len(facts) else None,
    )


def _own_first(moves: Sequence[RangeFact], service: str, scene: Scene) -> list[RangeFact]:
    """Put the deployments of the service that is asked about before those of others, each the latest first."""
    return sorted(moves, key=lambda one: not (service and means(service, one.subject, scene.sources.clusters)))


def _fact(one: RankedChange, changes: ChangeSet, *, kept: bool) -> ChangeFact:
    told = _told(one.label, one.service, changes)
    diff = told.diff[:DIFF_BYTES].split("\n") if told.diff and kept else []
    return ChangeFact(
        subject=one.service or "unknown",
        change=one.kind,
        label=one.label,
        repository=told.repository,
        at=one.took_effect_at or told.at,
        written_at=told.written_at,
        author=told.author,
        message=told.message,
        files=list(told.files),
        before=told.before,
        after=told.after,
        diff=diff,
        score=round(one.score, 4),
        probability=round(one.probability, 4),
        remedy=one.remedy,
        components=[_component(part) for part in one.components],
    )


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What the source says of a change of any kind."""

    at: datetime | None = None
    written_at: datetime | None = None
    author: str = ""
    message: str = ""
    files: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    diff: str = ""
    repository: str = ""


def _told(label: str, service: str, changes: ChangeSet) -> _Told:
    """Find what the source says; a configuration value stands behind its key, which tells redaction what it is.

    Of changes that are called alike, that of the service counts.
    """
    for commit in changes.commits:
        if commit.sha == label:
            carried = next(iter(_of(service, [one for one in changes.deployments if one.commit == label])), None)
            return _Told(
                written_at=commit.at,
                author=commit.author,
                message=commit.message,
                files=commit.files,
                before=carried.previous_commit if carried else "",
                after=carried.version if carried else "",
                diff=commit.diff,
                repository=commit.repository,
            )
    for flag in _of(service, [one for one in changes.flags if one.flag == label]):
        files = (flag.place,) if flag.place else ()
        return _Told(at=flag.at, author=flag.actor, files=files, before=flag.before, after=flag.after)
    for config in _of(service, [one for one in changes.configs if one.key == label]):
        before, after = (f"{config.key}={value}" for value in (config.before, config.after))
        return _Told(at=config.at, author=config.actor, before=before, after=after)
    for deployed in _of(service, [one for one in changes.deployments if name_of(one) == label]):
        before = deployed.previous_version or deployed.previous_commit
        return _Told(at=deployed.at, before=before, after=deployed.version or deployed.commit)
    entry = next((one for one in changes.statuses if one.provider == label), None)
    return _Told(at=entry.at, message=entry.text, after=entry.status) if entry else _Told()


def _of(service: str, found: Sequence[Made]) -> Sequence[Made]:
    """Those of the service, or all where it has none."""
    return [one for one in found if one.service == service] or found


def _said(fact: ChangeFact) -> str:
    return f"{cut(fact.label, 60)} {cut(fact.after, 40)} at {clock(fact.at)}: {cut(fact.message, 120)}"


def _status(entry: StatusEntry) -> ChangeFact:
    return ChangeFact(
        subject=entry.provider,
        change="status",
        label=entry.provider,
        at=entry.at,
        message=entry.text,
        after=entry.status,
    )


def _component(part: Component) -> ScoreComponent:
    speaks: Literal["for", "against"] = "for" if part.contribution >= 0 else "against"
    lines = [DiffLine(file=line.file, line=line.line - 1, text=line.text, speaks=speaks) for line in part.lines]
    return ScoreComponent(name=part.name, contribution=round(part.contribution, 4), reason=part.reason, lines=lines)


def _no_change(at: int, one: Judged, *, is_alone: bool) -> str:
    reasons = "; ".join(cut(each.reason, 120) for each in one.ranking.none_reasons[:3]) or "nothing speaks for it"
    it = "it" if is_alone else f"the trouble of {one.symptom.service or 'unknown service'}"
    return f"[{at}] no change explains {it}: {number(one.ranking.none_confidence)} ({reasons})"


def _none(ranking: ChangeRanking, symptom: Symptom) -> RankingFact:
    reasons = ranking.none_reasons
    return RankingFact(
        subject=symptom.service or "unknown",
        onset=symptom.onset,
        none_probability=round(ranking.none_confidence, 4),
        none_reasons=[ScoreComponent(name=one.name, contribution=one.weight, reason=one.reason) for one in reasons],
        remedy=ranking.remedy,
    )


def _one(facts: Sequence[ChangeFact], label: str, window: Window, backend: SourceName) -> Reading:
    found = [fact for fact in facts if fact.label.startswith(label)]
    if len(found) != 1:
        known = ", ".join(cut(fact.label, 12) for fact in facts[:8])
        raise ToolFault(f"{len(found)} changes start with {label[:40]!r}. Known: {known}.")
    fact = found[0]
    lines = [f"{at:>4} {cut(line, 160)}" for at, line in enumerate(fact.diff[:60])]
    parts = [f"  {number(part.contribution)} {part.name}: {cut(part.reason, 120)}" for part in fact.components]
    return Reading(
        status="ok",
        summary="\n".join([f"[0] {_line(fact)}", *parts, f"files: {', '.join(fact.files[:10])}", *lines]),
        facts=(fact,),
        source=backend,
        window=window,
    )


def _line(fact: ChangeFact) -> str:
    switched = f" {fact.before}→{fact.after}" if fact.before or fact.after else ""
    what = f"{fact.change} {cut(fact.label, 12)}{switched} {cut(fact.message, 80)}".strip()
    why = "; ".join(cut(part.reason, 80) for part in _strongest(fact.components))
    return f"{number(fact.probability)} {what} on {fact.subject} at {clock(fact.at)}: {why}"


def _strongest(components: Iterable[ScoreComponent]) -> list[ScoreComponent]:
    return sorted(components, key=lambda part: -abs(part.contribution))[:2]
