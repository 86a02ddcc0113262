"""Deliveries and notices to store, and the simplest decision there is: everything is one incident's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tests.store.examples import NOON, detected, identity, incident

from rootline.domain.notice import Delivery, Notice, NoticeState, ReportedChange
from rootline.intake.keys import key_of
from rootline.store.intake import Decide, Decision, Standing


def delivery(number: int = 1, vendor: str = "alertmanager", received_at: datetime = NOON) -> Delivery:
    return Delivery(
        id=identity(7000 + number, received_at),
        vendor=vendor,
        key=key_of("delivery", str(number)),
        sender="ada",
        received_at=received_at,
        body={"alerts": ["\x00 half a pair \ud83d", 1e-300, None]},
    )


def notice(
    name: str = "Slow", state: NoticeState = "firing", minute: float = 0, service: str = "checkout", **fields: object
) -> Notice:
    at = NOON + timedelta(minutes=minute)
    plain = Notice(
        key=key_of(name, service, state, str(minute)),
        vendor="alertmanager",
        fingerprint=key_of(name, service),
        state=state,
        at=at,
        fired_at=at,
        name=name,
        service=service,
        severity="high",
        labels={"alertname": name, "service": service},
    )
    return plain.model_copy(update=fields)


def change(number: int = 1, at: datetime = NOON) -> ReportedChange:
    return ReportedChange(key=key_of("change", str(number)), kind="flag", at=at, service="cart", name=f"flag-{number}")


def into(number: int = 1) -> Decide:
    """Open that incident with the first notices; the next ones join it."""
    one = incident(number)

    def decide(standing: Standing, new: Sequence[Notice]) -> Decision:
        placed = tuple(each.model_copy(update={"incident": one.id}) for each in new)
        is_known = any(known.id == one.id for known in standing.incidents)
        return Decision(notices=placed, opened=() if is_known else ((one, detected(one)),))

    return decide


def keeping(reason: str) -> Decide:
    """Suppress everything."""

    def decide(_: Standing, new: Sequence[Notice]) -> Decision:
        return Decision(notices=tuple(each.model_copy(update={"suppressed": reason}) for each in new))

    return decide


NOBODY = UUID(int=0)
