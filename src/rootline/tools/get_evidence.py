"""get_evidence: open stored evidence again, whole or in part."""

import json
from typing import Annotated

from pydantic import Field

from rootline.claims.pointer import resolve as resolve_pointer
from rootline.domain.evidence import Truncated
from rootline.errors import ToolFault
from rootline.tools.get_investigation import evidence_of, labels_of
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.wording import cut, some

PAGE = 4000


async def get_evidence(
    evidence: Annotated[str, Field(description="Label, e.g. E7", max_length=10)],
    pointer: Annotated[str, Field(description="JSON pointer, e.g. /facts/0/points", max_length=300)] = "",
    cursor: Annotated[int, Field(description="From the last page", ge=0)] = 0,
    investigation: Annotated[str, Field(description="Its id; empty: this one", max_length=36)] = "",
    *,
    scene: Scene,
) -> Reply:
    """Open evidence by its label, a part of it by pointer, page by page."""
    found = (await evidence_of(investigation, [evidence], scene)).get(evidence)
    if found is None:
        known = await labels_of(investigation, scene)
        raise ToolFault(f"There is no {evidence[:10]!r} in this investigation. Known: {some(known) or 'none'}.")
    document = found.model_dump(mode="json")["reading"]
    part = resolve_pointer(document, pointer)
    if part is None:
        top = some(document)
        raise ToolFault(f"{evidence} has nothing at {pointer!r}. It has {top} and {len(found.reading.facts)} facts.")
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    page = text[cursor : cursor + PAGE]
    more = cursor + PAGE < len(text)
    return Reply(
        status="ok",
        summary=f"{evidence} {found.tool} {cut(pointer, 80)}\n{page}",
        data={"evidence": evidence, "pointer": pointer, "sha256": found.sha256, "text": page},
        truncated=Truncated(returned=len(page), total=len(text), cursor=str(cursor + PAGE)) if more else None,
    )
