"""API servers that die, lie, stall, flood or send what is no JSON."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
_FLOOD_BYTES = 500 * 2**20


def answering(body: bytes, head: bytes = HEAD) -> Behaviour:
    """Send one body."""
    return lambda peer: peer.sendall(head + body)


def flooding(peer: socket.socket) -> None:
    """Send 500 MB of JSON."""
    peer.sendall(HEAD + b'{"items":[')
    piece = b'{"metadata":{"name":"x"}},' * 40_000
    for _ in range(_FLOOD_BYTES // len(piece)):
        peer.sendall(piece)


def dying(peer: socket.socket) -> None:
    """Break off in mid-answer."""
    peer.sendall(HEAD.replace(b"Connection", b"Content-Length: 5000\r\nConnection") + b'{"items": [{"meta')


def silent(peer: socket.socket) -> None:
    """Take the question and never answer."""
    peer.recv(1)


def dripping(peer: socket.socket) -> None:
    """Send one byte at a time, as slowly as the reader's patience, until it hangs up."""
    peer.sendall(HEAD)
    peer.settimeout(0.05)
    while True:
        peer.sendall(b" ")
        try:
            if not peer.recv(1):
                return
        except TimeoutError:
            continue


@contextmanager
def hostile(behaviour: Behaviour) -> Iterator[str]:
    """Listen until the block ends; every connection is treated alike."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_accept, args=(server, behaviour), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(server: socket.socket, behaviour: Behaviour) -> None:
    while True:
        try:
            peer, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(peer, behaviour), daemon=True).start()


def _serve(peer: socket.socket, behaviour: Behaviour) -> None:
    with peer:
        try:
            peer.recv(65_536)
            behaviour(peer)
        except OSError:
            return
