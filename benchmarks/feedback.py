"""What people's verdicts do to later rankings, measured over a suite of labelled incidents, and taken back again.

    python -m benchmarks.feedback cloudops DATA --seed 1

Half of the cases are answered and judged: right answers are confirmed; of wrong ones the first explanation is
rejected and, where the true one stands further down, that one is set as the root cause. The other half is answered
three times: knowing nothing, remembering those verdicts, and after each verdict was taken back. Printed are the share
right at rank 1, the mean confidence of right and of wrong answers, and how many answers differ from the first time.
After all was taken back none may differ: the command ends with 1 if one does. Make the cases hard enough to be wrong
on some with `benchmarks/withhold.py`.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rootline.desk import Desk
from rootline.domain.incident import Feedback
from rootline.domain.incident import Verdict as Said
from rootline.evals.investigated import Investigated
from rootline.evals.run import INVESTIGATED
from rootline.evals.suite import Case, Prediction, Verdict
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.journal import MemoryJournal, Record

AUTHOR = "benchmark"


@dataclass(frozen=True)
class Answered:
    """One case with its stored answer, what was predicted of it and whether that was right."""

    case: Case
    record: Record
    prediction: Prediction
    verdict: Verdict


def desk() -> Desk:
    """Return a desk that knows nothing."""
    return memory_desk(Settings(home=Path()))


async def answer(suite: Investigated, case: Case, at: Desk) -> Answered:
    """Investigate a case at a desk, whose journal remembers it."""
    opened = suite.incidents.open(case, None)
    record = await at.solve(replace(opened.recording, title="case"), "case")
    prediction = opened.back(suite.incidents.predict(record, case, 0.0))
    verdict = suite.judge(prediction, case)
    if verdict is None:
        raise SystemExit(f"{case.name} has no truth beside it; verdicts cannot be given.")
    return Answered(case, record, prediction, verdict)


def rank_of_truth(suite: Investigated, one: Answered) -> int:
    """Return the rank of the first right explanation; 0 where none is."""
    for rank, ranked in enumerate(one.prediction.ranked, 1):
        alone = one.prediction.model_copy(update={"ranked": (ranked,)})
        judged = suite.judge(alone, one.case)
        if judged is not None and judged.right:
            return rank
    return 0


def verdicts(suite: Investigated, one: Answered) -> list[tuple[int, Said]]:
    """Return what somebody who knows the truth says of an answer, as rank and word."""
    known = len(one.record.answer.hypotheses) if one.record.answer else 0
    rank = rank_of_truth(suite, one)
    said: list[tuple[int, Said]] = [(1, "confirmed" if rank == 1 else "rejected")]
    if rank > 1:
        said.append((rank, "root_cause_set"))
    return [(place, word) for place, word in said if place <= known]


async def say(at: Desk, one: Answered, said: Sequence[tuple[int, Said]]) -> None:
    """Append verdicts to an investigation."""
    for rank, word in said:
        entry = Feedback(
            investigation=one.record.investigation.id,
            hypothesis_rank=rank,
            verdict=word,
            author=AUTHOR,
            text="",
            at=at.clock(),
        )
        await at.journal.add_feedback(entry)


async def each(suite: Investigated, cases: Sequence[Case], make: Callable[[], Awaitable[Desk]]) -> list[Answered]:
    """Answer each case at a desk of its own, so that no answer is remembered by the next."""
    return [await answer(suite, case, await make()) for case in cases]


class Forgetful(MemoryJournal):
    """A journal that remembers what another one was told, and keeps new investigations to itself."""

    def __init__(self, taught: MemoryJournal) -> None:
        super().__init__()
        self._records.update(taught._records)  # noqa: SLF001 a copy of its own kind
        self._sessions.update(taught._sessions)  # noqa: SLF001 see above


def table(name: str, answers: Sequence[Answered], first: Sequence[Answered]) -> str:
    """Return one line of figures."""
    right = [one.verdict.confidence for one in answers if one.verdict.right]
    wrong = [one.verdict.confidence for one in answers if not one.verdict.right and not one.verdict.abstained]
    differ = sum(not same(one, other) for one, other in zip(answers, first, strict=True))
    sure, unsure = (sum(some) / len(some) if some else 0.0 for some in (right, wrong))
    return f"{name:<34}{len(right) / len(answers):>8.3f}{sure:>12.3f}{unsure:>12.3f}{differ:>10}"


def same(one: Answered, other: Answered) -> bool:
    """Whether two answers to one case say the same with the same confidence."""
    return one.prediction == other.prediction


async def measure(suite: Investigated, cases: Sequence[Case]) -> bool:
    """Print the three lines; return whether taking all verdicts back restored every answer."""
    taught, asked = cases[::2], cases[1::2]
    memory = MemoryJournal()
    teacher = replace(desk(), journal=memory)

    async def fresh() -> Desk:
        return desk()

    async def remembering() -> Desk:
        return replace(desk(), journal=Forgetful(memory))

    known = [await answer(suite, case, teacher) for case in taught]
    before = await each(suite, asked, fresh)
    for one in known:
        await say(teacher, one, verdicts(suite, one))
    after = await each(suite, asked, remembering)
    for one in known:
        await say(teacher, one, [(rank, "uncertain") for rank, _ in verdicts(suite, one)])
    restored = await each(suite, asked, remembering)
    print(f"{len(taught)} cases judged, {len(asked)} asked")
    print(f"{'':<34}{'right':>8}{'sure right':>12}{'sure wrong':>12}{'differ':>10}")
    print(table("knowing nothing", before, before))
    print(table("remembering the verdicts", after, before))
    print(table("after all was taken back", restored, before))
    return all(same(one, other) for one, other in zip(restored, before, strict=True))


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=sorted(INVESTIGATED))
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    suite = INVESTIGATED[given.suite]()
    cases = list(suite.cases(given.data))
    random.Random(given.seed).shuffle(cases)
    sys.exit(0 if asyncio.run(measure(suite, cases)) else 1)


if __name__ == "__main__":
    main()
