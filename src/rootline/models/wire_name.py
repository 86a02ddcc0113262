import re

UNFIT = re.compile(r"[^A-Za-z0-9_-]")
LONGEST = 64


def wire_name(tool: str) -> str:
    """Make a tool's name fit both wires, which refuse a whole conversation over a name that a model made up.

    Names of ours already fit: letters, digits, underscores and hyphens, at most 64.
    """
    return UNFIT.sub("_", tool)[:LONGEST] or "_"
