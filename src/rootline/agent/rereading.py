"""Reads an investigation's evidence again, and holds its claims against what the sources say now."""

from datetime import datetime

from rootline.claims.recheck import recheck
from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence, Reading, fingerprint
from rootline.domain.hypothesis import Answer
from rootline.errors import RootlineError
from rootline.store.journal import Record
from rootline.tools.scene import Scene
from rootline.tools.toolbox import Toolbox


async def reread(record: Record, toolbox: Toolbox, scene: Scene, now: datetime) -> tuple[Checked, ...]:
    """Return every verified claim with the mark it has today; evidence that cannot be read again leaves not_found."""
    if record.answer is None:
        return ()
    claims = _verified(record.answer)
    cited = {selector.evidence for checked in claims for selector in checked.claim.selectors}
    stored = {one.label: one for one in record.evidence if one.label in cited and not one.author}
    fresh = {label: again for label, one in stored.items() if (again := await _again(one, toolbox, scene, now))}
    return tuple(recheck(checked.claim, fresh) for checked in claims)


def _verified(answer: Answer) -> list[Checked]:
    ranked = [claim for one in answer.hypotheses for claim in (*one.support, *one.against)]
    return list({one.claim: one for one in (*ranked, *answer.claims)}.values())


async def _again(one: Evidence, toolbox: Toolbox, scene: Scene, now: datetime) -> Evidence | None:
    try:
        reading = await toolbox.call(toolbox.admit(one.tool, one.arguments), scene)
    except RootlineError:
        return None
    if not isinstance(reading, Reading):
        return None
    digest = fingerprint(one.tool, one.arguments, reading)
    return one.model_copy(update={"reading": reading, "sha256": digest, "taken_at": now})
