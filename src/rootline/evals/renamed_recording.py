"""A recording under made-up names, where its files are too large to be rewritten for every case."""

import random
import re
from collections.abc import Mapping
from dataclasses import replace

from rootline.evals.investigated import Opened
from rootline.evals.suite import Prediction
from rootline.tapes.recording import Recording


def opened(recording: Recording, rename: int | None) -> Opened:
    """Return the recording as it is, or under names that a seed draws."""
    if rename is None:
        return Opened(recording=recording)
    names = _made_up(recording, rename)
    original = {new: old for old, new in names.items()}

    def back(prediction: Prediction) -> Prediction:
        told = {
            "ranked": tuple(
                one.model_copy(update={"service": original.get(one.service or "", one.service)})
                for one in prediction.ranked
            ),
            "first_failing_service": original.get(
                prediction.first_failing_service or "", prediction.first_failing_service
            ),
        }
        return prediction.model_copy(update=told)

    return Opened(recording=_renamed(recording, names), back=back)


def _made_up(recording: Recording, seed: int) -> Mapping[str, str]:
    edges = (name for one in recording.edges or () for name in (one.caller, one.callee))
    owners = (one.service for part in (recording.series, recording.spans, recording.lines) for one in part or ())
    names = sorted({*edges, *owners} - {""})
    numbers = random.Random(seed).sample(range(10_000), len(names))  # noqa: S311 a seed makes the names repeatable
    return {name: f"unit{number:04d}" for name, number in zip(names, numbers, strict=True)}


def _renamed(recording: Recording, names: Mapping[str, str]) -> Recording:
    """Swap whole names wherever they stand, in text and operations too."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(re.escape(name) for name in longest_first) or r"\Z\A", re.IGNORECASE)
    folded = {name.lower(): new for name, new in names.items()}

    def swap(text: str) -> str:
        return pattern.sub(lambda match: folded[match.group(0).lower()], text)

    question = recording.question
    return replace(
        recording,
        question=question.model_copy(update={"text": swap(question.text), "service": swap(question.service)}),
        series=recording.series and tuple(replace(one, service=swap(one.service)) for one in recording.series),
        alerts=recording.alerts
        and tuple(
            replace(one, service=swap(one.service), name=swap(one.name), summary=swap(one.summary))
            for one in recording.alerts
        ),
        edges=recording.edges
        and tuple(replace(one, caller=swap(one.caller), callee=swap(one.callee)) for one in recording.edges),
        spans=recording.spans
        and tuple(replace(one, service=swap(one.service), operation=swap(one.operation)) for one in recording.spans),
        lines=recording.lines
        and tuple(
            replace(one, service=swap(one.service), text=swap(one.text), instance=swap(one.instance))
            for one in recording.lines
        ),
    )
