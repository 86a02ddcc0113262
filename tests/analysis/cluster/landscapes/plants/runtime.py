"""Applications switched off, killed for memory, or with two containers on one port."""

from tests.analysis.cluster.landscapes.consequences import crashing, stopped, victims
from tests.analysis.cluster.landscapes.landscape import Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants


@plants("scaled_to_zero")
def _zero(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.2)
    app.replicas = app.ready = 0
    app.pods = []
    victims(land, app)
    return f"app/{app.name}"


@plants("memory_limit_reached")
def _oom(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.3)
    app.memory_limit = "16Mi"
    if land.rng.random() < 0.5:
        crashing(app, "OOMKilled", 137)
    else:
        stopped(
            app,
            "OOMKilled",
            restarts="3 (25s ago)",
            state="    State:          Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n",
        )
    victims(land, app)
    return f"app/{app.name}"


@plants("memory_limit_reached")
def _oom_running(land: Landscape) -> str:
    app = land.pick()
    for pod in app.pods:
        pod.restarts, pod.age = "2 (40s ago)", "4m"
        pod.state = "    State:          Running\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n"
    victims(land, app)
    return f"app/{app.name}"


@plants("containers_want_one_port")
def _sidecar(land: Landscape) -> str:
    app = land.pick()
    kind = land.rng.randrange(3)
    ports = f"        ports:\n        - containerPort: {app.port}\n" if kind != 1 else ""
    command = f'        args: ["--listen", ":{app.port}"]\n' if kind == 1 else ""
    app.sidecar = f"      - name: proxy\n        image: mesh/proxy:1\n{command}{ports}"
    told = {
        "java": f"Web server failed to start. Port {app.port} was already in use.",
        "node": f"Error: listen EADDRINUSE: address already in use 0.0.0.0:{app.port}",
        "python": "OSError: [Errno 98] Address already in use",
    }.get(app.tongue, f"listen tcp :{app.port}: bind: address already in use")
    if kind != 2:
        app.logs.append((6, told))
    crashing(app)
    for pod in app.pods:
        pod.ready = 1
    victims(land, app)
    return f"app/{app.name}"


@plants("container_crashes")
def _crash(land: Landscape) -> str:
    app = land.pick()
    app.logs.append((9, "panic: index out of range [3] with length 3"))
    crashing(app, "Error", 2)
    victims(land, app)
    return f"app/{app.name}"
