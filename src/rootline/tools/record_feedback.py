"""record_feedback: what a person says of an answer."""

from typing import Annotated

from pydantic import Field

from rootline.domain.incident import Feedback, Verdict
from rootline.tools.get_investigation import summary_of
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene


async def record_feedback(
    verdict: Annotated[Verdict, Field(description="What the person said")],
    hypothesis: Annotated[int, Field(description="Rank; 0: the whole answer", ge=0, le=8)] = 0,
    text: Annotated[str, Field(description="In the person's words", max_length=4000)] = "",
    investigation: Annotated[str, Field(description="Its id; empty: this one", max_length=36)] = "",
    *,
    scene: Scene,
) -> Reply:
    """Append a person's verdict to an investigation. Nothing is edited."""
    record = await summary_of(investigation, scene)
    feedback = Feedback(
        investigation=record.investigation.id,
        hypothesis_rank=hypothesis or None,
        verdict=verdict,
        author=scene.actor.name,
        text=text,
        at=scene.now,
    )
    await scene.journal.add_feedback(feedback)
    return Reply(status="ok", summary=f"recorded: {verdict}", data=feedback.model_dump(mode="json"))
