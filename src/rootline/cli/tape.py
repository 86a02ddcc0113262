"""Imports, records or shows a tape."""

import argparse

from rootline.cli.codes import DONE
from rootline.cli.find import tape_folder
from rootline.cli.record import record_tape
from rootline.cli.saying import say, say_json
from rootline.domain.evidence import JsonObject
from rootline.ground import load_tape
from rootline.settings import Settings
from rootline.tapes.folder import TapeFolder
from rootline.tapes.importers.cloudops import read_cloudops
from rootline.tapes.importers.rootcausebench import read_rootcausebench
from rootline.tapes.recording import Recording
from rootline.tools.wording import cut


async def tape(given: argparse.Namespace, settings: Settings) -> int:
    """Import, record or show a tape."""
    if given.verb == "record":
        return await record_tape(given, settings)
    if given.verb == "import":
        read = {"rootcausebench": read_rootcausebench, "cloudops": read_cloudops}[given.layout]
        TapeFolder(given.tape).save(read(given.folder))
        say(f"wrote {given.tape}")
        return DONE
    recording, _ = load_tape(tape_folder(given.tape))
    parts = _parts(recording)
    if given.json:
        say_json(
            {
                "title": recording.title,
                "question": recording.question.model_dump(mode="json"),
                "parts": parts,
                "sha256": recording.sha256,
            }
        )
    else:
        question = recording.question
        say(f"{cut(recording.title, 120)}\n{question.window}\n{cut(question.text, 300)}\nsha256 {recording.sha256}\n")
        for name, count in parts.items():
            say(f"  {name:<12} {'not recorded' if count is None else count}")
    return DONE


def _parts(recording: Recording) -> JsonObject:
    changes = recording.changes
    sizes: dict[str, object] = {
        "series": recording.series,
        "log lines": recording.lines,
        "log patterns": recording.patterns,
        "spans": recording.spans,
        "alerts": recording.alerts,
        "commits": changes.commits if changes else None,
        "deployments": changes.deployments if changes else None,
        "flags": changes.flags if changes else None,
        "configs": changes.configs if changes else None,
        "statuses": changes.statuses if changes else None,
        "edges": recording.edges,
        "runbooks": recording.runbooks,
        "cluster reads": recording.cluster,
        "gpus": recording.gpus,
        "tool results": recording.results,
    }
    return {
        name: None if part is None else len(part)
        for name, part in sizes.items()
        if part is None or isinstance(part, tuple)
    }
