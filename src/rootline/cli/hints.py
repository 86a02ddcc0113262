"""What a person can type next, as it can be typed where the command stands."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from rootline.settings import Settings
from rootline.store.journal import Record
from rootline.tools.wording import cut

NAME = "rootline"


def show_hints(console: Console, record: Record, settings: Settings) -> None:
    """Print where to look next: what the alerts hint at, then commands."""
    typed = typed_as(Path(sys.argv[0]), settings.environment.get("PATH", ""))
    console.print("\nWhere to look next", style="bold")
    for hint in (hint for one in record.evidence if one.tool == "get_alerts" for hint in one.reading.hints[:1]):
        console.print(f"  {cut(hint, 400)}", markup=False)
    for words, told in _commands(record):
        console.print(f"  {f'{typed} {words}':<45} {told}", markup=False)


def typed_as(program: Path, path: str) -> str:
    """Return how the command is typed: by its name where a shell finds that, else by where it was started from."""
    if program.name != NAME or shutil.which(NAME, path=path):
        return NAME
    return os.path.relpath(program)


def _commands(record: Record) -> Iterator[tuple[str, str]]:
    best = record.answer.hypotheses[:1] if record.answer else ()
    cited = [selector.evidence for one in best for claim in one.support for selector in claim.claim.selectors]
    yield f"evidence show {cited[0] if cited else 'E1'}", "the numbers and lines behind a claim"
    yield f"session show {record.investigation.id}", "the report, with every hash"
    yield "feedback confirmed", "or rejected: later rankings learn from it"
    yield "chat --tape …", "ask something else"
