"""A recording under made-up names has none of its own left, wherever they stood."""

from datetime import UTC, datetime, timedelta

import numpy as np

from rootline.domain.session import Question
from rootline.domain.signal import Alert, Edge, LogLine, Series, Span
from rootline.domain.window import Window
from rootline.evals.renamed_recording import opened
from rootline.tapes.recording import Recording

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORDING = Recording(
    title="one shop",
    question=Question(
        text="Why is billing slow?",
        service="billing",
        trigger="custom",
        window=Window(start=NOON, end=NOON + timedelta(hours=1)),
    ),
    series=(
        Series(
            service="billing",
            metric="latency",
            labels={"callee": "ledger", "pod": "billing-7d9f"},
            times=np.array([NOON.timestamp()]),
            values=np.array([0.2]),
        ),
    ),
    spans=(
        Span(
            trace_id="t",
            span_id="s",
            parent_id=None,
            service="billing",
            operation="Ledger/Post",
            start=NOON,
            duration_s=0.1,
            attributes={"peer.service": "ledger"},
        ),
    ),
    lines=(LogLine(at=NOON, service="billing", text="no answer from ledger", instance="billing-7d9f"),),
    alerts=(
        Alert(
            name="LedgerSlow",
            service="ledger",
            severity="critical",
            fired_at=NOON,
            summary="ledger is slow",
            labels={"job": "ledger"},
        ),
    ),
    edges=(Edge(caller="billing", callee="ledger", found_in="traces"),),
)


def test_no_part_of_a_renamed_recording_still_says_a_name() -> None:
    told = repr(opened(RECORDING, rename=7).recording).lower()
    assert "billing" not in told
    assert "ledger" not in told


def test_a_name_is_the_same_everywhere() -> None:
    made_up = opened(RECORDING, rename=7).recording
    assert made_up.series
    assert made_up.spans
    assert made_up.alerts
    series, span, alert = made_up.series[0], made_up.spans[0], made_up.alerts[0]
    assert series.labels["callee"] == span.attributes["peer.service"] == alert.labels["job"] == alert.service
    assert series.labels["pod"] == f"{series.service}-7d9f"


def test_without_a_seed_a_recording_is_what_it_was() -> None:
    assert opened(RECORDING, rename=None).recording is RECORDING
