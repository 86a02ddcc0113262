"""What was held where, kept in a file beyond the process."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def remembered(file: Path) -> dict[str, frozenset[str]]:
    """Read what was held; nothing where nothing was kept, or it cannot be read."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        return {str(place): frozenset(map(str, names)) for place, names in held.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def remember(file: Path, held: Mapping[str, frozenset[str]]) -> None:
    """Keep what is held, whole or not at all; a home that cannot be written to is told elsewhere."""
    made = file.with_suffix(".new")
    with suppress(OSError):
        made.write_text(json.dumps({place: sorted(names) for place, names in held.items()}), encoding="utf-8")
        made.replace(file)
