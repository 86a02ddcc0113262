"""Runs one fault from a clean start to the verdict."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rootline.domain.window import rfc3339
from rootline.lab.laboratory import Laboratory, opened
from rootline.lab.programs import Programs
from rootline.lab.scenario import Scenario, carry_out, fault_scenario, first_alert, now
from rootline.lab.servers import Firing
from rootline.lab.verdict import Said, Truth, Verdict, judge, said
from rootline.store.journal import Record

LONGEST_TO_ALERT_S = 75.0
SETTLES_S = 8.0
"""Source: ours; so long it takes a person to open a terminal after an alert."""
Investigate = Callable[[Path], Awaitable[Record]]
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One fault: what was done, what was said, when, and whether that was right."""

    fault: str
    seed: int
    truth: Truth
    injected: datetime
    alert: Firing | None
    drafted: datetime
    said: Said
    verdict: Verdict
    innocent_before: int
    innocent_after: int
    seconds: float

    @property
    def alert_to_draft_s(self) -> float | None:
        """Seconds from the alert to the ranked answer."""
        return (self.drafted - self.alert.since).total_seconds() if self.alert else None

    def as_json(self) -> dict[str, object]:
        """Everything, with times as text."""
        rank = self.verdict.change_rank
        alert = self.alert
        return {
            "fault": self.fault,
            "seed": self.seed,
            "injected": rfc3339(self.injected),
            "alert": {"name": alert.name, "service": alert.service, "at": rfc3339(alert.since)} if alert else None,
            "drafted": rfc3339(self.drafted),
            "alert_to_draft_s": None if alert is None else round(self.alert_to_draft_s or 0.0, 1),
            "true_services": list(self.truth.services),
            "culprit": self.truth.change or None,
            "ranked_services": list(self.said.services),
            "hypotheses": [
                {"cause": cause, "change": change or None, "probability": probability}
                for cause, change, probability in zip(
                    self.said.causes, self.said.changes, self.said.probabilities, strict=True
                )
            ],
            "service_rank": self.verdict.service_rank,
            "culprit_rank": rank if self.truth.change else "no change",
            "culprit_is_right": self.verdict.change_is_right,
            "verdict": self.verdict.words,
            "innocent_before": self.innocent_before,
            "innocent_after": self.innocent_after,
            "seconds": round(self.seconds, 1),
        }


async def check_one(
    name: str, seed: int, folder: Path, programs: Programs, investigate: Investigate, tell: Tell
) -> Outcome:
    """Start a laboratory, break it, wait for the alert, investigate live, and end it again."""
    begun, scenario = time.monotonic(), fault_scenario(name, seed)
    async with opened(folder, programs, seed=seed, tell=tell) as laboratory:
        done = await carry_out(laboratory, scenario)
        alert = await first_alert(laboratory.addresses.alertmanager, done.at, LONGEST_TO_ALERT_S)
        tell(f"{alert.name} fires for {alert.service}" if alert else "no alert fired")
        await asyncio.sleep(SETTLES_S)
        record = await investigate(laboratory.places.config)
        drafted = now()
        return _outcome(laboratory, scenario, record, seed=seed, alert=alert, drafted=drafted, begun=begun)


def _outcome(
    laboratory: Laboratory,
    scenario: Scenario,
    record: Record,
    *,
    seed: int,
    alert: Firing | None,
    drafted: datetime,
    begun: float,
) -> Outcome:
    done = next(one for one in laboratory.happened.all if one.kind in {"culprit", "event"})
    services = scenario.variant.services if scenario.variant else (done.service,)
    truth, told = Truth(services=services, change=done.change), said(record.answer)
    innocent = [one for one in laboratory.happened.all if one.kind == "innocent"]
    return Outcome(
        fault=scenario.name,
        seed=seed,
        truth=truth,
        injected=done.at,
        alert=alert,
        drafted=drafted,
        said=told,
        verdict=judge(told, truth),
        innocent_before=sum(one.at < done.at for one in innocent),
        innocent_after=len(scenario.plan.after),
        seconds=time.monotonic() - begun,
    )


def totals(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Sum up a check."""
    blamed = [one for one in outcomes if one.truth.change]
    others = [one for one in outcomes if not one.truth.change]
    waits = [one.alert_to_draft_s for one in outcomes if one.alert_to_draft_s is not None]
    return {
        "faults": len(outcomes),
        "alerted": len(waits),
        "service_first": sum(one.verdict.service_rank == 1 for one in outcomes),
        "service_in_first_two": sum((one.verdict.service_rank or 9) <= 2 for one in outcomes),  # noqa: PLR2004 the bar's own number
        "culprit_first": sum(one.verdict.change_is_right for one in blamed),
        "with_culprit": len(blamed),
        "no_change_said": sum(one.verdict.change_is_right for one in others),
        "without_culprit": len(others),
        "longest_alert_to_draft_s": round(max(waits), 1) if waits else None,
        "longest_fault_s": round(max((one.seconds for one in outcomes), default=0.0), 1),
    }


def whole(outcomes: Sequence[Outcome], seed: int) -> dict[str, object]:
    """Return what `--json` writes."""
    return {"seed": seed, "totals": totals(outcomes), "faults": [one.as_json() for one in outcomes]}
