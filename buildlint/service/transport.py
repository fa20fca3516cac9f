"""One call over HTTP: to the host that was named and nowhere else, within a time and a size."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from contextlib import closing, suppress
from threading import Thread
from time import monotonic
from typing import NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from darabonba.core import DaraCore
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, ReadTimeoutError

from buildlint.service.rpc import Endpoint, loopback

# Far more than an answer has that holds no contents.
MAX_ANSWER_BYTES = 1 << 18
_CONNECT_SECONDS = 5.0
_CHUNK_BYTES = 1 << 14
# Where a wait cannot be interrupted, an interrupt is noticed after so many seconds.
_SLICE_SECONDS = 0.2
_ResultT = TypeVar("_ResultT")


class Answer(NamedTuple):
    """What came back: the status, and the body."""

    status: int
    content: bytes


class Redirected(Exception):  # noqa: N818 - what happened, not an error of ours
    """The call was sent on to `host`, empty where none is named.

    It is not followed: whoever answers there would get the call with its credentials.
    """

    def __init__(self, status: int, host: str) -> None:
        super().__init__(status, host)
        self.status = status
        self.host = host


class Oversized(Exception):  # noqa: N818
    """The answer is too large to be one, or may be when it is unpacked."""


def post(
    endpoint: Endpoint,
    headers: Mapping[str, str],
    body: bytes,
    seconds: float,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> Answer:
    """Make a call, which may take so long from its beginning to the last byte of its answer.

    Raises Redirected, Oversized, what requests raises, and ValueError for what may not be sent:
    plain HTTP goes to this machine alone, and through no proxy.
    """
    here = loopback(endpoint.name)
    # Whoever may answer for a name could say that this machine is elsewhere: nobody is asked.
    names = here if endpoint.protocol == "http" else (endpoint.name,)
    if not names:
        raise ValueError(endpoint.host)
    end = monotonic() + seconds

    def send(name: str) -> Answer:
        url = f"{endpoint.protocol}://{name}{endpoint.port}/"
        proxies = {} if here else get_environ_proxies(url)
        return _send(url, headers, body, proxies, end, max_bytes)

    *others, last = names
    for name in others:
        with suppress(requests.ConnectionError):
            return send(name)
    return send(last)


def within(seconds: float, ask: Callable[[], _ResultT]) -> _ResultT:
    """Return what `ask` returns, or raise what it raises.

    Raises requests.Timeout when the time is up, however it is spent: in looking up a name, or in an
    answer that comes byte by byte.
    """
    outcome: Future[_ResultT] = Future()

    def run() -> None:
        try:
            outcome.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - it is raised where the outcome is read
            outcome.set_exception(error)

    end = monotonic() + seconds
    # A daemon: one that still waits does not keep the process.
    Thread(target=run, daemon=True).start()
    while not wait([outcome], max(0.0, min(_SLICE_SECONDS, end - monotonic()))).done:
        if monotonic() >= end:
            raise requests.Timeout
    return outcome.result()


def _send(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    proxies: Mapping[str, str],
    end: float,
    max_bytes: int,
) -> Answer:
    prepared = requests.Request("POST", url, dict(headers), data=body).prepare()
    left = max(0.001, end - monotonic())
    # A session around the adapter would look at where a redirect goes, and read all of its body,
    # even when told not to follow. That of the SDK trusts the certificates of the system, too.
    is_secure = url.startswith("https:")
    adapter = DaraCore.get_adapter("HTTPS") if is_secure else requests.adapters.HTTPAdapter()
    timeout = (min(left, _CONNECT_SECONDS), left)
    with closing(adapter):
        answer = adapter.send(prepared, stream=True, timeout=timeout, proxies=dict(proxies))
        with answer:
            if 300 <= answer.status_code < 400:  # noqa: PLR2004 - of HTTP
                raise Redirected(answer.status_code, _target(url, answer.headers))
            return Answer(answer.status_code, _content(answer, end, max_bytes))


def _target(url: str, headers: Mapping[str, str]) -> str:
    try:
        return urlsplit(urljoin(url, headers["Location"])).hostname or ""
    except (KeyError, ValueError):
        return ""


def _content(answer: requests.Response, end: float, max_bytes: int) -> bytes:
    # Nothing was said to be understood but the text itself: what is packed may be of any size.
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Oversized
    content = bytearray()
    try:
        while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
            content += chunk
            if len(content) > max_bytes:
                raise Oversized
            if monotonic() >= end:
                raise requests.Timeout
    except ReadTimeoutError as error:
        raise requests.Timeout from error
    except HTTPError as error:
        raise requests.ConnectionError from error
    return bytes(content)
