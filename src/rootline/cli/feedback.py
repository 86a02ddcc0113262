"""The command by which a person says whether an answer was right."""

import argparse

from rootline.cli.codes import DONE
from rootline.cli.find import investigation
from rootline.cli.saying import say, say_json
from rootline.desk import Desk
from rootline.domain.incident import Feedback
from rootline.errors import NotFound
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.store.journal import Record
from rootline.tools.wording import cut

_LONGEST = 4000


async def feedback(given: argparse.Namespace, settings: Settings) -> int:
    """Append a verdict to an investigation; later rankings are moved by what stands, and a verdict can be taken back.

    Nothing is edited: `uncertain` takes back what the same person said before.
    """
    async with open_desk(settings) as desk:
        return await give(given, desk)


async def give(given: argparse.Namespace, desk: Desk) -> int:
    """Append what was typed and print it."""
    record = await investigation(desk, given.id)
    _refuse_unknown(record, given.hypothesis)
    said = Feedback(
        investigation=record.investigation.id,
        hypothesis_rank=given.hypothesis,
        verdict=given.verdict,
        author=desk.actor.name,
        text=desk.redactor.text(given.text[:_LONGEST]),
        at=desk.clock(),
    )
    await desk.journal.add_feedback(said)
    of = f"explanation {said.hypothesis_rank}" if said.hypothesis_rank else "the answer"
    plain = f"{said.verdict}: {of} of {said.investigation}, {cut(record.investigation.question.text, 80)}"
    say_json(said.model_dump(mode="json")) if given.json else say(plain)
    return DONE


def _refuse_unknown(record: Record, rank: int | None) -> None:
    ranks = [one.rank for one in record.answer.hypotheses] if record.answer else []
    if rank is not None and rank not in ranks:
        known = ", ".join(map(str, ranks)) or "none"
        raise NotFound(f"{record.investigation.id} has no explanation {rank}. It has: {known}. Leave it out for all.")
