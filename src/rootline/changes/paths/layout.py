"""How a repository is laid out: which folders at its top are homes of services, named or not."""

from collections.abc import Iterable

from rootline.changes.paths.ownership import LIBRARIES, ROOTS, belongs

MOST = 5_000


def homes(paths: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the folders at the top that are services' homes; nothing where no known service has a folder there.

    Where one does, its siblings are homes too, but for folders that many build from or that hold no service.
    """
    tops = {path.split("/", 1)[0] for path, _ in zip(paths, range(MOST), strict=False) if "/" in path}
    named = tuple(known)
    if not any(belongs(top, one) for top in tops for one in named):
        return ()
    return tuple(sorted(top for top in tops if top.lower() not in ROOTS | LIBRARIES and not top.startswith(".")))
