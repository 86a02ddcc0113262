"""Answers that are kept for a while."""

from prometheus_client import Counter, Gauge

from ..lib.service import Service
from ..lib.wire import Json, Request
from .entries import Entries

service = Service("cache")
entries = Entries(int(service.settings.own["most_entries"]))

HITS = Counter("cache_hits", "Keys that were found")
MISSES = Counter("cache_misses", "Keys that were not found")
HELD = Gauge("cache_entries", "Keys that are held")
HELD.set_function(entries.__len__)


@service.post("/read")
async def read(asked: Request) -> Json:
    """Return those of the keys that are held and fresh."""
    found = entries.read(asked.body["keys"])
    HITS.inc(len(found))
    MISSES.inc(len(asked.body["keys"]) - len(found))
    return {"found": found}


@service.post("/write")
async def write(asked: Request) -> Json:
    """Keep entries for so many seconds."""
    entries.write(asked.body["entries"], float(asked.body["ttl_s"]))
    return {"kept": len(asked.body["entries"])}
