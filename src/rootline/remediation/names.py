"""Which names may enter a command, and how commands are written: every word quoted, nothing interpolated."""

import re
import shlex
from dataclasses import dataclass

# Source: Kubernetes, "Object Names and IDs": RFC 1123 subdomain, at most 253 characters.
_OBJECT = re.compile(r"(?!.{254})[a-z0-9](?:[a-z0-9-]{0,251}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,251}[a-z0-9])?)*\Z")
# Source: RFC 1123 label, at most 63 characters.
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
# Source: git's object names: 40 hexadecimal digits, 64 with SHA-256, or an abbreviation of at least seven.
_COMMIT = re.compile(r"[0-9a-f]{7,64}\Z")
_FLAG = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,127}\Z")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.%:-]{0,63}\Z")
_FOLDER = re.compile(r"(?!/)(?!.{0,300}\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}\Z")

TO_FILL_IN = "[fill in: "
_SHOWN, _LONGEST_SHOWN = 12, 60


@dataclass(frozen=True)
class Open:
    """A value that no evidence knows: the shell refuses to run the command until a person has named it."""

    variable: str
    what: str
    before: str = ""

    def __str__(self) -> str:
        return f'"{self.before}${{{self.variable}:?{self.what}}}"'

    @property
    def words(self) -> str:
        """The same in a sentence."""
        return f"{TO_FILL_IN}{self.what}]"


NAMESPACE = Open("NAMESPACE", "name the namespace")
Word = str | Open


def is_object_name(name: str) -> bool:
    """Whether Kubernetes accepts it as the name of an object."""
    return _OBJECT.match(name) is not None


def is_namespace(name: str) -> bool:
    """Whether Kubernetes accepts it as the name of a namespace."""
    return _LABEL.match(name) is not None


def is_commit(label: str) -> bool:
    """Whether it can be the hash of a commit."""
    return _COMMIT.match(label) is not None


def is_flag(label: str) -> bool:
    """Whether it is an identifier as flag systems and configuration files know them."""
    return _FLAG.match(label) is not None


def is_plain_value(value: str) -> bool:
    """Whether it is a short plain value such as `on`, `250ms` or `v1.4.2`, so that a step may repeat it."""
    return _VALUE.match(value) is not None


def is_path(path: str) -> bool:
    """Whether it is a plain path inside a repository, without spaces or steps upwards."""
    return _FOLDER.match(path) is not None


def short(label: str) -> str:
    """A label as a title shows it: commits at twelve characters, anything else at sixty on one line."""
    if is_commit(label):
        return label[:_SHOWN]
    return " ".join("".join(char if char.isprintable() else " " for char in label[:_LONGEST_SHOWN]).split())


def shell(*words: Word) -> str:
    """Write a command: each word quoted for a POSIX shell, each open value as a parameter that must be set."""
    return " ".join(str(word) if isinstance(word, Open) else shlex.quote(word) for word in words)


def kubectl(namespace: str, *words: Word) -> str:
    """Write a kubectl command in a namespace; the namespace stays open where it is not known."""
    return shell("kubectl", "-n", namespace or NAMESPACE, *words)
