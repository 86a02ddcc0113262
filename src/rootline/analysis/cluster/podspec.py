"""The pod template inside a manifest."""

from collections.abc import Iterator

from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.text import quantity, quoted, whole
from rootline.analysis.cluster.workload import (
    Container,
    Port,
    Probe,
    Reference,
    Toleration,
    Variable,
    Wish,
    Workload,
)
from rootline.analysis.cluster.yamltree import Tree

_PROBES = {"livenessProbe": "liveness", "readinessProbe": "readiness", "startupProbe": "startup"}
_HANDLERS = {"httpGet": "http", "tcpSocket": "tcp", "grpc": "grpc", "exec": "exec"}
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


class Reader:
    """Reads the parts of one manifest; knows the question that its lines answer."""

    def __init__(self, query: ClusterQuery) -> None:
        self._query = query

    def proof(self, at: Tree, subject: str) -> LineProof:
        """The line a value stands on."""
        quote = quoted(at.line.text)
        return LineProof(query=self._query, line=at.line.number, quote=quote, subject=subject)

    def workload(self, app: str, template: Tree, *, replicas: int | None, proof: LineProof) -> Workload:
        """The template of an application."""
        spec = template.at("spec") or template
        subject = f"app/{app}"
        return Workload(
            app=app,
            labels=template.mapping("metadata", "labels"),
            replicas=replicas,
            containers=tuple(self._container(c, subject) for c in spec.each("containers")),
            wishes=tuple(self._wishes(spec, subject)),
            tolerations=tuple(_toleration(t) for t in spec.each("tolerations")),
            references=tuple(self._references(spec, subject)),
            dns=tuple(self._dns(spec, subject)),
            proof=proof,
        )

    def _container(self, tree: Tree, subject: str) -> Container:
        asked = tree.mapping("resources", "requests") or tree.mapping("resources", "limits")
        amounts = {name: quantity(text) for name, text in asked.items()}
        return Container(
            name=tree.word("name"),
            image=tree.word("image"),
            ports=tuple(self._ports(tree, subject)),
            probes=tuple(self._probes(tree, subject)),
            env=tuple(self._env(tree, subject)),
            words=tuple(self._words(tree, subject)),
            requests={name: amount for name, amount in amounts.items() if amount is not None},
            proof=self.proof(tree.at("image") or tree, subject),
        )

    def _ports(self, container: Tree, subject: str) -> Iterator[Port]:
        for port in container.each("ports"):
            if port.word("containerPort").isdecimal():
                yield Port(
                    number=whole(port.word("containerPort")),
                    name=port.word("name"),
                    protocol=port.word("protocol", default="TCP").upper(),
                    proof=self.proof(port.at("containerPort") or port, subject),
                )

    def _env(self, container: Tree, subject: str) -> Iterator[Variable]:
        for variable in container.each("env"):
            value = variable.at("value")
            if value is not None:
                proof = self.proof(value, subject)
                yield Variable(name=variable.word("name"), value=value.text, proof=proof)

    def _words(self, container: Tree, subject: str) -> Iterator[Variable]:
        for key in ("command", "args"):
            for word in container.each(key):
                yield Variable(name=key, value=word.text, proof=self.proof(word, subject))

    def _probes(self, container: Tree, subject: str) -> Iterator[Probe]:
        for key, kind in _PROBES.items():
            probe = container.at(key)
            handler = next((h for h in _HANDLERS if probe and probe.at(h)), None)
            if probe and handler:
                how = probe.at(handler) or probe
                secure = how.word("scheme").upper() == "HTTPS"
                yield Probe(
                    kind=kind,
                    handler="https" if secure else _HANDLERS[handler],
                    port=how.word("port"),
                    path=how.word("path"),
                    delay_s=_seconds(probe, "initialDelaySeconds", 0),
                    period_s=_seconds(probe, "periodSeconds", 10),
                    timeout_s=_seconds(probe, "timeoutSeconds", 1),
                    failures=int(_seconds(probe, "failureThreshold", 3)),
                    proof=self.proof(how.at("port") or probe, subject),
                )

    def _wishes(self, spec: Tree, subject: str) -> Iterator[Wish]:
        selector = spec.at("nodeSelector")
        for key, value in selector.fields.items() if selector else ():
            yield Wish(kind="selector", key=key, values=(value.text,), proof=self.proof(value, subject))
        for term in spec.each("affinity", "nodeAffinity", _REQUIRED, "nodeSelectorTerms"):
            for expression in term.each("matchExpressions"):
                yield Wish(
                    kind="affinity",
                    key=expression.word("key"),
                    operator=expression.word("operator", default="In"),
                    values=tuple(v.text for v in expression.each("values")),
                    proof=self.proof(expression.at("key") or expression, subject),
                )
        for rule in spec.each("affinity", "podAntiAffinity", _REQUIRED):
            proof = self.proof(rule.at("topologyKey") or rule, subject)
            yield Wish(kind="anti_affinity", key=rule.word("topologyKey"), proof=proof)

    def _references(self, spec: Tree, subject: str) -> Iterator[Reference]:
        for kind, at in _referred(spec):
            yield Reference(kind=kind, name=at.text, proof=self.proof(at, subject))

    def _dns(self, spec: Tree, subject: str) -> Iterator[LineProof]:
        policy = spec.at("dnsPolicy")
        if policy and policy.text not in {"ClusterFirst", "ClusterFirstWithHostNet"}:
            yield self.proof(policy, subject)
        for server in spec.each("dnsConfig", "nameservers"):
            yield self.proof(server, subject)


def _seconds(probe: Tree, key: str, default: float) -> float:
    found = quantity(probe.word(key))
    return default if found is None else found


def _toleration(tree: Tree) -> Toleration:
    return Toleration(
        key=tree.word("key"),
        operator=tree.word("operator", default="Equal"),
        value=tree.word("value"),
        effect=tree.word("effect"),
    )


def _referred(spec: Tree) -> Iterator[tuple[str, Tree]]:
    paths = {
        "claim": ("persistentVolumeClaim", "claimName"),
        "secret": ("secret", "secretName"),
        "configmap": ("configMap", "name"),
        "host_path": ("hostPath", "path"),
    }
    found = [("account", spec.at("serviceAccountName"))]
    found += [("pull_secret", item.at("name")) for item in spec.each("imagePullSecrets")]
    found += [(kind, volume.at(*path)) for volume in spec.each("volumes") for kind, path in paths.items()]
    found += [("host_alias", name) for alias in spec.each("hostAliases") for name in alias.each("hostnames")]
    for container in spec.each("containers"):
        for var in container.each("env"):
            found.append(("secret", var.at("valueFrom", "secretKeyRef", "name")))
            found.append(("configmap", var.at("valueFrom", "configMapKeyRef", "name")))
        for source in container.each("envFrom"):
            found.append(("secret", source.at("secretRef", "name")))
            found.append(("configmap", source.at("configMapRef", "name")))
    yield from ((kind, at) for kind, at in found if at is not None and at.text)
