"""How an investigation ended, as an exit code; `docs/cli.md` lists the codes."""

from rootline.cli.codes import DONE, INCONCLUSIVE
from rootline.store.journal import Record


def code_of(record: Record) -> int:
    """Return 4 where the evidence decides nothing or nothing was answered, else 0."""
    return INCONCLUSIVE if record.answer is None or record.answer.outcome == "inconclusive" else DONE
