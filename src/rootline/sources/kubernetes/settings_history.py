"""When keys of ConfigMaps and Secrets were last written, as the API server remembers for each writer."""

from collections.abc import Iterator, Mapping, Sequence

from rootline.domain.change import ConfigChange
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.templates import is_secret

_DATA = {"f:data": "data", "f:binaryData": "binaryData", "f:stringData": "stringData"}
_MOST_USERS = 5
_SYSTEM = ("kube-root-ca.crt", "istio-ca-root-cert")


def written(kind: str, object_: Raw, users: Sequence[str], seal: Seal) -> Iterator[ConfigChange]:
    """Yield the last write of each key for each workload that uses the object; what stood there before is unknown."""
    if object_.name in _SYSTEM:
        return
    for entry in object_.each("metadata", "managedFields"):
        at = entry.moment("time")
        for field, section in _DATA.items():
            for key, _ in entry.fields("fieldsV1", field):
                name = key.removeprefix("f:")
                if at is not None and name and name != ".":
                    after = shown(kind, name, object_.text(section, name), seal)
                    for user in users[:_MOST_USERS] or [object_.name]:
                        yield ConfigChange(
                            key=f"{kind}/{object_.name} {name}",
                            service=user,
                            at=at,
                            before="",
                            after=after,
                            actor=entry.text("manager"),
                        )


def shown(kind: str, key: str, value: str, seal: Seal) -> str:
    """A value as it may be told: a hash for a Secret or where the key names one, else the value."""
    if not value or value.startswith("hash:"):
        return value
    return seal.mark(value) if kind == "secret" or is_secret(key) else value


Used = tuple[str, str, str]
"""Namespace, kind and name of a ConfigMap or a Secret."""


def users(templates: Mapping[tuple[str, str], Raw]) -> dict[Used, list[str]]:
    """Which workloads use which settings; templates by namespace and workload."""
    found: dict[Used, list[str]] = {}
    for (namespace, name), template in sorted(templates.items(), key=lambda one: one[0]):
        for kind, used in dict.fromkeys(_used(template.at("spec"))):
            found.setdefault((namespace, kind, used), []).append(name)
    return found


def _used(spec: Raw) -> Iterator[tuple[str, str]]:
    for volume in spec.each("volumes"):
        yield "configmap", volume.text("configMap", "name")
        yield "secret", volume.text("secret", "secretName")
    for container in (*spec.each("containers"), *spec.each("initContainers")):
        for source in container.each("envFrom"):
            yield "configmap", source.text("configMapRef", "name")
            yield "secret", source.text("secretRef", "name")
        for variable in container.each("env"):
            yield "configmap", variable.text("valueFrom", "configMapKeyRef", "name")
            yield "secret", variable.text("valueFrom", "secretKeyRef", "name")
