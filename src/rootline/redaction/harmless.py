"""Texts that were read and hold no secret, since names and labels come back with every answer."""

_LONGEST, _MOST = 200, 8192
"""Source: ours; names and labels are shorter, and all of it is at most two megabytes."""


class Harmless:
    """Remembers short texts without a secret, and never one with any. When there are too many it begins anew."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def __contains__(self, text: str) -> bool:
        """Whether the text was noted."""
        return text in self._texts

    def note(self, text: str) -> None:
        """Remember a text that redaction left as it was."""
        if len(text) > _LONGEST:
            return
        if len(self._texts) >= _MOST:
            self._texts.clear()
        self._texts.add(text)
