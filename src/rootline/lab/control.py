"""A running laboratory takes orders on a loopback port, from whoever knows its word."""

import asyncio
import hmac
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import SubprocessError

from pydantic import BaseModel, ConfigDict, ValidationError

from rootline.domain.window import rfc3339
from rootline.errors import Misconfigured, RootlineError
from rootline.lab.beside import beside
from rootline.lab.laboratory import Laboratory, Tell
from rootline.lab.patch import Patch
from rootline.lab.scenario import Scenario, carry_out, fault_scenario, patch_scenario
from rootline.lab.servers import firing
from rootline.lab.state import State, own_pid, write_state

LONGEST_ORDER = 8192
TOKEN_BYTES = 24


class Order(BaseModel):
    """What is to be done."""

    model_config = ConfigDict(extra="forbid")

    token: str
    verb: str
    name: str = ""
    patch: str = ""
    service: str = ""
    seed: int = 0


class Line(BaseModel):
    """One line of an answer: what is going on, what came of it, or what is wrong."""

    told: str = ""
    done: dict[str, object] | None = None
    error: str = ""


class Control:
    """Serves one laboratory; one order that changes something at a time."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._busy = asyncio.Lock()
        self.ended = asyncio.Event()

    def state(self, port: int) -> State:
        """Return where this can be spoken to."""
        own = self._laboratory.addresses
        return State(
            pid=own_pid(),
            port=port,
            token=self._token,
            prometheus=f"http://{own.prometheus}",
            alertmanager=f"http://{own.alertmanager}",
            gateway=f"http://{own.services['gateway']}",
        )

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one order."""

        def say(line: Line) -> None:
            writer.write((line.model_dump_json(exclude_defaults=True) + "\n").encode())

        try:
            order = Order.model_validate_json(await reader.readline())
            if not hmac.compare_digest(order.token, self._token):
                return
            say(Line(done=await self._obey(order, say_line=lambda words: say(Line(told=words)))))
            await writer.drain()
        except RootlineError as bad:
            say(Line(error=str(bad)))
        except (ValidationError, ValueError, ConnectionError):
            pass
        except (OSError, SubprocessError) as bad:
            say(Line(error=f"The laboratory could not do it: {bad}"))
        finally:
            writer.close()

    async def _obey(self, order: Order, say_line: Tell) -> dict[str, object]:
        if order.verb == "down":
            self.ended.set()
            return {}
        if order.verb == "status":
            return await self._status()
        if order.verb != "break":
            raise Misconfigured(f"{order.verb[:40]!r} is no order.")
        if self._busy.locked():
            raise Misconfigured("Something is being broken right now. Wait until that is done.")
        async with self._busy:
            return await self._break(_scenario(order), say_line)

    async def _break(self, scenario: Scenario, say_line: Tell) -> dict[str, object]:
        if scenario.patch is not None:
            self._look_at(scenario.patch, say_line)
        many = len(scenario.plan.before)
        say_line(f"{many} deployments that harm nobody come first, over {scenario.plan.strikes_at_s:.0f} s")
        with self._laboratory.heard(say_line):
            done = await carry_out(self._laboratory, scenario)
        return {"at": rfc3339(done.at), "config": str(self._laboratory.places.config)}

    def _look_at(self, patch: Patch, say_line: Tell) -> None:
        """Refuse a patch that does not apply now, and say what of it will not run."""
        repository = self._laboratory.repository
        repository.apply(patch, only_look=True)
        if notice := beside(patch.service, patch.paths(patch.way(repository.folder))):
            say_line(notice)

    async def _status(self) -> dict[str, object]:
        own = self._laboratory
        return {
            "services": dict(own.addresses.services),
            "versions": dict(own.versions),
            "firing": [f"{one.name} {one.service}" for one in await firing(own.addresses.alertmanager)],
            "happened": [f"{rfc3339(one.at)} {one.kind} {one.service} {one.change}" for one in own.happened.all],
        }


def _scenario(order: Order) -> Scenario:
    if order.patch:
        return patch_scenario(Path(order.patch), order.service, order.seed)
    return fault_scenario(order.name, order.seed)


@asynccontextmanager
async def controlled(laboratory: Laboratory) -> AsyncIterator[Control]:
    """Take orders while the block runs."""
    control = Control(laboratory)
    server = await asyncio.start_server(control.connection, "127.0.0.1", 0, limit=LONGEST_ORDER)
    write_state(laboratory.places, control.state(server.sockets[0].getsockname()[1]))
    try:
        yield control
    finally:
        server.close()
        laboratory.places.state.unlink(missing_ok=True)


async def give(state: State, verb: str, **words: str | int) -> AsyncIterator[Line]:
    """Give an order; yield what is answered, what came of it last.

    Raises Misconfigured with the laboratory's own words when it refuses, and when it falls silent before it is done.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", state.port)
    try:
        writer.write((json.dumps({"token": state.token, "verb": verb, **words}) + "\n").encode())
        is_done = False
        while line := await reader.readline():
            told = Line.model_validate_json(line)
            if told.error:
                raise Misconfigured(told.error)
            is_done = told.done is not None
            yield told
        if not is_done:
            raise Misconfigured("The laboratory ended before it was done. See what it does: rootline lab status.")
    finally:
        writer.close()
