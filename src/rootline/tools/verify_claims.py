"""verify_claims: have statements re-checked against stored evidence."""

from typing import Annotated

from pydantic import Field

from rootline.claims.checker import check
from rootline.claims.stated import resolve
from rootline.domain.stated import StatedClaim
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.wording import cut


async def verify_claims(
    claims: Annotated[
        list[StatedClaim], Field(description="Each about one fact of one evidence", min_length=1, max_length=20)
    ],
    *,
    scene: Scene,
) -> Reply:
    """Re-read the evidence and mark each claim verified, contradicted or not_found, with the reason."""
    checked = [check(resolve(one, scene.evidence, scene.window), scene.evidence) for one in claims]
    lines = [
        f"{one.mark}: {cut(one.sentence, 200)}" + (f" ({cut(one.reason, 160)})" if one.reason else "")
        for one in checked
    ]
    good = sum(one.is_fact for one in checked)
    return Reply(
        status="ok",
        summary="\n".join([f"{good} of {len(checked)} verified", *lines]),
        data={"claims": [one.model_dump(mode="json") for one in checked]},
    )
