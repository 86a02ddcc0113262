"""One investigation as it runs: what is stored, kept in step with what is remembered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rootline.domain.evidence import Evidence, JsonObject, Reading, fingerprint
from rootline.domain.session import Message, Question
from rootline.store.journal import Journal, Record
from rootline.tools.toolbox import Asked, asked


class Notebook:
    """Every write goes to the journal first; memory follows only when that has succeeded."""

    def __init__(self, record: Record, journal: Journal) -> None:
        self.investigation = record.investigation
        self.journal = journal
        self._messages = list(record.messages)
        self._evidence = {one.label: one for one in record.evidence}
        self._asked: dict[Asked, str] = {asked(one.tool, one.arguments): one.label for one in record.evidence}

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.investigation.question

    @property
    def messages(self) -> Sequence[Message]:
        """The stored messages, in order."""
        return self._messages

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """The stored evidence by label, in order."""
        return self._evidence

    def known(self, key: Asked) -> Evidence | None:
        """Return the evidence of an identical earlier call."""
        label = self._asked.get(key)
        return self._evidence[label] if label else None

    def label(self, tool: str, arguments: JsonObject, reading: Reading, at: int, taken: datetime) -> Evidence:
        """Give a new reading its label, `at` places after the last stored one."""
        return Evidence(
            label=f"E{len(self._evidence) + at + 1}",
            tool=tool,
            arguments=arguments,
            reading=reading,
            sha256=fingerprint(tool, arguments, reading),
            taken_at=taken,
        )

    async def write(self, *messages: Message, evidence: Sequence[Evidence] = ()) -> None:
        """Store messages, with the evidence that their results made, in one transaction."""
        await self.journal.add_messages(self.investigation.id, len(self._messages), messages, evidence)
        self._messages.extend(messages)
        for one in evidence:
            self._evidence[one.label] = one
            self._asked[asked(one.tool, one.arguments)] = one.label
