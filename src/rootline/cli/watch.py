"""Shows an investigation while it runs: what is asked, what comes back, what is claimed and whether it holds."""

from rich.console import Console
from rich.text import Text

from rootline.agent.events import Asking, CameBack, Concluded, Event, Planned, Remarked, Thinking
from rootline.domain.claim import Checked
from rootline.domain.hypothesis import Answer, Hypothesis, Recalled
from rootline.domain.plan import Plan
from rootline.tools.wording import cut, number

MARKS = {"verified": ("✓", "green"), "contradicted": ("✗", "red"), "not_found": ("?", "red"), "stale": ("⟳", "yellow")}
RESULT_LINES = 3
PIECE = 2000
WIDTH = 150


class Watch:
    """Prints events as they come. Everything from outside is printed as plain text, control characters removed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._thinking = False

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if self._thinking and not isinstance(event, Thinking):
            self._console.print()
            self._thinking = False
        match event:
            case Asking():
                names = ", ".join(call.tool for call in event.calls)
                if names:
                    self._line("→ asking ", cut(names, WIDTH), "cyan")
            case CameBack():
                self._came_back(event)
            case Thinking():
                self._think(event)
            case Remarked():
                self._line("! ", cut(event.text, 400), "yellow")
            case Concluded():
                self._answer(event.answer)
            case Planned():
                self._plan(event.plan)

    def _line(self, head: str, text: str, style: str = "") -> None:
        self._console.print(Text(head, style=style) + Text(text), soft_wrap=True)

    def _think(self, event: Thinking) -> None:
        if not self._thinking:
            self._console.print(Text(f"… {cut(event.model, 40)}, unchecked: ", style="dim"), end="")
            self._thinking = True
        piece = "".join(char if char.isprintable() else " " for char in event.text[:PIECE])
        self._console.print(Text(piece, style="dim"), end="", soft_wrap=True)

    def _came_back(self, event: CameBack) -> None:
        if event.evidence is None:
            self._line(f"  {cut(event.call.tool, 40)}: ", cut(event.result.text, WIDTH), "dim")
            return
        reading = event.evidence.reading
        style = "bold" if reading.status == "ok" else "yellow"
        first, *rest = reading.summary.split("\n")
        self._line(
            f"← {event.evidence.label:<4}", f"{event.evidence.tool} {reading.status}: {cut(first, WIDTH)}", style
        )
        for line in rest[: RESULT_LINES - 1]:
            self._console.print(Text(f"        {cut(line, WIDTH)}", style="dim"), soft_wrap=True)

    def _answer(self, answer: Answer) -> None:
        self._console.print()
        self._line("Outcome: ", answer.outcome.replace("_", " "), "bold")
        for one in answer.hypotheses:
            self._hypothesis(one)
        if answer.claims and answer.outcome == "inconclusive":
            self._line("\nWhat was observed, without explaining it:", "")
        for claim in answer.claims:
            self._claim(claim, "  ")
        if answer.hypotheses and answer.none_confidence:
            self._line("  no change explains it: ", number(answer.none_confidence))
        if answer.recalled:
            self._line("\nSimilar past incidents, which prove nothing here:", "")
            for past in answer.recalled:
                self._recalled(past)
        if answer.failed:
            self._line("\nClaims that failed the check, and count for nothing:", "", "red")
            for claim in answer.failed:
                self._claim(claim, "  ")
        self._coverage(answer)

    def _hypothesis(self, one: Hypothesis) -> None:
        kind = "inference" if one.is_proven else "possible cause"
        share = one.confidence
        bounds = f"{number(share.value * 100)} % ({number(share.low * 100)}–{number(share.high * 100)})"
        self._console.print()
        self._line(f"#{one.rank} {bounds} {kind}: ", cut(one.statement, 300), "bold")
        for claim in one.support:
            self._claim(claim, "   ")
        for claim in one.against:
            self._claim(claim, "   against: ")
        if one.why_not:
            self._line("   why not: ", cut(one.why_not, 300), "dim")

    def _recalled(self, one: Recalled) -> None:
        self._claim(one.claim, "  ")
        alike = f"{one.similarity:.0%} alike" if one.similarity is not None else "an earlier diff"
        self._line("    ", cut("; ".join([alike, *one.why, *([one.outcome] if one.outcome else [])]), 300), "dim")

    def _claim(self, checked: Checked, indent: str) -> None:
        mark, style = MARKS[checked.mark]
        labels = ", ".join(dict.fromkeys(selector.evidence for selector in checked.claim.selectors))
        reason = f" — {checked.reason}" if checked.reason else ""
        self._line(f"{indent}{mark} [{labels}] ", cut(checked.sentence + reason, 260), style)

    def _coverage(self, answer: Answer) -> None:
        gaps = [item for item in answer.coverage if item.status != "ok"]
        if not gaps:
            return
        self._console.print()
        self._line("Not checked, or empty:", "", "bold")
        missing = [f"{item.tool} ({item.evidence})" for item in gaps if item.status == "not_configured"]
        if missing:
            self._line("  nothing is connected for ", ", ".join(missing), "dim")
        for item in (one for one in gaps if one.status != "not_configured"):
            words = f"{item.tool} {item.asked} {item.status.replace('_', ' ')} {item.detail}"
            self._line(f"  {item.evidence or '–':<4}", cut(words, WIDTH), "dim")

    def _plan(self, plan: Plan) -> None:
        self._console.print()
        self._line(
            "Plan ",
            f"{plan.sha256[:12]}: {plan.remediation or 'observe'}, risk {plan.risk}; nothing has been run",
            "bold",
        )
        self._line("  risk    ", cut("; ".join(plan.risk_reasons), 300), "dim")
        for check in plan.preflight:
            self._line("  before  ", cut(check.title, 300), "dim")
        for at, action in enumerate(plan.actions, 1):
            self._line(f"  {at}. ", f"{cut(action.title, 300)} ({action.reversibility})")
            for command in action.commands:
                self._console.print(Text(f"       $ {cut(command, 300)}", style="dim"), soft_wrap=True)
            if action.rollback:
                self._line("     back: ", cut(action.rollback, 200), "dim")
        for check in plan.verification:
            self._line("  after   ", cut(check.title, 300), "dim")
