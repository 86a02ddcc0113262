"""A fault with everything around it: planned by a seed, carried out, and awaited until its alert fires."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rootline.errors import NotFound
from rootline.lab.config_files import SERVICES
from rootline.lab.edits import Work
from rootline.lab.fault import Fault, Variant
from rootline.lab.faults import FAULTS, fault
from rootline.lab.happened import Happening
from rootline.lab.laboratory import Laboratory
from rootline.lab.patch import Patch, read_patch
from rootline.lab.plan import Plan, plan, variant_of
from rootline.lab.servers import Firing, firing

SHIPPED = Path(__file__).parent
"""Holds the folder `shop` as it ships."""
_ASK_EVERY_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is going to happen. `variant` is None for a stranger's patch."""

    name: str
    plan: Plan
    variant: Variant | None
    strike: Callable[[Laboratory], Awaitable[Happening]]
    patch: Patch | None = None


def known_fault(name: str) -> Fault:
    """Return a fault; raise NotFound that lists them."""
    found = fault(name)
    if found is None:
        raise NotFound(f"There is no fault {name!r}. Known: {', '.join(one.name for one in FAULTS)}.")
    return found


def fault_scenario(name: str, seed: int) -> Scenario:
    """Plan a fault of ours."""
    variant = variant_of(known_fault(name), seed)
    planned = plan(seed, name, [variant.does] if isinstance(variant.does, Work) else [])
    return Scenario(name=name, plan=planned, variant=variant, strike=lambda lab: lab.strike(variant, planned.author))


def patch_scenario(file: Path, service: str, seed: int) -> Scenario:
    """Plan the deployment of a stranger's unified diff; raise Misconfigured when it cannot be one."""
    if service not in SERVICES:
        raise NotFound(f"There is no service {service!r} in the shop. Known: {', '.join(SERVICES)}.")
    patch = read_patch(file, service)
    touched = patch.paths(patch.way(SHIPPED))
    planned = plan(seed, f"patch of {service}", files=touched)

    async def strike(laboratory: Laboratory) -> Happening:
        return await laboratory.patch(patch, planned.author)

    return Scenario(name=file.name, plan=planned, variant=None, strike=strike, patch=patch)


async def carry_out(laboratory: Laboratory, scenario: Scenario) -> Happening:
    """Let it happen up to the fault."""
    return await laboratory.carry_out(scenario.plan, lambda: scenario.strike(laboratory))


async def first_alert(alertmanager: str, since: datetime, longest_s: float) -> Firing | None:
    """Wait for an alert that began to fire after a moment; None where none does in time."""
    end = asyncio.get_running_loop().time() + longest_s
    while asyncio.get_running_loop().time() < end:
        found = next((one for one in await firing(alertmanager) if one.since >= since), None)
        if found is not None:
            return found
        await asyncio.sleep(_ASK_EVERY_S)
    return None


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(tz=UTC)
