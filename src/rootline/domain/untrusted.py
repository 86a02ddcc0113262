"""Text that came from outside: it may be quoted and cited, and it decides nothing."""

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class FromOutside:
    """Marks a type whose text was written by programs, users or strangers."""


Untrusted = Annotated[str, FromOutside()]
"""A string out of a log, a diff, an alert, a page or a model.

No sink takes it unchecked: not the name of a tool, a tenant, a URL, the free text of a plan, the label of a
citation. Whoever shows it cuts and escapes it; whoever stores it has it redacted first.
"""
