"""One investigation as a tool sees it, in memory and with nothing read before."""

from uuid import UUID

from tests.fakes.incident import HOUR

from rootline.domain.tenant import LOCAL
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.store.journal import MemoryJournal
from rootline.tools.scene import Scene


def scene_of(sources: Sources, window: Window = HOUR, *, namespace: str = "", question: str = "") -> Scene:
    return Scene(
        sources=sources,
        window=window,
        now=window.end,
        actor=LOCAL,
        journal=MemoryJournal(),
        investigation=UUID(int=1),
        evidence={},
        namespace=namespace,
        question=question,
    )
