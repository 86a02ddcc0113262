"""Records by template, with the counts of a source that knows better than its sample."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rootline.analysis.logs.globbing import Glob
from rootline.analysis.logs.mining import mine
from rootline.analysis.logs.records import Record
from rootline.domain.signal import LogPattern


@dataclass(frozen=True, kw_only=True)
class Group:
    """Records of one template of one service in order of time; the counts are the source's own, None without.

    `beside` says that the template was found in a field of the records, not in what they say.
    """

    service: str
    template: str
    records: tuple[Record, ...]
    severity: str = ""
    count: int | None = None
    baseline_count: int | None = None
    beside: bool = False


@dataclass(kw_only=True)
class _Pattern:
    """A pattern of the source and the mined groups that turn out to be its."""

    pattern: LogPattern
    glob: Glob
    groups: list[Group] = field(default_factory=list)


def groups(records: Sequence[Record], patterns: Sequence[LogPattern]) -> list[Group]:
    """Group records by service and template, then join each pattern with the groups that it stands for.

    A group belongs to the most specific pattern of its service that matches it. A pattern without such a group
    may still be found beside the message, in a field of some lines; else it is a group without records.
    Two patterns with the same words are one with the sum of counts.
    """
    theirs = _patterns(patterns)
    alone: list[Group] = []
    for group in _mined(records):
        owner = next((one for one in theirs.get(group.service, ()) if _stands_for(one, group)), None)
        (owner.groups if owner else alone).append(group)
    joined = [_joined(one, records) for of in theirs.values() for one in of]
    return [*joined, *alone]


def _mined(records: Sequence[Record]) -> list[Group]:
    mined = mine([record.head for record in records])
    found: dict[tuple[str, int], list[Record]] = {}
    for record, number in zip(records, mined.template_of, strict=True):
        found.setdefault((record.service, number), []).append(record)
    return [
        Group(
            service=service,
            template=mined.templates[number],
            records=tuple(sorted(of, key=lambda record: (record.at, record.index))),
        )
        for (service, number), of in found.items()
    ]


def _patterns(patterns: Sequence[LogPattern]) -> dict[str, list[_Pattern]]:
    """Patterns by service, the most specific first."""
    by_words: dict[tuple[str, tuple[str, ...]], _Pattern] = {}
    for pattern in patterns:
        glob = Glob.of(pattern.template)
        key = (pattern.service, glob.pieces)
        known = by_words.get(key)
        if known:
            known.pattern = _sum(known.pattern, pattern)
        else:
            by_words[key] = _Pattern(pattern=pattern, glob=glob)
    found: dict[str, list[_Pattern]] = {}
    for one in sorted(by_words.values(), key=lambda one: (-one.glob.weight, one.pattern.template)):
        found.setdefault(one.pattern.service, []).append(one)
    return found


def _sum(left: LogPattern, right: LogPattern) -> LogPattern:
    known = [one.baseline_count for one in (left, right) if one.baseline_count is not None]
    return replace(left, count=left.count + right.count, baseline_count=sum(known) if known else None)


def _stands_for(one: _Pattern, group: Group) -> bool:
    return one.glob.matches(group.records[0].head) or one.glob.matches(group.template)


def _joined(one: _Pattern, everything: Sequence[Record]) -> Group:
    records = [record for group in one.groups for record in group.records]
    beside = [] if records else [record for record in everything if _has_beside(record, one)]
    return Group(
        service=one.pattern.service,
        template=one.pattern.template,
        records=tuple(sorted([*records, *beside], key=lambda record: (record.at, record.index))),
        severity=one.pattern.severity,
        count=one.pattern.count,
        baseline_count=one.pattern.baseline_count,
        beside=bool(beside),
    )


def _has_beside(record: Record, one: _Pattern) -> bool:
    return record.service == one.pattern.service and one.glob.matches(record.raw)
