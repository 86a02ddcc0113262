"""The real way: a service's metrics, Debian's Prometheus and Alertmanager, our server, an incident."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.fakes.mcp_desk import House
from tests.fakes.mcp_http import opened
from tests.fakes.observability import alertmanager, prometheus
from tests.fakes.wire import Asked, Said, answering, said
from tests.server.test_http import ALICE, OTHER, TOKENS

from rootline.domain.incident import Incident
from rootline.domain.notice import Delivery, Notice, ReportedChange
from rootline.live import live_ground
from rootline.server.explaining import Explainer
from rootline.store.intake import Decide, MemoryIntake, Stored

pytestmark = pytest.mark.anyio
RULES = """groups:
- name: shop
  rules:
  - alert: CheckoutErrors
    expr: errors_per_second > 5
    labels: {severity: page}
    annotations: {summary: "{{ $labels.service }} answers too many errors"}
"""
PATIENCE_S = 90.0


@dataclass
class Service:
    """What a service tells of itself."""

    errors: int = 0

    def tell(self, asked: Asked) -> Said:
        assert asked.path == "/metrics"
        return said(
            f'errors_per_second{{service="checkout"}} {self.errors}\n', content_type="text/plain; version=0.0.4"
        )


@dataclass
class Watched(MemoryIntake):
    """An intake that says when something was stored."""

    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(
        self, delivery: Delivery, notices: Sequence[Notice], decide: Decide, changes: Sequence[ReportedChange] = ()
    ) -> Stored:
        stored = await super().take(delivery, notices, decide, changes)
        self.news.set()
        return stored

    async def until(self, holds: Callable[[Sequence[Incident]], bool]) -> Sequence[Incident]:
        async with asyncio.timeout(PATIENCE_S):
            while not holds(found := await self.journal.incidents()):
                self.news.clear()
                await self.news.wait()
        return found


@contextmanager
def stack(folder: Path, service: Service, webhook: str, token: str) -> Iterator[str]:
    """Run what watches the service; yield Prometheus' address."""
    (folder / "am").mkdir()
    (folder / "prom").mkdir()
    with (
        answering(service.tell) as metrics,
        alertmanager(folder / "am", webhook=webhook, token=token) as told,
        prometheus(
            folder / "prom",
            "",
            rules=RULES,
            alertmanager=told.removeprefix("http://"),
            scrape=metrics.removeprefix("http://"),
        ) as url,
    ):
        yield url


@asynccontextmanager
async def chain(folder: Path, service: Service, token: str = ALICE) -> AsyncIterator[tuple[House, Watched, str]]:
    house, tenant = House(), TOKENS[0].actor.tenant
    intake = Watched(house.journal(tenant))
    house.intakes[tenant] = intake
    async with opened(house, TOKENS) as door:
        running = stack(folder, service, f"{door.origin}/intake/alertmanager", token)
        url = await asyncio.to_thread(running.__enter__)
        try:
            yield house, intake, url
        finally:
            await asyncio.to_thread(running.__exit__, None, None, None)


async def test_a_service_that_fails_opens_an_incident_through_the_real_alertmanager(tmp_path: Path) -> None:
    service = Service(errors=50)

    async with chain(tmp_path, service) as (house, intake, _):
        (one,) = await intake.until(bool)
        assert (one.title, one.service, one.severity, one.state) == (
            "checkout answers too many errors",
            "checkout",
            "critical",
            "detected",
        )
        assert list(await house.journal(OTHER).incidents()) == []

        service.errors = 0
        (calm,) = await intake.until(lambda found: found[0].state == "mitigated")

    assert calm.id == one.id
    told = await intake.notices([one.id])
    assert [each.state for each in told] == ["firing", "resolved"]
    assert len({each.fingerprint for each in told}) == 1
    assert {each.sender for each in await intake.deliveries()} == {"alice"}


async def test_the_incident_is_investigated_unasked_over_the_real_prometheus(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with chain(tmp_path, Service(errors=50)) as (house, intake, url):
        (one,) = await intake.until(bool)
        plain = house.desk(clock=lambda: datetime.now(tz=UTC))
        settings = replace(plain.settings, home=home, environment={"ROOTLINE_PROMETHEUS_URL": url})
        explainer = Explainer(desk=replace(plain, settings=settings), ground=live_ground(settings))

        record = await explainer.explain_next([TOKENS[0].actor])

    assert record is not None
    assert (record.investigation.incident, record.investigation.state) == (one.id, "done")
    assert record.investigation.question.service == "checkout"
    alerts = next(each for each in record.evidence if each.tool == "get_alerts")
    assert [(fact.subject, fact.kind) for fact in alerts.reading.facts] == [("checkout", "alert")]
    metrics = next(each for each in record.evidence if each.tool == "query_metrics")
    assert metrics.reading.source.backend == "prometheus"
    assert (await house.journal(TOKENS[0].actor.tenant).incident(one.id)).state == "investigating"
