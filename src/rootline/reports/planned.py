"""A plan as people read it: what would be done, how sure, how to undo it, how to see that it helped."""

from collections.abc import Iterator, Sequence

from rootline.domain.plan import Action, Check, Plan
from rootline.reports.escape import code, markdown_text

_LONGEST_COMMAND = 2000
_RAN = frozenset({"executing", "verified", "failed", "rolled_back"})


def plan_lines(plan: Plan) -> list[str]:
    """Write one plan as lines of Markdown."""
    fate = f"state: {plan.state.replace('_', ' ')}" if plan.state in _RAN else "nothing has been run"
    goal = markdown_text(plan.remediation or "observe")
    head = f"**{goal}** of {markdown_text(plan.subject)}, for hypothesis {plan.hypothesis_rank} · {fate}"
    return [
        f"{head} · plan {code(plan.sha256[:12])}",
        "",
        f"Risk: **{plan.risk}** ({plan.risk_score:.2f})" + _reasons(plan.risk_reasons),
        "",
        *_checks("Before:", plan.preflight),
        "Steps:",
        "",
        *(line for number, action in enumerate(plan.actions, start=1) for line in _action(number, action)),
        "",
        *_checks("Afterwards, to see that it helped:", plan.verification),
    ]


def _reasons(reasons: Sequence[str]) -> str:
    return f": {markdown_text('; '.join(reasons))}" if reasons else ""


def _checks(title: str, checks: Sequence[Check]) -> Iterator[str]:
    if checks:
        yield from (title, "", *(f"- {markdown_text(one.title)}" for one in checks), "")


def _action(number: int, action: Action) -> Iterator[str]:
    what = f"{code(action.kind)} on {code(action.target)}, {action.reversibility}"
    yield f"{number}. {markdown_text(action.title)} ({what})"
    yield from (f"   - {code(command, _LONGEST_COMMAND)}" for command in action.commands)
    if action.rollback:
        yield f"   - to undo: {markdown_text(action.rollback)}"
