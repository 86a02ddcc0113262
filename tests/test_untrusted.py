"""No field that a sink reads is one that outsiders write."""

from dataclasses import fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from rootline.domain import change, fact, signal
from rootline.domain.claim import LineSelector, PointerSelector, SeriesSelector
from rootline.domain.plan import Action, Check, Plan
from rootline.domain.session import Question, ToolCall
from rootline.domain.tenant import Actor
from rootline.domain.untrusted import FromOutside


def untrusted_fields(kind: type) -> set[str]:
    hints = get_type_hints(kind, include_extras=True)
    known = {one.name for one in fields(kind)} if is_dataclass(kind) else set(getattr(kind, "model_fields", ()))
    return {name for name in known if _is_marked(hints.get(name))}


def _is_marked(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return any(isinstance(one, FromOutside) for one in hint.__metadata__) or _is_marked(get_args(hint)[0])
    return any(_is_marked(one) for one in get_args(hint))


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (signal.LogLine, {"text"}),
        (signal.Span, {"error"}),
        (signal.Alert, {"summary"}),
        (change.Commit, {"message", "diff"}),
        (fact.LogFact, {"template", "exemplar"}),
        (fact.ChangeFact, {"message", "before", "after", "diff"}),
        (fact.TextFact, {"lines"}),
        (ToolCall, {"broken"}),
    ],
)
def test_what_outsiders_write_is_marked(kind: type, names: set[str]) -> None:
    assert untrusted_fields(kind) == names


@pytest.mark.parametrize("sink", [Action, Check, Plan, Actor, Question, PointerSelector, SeriesSelector, LineSelector])
def test_no_sink_has_a_field_that_outsiders_write(sink: type[BaseModel]) -> None:
    assert untrusted_fields(sink) == set()
