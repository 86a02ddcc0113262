"""How an incident is called, how bad it is and when it was, out of the alerts in it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from rootline.domain.incident import Incident
from rootline.domain.notice import Notice
from rootline.domain.signal import Severity
from rootline.domain.window import Window
from rootline.tools.wording import cut

WORST_FIRST: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
LONGEST_TITLE = 200
_LEAST = timedelta(seconds=1)


def worst(severities: Iterable[Severity]) -> Severity:
    """Return the highest severity; info where there is none."""
    return min(severities, key=WORST_FIRST.index, default="info")


def described(incident: Incident, notices: Sequence[Notice]) -> Incident:
    """Return the incident with the words that its alerts give it; as it is without any.

    It never becomes less severe or shorter than it was.
    """
    fired = sorted((one for one in notices if one.state == "firing"), key=lambda one: (one.fired_at, one.at, one.key))
    if not fired:
        return incident
    start = min(fired[0].fired_at, incident.window.start)
    end = max(incident.window.end, *(one.at + _LEAST for one in notices))
    return incident.model_copy(
        update={
            "title": title(fired),
            "severity": worst([incident.severity, *(one.severity for one in fired)]),
            "service": next((one.service for one in fired if one.service), ""),
            "cluster": next((one.home for one in fired if one.home), incident.cluster),
            "window": Window(start=start, end=end),
        }
    )


def title(fired: Sequence[Notice]) -> str:
    """Say what fired first, of how many, where."""
    first = cut(fired[0].summary or fired[0].name, LONGEST_TITLE)
    count = len({one.fingerprint for one in fired})
    services = list(dict.fromkeys(one.service for one in fired if one.service))
    if count == 1:
        return first
    where = f" of {len(services)} services" if len(services) > 1 else ""
    of = f" {cut(services[0], 60)}:" if services else ""
    return cut(f"{count} alerts{where}, first{of} {first}", LONGEST_TITLE)
