"""The layout of one Kubernetes fault: a question in `metadata.json` and recorded calls in `tool_cache.json`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from rootline.analysis.cluster.calls import from_call
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.tapes.importers.json_files import field, moment, read_json
from rootline.tapes.recording import ClusterRead, Recording

_CACHE = "tool_cache.json"
_LOOKBACK = timedelta(hours=1)
_FALLBACK = datetime(2000, 1, 1, tzinfo=UTC)


def read_cloudops(folder: Path) -> Recording:
    """Read the case in `folder`. Of `metadata.json` only the question and the namespace are kept."""
    cache = read_json(folder / _CACHE)
    metadata = read_json(folder / "metadata.json")
    if not isinstance(cache, dict) or not isinstance(metadata, dict):
        raise BadTape(f"{folder} needs an object in {_CACHE} and in metadata.json.")
    taken = moment(cache["collection_timestamp"], folder / _CACHE) if "collection_timestamp" in cache else _FALLBACK
    reads = [read for key, value in cache.items() if (read := from_call(key, value)) is not None]
    return Recording(
        title=folder.name,
        question=Question(
            text=str(field(metadata, "query", folder / "metadata.json")),
            namespace=str(metadata.get("namespace", "")),
            window=Window(start=taken - _LOOKBACK, end=taken + timedelta(seconds=1)),
        ),
        cluster=tuple(ClusterRead(query=query, text=text) for query, text in dict(reads).items()),
    )
