"""Texts that were read and hold no secret, since names and labels come back with every answer."""

_LONGEST, _MOST = 200, 16384
"""Source: ours; names and labels are shorter, and all of it is at most four megabytes."""


class Harmless:
    """Remembers short texts without a secret, and never one with any. When there are too many it begins anew.

    What is harmless under one key may be a secret under another, so each is known with its key; empty for none.
    """

    def __init__(self) -> None:
        self._texts: set[tuple[str, str]] = set()

    def __contains__(self, under: tuple[str, str]) -> bool:
        """Whether a key and a text were noted."""
        return under in self._texts

    def note(self, key: str, text: str) -> None:
        """Remember a text that redaction left as it was under that key."""
        if len(key) + len(text) > _LONGEST:
            return
        if len(self._texts) >= _MOST:
            self._texts.clear()
        self._texts.add((key, text))
