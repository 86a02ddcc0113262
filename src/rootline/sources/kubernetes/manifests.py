"""What an application is installed with: its workload and what belongs to it, as YAML documents."""

from collections.abc import AsyncIterator, Iterator

from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.plain import as_yaml, stripped
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.reading import Choice, Reader
from rootline.sources.kubernetes.resources import RESOURCES
from rootline.sources.kubernetes.tables import MOST_TEXT

_WORKLOADS = ("deployments", "statefulsets", "daemonsets", "pods")
_MOST_NEIGHBOURS = 500
_MOST_REFERRED = 12
_REFERRED = (
    ("configmaps", "volumes", ("configMap", "name")),
    ("secrets", "volumes", ("secret", "secretName")),
    ("persistentvolumeclaims", "volumes", ("persistentVolumeClaim", "claimName")),
)


class Manifests:
    """Writes manifests; the values of ConfigMaps and Secrets as hashes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def of(self, app: str, namespace: str) -> str | None:
        """The documents of an application; None when nothing is called so.

        Raises:
            SourceFailed: The workload cannot be read. What only belongs to it is left out with a comment instead.

        """
        plural, workload = await self.workload(app, namespace)
        if workload is None:
            return None
        written = [self._document(plural, workload)]
        try:
            written += [self._document(kind, one) async for kind, one in self._around(app, workload)]
        except SourceFailed as failed:
            written.append(f"# partial: {failed}\n")
        return _joined(written)

    async def workload(self, app: str, namespace: str) -> tuple[str, Raw | None]:
        """The workload of that name, and its kind."""
        for plural in _WORKLOADS:
            found = await self._reader.one(RESOURCES[plural], namespace, app)
            if found is not None:
                return plural, found
        return "", None

    async def _around(self, app: str, workload: Raw) -> AsyncIterator[tuple[str, Raw]]:
        namespace = workload.namespace
        template = workload.at("spec", "template") or workload
        labels = template.pairs("metadata", "labels")
        nearby = Choice(namespace=namespace, most=_MOST_NEIGHBOURS)
        services = (await self._reader.each(RESOURCES["services"], nearby)).items
        own = [one for one in services if one.name == app or _selects(one, labels)]
        for service in own:
            yield "services", service
        for plural, name in _referred(template.at("spec")):
            found = await self._reader.one(RESOURCES[plural], namespace, name)
            if found is not None:
                yield plural, found
        account = template.text("spec", "serviceAccountName")
        held = await self._reader.one(RESOURCES["serviceaccounts"], namespace, account) if account else None
        if held is not None:
            yield "serviceaccounts", held
        names = {one.name for one in own}
        for ingress in (await self._reader.each(RESOURCES["ingresses"], nearby)).items:
            if names & _routed(ingress):
                yield "ingresses", ingress

    def _document(self, plural: str, object_: Raw) -> str:
        held = stripped(object_).held
        kind = RESOURCES[plural]
        if plural in {"configmaps", "secrets"}:
            held = {key: value for key, value in held.items() if key not in {"data", "stringData", "binaryData"}}
            held["data"] = dict(self._reader.seal.hidden(object_))
        version = f"{kind.group}/{kind.version}" if kind.group else kind.version
        return as_yaml(Raw({**held, "apiVersion": version, "kind": kind.kind}))


def _joined(written: list[str]) -> str:
    whole: list[str] = []
    length = 0
    for place, document in enumerate(written):
        length += len(document)
        if length > MOST_TEXT // 2:
            whole.append(f"# partial: {place} of {len(written)} documents fit\n")
            break
        whole.append(document)
    return "---\n".join(whole)


def _selects(service: Raw, labels: dict[str, str]) -> bool:
    wanted = service.pairs("spec", "selector")
    return bool(wanted) and wanted.items() <= labels.items()


def _routed(ingress: Raw) -> set[str]:
    paths = [path for rule in ingress.each("spec", "rules") for path in rule.each("http", "paths")]
    return {path.text("backend", "service", "name") for path in paths}


def _referred(spec: Raw) -> list[tuple[str, str]]:
    """What a pod refers to by name: settings and claims, as pairs of kind and name."""
    return list(dict.fromkeys(_names(spec)))[:_MOST_REFERRED]


def _names(spec: Raw) -> Iterator[tuple[str, str]]:
    for plural, field, path in _REFERRED:
        yield from ((plural, one.text(*path)) for one in spec.each(field) if one.text(*path))
    for container in (*spec.each("containers"), *spec.each("initContainers")):
        for source in container.each("envFrom"):
            yield from _named(source, "configMapRef", "secretRef")
        for variable in container.each("env"):
            yield from _named(variable.at("valueFrom"), "configMapKeyRef", "secretKeyRef")


def _named(source: Raw, setting: str, secret: str) -> Iterator[tuple[str, str]]:
    for plural, field in (("configmaps", setting), ("secrets", secret)):
        if source.text(field, "name"):
            yield plural, source.text(field, "name")
