"""Of alerts that fire together, the one nearest to the cause."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.joining.deepest import deepest
from rootline.analysis.topology import Graph
from rootline.domain.signal import Edge

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = Graph.of(
    Edge(caller=caller, callee=callee, found_in="traces")
    for caller, callee in (("web", "cart"), ("web", "pay"), ("cart", "store"), ("pay", "store"), ("a", "b"), ("b", "a"))
)


def fired(*alerts: tuple[str, int]) -> list[tuple[str, datetime]]:
    return [(service, NOON + timedelta(seconds=seconds)) for service, seconds in alerts]


@pytest.mark.parametrize(
    ("alerts", "nearest"),
    [
        (fired(("web", 0)), 0),
        (fired(("web", 0), ("cart", 5)), 1),
        (fired(("web", 0), ("store", 5), ("cart", 5)), 1),
        (fired(("cart", 0), ("web", 1)), 0),
        (fired(("cart", 0), ("pay", 1)), 0),
        (fired(("web", 0), ("web", 2), ("pay", 3)), 2),
        (fired(("web", 0), ("cart", 300)), 0),
        (fired(("a", 0), ("b", 1)), 0),
        (fired(("unknown", 0), ("cart", 1)), 0),
    ],
)
def test_an_alerted_service_that_the_first_one_depends_on_is_nearer(
    alerts: list[tuple[str, datetime]], nearest: int
) -> None:
    assert deepest(alerts, SHOP) == nearest
