"""How a cluster is reached: by kubeconfig, by a pod's own account, and what is said when it cannot be."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.certificate import self_signed
from tests.fakes.kube_api import TOKEN, KubeApi, served
from tests.fakes.kube_shop import SPACE, bad_image, healthy

from rootline.analysis.cluster.query import listing
from rootline.errors import Misconfigured
from rootline.live import live_ground
from rootline.settings import read_settings
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.access import Access, access
from rootline.sources.kubernetes.checking import check
from rootline.sources.kubernetes.opening import kubernetes

PODS = listing("pods", "")


@pytest.mark.anyio
async def test_three_settings_connect_a_cluster(tmp_path: Path) -> None:
    with served(KubeApi(bad_image())) as api:
        environment = {
            "HOME": str(tmp_path),
            "ROOTLINE_KUBECONFIG": str(api.kubeconfig(tmp_path)),
            "ROOTLINE_KUBE_CONTEXT": "local",
            "ROOTLINE_KUBE_NAMESPACE": SPACE,
        }
        sources = live_ground(read_settings(environment)).sources
        assert sources.cluster is not None
        assert sources.changes is not None
        answer = await sources.cluster.read(PODS)

    assert "ImagePullBackOff" in (answer or "")
    assert [one.partition("?")[0] for one in api.asked] == [f"/api/v1/namespaces/{SPACE}/pods"]
    assert api.tokens == {f"Bearer {TOKEN}"}


@pytest.mark.anyio
async def test_a_pod_reads_its_cluster_with_its_own_account(tmp_path: Path) -> None:
    shown, tls = self_signed(tmp_path)
    (tmp_path / "ca.crt").write_bytes(shown.read_bytes())
    (tmp_path / "token").write_text("token-of-the-pod")
    with served(KubeApi(healthy()), tls) as api:
        host, _, port = api.url.removeprefix("https://").partition(":")
        answer = await kubernetes(Access(account=tmp_path, host=(host, port))).cluster.read(PODS)

    assert "cart-5d8f4c7b9-x2x4z" in (answer or "")
    assert {one.lower() for one in api.tokens} == {"bearer token-of-the-pod"}


@pytest.mark.anyio
async def test_a_certificate_that_is_not_trusted_is_explained(tmp_path: Path) -> None:
    _, tls = self_signed(tmp_path)
    api = KubeApi(healthy())
    with served(api, tls), pytest.raises(SourceFailed, match="certificate is not trusted") as told:
        await kubernetes(Access(kubeconfig=api.kubeconfig(tmp_path))).cluster.read(PODS)

    assert "certificate-authority-data" in told.value.helps
    assert api.asked == []


def test_what_cannot_be_reached_is_refused_before_the_first_question(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="does not exist"):
        access({"ROOTLINE_KUBECONFIG": str(tmp_path / "none")})
    with pytest.raises(Misconfigured, match="a pod's own access has none"):
        access({"ROOTLINE_KUBECONFIG": "in-cluster", "ROOTLINE_KUBE_CONTEXT": "x"})
    assert access({"KUBECONFIG": str(tmp_path / "none"), "KUBERNETES_SERVICE_HOST": "10.0.0.1"}) is None


@pytest.mark.anyio
async def test_a_context_that_is_not_there_and_a_pod_that_is_none_are_named(tmp_path: Path) -> None:
    file = KubeApi().kubeconfig(tmp_path)
    with pytest.raises(Misconfigured, match="nowhere"):
        await kubernetes(Access(kubeconfig=file, context="nowhere")).cluster.read(PODS)
    with pytest.raises(Misconfigured, match="in-cluster cannot be used: Service host/port"):
        await kubernetes(Access()).cluster.read(PODS)


@pytest.mark.anyio
async def test_the_doctor_says_what_is_there_and_what_to_grant(tmp_path: Path) -> None:
    with served(KubeApi(healthy())) as api:
        file = api.kubeconfig(tmp_path)
        well = await check(Access(kubeconfig=file, namespace=SPACE))
        api.forbidden = {("list", "nodes"), ("list", "secrets")}
        less = await check(Access(kubeconfig=file, namespace=SPACE))

    assert well == f"Kubernetes v1.37.0, namespace {SPACE}; everything needed may be read"
    assert re.findall(r'on resource "(\w+)" .*? for ([\w ]+)', less) == [
        ("nodes", "the whole cluster"),
        ("secrets", f"namespace {SPACE}"),
    ]


def test_all_that_reads_one_cluster_shares_what_was_watched(tmp_path: Path) -> None:
    one, again = (kubernetes(Access(kubeconfig=tmp_path / "a")) for _ in range(2))
    other = kubernetes(Access(kubeconfig=tmp_path / "b"))

    assert one.changes.observer is again.changes.observer
    assert one.changes.observer is not other.changes.observer


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_library_is_loaded_only_for_a_cluster() -> None:
    assert run("import sys, rootline.desk; print('kubernetes' in sys.modules)").strip() == "False"


def test_a_missing_library_is_said_with_what_to_install() -> None:
    told = run(
        "import sys; sys.modules['kubernetes'] = None\n"
        "from rootline.errors import Misconfigured\n"
        "try:\n    import rootline.sources.kubernetes.opening\n"
        "except Misconfigured as missing:\n    print(missing)"
    )

    assert "pip install 'rootline[k8s]'" in told
