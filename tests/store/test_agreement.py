"""Whatever is done in whatever order, the journal in memory and the one in PostgreSQL keep and refuse the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from tests.store.examples import (
    ASKS,
    NOON,
    QUESTION,
    READS,
    answer,
    checked,
    detected,
    evidence,
    feedback,
    hypothesis,
    incident,
    investigation,
    plan,
    session,
)

from rootline.domain.incident import IncidentState, Transition
from rootline.domain.session import LONGEST_LIFE, Message
from rootline.domain.tenant import Actor
from rootline.errors import NotFound
from rootline.store.journal import Journal, MemoryJournal
from rootline.store.postgres import Store
from rootline.store.refusals import Refused

pytestmark = pytest.mark.anyio
STEPS = 60
CHATS, ASKED, TROUBLES = (1, 2), (1, 2, 3), (1, 2)
STATES: Sequence[IncidentState] = ("detected", "acknowledged", "resolved")
MESSAGES = (ASKS, READS, Message(role="assistant", text="So it is."))


@dataclass(frozen=True)
class Step:
    """Something done to a journal, and how it is called when two journals differ over it."""

    name: str
    do: Callable[[Journal], object]


def step(random: Random) -> Step:
    """Draw what somebody could do next, sensible or not."""
    return random.choice(DRAWN)(random)


def opening_a_session(random: Random) -> Step:
    chat = session(random.choice(CHATS), title=random.choice(["Slow", "Slow", "Other"]))
    return Step(f"open session {chat.title}", lambda journal: journal.open_session(chat))


def asking(random: Random) -> Step:
    late = random.random() < 0.1
    of = session(random.choice(CHATS))
    one = investigation(random.choice(ASKED), of, NOON + LONGEST_LIFE + timedelta(days=9) if late else NOON)
    one = one.model_copy(update={"id": investigation(random.choice(ASKED)).id})
    said = random.choice([QUESTION, QUESTION, Message(role="user", text="Something else?")])
    return Step("open investigation", lambda journal: journal.open_investigation(one, said))


def saying(random: Random) -> Step:
    one, place = investigation(random.choice(ASKED)), random.randrange(4)
    some = [random.choice(MESSAGES) for _ in range(random.randrange(1, 3))]
    read = [evidence(random.choice(["E1", "E2"]), random.choice(["p99", "p50"]))] if random.random() < 0.4 else []
    return Step(f"say at {place}", lambda journal: journal.add_messages(one.id, place, some, read))


def reading(random: Random) -> Step:
    one = investigation(random.choice(ASKED))
    read = [evidence(random.choice(["E1", "E1", "E2"]), random.choice(["checkout p99", "checkout p99", "p50"]))]
    return Step("add evidence", lambda journal: journal.add_messages(one.id, 0, [], read))


def concluding(random: Random) -> Step:
    one = investigation(random.choice(ASKED))
    said = random.choice([answer(), answer(), answer(hypothesis(1), hypothesis(2)), answer(hypothesis(2))])
    end = random.choice(["done", "done", "cancelled", "running"])
    made = random.choice([None, plan(), plan(rank=2)])
    return Step(f"conclude {end}", lambda journal: journal.conclude(one.id, said, end, made))  # type: ignore[arg-type]


def closing(random: Random) -> Step:
    one, end = investigation(random.choice(ASKED)), random.choice(["cancelled", "failed", "done", "running"])
    return Step(f"close {end}", lambda journal: journal.close(one.id, end))  # type: ignore[arg-type]


def checking_again(random: Random) -> Step:
    one, mark = investigation(random.choice(ASKED)), random.choice([checked("stale"), checked("stale", value=77.0)])
    return Step("check again", lambda journal: journal.add_recheck(one.id, [mark]))


def planning(random: Random) -> Step:
    one, made = investigation(random.choice(ASKED)), plan(rank=random.randrange(1, 4), title=random.choice("ab"))
    return Step("plan", lambda journal: journal.add_plan(one.id, made))


def judging(random: Random) -> Step:
    said = feedback(investigation(random.choice(ASKED)), random.choice([None, 1, 2, 9]), random.choice("ab"))
    return Step(f"judge {said.hypothesis_rank}", lambda journal: journal.add_feedback(said))


def detecting(random: Random) -> Step:
    one = incident(random.choice(TROUBLES))
    first = detected(one)
    odd = first.model_copy(update={"after": random.choice([*STATES, "detected", "detected"])})
    return Step("open incident", lambda journal: journal.open_incident(one, odd))


def moving(random: Random) -> Step:
    one, before, after = incident(random.choice(TROUBLES)), random.choice(STATES), random.choice(STATES[1:])
    at = NOON + timedelta(minutes=random.randrange(3))
    moved = Transition(incident=one.id, before=before, after=after, at=at, actor="ada")
    return Step(f"move {before} to {after}", lambda journal: journal.move_incident(moved))


def renaming(random: Random) -> Step:
    one = incident(random.choice(TROUBLES)).model_copy(update={"title": random.choice("ab"), "state": "resolved"})
    return Step("revise incident", lambda journal: journal.revise_incident(one))


DRAWN = (
    opening_a_session,
    asking,
    asking,
    saying,
    saying,
    saying,
    reading,
    reading,
    concluding,
    closing,
    checking_again,
    planning,
    judging,
    detecting,
    moving,
    moving,
    renaming,
)


async def outcome(one: Step, journal: Journal) -> object:
    """What a step returns, or that it was refused; of several rules that refuse it, each journal may name another."""
    try:
        return await one.do(journal)  # type: ignore[misc]  # every step is awaitable
    except (Refused, NotFound) as refused:
        return "refused" if isinstance(refused, Refused) else "not found"


async def everything(journal: Journal) -> dict[str, object]:
    """All that a journal can be asked for."""
    held = await journal.investigations()
    troubles = await journal.incidents()
    return {
        "sessions": list(await journal.sessions()),
        "investigations": list(held),
        "of a session": [list(await journal.investigations(session(one).id)) for one in CHATS],
        "records": [await journal.record(one.id) for one in held],
        "summaries": [await journal.summary(one.id) for one in held],
        "judged": list(await journal.judged()),
        "incidents": list(troubles),
        "transitions": [list(await journal.transitions(one.id)) for one in troubles],
    }


@pytest.mark.parametrize("seed", range(16))
async def test_two_journals_agree_on_any_sequence_of_steps(seed: int, store: Store, actor: Actor) -> None:
    random, memory = Random(seed), MemoryJournal()  # noqa: S311 made up, not secret
    await store.ensure_tenant(actor.tenant, "a test")
    postgres = store.journal(actor)
    taken: list[str] = []

    for _ in range(STEPS):
        one = step(random)
        kept, stored = await outcome(one, memory), await outcome(one, postgres)
        taken.append(one.name)
        assert (taken, stored) == (taken, kept)

    assert await everything(postgres) == await everything(memory)


async def test_the_steps_that_are_drawn_both_succeed_and_are_refused() -> None:
    counts = {"kept": 0, "refused": 0}
    for seed in range(12):
        random, memory = Random(seed), MemoryJournal()  # noqa: S311 made up, not secret
        for _ in range(STEPS):
            found = await outcome(step(random), memory)
            counts["refused" if isinstance(found, str) else "kept"] += 1

    assert min(counts.values()) > 100
