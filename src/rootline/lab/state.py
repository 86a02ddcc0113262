"""Where a running laboratory can be spoken to; written when it is up, and gone with it."""

import json
import os
import socket
from dataclasses import asdict, dataclass

from rootline.errors import Misconfigured
from rootline.lab.places import Places


@dataclass(frozen=True, kw_only=True)
class State:
    """The control port with the word that opens it, and the addresses that people want to see."""

    pid: int
    port: int
    token: str
    prometheus: str
    alertmanager: str
    gateway: str

    @property
    def answers(self) -> bool:
        """Whether somebody listens on the control port."""
        with socket.socket() as knocking:
            return knocking.connect_ex(("127.0.0.1", self.port)) == 0


def write_state(places: Places, state: State) -> None:
    """Write it, readable by its owner alone."""
    places.state.touch(mode=0o600)
    places.state.write_text(json.dumps(asdict(state)), encoding="utf-8")


def read_state(places: Places) -> State | None:
    """Return the state of a laboratory that runs; None where none does."""
    try:
        found = State(**json.loads(places.state.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.answers else None


def running(places: Places) -> State:
    """Return the state; raise Misconfigured where no laboratory runs."""
    found = read_state(places)
    if found is None:
        raise Misconfigured(f"No laboratory runs in {places.folder}. Start one: rootline lab up.")
    return found


def own_pid() -> int:
    """The id of our process."""
    return os.getpid()
