"""Values to store: one session, one investigation with a round of tool calls, and an answer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from rootline.domain.anomaly import AnomalyFeature, Gated, GateMemory, WatchRound
from rootline.domain.claim import Checked, Claim, LineSelector, Mark, PointerSelector
from rootline.domain.evidence import Evidence, Reading, SourceName, fingerprint
from rootline.domain.fact import ScoreComponent, SeriesFact, TextFact
from rootline.domain.hypothesis import Answer, Confidence, CoverageItem, Hypothesis
from rootline.domain.identity import uuid7
from rootline.domain.incident import Feedback, Incident, Transition
from rootline.domain.plan import Action, Check, Plan
from rootline.domain.points import Points
from rootline.domain.session import Investigation, Message, Question, Session, ToolCall, ToolResult, Usage
from rootline.domain.window import Window

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(hours=1), end=NOON)


def identity(number: int, at: datetime = NOON) -> UUID:
    return uuid7(at, number)


def session(number: int = 1, opened_at: datetime = NOON, title: str = "Checkout is slow") -> Session:
    return Session(id=identity(number, opened_at), title=title, persona="sre", opened_at=opened_at, active_at=opened_at)


def investigation(number: int = 1, of: Session | None = None, opened_at: datetime = NOON) -> Investigation:
    return Investigation(
        id=identity(1000 + number, opened_at),
        session=(of or session()).id,
        question=Question(text="Why is checkout slow?", window=HOUR, service="checkout", trigger="p99_regression"),
        persona="sre",
        model="builtin",
        tape="checkout.tape",
        state="running",
        opened_at=opened_at,
    )


QUESTION = Message(role="user", text="Why is checkout slow?")
ASKS = Message(
    role="assistant",
    text="I look at the latency first.",
    calls=(
        ToolCall(id="c1", tool="query_metrics", arguments={"z": 1, "a": [1.5, None, {"deep": True}]}),
        ToolCall(id="c2", tool="search_logs", arguments={}, broken='{"text": '),
    ),
    model="scripted",
    usage=Usage(read=900, written=40, cached=800, cost_usd=0.0012),
)
READS = Message(
    role="tool",
    results=(
        ToolResult(call="c1", text="p99 rose from 0.2 to 1.9 s", evidence="E1"),
        ToolResult(call="c2", text="The arguments are no JSON.", is_error=True),
    ),
)


def evidence(label: str = "E1", subject: str = "checkout p99", current: float = 1.9) -> Evidence:
    reading = Reading(
        status="ok",
        summary="p99 rose",
        facts=(
            SeriesFact(
                subject=subject,
                service="checkout",
                metric="p99",
                unit="s",
                direction="up",
                baseline=0.2,
                current=current,
                peak=2.25,
                onset=NOON - timedelta(minutes=20),
                points=Points.listed([(1773486000.0, 0.2), (1773486060.0, None), (1773486120.0, 1e-9)]),
            ),
            TextFact(subject="app/checkout", asked="logs", lines=["connection refused", "größer als 2 s"]),
        ),
        source=SourceName(backend="recorded"),
        window=HOUR,
    )
    return Evidence(
        label=label,
        tool="query_metrics",
        arguments={"promql": subject, "step": 60},
        reading=reading,
        sha256=fingerprint("query_metrics", {"promql": subject, "step": 60}, reading),
        taken_at=NOON + timedelta(microseconds=123456),
    )


def checked(mark: Mark = "verified", label: str = "E1", value: float = 1.9) -> Checked:
    claim = Claim(
        subject="checkout p99",
        predicate="rose",
        value=(0.2, value),
        unit="s",
        window=HOUR,
        selectors=(
            PointerSelector(evidence=label, pointer="/facts/0/current", expected=value),
            LineSelector(evidence=label, pointer="/facts/1/lines/0", quote="connection refused"),
        ),
    )
    return Checked(claim=claim, sentence=f"checkout p99 rose from 0.2 to {value} s.", mark=mark)


def hypothesis(rank: int = 1, support: tuple[Checked, ...] = (checked(),)) -> Hypothesis:
    return Hypothesis(
        rank=rank,
        type="release",
        subject="checkout",
        cause="slow_query",
        change="4f2a91c",
        statement="The release 4f2a91c made checkout slow.",
        is_proven=True,
        remediation="roll-forward",
        confidence=Confidence(
            value=0.8, low=0.6, high=0.9, components=(ScoreComponent(name="order", contribution=0.3),)
        ),
        support=support,
        against=(checked("contradicted", value=7.5),),
    )


def answer(*hypotheses: Hypothesis) -> Answer:
    return Answer(
        outcome="explained",
        hypotheses=hypotheses or (hypothesis(),),
        claims=(checked(value=2.0),),
        failed=(checked("not_found", label="E99"),),
        none_confidence=0.1,
        first_failing_service="checkout",
        blast_radius=("frontend",),
        coverage=(CoverageItem(tool="query_metrics", asked="p99", status="ok", evidence="E1"),),
        written_by="builtin",
    )


def plan(rank: int = 1, title: str = "Roll back checkout") -> Plan:
    return Plan(
        hypothesis_rank=rank,
        subject="checkout",
        remediation="rollback",
        actions=(
            Action(
                kind="rollback_deployment",
                target="checkout",
                arguments={"to": "v41"},
                title=title,
                reversibility="manual",
            ),
        ),
        preflight=(Check(title="v41 is still in the registry"),),
        verification=(Check(title="p99 is back", claim=checked().claim),),
        risk="medium",
        risk_score=0.4,
    )


def feedback(of: Investigation, rank: int | None = 1, text: str = "It was that.") -> Feedback:
    return Feedback(investigation=of.id, hypothesis_rank=rank, verdict="confirmed", author="ada", text=text, at=NOON)


def incident(number: int = 1, opened_at: datetime = NOON) -> Incident:
    return Incident(
        id=identity(5000 + number, opened_at),
        title="Checkout is down",
        severity="critical",
        state="detected",
        service="checkout",
        window=HOUR,
        opened_at=opened_at,
    )


def detected(one: Incident) -> Transition:
    return Transition(incident=one.id, before=None, after="detected", at=NOON, actor="alertmanager")


def watched(opened: Incident, cluster: str = "shop") -> WatchRound:
    """A round that opened an incident, and suppressed another candidate."""
    return WatchRound(
        cluster=cluster,
        slot=opened.opened_at,
        policy="2026-11-1",
        services=2,
        series=10,
        failures=("prometheus did not answer",),
        memory=GateMemory(opened_at=opened.opened_at, seen_at=opened.opened_at, quiet=0, incident=opened.id),
        features=(
            AnomalyFeature(
                service="checkout",
                signal="duration",
                window="5m",
                metric="http_latency_p99",
                unit="s",
                expected=0.2,
                observed=1.9,
                deviation=1.7,
                score=17.5,
                kind="spike",
            ),
        ),
        gated=(
            Gated(
                service="checkout",
                rule="user_facing",
                action="opened",
                reason="",
                rationale="duration is 1.9 s, 0.2 s is expected",
                policy="2026-11-1",
                incident=opened.id,
            ),
            Gated(
                service="mail",
                rule="agreeing",
                action="suppressed",
                reason="maintenance",
                rationale="cpu is 9",
                policy="2026-11-1",
            ),
        ),
    )
