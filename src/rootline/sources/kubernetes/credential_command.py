"""Runs the command that a kubeconfig names for credentials, as clouds do: without a terminal, and not for ever.

Source: kubernetes.io, "Authenticating", client-go credential plugins; ExecCredential of client.authentication.k8s.io.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from rootline.errors import Misconfigured
from rootline.sources.kubernetes.access import Access
from rootline.sources.trouble import quoted

COMMAND_S = 15.0
"""Source: ours; below the twenty seconds that a request may take with all that goes before it."""
_BY_HAND = "Run `kubectl get --raw /version` in a terminal: it runs the same command, and may ask you to log in."


def run_command(
    access: Access, plugin: Mapping[str, Any], cluster: Mapping[str, Any], folder: str, *, within_s: float = COMMAND_S
) -> dict[str, Any]:
    """Return the `status` of what the command answers, which holds a token, or a certificate with its key.

    Args:
        access: Whose kubeconfig it is, for messages.
        plugin: The user's `exec`.
        cluster: The cluster, told to a command that asks to be told.
        folder: Where the kubeconfig lies, in which the command runs.
        within_s: How long it may take.

    Raises:
        Misconfigured: It cannot be started, fails, takes too long, or answers with no credentials.

    """
    command, arguments = str(plugin.get("command") or ""), [str(one) for one in plugin.get("args") or ()]
    own = {str(one["name"]): str(one["value"]) for one in plugin.get("env") or ()}
    told = {"KUBERNETES_EXEC_INFO": json.dumps(_information(plugin, cluster))}
    try:
        run = subprocess.run(  # noqa: S603 as kubectl does with the same file
            [command, *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=folder or None,
            env={**os.environ, **own, **told},
            timeout=within_s,
            check=False,
        )
    except OSError as bad:
        hint = quoted(str(plugin.get("installHint") or "Install it, or add its folder to PATH"))
        why = bad.strerror if shutil.which(command) else "there is no such command"
        raise _failed(access, command, f"cannot be started: {why}. {hint}") from bad
    except subprocess.TimeoutExpired as late:
        raise _failed(access, command, f"gave none within {within_s:g} s. {_BY_HAND}") from late
    if run.returncode:
        said = quoted(run.stderr[-2000:].decode(errors="replace")) or "it says nothing"
        raise _failed(access, command, f"failed with {run.returncode}: {said}. {_BY_HAND}")
    return _status(access, command, run.stdout)


def _information(plugin: Mapping[str, Any], cluster: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a command is told: that nobody can be asked, and of the cluster what it wants to know."""
    spec: dict[str, Any] = {"interactive": False}
    if plugin.get("provideClusterInfo"):
        named = {one.get("name"): one.get("extension") for one in cluster.get("extensions") or ()}
        spec["cluster"] = {**cluster, "config": named.get("client.authentication.k8s.io/exec")}
    return {"apiVersion": plugin.get("apiVersion"), "kind": "ExecCredential", "spec": spec}


def _status(access: Access, command: str, answer: bytes) -> dict[str, Any]:
    try:
        status = json.loads(answer)["status"]
        is_whole = bool(status.get("token") or (status.get("clientCertificateData") and status.get("clientKeyData")))
    except (ValueError, KeyError, TypeError, AttributeError):
        is_whole = False
    if not is_whole:
        raise _failed(access, command, f"answers with no credentials. {_BY_HAND}")
    return dict(status)


def _failed(access: Access, command: str, why: str) -> Misconfigured:
    return Misconfigured(f"{access.setting} has its credentials from `{quoted(command)}`, which {why.rstrip('.')}.")
