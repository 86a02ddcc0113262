"""The shop's feature flags: a file in flagd's format in a git repository of its own, whose commits switch them."""

import json
from datetime import UTC, datetime
from pathlib import Path

from rootline.lab.fault import Switch
from rootline.lab.git import Git
from rootline.lab.repository import AGE

HARMLESS: tuple[Switch, ...] = (
    Switch(service="gateway", flag="page-count"),
    Switch(service="checkout", flag="thank-you-note"),
    Switch(service="cart", flag="count-of-lines"),
)
HARMFUL: tuple[Switch, ...] = (
    Switch(service="catalogue", flag="related-products"),
    Switch(service="payment", flag="receipts-by-mail"),
    Switch(service="pricing", flag="long-signatures"),
)


class FlagFile:
    """What each flag is set to, and since when."""

    def __init__(self, file: Path, git: str) -> None:
        self._file, self._git = file, Git(file.parent, git)

    def create(self) -> None:
        """Begin with every flag off, as it has been for a month."""
        self._file.parent.mkdir(parents=True)
        self._write({one.flag: _off(one.service) for one in (*HARMLESS, *HARMFUL)})
        self._git.begin()
        self._git.commit("Begin", author="shop", at=datetime.now(tz=UTC) - AGE)

    def turn_on(self, flag: str, author: str) -> None:
        """Have somebody turn a flag on."""
        known = json.loads(self._file.read_text(encoding="utf-8"))["flags"]
        known[flag]["defaultVariant"] = "on"
        self._write(known)
        self._git.commit(f"Turn {flag} on", author=author)

    def _write(self, flags: dict[str, dict[str, object]]) -> None:
        """Replace the file as a whole, since services read it all the time."""
        made = self._file.with_suffix(".new")
        made.write_text(json.dumps({"flags": flags}, indent=2) + "\n", encoding="utf-8")
        made.replace(self._file)


def _off(service: str) -> dict[str, object]:
    return {
        "state": "ENABLED",
        "variants": {"on": True, "off": False},
        "defaultVariant": "off",
        "metadata": {"service": service},
    }
