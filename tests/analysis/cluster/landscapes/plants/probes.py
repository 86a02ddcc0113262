"""Health checks that are written wrongly."""

from dataclasses import replace

from tests.analysis.cluster.landscapes.consequences import crashing, victims
from tests.analysis.cluster.landscapes.landscape import App, Landscape, Probe
from tests.analysis.cluster.landscapes.plants.registry import plants


@plants("liveness_probe_wrong_port")
def _liveness_port(land: Landscape) -> str:
    app = land.pick()
    handler = app.liveness.handler if app.liveness else land.rng.choice(["tcpSocket", "httpGet"])
    wrong = app.port + land.rng.choice([1, 10, 1000])
    app.liveness = replace(app.liveness, port=str(wrong)) if app.liveness else None
    if app.liveness is None:
        app.liveness = Probe(handler, str(wrong))
    _killed(land, app, _probe_told(app, handler, wrong))
    return f"app/{app.name}"


def _probe_told(app: App, handler: str, port: int) -> str:
    ip = app.pods[0].ip
    return {
        "grpc": f'timeout: failed to connect service "{ip}:{port}" within 1s: context deadline exceeded',
        "tcpSocket": f"dial tcp {ip}:{port}: connect: connection refused",
        "httpGet": f'Get "http://{ip}:{port}/healthz": dial tcp {ip}:{port}: connect: connection refused',
    }[handler]


def _killed(land: Landscape, app: App, told: str) -> None:
    events = (
        f"Warning|Unhealthy|20s (x9 over 100s)|kubelet|Liveness probe failed: {told}",
        "Normal|Killing|20s (x3 over 80s)|kubelet|Container server failed liveness probe, will be restarted",
    )
    if land.rng.random() < 0.5:
        crashing(app, "Error", 137, *events)
        victims(land, app)
        return
    for pod in app.pods:
        pod.restarts, pod.age = "3 (15s ago)", "2m10s"
        pod.events += events
        pod.state = (
            "    State:          Running\n      Started:      now\n    Last State:     Terminated\n      Reason:       Error\n"
            "      Exit Code:    137\n"
        )


@plants("liveness_probe_wrong_protocol")
def _liveness_protocol(land: Landscape) -> str:
    app = land.pick()
    ip = f"{app.pods[0].ip}:{app.port}"
    speaks_http = land.style != "grpc"
    app.liveness = Probe("grpc" if speaks_http else "httpGet", str(app.port))
    told = (
        "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)"
        if speaks_http
        else f'Get "http://{ip}/healthz": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00\\x00"'
    )
    _killed(land, app, told)
    return f"app/{app.name}"


@plants("liveness_probe_too_early")
def _liveness_timing(land: Landscape) -> str:
    app = land.pick()
    handler = app.liveness.handler if app.liveness else "tcpSocket"
    app.liveness = Probe(
        handler, str(app.port), delay=land.rng.choice([0, 1]), period=1, failures=land.rng.choice([1, 2])
    )
    _killed(land, app, _probe_told(app, handler, app.port))
    return f"app/{app.name}"


def _unready(land: Landscape, app: App, told: str) -> None:
    app.ready = 0
    for pod in app.pods:
        pod.ready, pod.age = 0, "2m10s"
        pod.events.append(f"Warning|Unhealthy|3s (x20 over 2m)|kubelet|Readiness probe failed: {told}")
    victims(land, app)


@plants("readiness_probe_wrong_port")
def _readiness_port(land: Landscape) -> str:
    app = land.pick()
    wrong = app.port + land.rng.choice([1, 80])
    base = app.readiness or Probe("tcpSocket", str(app.port))
    app.readiness = replace(base, port=str(wrong))
    _unready(land, app, _probe_told(app, base.handler, wrong))
    return f"app/{app.name}"


@plants("readiness_probe_wrong_protocol")
def _readiness_protocol(land: Landscape) -> str:
    app = land.pick()
    ip = f"{app.pods[0].ip}:{app.port}"
    if land.style == "grpc":
        app.readiness = Probe("httpGet", str(app.port))
        _unready(
            land,
            app,
            f'Get "http://{ip}/healthz": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00"',
        )
    else:
        app.readiness = Probe("grpc", str(app.port))
        _unready(land, app, f'timeout: failed to connect service "{ip}" within 1s: context deadline exceeded')
    return f"app/{app.name}"


@plants("readiness_probe_fails")
def _not_ready(land: Landscape) -> str:
    app = land.pick()
    app.readiness = Probe("httpGet", str(app.port))
    _unready(land, app, "HTTP probe failed with statuscode: 503")
    return f"app/{app.name}"


@plants("liveness_probe_fails")
def _not_alive(land: Landscape) -> str:
    app = land.pick()
    app.liveness = Probe("httpGet", str(app.port), delay=30)
    _killed(land, app, "HTTP probe failed with statuscode: 500")
    return f"app/{app.name}"


@plants("readiness_probe_wrong_protocol")
def _answered_with_404(land: Landscape) -> str:
    if land.style != "java":
        return _readiness_protocol(land)
    app = land.pick()
    app.readiness = Probe("httpGet", str(app.port), path="/")
    _unready(land, app, "HTTP probe failed with statuscode: 404")
    return f"app/{app.name}"


@plants("liveness_probe_too_early")
def _patient_but_not_enough(land: Landscape) -> str:
    app = land.pick()
    handler = app.liveness.handler if app.liveness else "tcpSocket"
    app.liveness = Probe(handler, str(app.port), delay=5, period=5, failures=3)
    _killed(land, app, _probe_told(app, handler, app.port))
    return f"app/{app.name}"
