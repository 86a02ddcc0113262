"""Tells when an answer is not all that a backend holds: Thanos and Mimir warn of that, VictoriaMetrics marks it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from rootline.domain.evidence import ClusterOutcome
from rootline.sources.fleet.hearing import LONGEST_DETAIL, hearing, tell
from rootline.sources.trouble import quoted

_WARNINGS, _IS_PARTIAL = b'"warnings":', b'"isPartial":true'
_BEHIND, _BEFORE = 8 * 2**10, 200
"""Source: ours; how far from the end the warnings stand at most, and from the beginning the mark (bytes)."""
_OF_THE_QUERY = "PromQL "


def tell_of_a_part(body: bytearray) -> None:
    """Say that an answer holds a part alone, if it says so, without parsing it.

    What Prometheus 3 remarks on the query itself, and its `infos`, tell of no missing data.

    Source: Thanos, "Partial Response"; VictoriaMetrics, cluster version, `isPartial`; Prometheus, HTTP API, `warnings`.
    """
    is_marked = body.find(_IS_PARTIAL, 0, _BEFORE) >= 0
    why = "; ".join(quoted(one) for one in _warnings(body) if not one.startswith(_OF_THE_QUERY))
    if is_marked or why:
        detail = f"the backend answered in part: {why or 'some of its storage did not answer'}"
        tell([ClusterOutcome(cluster="", asked="metrics", status="partial", detail=detail[:LONGEST_DETAIL])])


@contextmanager
def telling_of(asked: str) -> Iterator[None]:
    """Let whatever metrics tell inside the block be told of what is read from them: alerts, gpus."""
    with hearing() as heard:
        yield
    tell(one.model_copy(update={"asked": asked}) if one.asked == "metrics" else one for one in heard.outcomes)


def _warnings(body: bytearray) -> list[str]:
    """Return the warnings behind the data; a text in the data cannot be taken for them, as its quotes are escaped."""
    at = body.rfind(_WARNINGS, max(0, len(body) - _BEHIND))
    if at < 0:
        return []
    try:
        told, _ = json.JSONDecoder().raw_decode(body[at + len(_WARNINGS) :].decode(errors="replace").lstrip())
    except ValueError:
        return []
    return [str(one) for one in told] if isinstance(told, list) else []
