"""The shop's records, in tables. A disk that reads and a journal that remembers make it as slow as a store is."""

import asyncio
import os
from pathlib import Path

from ..lib.service import Service
from ..lib.wire import Failure, Json, Request
from .journal import Journal
from .tables import Tables

service = Service("store")
tables = Tables()
journal = Journal(Path(os.environ.get("SHOP_VOLUME", "/nonexistent")), int(service.settings.own["volume_bytes"]))
READ_S = float(service.settings.own["read_ms"]) / 1000
WRITE_S = float(service.settings.own["write_ms"]) / 1000


@service.post("/get")
async def get(asked: Request) -> Json:
    """Return a row."""
    await asyncio.sleep(READ_S)  # the disk
    tables.take_over(journal.unread())
    row = tables.row(asked.body["table"], asked.body["key"], asked.body.get("default"))
    if row is None:
        raise Failure(404, f"{asked.body['table']} has no {asked.body['key']!r}")
    return {"row": row}


@service.post("/put")
async def put(asked: Request) -> Json:
    """Write a row: into the journal first, so that it survives."""
    await asyncio.sleep(WRITE_S)  # the disk
    journal.append(asked.body)
    tables.take_over(journal.unread())
    return {"written": True}
