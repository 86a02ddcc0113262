"""Services, addresses, names and routes that lead to the wrong place."""

from tests.analysis.cluster.landscapes.consequences import above, victims
from tests.analysis.cluster.landscapes.landscape import App, Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants
from tests.analysis.cluster.landscapes.styles import failing, refused, unresolved


@plants("service_selects_no_pod")
def _service_selector(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.2)
    key = next(iter(app.selector))
    app.selector = app.selector | land.rng.choice([{key: f"{app.name}-v2"}, {"version": "v9"}, {key: f"{app.name}s"}])
    victims(land, app)
    return f"app/{app.name}"


@plants("service_target_port_wrong")
def _mapping(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.2)
    app.target = str(app.port + land.rng.choice([1, 10, 1000]))
    victims(land, app)
    return f"app/{app.name}"


@plants("service_protocol_wrong")
def _protocol(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.2)
    app.protocol = "UDP"
    victims(land, app)
    return f"app/{app.name}"


def _addressed(land: Landscape) -> tuple[App, str, str]:
    found = [
        (app, key, value)
        for app in land.apps.values()
        for key, value in app.env.items()
        for callee in app.calls
        if callee in value and not land.apps[callee].is_store
    ]
    stores = [(a, k, v) for a in land.apps.values() for k, v in a.env.items() if k.endswith("_HOST") and v in land.apps]
    return land.rng.choice(found or stores)


@plants("address_in_environment_wrong")
def _address_host(land: Landscape) -> str:
    app, key, value = _addressed(land)
    callee = next(c for c in app.calls if c in value)
    wrong = callee + land.rng.choice(["s", "-v2", "x"])
    app.env[key] = value.replace(callee, wrong)
    app.logs.append((70, unresolved(app, wrong)))
    above(land, app)
    return f"app/{app.name}"


@plants("address_in_environment_wrong")
def _address_port(land: Landscape) -> str:
    if land.style == "java":
        return _address_host(land)
    app, key, value = _addressed(land)
    callee = next(c for c in app.calls if c in value)
    host, _, port = value.rpartition(":")
    app.env[key] = f"{host}:{int(port) + 1}"
    other = land.apps[callee]
    app.logs.append((70, refused(app, callee, other.cluster_ip, int(port) + 1, "i/o timeout")))
    above(land, app)
    return f"app/{app.name}"


@plants("service_name_not_resolved")
def _resolver(land: Landscape) -> str:
    app = land.pick(entry=True)
    while not app.calls:
        app = land.pick(entry=True)
    app.spec = land.rng.choice(
        [
            "      dnsPolicy: Default\n",
            '      dnsPolicy: "None"\n      dnsConfig:\n        nameservers:\n        - 192.0.2.53\n',
        ]
    )
    for callee in app.calls[:3]:
        app.logs.append((40, unresolved(app, callee)))
    above(land, app)
    return f"app/{app.name}"


@plants("service_name_not_resolved")
def _renamed_service(land: Landscape) -> str:
    app = land.pick()
    app.service = f"{app.name}-svc2"
    for caller in land.callers(app.name):
        caller.logs.append((60, unresolved(caller, app.name)))
        above(land, caller)
    return f"app/{app.name}"


@plants("service_name_not_resolved")
def _aliased_host(land: Landscape) -> str:
    app = land.pick(entry=True)
    while not app.calls:
        app = land.pick(entry=True)
    callee = land.apps[app.calls[0]]
    app.spec = f"      hostAliases:\n      - ip: 192.0.2.9\n        hostnames:\n        - {callee.name}\n"
    app.logs.append((60, refused(app, callee.name, "192.0.2.9", callee.port, "i/o timeout")))
    above(land, app)
    return f"app/{app.name}"


@plants("service_name_not_resolved")
def _silent_resolver(land: Landscape) -> str:
    app = land.pick(entry=True)
    while not app.calls:
        app = land.pick(entry=True)
    for callee in app.calls[:2]:
        told = {
            "java": f"ERROR UnknownHostException: {callee}: Temporary failure in name resolution",
            "node": f"Error: getaddrinfo EAI_AGAIN {callee}",
            "python": f"socket.gaierror: [Errno -3] Temporary failure in name resolution: {callee}",
        }.get(
            app.tongue,
            f"dial tcp: lookup {callee} on 10.96.0.10:53: read udp 10.244.1.9:4012->10.96.0.10:53: i/o timeout",
        )
        app.logs.append((80, told))
    above(land, app)
    return f"app/{app.name}"


@plants("route_leads_elsewhere")
def _route(land: Landscape) -> str:
    gate = next((a for a in land.apps.values() if "gateway-routes" in a.more or "gateway:" in a.more), None)
    if gate is None:
        return _ingress(land)
    app = land.rng.choice([land.apps[n] for n in gate.calls])
    good = f"uri: http://{app.name}:{app.port}"
    other = land.rng.choice([a for a in gate.calls if a != app.name])
    bad = land.rng.choice(
        [
            f"uri: http://{app.name}:{app.port + 1}",
            f"uri: http://{app.name}-old:{app.port}",
            f"uri: http://{other}:{land.apps[other].port}",
        ]
    )
    gate.more = gate.more.replace(good, bad)
    gate.logs.append(
        (80, f"ERROR o.s.w.s.ResponseStatusException: 404 NOT_FOUND for /api/v1/{app.name.split('-')[1]}service/list")
    )
    front = land.apps[land.entry]
    front.logs.append((60, failing(front, gate.name, gate.port)))
    return f"app/{gate.name}"


def _ingress(land: Landscape) -> str:
    front = land.apps[land.entry]
    land.ingress = front.name
    wrong = land.rng.choice([f"{front.name}:9999 ()", f"{front.name}-old:80 (<error: endpoints not found>)"])
    land.ingress_text = (
        f"Name:             {front.name}\nNamespace:        {land.namespace}\nRules:\n  Host        Path  Backends\n"
        f"  ----        ----  --------\n  *           \n              /   {wrong}\nEvents:  <none>\n"
    )
    return f"app/{front.name}"
