"""A window in equal parts, so that a bounded read sees all of it and not only its newest end."""

from itertools import pairwise

from rootline.domain.window import Window


def slices(window: Window, count: int) -> list[Window]:
    """Cut a window into equal half-open parts, oldest first."""
    borders = [window.start + window.duration * at / count for at in range(count)] + [window.end]
    return [Window(start=start, end=end) for start, end in pairwise(borders)]
