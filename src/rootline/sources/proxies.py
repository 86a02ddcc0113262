"""Which proxy the environment names for an address."""

from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from rootline.errors import Misconfigured

SPOKEN = ("http", "https")


@lru_cache(maxsize=1024)
def proxy_of(url: str) -> str:
    """Return the address of the proxy for one of a backend, with its user and password; empty where there is none.

    The environment is read once for each backend.

    Raises:
        Misconfigured: The proxy is none that is spoken to, such as one of SOCKS.

    """
    parts, named = urlsplit(url), getproxies()
    host = parts.hostname or ""
    if proxy_bypass(parts.netloc) or proxy_bypass(host) or _is_spared(host, named.get("no", "")):
        return ""
    proxy = named.get(parts.scheme) or named.get("all") or ""
    return _checked(proxy if not proxy or "://" in proxy else f"http://{proxy}")


def _is_spared(host: str, spared: str) -> bool:
    """Whether NO_PROXY names a host by a range of addresses or as `*.name`, which Python's own reading leaves out.

    Source: golang.org/x/net/http/httpproxy, which most programs beside ours in a cluster read the variable with.
    """
    parts = [part.strip().lower() for part in spared.split(",")]
    return any(host.endswith(part[1:]) if part.startswith("*.") else _is_within(host, part) for part in parts)


def _is_within(host: str, block: str) -> bool:
    try:
        return "/" in block and ip_address(host) in ip_network(block, strict=False)
    except ValueError:
        return False


def _checked(proxy: str) -> str:
    try:
        parts = urlsplit(proxy)
        is_spoken = not proxy or (parts.scheme in SPOKEN and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        is_spoken = False
    if not is_spoken:
        raise Misconfigured(
            "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names no proxy that can be asked. Write it like "
            "http://proxy.example:3128, or add the host to NO_PROXY."
        )
    return proxy
