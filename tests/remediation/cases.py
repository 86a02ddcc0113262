"""Hypotheses and the evidence they stand on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from rootline.domain.change import ChangeKind
from rootline.domain.claim import Checked, Claim, LineSelector, PointerSelector
from rootline.domain.evidence import Evidence, Reading, SourceName, fingerprint
from rootline.domain.fact import AnyFact, ChangeFact, ConditionFact, LineProof, SeriesFact, ServiceFact, TextFact
from rootline.domain.hypothesis import Confidence, Hypothesis, HypothesisType, Remediation
from rootline.domain.window import Window

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(hours=1), end=NOON)
SHA = "4f2a91c07de84fa2b1f0c0ffee4f2a91c07de84f"

SLOWER = SeriesFact(
    subject="checkout latency_p99",
    service="checkout",
    metric="latency_p99",
    unit="s",
    direction="up",
    baseline=0.2,
    current=1.9,
    peak=2.0,
)
IN_PODS = SLOWER.model_copy(update={"labels": {"pod": "checkout-1"}})
PLACE = ServiceFact(subject="checkout", callers=["web"], victims=["web", "mobile"])


def evidence(*facts: AnyFact, label: str = "E1", tool: str = "query_metrics") -> Mapping[str, Evidence]:
    reading = Reading(status="ok", summary="read", facts=facts, source=SourceName(backend="recorded"), window=HOUR)
    whole = Evidence(
        label=label,
        tool=tool,
        arguments={},
        reading=reading,
        sha256=fingerprint(tool, {}, reading),
        taken_at=NOON,
    )
    return {label: whole}


def change(
    kind: ChangeKind = "commit",
    label: str = SHA,
    before: str = "",
    after: str = "",
    files: tuple[str, ...] = (),
    minutes: int = 30,
    subject: str = "checkout",
) -> ChangeFact:
    return ChangeFact(
        subject=subject,
        change=kind,
        label=label,
        before=before,
        after=after,
        files=list(files),
        at=NOON - timedelta(minutes=minutes),
    )


def condition(cause: str, subject: str = "app/checkout", proofs: tuple[str, ...] = ()) -> ConditionFact:
    support = [LineProof(asked="get pods -n shop", line=1, quote="checkout-1", subject=one) for one in proofs]
    return ConditionFact(
        subject=subject,
        cause=cause,
        mechanism="It does not start.",
        family="startup",
        still_present=True,
        score=0.9,
        probability=0.8,
        support=support,
    )


def listing(kind: str = "deployments", name: str = "checkout", namespace: str = "shop") -> TextFact:
    asked = f"get {kind} -n {namespace}"
    return TextFact(subject=asked, asked=asked, lines=["NAME READY", f"{name} 0/1"])


def rise() -> Checked:
    selector = PointerSelector(evidence="E1", pointer="/facts/0/current", expected=1.9)
    claim = Claim(
        subject="checkout latency_p99", predicate="rose", value=(0.2, 1.9), unit="s", window=HOUR, selectors=(selector,)
    )
    return Checked(claim=claim, sentence="checkout latency_p99 rose from 0.2 s to 1.9 s.", mark="verified")


def diff_line() -> Checked:
    selector = LineSelector(evidence="E1", pointer="/facts/1/diff/3", quote="+ sleep(2)")
    claim = Claim(subject="checkout", predicate="contains", value="+ sleep(2)", window=HOUR, selectors=(selector,))
    return Checked(claim=claim, sentence="The diff has + sleep(2).", mark="verified")


def hypothesis(
    kind: HypothesisType = "release",
    *,
    subject: str = "checkout",
    cause: str = "slow_query",
    change: str = "",
    remediation: Remediation = "",
    support: tuple[Checked, ...] | None = None,
    probability: float = 0.8,
    is_proven: bool = True,
) -> Hypothesis:
    return Hypothesis(
        rank=1,
        type=kind,
        subject=subject,
        cause=cause,
        change=change,
        statement="It made checkout slow.",
        is_proven=is_proven,
        remediation=remediation,
        confidence=Confidence(value=probability, low=0.5, high=0.9),
        support=(rise(),) if support is None else support,
    )
