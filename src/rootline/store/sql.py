"""SQL lives in files: one named statement, one promise."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> bytes:
    """Read the statement of that name from `statements/`."""
    return files("rootline.store").joinpath("statements", f"{name}.sql").read_bytes()


@cache
def filled(name: str, mark: str, *, by: str) -> bytes:
    """Return a statement in which what stands between `/* mark */` and `/* . */` is another named one."""
    before, opened, rest = statement(name).partition(f"/* {mark} */".encode())
    _, closed, after = rest.partition(b"/* . */")
    if not (opened and closed):
        raise ValueError(f"{name}.sql has no place for {mark!r}")
    return before + statement(by).rstrip() + after
