"""What Argo CD, Flux and Helm delivered becomes changes with the revision before and after; values stay unseen."""

import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_delivery import (
    application,
    deployed,
    helm,
    helm_release,
    kustomization,
    packed,
    ready,
    snapshot,
    synced,
)
from tests.fakes.kube_shop import NOW, Object, ago

from rootline.domain.change import ChangeSet, ConfigChange, Deployment
from rootline.domain.window import Window
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.changes import KubernetesChanges
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.delivery.argo import of_application
from rootline.sources.kubernetes.delivery.delivered import commit_in
from rootline.sources.kubernetes.delivery.flux import of_helm_release, of_kustomization
from rootline.sources.kubernetes.delivery.helm import kept, of_releases, unpacked, worth_reading
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.sealing import Seal

HOUR = Window.model_validate({"start": "2026-11-22T09:00:00Z", "end": NOW})
SEAL = Seal(b"test")
A, B, C = "a" * 40, "b" * 40, "c1" * 20


def shown(found: ChangeSet) -> list[tuple[str, str, str, str]]:
    return [(one.service, one.commit[:3], one.previous_commit[:3], one.version) for one in found.deployments]


def switched(found: ChangeSet) -> dict[str, tuple[str, str]]:
    return {one.key: (one.before, one.after) for one in found.configs}


async def read(folder: Path, *objects: Object, forbidden: set[tuple[str, str]] | None = None) -> ChangeSet:
    with served(KubeApi(objects)) as api:
        api.forbidden = forbidden or set()
        source = KubernetesChanges(Connection(Access(kubeconfig=api.kubeconfig(folder))), key=b"test")
        return await source.changes(ChangeQuery(), HOUR)


@pytest.mark.anyio
async def test_a_sync_of_argo_cd_is_a_deployment_after_the_one_before_it(tmp_path: Path) -> None:
    first, second = synced(3, A, ago(hours=5)), synced(4, B, ago(minutes=20))

    found = await read(tmp_path, application("cart", first, second))

    assert shown(found) == [("cart", "aaa", "", f"main {A[:7]}"), ("cart", "bbb", "aaa", f"main {B[:7]}")]
    assert found.deployments[1].at == NOW - timedelta(minutes=20)
    assert found.configs == ()
    assert found.remarks == ()


def test_an_application_with_one_workload_is_named_for_it_and_one_with_many_for_itself() -> None:
    one = application("apps-cart-eu", synced(0, A, ago(hours=1)), resources=(("Service", "x"), ("Deployment", "cart")))
    two = application("shop", synced(0, A, ago(hours=1)), resources=(("Rollout", "cart"), ("StatefulSet", "stock")))

    assert [shown(of_application(Raw(held), SEAL))[0][0] for held in (one, two)] == ["cart", "shop"]


def test_a_branch_a_path_and_values_of_an_application_are_settings_and_values_are_hashes() -> None:
    before = synced(1, A, ago(hours=2), helm={"parameters": [{"name": "POOL", "value": "50"}]})
    after = synced(
        2,
        A,
        ago(hours=1),
        targetRevision="next",
        helm={"parameters": [{"name": "POOL", "value": "5"}], "values": "k: s3cret"},
    )
    after["initiatedBy"] = {"username": "ada"}

    found = of_application(Raw(application("cart", before, after)), SEAL)

    told = switched(found)
    assert told["application/cart source.targetRevision"] == ("main", "next")
    assert told["application/cart source.helm.parameters[POOL]"] == (SEAL.mark("50"), SEAL.mark("5"))
    assert told["application/cart source.helm.values"] == ("", SEAL.mark("k: s3cret"))
    assert {one.actor for one in found.configs} == {"ada"}
    assert "s3cret" not in str(found)


def test_a_chart_that_argo_cd_syncs_is_told_by_its_version() -> None:
    before, after = (
        synced(at, version, ago(hours=3 - at), chart="redis") for at, version in enumerate(("18.1.0", "18.2.0"))
    )

    found = of_application(Raw(application("cache", before, after)), SEAL)

    assert shown(found)[1] == ("cache", "", "", "redis 18.2.0")
    assert switched(found) == {"application/cache version": ("redis 18.1.0", "redis 18.2.0")}


def test_an_application_of_several_sources_is_told_by_all_of_them() -> None:
    entry: dict[str, Any] = {
        "id": 0,
        "deployedAt": ago(hours=1),
        "revisions": ["1.2.0", A],
        "sources": [{"chart": "cart", "targetRevision": "1.2.0"}, {"repoURL": "x", "targetRevision": "main"}],
    }

    assert shown(of_application(Raw(application("cart", entry)), SEAL)) == [
        ("cart", "aaa", "", f"cart 1.2.0, main {A[:7]}")
    ]


def of_two(chart: str, values: str, at: str) -> dict[str, Any]:
    """Return a sync of two sources as Argo CD keeps it: with a `source` beside them that has no address."""
    return {
        "id": 7,
        "deployStartedAt": at,
        "deployedAt": at,
        "initiatedBy": {},
        "revisions": [chart, values],
        "source": {"repoURL": ""},
        "sources": [
            {"repoURL": "https://git.example/chart.git", "path": "chart", "targetRevision": "stable"},
            {"repoURL": "https://git.example/values.git", "ref": "values", "targetRevision": "main"},
        ],
    }


def test_a_change_in_the_second_source_alone_is_told_beside_a_source_without_an_address() -> None:
    found = of_application(Raw(application("cart", of_two(A, B, ago(hours=2)), of_two(A, C, ago(hours=1)))), SEAL)

    assert [one.version for one in found.deployments] == [
        f"stable {A[:7]}, main {B[:7]}",
        f"stable {A[:7]}, main {C[:7]}",
    ]
    assert switched(found) == {"application/cart sources[1].revision": (B, C)}


def test_a_sync_of_several_sources_that_failed_names_what_was_wanted_of_each() -> None:
    wanted = {**of_two(A, C, ""), "resources": []}
    state = {"phase": "Failed", "message": "no", "finishedAt": ago(minutes=5), "syncResult": wanted}

    found = of_application(Raw(application("cart", of_two(A, B, ago(hours=2)), operationState=state)), SEAL)

    assert switched(found) == {"application/cart failed delivery": (f"{A}, {B}", f"{A}, {C} failed: Failed no")}


def test_a_dry_run_that_failed_changed_nothing() -> None:
    state = {"phase": "Failed", "finishedAt": ago(minutes=5), "operation": {"sync": {"dryRun": True, "revision": B}}}

    found = of_application(Raw(application("cart", synced(0, A, ago(hours=1)), operationState=state)), SEAL)

    assert found.configs == ()


def test_an_application_of_applications_is_told_by_its_own_name() -> None:
    children = (("Application", "cart"), ("Application", "mail"))

    found = of_application(Raw(application("all", synced(0, A, ago(hours=1)), resources=children)), SEAL)

    assert [one.service for one in found.deployments] == ["all"]


def test_a_kustomization_out_of_an_oci_repository_is_told_by_the_commit_it_was_made_of() -> None:
    first, second = (
        snapshot(f"latest@sha256:{digit * 64}", ago(hours=at), ago(hours=at)) for digit, at in (("1", 2), ("2", 1))
    )
    first["metadata"]["originRevision"], second["metadata"]["originRevision"] = f"main@sha1:{A}", f"main@sha1:{B}"
    tried = ready("False", ago(minutes=3), "HealthCheckFailed", "timeout")
    held = kustomization(
        "cart",
        history=[second, first],
        lastAppliedRevision=f"latest@sha256:{'2' * 64}",
        lastAttemptedRevision=f"latest@sha256:{'3' * 64}",
        conditions=[tried],
    )

    found = of_kustomization(Raw(held))

    assert [(one.commit, one.previous_commit) for one in found.deployments] == [(A, ""), (B, A)]
    (failed,) = found.configs
    assert failed.after == f"latest@sha256:{'3' * 64} failed: HealthCheckFailed timeout"


def test_a_sync_is_dated_by_when_it_began_and_not_by_its_last_hook() -> None:
    entry = {**synced(0, A, ago(minutes=10)), "deployStartedAt": ago(minutes=25)}

    found = of_application(Raw(application("cart", entry)), SEAL)

    assert [one.at for one in found.deployments] == [NOW - timedelta(minutes=25)]


def test_what_flux_applied_and_found_ill_is_a_deployment_from_before_it_waited() -> None:
    well = snapshot(f"main@sha1:{A}", ago(hours=5), ago(hours=1))
    ill = snapshot(f"main@sha1:{B}", ago(minutes=10), ago(minutes=10), "HealthCheckFailed")
    ill |= {"digest": "sha256:2", "totalReconciliations": 1, "lastReconciledDuration": "5m0.5s"}
    broken = snapshot(f"main@sha1:{C}", ago(minutes=2), ago(minutes=2), "BuildFailed")

    found = of_kustomization(Raw(kustomization("cart", history=[broken, ill, well])))

    assert [(one.version, one.at) for one in found.deployments] == [
        (f"main@sha1:{A}", NOW - timedelta(hours=5)),
        (f"main@sha1:{B} (health check failed)", NOW - timedelta(minutes=15, milliseconds=500)),
    ]


def test_an_attempt_of_flux_that_failed_is_dated_by_when_it_began() -> None:
    ill = snapshot(f"main@sha1:{B}", ago(minutes=10), ago(minutes=10), "HealthCheckFailed")
    ill |= {"digest": "sha256:2", "totalReconciliations": 1, "lastReconciledDuration": "5m0s"}
    conditions = [ready("False", ago(minutes=10), "HealthCheckFailed", "timeout")]
    last = {"lastAppliedRevision": f"main@sha1:{A}", "lastAttemptedRevision": f"main@sha1:{B}"}

    found = of_kustomization(Raw(kustomization("cart", history=[ill], conditions=conditions, **last)))
    retried = {**ill, "totalReconciliations": 4, "lastReconciled": ago(minutes=1)}
    again = [ready("False", ago(minutes=1), "HealthCheckFailed", "timeout")]
    later = of_kustomization(Raw(kustomization("cart", history=[retried], conditions=again, **last)))

    assert [one.at for one in found.deployments] == [NOW - timedelta(minutes=15)]
    assert [one.at for one in found.configs] == [NOW - timedelta(minutes=15)]
    assert [one.at for one in later.configs] == [NOW - timedelta(minutes=10)]


def checking(revision: str, began: str, *, reason: str = "Progressing", doing: str = "Running health checks") -> Any:
    message = f"{doing} for revision {revision} with a timeout of 5m0s"
    reconciling = {**ready("True", ago(minutes=1), reason, message), "type": "Reconciling"}
    conditions = [reconciling, ready("Unknown", began, "Progressing", "Reconciliation in progress")]
    return {"lastAttemptedRevision": revision, "conditions": conditions}


def test_a_revision_of_flux_that_waits_to_become_healthy_is_told_from_its_beginning() -> None:
    runs = snapshot(f"main@sha1:{A}", ago(hours=5), ago(hours=1))
    status = {"history": [runs], "lastAppliedRevision": f"main@sha1:{A}"}

    found = of_kustomization(Raw(kustomization("cart", **status, **checking(f"main@sha1:{B}", ago(minutes=3)))))

    assert shown(found) == [
        ("cart", "aaa", "", f"main@sha1:{A}"),
        ("cart", "bbb", "aaa", f"main@sha1:{B} (health checks still run)"),
    ]
    assert found.deployments[1].at == NOW - timedelta(minutes=3)


@pytest.mark.parametrize(
    "status",
    [
        checking(f"main@sha1:{B}", ago(minutes=3), doing="Building manifests"),
        checking(f"main@sha1:{B}", ago(minutes=3), reason="ProgressingWithRetry"),
        checking(f"main@sha1:{A}", ago(minutes=3)),
        checking("", ago(minutes=3)),
        {**checking(f"main@sha1:{B}", ago(minutes=3)), "conditions": []},
        {**checking(f"main@sha1:{B}", "soon")},
    ],
    ids=["nothing applied", "a retry", "what runs", "no revision", "no condition", "no time"],
)
def test_what_flux_has_not_applied_or_had_before_is_not_told_as_waiting(status: Any) -> None:
    runs = snapshot(f"main@sha1:{A}", ago(hours=5), ago(hours=1))

    found = of_kustomization(Raw(kustomization("cart", history=[runs], lastAppliedRevision=f"main@sha1:{A}", **status)))

    assert shown(found) == [("cart", "aaa", "", f"main@sha1:{A}")]


def test_a_revision_of_flux_that_only_became_well_was_applied_once() -> None:
    ill = snapshot(f"main@sha1:{A}", ago(hours=5), ago(hours=2), "HealthCheckFailed")
    well = snapshot(f"main@sha1:{A}", ago(hours=1), ago(hours=1))

    found = of_kustomization(Raw(kustomization("cart", history=[well, ill])))

    assert [(one.commit, one.at) for one in found.deployments] == [(A, NOW - timedelta(hours=5))]


@pytest.mark.parametrize("took", ["", "soon", "-5m", "1e9h", "9" * 500 + "h", "999999999h", "½h"])
def test_a_duration_that_is_none_does_no_harm(took: str) -> None:
    one = snapshot(f"main@sha1:{A}", ago(hours=5), ago(hours=5)) | {"totalReconciliations": 1}

    found = of_kustomization(Raw(kustomization("cart", history=[{**one, "lastReconciledDuration": took}])))

    (told,) = found.deployments
    assert NOW - timedelta(hours=29) <= told.at <= NOW - timedelta(hours=5)


def test_a_sync_that_failed_is_a_change_that_was_tried() -> None:
    state = {
        "phase": "Failed",
        "message": "one or more objects failed to apply",
        "finishedAt": ago(minutes=5),
        "syncResult": {"revision": B},
    }

    found = of_application(Raw(application("cart", synced(0, A, ago(hours=1)), operationState=state)), SEAL)

    assert found.configs == (
        ConfigChange(
            key="application/cart failed delivery",
            service="cart",
            at=NOW - timedelta(minutes=5),
            before=A,
            after=f"{B} failed: Failed one or more objects failed to apply",
        ),
    )


def runs(revision: str, **state: Any) -> dict[str, Any]:
    return {
        "phase": "Running",
        "message": "waiting for healthy state of apps/Deployment/cart",
        "startedAt": ago(minutes=4),
        "operation": {"initiatedBy": {"username": "ada"}, "sync": {"revision": revision}},
        "syncResult": {"revision": revision, "source": {**synced(0, A, "")["source"]}},
        **state,
    }


def of_running(*history: Object, **state: Any) -> ChangeSet:
    held = application("cart", *history, operationState=runs(B, **state))
    held["spec"]["source"] = synced(0, A, "", targetRevision="next")["source"]
    return of_application(Raw(held), SEAL)


@pytest.mark.anyio
async def test_a_sync_of_argo_cd_that_still_runs_is_a_deployment_since_it_began(tmp_path: Path) -> None:
    held = application("cart", synced(3, A, ago(hours=5)), operationState=runs(B))

    found = await read(tmp_path, held)

    assert found.deployments[1:] == (
        Deployment(
            service="cart",
            at=NOW - timedelta(minutes=4),
            commit=B,
            version=f"main {B[:7]} (sync still runs: waiting for healthy state of apps/Deployment/cart)",
            previous_commit=A,
        ),
    )
    assert found.configs == ()


def test_a_sync_that_still_runs_tells_what_of_its_source_changed_and_who_asked() -> None:
    before, after = (synced(3, A, ago(hours=5), helm={"releaseName": name}) for name in ("one", "two"))

    found = of_running(before, syncResult={"revision": B, "source": after["source"]})

    assert switched(found) == {"application/cart source.helm.releaseName": (SEAL.mark("one"), SEAL.mark("two"))}
    assert [one.actor for one in found.configs] == ["ada"]


@pytest.mark.parametrize(
    ("state", "version"),
    [
        ({"message": ""}, f"main {B[:7]} (sync still runs)"),
        ({"message": "", "phase": "Terminating"}, f"main {B[:7]} (sync is being ended)"),
        ({"message": "x" * 500}, f"main {B[:7]} (sync still runs: {'x' * 120})"),
        (
            {"message": "", "operation": {"sync": {"resources": [{"kind": "Deployment", "name": "cart"}]}}},
            f"main {B[:7]} (sync of some resources still runs)",
        ),
        ({"message": "", "syncResult": None}, f"next {B[:7]} (sync still runs)"),
        ({"message": "", "syncResult": None, "operation": {"sync": {}}}, "next (sync still runs)"),
        (
            {
                "message": "",
                "syncResult": {
                    "revisions": ["1.2.0", B],
                    "sources": [{"chart": "cart"}, {"repoURL": "x", "targetRevision": "main"}],
                },
            },
            f"cart 1.2.0, main {B[:7]} (sync still runs)",
        ),
    ],
)
def test_a_sync_that_still_runs_is_named_by_the_best_that_is_known_of_it(state: dict[str, Any], version: str) -> None:
    assert [one.version for one in of_running(**state).deployments] == [version]


@pytest.mark.parametrize(
    "state",
    [
        {"phase": "Succeeded"},
        {"phase": ""},
        {"startedAt": ""},
        {"startedAt": "soon"},
        {"operation": {}},
        {"operation": {"sync": {"revision": B, "dryRun": True}}},
        {"startedAt": ago(hours=6)},
    ],
)
def test_what_is_no_sync_that_still_runs_is_told_by_the_history_alone(state: dict[str, Any]) -> None:
    assert [one.at for one in of_running(synced(3, A, ago(hours=5)), **state).deployments] == [NOW - timedelta(hours=5)]


@pytest.mark.anyio
async def test_flux_tells_each_revision_that_was_applied_and_when_it_came_back(tmp_path: Path) -> None:
    history = [
        snapshot(f"main@sha1:{A}", ago(days=2), ago(minutes=1)),
        snapshot(f"main@sha1:{B}", ago(hours=3), ago(minutes=30)),
        snapshot(f"main@sha1:{C}", ago(hours=4), ago(hours=4), status="BuildFailed"),
    ]

    found = await read(tmp_path, kustomization("shop", history=history, lastAppliedRevision=f"main@sha1:{A}"))

    assert shown(found) == [("shop", "bbb", "", f"main@sha1:{B}"), ("shop", "aaa", "bbb", f"main@sha1:{A}")]
    assert found.deployments[1].at == NOW - timedelta(minutes=30)


def test_older_flux_tells_the_revision_that_runs() -> None:
    held = kustomization("shop", lastAppliedRevision=f"main/{A}", conditions=[ready("True", ago(minutes=9))])
    held["status"]["inventory"] = {"entries": [{"id": "market_cart_apps_Deployment", "v": "v1"}, {"id": "odd"}]}

    assert of_kustomization(Raw(held)).deployments == (
        Deployment(service="cart", at=NOW - timedelta(minutes=9), commit=A, version=f"main/{A}"),
    )


def test_an_attempt_of_flux_that_failed_is_told_with_what_runs_on() -> None:
    conditions = [ready("False", ago(minutes=9), "BuildFailed", "no such file")]
    held = kustomization(
        "shop",
        lastAppliedRevision=f"main@sha1:{A}",
        lastAttemptedRevision=f"main@sha1:{B}",
        conditions=conditions,
    )

    told = switched(of_kustomization(Raw(held)))

    assert told == {
        "kustomization/shop failed delivery": (f"main@sha1:{A}", f"main@sha1:{B} failed: BuildFailed no such file")
    }


def test_each_source_of_an_application_keeps_its_own_settings() -> None:
    chart = {"repoURL": "https://charts.example", "chart": "redis"}
    values = {"repoURL": "https://git.example/values.git", "targetRevision": "main", "ref": "values"}
    older, newer = (
        {
            "deployedAt": at,
            "revisions": [version, commit],
            "sources": [{**chart, "targetRevision": version}, values],
        }
        for at, version, commit in ((ago(hours=5), "4.1.0", A), (ago(minutes=15), "4.2.1", B))
    )

    found = of_application(Raw(application("cache", older, newer)), SEAL)

    assert switched(found) == {"application/cache sources[0].targetRevision": ("4.1.0", "4.2.1")}


@pytest.mark.anyio
async def test_a_helm_release_of_flux_tells_its_chart_and_that_its_values_changed(tmp_path: Path) -> None:
    history = (
        deployed(3, "1.2.0", ago(minutes=15), status="deployed", digest="sha256:bbbbbbbbbb"),
        deployed(2, "1.2.0", ago(days=1), digest="sha256:aaaaaaaaaa"),
        deployed(1, "1.1.0", ago(days=2), digest="sha256:aaaaaaaaaa"),
        deployed(4, "1.3.0", ago(minutes=1), status="failed"),
    )

    found = await read(tmp_path, helm_release("cart-release", *history))

    assert [one.version for one in found.deployments] == [
        "cart 1.1.0",
        "cart 1.2.0",
        "cart 1.2.0",
        "cart 1.3.0 (failed)",
    ]
    assert [(one.key, one.before, one.after) for one in found.configs] == [
        ("helmrelease/cart-release version", "cart 1.1.0", "cart 1.2.0"),
        ("helmrelease/cart-release values", "hash:aaaaaaaa", "hash:bbbbbbbb"),
        ("helmrelease/cart-release version", "cart 1.2.0", "cart 1.3.0 (failed)"),
        ("helmrelease/cart-release values", "hash:bbbbbbbb", "hash:aa"),
    ]


def test_an_upgrade_of_flux_that_failed_and_was_taken_back_is_told_when_it_was_applied() -> None:
    history = (
        deployed(4, "1.9.0", ago(minutes=5), status="deployed"),
        deployed(3, "2.0.0", ago(minutes=12), status="failed"),
        deployed(2, "1.9.0", ago(days=2)),
    )
    why = "RollbackSucceeded Helm rollback succeeded"

    found = of_helm_release(
        Raw(
            helm_release(
                "cart-release",
                *history,
                lastAttemptedRevision="2.0.0",
                conditions=[ready("False", ago(minutes=5), *why.split(" ", 1))],
            )
        )
    )

    assert [(one.at, one.version) for one in found.deployments[1:]] == [
        (NOW - timedelta(minutes=12), "cart 2.0.0 (failed)"),
        (NOW - timedelta(minutes=5), "cart 1.9.0"),
    ]
    assert switched(found)["helmrelease/cart-release failed delivery"] == ("cart 1.9.0", f"2.0.0 failed: {why}")
    assert found.configs[-1].at == NOW - timedelta(minutes=12)


def test_an_upgrade_of_flux_that_never_reached_helm_is_dated_by_when_that_was_told() -> None:
    held = helm_release(
        "cart-release",
        deployed(2, "1.9.0", ago(days=2), status="deployed"),
        lastAttemptedRevision="2.0.0",
        conditions=[ready("False", ago(minutes=5), "ArtifactFailed", "no such chart")],
    )

    assert [one.at for one in of_helm_release(Raw(held)).configs] == [NOW - timedelta(minutes=5)]


@pytest.mark.anyio
async def test_helm_tells_each_revision_and_the_keys_of_values_that_changed_but_no_value(tmp_path: Path) -> None:
    before, after = {"pool": {"size": 50}, "db": {"password": "old-s3cret"}}, {"pool": {"size": 5}, "extra": "v4lue"}
    releases = [
        helm("cart", 1, NOW - timedelta(days=40), {}),
        helm("cart", 2, NOW - timedelta(days=30), before),
        helm("cart", 3, NOW - timedelta(minutes=20), after, status="deployed", chart="1.1.0"),
        helm("idle", 1, NOW - timedelta(days=30), {"a": 1}, status="deployed"),
    ]

    found = await read(tmp_path, *releases)

    assert [(one.service, one.version) for one in found.deployments] == [
        ("cart", "shop-cart 1.0.0 (revision 2)"),
        ("cart", "shop-cart 1.1.0 (revision 3)"),
    ]
    assert found.deployments[1].commit == "9" * 40
    told = switched(found)
    assert {key: bool(one) and bool(two) for key, (one, two) in told.items()} == {
        "helm/cart pool.size": True,
        "helm/cart db.password": False,
        "helm/cart extra": False,
    }
    assert told["helm/cart pool.size"][0] != told["helm/cart pool.size"][1]
    for value in ("s3cret", "v4lue", "bWFuaWZlc3Q", "manifest"):
        assert value not in str(found)


@pytest.mark.anyio
async def test_a_rollback_and_a_failure_of_helm_are_named(tmp_path: Path) -> None:
    releases = [
        helm("cart", 1, NOW - timedelta(hours=2), {}),
        helm("cart", 2, NOW - timedelta(hours=1), {}, status="failed"),
        helm("cart", 3, NOW - timedelta(minutes=9), {}, status="deployed", description="Rollback to 1"),
        helm("cart", 4, NOW - timedelta(minutes=2), {"size": 1}, status="pending-upgrade"),
    ]

    found = await read(tmp_path, *releases)

    assert [one.version for one in found.deployments] == [
        "shop-cart 1.0.0 (revision 1)",
        "shop-cart 1.0.0 (revision 2, failed)",
        "shop-cart 1.0.0 (revision 3, Rollback to 1)",
        "shop-cart 1.0.0 (revision 4, pending-upgrade)",
    ]
    assert [*switched(found)] == ["helm/cart size"]


def test_a_release_that_was_kept_without_packing_is_read() -> None:
    plain = {"name": "cart", "version": 1, "info": {"status": "deployed"}, "chart": {"metadata": {"name": "cart"}}}
    secret = {"data": {"release": b64encode(b64encode(json.dumps(plain).encode())).decode()}}

    assert unpacked(Raw(secret), SEAL).text("chart", "name") == "cart"


@pytest.mark.anyio
async def test_a_release_that_was_uninstalled_is_told_when_that_was_and_its_installing_when_that_was(
    tmp_path: Path,
) -> None:
    installed, gone = NOW - timedelta(days=40), NOW - timedelta(minutes=12)
    kept_history = helm(
        "cart",
        2,
        installed,
        {},
        status="uninstalled",
        written=gone + timedelta(seconds=30),
        deleted=gone.isoformat(),
        description="Uninstallation complete",
    )

    found = await read(tmp_path, helm("cart", 1, NOW - timedelta(days=50), {}), kept_history)

    assert [(one.at, one.version) for one in found.deployments] == [
        (NOW - timedelta(days=50), "shop-cart 1.0.0 (revision 1)"),
        (installed, "shop-cart 1.0.0 (revision 2)"),
    ]
    assert found.configs == (
        ConfigChange(
            key="helm/cart release", service="cart", at=gone, before="shop-cart 1.0.0 (revision 2)", after="uninstalled"
        ),
    )


@pytest.mark.anyio
async def test_a_release_that_is_being_uninstalled_is_told_already(tmp_path: Path) -> None:
    going = helm(
        "cart",
        1,
        NOW - timedelta(days=9),
        {},
        status="uninstalling",
        written=NOW - timedelta(minutes=3),
        deleted=ago(minutes=3),
        description="Deletion in progress (or silently failed)",
    )

    found = await read(tmp_path, going)

    assert [(one.key, one.at, one.after) for one in found.configs] == [
        ("helm/cart release", NOW - timedelta(minutes=3), "uninstalling, or failed to")
    ]


@pytest.mark.parametrize("deleted", ["", "0001-01-01T00:00:00Z", "soon", None])
def test_an_uninstalling_without_a_sound_time_is_dated_by_the_last_writing_of_its_record(deleted: str | None) -> None:
    written = NOW - timedelta(minutes=4)
    held = Raw(helm("cart", 1, NOW - timedelta(days=9), {}, status="uninstalled", written=written, deleted=deleted))
    one = kept(held)

    assert one is not None
    (gone,) = of_releases([(one, unpacked(held, SEAL))]).configs
    assert gone.at == written


@pytest.mark.anyio
async def test_a_release_that_came_back_after_its_uninstalling_is_told_in_that_order(tmp_path: Path) -> None:
    times = [NOW - timedelta(minutes=minutes) for minutes in (50, 30, 10)]
    away = helm("cart", 1, times[0], {}, status="uninstalled", written=times[1], deleted=times[1].isoformat())
    back = helm("cart", 2, times[2], {}, status="deployed", description="Rollback to 1")

    found = await read(tmp_path, away, back)

    assert [one.at for one in found.deployments] == [times[0], times[2]]
    assert [(one.at, one.after) for one in found.configs] == [(times[1], "uninstalled")]


def test_a_release_of_flux_that_was_uninstalled_is_told_when_that_was() -> None:
    history = ({**deployed(1, "1.0.0", ago(hours=3), status="uninstalled"), "deleted": ago(minutes=7)},)

    found = of_helm_release(Raw(helm_release("cart-release", *history)))

    assert [(one.at, one.version) for one in found.deployments] == [(NOW - timedelta(hours=3), "cart 1.0.0")]
    assert found.configs == (
        ConfigChange(
            key="helmrelease/cart-release release",
            service="cart",
            at=NOW - timedelta(minutes=7),
            before="cart 1.0.0",
            after="uninstalled",
        ),
    )


@pytest.mark.anyio
async def test_what_may_not_be_read_is_remarked_and_a_tool_that_is_not_there_is_not(tmp_path: Path) -> None:
    forbidden = {("list", "applications"), ("list", "secrets")}

    found = await read(tmp_path, application("cart", synced(0, A, ago(hours=1))), forbidden=forbidden)

    assert found.deployments == ()
    assert [one.partition(" forbidden:")[0].partition(".")[0] for one in found.remarks] == [
        "left out: Kubernetes, list secrets: it answers 403 Forbidden: secrets is",
        "Kubernetes: Argo CD's applications may not be read",
        "Kubernetes: Helm's releases may not be read",
    ]
    assert 'Grant verb "list" on resource "applications" of apiGroup "argoproj.io"' in found.remarks[1]


@pytest.mark.anyio
async def test_a_release_that_cannot_be_unpacked_is_counted(tmp_path: Path) -> None:
    broken = helm("cart", 1, NOW - timedelta(minutes=9), {}, status="deployed")
    broken["data"]["release"] = b64encode(b"not packed").decode()

    found = await read(tmp_path, broken)

    assert (found.deployments, found.remarks) == ((), ("Kubernetes: 1 of Helm's releases cannot be unpacked",))


def test_a_release_that_unpacks_to_gigabytes_is_not_read() -> None:
    bomb = packed({"name": "cart", "manifest": " " * (9 * 2**20)})

    assert len(bomb) < 100_000
    assert not unpacked(Raw({"data": {"release": bomb}}), SEAL)


def test_the_latest_releases_stay_when_there_are_many() -> None:
    held = [kept(Raw(helm(f"app{at}", 1, NOW - timedelta(minutes=at), {}, status="deployed"))) for at in range(9)]

    chosen = worth_reading([one for one in held if one], NOW - timedelta(days=7), 3)

    assert [one.release for one in chosen] == ["app2", "app1", "app0"]


@pytest.mark.parametrize(
    ("revision", "commit"),
    [
        (f"main@sha1:{A}", A),
        (f"main/{A}", A),
        (A, A),
        (A.upper(), A),
        (f"latest@sha256:{'d' * 64}", ""),
        ("1.2.3", ""),
        (A + "a", ""),
        ("", ""),
        ("x" * 100_000, ""),
    ],
)
def test_only_a_whole_hash_in_a_revision_is_a_commit(revision: str, commit: str) -> None:
    assert commit_in(revision) == commit


KEYS = st.sampled_from(
    str.split(
        "metadata name status spec history id revision revisions deployedAt source sources chart helm parameters value "
        "initiatedBy username operationState phase finishedAt syncResult resources kind inventory entries conditions "
        "lastAppliedRevision lastAttemptedRevision lastTransitionTime firstReconciled lastReconciled lastDeployed "
        "version type deleted operation sync startedAt dryRun "
        "lastReconciledStatus labels owner modifiedAt data release config info chartName configDigest releaseName"
    )
)
LEAVES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(
        [
            A,
            ago(minutes=4),
            "Failed",
            "Ready",
            "False",
            "deployed",
            "uninstalled",
            "helm",
            "ReconciliationSucceeded",
            "1",
        ]
    )
)
ODD = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=40,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, ODD, max_size=8), ODD)
def test_no_object_is_too_odd_to_be_read(held: dict[str, Any], odd: Any) -> None:
    for object_ in (Raw(held), Raw({"metadata": {"name": "x"}, "status": odd, "spec": odd, "data": odd})):
        found = [of_application(object_, SEAL), of_kustomization(object_), of_helm_release(object_)]
        one = kept(object_)
        found += [of_releases([(one, unpacked(object_, SEAL))])] if one else []
        assert all(one.at.tzinfo for changes in found for one in changes.deployments)
        assert all(one.at.tzinfo for changes in found for one in changes.configs)
