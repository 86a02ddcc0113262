"""One investigation as it runs: what is stored, kept in step with what is remembered."""

from collections.abc import Mapping, Sequence

from rootline.agent.ledger import Ledger
from rootline.domain.evidence import Evidence
from rootline.domain.session import Message, Question
from rootline.store.journal import Journal, Record
from rootline.tools.toolbox import asked


class Notebook(Ledger):
    """A ledger that also remembers each message and each answer, for whoever reasons over them."""

    def __init__(self, record: Record, journal: Journal) -> None:
        known = {asked(one.tool, one.arguments): one.label for one in record.evidence}
        super().__init__(
            record.investigation, journal, messages=len(record.messages), labels=len(record.evidence), known=known
        )
        self._messages = list(record.messages)
        self._evidence = {one.label: one for one in record.evidence}

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

    async def latest(self) -> Sequence[Evidence]:
        """Return all of it."""
        return [*self._evidence.values()]

    async def write(self, *messages: Message, evidence: Sequence[Evidence] = ()) -> None:
        """Store and remember messages and the evidence that their results made."""
        await super().write(*messages, evidence=evidence)
        self._messages.extend(messages)
        self._evidence |= {one.label: one for one in evidence}
