"""Finds what a person named: a tape, a session, an investigation."""

from importlib.resources import files
from pathlib import Path

from rootline.desk import Desk
from rootline.domain.session import Investigation, Question
from rootline.errors import NotFound, ToolFault
from rootline.store.journal import Record
from rootline.tools.times import resolve


def tape_folder(name: str) -> Path:
    """Return the folder of a tape: as given, or of a shipped one of that name."""
    folder = Path(name).expanduser()
    shipped = Path(str(files("rootline.tapes") / "shipped" / name))
    return shipped if not folder.exists() and "/" not in name and shipped.is_dir() else folder


def asked(recorded: Question, *, text: str, service: str, start: str, end: str) -> Question:
    """Return the tape's question with what the person changed."""
    try:
        window = resolve(start, end, recorded.window, recorded.window.end)
    except ToolFault as bad:
        raise NotFound(str(bad)) from bad
    changed = {"text": text or recorded.text, "service": service or recorded.service, "window": window}
    trigger = "question" if text else recorded.trigger
    return Question.model_validate({**recorded.model_dump(), **changed, "trigger": trigger})


async def investigation(desk: Desk, name: str, *, unfinished: bool = False) -> Record:
    """Return the investigation whose id, or whose session's id, begins so; the newest when nothing is named."""
    known = await desk.journal.investigations(limit=1000)
    fitting = [one for one in known if _fits(one, name) and (not unfinished or _is_unfinished(one))]
    if not fitting:
        what = "unfinished investigation" if unfinished else "investigation"
        named = f" whose id begins with {name!r}" if name else ""
        raise NotFound(f"There is no {what}{named}. `rootline session list` shows what there is.")
    sessions = {one.session for one in fitting}
    if name and len(fitting) > 1 and len(sessions) > 1:
        some = ", ".join(str(one.id) for one in fitting[:5])
        raise NotFound(f"{len(fitting)} investigations begin with {name!r}: {some}. Give more of the id.")
    return await desk.journal.record(fitting[0].id)


def _fits(one: Investigation, name: str) -> bool:
    return str(one.id).startswith(name) or str(one.session).startswith(name)


def _is_unfinished(one: Investigation) -> bool:
    return one.state == "running" and not one.led_by
