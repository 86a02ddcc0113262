"""The one way to end a turn: the call `answer`, whose claims are completed and checked before anyone sees them."""

from pydantic import JsonValue, ValidationError

from rootline.domain.evidence import JsonObject
from rootline.domain.session import ToolCall
from rootline.domain.stated import StatedAnswer
from rootline.errors import ToolFault
from rootline.models.model import ToolDefinition

ANSWER = "answer"
_HIDDEN = {"title", "components"}


def definition() -> ToolDefinition:
    """Describe `answer` to a model."""
    return ToolDefinition(
        name=ANSWER,
        description=(
            "End the investigation. Hypotheses for an incident, best first, or claims alone for a plain question. "
            "Each claim names one fact by evidence label and number; code re-reads it and shows what fails as failed."
        ),
        schema=_trimmed(StatedAnswer.model_json_schema()),
    )


def _trimmed(schema: JsonObject) -> JsonObject:
    return {key: _inner(value) for key, value in schema.items() if key not in _HIDDEN}


def _inner(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {
            key: _inner(one)
            for key, one in value.items()
            if key not in _HIDDEN or (isinstance(one, dict) and key != "components")
        }
    return [_inner(one) for one in value] if isinstance(value, list) else value


def read_answer(call: ToolCall) -> StatedAnswer:
    """Read what a model sent as its answer, or raise ToolFault that tells it what to mend."""
    if call.broken:
        raise ToolFault("The arguments of answer were no JSON object. Send them again, whole.")
    try:
        return StatedAnswer.model_validate(call.arguments)
    except ValidationError as bad:
        problems = [
            f"{'.'.join(str(step) for step in error['loc'])[:80]}: {error['msg'][:160]}"
            for error in bad.errors(include_url=False, include_input=False)[:4]
        ]
        raise ToolFault(f"The answer was not accepted. {' '.join(problems)}") from bad
