"""Whom a span names as called."""

from rootline.domain.signal import Span

_PEERS = ("peer.service", "server.address", "net.peer.name", "db.system.name", "db.system", "messaging.system")
_LONGEST = 300


def peer(span: Span) -> str:
    """The callee that the span's attributes name; empty where they name none."""
    return next((span.attributes[key] for key in _PEERS if span.attributes.get(key)), "")[:_LONGEST]
