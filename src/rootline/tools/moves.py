"""What deployments brought or took back, as facts and as short lines."""

from collections.abc import Sequence

from rootline.analysis.commit_range import SHORTEST
from rootline.domain.change import CommitRange, Deployment
from rootline.domain.fact import RangeFact
from rootline.domain.window import Window
from rootline.tools.wording import clock, cut

MOST = 20
LISTED = 50
_SHOWN = 3
_WORDS = {
    "first": "is the first known deployment",
    "forward": "brings",
    "rollback": "takes back",
    "rewritten": "leaves the former history and brings",
    "same": "runs the same revision again",
    "unknown": "of unknown range",
}


def moved(deployments: Sequence[Deployment], window: Window) -> list[RangeFact]:
    """The ranges of the window's deployments, the latest first; those of the last one before it when there are none."""
    known = [one for one in deployments if one.moved is not None and one.commit and one.at < window.end]
    inside = [one for one in known if window.contains(one.at)] or known[-1:]
    return [_fact(one, one.moved) for one in reversed(inside[-MOST:]) if one.moved is not None]


def _fact(one: Deployment, range_: CommitRange) -> RangeFact:
    return RangeFact(
        subject=one.service or "unknown",
        at=one.at,
        before=one.previous_commit,
        after=one.commit,
        version=one.version,
        relation=range_.relation,
        came=list(range_.came[-LISTED:]),
        left=list(range_.left[-LISTED:]),
        is_whole=range_.is_whole and max(len(range_.came), len(range_.left)) <= LISTED,
        why=range_.why,
    )


def move(fact: RangeFact) -> str:
    """A deployment on one line: from what to what, how many commits, and what is uncertain."""
    span = f"{fact.before[:SHORTEST] or '?'}→{fact.after[:SHORTEST] or '?'}"
    counts = _counted(fact.left if fact.relation == "rollback" else fact.came)
    more = f", {cut(fact.why, 140)}" if fact.why else ""
    words = _WORDS[fact.relation]
    what = words if fact.relation in {"same", "unknown"} else f"{words} {counts}".replace("deployment ", "deployment, ")
    return f"deployed {cut(fact.subject, 60)} {span} at {clock(fact.at)}: {what}{more}"


def _counted(commits: Sequence[str]) -> str:
    named = ", ".join(one[:SHORTEST] for one in commits[-_SHOWN:])
    noun = "commit" if len(commits) == 1 else "commits"
    return f"{len(commits)} {noun} ({named})" if commits else "no commit that is known"
