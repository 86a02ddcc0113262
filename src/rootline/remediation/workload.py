"""Which Kubernetes workload an application is, as far as the evidence tells."""

from dataclasses import dataclass

from rootline.domain.fact import TextFact
from rootline.remediation.case import Case
from rootline.remediation.names import Word, is_object_name, kubectl

_WORKLOADS = ("deployment", "statefulset", "daemonset")
_MOST_LINES = 2000


@dataclass(frozen=True, kw_only=True)
class Workload:
    """`kind/name` for kubectl; `is_known` says whether the evidence shows an object of that kind and name."""

    kind: str
    name: str
    namespace: str
    is_known: bool

    @property
    def ref(self) -> str:
        """The workload as kubectl names it."""
        return f"{self.kind}/{self.name}"

    def kubectl(self, *words: Word) -> str:
        """Write a kubectl command in the workload's namespace."""
        return kubectl(self.namespace, *words)


def workload_of(case: Case) -> Workload | None:
    """Return the workload to act on, a Deployment where nothing else is shown.

    None where nothing tells of Kubernetes, or for a name that kubectl would refuse.
    """
    target = case.target
    if not case.is_kubernetes or not is_object_name(target.name):
        return None
    if target.kind in _WORKLOADS:
        return Workload(kind=target.kind, name=target.name, namespace=target.namespace, is_known=True)
    shown = [kind for kind in _WORKLOADS if any(_shows(text, kind, target.name) for text in case.entities.texts)]
    kind = shown[0] if len(shown) == 1 else "deployment"
    return Workload(kind=kind, name=target.name, namespace=target.namespace, is_known=len(shown) == 1)


def _shows(text: TextFact, kind: str, name: str) -> bool:
    if f" {kind}" not in f" {text.asked[:200].lower()}":
        return False
    listed = (line.split(None, 2)[:2] for line in text.lines[:_MOST_LINES])
    return any(name in {word.rsplit("/", 1)[-1] for word in words} for words in listed)
