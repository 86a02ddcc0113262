"""A cluster in which each service has one pod, whose log holds lines as JSON."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import Object, pod

from rootline.domain.signal import LogLine
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.connection import Connection


def stamped(one: LogLine, text: str) -> str:
    """Write a line as the kubelet does that is asked for times, with its nanoseconds."""
    return f"{one.at.strftime('%Y-%m-%dT%H:%M:%S.%f')}789Z {text}\n"


def as_json(one: LogLine) -> str:
    return stamped(one, json.dumps({"msg": one.text, "level": one.severity, "service": "not the pod's"}))


@contextmanager
def serving(pods: Sequence[Object], logs: dict[tuple[str, str], str]) -> Iterator[tuple[KubeApi, Connection]]:
    api = KubeApi(pods, logs=logs)
    with tempfile.TemporaryDirectory() as folder, served(api):
        yield api, Connection(Access(kubeconfig=api.kubeconfig(Path(folder))))


@contextmanager
def cluster_of(lines: Sequence[LogLine]) -> Iterator[tuple[KubeApi, Connection]]:
    """Serve the lines; those of a service are its pod's."""
    pods = {one.service: pod(one.service) for one in lines}
    logs: dict[tuple[str, str], str] = {}
    for one in lines:
        key = (pods[one.service]["metadata"]["name"], "server")
        logs[key] = logs.get(key, "") + as_json(one)
    with serving([*pods.values()], logs) as found:
        yield found
