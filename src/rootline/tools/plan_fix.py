"""plan_fix: turn a hypothesis into an ordered plan that a person may approve."""

from typing import Annotated

from pydantic import Field

from rootline.domain.plan import Plan
from rootline.errors import ToolFault
from rootline.remediation.planning import plan_for
from rootline.tools.get_investigation import record_of
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.wording import cut, number


async def plan_fix(
    hypothesis: Annotated[int, Field(description="Rank", ge=1, le=8)] = 1,
    investigation: Annotated[str, Field(description="Its id; empty: this one", max_length=36)] = "",
    *,
    scene: Scene,
) -> Reply:
    """Plan a fix: typed steps, preflight, rollback, verification, risk. Stores the plan; runs nothing."""
    record = await record_of(investigation, scene)
    ranked = record.answer.hypotheses if record.answer else ()
    chosen = next((one for one in ranked if one.rank == hypothesis), None)
    if chosen is None:
        raise ToolFault(f"There is no hypothesis of rank {hypothesis}; this investigation has {len(ranked)}.")
    plan = plan_for(chosen, {one.label: one for one in record.evidence})
    await scene.journal.add_plan(record.investigation.id, plan)
    return Reply(status="ok", summary=told(plan), data={"sha256": plan.sha256, **plan.model_dump(mode="json")})


def told(plan: Plan) -> str:
    """Write a plan in short lines."""
    steps = [f"{at}. {cut(one.title, 240)} ({one.reversibility})" for at, one in enumerate(plan.actions, 1)]
    checks = [f"before: {cut(one.title, 160)}" for one in plan.preflight]
    proofs = [f"after: {cut(one.title, 160)}" for one in plan.verification]
    risk = f"risk {plan.risk} ({number(plan.risk_score)})"
    head = f"plan {plan.sha256[:12]}, {plan.remediation or 'observe'}, {risk}; nothing has been run"
    return "\n".join([head, *checks, *steps, *proofs])
