"""investigate: the whole question, from evidence to checked answer."""

from typing import Annotated

from pydantic import Field

from rootline.domain.session import Question
from rootline.errors import ToolFault
from rootline.tools.get_investigation import get_investigation
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.times import End, Start, resolve


async def investigate(
    question: Annotated[str, Field(description="What is wrong, in plain words", min_length=3, max_length=4000)],
    service: Annotated[str, Field(description="Service, if known", max_length=300)] = "",
    persona: Annotated[str, Field(description="Who asks; see the prompts", max_length=41)] = "",
    start: Start = "",
    end: End = "",
    *,
    scene: Scene,
) -> Reply:
    """Investigate an incident: gathers evidence, ranks hypotheses, checks every claim. Takes seconds to minutes."""
    if scene.runner is None:
        raise ToolFault("An investigation cannot start another one. Ask the tools for what is missing.")
    window = resolve(start, end, scene.window, scene.now)
    asked = Question(text=question, window=window, service=service, namespace=scene.namespace)
    record = await scene.runner.investigate(asked, persona)
    return await get_investigation(str(record.investigation.id), scene=scene)
