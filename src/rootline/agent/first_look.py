"""Evidence first, in code: what is read before any model is asked, always the same and in the same order."""

from rootline.domain.session import Message, Question, ToolCall
from rootline.tools.toolbox import Toolbox

WRITTEN_BY = "rootline/first-look"
_ORDER = (
    "get_alerts",
    "get_topology",
    "query_metrics",
    "analyze_traces",
    "search_logs",
    "diff_commits",
    "get_cluster_state",
)


def first_look(question: Question, toolbox: Toolbox) -> Message:
    """Return the calls that every investigation begins with, as far as the persona may make them."""
    allowed = {tool.name for tool in toolbox.listed}
    calls = [_call(at, name, question) for at, name in enumerate(_ORDER, 1) if name in allowed]
    return Message(role="assistant", calls=tuple(calls), model=WRITTEN_BY)


def _call(at: int, name: str, question: Question) -> ToolCall:
    focus = {"service": question.service} if name == "diff_commits" and question.service else {}
    return ToolCall(id=f"first-{at}", tool=name, arguments={**focus})
