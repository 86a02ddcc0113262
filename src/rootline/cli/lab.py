"""The laboratory: start a shop, break it, see what is found, end it."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.console import Console

from rootline.cli.codes import DONE
from rootline.cli.investigate import investigate
from rootline.cli.parser import parse
from rootline.cli.screen import screen
from rootline.errors import Misconfigured, NotFound
from rootline.lab.check import Outcome, check_one, totals, whole
from rootline.lab.child import Child
from rootline.lab.control import controlled, give
from rootline.lab.faults import FAULTS
from rootline.lab.laboratory import opened
from rootline.lab.places import Places
from rootline.lab.programs import find_programs
from rootline.lab.scenario import first_alert, known_fault, now, patch_scenario
from rootline.lab.servers import Firing, firing
from rootline.lab.state import State, read_state, running
from rootline.lab.waiting import until
from rootline.live import live_ground, usual
from rootline.opening import memory_desk
from rootline.remediation.names import short
from rootline.settings import Settings
from rootline.store.journal import Record

QUESTION = "Why does an alert fire?"
QUIET_QUESTION = "What is wrong?"
LONGEST_START_S = 60.0
LONGEST_END_S = 30.0
LONGEST_TO_ALERT_S = 90.0
SETTLES_S = 8.0
Verb = Callable[[argparse.Namespace, Settings], Awaitable[int]]


async def lab(given: argparse.Namespace, settings: Settings) -> int:
    """Run one of the laboratory's verbs."""
    return await _VERBS[given.verb](given, settings)


def _places(given: argparse.Namespace, settings: Settings) -> Places:
    return Places((given.home.expanduser() if given.home else settings.home).resolve() / "lab")


async def _up(given: argparse.Namespace, settings: Settings) -> int:
    places, programs = _places(given, settings), find_programs(settings.environment)
    if read_state(places):
        raise Misconfigured(f"A laboratory runs in {places.folder} already. End it first: rootline lab down.")
    if given.detach:
        return await _detached(given, places)
    console = screen()
    async with opened(places.folder, programs, seed=given.seed, tell=_teller(console)) as laboratory:
        async with controlled(laboratory) as control:
            for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(one, control.ended.set)
            console.print(_welcome(places, running(places)), markup=False)
            await control.ended.wait()
        console.print("Ending every process …", markup=False)
    return DONE


async def _detached(given: argparse.Namespace, places: Places) -> int:
    """Run the same beside, and return when it is up."""
    home = ("--home", str(given.home)) if given.home else ()
    command = [sys.executable, "-m", "rootline.cli", "lab", "up", "--seed", str(given.seed), *home]
    places.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    output = places.folder.parent / "lab.log"
    output.write_text("", encoding="utf-8")
    child = await Child.start("laboratory", command, output, {}, outlives=True)
    if not await until(lambda: read_state(places) is not None or not child.runs, LONGEST_START_S) or not child.runs:
        raise Misconfigured(f"The laboratory did not start. It says: {child.last_words() or 'nothing'}")
    screen().print(_welcome(places, running(places)), markup=False)
    return DONE


def _welcome(places: Places, state: State) -> str:
    return (
        f"The shop is open at {state.gateway}, seen by Prometheus at {state.prometheus} and Alertmanager at "
        f"{state.alertmanager}.\nIts code is in {places.repository}, its state in {places.folder}.\n\n"
        "  rootline lab break NAME       break something; the faults: rootline lab status\n"
        "  rootline lab status           what runs and what fires\n"
        "  rootline lab down             end everything (or Ctrl-C where it was started)\n\n"
        f"{_how_to_ask(places)}"
    )


def _how_to_ask(places: Places) -> str:
    return f'  ROOTLINE_CONFIG={places.config} rootline investigate "{QUESTION}"'


async def _break(given: argparse.Namespace, settings: Settings) -> int:
    places, console = _places(given, settings), screen()
    if bool(given.name) == bool(given.patch) or bool(given.patch) != bool(given.service):
        raise NotFound("Name one fault, or a patch with the service that runs it: --patch FILE --service NAME.")
    if given.patch:
        patch_scenario(given.patch, given.service, given.seed)
    else:
        known_fault(given.name)
    state, struck = running(places), now()
    words = {"name": given.name, "patch": str(given.patch.resolve()) if given.patch else "", "service": given.service}
    async for line in give(state, "break", seed=given.seed, **words):
        console.print(line.told, markup=False) if line.told else None
    console.print("It is done. An alert fires by itself; more is deployed meanwhile.", markup=False)
    if given.investigate:
        return await _solve(places, state, struck, settings)
    console.print(_how_to_ask(places), markup=False)
    return DONE


async def _solve(places: Places, state: State, since: datetime, settings: Settings) -> int:
    """Wait for the alert and investigate, as anybody would by hand; where none fires, too, since much harms unseen."""
    alertmanager, console = state.alertmanager.removeprefix("http://"), screen()
    fired = await first_alert(alertmanager, since, LONGEST_TO_ALERT_S)
    if fired is not None:
        console.print(f"{fired.name} fires for {fired.service}\n", markup=False)
        await asyncio.sleep(SETTLES_S)
    else:
        console.print(_silence(await firing(alertmanager)), markup=False)
    question = QUESTION if fired is not None else QUIET_QUESTION
    return await investigate(parse(["investigate", question]), _standing_on(places.config, settings))


def _silence(still: Sequence[Firing]) -> str:
    """Say that nothing new fired, and what fires since before."""
    named = ", ".join(f"{one.name} of {one.service}" for one in still)
    before = f"{named} fired before and still does. " if named else ""
    return f"No alert fired within {LONGEST_TO_ALERT_S:.0f} s. {before}Asked all the same:\n"


def _standing_on(config: Path, settings: Settings) -> Settings:
    """The settings with nothing but the laboratory's sources."""
    kept = {
        key: value
        for key, value in settings.environment.items()
        if not key.startswith("ROOTLINE_") or key in {"ROOTLINE_HOME", "ROOTLINE_MODEL"}
    }
    return replace(settings, environment={**kept, "ROOTLINE_CONFIG": str(config)})


async def _check(given: argparse.Namespace, settings: Settings) -> int:
    """Run every fault in turn, each from a clean start, and report."""
    programs, console = find_programs(settings.environment), screen()
    places = _places(given, settings)
    if read_state(places):
        raise Misconfigured(f"A laboratory runs in {places.folder}. End it first: rootline lab down.")
    names = [known_fault(name).name for name in given.only] or [one.name for one in FAULTS]
    outcomes: list[Outcome] = []
    for name in names:
        console.print(f"{name}, seed {given.seed}", style="bold", markup=False)
        one = await check_one(
            name,
            given.seed,
            places.folder,
            programs,
            lambda config: _investigated(config, settings),
            _teller(console) if given.verbose else lambda _: None,
        )
        outcomes.append(one)
        console.print(_told(one), markup=False)
        if given.json:
            given.json.write_text(json.dumps(whole(outcomes, given.seed), indent=2) + "\n", encoding="utf-8")
    console.print(_summed(outcomes), markup=False)
    return DONE


async def _investigated(config: Path, settings: Settings) -> Record:
    own = _standing_on(config, replace(settings, model="builtin"))
    desk, ground = memory_desk(own), live_ground(own)
    question = usual(desk, ground).question.model_copy(update={"text": QUESTION})
    return await desk.run(await desk.open(question), ground)


def _told(one: Outcome) -> str:
    truth = one.truth.services[0] + (f", {short(one.truth.change)}" if one.truth.change else ", no change")
    ranked = [
        f"{service}{' ' + short(change) if change else ''} ({probability:.2f} {cause})"
        for service, change, cause, probability in zip(
            one.said.subjects, one.said.changes, one.said.causes, one.said.probabilities, strict=True
        )
    ]
    waited = f"{one.alert_to_draft_s:.1f} s after the alert" if one.alert else "without an alert"
    return (
        f"  {one.verdict.words}: service rank {one.verdict.service_rank}, "
        f"change {'right' if one.verdict.change_is_right else 'wrong'}; draft {waited}, {one.seconds:.0f} s in all\n"
        f"  true: {truth}\n  said: {'; '.join(ranked[:3]) or 'nothing'}"
    )


def _summed(outcomes: list[Outcome]) -> str:
    sums = totals(outcomes)
    return "\n" + "\n".join(f"  {name.replace('_', ' '):<26} {value}" for name, value in sums.items())


async def _status(given: argparse.Namespace, settings: Settings) -> int:
    places, console = _places(given, settings), screen()
    state = read_state(places)
    if state is None:
        console.print(f"No laboratory runs in {places.folder}. Start one: rootline lab up.", markup=False)
    else:
        async for line in give(state, "status"):
            _print_status(console, line.done or {}, truth=given.truth)
        console.print(f"\n{_how_to_ask(places)}", markup=False)
    console.print("\nFaults for rootline lab break:", markup=False)
    for one in FAULTS:
        console.print(f"  {one.name:<20} {one.summary} ({one.variants[0].culprit})", markup=False)
    return DONE


def _print_status(console: Console, told: Mapping[str, object], *, truth: bool) -> None:
    services, versions = told.get("services"), told.get("versions")
    if isinstance(services, dict) and isinstance(versions, dict):
        for name, address in services.items():
            console.print(f"  {name:<12} {address:<22} v{versions.get(name, 1)}", markup=False)
    firing, happened = told.get("firing"), told.get("happened")
    console.print(f"\nfiring: {', '.join(firing) if isinstance(firing, list) and firing else 'nothing'}", markup=False)
    if truth and isinstance(happened, list):
        console.print("\nwhat was done:\n  " + "\n  ".join(str(one) for one in happened), markup=False)


async def _down(given: argparse.Namespace, settings: Settings) -> int:
    places = _places(given, settings)
    state = running(places)
    async for _ in give(state, "down"):
        pass
    if not await until(lambda: not _is_alive(state.pid), LONGEST_END_S):
        raise Misconfigured(f"The laboratory (process {state.pid}) has not ended within {LONGEST_END_S:.0f} s.")
    screen().print("Every process of the laboratory has ended.", markup=False)
    return DONE


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _teller(console: Console) -> Callable[[str], None]:
    return lambda words: console.print(f"  {words}", markup=False)


_VERBS: Mapping[str, Verb] = {
    "up": _up,
    "break": _break,
    "check": _check,
    "status": _status,
    "down": _down,
}
