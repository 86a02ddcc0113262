"""On live sources a call says which time it was about, so that the same call later is another question."""

from rootline.domain.evidence import JsonObject
from rootline.domain.window import Window, rfc3339
from rootline.errors import ToolFault
from rootline.tools.registry import BY_NAME
from rootline.tools.times import read_time


def timed(name: str, arguments: JsonObject, window: Window) -> JsonObject:
    """Return the arguments with start and end written out, where the tool takes them.

    What was left out comes from the window, and what was written relative to now is resolved. What cannot be read is
    left for the tool to refuse.
    """
    tool = BY_NAME.get(name)
    if tool is None or not {"start", "end"} <= tool.arguments.model_fields.keys():
        return arguments
    usual = {"start": window.start, "end": window.end}
    filled = {key: rfc3339(moment) for key, moment in usual.items() if arguments.get(key) in (None, "")}
    given = {key: _resolved(str(arguments[key]), window) for key in usual if isinstance(arguments.get(key), str)}
    return {**arguments, **given, **filled}


def _resolved(text: str, window: Window) -> str:
    try:
        return rfc3339(read_time(text, window.end)) if text.strip().startswith("now") else text
    except ToolFault:
        return text
