"""Words that are different in thousands of lines are values, even where no rule knows them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDE = b"\x01"
_FROM = 5_000
_UNTIL = 300_000
_VALUES = 1_000
_GROUPS = 2_000

_Group = tuple[int, tuple[bytes, ...]]


@dataclass(kw_only=True)
class Widener:
    """Finds columns of keys that hold too many different words, and blanks them.

    Keys are compared that have as many words and the same first word, which does not count where first words are too
    many to be a program's own. It begins to learn when 5,000 keys are known, ends with 300,000, and blanks a column
    with 1,000 words. Source: own choices; a program has far fewer messages with one length and one beginning, so no
    message of its own is lost.
    """

    _lead: int = 1
    _seen: int = 0
    _words: dict[_Group, list[set[bytes]]] = field(default_factory=dict)
    _wide: dict[_Group, set[int]] = field(default_factory=dict)

    def learn(self, key: bytes) -> None:
        """Look at a key that was not seen before."""
        self._seen += 1
        if _FROM < self._seen <= _UNTIL:
            self._look(key.split(b" "))

    def widen(self, key: bytes) -> bytes:
        """The key with a blank for every word of a column that is known to be wide."""
        if not self._wide:
            return key
        words = key.split(b" ")
        wide = self._wide.get(self._group(words))
        for at in wide or ():
            words[at] = WIDE
        return b" ".join(words) if wide else key

    def _look(self, words: Sequence[bytes]) -> None:
        group = self._group(words)
        columns = self._words.get(group) or self._words.setdefault(group, [set() for _ in words])
        deque(map(set.add, columns[self._lead :], words[self._lead :]), maxlen=0)
        if max(map(len, columns)) >= _VALUES:
            for at in [at for at, column in enumerate(columns) if len(column) >= _VALUES]:
                columns[at].clear()
                self._wide.setdefault(group, set()).add(at)
        if len(self._words) > _GROUPS and self._lead:
            self._lead = 0
            self._words.clear()
            self._wide.clear()

    def _group(self, words: Sequence[bytes]) -> _Group:
        return len(words), tuple(words[: self._lead])
