"""Who filled a volume, told by how much went from it and how much its service wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.metrics.finding import MetricFinding
from rootline.changes.outside.none import none_reasons
from rootline.changes.symptom import Symptom
from rootline.domain.change import ChangeSet
from rootline.tools.filling import filled_by_others

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
UNTIL = NOON + timedelta(seconds=30)
ROOM = MetricFinding(
    service="store",
    metric="volume_available_bytes",
    unit="B",
    labels={},
    direction="down",
    kind="drop",
    baseline=60e6,
    spread=1e5,
    current=0.0,
    peak=0.0,
    onset=NOON,
    ended=None,
    effect=-600.0,
    ratio=0.0,
    score=0.9,
    significance=9.0,
    points=60,
    gaps=0.0,
)
WRITES = replace(
    ROOM,
    metric="process_written_bytes_per_second",
    direction="flat",
    kind="none",
    baseline=2e3,
    current=2e3,
    peak=5e3,
    onset=None,
    as_rate=True,
)


def test_what_a_service_hardly_wrote_was_written_by_others() -> None:
    told = filled_by_others((ROOM, WRITES), UNTIL)

    assert told == "volume_available_bytes of store lost 60 MB, of which store wrote at most 0.3 MB"


@pytest.mark.parametrize(
    "findings",
    [
        (ROOM,),
        (WRITES,),
        (ROOM, replace(WRITES, peak=1e6)),
        (ROOM, replace(WRITES, service="cart")),
        (ROOM, replace(WRITES, metric="node_disk_written_bytes_per_second")),
        (ROOM, replace(WRITES, metric="process_written_bytes", as_rate=False)),
        (ROOM, replace(WRITES, metric="writes_per_second")),
        (replace(ROOM, current=30e6), WRITES),
        (replace(ROOM, metric="volume_available_ratio"), WRITES),
        (replace(ROOM, metric="pool_available_bytes"), WRITES),
        (replace(ROOM, onset=None), WRITES),
    ],
    ids=[
        "no writes known",
        "no room known",
        "it wrote it",
        "another's writes",
        "the machine's",
        "no rate",
        "no bytes",
        "half of it left",
        "in no bytes",
        "no volume",
        "at no time",
    ],
)
def test_nothing_is_said_where_it_is_not_measured(findings: tuple[MetricFinding, ...]) -> None:
    assert filled_by_others(findings, UNTIL) == ""


def test_what_others_filled_is_said_before_what_only_moved() -> None:
    full = Symptom(
        service="store", texts=("put failed: no space left",), onset=NOON, falling=("volume_available_bytes of store",)
    )
    shown = replace(full, filled_by_others=filled_by_others((ROOM, WRITES), UNTIL))

    first, moved = (none_reasons(one, ChangeSet())[0][0] for one in (shown, full))

    assert (first.name, moved.name) == ("disk full", "disk full")
    assert first.weight > moved.weight
    assert first.families == ()
    assert "wrote at most" in first.reason
