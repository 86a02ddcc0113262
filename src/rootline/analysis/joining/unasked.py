"""Alerts that tell of requests which no longer come: whoever stopped asking is to be looked for, not who is asked."""

import re
from collections.abc import Sequence
from datetime import datetime

from rootline.analysis.joining.deepest import TOGETHER, deepest
from rootline.analysis.topology import Graph, blast_radius

LONGEST = 600
# Source: how on-calls word alerts on traffic that stopped, after the "absence" and "traffic drop" rules of
# Prometheus, Datadog and Grafana users. Dropped or lost requests came, and failed.
_GONE = r"(gone|stopped|vanish\w*|absent)\b"
UNASKED = re.compile(
    rf"\b(requests?|calls|orders|jobs|messages|events)[ _]{{1,2}}(have |has |are |is )?{_GONE}"
    r"|\b(traffic|throughput|rps|qps|(requests?|calls?|orders?|messages?)[ _](rate|volume))[ _]{1,2}(has |is |too )?"
    rf"({_GONE}|(drop(s|ped|ping)?|fell|fallen|falling|lost|low)\b)"
    r"|\b(no|few|hardly any) (more )?(requests|traffic|calls|orders|throughput)\b"
    r"|\b(hardly|barely|no longer) (asked|called|used)\b|\bhardly traffic\b",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def tells_of_silence(*texts: str) -> bool:
    """Whether an alert's name or words say that requests no longer come; dropped requests came and failed."""
    return any(UNASKED.search(_HUMP.sub(" ", text[:LONGEST])) for text in texts)


def nearest(alerts: Sequence[tuple[str, datetime]], silent: Sequence[bool], graph: Graph) -> int:
    """Return the place of the alert to begin with.

    Trouble that is loud explains who is asked no more, so loud alerts go first, the deepest of them. Of silent ones
    it is that which no other silent one asks: below it everybody falls silent, too.

    Args:
        alerts: Service and time, the first to fire first; at least one.
        silent: For each, whether it tells of requests that no longer come.
        graph: Who calls whom.

    """
    loud = [at for at, one in enumerate(silent) if not one]
    if loud:
        return loud[deepest([alerts[at] for at in loud], graph)]
    until = alerts[0][1] + TOGETHER
    together = [at for at, (_, fired_at) in enumerate(alerts) if fired_at <= until]
    named = {alerts[at][0] for at in together}
    return min(together, key=lambda at: (len(named & blast_radius(graph, alerts[at][0]).keys()), at))
