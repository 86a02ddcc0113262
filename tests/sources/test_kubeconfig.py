"""What a kubeconfig says of credentials is used as kubectl uses it, and what is wrong with them is told."""

import json
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from tests.fakes.certificate import self_signed
from tests.fakes.kube_api import TOKEN, KubeApi, served
from tests.fakes.kube_shop import healthy
from tests.fakes.observability import free_port

from rootline.analysis.cluster.query import listing
from rootline.errors import Misconfigured
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.access import Access, access
from rootline.sources.kubernetes.credential_command import run_command
from rootline.sources.kubernetes.opening import kubernetes

PODS = listing("pods", "")
VERSION = "client.authentication.k8s.io/v1"
BEARER = {f"Bearer {TOKEN}"}


def changed(file: Path, **parts: object) -> Access:
    """Write other parts into a kubeconfig."""
    file.write_text(json.dumps(json.loads(file.read_text()) | parts))
    return Access(kubeconfig=file)


def with_user(file: Path, user: Mapping[str, object]) -> Access:
    return changed(file, users=[{"name": "tester", "user": user}])


def command(folder: Path, body: str, **more: object) -> dict[str, object]:
    """A command written in Python, as a user's `exec` names one."""
    (folder / "command.py").write_text(dedent(body))
    return {"exec": {"apiVersion": VERSION, "command": sys.executable, "args": ["command.py"], **more}}


def answering(status: Mapping[str, object]) -> str:
    told = json.dumps({"apiVersion": VERSION, "kind": "ExecCredential", "status": status})
    return f"print({told!r})\n"


async def read(reached: Access) -> str | None:
    return await kubernetes(reached).cluster.read(PODS)


@pytest.mark.anyio
async def test_a_command_beside_the_kubeconfig_gives_the_token(tmp_path: Path) -> None:
    with served(KubeApi(healthy())) as api:
        user = command(tmp_path, answering({"token": TOKEN, "expirationTimestamp": "2999-01-01T00:00:00Z"}))
        answer = await read(with_user(api.kubeconfig(tmp_path), user))

    assert "cart-5d8f4c7b9-x2x4z" in (answer or "")
    assert api.tokens == BEARER


@pytest.mark.anyio
async def test_a_token_that_expires_is_asked_for_again_and_one_that_does_not_is_kept(tmp_path: Path) -> None:
    counting = 'open("asked", "a").write("x")\n'
    with served(KubeApi(healthy())) as api:
        for expires, times in (("2999-01-01T00:00:00Z", 1), ("2001-01-01T00:00:00Z", 3)):
            (tmp_path / "asked").write_text("")
            user = command(tmp_path, counting + answering({"token": TOKEN, "expirationTimestamp": expires}))
            cluster = kubernetes(with_user(api.kubeconfig(tmp_path), user)).cluster
            for _ in range(3):
                await cluster.read(PODS)
            assert len((tmp_path / "asked").read_text()) >= times
            assert (len((tmp_path / "asked").read_text()) == 1) is (times == 1)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("import sys; sys.exit('Unable to locate credentials. Run: aws sso login')", "failed with 1: Unable to locate"),
        ("import sys; sys.exit(3)", "failed with 3: it says nothing. Run `kubectl get --raw /version` in a terminal"),
        ("print('Please log in')", "answers with no credentials. Run `kubectl get --raw /version` in a terminal"),
        ("print('[]')", "answers with no credentials"),
        (answering({}), "answers with no credentials"),
        (answering({"clientCertificateData": "x"}), "answers with no credentials"),
        ("print(open(0).read() and input())", "answers with no credentials"),
    ],
)
async def test_why_a_command_gave_no_credentials_is_told_instead_of_asking_without(
    body: str, told: str, tmp_path: Path
) -> None:
    with served(KubeApi(healthy())) as api:
        reached = with_user(api.kubeconfig(tmp_path), command(tmp_path, body))
        with pytest.raises(Misconfigured) as failed:
            await read(reached)

    assert f"has its credentials from `{sys.executable}`, which {told}" in str(failed.value)
    assert api.asked == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("more", "helps"),
    [({}, "Install it, or add its folder to PATH."), ({"installHint": "Get it\nfrom us"}, "Get it from us.")],
)
async def test_a_command_that_is_not_there_is_told_with_how_to_get_it(
    more: Mapping[str, object], helps: str, tmp_path: Path
) -> None:
    user = {"exec": {"apiVersion": VERSION, "command": "no-such-command-of-a-cloud", **more}}

    with pytest.raises(Misconfigured) as failed:
        await read(with_user(KubeApi().kubeconfig(tmp_path), user))

    assert str(failed.value).endswith(
        f"`no-such-command-of-a-cloud`, which cannot be started: there is no such command. {helps}"
    )


def test_a_command_that_hangs_is_ended(tmp_path: Path) -> None:
    plugin: dict[str, Any] = {"command": sys.executable, "args": ["-c", "import time; time.sleep(600)"]}

    with pytest.raises(Misconfigured, match=r"which gave none within 0\.2 s\. Run `kubectl get --raw /version`"):
        run_command(Access(kubeconfig=tmp_path / "k"), plugin, {}, "", within_s=0.2)


def test_a_command_is_told_its_variables_and_the_cluster_where_it_wants_to_know_it(tmp_path: Path) -> None:
    body = 'import json, os; told = json.loads(os.environ["KUBERNETES_EXEC_INFO"]); told["own"] = os.environ["OWN"]\n'
    body += 'print(json.dumps({"status": {"token": json.dumps(told)}}))'
    plugin: dict[str, Any] = {
        "apiVersion": VERSION,
        "command": sys.executable,
        "args": ["-c", body],
        "env": [{"name": "OWN", "value": "mine"}],
        "provideClusterInfo": True,
    }
    cluster: dict[str, Any] = {
        "server": "https://k.example",
        "extensions": [{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "a"}}],
    }

    told = json.loads(run_command(Access(kubeconfig=tmp_path), plugin, cluster, str(tmp_path))["token"])

    assert (told["own"], told["apiVersion"], told["kind"]) == ("mine", VERSION, "ExecCredential")
    assert told["spec"]["interactive"] is False
    assert told["spec"]["cluster"]["server"] == "https://k.example"
    assert told["spec"]["cluster"]["config"] == {"audience": "a"}


@pytest.mark.anyio
async def test_a_certificate_of_a_command_is_shown_to_the_server(tmp_path: Path) -> None:
    shown, tls = self_signed(tmp_path)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(shown)
    pair = {"clientCertificateData": shown.read_text(), "clientKeyData": (tmp_path / "key.pem").read_text()}
    with served(KubeApi(healthy()), tls) as api:
        file = api.kubeconfig(tmp_path)
        trusted = {"server": api.url, "certificate-authority": shown.name}
        changed(file, clusters=[{"name": "local", "cluster": trusted}])
        api.tokens.clear()
        reached = with_user(file, command(tmp_path, answering({"token": TOKEN, **pair})))
        answer = await read(reached)

    assert "cart-5d8f4c7b9-x2x4z" in (answer or "")


@pytest.mark.anyio
async def test_a_token_file_may_end_in_a_line_break_and_is_read_anew_when_it_was_rotated(tmp_path: Path) -> None:
    with served(KubeApi(healthy())) as api:
        (tmp_path / "token").write_text("the-first\n")
        cluster = kubernetes(with_user(api.kubeconfig(tmp_path), {"tokenFile": "token"})).cluster
        await cluster.read(PODS)
        (tmp_path / "token").write_text("the-second\n")
        await cluster.read(PODS)

    assert api.tokens == {"Bearer the-first", "Bearer the-second"}


@pytest.mark.anyio
async def test_a_token_that_is_no_header_is_refused_and_not_shown(tmp_path: Path) -> None:
    reached = with_user(KubeApi().kubeconfig(tmp_path), {"token": "s3cret\nX-Own: 1"})

    with pytest.raises(Misconfigured, match=r"holds a token with a line break in it\. Write it anew\.") as failed:
        await read(reached)

    assert "s3cret" not in str(failed.value)


@pytest.mark.anyio
async def test_the_contexts_there_are_are_named_where_the_one_asked_for_is_none(tmp_path: Path) -> None:
    file = KubeApi().kubeconfig(tmp_path)

    with pytest.raises(
        Misconfigured, match=r"has no context 'nowhere'\. Choose one by ROOTLINE_KUBE_CONTEXT: local\.$"
    ):
        await read(Access(kubeconfig=file, context="nowhere"))
    with pytest.raises(
        Misconfigured, match=r"names no current context\. Choose one by ROOTLINE_KUBE_CONTEXT: local\.$"
    ):
        await read(changed(file, **{"current-context": ""}))
    with pytest.raises(Misconfigured, match=r"names no current context\. It holds none at all\.$"):
        await read(changed(file, contexts=[], **{"current-context": None}))


@pytest.mark.anyio
async def test_several_kubeconfigs_are_one_as_for_kubectl(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with served(KubeApi(healthy())) as api:
        first, second = api.kubeconfig(tmp_path / "other"), api.kubeconfig(tmp_path)
        far = {"name": "far", "context": {"cluster": "local", "user": "tester"}}
        changed(second, contexts=[far], **{"current-context": "far"})
        reached = access({"KUBECONFIG": f"{tmp_path}/none:{first}:{second}", "ROOTLINE_KUBE_CONTEXT": "far"})
        assert reached is not None
        answer = await read(reached)

    assert "cart-5d8f4c7b9-x2x4z" in (answer or "")


@pytest.mark.anyio
async def test_a_proxy_of_the_kubeconfig_that_is_away_is_told_as_such(tmp_path: Path) -> None:
    with served(KubeApi(healthy())) as api:
        file = api.kubeconfig(tmp_path)
        before = {"server": "https://k.invalid", "proxy-url": f"http://127.0.0.1:{free_port()}"}
        reached = changed(file, clusters=[{"name": "local", "cluster": before}])
        with pytest.raises(SourceFailed, match=r"the proxy before it cannot be used\. Check proxy-url in") as failed:
            await read(reached)

    assert "nothing accepts" not in str(failed.value)


@pytest.mark.anyio
async def test_a_pod_s_token_that_is_no_header_is_refused_and_not_shown(tmp_path: Path) -> None:
    shown, tls = self_signed(tmp_path)
    (tmp_path / "ca.crt").write_bytes(shown.read_bytes())
    (tmp_path / "token").write_text("s3cret\nand more")
    with served(KubeApi(healthy()), tls) as api:
        host, _, port = api.url.removeprefix("https://").partition(":")
        with pytest.raises(Misconfigured, match="gives a token that cannot be sent") as failed:
            await read(Access(account=tmp_path, host=(host, port)))

    assert "s3cret" not in str(failed.value)
    assert failed.value.__suppress_context__
    assert api.asked == []
