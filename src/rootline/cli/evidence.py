"""Shows one piece of evidence, whole or in part."""

import argparse
import json

from rootline.claims.pointer import resolve as resolve_pointer
from rootline.cli.codes import DONE
from rootline.cli.find import investigation
from rootline.cli.saying import say, say_json
from rootline.domain.evidence import Evidence
from rootline.errors import NotFound
from rootline.opening import open_desk
from rootline.reports.escape import web_address
from rootline.settings import Settings
from rootline.tools.wording import cut


async def evidence(given: argparse.Namespace, settings: Settings) -> int:
    """Show one piece of evidence."""
    async with open_desk(settings) as desk:
        record = await investigation(desk, given.investigation)
    found = next((one for one in record.evidence if one.label == given.label), None)
    if found is None:
        known = ", ".join(one.label for one in record.evidence) or "none"
        raise NotFound(f"There is no {given.label!r} in investigation {record.investigation.id}. Known: {known}.")
    whole = found.model_dump(mode="json")
    part = resolve_pointer(whole["reading"], given.pointer) if given.pointer else whole
    if part is None:
        raise NotFound(f"{given.label} has nothing at {given.pointer!r}. It has {len(found.reading.facts)} facts.")
    if given.json or given.pointer:
        say_json(part)
    else:
        head = heading(found)
        lines = "\n".join(cut(line, 240) for line in found.reading.summary.split("\n"))
        say(f"{head}\n\n{lines}\n\n`--json` prints all {len(found.reading.facts)} facts.")
    return DONE


def heading(found: Evidence) -> str:
    """Say what was asked, how it ended, its hash, and where a person sees the same if that is known."""
    link = web_address(found.reading.source.url or "")
    asked_for = f"{found.label} {found.tool} {json.dumps(found.arguments)}"
    state = f"{found.reading.status} {found.window} sha256 {found.sha256}"
    return "\n".join([asked_for, state, *([f"see {link}"] if link else [])])
