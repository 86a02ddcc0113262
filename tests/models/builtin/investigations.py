"""Made-up incidents, whole or in part, and what the built-in investigator makes of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.fakes.incident import HOUR, ONSET, incident

from rootline.desk import Desk
from rootline.domain.hypothesis import Answer
from rootline.domain.session import Question
from rootline.ground import Ground
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.journal import Record
from rootline.tapes.recording import Recording


def desk() -> Desk:
    return memory_desk(Settings(home=Path("unused")))


async def record_of(recording: Recording, at: Desk | None = None) -> Record:
    used = at or desk()
    opened = await used.open(recording.question, origin="made up")
    return await used.run(opened, Ground.of(recording, "made up"))


async def answer_to(recording: Recording) -> Answer:
    record = await record_of(recording)
    assert record.answer is not None
    return record.answer


async def seen_in(recording: Recording) -> Seen:
    record = await record_of(recording)
    return Seen(Shelf({one.label: one for one in record.evidence}), was_detected=True)


def without_changes() -> Recording:
    return replace(incident(), changes=None)


def quiet() -> Recording:
    """The same changes and calm services, asked about by somebody who is curious."""
    whole = incident()
    calm = tuple(one for one in whole.series or () if one.service not in {"service-0", "service-1"})
    lines = tuple(one for one in whole.lines or () if one.severity == "INFO")
    question = Question(text="Anything unusual?", window=HOUR, trigger="custom")
    return replace(whole, series=calm, lines=lines, spans=None, alerts=(), question=question)


def strained(*, felt: bool) -> Recording:
    """A curious question while the memory of a service leaps; where felt, its requests take four times as long."""
    calm = replace(quiet(), question=Question(text="Why is service-3 slow?", window=HOUR))
    leaps = {("service-3", "memory_bytes"), *([("service-3", "latency_seconds")] if felt else [])}
    series = tuple(
        replace(one, values=np.where(one.times >= ONSET.timestamp(), 4 * one.values, one.values))
        if (one.service, one.metric) in leaps
        else one
        for one in calm.series or ()
    )
    return replace(calm, series=series, changes=None)


def asking(text: str) -> Recording:
    whole = incident()
    return replace(whole, question=Question(text=text, window=HOUR))
