"""Spans that were sent to us as of a cluster that nobody knows: no question reads them, and each says so."""

import re
from collections import Counter
from collections.abc import Sequence

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.fleet import CLUSTER_NAME
from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.intake.homes import Homes
from rootline.intake.traces import TraceInbox
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.traces.otlp import CLUSTER
from rootline.sources.traces.source import TraceSource

NAMED = 4
"""Source: ours; clusters that one sentence lists."""
LONGEST_NAME = 63
_NAME = re.compile(CLUSTER_NAME)


class TellingOfStrays:
    """Traces that say of spans which were sent to us that they are read in no cluster."""

    def __init__(self, source: TraceSource, inbox: TraceInbox, homes: Homes) -> None:
        self.name = source.name
        self._source, self._inbox, self._homes = source, inbox, homes

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window, and tell of those that are left out, whichever service is asked about."""
        left_out = strays(await self._inbox.spans("", window), self._homes)
        if left_out:
            detail = said_of(left_out)[:LONGEST_DETAIL]
            tell([ClusterOutcome(cluster="", asked="traces", status="partial", detail=detail)])
        return await self._source.spans(service, window)


def strays(spans: Sequence[Span], homes: Homes) -> Counter[str]:
    """Count the spans that no cluster owns, by the name of the cluster that they say they are of."""
    named = Counter(span.attributes.get(CLUSTER, "") for span in spans)
    return Counter({home: count for home, count in named.items() if homes.is_nobodys(home)})


def said_of(left_out: Counter[str]) -> str:
    """Say which spans are left out and what helps, the most numerous first."""
    named = [home for home, _ in left_out.most_common() if home]
    parts = [_of_unknown(named, left_out)] if named else []
    if left_out[""]:
        nameless = f"{left_out['']:,} spans sent without a cluster's name are left out"
        parts += [f"{nameless}: set ROOTLINE_CLUSTER to theirs, or k8s.cluster.name in their resource"]
    return "; ".join(parts)


def _of_unknown(named: Sequence[str], left_out: Counter[str]) -> str:
    shown = ", ".join(f"{_shown(home)} ({left_out[home]:,})" for home in named[:NAMED])
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    addable = next((home for home in named if _NAME.fullmatch(home)), "")
    helps = (
        f"run `rootline cluster add {addable} --sent`, with its sources if it has any, or send" if addable else "send"
    )
    return f"spans sent as of {shown}{more} are left out: {helps} them under a name that `rootline cluster list` knows"


def _shown(home: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in home[:LONGEST_NAME])
