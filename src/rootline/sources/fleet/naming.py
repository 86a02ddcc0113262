"""A service of a fleet is `cluster/service`; a name without a cluster means that service wherever it is."""

from collections.abc import Sequence
from typing import TypeVar

Source = TypeVar("Source")
Members = Sequence[tuple[str, Source]]


def meant(service: str, members: Members[Source]) -> list[tuple[str, Source, str]]:
    """Return the clusters that a name concerns, and the name that each of them knows."""
    cluster, _, inside = service.partition("/")
    own = [(name, source, inside) for name, source in members if name == cluster]
    return own or [(name, source, service) for name, source in members]
