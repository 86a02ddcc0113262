"""A stored investigation with verified and failed claims, gaps and a plan, over a made-up world."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.claims.world import World, stored

from rootline.claims import build
from rootline.claims.inference import verify
from rootline.domain.claim import Claim
from rootline.domain.evidence import Evidence
from rootline.domain.fact import LogFact
from rootline.domain.hypothesis import DraftAnswer, DraftHypothesis
from rootline.domain.plan import Action, Check, Plan
from rootline.domain.session import Investigation, Message, Question, ToolCall, ToolResult
from rootline.store.journal import Record

WORLD = World(61)
HOSTILE = "# boo <script>alert(1)</script> [click](javascript:x) ![i](http://evil/?q) `x` | \x1b[31m _a_ **b**"


def evidence() -> dict[str, Evidence]:
    hostile = LogFact(subject=WORLD.services[0], template="boo <*>", count=4, exemplar=HOSTILE, is_error=True)
    return {**WORLD.evidence, "E10": stored("E10", [hostile], WORLD.window, text="a|b"), "E11": _failed()}


def _failed() -> Evidence:
    return stored("E11", (), WORLD.window, status="timeout", service=WORLD.services[2])


def made(claim: Claim | None) -> Claim:
    assert claim is not None
    return claim


def draft() -> DraftAnswer:
    known = evidence()
    moved = [build.rose(known["E1"], 0), build.fell(known["E1"], 0)]
    rose = made(next(one for one in moved if one))
    support = (
        made(build.precedes((known["E3"], 0), (known["E6"], 0))),
        made(build.contains_line(known["E3"], 0, 2)),
        made(build.changed(known["E3"], 0)),
        made(build.contains_line(known["E10"], 0)),
        rose.model_copy(update={"value": 12.5}),
    )
    likely = DraftHypothesis(
        type="config",
        subject=WORLD.services[0],
        cause="timeout_too_long",
        change=str(support[2].value),
        remediation="config-revert",
        probability=0.8,
        support=support,
        against=(made(build.depends_on(known["E4"], 0)),),
        why_not="it was there 98,765 days before",
    )
    other = DraftHypothesis(type="traffic", subject=WORLD.services[0], cause="surge", probability=0.3, support=(rose,))
    return DraftAnswer(hypotheses=(other, likely), claims=(rose,), none_probability=0.1, none_reasons=("little moved",))


def plan() -> Plan:
    action = Action(
        kind="revert_config",
        target=WORLD.services[0],
        title="Put the timeout back",
        commands=("kubectl get cm | grep timeout",),
        rollback="apply it again",
        reversibility="instant",
    )
    return Plan(
        hypothesis_rank=1,
        subject=WORLD.services[0],
        remediation="config-revert",
        actions=(action,),
        preflight=(Check(title="The timeout is still the new one"),),
        verification=(Check(title="The latency is back"),),
        risk="low",
        risk_score=0.2,
        risk_reasons=("one service",),
    )


def record(run: int = 0, *, answered: bool = True) -> Record:
    """The same investigation, as its run number `run`, which decides about ids and times alone."""
    investigation = Investigation(
        id=UUID(int=1000 + run),
        session=UUID(int=2000 + run),
        question=Question(text="Why is it slow? <b>now</b>", window=WORLD.window, service=WORLD.services[0]),
        persona="engineer",
        model="builtin",
        state="done" if answered else "cancelled",
        outcome="explained" if answered else None,
        opened_at=datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=run),
    )
    later = [one.model_copy(update={"taken_at": one.taken_at + timedelta(hours=run)}) for one in evidence().values()]
    calls = (
        ToolCall(id="get_alerts", tool="get_alerts", arguments={}),
        ToolCall(id="search_runbooks", tool="search_runbooks", arguments={}),
    )
    results = (ToolResult(call="get_alerts", text="no such service", is_error=True),)
    answer = verify(draft(), evidence()).model_copy(update={"written_by": "builtin", "remark": "it is <i>odd</i>"})
    return Record(
        investigation=investigation,
        messages=(Message(role="assistant", calls=calls), Message(role="tool", results=results)),
        evidence=tuple(later),
        answer=answer if answered else None,
        plans=(plan(),) if answered else (),
    )
