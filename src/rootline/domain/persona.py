"""Who is asking: a prompt, and the tools that it may use."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Capability = Literal[
    "metrics",
    "traces",
    "logs",
    "alerts",
    "topology",
    "cluster",
    "changes",
    "runbooks",
    "evidence",
    "investigate",
    "plan",
    "feedback",
    "execute",
]


class Persona(BaseModel):
    """One way of looking at an incident. A tool outside `capabilities` is refused when it is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    title: str = Field(max_length=80)
    description: str = Field(max_length=300)
    capabilities: frozenset[Capability]
    model: str = ""
    prompt: str = Field(max_length=8000)
