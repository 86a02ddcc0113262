"""How live sources are named: by variables, by a file, or by both."""

from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.sources.connecting import connect
from rootline.sources.stack import Given, Stack, stack, stacks

FILE = """
clusters:
  production:
    service_label: app
    git: clone
    sources:
      main-metrics: {kind: prometheus, url: "https://prometheus.example", token_variable: PROM_TOKEN}
      loki: {url: "http://loki.example:3100", tenant: shop}
  staging:
    otlp: spans.jsonl
    sources:
      prometheus: {url: "http://staging.example:9090", token_file: token}
"""


def read(folder: Path, **variables: str) -> Stack:
    named = {name if name == "PROM_TOKEN" else f"ROOTLINE_{name}": value for name, value in variables.items()}
    return stack(Given(variables=named, folder=folder))


def told(found: Stack) -> list[tuple[str, str, str, str, str]]:
    return [(one.name, one.kind, one.backend.url, one.backend.token, one.backend.tenant) for one in found.backends]


def test_one_variable_connects(tmp_path: Path) -> None:
    found = read(tmp_path, PROMETHEUS_URL="http://127.0.0.1:9090/")

    assert told(found) == [("prometheus", "prometheus", "http://127.0.0.1:9090", "", "")]
    sources = connect(found)
    assert sources.metrics is not None
    assert sources.metrics.name == "prometheus"
    assert sources.alerts is not None
    assert (sources.logs, sources.traces, sources.changes) == (None, None, None)


def test_every_kind_of_source_connects(tmp_path: Path) -> None:
    kinds = ("PROMETHEUS", "ALERTMANAGER", "VICTORIALOGS", "TEMPO")
    variables = {f"{kind}_URL": f"http://{kind.lower()}.example" for kind in kinds}

    sources = connect(read(tmp_path, **variables, GIT_REPOSITORY=f"{tmp_path}:/elsewhere"))

    found = [sources.metrics, sources.alerts, sources.logs, sources.traces, sources.changes]
    assert [one.name for one in found if one] == [
        "prometheus",
        "prometheus+alertmanager",
        "victorialogs",
        "tempo",
        "git",
    ]


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert not read(tmp_path)


def test_a_file_names_sources_of_clusters_and_the_first_is_asked(tmp_path: Path) -> None:
    (tmp_path / "rootline.yaml").write_text(FILE)

    found = read(tmp_path, PROM_TOKEN="abc")

    assert (found.cluster, found.service_label, found.repositories) == ("production", "app", (tmp_path / "clone",))
    assert told(found) == [
        ("main-metrics", "prometheus", "https://prometheus.example", "abc", ""),
        ("loki", "loki", "http://loki.example:3100", "", "shop"),
    ]
    assert connect(found).cluster_name == "production"


def test_another_cluster_is_named_by_a_variable(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(FILE)
    (tmp_path / "token").write_text("t0ken\n")

    found = read(tmp_path, CONFIG=str(tmp_path / "other.yaml"), CLUSTER="staging")

    assert told(found) == [("prometheus", "prometheus", "http://staging.example:9090", "t0ken", "")]
    assert (found.cluster, found.otlp) == ("staging", tmp_path / "spans.jsonl")


def test_a_variable_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "rootline.yaml").write_text(FILE)

    found = read(tmp_path, PROM_TOKEN="abc", PROMETHEUS_URL="http://mine.example", SERVICE_LABEL="svc")

    assert [one[2] for one in told(found)] == ["http://mine.example", "http://loki.example:3100"]
    assert found.service_label == "svc"


def test_an_address_alone_names_a_source_and_numbers_need_no_quotes(tmp_path: Path) -> None:
    (tmp_path / "rootline.yaml").write_text(
        "clusters: {a: {labels: {team: 12}, sources: {prometheus: 'http://p', loki: {url: 'http://l', tenant: 42}}}}"
    )

    found = read(tmp_path)

    assert told(found) == [
        ("prometheus", "prometheus", "http://p", "", ""),
        ("loki", "loki", "http://l", "", "42"),
    ]
    assert found.labels == {"team": "12"}


@pytest.mark.parametrize(
    ("text", "variables", "problem"),
    [
        ("clusters: {a: {sources: {prometheus: {url: nowhere}}}}", {}, "prometheus in rootline.yaml is no address"),
        ("clusters: {a: {sources: {influx: {url: 'http://x'}}}}", {}, "influx is of the kind 'influx'. Known: prom"),
        ("clusters: {a: {sources: {loki: {tenant: x}}}}", {}, "clusters.a.sources.loki.url: Field required"),
        (
            "clusters: {a: {sources: {loki: {uri: 'http://x'}}}}",
            {},
            "clusters.a.sources.loki.uri: there is no such key, did you mean url?",
        ),
        ("clusters: {a: {colour: red}}", {}, "clusters.a.colour: there is no such key, known: region, environment, l"),
        ("clusters: {a: {souces: {}}}", {}, "clusters.a.souces: there is no such key, did you mean sources?"),
        (
            "clusters: {sources: {githb: {}, github: {repo: x}}}",
            {},
            "clusters.sources.github.repo: there is no such key, known: token_variable, token_file, repository, url,",
        ),
        ("maintenence: []", {}, "maintenence: there is no such key, did you mean maintenance?"),
        ("cluster: {a: {}}", {}, "cluster: there is no such key, did you mean clusters? docs/sources.md shows one."),
        ("clusters: {a: {sources: {loki: 7}}}", {}, "clusters.a.sources.loki: write keys and their values there. docs"),
        ("clusters: {a: {sources: [{kind: loki}]}}", {}, "clusters.a.sources: write keys and their values there. docs"),
        ("clusters: {}", {}, "should have at least 1 item"),
        ("clusters: [", {}, "is no YAML: while parsing a flow node"),
        ("clusters: {a: {}}", {"CLUSTER": "b"}, "ROOTLINE_CLUSTER=b is not in"),
        ("just text", {}, "docs/sources.md shows one"),
        (FILE, {}, "takes a token from PROM_TOKEN, which is not set"),
        (FILE, {"CLUSTER": "moon"}, "ROOTLINE_CLUSTER=moon is not in"),
        (FILE, {"CLUSTER": "staging"}, "which cannot be read"),
        ("", {"LOKI_URL": "http://a", "VICTORIALOGS_URL": "http://b", "CONFIG": ""}, "are both sources of logs"),
        ("", {"CONFIG": "/does/not/exist.yaml"}, "cannot be read: No such file"),
        ("", {"GIT_REPOSITORY": "https://x@git.example/a"}, "and no address. ROOTLINE_GITHUB_REPOSITORY takes owner/"),
        ("", {"LOG_FILES": "http://logs.example/a"}, "ROOTLINE_LOG_FILES names what lies on this machine, and no add"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, variables: dict[str, str], problem: str) -> None:
    if text:
        (tmp_path / "rootline.yaml").write_text(text)

    with pytest.raises(Misconfigured) as wrong:
        read(tmp_path, **variables)

    assert problem in str(wrong.value)


@pytest.mark.parametrize(
    "text", ["maintenance: []", "runbooks: [{folder: books}]", "runbooks: books\nmaintenance: soon"]
)
def test_a_file_may_hold_other_parts_alone_beside_variables(tmp_path: Path, text: str) -> None:
    (tmp_path / "rootline.yaml").write_text(text)

    assert [one[2] for one in told(read(tmp_path, LOKI_URL="http://mine.example"))] == ["http://mine.example"]
    assert stacks(Given(variables={}, folder=tmp_path)) == ()


def test_a_token_is_never_shown(tmp_path: Path) -> None:
    found = read(tmp_path, PROMETHEUS_URL="http://x.example", PROMETHEUS_TOKEN="s3cr3t")

    assert told(found)[0][3] == "s3cr3t"
    assert "s3cr3t" not in f"{found!r}{Given(variables={'ROOTLINE_PROMETHEUS_TOKEN': 's3cr3t'})!r}"


GITHUB = """
clusters:
  production:
    github: {repository: [acme/checkout, acme/search], url: "https://git.example", token_variable: PROM_TOKEN}
"""


def test_github_is_named_by_a_variable_or_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "rootline.yaml").write_text(GITHUB)

    filed, own = (
        read(tmp_path, PROM_TOKEN="abc").github,
        read(tmp_path, PROM_TOKEN="abc", GITHUB_REPOSITORY="me/x").github,
    )

    assert filed is not None
    assert (filed.backend.url, filed.backend.token) == ("https://git.example/api/v3", "abc")
    assert filed.repositories == ("acme/checkout", "acme/search")
    assert own is not None
    assert (own.backend.url, own.repositories, own.backend.token) == ("https://api.github.com", ("me/x",), "")


def test_github_alone_is_a_source_of_changes(tmp_path: Path) -> None:
    sources = connect(read(tmp_path, GITHUB_REPOSITORY="acme/checkout", GITHUB_TOKEN="s3cr3t"))

    assert sources.changes is not None
    assert sources.changes.name == "github"
    assert "s3cr3t" not in repr(read(tmp_path, GITHUB_REPOSITORY="acme/checkout", GITHUB_TOKEN="s3cr3t"))


@pytest.mark.parametrize(
    ("text", "variables", "problem"),
    [
        ("", {"GITHUB_REPOSITORY": "checkout"}, "ROOTLINE_GITHUB_REPOSITORY: 'checkout' is no repository"),
        ("clusters: {a: {github: {repository: checkout}}}", {}, "github in rootline.yaml: 'checkout' is no repository"),
        ("clusters: {a: {github: {}}}", {}, "clusters.a.github.repository: Field required"),
        (GITHUB, {}, "takes a token from PROM_TOKEN, which is not set"),
    ],
)
def test_what_is_wrong_of_github_is_named(tmp_path: Path, text: str, variables: dict[str, str], problem: str) -> None:
    if text:
        (tmp_path / "rootline.yaml").write_text(text)

    with pytest.raises(Misconfigured) as wrong:
        read(tmp_path, **variables)

    assert problem in str(wrong.value)
