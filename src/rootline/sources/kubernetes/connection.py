"""Sends bounded GET requests with the `kubernetes` library's credentials and transport; its models are not used."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3
import yaml

from rootline.errors import Misconfigured
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.trouble import Wanted, broken, refused, too_slow, unreachable
from rootline.sources.threads import Threads
from rootline.sources.trouble import quoted

try:
    from kubernetes.client import ApiClient, Configuration
    from kubernetes.client.exceptions import ApiException
    from kubernetes.config import ConfigException
    from kubernetes.config.incluster_config import InClusterConfigLoader

    from rootline.sources.kubernetes.kubeconfig import load_kubeconfig
except ImportError as missing:
    raise Misconfigured(
        "Reading Kubernetes needs the kubernetes library, which is not installed. Run: pip install 'rootline[k8s]'."
    ) from missing

MOST_BYTES = 6 * 2**20
MOST_ERROR_BYTES = 4 * 2**10
LONGEST_LINE_BYTES = 2 * 2**20
CONNECT_S = 5.0
WATCH_S = 30
AT_ONCE = 4
"""Source: ours; requests to one API server side by side, far below what one client may have in flight there."""
STALL_S = 8.0
"""Source: ours; how long one piece of an answer may be waited for."""
_PIECE_BYTES = 64 * 2**10
_SUCCESS = range(200, 300)
Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The body of a successful answer, cut off where it was longer than it may be."""

    body: bytearray
    is_cut: bool


class Stop:
    """Ends watches that block in other threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._open: set[urllib3.BaseHTTPResponse] = set()
        self.is_set = False

    def set(self) -> None:
        """End every watch that is open, and let none begin."""
        with self._guard:
            self.is_set = True
            for answer in self._open:
                with suppress(ValueError, RuntimeError, OSError):
                    answer.shutdown()

    def holds(self, answer: urllib3.BaseHTTPResponse) -> bool:
        """Take note of an open watch; False when it is to end at once."""
        with self._guard:
            self._open.add(answer)
            return not self.is_set

    def lets_go(self, answer: urllib3.BaseHTTPResponse) -> None:
        """Forget a watch that has ended."""
        with self._guard:
            self._open.discard(answer)


class Connection:
    """One API server. Nothing is read or sent before the first request."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._client: ApiClient | None = None
        self._opening = threading.Lock()
        self._threads = Threads(AT_ONCE, name="kubernetes")

    async def get(
        self,
        path: str,
        parameters: Parameters,
        wanted: Wanted | None,
        most: int = MOST_BYTES,
        *,
        accept: str = "application/json",
    ) -> Answer:
        """Return the body of a successful answer, of at most `most` bytes.

        Raises:
            SourceFailed: Anything else; its message says what happened and what to do.
            Misconfigured: The kubeconfig cannot be used.

        """
        asked = f"Kubernetes, {wanted or path}"
        try:
            async with asyncio.timeout(self.access.deadline_s):
                return await self._threads.run(lambda: self._get(path, parameters, wanted, most, accept))
        except TimeoutError as late:
            raise too_slow(asked, self.access.deadline_s) from late

    def lines(
        self, path: str, parameters: Parameters, wanted: Wanted, stop: Stop, began: Callable[[], None]
    ) -> Iterator[bytearray]:
        """Yield the lines of a watch until it ends or `stop` is set; blocks, for at most `WATCH_S` without news.

        `began` is called when the watch is granted.

        Raises:
            SourceFailed: The watch cannot be had, breaks off, or sends a line longer than it may be.

        """
        asked, given = f"Kubernetes, {wanted}", (*parameters, ("watch", "true"), ("timeoutSeconds", str(WATCH_S)))
        with self._opened(path, given, wanted, asked, WATCH_S + STALL_S) as answer:
            began()
            try:
                yield from self._split(answer, asked, stop) if stop.holds(answer) else ()
            finally:
                stop.lets_go(answer)

    def _split(self, answer: urllib3.BaseHTTPResponse, asked: str, stop: Stop) -> Iterator[bytearray]:
        held = bytearray()
        while not stop.is_set and (piece := self._piece(answer, asked)):
            held += piece
            *whole, held = held.split(b"\n")
            yield from (line for line in whole if line.strip())
            if len(held) > LONGEST_LINE_BYTES:
                raise broken(asked, "it sent one event larger than 2 MB", self.access.setting)

    def _get(self, path: str, parameters: Parameters, wanted: Wanted | None, most: int, accept: str) -> Answer:
        asked, until = f"Kubernetes, {wanted or path}", time.monotonic() + self.access.deadline_s
        stall_s = min(STALL_S, self.access.deadline_s)
        with self._opened(path, parameters, wanted, asked, stall_s, accept) as answer:
            body = bytearray()
            while len(body) <= most and (piece := self._piece(answer, asked)):
                body += piece
                if time.monotonic() > until:
                    raise too_slow(asked, self.access.deadline_s)
            is_cut = len(body) > most
            del body[most:]
            return Answer(body=body, is_cut=is_cut)

    def _opened(
        self,
        path: str,
        parameters: Parameters,
        wanted: Wanted | None,
        asked: str,
        stall_s: float,
        accept: str = "application/json",
    ) -> "_Opened":
        try:
            answer = self._requested(path, parameters, stall_s, accept)
        except (urllib3.exceptions.HTTPError, ApiException, OSError) as lost:
            if "Read timed out" in str(lost):
                raise too_slow(asked, stall_s) from lost
            raise unreachable(asked, f"{type(lost).__name__} {lost}", self.access.setting) from lost
        except ValueError:  # whose words show the credentials
            raise Misconfigured(f"{self.access.setting} gives a token that cannot be sent. Write it anew.") from None
        opened = _Opened(answer)
        if answer.status not in _SUCCESS:
            with opened:
                body = self._piece(answer, asked)[:MOST_ERROR_BYTES]
            raise refused(asked, answer.status, body, wanted, self.access.setting)
        if answer.headers.get("content-encoding", "identity") != "identity":
            opened.close()
            raise broken(asked, "it sent a compressed answer that was not asked for", self.access.setting)
        return opened

    def _requested(self, path: str, parameters: Parameters, stall_s: float, accept: str) -> urllib3.BaseHTTPResponse:
        client = self._opened_client()
        headers = {"Accept": accept, "Accept-Encoding": "identity", **client.default_headers}
        client.update_params_for_auth(headers, [], ["BearerToken"], path, "GET", None)
        url = f"{client.configuration.host}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        answer: Any = client.call_api("GET", url, headers, _request_timeout=(CONNECT_S, stall_s))
        opened: urllib3.BaseHTTPResponse = answer.response
        return opened

    def _piece(self, answer: urllib3.BaseHTTPResponse, asked: str) -> bytes:
        try:
            return answer.read1(_PIECE_BYTES, decode_content=False) or b""
        except urllib3.exceptions.ReadTimeoutError as late:
            raise too_slow(asked, STALL_S) from late
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as lost:
            raise unreachable(asked, f"{type(lost).__name__} {lost}", self.access.setting) from lost

    def _opened_client(self) -> ApiClient:
        with self._opening:
            if self._client is None:
                self._client = ApiClient(_configuration(self.access))
            return self._client


class _Opened:
    """An answer that is being read; its connection is dropped at the end, whatever is left of it."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self._answer = answer

    def __enter__(self) -> urllib3.BaseHTTPResponse:
        return self._answer

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self._answer.close()
        self._answer.release_conn()


def _configuration(access: Access) -> Configuration:
    configuration = Configuration()
    try:
        if access.kubeconfig is None:
            _in_cluster(access, configuration)
        else:
            load_kubeconfig(access, configuration)
    except (ConfigException, OSError) as bad:
        raise Misconfigured(f"{access.setting} cannot be used: {quoted(str(bad))}") from bad
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError) as bad:
        raise Misconfigured(f"{access.setting} is no kubeconfig that can be read.") from bad
    configuration.retries = urllib3.Retry(total=0, redirect=False)
    return configuration


def _in_cluster(access: Access, configuration: Configuration) -> None:
    host, port = access.host
    loads: Any = InClusterConfigLoader
    loader = loads(
        token_filename=str(access.account / "token"),
        cert_filename=str(access.account / "ca.crt"),
        environ={"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port},
    )
    loader.load_and_set(configuration)
