"""Sockets that take in much at a time while they are few, and little when they are many, so that all cost little."""

import socket
from weakref import WeakSet

from aiohttp import AddrInfoType

MOST_WIDE = 4
NARROW_BYTES = 2**16
"""Source: ours; asyncio reads up to a quarter of a megabyte of what waits, from each socket before any is worked on."""
_WIDE: WeakSet[socket.socket] = WeakSet()


def open_socket(where: AddrInfoType) -> socket.socket:
    """Make a socket for an address; the first few of a process hold as much as the system finds best."""
    made = socket.socket(*where[:3])
    if len(_WIDE) < MOST_WIDE:
        _WIDE.add(made)
    else:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW_BYTES)
    return made
