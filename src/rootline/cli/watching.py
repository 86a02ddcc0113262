"""`rootline watch`: evaluates on a schedule, and prints what it decided."""

import argparse
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from rootline.analysis.detection.policy import Policy
from rootline.cli.codes import DONE
from rootline.cli.find import tape_folder
from rootline.cli.saying import say, say_json
from rootline.cli.standing import choice, refuse_both
from rootline.desk import Desk
from rootline.domain.anomaly import WatchRound
from rootline.domain.moment import read_length
from rootline.domain.window import rfc3339
from rootline.errors import Misconfigured
from rootline.forgetting import forgetting
from rootline.ground import load_tape
from rootline.intake.watching.opening import open_watches
from rootline.intake.watching.policy_files import read_policy, shipped_policy
from rootline.intake.watching.recorded import rounds_of_recording
from rootline.intake.watching.schedule import in_background, once, rounds_of
from rootline.intake.watching.watcher import Watcher
from rootline.live import Choice, chosen_stacks
from rootline.opening import memory_desk, open_desk
from rootline.settings import Settings
from rootline.sources.fleet.guard import Watch as Guarding
from rootline.tools.wording import cut

LONGEST_NAME = 200
USUAL_INTERVAL = timedelta(minutes=1)
_SHORTEST, _LONGEST = timedelta(seconds=15), timedelta(hours=1)


async def watch(given: argparse.Namespace, settings: Settings) -> int:
    """Watch a tape or the live metrics, until interrupted unless once is enough."""
    refuse_both(given)
    interval = interval_of(given.interval)
    policy = read_policy(given.policy) if given.policy else shipped_policy()
    watched = _taped(given, settings, policy, interval) if given.tape else _live(given, settings, policy, interval)
    async with aclosing(watched):
        async for some in watched:
            _show(some, as_json=given.json, is_alone=given.once)
            if given.once:
                break
    return DONE


async def _live(
    given: argparse.Namespace, settings: Settings, policy: Policy, interval: timedelta
) -> AsyncGenerator[list[WatchRound]]:
    """Yield the rounds that became due of each chosen cluster, again and again, or once."""
    chosen = choice(given)
    async with open_desk(settings) as desk, forgetting(desk):
        watch = Guarding(deadline_s=chosen.deadline_s, clock=desk.clock)
        watchers = await _watchers(desk, chosen, policy, interval, watch)
        async with aclosing(_once(watchers, desk) if given.once else rounds_of(watchers, desk.clock)) as due:
            async for some in due:
                await desk.fleet.note(watch.contacts.drain())
                yield some


async def _once(watchers: Sequence[Watcher], desk: Desk) -> AsyncGenerator[list[WatchRound]]:
    yield await once(watchers, desk.clock())


@asynccontextmanager
async def watched_by(desk: Desk, chosen: Choice) -> AsyncIterator[None]:
    """Watch the live metrics of the chosen clusters by the shipped policy, once a minute, while the block runs."""
    watch = Guarding(deadline_s=chosen.deadline_s, clock=desk.clock)
    watchers = await _watchers(desk, chosen, shipped_policy(), USUAL_INTERVAL, watch)
    async with in_background(watchers, desk.clock):
        yield


async def _watchers(
    desk: Desk, chosen: Choice, policy: Policy, interval: timedelta, watch: Guarding
) -> tuple[Watcher, ...]:
    """Make a watch of each chosen cluster; of what is configured where none is chosen."""
    stacks = await chosen_stacks(desk, replace(chosen, may_be_bare=True))
    return open_watches(
        stacks,
        variables=desk.settings.environment,
        journal=desk.journal,
        intake=desk.intake,
        book=desk.watchbook,
        clean=desk.redactor.text,
        policy=policy,
        interval=interval,
        watch=watch,
    )


async def _taped(
    given: argparse.Namespace, settings: Settings, policy: Policy, interval: timedelta
) -> AsyncGenerator[list[WatchRound]]:
    """Evaluate a recording slot by slot, and yield each round, or the last where once is enough. Nothing is stored."""
    recording, ground = load_tape(tape_folder(given.tape))
    if ground.sources.metrics is None:
        raise Misconfigured(f"The tape {given.tape!r} holds no metrics to watch.")
    desk = memory_desk(settings)
    watcher = Watcher(
        metrics=ground.sources.metrics,
        journal=desk.journal,
        book=desk.watchbook,
        policy=policy,
        cluster=recording.title[:LONGEST_NAME],
        interval=interval,
    )
    last: list[WatchRound] = []
    async for one in rounds_of_recording(watcher, recording.question.window):
        last = [one]
        if not given.once:
            yield last
    if given.once and last:
        yield last


def _show(done: Sequence[WatchRound], *, as_json: bool, is_alone: bool) -> None:
    if as_json and is_alone:
        say_json([one.model_dump(mode="json") for one in done])
        return
    for one in done:
        say(json.dumps(one.model_dump(mode="json"))) if as_json else say(*_lines(one))
    if is_alone and not done:
        say("Nothing is due: this slot was evaluated before.")


def _lines(one: WatchRound) -> list[str]:
    """Render a round: one line, and one more for each candidate and failure."""
    saying = f"{len(one.features)} deviating" if one.features else "quiet"
    head = f"{rfc3339(one.slot)}  {cut(one.cluster, 30)}  {one.services} services, {one.series} series, {saying}"
    failed = [f"  failed      {cut(failure, 200)}" for failure in one.failures]
    gated = [f"  {found.action:<11} {cut(found.service, 40)}  {cut(found.rationale, 300)}" for found in one.gated]
    return [head, *failed, *gated]


def interval_of(text: str) -> timedelta:
    """Read a length such as 60s, 5m or 1h, or plain seconds; raise Misconfigured outside of 15 seconds to an hour."""
    length = read_length(text) or read_length(f"{text.strip()}s") or timedelta()
    if not _SHORTEST <= length <= _LONGEST:
        raise Misconfigured(f"--interval {text[:20]!r} is not between 15s and 1h. Write it like 60s or 5m.")
    return length
