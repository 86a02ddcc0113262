"""An alert that nobody asks any more: those who used to ask explain it, and what they no longer do counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from tests.fakes.incident import incident
from tests.models.builtin.investigations import seen_in, without_changes

from rootline.domain.fact import BehaviourFact
from rootline.models.builtin.agreeing import OTHERWISE, weighed
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.from_services import EXPLAINS, weighed_services
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot
from rootline.tapes.recording import Recording

pytestmark = pytest.mark.anyio


class Otherwise(Seen):
    """The same, but that a service clearly does other things than it usually did."""

    @property
    def unlike(self) -> Mapping[str, Sequence[Spot[BehaviourFact]]]:
        """What its traces show."""
        fact = BehaviourFact(subject="service-1", strength=0.9, changed=0.8)
        return {"service-1": [Spot(evidence="E4", index=0, fact=fact)]}


CHANGED = Candidate(
    basis="change",
    type="release",
    subject="service-1",
    cause="early_exit_added",
    change="1" * 40,
    remediation="",
    parts=(),
    support=(),
)


def with_alert(name: str, service: str, whole: Recording) -> Recording:
    alerts = [replace(one, name=name, summary="", metric="", service=service) for one in whole.alerts or ()]
    return replace(whole, alerts=tuple(alerts))


def said(seen: Seen, service: str) -> dict[str, float]:
    (one,) = weighed_services(seen, [service])
    return {part.name: part.contribution for part in one.parts}


async def test_who_used_to_ask_explains_the_silence_and_who_is_asked_does_not() -> None:
    seen = await seen_in(with_alert("TrafficDropped", "service-0", without_changes()))

    assert said(seen, "service-1")["explains the alert"] == EXPLAINS
    assert not {"explains the alert", "beside the alert"} & said(seen, "service-0").keys()


async def test_a_loud_alert_is_explained_from_below() -> None:
    seen = await seen_in(with_alert("ErrorsHigh", "service-1", without_changes()))

    assert said(seen, "service-0")["explains the alert"] == EXPLAINS
    assert said(seen, "service-2")["beside the alert"] < 0


async def test_who_never_asked_is_beside_a_silent_alert() -> None:
    seen = await seen_in(with_alert("TrafficDropped", "service-1", without_changes()))

    assert said(seen, "service-0")["beside the alert"] < 0
    assert said(seen, "service-2")["beside the alert"] < 0


@pytest.mark.parametrize(("name", "counts"), [("TrafficDropped", True), ("ErrorsHigh", False)])
async def test_a_change_after_which_a_service_does_other_things_is_likelier_where_it_is_silence_that_is_told(
    name: str, *, counts: bool
) -> None:
    seen = await seen_in(with_alert(name, "service-0", incident()))

    parts = {part.name: part.contribution for part in weighed(CHANGED, Otherwise(seen.shelf)).parts}

    assert parts.get("does other things", 0.0) == pytest.approx(OTHERWISE * 0.8 if counts else 0.0)
