"""verify_claims: have statements re-checked against stored evidence."""

from typing import Annotated

from pydantic import Field

from rootline.claims.checker import check
from rootline.claims.stated import resolve
from rootline.tools.claim_text import MOST_CHARS, read_claim
from rootline.tools.get_investigation import evidence_of
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.wording import cut

Line = Annotated[str, Field(max_length=MOST_CHARS)]


async def verify_claims(
    claims: Annotated[
        list[Line],
        Field(
            description="Each one line on one fact: E3[0] rose, E3[1] equals current 210, "
            'E3[2] contains "words", E3[2] contains line 4 "words", E3[0] precedes E5[1], E6[0] changed, '
            "E2[0] depends_on; also fell, started, ended, absent, is_healthy",
            min_length=1,
            max_length=20,
        ),
    ],
    investigation: Annotated[str, Field(description="Its id; empty: this one", max_length=36)] = "",
    *,
    scene: Scene,
) -> Reply:
    """Re-read the evidence and mark each claim verified, contradicted or not_found, with the reason."""
    stated = [read_claim(one) for one in claims]
    cited = {place.evidence for one in stated for place in (one, one.other) if place is not None}
    evidence = await evidence_of(investigation, cited, scene)
    checked = [check(resolve(one, evidence, scene.window), evidence) for one in stated]
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
