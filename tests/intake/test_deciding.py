"""What follows from alerts for incidents, over the life of one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

import pytest
from tests.store.examples import NOON, detected, identity, incident
from tests.store.told import delivery, notice

from rootline.analysis.topology import Graph
from rootline.domain.incident import Incident, IncidentState, Transition
from rootline.domain.notice import Notice
from rootline.domain.signal import Edge
from rootline.errors import NotApproved
from rootline.intake.deciding import NOT_FIRING, Policy
from rootline.intake.maintenance import Maintenance
from rootline.intake.moving import moved_by
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal

pytestmark = pytest.mark.anyio
SHOP = Graph.of(
    [
        Edge(caller="web", callee="checkout", found_in="declared"),
        Edge(caller="checkout", callee="db", found_in="declared"),
    ]
)


class World:
    """One tenant's intake, told one thing after another."""

    def __init__(self, windows: Sequence[Maintenance] = (), graph: Graph = SHOP) -> None:
        self.journal = MemoryJournal()
        self.intake = MemoryIntake(self.journal)
        self.windows = windows
        self.graph = graph
        self._numbers = count(1)

    def policy(self, now: datetime) -> Policy:
        return Policy(
            now=now, new_id=lambda: identity(next(self._numbers), now), graph=self.graph, windows=self.windows
        )

    async def hear(self, *told: Notice, minute: float | None = None) -> None:
        last = max(one.at for one in told) if minute is None else NOON + timedelta(minutes=minute)
        one = delivery(next(self._numbers), received_at=last)
        await self.intake.take(one, told, self.policy(last))

    async def wait(self, minute: float) -> None:
        now = NOON + timedelta(minutes=minute)
        await self.intake.settle(self.policy(now), now)

    async def by_hand(self, after: IncidentState, minute: float = 1) -> None:
        (one,) = await self.incidents()
        await self.journal.move_incident(moved_by(one, after, at=NOON + timedelta(minutes=minute), actor="ada"))

    async def incidents(self) -> list[Incident]:
        return [*reversed(await self.journal.incidents())]

    async def states(self) -> list[str]:
        return [one.state for one in await self.incidents()]

    async def moves(self) -> list[Transition]:
        (one,) = await self.incidents()
        return [*await self.journal.transitions(one.id)]

    async def reasons(self) -> list[str]:
        told = [*self.intake._notices.values()]  # noqa: SLF001 the store's whole content
        return [one.suppressed for one in told if one.incident is None]


async def test_an_alert_opens_an_incident_that_says_what_where_and_since_when() -> None:
    world = World()

    await world.hear(notice(summary="Checkout is slow"), minute=2)

    (one,) = await world.incidents()
    assert (one.title, one.severity, one.service, one.state) == ("Checkout is slow", "high", "checkout", "detected")
    assert (one.window.start, one.opened_at) == (NOON, NOON + timedelta(minutes=2))
    assert [(move.before, move.after, move.actor) for move in await world.moves()] == [
        (None, "detected", "alertmanager")
    ]


async def test_a_related_alert_joins_and_the_highest_severity_counts() -> None:
    world = World()

    await world.hear(notice())
    await world.hear(notice("Down", service="db", minute=3, severity="critical"))
    await world.hear(notice("Odd", service="web", minute=4, severity="low"))

    (one,) = await world.incidents()
    assert (one.severity, one.service) == ("critical", "checkout")
    assert one.title == "3 alerts of 3 services, first checkout: Slow"
    assert len(await world.intake.notices([one.id])) == 3


async def test_unrelated_alerts_open_two_incidents() -> None:
    world = World()

    await world.hear(notice(), notice("Full", service="mail"))

    assert await world.states() == ["detected", "detected"]


async def test_an_alert_that_connects_two_incidents_makes_one_of_them() -> None:
    world = World()
    await world.hear(notice("Down", service="db"))
    await world.hear(notice("Slow", service="web", minute=1))

    await world.hear(notice("Slow", service="checkout", minute=2))
    await world.hear(notice("Slower", service="web", minute=3))

    whole, part = await world.incidents()
    assert (whole.state, whole.part_of, part.state, part.part_of) == ("detected", None, "suppressed", whole.id)
    assert whole.title == "4 alerts of 3 services, first db: Down"
    assert [one.name for one in await world.intake.notices([whole.id])] == ["Down", "Slow", "Slower"]
    assert [one.reason for one in await world.journal.transitions(part.id)][-1] == f"part of incident {whole.id}"


async def test_an_incident_calms_down_when_all_of_its_alerts_and_parts_are_resolved() -> None:
    world = World()
    await world.hear(notice("Down", service="db"))
    await world.hear(notice("Slow", service="web", minute=1))
    await world.hear(notice("Slow", service="checkout", minute=2))

    await world.hear(notice("Down", "resolved", 5, "db"), notice("Slow", "resolved", 6, "checkout"))
    assert await world.states() == ["detected", "suppressed"]
    await world.hear(notice("Slow", "resolved", 7, "web"))

    assert await world.states() == ["mitigated", "suppressed"]


async def test_a_quiet_incident_is_resolved_and_the_next_alert_opens_another() -> None:
    world = World()
    await world.hear(notice())
    await world.hear(notice(state="resolved", minute=5))

    await world.wait(30)
    assert await world.states() == ["mitigated"]
    await world.wait(35)
    assert [one.after for one in await world.moves()] == ["detected", "mitigated", "resolved"]
    await world.hear(notice(minute=40))

    assert await world.states() == ["resolved", "detected"]


async def test_time_counts_too_when_nobody_waited() -> None:
    world = World()
    await world.hear(notice())
    await world.hear(notice(state="resolved", minute=5))

    await world.hear(notice(minute=90))

    assert await world.states() == ["resolved", "detected"]


async def test_an_alert_that_fires_again_soon_brings_its_incident_back() -> None:
    world = World()
    await world.hear(notice())
    await world.hear(notice(state="resolved", minute=5))

    await world.hear(notice(minute=20))

    assert [one.after for one in await world.moves()] == ["detected", "mitigated", "detected"]


async def test_a_flapping_alert_keeps_its_incident_open_until_it_keeps_still() -> None:
    world = World()
    for minute in (0, 4, 8):
        await world.hear(notice(minute=minute))
        await world.hear(notice(state="resolved", minute=minute + 2))

    (one,) = await world.incidents()
    moves = [each.after for each in await world.moves()]
    flags = [each.is_flapping for each in await world.intake.notices([one.id])]
    assert moves == ["detected", "mitigated", "detected"]
    assert flags == [False, False, False, True, True, True]
    await world.wait(19)
    assert await world.states() == ["detected"]
    await world.wait(21)
    assert await world.states() == ["mitigated"]


async def test_a_late_message_about_the_past_changes_nothing_of_the_present() -> None:
    world = World()
    await world.hear(notice(minute=10))
    await world.hear(notice(state="resolved", minute=5), minute=11)

    assert await world.states() == ["detected"]


async def test_what_is_resolved_before_it_was_known_opens_nothing_and_ends_what_is_told_of_it_later() -> None:
    world = World()

    await world.hear(notice(state="resolved", minute=5))
    assert await world.states() == []
    assert await world.reasons() == [NOT_FIRING]

    await world.hear(notice(minute=0), minute=6)
    assert await world.states() == ["mitigated"]
    await world.hear(notice(minute=-2), minute=7)
    assert await world.states() == ["mitigated"]
    (one,) = await world.incidents()
    assert [each.state for each in await world.intake.notices([one.id])].count("resolved") == 2
    await world.wait(minute=50)
    assert await world.states() == ["resolved"]
    await world.hear(notice(minute=51))
    assert await world.states() == ["resolved", "detected"]


async def test_an_acknowledgement_elsewhere_counts_here() -> None:
    world = World()
    await world.hear(notice(vendor="pagerduty"))

    await world.hear(notice(minute=1, vendor="pagerduty", acknowledged_by="Grace"))

    assert [(one.after, one.actor) for one in await world.moves()][-1] == ("acknowledged", "pagerduty: Grace")


async def test_what_is_investigated_already_can_be_acknowledged_by_a_person_and_elsewhere() -> None:
    world, other = World(), World()
    for one in (world, other):
        await one.hear(notice(vendor="pagerduty"))
        await one.by_hand("investigating", 1)

    await world.by_hand("acknowledged", 2)
    await other.hear(notice(minute=2, vendor="pagerduty", acknowledged_by="Grace"))

    assert await world.states() == await other.states() == ["acknowledged"]
    await world.by_hand("investigating", 3)
    await world.hear(notice(minute=4, vendor="pagerduty", state="resolved"))
    assert await world.states() == ["mitigated"]


@pytest.mark.parametrize("reason", ["silenced by abc", "inhibited by def"])
async def test_what_its_vendor_keeps_quiet_is_kept_and_opens_nothing(reason: str) -> None:
    world = World()

    await world.hear(notice(suppressed=reason))

    assert (await world.reasons(), await world.states()) == ([reason], [])


WORK = Maintenance(name="upgrade", services=["check*"], start=NOON, end=NOON + timedelta(minutes=30))


async def test_planned_work_is_kept_and_opens_nothing_until_it_is_over() -> None:
    world = World([WORK])
    await world.hear(notice(), notice("Full", service="mail"))
    assert await world.reasons() == ["maintenance: upgrade"]
    assert [one.service for one in await world.incidents()] == ["mail"]

    await world.wait(29)
    assert len(await world.states()) == 1
    await world.wait(30)
    await world.wait(31)

    found = await world.incidents()
    assert [one.service for one in found] == ["mail", "checkout"]
    assert [one.at.minute for one in await world.intake.notices([found[1].id])] == [30]


async def test_what_is_resolved_during_planned_work_opens_nothing_afterwards() -> None:
    world = World([WORK])
    await world.hear(notice())
    await world.hear(notice(state="resolved", minute=10))

    await world.wait(40)

    assert await world.states() == []
    assert await world.reasons() == ["maintenance: upgrade"] * 2


@pytest.mark.parametrize(
    ("services", "matchers", "is_covered"),
    [
        (["checkout"], {}, True),
        (["check?ut"], {}, True),
        (["cart"], {}, False),
        ([], {"alertname": "Slow"}, True),
        ([], {"alertname": "S*", "zone": "a"}, False),
        (["checkout"], {"zone": "*"}, True),
    ],
)
async def test_planned_work_covers_what_it_names(
    services: list[str], matchers: dict[str, str], is_covered: bool
) -> None:
    window = Maintenance(name="x", services=services, matchers=matchers, start=NOON, end=NOON + timedelta(hours=1))

    assert window.covers(notice(), NOON) is is_covered
    assert not window.covers(notice(), window.end)


async def test_an_alert_joins_what_a_watcher_saw_before() -> None:
    world = World()
    seen = incident().model_copy(update={"service": "checkout", "severity": "medium"})
    await world.journal.open_incident(seen, detected(seen))

    await world.hear(notice("Down", service="db", minute=3, cluster="eu", namespace="shop", severity="low"))
    await world.hear(notice("Slow", minute=8, cluster="eu", namespace="shop", severity="low"))
    await world.hear(notice("Full", minute=9, service="mail"))

    first, other = await world.incidents()
    assert (first.id, first.severity, other.service) == (seen.id, "medium", "mail")
    assert first.window.start == seen.window.start
    assert [one.name for one in await world.intake.notices([seen.id])] == ["Down", "Slow"]


async def test_an_alert_of_another_time_does_not_join_what_a_watcher_saw() -> None:
    world = World()
    seen = incident().model_copy(update={"service": "checkout"})
    await world.journal.open_incident(seen, detected(seen))

    await world.hear(notice(minute=61))

    assert len(await world.incidents()) == 2


async def test_a_person_silences_an_incident_and_its_alerts() -> None:
    world = World()
    await world.hear(notice())
    await world.by_hand("suppressed")
    (one,) = await world.incidents()

    await world.hear(notice(minute=5))
    await world.hear(notice("Other", minute=6, service="checkout"))

    assert await world.reasons() == [f"incident {one.id} is suppressed"]
    assert await world.states() == ["suppressed", "detected"]


async def test_after_the_whole_has_ended_a_part_comes_back_as_a_new_incident() -> None:
    world = World()
    for at, service in enumerate(("db", "web", "checkout")):
        await world.hear(notice("Slow", service=service, minute=at))
    whole, _ = await world.incidents()
    await world.journal.move_incident(moved_by(whole, "resolved", at=NOON, actor="ada"))

    await world.hear(notice("Slow", service="web", minute=50))

    assert await world.states() == ["resolved", "suppressed", "detected"]


async def test_a_new_alert_takes_an_incident_back_that_was_called_mitigated() -> None:
    world = World()
    await world.hear(notice())
    await world.by_hand("mitigated")

    await world.hear(notice("Failing", minute=3))

    assert [one.after for one in await world.moves()] == ["detected", "mitigated", "detected"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("resolved", "acknowledged"), ("suppressed", "resolved"), ("detected", "learned"), ("learned", "detected")],
)
async def test_a_move_that_makes_no_sense_is_refused_with_those_that_do(
    before: IncidentState, after: IncidentState
) -> None:
    world = World()
    await world.hear(notice())
    one = (await world.incidents())[0].model_copy(update={"state": before})

    with pytest.raises(NotApproved, match="From there it can become"):
        moved_by(one, after, at=NOON, actor="ada")
