"""What was asked in one investigation, and under which label each answer stands; the answers are in the journal."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rootline.domain.evidence import Evidence, JsonObject, Reading, fingerprint
from rootline.domain.session import Investigation, Message
from rootline.store.journal import Journal
from rootline.tools.toolbox import Asked, asked

LATEST = 100
"""Source: ours; an investigation that Rootline leads gathers fewer."""


class Ledger:
    """Every write goes to the journal first; memory follows only when that has succeeded."""

    def __init__(
        self, investigation: Investigation, journal: Journal, *, messages: int, labels: int, known: Mapping[Asked, str]
    ) -> None:
        """Go on behind so many stored messages and labels; `known` tells the label of what was asked before."""
        self.investigation = investigation
        self.journal = journal
        self._written = messages
        self._labels = labels
        self._known = dict(known)

    @property
    def written(self) -> int:
        """How many messages are stored."""
        return self._written

    def known(self, key: Asked) -> str:
        """Return the label of an identical earlier call; empty where there was none."""
        return self._known.get(key, "")

    def label(self, tool: str, arguments: JsonObject, reading: Reading, at: int, taken: datetime) -> Evidence:
        """Give a new reading its label, `at` places after the last stored one."""
        return Evidence(
            label=f"E{self._labels + at + 1}",
            tool=tool,
            arguments=arguments,
            reading=reading,
            sha256=fingerprint(tool, arguments, reading),
            taken_at=taken,
        )

    async def latest(self) -> Sequence[Evidence]:
        """Return what came back last, in the order of storing: whoever calls tools one by one may gather thousands."""
        labels = await self.journal.labels(self.investigation.id)
        return await self.journal.evidence(self.investigation.id, labels[-LATEST:])

    async def write(self, *messages: Message, evidence: Sequence[Evidence] = ()) -> None:
        """Store messages, with the evidence that their results made, in one transaction."""
        await self.journal.add_messages(self.investigation.id, self._written, messages, evidence)
        self._written += len(messages)
        self._labels += len(evidence)
        self._known |= {asked(one.tool, one.arguments): one.label for one in evidence}
