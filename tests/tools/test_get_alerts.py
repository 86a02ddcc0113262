"""Alerts that began before the window say so, with the time to ask about instead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.scene import scene_of

from rootline.domain.evidence import Reading
from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.tools.get_alerts import get_alerts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON, end=NOON + timedelta(hours=1))
SLOW = Alert(name="Slow", service="search", severity="critical", fired_at=NOON - timedelta(minutes=5))


async def told(*alerts: Alert, question: str = "") -> Reading:
    scene = scene_of(Sources(alerts=RecordedAlerts(alerts)), HOUR, question=question)
    return await get_alerts(scene=scene)


@pytest.mark.anyio
async def test_what_began_before_the_window_says_when_to_ask_about() -> None:
    later = replace(SLOW, service="frontend", fired_at=NOON - timedelta(minutes=1))

    reading = await told(SLOW, later)

    (hint,) = reading.hints
    assert hint.startswith(
        "search, frontend: firing since 2026-03-01T11:55:00Z at the latest, before this window. What"
    )
    assert hint.endswith("ask again from 2026-03-01T11:10:00Z on")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "alert",
    [
        replace(SLOW, fired_at=NOON),
        replace(SLOW, fired_at=NOON - timedelta(hours=6, seconds=1)),
        replace(SLOW, resolved_at=NOON + timedelta(minutes=5)),
        replace(SLOW, severity="info"),
    ],
)
async def test_what_is_of_the_window_or_usual_or_over_says_nothing(alert: Alert) -> None:
    reading = await told(alert)

    assert reading.hints == ()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("search is slow", ["search", "cart", "web"]),
        ("why did eu/search fail?", ["search", "cart", "web"]),
        ("the research-page and web-2 are slow", ["cart", "search", "web"]),
        ("web is slow", ["cart", "search", "web"]),
        ("", ["cart", "search", "web"]),
    ],
)
async def test_of_alerts_that_one_evaluation_fired_the_one_that_is_asked_about_comes_first(
    question: str, order: list[str]
) -> None:
    fired = [replace(SLOW, service=name, fired_at=NOON) for name in ("cart", "search")]
    late = replace(SLOW, service="web", fired_at=NOON + timedelta(seconds=15))

    reading = await told(*fired, late, question=question)

    assert [one.subject for one in reading.facts] == order
