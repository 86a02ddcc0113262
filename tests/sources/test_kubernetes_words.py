"""How objects of Kubernetes are named, aged and written; each reads back as kubectl's own words do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.cluster.text import age_s
from rootline.errors import Misconfigured
from rootline.sources.kubernetes.access import IN_CLUSTER, Access, access
from rootline.sources.kubernetes.ages import age
from rootline.sources.kubernetes.plain import as_yaml, stripped
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import RESOURCES, resource

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (-30, "0s"),
        (119, "119s"),
        (120, "2m"),
        (137, "2m17s"),
        (599, "9m59s"),
        (600, "10m"),
        (659, "10m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (3 * 3600 + 300, "3h5m"),
        (8 * 3600 + 300, "8h"),
        (48 * 3600 - 1, "47h"),
        (48 * 3600, "2d"),
        (50 * 3600, "2d2h"),
        (8 * 86400 + 3600, "8d"),
        (95 * 86400, "95d"),
    ],
)
def test_an_age_is_written_as_kubectl_writes_it(seconds: int, text: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == text


def test_an_age_that_nobody_knows_is_said_to_be_unknown() -> None:
    assert age(None, NOW) == "<unknown>"
    assert age_s(age(None, NOW)) is None


@given(seconds=st.integers(0, 10**8))
def test_a_written_age_reads_back_and_is_never_more_than_it_was(seconds: int) -> None:
    read = age_s(age(NOW - timedelta(seconds=seconds), NOW))

    assert read is not None
    assert read <= seconds < read + 86_400
    assert seconds - read <= max(0.12 * seconds, 1)


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("po", "pods"),
        ("Pod", "pods"),
        (" pods ", "pods"),
        ("deploy", "deployments"),
        ("deployments.apps", "deployments"),
        ("HPA", "horizontalpodautoscalers"),
        ("netpol", "networkpolicies"),
        ("sc", "storageclasses"),
        ("endpointslice", "endpointslices"),
    ],
)
def test_a_kind_is_found_by_its_plural_singular_and_short_name(word: str, plural: str) -> None:
    found = resource(word)

    assert found is not None
    assert found.plural == plural


@pytest.mark.parametrize("word", ["", "pod/cart", "podss", "crd", "customresourcedefinitions", "../secrets"])
def test_a_kind_that_is_not_read_is_none(word: str) -> None:
    assert resource(word) is None


@pytest.mark.parametrize(
    ("plural", "namespace", "name", "path"),
    [
        ("pods", "", "", "/api/v1/pods"),
        ("pods", "shop", "", "/api/v1/namespaces/shop/pods"),
        ("pods", "shop", "cart-1", "/api/v1/namespaces/shop/pods/cart-1"),
        ("nodes", "shop", "n1", "/api/v1/nodes/n1"),
        ("deployments", "shop", "cart", "/apis/apps/v1/namespaces/shop/deployments/cart"),
        ("storageclasses", "shop", "", "/apis/storage.k8s.io/v1/storageclasses"),
        ("horizontalpodautoscalers", "shop", "", "/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers"),
    ],
)
def test_each_kind_has_its_path(plural: str, namespace: str, name: str, path: str) -> None:
    assert RESOURCES[plural].path(namespace, name) == path


def test_no_two_kinds_share_a_word() -> None:
    words = [word for one in RESOURCES.values() for word in {one.plural, one.kind.lower(), *one.short}]

    assert len(set(words)) == len(words)
    assert all(resource(word) is one for one in RESOURCES.values() for word in (one.plural, one.kind, *one.short))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(value=st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), VALUES, max_size=4))
def test_an_object_is_written_as_yaml_that_reads_back_without_aliases(value: dict[str, object]) -> None:
    text = as_yaml(Raw({**value, "twice": [value, value]}))

    assert yaml.safe_load(text) == {**value, "twice": [value, value]}


def test_what_nests_too_deep_is_cut_and_half_a_character_is_replaced() -> None:
    deep: object = "end"
    for _ in range(100):
        deep = {"a": deep}

    assert "end" not in as_yaml(Raw(deep))
    assert yaml.safe_load(as_yaml(Raw({"a": "x\ud800y"}))) == {"a": "x?y"}


def test_what_the_server_adds_is_taken_off_and_the_usual_fields_stand_first() -> None:
    found = stripped(
        Raw(
            {
                "spec": {"replicas": 1},
                "status": {"phase": "Running"},
                "metadata": {
                    "name": "cart",
                    "uid": "x",
                    "resourceVersion": "7",
                    "managedFields": [{}],
                    "labels": {},
                    "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "shop"},
                },
                "kind": "Deployment",
                "apiVersion": "apps/v1",
            }
        )
    )

    assert list(found.held) == ["apiVersion", "kind", "metadata", "spec"]
    assert found.held["metadata"] == {"name": "cart", "annotations": {"team": "shop"}}


@pytest.mark.parametrize("held", [None, [], "text", 7, {"metadata": "odd"}])
def test_an_object_of_another_shape_is_stripped_without_an_error(held: object) -> None:
    assert isinstance(stripped(Raw(held)).held, dict)


def test_a_cluster_is_reached_as_the_environment_says(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("{}")

    assert access({}) is None
    assert access({"ROOTLINE_KUBE_NAMESPACE": "shop"}) is None
    assert access({"ROOTLINE_KUBECONFIG": str(file)}) == Access(kubeconfig=file)
    assert access({"ROOTLINE_KUBE_CONTEXT": "a", "KUBECONFIG": f"{file}:/other"}) == Access(
        kubeconfig=Path(f"{file}:/other"), context="a"
    )
    pod = access({"ROOTLINE_KUBECONFIG": IN_CLUSTER, "KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "1"})
    assert pod == Access(host=("h", "1"))
    assert pod is not None
    assert (pod.setting, Access(kubeconfig=file).setting) == (
        "ROOTLINE_KUBECONFIG=in-cluster",
        f"ROOTLINE_KUBECONFIG={file}",
    )


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        (
            {"ROOTLINE_KUBECONFIG": "in-cluster", "ROOTLINE_KUBE_CONTEXT": "a"},
            "own access has none. Leave it out",
        ),
        (
            {"ROOTLINE_KUBECONFIG": "/no/such/file"},
            "The kubeconfig /no/such/file does not exist. Set",
        ),
        ({"ROOTLINE_KUBE_CONTEXT": "a", "HOME": "/no/such/home"}, "/no/such/home/.kube/config does not exist"),
    ],
)
def test_a_cluster_that_cannot_be_reached_says_what_to_set(variables: dict[str, str], why: str) -> None:
    with pytest.raises(Misconfigured) as told:
        access(variables)

    assert why in str(told.value)
