"""Whether Prometheus and Alertmanager are ready, and what fires."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.domain.moment import read_moment
from rootline.errors import Misconfigured
from rootline.lab.child import Child

_READY_S = 20.0
_KNOCK_S = 2.0
_OK = 200


@dataclass(frozen=True, kw_only=True)
class Firing:
    """An alert that Alertmanager holds."""

    name: str
    service: str
    since: datetime


async def wait_for_servers(children: Sequence[Child], addresses: Sequence[str]) -> None:
    """Wait until each says that it is ready; raise Misconfigured with its last words when it ends instead."""
    for child, address in zip(children, addresses, strict=True):
        end = asyncio.get_running_loop().time() + _READY_S
        while not await asyncio.to_thread(_is_ready, address):
            if not child.runs or asyncio.get_running_loop().time() > end:
                said = child.last_words() or "nothing"
                raise Misconfigured(f"{child.name} did not become ready at {address}. It says: {said}")
            await asyncio.sleep(0.1)


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/-/ready", timeout=_KNOCK_S) as answer:
            return bool(answer.status == _OK)
    except OSError:
        return False


async def firing(alertmanager: str) -> tuple[Firing, ...]:
    """Return the alerts that fire now, oldest first; none while Alertmanager does not answer."""
    return await asyncio.to_thread(_firing, alertmanager)


def _firing(address: str) -> tuple[Firing, ...]:
    try:
        with urllib.request.urlopen(f"http://{address}/api/v2/alerts?active=true", timeout=_KNOCK_S) as answer:
            told = json.load(answer)
    except (OSError, ValueError):
        return ()
    found = [
        Firing(
            name=one["labels"].get("alertname", ""),
            service=one["labels"].get("service", ""),
            since=read_moment(one["startsAt"]),
        )
        for one in told
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.name, one.service)))
