"""What Argo CD, Flux and Helm keep in a cluster, as their documentation describes it."""

import gzip
import json
from base64 import b64encode
from datetime import datetime
from typing import Any

from tests.fakes.kube_shop import SPACE, Object, ago, meta

REPOSITORY = "https://git.example/acme/shop.git"


def synced(number: int, revision: str, at: str, **source: Any) -> Object:
    return {
        "id": number,
        "revision": revision,
        "deployStartedAt": at,
        "deployedAt": at,
        "initiatedBy": {"automated": True},
        "source": {"repoURL": REPOSITORY, "path": "deploy/cart", "targetRevision": "main", **source},
    }


def application(name: str, *history: Object, resources: tuple[tuple[str, str], ...] = (), **status: Any) -> Object:
    listed = [{"kind": kind, "name": one, "namespace": SPACE, "status": "Synced"} for kind, one in resources]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": meta(name),
        "spec": {"destination": {"namespace": SPACE}, "project": "default"},
        "status": {"history": list(history), "resources": listed, **status},
    }


def snapshot(revision: str, first: str, last: str, status: str = "ReconciliationSucceeded") -> Object:
    return {
        "digest": "sha256:1",
        "firstReconciled": first,
        "lastReconciled": last,
        "lastReconciledDuration": "1s",
        "lastReconciledStatus": status,
        "totalReconciliations": 3,
        "metadata": {"revision": revision},
    }


def ready(status: str, at: str, reason: str = "ReconciliationSucceeded", message: str = "") -> Object:
    return {"type": "Ready", "status": status, "reason": reason, "message": message, "lastTransitionTime": at}


def kustomization(name: str, **status: Any) -> Object:
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": meta(name),
        "spec": {"path": "./deploy", "sourceRef": {"kind": "GitRepository", "name": "shop"}},
        "status": status,
    }


def deployed(number: int, version: str, at: str, *, status: str = "superseded", digest: str = "sha256:aa") -> Object:
    return {
        "name": "cart",
        "namespace": SPACE,
        "version": number,
        "status": status,
        "chartName": "cart",
        "chartVersion": version,
        "configDigest": digest,
        "firstDeployed": ago(days=9),
        "lastDeployed": at,
    }


def helm_release(name: str, *history: Object, **status: Any) -> Object:
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": meta(name),
        "spec": {"chart": {"spec": {"chart": "cart"}}, "releaseName": "cart"},
        "status": {"history": list(history), **status},
    }


def packed(release: Object) -> str:
    """As Helm packs a release, and the API server its Secret: gzip in base64 in base64."""
    return b64encode(b64encode(gzip.compress(json.dumps(release).encode()))).decode()


def helm(
    name: str,
    revision: int,
    at: datetime,
    values: Object,
    *,
    status: str = "superseded",
    chart: str = "1.0.0",
    written: datetime | None = None,
    **info: str | None,
) -> Object:
    release = {
        "name": name,
        "namespace": SPACE,
        "version": revision,
        "info": {"status": status, "last_deployed": at.isoformat(), "description": "Upgrade complete", **info},
        "chart": {"metadata": {"name": "shop-cart", "version": chart, "appVersion": "9" * 40}, "values": {"a": 1}},
        "config": values,
        "manifest": "---\nkind: Secret\ndata: {password: bWFuaWZlc3Qtc2VjcmV0}\n",
    }
    labels = {
        "owner": "helm",
        "name": name,
        "status": status,
        "version": str(revision),
        "modifiedAt": str(int((written or at).timestamp())),
    }
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": meta(f"sh.helm.release.v1.{name}.v{revision}", labels=labels),
        "data": {"release": packed(release)},
    }
