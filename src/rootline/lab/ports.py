"""Free ports on the loopback address."""

import socket

LOOPBACK = "127.0.0.1"


class HeldPort:
    """A port that is ours until it is let go: others of our processes may listen there one after another."""

    def __init__(self) -> None:
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._held.bind((LOOPBACK, 0))
        self.number: int = self._held.getsockname()[1]

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{LOOPBACK}:{self.number}"

    def let_go(self) -> None:
        """Leave the port to others."""
        self._held.close()


def free_ports(count: int) -> tuple[int, ...]:
    """Draw ports that nobody listens on now, each another."""
    drawn = [socket.socket() for _ in range(count)]
    try:
        for one in drawn:
            one.bind((LOOPBACK, 0))
        return tuple(int(one.getsockname()[1]) for one in drawn)
    finally:
        for one in drawn:
            one.close()
