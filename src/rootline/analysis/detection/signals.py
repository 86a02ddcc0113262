"""Which question about a service a metric answers, which way hurts, and of which service it speaks."""

from dataclasses import dataclass
from functools import lru_cache

from rootline.analysis.metrics.ceilings import is_success
from rootline.analysis.metrics.harm import is_of_the_node, more_is_better
from rootline.analysis.metrics.units import words
from rootline.analysis.metrics.views import View, view_of
from rootline.domain.signal import Series

# Source: Brendan Gregg, "Thinking Methodically about Performance" (ACM Queue, 2012), the resources of the USE method.
_RESOURCES = (
    ("cpu", "cpu cores millicores"),
    ("memory", "memory mem heap rss swap"),
    ("disk", "disk fs filesystem inodes storage iops"),
    ("network", "network net receive transmit rx tx bandwidth"),
    ("connections", "connections pool sessions sockets"),
    ("threads", "threads goroutines workers fds descriptors"),
    ("queue", "queue queued backlog lag pending depth"),
)
_RESOURCE_OF = {word: name for name, listed in _RESOURCES for word in listed.split()}
UP = "up"
"""Whether a target could be scraped, which is told by a limit of its own. Source: Prometheus, "Jobs and instances"."""
_CALLED = ("callee", "peer_service", "destination")


@dataclass(frozen=True, kw_only=True, order=True)
class Signal:
    """One golden signal: a view, and for utilisation and saturation the resource it is about, where it is known."""

    view: View
    resource: str = ""

    def __str__(self) -> str:
        return f"{self.view} of {self.resource}" if self.resource else self.view


@lru_cache(maxsize=4096)
def signal_of(metric: str) -> Signal:
    """Classify a metric by the words of its name."""
    view = _view(metric)
    if view not in {"utilisation", "saturation"}:
        return Signal(view=view)
    return Signal(view=view, resource=next((_RESOURCE_OF[word] for word in words(metric) if word in _RESOURCE_OF), ""))


def _view(metric: str) -> View:
    if metric == UP:
        return "other"
    return view_of(metric)


@lru_cache(maxsize=4096)
def sense_of(metric: str) -> int:
    """Return 1 where more hurts, -1 where less does, and 0 where both may: traffic, and what is not known."""
    if is_success(metric) or more_is_better(metric):
        return -1
    return 0 if _view(metric) in {"rate", "other"} else 1


def is_watched(metric: str) -> bool:
    """Whether the metric speaks of a service; a machine's metrics belong to all that runs on it."""
    return not is_of_the_node(metric)


def place_of(one: Series) -> str:
    """Return the service a series speaks of: the called one where its caller measured the call."""
    return next((one.labels[name] for name in _CALLED if one.labels.get(name)), one.service)
