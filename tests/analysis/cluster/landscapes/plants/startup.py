"""Containers that are not created: images, secrets, volumes."""

from tests.analysis.cluster.landscapes.consequences import crashing, stopped, victims
from tests.analysis.cluster.landscapes.landscape import App, Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants


def _pull(land: Landscape, app: App, told: str, *before: str) -> str:
    failed = f'Warning|Failed|14s (x2 over 28s)|kubelet|Failed to pull image "{app.image}": {told}'
    error = "Warning|Failed|14s (x2 over 28s)|kubelet|Error: ErrImagePull"
    status = land.rng.choice(["ErrImagePull", "ImagePullBackOff"])
    stopped(app, status, *before, failed, error)
    app.logs = [
        (
            2,
            f'Error from server (BadRequest): container "server" in pod "{app.pods[0].name}" is waiting to start: image can\'t be pulled',
        )
    ]
    victims(land, app)
    return f"app/{app.name}"


@plants("registry_name_not_resolved")
def _registry(land: Landscape) -> str:
    app = land.pick()
    app.image = f"registry.nowhere.example/acme/{app.name}:1"
    return _pull(
        land,
        app,
        f'failed to resolve reference "{app.image}": failed to do request: Head "https://registry.nowhere.example'
        '/v2/": dial tcp: lookup registry.nowhere.example on 10.0.0.2:53: no such host',
    )


@plants("image_pull_rate_limited")
def _limited(land: Landscape) -> str:
    app = land.pick()
    told = "429 Too Many Requests: toomanyrequests: You have reached your unauthenticated pull rate limit."
    return _pull(land, app, f'failed to pull and unpack image "{app.image}": unexpected status code {told}')


@plants("registry_unreachable")
def _registry_silent(land: Landscape) -> str:
    app = land.pick()
    told = 'failed to do request: Head "https://registry.example/v2/": dial tcp 10.2.3.4:443: i/o timeout'
    return _pull(land, app, f'failed to resolve reference "{app.image}": {told}')


@plants("image_not_found")
def _tag(land: Landscape) -> str:
    app = land.pick()
    app.image = f"{app.image.rpartition(':')[0]}:9.9.9-none"
    return _pull(
        land,
        app,
        f'rpc error: code = NotFound desc = failed to resolve reference "{app.image}": {app.image}: not found',
    )


@plants("pull_secret_missing")
def _private(land: Landscape) -> str:
    app = land.pick()
    app.image = f"harbor.internal.example/team/{app.name}:1"
    told = land.rng.choice(
        [
            "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://harbor.internal.example/service/token: 401 Unauthorized",
            f"rpc error: code = Unknown desc = Error response from daemon: pull access denied for team/{app.name}, repository does not exist or may require 'docker login'",
            "failed to resolve reference: pulling from host harbor.internal.example failed with status code [manifests 1]: 401 Unauthorized",
        ]
    )
    return _pull(land, app, told)


@plants("pull_secret_missing")
def _named_secret(land: Landscape) -> str:
    app = land.pick()
    app.image = f"docker.io/acmeprivate/{app.name}:1"
    app.spec = "      imagePullSecrets:\n      - name: regcred\n"
    before = "Warning|FailedToRetrieveImagePullSecret|2s (x4 over 28s)|kubelet|Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed."
    return _pull(
        land,
        app,
        "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
        before,
    )


@plants("secret_missing")
def _secret(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.4)
    app.secret_env["DB_PASSWORD"] = (f"{app.name}-secret", "password")
    told = land.rng.choice(
        [
            f'Error: secret "{app.name}-secret" not found',
            f"Error: couldn't find key password in Secret {land.namespace}/{app.name}-secret",
        ]
    )
    stopped(app, "CreateContainerConfigError", f"Warning|Failed|3s (x8 over 100s)|kubelet|{told}")
    victims(land, app)
    return f"app/{app.name}"


@plants("secret_missing")
def _secret_volume(land: Landscape) -> str:
    app = land.pick()
    app.volumes = f"      volumes:\n      - name: tls\n        secret:\n          secretName: {app.name}-tls\n"
    told = f'MountVolume.SetUp failed for volume "tls" : secret "{app.name}-tls" not found'
    stopped(app, "ContainerCreating", f"Warning|FailedMount|3s (x8 over 100s)|kubelet|{told}")
    victims(land, app)
    return f"app/{app.name}"


@plants("volume_not_permitted")
def _denied(land: Landscape) -> str:
    app = land.pick(store=True)
    app.volumes = "      volumes:\n      - name: data\n        hostPath:\n          path: /srv/data\n"
    told = {
        "mysql": "[ERROR] --initialize specified but the data directory is unusable: OS errno 13 - Permission denied",
        "postgres": 'initdb: error: could not change permissions of directory "/var/lib/postgresql/data": Operation not permitted',
        "mongo": "IllegalOperation: Attempted to create a lock file on a read-only directory: /data/db, terminating",
    }.get(app.tongue, "Can't open or create append-only dir appendonlydir: Permission denied")
    app.logs = [(5, told)]
    crashing(app)
    victims(land, app)
    return f"app/{app.name}"


@plants("volume_not_mounted")
def _attached_elsewhere(land: Landscape) -> str:
    app = land.pick(store=True)
    told = 'Multi-Attach error for volume "pvc-7" Volume is already exclusively attached to one node'
    stopped(app, "ContainerCreating", f"Warning|FailedAttachVolume|3s (x8 over 100s)|attachdetach-controller|{told}")
    victims(land, app)
    return f"app/{app.name}"
