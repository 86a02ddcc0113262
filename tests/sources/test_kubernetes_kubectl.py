"""The real kubectl accepts the server that these tests stand on, and prints what we print of a pod."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import NOW, SPACE, deployment, event, pod, replica_set, service, template

from rootline.analysis.cluster.query import ClusterQuery
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.cluster import KubernetesCluster
from rootline.sources.kubernetes.connection import Connection

CHECK = {
    "httpGet": {"path": "/live", "port": 8080, "scheme": "HTTP"},
    "initialDelaySeconds": 7,
    "timeoutSeconds": 2,
    "periodSeconds": 10,
    "successThreshold": 1,
    "failureThreshold": 3,
}
AFTER = template("cart", image="registry.example/cart:2.0", livenessProbe=CHECK)
LAST = {"terminated": {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-11-22T09:55:00Z"}}
OBJECTS = [
    deployment("cart", held=AFTER),
    replica_set("cart", "5d8f4c7b9", held=0, wanted=0, revision=1),
    replica_set("cart", "84dbdf99d", revision=2, template=AFTER),
    pod("cart", "84dbdf99d-z2fjb", held=AFTER, container={"restartCount": 3, "lastState": LAST}),
    service("cart"),
    event("Pod", "cart-84dbdf99d-z2fjb", "BackOff", "Back-off restarting failed container", count=9),
]


@dataclass(frozen=True)
class Machine:
    kubeconfig: Path
    home: Path

    def kubectl(self, *words: str) -> str:
        found = shutil.which("kubectl")
        if found is None:
            pytest.skip("kubectl is not installed; Debian's package is kubernetes-client")
        done = subprocess.run(
            [found, "--kubeconfig", str(self.kubeconfig), "-n", SPACE, *words],
            env={"PATH": os.environ["PATH"], "HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("kubectl")
    with served(KubeApi(OBJECTS, logs={("cart-84dbdf99d-z2fjb", "server"): "started\nlistening\n"})) as api:
        yield Machine(api.kubeconfig(folder), folder)


def squeezed(text: str) -> set[str]:
    return {" ".join(line.split()) for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize(
    ("kind", "told"), [("pods", "cart-84dbdf99d-z2fjb"), ("deploy", "cart"), ("events", "Back-off")]
)
def test_kubectl_lists(machine: Machine, kind: str, told: str) -> None:
    assert told in machine.kubectl("get", kind)


def test_kubectl_knows_the_history_of_a_rollout(machine: Machine) -> None:
    assert re.findall(r"^(\d+)", machine.kubectl("rollout", "history", "deployment/cart"), re.MULTILINE) == ["1", "2"]


def test_kubectl_reads_a_log(machine: Machine) -> None:
    assert machine.kubectl("logs", "cart-84dbdf99d-z2fjb") == "started\nlistening\n"


def test_kubectl_tries_a_change_that_leaves_nothing_behind(machine: Machine) -> None:
    machine.kubectl("set", "image", "deployment/cart", "server=registry.example/cart:3.0", "--dry-run=server")

    assert "cart:2.0" in machine.kubectl("get", "deployment", "cart", "-o", "yaml")


@pytest.mark.anyio
async def test_our_description_of_a_pod_has_the_lines_of_kubectl_s(machine: Machine) -> None:
    cluster = KubernetesCluster(Connection(Access(kubeconfig=machine.kubeconfig)), clock=lambda: NOW, key=b"test")
    asked = ClusterQuery(verb="describe", kind="pods", name="cart-84dbdf99d-z2fjb", namespace=SPACE)

    ours = squeezed(await cluster.read(asked) or "")
    theirs = squeezed(machine.kubectl("describe", "pod", "cart-84dbdf99d-z2fjb"))

    shared = {line for line in ours if line.split(":")[0] in {"Image", "Port", "Liveness", "State", "Last State"}}
    states = {"Reason: OOMKilled", "Exit Code: 137", "Restart Count: 3", "Service Account: cart"}
    assert shared | states <= theirs & ours
    assert "Liveness: http-get http://:8080/live delay=7s timeout=2s period=10s #success=1 #failure=3" in shared
