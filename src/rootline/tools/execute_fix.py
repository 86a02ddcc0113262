"""execute_fix: run an approved plan."""

from typing import Annotated

from pydantic import Field

from rootline.errors import NotApproved
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene


async def execute_fix(
    plan: Annotated[str, Field(description="sha256 of the approved plan", pattern=r"^[0-9a-f]{64}$")],
    *,
    scene: Scene,
) -> Reply:
    """Run a plan that a person has approved by its exact hash. Refused without that approval."""
    if not scene.writes_enabled:
        raise NotApproved("Writes are not enabled here, so no plan can be run. Nothing was done.")
    raise NotApproved(
        f"No approval names plan {plan[:12]}. A person has to approve exactly this hash first. Nothing was done."
    )
