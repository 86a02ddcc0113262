"""The answer of a tool that reads or writes Rootline's own rows; it makes no evidence."""

from pydantic import BaseModel, ConfigDict

from rootline.domain.evidence import JsonObject, Status, Truncated


class Reply(BaseModel):
    """A status, a short text and the data behind it."""

    model_config = ConfigDict(frozen=True)

    status: Status
    summary: str
    data: JsonObject = {}
    hints: tuple[str, ...] = ()
    truncated: Truncated | None = None
