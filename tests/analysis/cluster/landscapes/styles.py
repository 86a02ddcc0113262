"""Three kinds of applications: small and gRPC, large and Java, and a mixed one of Node and Python."""

from random import Random

from tests.analysis.cluster.landscapes.landscape import WORDS, App, Landscape, Probe, Worker, place

STYLES = ("grpc", "java", "mixed")


def healthy(style: str, seed: int) -> Landscape:
    """A cluster in which everything runs, and which has a past: restarts, slow starts, optional neighbours."""
    rng = Random(f"{style}-{seed}")
    land = Landscape(namespace=rng.choice(["shop", "prod", "t-7", "travel", "default"]), style=style, rng=rng)
    _nodes(land)
    {"grpc": _grpc, "java": _java, "mixed": _mixed}[style](land)
    for app in land.apps.values():
        place(land, app)
    _past(land)
    land.lists_events = rng.random() < 0.6
    return land


def _nodes(land: Landscape) -> None:
    rng = land.rng
    head = rng.choice(["master", "cp-0", "k8s-head"])
    land.nodes[head] = Worker(
        head,
        role=rng.choice(["control-plane", "master"]),
        status="Ready,SchedulingDisabled",
        taints=["node.kubernetes.io/unschedulable:NoSchedule"],
    )
    for place_ in range(rng.choice([2, 3, 3, 4])):
        name = f"{rng.choice(['worker', 'node', 'ip-10-1'])}-{place_ + 1:02d}"
        land.nodes[name] = Worker(name, labels={"disk": rng.choice(["ssd", "hdd"])})


def _words(rng: Random, count: int) -> list[str]:
    return rng.sample(WORDS, count)


def _ports(rng: Random, count: int) -> list[int]:
    return rng.sample(range(5000, 20000), count)


def _grpc(land: Landscape) -> None:
    rng = land.rng
    count = rng.randrange(9, 14)
    suffix = rng.choice(["service", "-svc", "-api", ""])
    names = [f"{word}{suffix}" for word in _words(rng, count)]
    front = rng.choice(["frontend", "web-ui", "storefront"])
    ports = _ports(rng, count)
    registry = "registry.example.com/acme"
    for name, port in zip(names, ports, strict=True):
        probe = Probe("grpc", str(port), delay=rng.choice([5, 8]), period=rng.choice([5, 10]))
        app = App(name, port, f"{registry}/{name}:v1.4.2", liveness=probe, readiness=probe, account=name)
        app.env = {"PORT": str(port), "DISABLE_PROFILER": "1"}
        land.apps[name] = app
    cache = App("redis-cart" if rng.random() < 0.5 else "session-redis", 6379, "redis:7-alpine", is_store=True)
    cache.liveness = cache.readiness = Probe("tcpSocket", "6379", delay=5, period=5)
    land.apps[cache.name] = cache
    land.apps[front] = App(front, 8080, f"{registry}/{front}:v1.4.2", service_port=80, account=front)
    land.apps[front].env = {"PORT": "8080", "ASSISTANT_SERVICE_ADDR": "assistantservice:80"}
    land.entry = front
    middle, leaves = names[: count // 3], names[count // 3 :]
    for name in leaves:
        call(land, rng.choice([front, *middle]), name)
    for name in middle:
        call(land, front, name)
        call(land, name, rng.choice(leaves))
    call(land, leaves[0], cache.name)


def call(land: Landscape, caller: str, callee: str) -> None:
    """Let one application call another, by an address in its environment where its style has one."""
    app, other = land.apps[caller], land.apps[callee]
    if callee in app.calls or caller == callee:
        return
    app.calls.append(callee)
    key = callee.upper().replace("-", "_").removesuffix("SERVICE").rstrip("_")
    port = other.service_port or other.port
    if land.style == "grpc":
        app.env[f"{key}_SERVICE_ADDR" if not other.is_store else "REDIS_ADDR"] = f"{callee}:{port}"
    elif land.style == "mixed" and other.is_store:
        app.env |= {f"{_engine(other)}_HOST": callee, f"{_engine(other)}_PORT": str(port)}
    elif land.style == "mixed":
        app.env[f"{key}_URL"] = f"http://{callee}:{port}"
    elif other.is_store and "mysql" in other.image:
        root = app.name.split("-")[1].upper()
        app.env |= {f"{root}_MYSQL_HOST": callee, f"{root}_MYSQL_PORT": str(port), f"{root}_MYSQL_DATABASE": "app"}
        app.env |= {f"{root}_MYSQL_USER": "app", f"{root}_MYSQL_PASSWORD": "Pa55-app"}


def _engine(app: App) -> str:
    return next((e for e in ("postgres", "redis", "rabbitmq", "mongo") if e in app.image), "db").upper()


def _java(land: Landscape) -> None:
    rng = land.rng
    count = rng.randrange(24, 38)
    prefix = rng.choice(["ax", "mx", "rb"])
    names = [f"{prefix}-{word}-service" for word in _words(rng, count)]
    ports = _ports(rng, count)
    for name, port in zip(names, ports, strict=True):
        app = App(name, port, f"acme/{name}:1.0.3", memory="300Mi", memory_limit="2000Mi", tongue="java")
        app.readiness = Probe("tcpSocket", str(port), delay=60, period=10)
        if rng.random() < 0.4:
            app.liveness = Probe("tcpSocket", str(port), delay=90, period=15)
        app.env = {"NODE_IP": "10.0.0.9", "JAVA_OPTS": "-Xmx600m"}
        land.apps[name] = app
    stores = [f"{prefix}-mysql"] if rng.random() < 0.6 else [f"{prefix}-mysql", "nacosdb-mysql"]
    stateful = rng.random() < 0.5
    for name in stores:
        land.apps[name] = App(name, 3306, "mysql:5.7", is_store=True, memory="512Mi", tongue="mysql")
        land.apps[name].stateful = stateful
    land.apps["rabbitmq"] = App("rabbitmq", 5672, "rabbitmq:3-management", tongue="rabbit")
    gate, front = f"{prefix}-gateway-service", f"{prefix}-ui-dashboard"
    land.apps[gate] = App(gate, 18888, f"acme/{gate}:1.0.3", tongue="java", readiness=Probe("tcpSocket", "18888", 60))
    land.apps[front] = App(front, 8080, f"acme/{front}:1.0.3", service_type="NodePort", tongue="nginx")
    land.entry = front
    call(land, front, gate)
    first, second = names[: count // 3], names[count // 3 :]
    for name in names:
        call(land, gate, name)
        if rng.random() < 0.6 or name in names[:3]:
            call(land, name, stores[0])
    for name in second:
        call(land, rng.choice(first), name)
    for name in rng.sample(names, 3):
        call(land, name, "rabbitmq")
    land.apps[gate].more = _gateway_rules(land, gate, names)


def _gateway_rules(land: Landscape, gate: str, names: list[str]) -> str:
    rules = "".join(
        f"          - id: {name}\n            uri: http://{name}:{land.apps[name].port}\n            predicates:\n"
        f"            - Path=/api/v1/{name.split('-')[1]}service/**\n"
        for name in names
    )
    return (
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {gate}-routes\ndata:\n  application.yml: |\n"
        f"    spring:\n      cloud:\n        gateway:\n          routes:\n{rules}"
    )


def _mixed(land: Landscape) -> None:
    rng = land.rng
    count = rng.randrange(14, 22)
    names = _words(rng, count)
    ports = [rng.choice([3000, 8000, 8080, 80, 9090]) for _ in names]
    for name, port in zip(names, ports, strict=True):
        tongue = rng.choice(["node", "python", "go"])
        app = App(name, port, f"ghcr.io/acme/{name}:2026.1", service_port=rng.choice([port, 80]), tongue=tongue)
        app.readiness = Probe("httpGet", str(port), path="/health", delay=rng.choice([3, 15]))
        app.liveness = Probe("httpGet", str(port), path="/health", delay=20)
        app.pod_labels = {"app.kubernetes.io/name": name, "tier": "app"}
        app.selector = {"app.kubernetes.io/name": name}
        app.replicas = rng.choice([1, 1, 2])
        land.apps[name] = app
    for name, port, image in (
        ("orders-db", 5432, "postgres:16"),
        ("sessions-redis", 6379, "redis:7"),
        ("catalogue-db", 27017, "mongo:6"),
        ("queue", 5672, "rabbitmq:3.12-management"),
    ):
        land.apps[name] = App(name, port, image, is_store=name != "queue", tongue=image.split(":")[0])
    front = "edge-router"
    land.apps[front] = App(front, 80, "nginx:1.25", service_type="LoadBalancer", tongue="nginx")
    land.entry = front
    middle, leaves = names[: count // 2], names[count // 2 :]
    for name in middle:
        call(land, front, name)
    for name in leaves:
        call(land, rng.choice(middle), name)
        call(land, rng.choice(middle), name)
    for store in ("orders-db", "sessions-redis", "catalogue-db", "queue"):
        for name in rng.sample(names, 3):
            call(land, name, store)


def _past(land: Landscape) -> None:
    """What happened while everything was set up, and has passed."""
    rng = land.rng
    rebooted = rng.random() < 0.25
    for app in land.apps.values():
        if app.account != "default":
            app.set_events.append(
                f"Warning|FailedCreate|9m40s (x2 over 9m41s)|replicaset-controller|Error creating: pods "
                f'"{app.replica_set}-" is forbidden: error looking up service account {land.namespace}/{app.account}: '
                f'serviceaccount "{app.account}" not found'
            )
        for pod in app.pods:
            pod.events.append("Normal|Scheduled|9m12s|default-scheduler|Successfully assigned pod")
            if app.readiness and rng.random() < 0.3:
                told = f"dial tcp {pod.ip}:{app.port}: connect: connection refused"
                pod.events.append(f"Warning|Unhealthy|8m50s (x2 over 9m)|kubelet|Readiness probe failed: {told}")
            if land.style == "java" and rng.random() < 0.25:
                pod.restarts = f"{rng.randrange(1, 4)} ({rng.randrange(3, 30)}h ago)"
                pod.age = "12d"
            if rebooted:
                pod.restarts, pod.age = f"{rng.choice([1, 1, 1, 2])} (42m ago)", "3d"
                pod.state += "    Last State:     Terminated\n      Reason:       Unknown\n      Exit Code:    255\n"
    starters = rng.sample(list(land.apps.values()), 2)
    for app in starters:
        for callee in app.calls[:1]:
            app.logs.append((rng.randrange(2, 30), unresolved(app, callee)))
    for app in rng.sample(list(land.apps.values()), 3):
        app.logs.append((rng.randrange(1, 4), _harmless(app)))


def _harmless(app: App) -> str:
    return {
        "java": "WARN 1 --- [main] o.s.c.n.eureka : Could not fetch optional configuration, error ignored",
        "node": "warn: deprecated option errorHandler is ignored",
        "python": "WARNING: error reporting is disabled, no DSN",
    }.get(app.tongue, '{"message":"Failed to fetch the zone: metadata not defined","severity":"error"}')


LINK = (
    "ERROR 1 --- [main] com.zaxxer.hikari.pool.HikariPool : HikariPool-1 - Exception during pool initialization. "
    "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure"
)


def unresolved(app: App, host: str) -> str:
    """How an application complains that a name does not resolve."""
    return {
        "java": f'ERROR [main] o.s.w.c.ResourceAccessException: I/O error on GET request for "http://{host}": {host}: '
        f"Name or service not known; nested exception is java.net.UnknownHostException: {host}",
        "node": f"Error: getaddrinfo ENOTFOUND {host} at GetAddrInfoReqWrap.onlookup [as oncomplete]",
        "python": f"requests.exceptions.ConnectionError: HTTPConnectionPool(host='{host}', port=80): Max retries "
        "exceeded (Caused by NameResolutionError: [Errno -2] Name or service not known)",
        "nginx": f"2026/02/03 10:01:00 [error] 7#7: *3 {host} could not be resolved (3: Host not found)",
    }.get(
        app.tongue,
        '{"error":"could not complete: rpc error: code = Unavailable desc = connection error: desc = \\"transport: '
        f'Error while dialing: dial tcp: lookup {host} on 169.254.20.10:53: no such host\\"","severity":"error"}}',
    )


def refused(app: App, host: str, ip: str, port: int, how: str = "connection refused") -> str:
    """How an application complains that a connection fails."""
    java = {"connection refused": "Connection refused (Connection refused)", "i/o timeout": "connect timed out"}[how]
    node = {"connection refused": "ECONNREFUSED", "i/o timeout": "ETIMEDOUT"}[how]
    return {
        "java": f"ERROR 1 --- [nio-exec-3] o.a.c.c.C.[dispatcherServlet] : Servlet.service() threw "
        f'ResourceAccessException: I/O error on POST request for "http://{host}:{port}/api/v1/x": {java}',
        "node": f"Error: connect {node} {ip}:{port} at TCPConnectWrap.afterConnect",
        "python": f"urllib3.exceptions.MaxRetryError: HTTPConnectionPool(host='{host}', port={port}): {how}",
        "nginx": f"[error] connect() failed (111: {how}) while connecting to upstream, upstream: "
        f'"http://{ip}:{port}/api"',
    }.get(
        app.tongue,
        '{"error":"failed to get: rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error '
        f'while dialing: dial tcp {ip}:{port}: connect: {how}\\"","severity":"warning"}}',
    )


def failing(app: App, host: str, port: int) -> str:
    """How an application complains that whom it called answered with an error."""
    return {
        "java": f"ERROR 1 --- [nio-exec-1] c.a.c.Filter : 500 Internal Server Error from GET http://{host}:{port}/api",
        "node": f"AxiosError: Request failed with status code 500, url http://{host}:{port}/",
        "python": f"requests.exceptions.HTTPError: 500 Server Error for url: http://{host}:{port}/",
        "nginx": f'[error] upstream prematurely closed connection, upstream: "http://{host}:{port}/api"',
    }.get(app.tongue, f'{{"error":"rpc error: code = Internal desc = {host} failed","severity":"error"}}')
