"""Of alerts that fire together, the one nearest to the cause: whoever calls a service that fails alerts too."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rootline.analysis.topology import Graph, downstream

TOGETHER = timedelta(minutes=2)
"""Source: ours; a few evaluations of the usual rules, which all need some time until they fire."""


def deepest(alerts: Sequence[tuple[str, datetime]], graph: Graph) -> int:
    """Return the place of the alert to begin with.

    From the first one to fire, the way goes to alerted services that it depends on, nearest first, as long as they
    fired within two minutes of the first.

    Args:
        alerts: Service and time, the first to fire first; at least one.
        graph: Who calls whom.

    """
    place = 0
    until = alerts[0][1] + TOGETHER
    while True:
        hops = downstream(graph, alerts[place][0])
        below = [at for at, (service, fired_at) in enumerate(alerts) if service in hops and fired_at <= until]
        if not below:
            return place
        nearest = min(below, key=lambda at: (hops[alerts[at][0]], at))
        if alerts[place][0] in downstream(graph, alerts[nearest][0]):
            return place
        place = nearest
