"""What an investigation stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rootline.domain.evidence import Reading
from rootline.redaction import Redactor
from rootline.sources.bundle import Sources
from rootline.sources.fleet.guard import Watch
from rootline.sources.redacting import redacting
from rootline.tapes.folder import TapeFolder
from rootline.tapes.recording import Recording
from rootline.tools.toolbox import Asked, asked


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What an investigation stands on: sources to ask, and where they came from.

    Live ones are watched; `clusters` are those that were chosen by somebody, so that it can be resumed on the same.
    """

    sources: Sources
    origin: str = ""
    taped: Mapping[Asked, Reading] | None = None
    watch: Watch | None = None
    clusters: tuple[str, ...] = ()
    _cleaned: dict[Redactor, Sources] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def is_live(self) -> bool:
        """Whether time goes on in it."""
        return self.watch is not None

    def cleaned(self, redactor: Redactor) -> Sources:
        """Return the sources, each answer of theirs without its secrets; what a recording says is kept."""
        if redactor not in self._cleaned:
            self._cleaned[redactor] = redacting(self.sources, redactor, keeps=bool(self.origin))
        return self._cleaned[redactor]

    @classmethod
    def of(cls, recording: Recording, origin: str = "") -> "Ground":
        """Stand on a recording; one without sources answers from its tool results alone."""
        bare = recording.has_sources
        taped = {asked(one.tool, one.arguments): one.reading for one in recording.results or ()}
        return cls(sources=recording.sources(), origin=origin, taped=None if bare else taped)


def load_tape(folder: Path) -> tuple[Recording, Ground]:
    """Read a tape and stand on it."""
    recording = TapeFolder(folder).load()
    return recording, Ground.of(recording, str(folder.resolve()))
