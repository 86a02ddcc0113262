"""An incident that a watch opened ends when nothing shows it any more, and comes back when something does."""

from uuid import UUID

import pytest
from tests.analysis.detection.days import changed
from tests.intake.test_watcher import SLOW, at, watched, watcher

from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.gating import Ongoing
from rootline.analysis.detection.policy import WindowName
from rootline.analysis.detection.signals import Signal
from rootline.analysis.metrics.views import View
from rootline.domain.incident import Incident
from rootline.intake.moving import moved_by
from rootline.intake.watching.closing import is_calm
from rootline.intake.watching.policy_files import shipped_policy
from rootline.store.journal import MemoryJournal

pytestmark = pytest.mark.anyio


async def only(journal: MemoryJournal) -> Incident:
    (one,) = await journal.incidents()
    return one


@pytest.mark.promise("watched-incidents-end")
async def test_it_is_mitigated_when_nothing_deviates_and_resolved_half_an_hour_later() -> None:
    one = watcher(journal=(journal := MemoryJournal()))

    await watched(one, range(295, 309))
    assert (await only(journal)).state == "detected"
    await watched(one, range(309, 316))
    calm = await only(journal)
    await watched(one, range(316, 338))
    assert (await only(journal)).state == "mitigated"
    await watched(one, range(338, 346))

    moves = await journal.transitions(calm.id)
    assert [(move.before, move.after, move.actor) for move in moves] == [
        (None, "detected", "rootline watch"),
        ("detected", "mitigated", "rootline watch"),
        ("mitigated", "resolved", "rootline watch"),
    ]
    assert [move.reason.partition(" since")[0] for move in moves[1:]] == [
        "nothing deviates",
        "nothing deviated for 30 minutes",
    ]
    assert at(307) <= calm.window.end <= at(312)


async def test_what_deviates_again_brings_it_back_and_opens_no_second_one() -> None:
    again = changed(SLOW, "service-1", "http_latency_p99", slice(318, 326), 8)
    one = watcher(again, journal=(journal := MemoryJournal()))

    await watched(one, range(295, 336))

    states = [move.after for move in await journal.transitions((await only(journal)).id)]
    assert states == ["detected", "mitigated", "detected", "mitigated"]


async def test_what_comes_back_after_it_was_resolved_is_another_incident() -> None:
    again = changed(SLOW, "service-1", "http_latency_p99", slice(380, 390), 8)
    one = watcher(again, journal=(journal := MemoryJournal()))

    await watched(one, range(295, 384))

    assert [one.state for one in await journal.incidents()] == ["detected", "resolved"]


async def test_one_that_has_alerts_follows_those() -> None:
    one = watcher(journal=(journal := MemoryJournal()))

    async def alerted(_: UUID) -> bool:
        return True

    one.has_alerts = alerted
    await watched(one, range(295, 350))

    assert (await only(journal)).state == "detected"


async def test_what_a_person_has_ended_stays_as_it_is() -> None:
    one = watcher(journal=(journal := MemoryJournal()))
    await watched(one, range(295, 305))
    opened = await only(journal)
    await journal.move_incident(moved_by(opened, "resolved", at=at(305), actor="ada", reason="rolled back"))

    await watched(one, range(305, 350))

    assert [move.actor for move in await journal.transitions(opened.id)] == ["rootline watch", "ada"]


def feature(window: WindowName, score: float, view: View = "duration") -> Feature:
    return Feature(
        at=0.0,
        service="cart",
        signal=Signal(view=view),
        window=window,
        metric="latency",
        unit="s",
        expected=0.2,
        observed=0.4,
        deviation=0.2,
        score=score,
        kind="spike",
    )


@pytest.mark.parametrize(
    ("rule", "quiet", "features", "expected"),
    [
        ("user_facing", 1, [], False),
        ("user_facing", 2, [feature("6h", 99)], True),
        ("agreeing", 2, [], True),
        ("creeping", 500, [feature("6h", 12)], False),
        ("creeping", 500, [feature("30m", -12)], False),
        ("creeping", 0, [feature("6h", 5), feature("5m", 50), feature("6h", 50, "saturation")], True),
    ],
)
def test_what_creeps_is_over_when_no_longer_window_shows_it_and_the_rest_when_nothing_was_a_candidate(
    rule: str, quiet: int, features: list[Feature], *, expected: bool
) -> None:
    assert is_calm(rule, Ongoing(quiet=quiet), features, shipped_policy()) is expected
