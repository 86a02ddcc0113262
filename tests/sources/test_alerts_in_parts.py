"""An Alertmanager that holds more alerts than one answer may: asked in parts, none is lost unsaid."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.observability import alertmanager, send
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.window import rfc3339
from rootline.sources.alerts.alertmanager import AlertmanagerAlerts
from rootline.sources.alerts.held import AlertmanagerHolds
from rootline.sources.alerts.parts import MOST_ASKED, PATTERNS
from rootline.sources.answered import MOST_BYTES
from rootline.sources.backend import Backend, backend
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.guard import Watch
from rootline.sources.fleet.hearing import hearing

pytestmark = pytest.mark.anyio
COUNT = 7000
WORDS = "the node did not answer its probe; " * 20


def backed(url: str) -> Backend:
    return backend("Alertmanager", "ROOTLINE_ALERTMANAGER_URL", url)


def storm(at: int) -> dict[str, object]:
    labels = {"alertname": "NodeDown", "instance": f"node-{at}:9100", "severity": "critical"}
    fired = {"startsAt": rfc3339(ONSET), "endsAt": "2099-01-01T00:00:00Z"}
    return {"labels": labels, "annotations": {"summary": WORDS}, **fired}


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with alertmanager(tmp_path_factory.mktemp("storm")) as url:
        for first in range(0, COUNT, 1000):
            body = json.dumps([storm(at) for at in range(first, first + 1000)])
            send(f"{url}/api/v2/alerts", body, content_type="application/json")
        yield backed(url)


async def test_a_storm_that_no_answer_holds_is_read_whole_from_a_real_alertmanager(stormy: Backend) -> None:
    with hearing() as heard:
        found = await AlertmanagerAlerts(stormy).alerts(HOUR)

    assert {one.labels["instance"] for one in found} == {f"node-{at}:9100" for at in range(COUNT)}
    assert len(found) == COUNT
    assert heard.outcomes == ()


async def test_of_a_storm_every_alert_that_is_held_is_known_by_its_fingerprint(stormy: Backend) -> None:
    found = await AlertmanagerHolds(stormy, name="am", cluster="", watch=Watch()).held()

    assert len({one.fingerprint for one in found}) == len(found) == COUNT


@pytest.mark.parametrize(
    "value", ["", "a", "web-7", "10.0.0.3:9100", "[::1]:9", ":", "a:", "é", "a\nb", "a\nb:1\n", "x_", "über:ß:1", "Z9-"]
)
def test_every_value_of_a_label_belongs_to_exactly_one_part(value: str) -> None:
    assert sum(re.fullmatch(pattern, value) is not None for pattern in PATTERNS) == 1


def alike(too_large: Callable[[Asked], bool], heard: list[Asked]) -> Callable[[Asked], Said]:
    """Answer with one alert of each part that is not too large, and with none to what nothing can match."""

    def answer(asked: Asked) -> Said:
        heard.append(asked)
        if too_large(asked):
            return said(" " * (MOST_BYTES + 1))
        is_nothing = asked.query.get("filter") == 'alertname=""'
        one = {"labels": {"alertname": f"A{len(heard)}"}, "startsAt": rfc3339(ONSET), "fingerprint": str(len(heard))}
        return said(json.dumps([] if is_nothing else [one]))

    return answer


def is_first_half(asked: Asked) -> bool:
    given = asked.query.get("filter", "")
    return not given or "[0-2]" in given


async def test_what_stays_too_large_in_every_part_is_said_to_be_missing() -> None:
    heard: list[Asked] = []
    with answering(alike(is_first_half, heard)) as url:
        with hearing() as outcomes:
            found = await AlertmanagerAlerts(backed(url)).alerts(HOUR)
        with pytest.raises(SourceFailed, match="more than 4 MB") as failed:
            await AlertmanagerHolds(backed(url), name="am", cluster="", watch=Watch()).held()

    assert len(found) >= len(PATTERNS) - 1
    assert [(one.asked, one.status) for one in outcomes.outcomes] == [("alerts", "partial")]
    assert "alerts of Alertmanager" in outcomes.outcomes[0].detail
    assert failed.value.is_too_large
    assert len(heard) <= 2 * (MOST_ASKED + len(PATTERNS) + 2)


async def test_one_that_takes_no_matchers_is_asked_twice_and_no_more() -> None:
    heard: list[Asked] = []
    with answering(alike(lambda _: True, heard)) as url, pytest.raises(SourceFailed) as failed:
        await AlertmanagerAlerts(backed(url)).alerts(HOUR)

    assert failed.value.is_too_large
    assert len(heard) == 2


def refusing(asked: Asked) -> Said:
    given = asked.query.get("filter", "")
    if not given:
        return said(" " * (MOST_BYTES + 1))
    return said("[]") if given == 'alertname=""' else said('{"code": 400, "message": "bad matcher"}', status=400)


async def test_one_that_refuses_a_part_is_told_and_nothing_is_told_of_half_of_it() -> None:
    with answering(refusing) as url, pytest.raises(SourceFailed, match="400"):
        await AlertmanagerAlerts(backed(url)).alerts(HOUR)
