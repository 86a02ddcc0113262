"""Templates of many lines at once: mask, de-duplicate, then look only at what is distinct."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.analysis.logs.masking import HOLE, mask
from rootline.analysis.logs.merging import merge, tokens
from rootline.analysis.logs.shaping import Shaper, opened

_LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Mined:
    """`template_of[i]` is the index in `templates` of line i; templates stand in order of first appearance."""

    template_of: tuple[int, ...]
    templates: tuple[str, ...]


def mine(texts: Sequence[str]) -> Mined:
    """Find the template of every line, with `<*>` where lines of one template differ.

    The first 2,000 characters of a line count. The same lines in the same order give the same result.
    """
    shaper = Shaper()
    early = shaper.keys([text[:_LONGEST].encode(errors="replace") for text in texts])
    final = {key: shaper.widener.widen(key) for key in dict.fromkeys(early)}
    masked: dict[bytes, str] = {}
    for key, text in zip(early, texts, strict=True):
        if final[key] not in masked:
            masked[final[key]] = mask(opened(text[:_LONGEST].replace("\n", " "), final[key], HOLE))
    rows = {text: tokens(text) for text in dict.fromkeys(masked.values())}
    merged = merge(rows.values())
    numbers: dict[str, int] = {}
    number = {key: numbers.setdefault("".join(merged[rows[text]]), len(numbers)) for key, text in masked.items()}
    return Mined(template_of=tuple(number[final[key]] for key in early), templates=tuple(numbers))
