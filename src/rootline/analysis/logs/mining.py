"""Templates of many lines at once: mask, de-duplicate, then look only at what is distinct."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.analysis.logs.masking import mask


@dataclass(frozen=True, kw_only=True)
class Mined:
    """`template_of[i]` is the index in `templates` of line i; templates stand in order of first appearance."""

    template_of: tuple[int, ...]
    templates: tuple[str, ...]


def mine(texts: Sequence[str]) -> Mined:
    """Find the template of every line, with `<*>` where lines of one template differ."""
    masked = {text: mask(text) for text in dict.fromkeys(texts)}
    numbers: dict[str, int] = {}
    template_of = tuple(numbers.setdefault(masked[text], len(numbers)) for text in texts)
    return Mined(template_of=template_of, templates=tuple(numbers))
