"""Where one's own exporters are described, as settings name it."""

from collections.abc import Mapping
from pathlib import Path

from rootline.sources.config_file import Part, config_file, read_config


class _File(Part):
    exporters: Path | None = None


def exporters_folder(variables: Mapping[str, str], folder: Path = Path()) -> Path | None:
    """Return the folder that ROOTLINE_EXPORTERS names, else that of `exporters:` in the file, beside which it stands.

    Raises:
        Misconfigured: The file cannot be read, or its `exporters` is no path.

    """
    named = variables.get("ROOTLINE_EXPORTERS", "")
    if named:
        return Path(named).expanduser()
    file = config_file(variables, folder)
    if file is None:
        return None
    found = read_config(file, _File, "docs/sources.md").exporters
    return None if found is None else file.parent / found.expanduser()
