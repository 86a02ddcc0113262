"""A recording under made-up names, where its files are too large to be rewritten for every case."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rootline.evals.investigated import Opened
from rootline.evals.suite import Prediction
from rootline.tapes.recording import Recording

_TEXTS = ("first_failing_service", "told")
Swap = Callable[[str], str]


def opened(recording: Recording, rename: int | None) -> Opened:
    """Return the recording as it is, or under names that a seed draws."""
    if rename is None:
        return Opened(recording=recording)
    names = _made_up(recording, rename)
    restore = _swap({new: old for old, new in names.items()})
    return Opened(recording=_renamed(recording, _swap(names)), back=lambda prediction: _restored(prediction, restore))


def _restored(prediction: Prediction, restore: Swap) -> Prediction:
    """Put the suite's own names back wherever the prediction has text."""
    ranked = tuple(
        one.model_copy(update={"service": None if one.service is None else restore(one.service)})
        for one in prediction.ranked
    )
    words = {name: value for name, value in prediction if name in _TEXTS and isinstance(value, str)}
    return prediction.model_copy(update={"ranked": ranked, **{name: restore(value) for name, value in words.items()}})


def _made_up(recording: Recording, seed: int) -> Mapping[str, str]:
    edges = (name for one in recording.edges or () for name in (one.caller, one.callee))
    owners = (
        one.service
        for part in (recording.series, recording.spans, recording.lines, recording.alerts)
        for one in part or ()
    )
    names = sorted({*edges, *owners, recording.question.service} - {""})
    numbers = random.Random(seed).sample(range(10_000), len(names))  # noqa: S311 a seed makes the names repeatable
    return {name: f"unit{number:04d}" for name, number in zip(names, numbers, strict=True)}


def _swap(names: Mapping[str, str]) -> Swap:
    """Return a function that swaps whole names wherever they stand."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(re.escape(name) for name in longest_first) or "(?!)", re.IGNORECASE)
    folded = {name.lower(): new for name, new in names.items()}
    return lambda text: pattern.sub(lambda match: folded[match.group(0).lower()], text)


def _renamed(recording: Recording, swap: Swap) -> Recording:
    """Swap names in every part that was recorded, in text and operations too."""
    question = recording.question
    return replace(
        recording,
        question=question.model_copy(update={"text": swap(question.text), "service": swap(question.service)}),
        series=recording.series
        and tuple(
            replace(one, service=swap(one.service), labels=_values(one.labels, swap)) for one in recording.series
        ),
        alerts=recording.alerts
        and tuple(
            replace(
                one,
                service=swap(one.service),
                name=swap(one.name),
                summary=swap(one.summary),
                labels=_values(one.labels, swap),
            )
            for one in recording.alerts
        ),
        edges=recording.edges
        and tuple(replace(one, caller=swap(one.caller), callee=swap(one.callee)) for one in recording.edges),
        spans=recording.spans
        and tuple(
            replace(
                one,
                service=swap(one.service),
                operation=swap(one.operation),
                attributes=_values(one.attributes, swap),
            )
            for one in recording.spans
        ),
        lines=recording.lines
        and tuple(
            replace(one, service=swap(one.service), text=swap(one.text), instance=swap(one.instance))
            for one in recording.lines
        ),
        cluster=recording.cluster
        and tuple(
            replace(one, query=replace(one.query, name=swap(one.query.name)), text=swap(one.text))
            for one in recording.cluster
        ),
    )


def _values(labels: Mapping[str, str], swap: Swap) -> dict[str, str]:
    return {name: swap(value) for name, value in labels.items()}
