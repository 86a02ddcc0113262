"""SQL lives in files: one named statement, one promise."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> bytes:
    """Read the statement of that name from `statements/`."""
    return files("rootline.store").joinpath("statements", f"{name}.sql").read_bytes()
