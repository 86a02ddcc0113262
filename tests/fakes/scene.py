"""One investigation as a tool sees it, in memory and with nothing read before."""

from uuid import UUID

from tests.fakes.incident import HOUR

from rootline.agent.ledger import Ledger
from rootline.domain.session import Investigation, Question
from rootline.domain.tenant import LOCAL
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.store.journal import MemoryJournal, Record
from rootline.tools.judged import Judged
from rootline.tools.scene import Scene


def scene_of(sources: Sources, window: Window = HOUR, *, namespace: str = "", question: str = "") -> Scene:
    here = Investigation(
        id=UUID(int=1),
        session=UUID(int=2),
        question=Question(text=question, window=window, namespace=namespace),
        persona="on-call-sre",
        model="builtin",
        state="running",
        opened_at=window.end,
    )
    journal = MemoryJournal(_records={here.id: Record(investigation=here)})
    return Scene(
        sources=sources,
        window=window,
        now=window.end,
        actor=LOCAL,
        journal=journal,
        investigation=here.id,
        judged=Judged(),
        latest=Ledger(here, journal, messages=0, labels=0, known={}).latest,
        namespace=namespace,
        question=question,
    )
