"""Calls to servers that mean harm: each ends, in time, and goes nowhere else."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from buildlint.service.client import PAUSES, Execution, Refused, Service, Unreachable, Unreadable
from buildlint.service.rpc import CALL, Endpoint, endpoint
from buildlint.service.transport import MAX_ANSWER_BYTES, post, within
from tests.service import local
from tests.service.local import HANGING, ID, SECRET, TOKEN
from tests.service.wire import OK, Say, Wire, dripping, once, pouring, saying

PARAMETERS = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-1",
    "BuildContent": "RUN echo '中 +&'",
    "ClientToken": "one",
}
PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
Serve = Callable[[Say], Wire]
_MUCH = b" " * (MAX_ANSWER_BYTES // 4)
_BOMB = gzip.compress(b" " * 50_000_000)

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda say: stack.enter_context(saying(say))


def ask(wire: Wire, **settings: Any) -> Service:
    return Service("cn-hangzhou", Endpoint("http", wire.host), pause=lambda _: None, **settings)


def trouble_with(wire: Wire, **settings: Any) -> str:
    """What is said about a call; no more than one line, and no credential."""
    with pytest.raises(Unreachable) as caught:
        ask(wire, **settings).create(PARAMETERS)
    text = str(caught.value)
    assert len(text.splitlines()) == 1
    assert not any(secret in text for secret in (ID, SECRET, TOKEN))
    return text


# --- where a call goes ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308, 399])
def test_no_redirect_is_followed(serve: Serve, status: int) -> None:
    other = serve(once(OK + b"Content-Length: 2\r\n\r\n{}"))
    target = f"http://user:pw@{other.host}/path?token=x"
    head = f"HTTP/1.1 {status} Go\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
    wire = serve(once(head.encode()))
    text = trouble_with(wire)
    assert text.startswith(f"`{wire.host}` redirects to `127.0.0.1` ({status})")
    assert not any(each in text for each in ("path", "token", "user", "pw"))
    assert (len(wire.heard), other.heard) == (1, [])


def test_a_redirect_is_told_without_its_body(serve: Serve) -> None:
    head = b"HTTP/1.1 307 Go\r\nLocation: https://a.example/\r\nContent-Encoding: gzip\r\n\r\n"
    assert "redirects to `a.example` (307)" in trouble_with(serve(pouring(head, _BOMB)))


@pytest.mark.parametrize("location", ["", "Location: http://[\r\n", "Location: \x1b]0;x\r\n"])
def test_a_redirect_to_nowhere_is_told(serve: Serve, location: str) -> None:
    wire = serve(once(f"HTTP/1.1 302 Go\r\n{location}Content-Length: 0\r\n\r\n".encode()))
    text = trouble_with(wire)
    assert "redirects to " in text
    assert text.isprintable()


@pytest.mark.parametrize("name", PROXIES)
def test_plain_http_goes_through_no_proxy(
    serve: Serve, service: local.Service, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(once(OK + b"Content-Length: 2\r\n\r\n{}"))
    monkeypatch.setenv(name, f"http://{proxy.host}")
    assert Service("cn-hangzhou", endpoint(service.endpoint)).create(PARAMETERS)
    for host in ("example.com", "127.0.0.1.example.com", "2130706433", "0.0.0.0", "[::]"):
        with pytest.raises(Unreachable):
            Service("cn-hangzhou", Endpoint("http", host)).create(PARAMETERS)
    assert proxy.heard == []


def test_a_proxy_sees_of_https_the_host_alone(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(once(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.host}")
    asked = Service("cn-hangzhou", endpoint("ecs.example.com"), pause=lambda _: None)
    with pytest.raises(Unreachable, match="the proxy is unreachable, or rejected the connection"):
        asked.create(PARAMETERS)
    assert len(proxy.heard) == 5
    for head in proxy.heard:
        assert head.startswith(b"CONNECT ecs.example.com:443 HTTP/1.")
        assert not any(secret.encode() in head for secret in (ID, SECRET, TOKEN))


def test_localhost_is_this_machine_whatever_a_resolver_says(
    service: local.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, *rest: Any, **options: Any) -> Any:
        assert host in ("127.0.0.1", "::1")
        return real(host, *rest, **options)

    real = socket.getaddrinfo
    monkeypatch.setattr("socket.getaddrinfo", resolve)
    asked = Service("cn-hangzhou", endpoint(f"http://localhost:{service.port}"))
    assert asked.create(PARAMETERS)
    assert service.calls[0].headers["host"] == f"localhost:{service.port}"


def test_a_call_is_signed_as_the_sdk_signs_it(service: local.Service) -> None:
    asked = Service("cn-hangzhou", endpoint(service.endpoint))
    asked.create(PARAMETERS)
    config = Config(endpoint=f"127.0.0.1:{service.port}", protocol="HTTP", region_id="cn-hangzhou")
    config.credential = asked._credentials  # noqa: SLF001 - the same that signed the other
    params = Params(action="CreateImagePipeline", **CALL)
    request = OpenApiRequest(body=PARAMETERS)
    Client(config).call_api(params, request, RuntimeOptions())
    ours, sdks = service.calls
    assert ours.body == sdks.body
    signed = [each.headers["authorization"].split("Signature=")[0] for each in (ours, sdks)]
    assert signed[0] == signed[1]
    names = {"x-acs-accesskey-id", "x-acs-security-token", "content-type"}
    assert {ours.headers[name] == sdks.headers[name] for name in names} == {True}


# --- how long it takes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "say",
    [
        dripping(b""),
        dripping(b"HTTP/1.1 200 OK\r\nX-Long: "),
        dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        dripping(OK + b"Content-Length: 100000\r\n\r\n{"),
        dripping(OK + b"\r\n{"),
        dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n5", b"0"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "header", "headers", "length", "close", "chunks", "chunk size", "continue"],
)
def test_an_answer_that_drips_ends_at_the_deadline(serve: Serve, say: Say) -> None:
    # Each byte is in time; so many of them would take minutes.
    text = trouble_with(serve(say), read_timeout=40, call_seconds=0.2)
    assert "timed out" in text or "could not connect" in text


def test_all_attempts_share_the_time_of_a_call(service: local.Service) -> None:
    service.answers.extend([HANGING] * 9)
    asked = Service(
        "cn-hangzhou",
        endpoint(service.endpoint),
        pause=lambda _: None,
        read_timeout=60_000,
        call_seconds=0.05,
    )
    with pytest.raises(Unreachable, match=r"^a call to \S+ failed: timed out"):
        asked.create(PARAMETERS)


def test_no_pause_goes_beyond_the_time_of_a_call(service: local.Service) -> None:
    service.answers.extend([local.throttled()] * 9)
    pauses: list[float] = []
    asked = Service(
        "cn-hangzhou", endpoint(service.endpoint), pause=pauses.append, call_seconds=PAUSES[2]
    )
    with pytest.raises(Unreachable, match=r"^3 attempts to call \S+ failed: "):
        asked.create(PARAMETERS)
    assert pauses == list(PAUSES[:2])


def test_what_takes_too_long_before_the_first_byte_is_given_up() -> None:
    over = Event()
    with pytest.raises(requests.Timeout):
        within(0.02, over.wait)  # as a name that is looked up without an answer
    over.set()
    assert within(5.0, lambda: "done") == "done"
    with pytest.raises(KeyError):
        within(5.0, lambda: dict[str, int]()["x"])


def test_what_hangs_does_not_keep_the_process() -> None:
    over = Event()
    with pytest.raises(requests.Timeout):
        within(0, over.wait)
    waiting = [each for each in threading.enumerate() if each is not threading.main_thread()]
    over.set()
    assert all(each.daemon for each in waiting if each.is_alive())


# --- how large an answer is ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "say",
    [
        pouring(OK + b"\r\n{", _MUCH),
        pouring(OK + b"Content-Length: 99999999999999\r\n\r\n{", _MUCH),
        pouring(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%s\r\n" % (len(_MUCH), _MUCH)),
        once(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(_BOMB), _BOMB)),
        once(OK + b"Content-Encoding: gzip, deflate, br, zstd\r\n\r\n" + _BOMB),
    ],
    ids=["close", "length", "chunked", "gzip", "layers"],
)
def test_no_answer_is_larger_than_the_limit(serve: Serve, say: Say) -> None:
    wire = serve(say)
    assert "the response does not come from the ECS API" in trouble_with(wire)
    assert len(wire.heard) == 1


def test_an_answer_up_to_the_limit_is_read(serve: Serve) -> None:
    content = json.dumps({"ImagePipelineId": "ip-1"}).encode().ljust(MAX_ANSWER_BYTES)
    wire = serve(once(OK + b"Content-Length: %d\r\n\r\n%s" % (len(content), content)))
    assert ask(wire).create(PARAMETERS) == "ip-1"
    more = serve(once(OK + b"\r\n" + content + b" "))
    assert "the response does not come from the ECS API" in trouble_with(more)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 99\r\n\r\n{}",
        OK + b"Content-Length: 1\r\n\r\n{}",
        OK + b"Content-Length: -5\r\n\r\n[]",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n{}",
        b"HTTP/9.9 abc\r\n\r\n",
        b"\x16\x03\x01\x00\x00",
        b"",
    ],
)
def test_what_is_no_http_is_told(serve: Serve, answer: bytes) -> None:
    text = trouble_with(serve(once(answer)))
    assert (
        text.startswith("5 attempts to call ") or "could not make the call (InvalidHeader)" in text
    )


# --- what an answer says -------------------------------------------------------------------------

_ODD = [5, -1.5, True, [], {}, ["x"], {"x": 1}, "", "a b", "x\n", "\x1b[31m", "\ud800", "x" * 999]


@pytest.mark.parametrize("value", _ODD)
def test_an_id_of_another_type_is_told(service: local.Service, value: object) -> None:
    service.answers.append(local.answer(ImagePipelineId=value))
    asked = Service("cn-hangzhou", endpoint(service.endpoint))
    with pytest.raises(Unreadable, match=r"^the response has no ImagePipelineId$"):
        asked.create(PARAMETERS)
    service.answers.append(local.answer(ExecutionId=value))
    with pytest.raises(Unreadable, match=r"^the response has no ExecutionId$"):
        asked.start("ip-1", "one")
    assert len(service.calls) == 2


@pytest.mark.parametrize("value", [ID, SECRET, TOKEN])
def test_no_credential_is_an_id(service: local.Service, value: str) -> None:
    service.answers.append(local.answer(ImagePipelineId=f"ip-{local.encoded(value)}"))
    with pytest.raises(Unreadable):
        Service("cn-hangzhou", endpoint(service.endpoint)).create(PARAMETERS)


_NO_OBJECTS: list[object] = [5, "x", ["x"], True]
_NO_LISTS: list[object] = [5, "x", {"a": 1}, True]
_NO_TEXTS: list[object] = [5, [], {"x": 1}, True]
_NO_STATUSES: list[object] = [*_NO_TEXTS, None, ""]


@pytest.mark.parametrize(
    ("seen", "missing"),
    [
        *((each, "ImagePipelineExecution") for each in _NO_OBJECTS),
        *(
            ({"ImagePipelineExecutionSet": each}, "ImagePipelineExecutionSet")
            for each in (*_NO_LISTS, *([each] for each in (*_NO_OBJECTS, None, [])))
        ),
        *(({"ImagePipelineExecutionSet": [{"Status": each}]}, "Status") for each in _NO_STATUSES),
        *(
            ({"ImagePipelineExecutionSet": [{"Status": "SUCCESS", name: each}]}, name)
            for name in ("ImageId", "Message", "ErrorCode", "ErrorInfo")
            for each in _NO_TEXTS
        ),
    ],
)
def test_a_state_of_another_type_is_told(
    service: local.Service, seen: object, missing: str
) -> None:
    service.answers.append(local.answer(ImagePipelineExecution=seen))
    asked = Service("cn-hangzhou", endpoint(service.endpoint))
    with pytest.raises(Unreadable, match=f"^the response has no {missing}$"):
        list(asked.follow("exec-1"))
    assert len(service.calls) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"5",
        b'"x"',
        b"[]",
        b"[{}]",
        b"{",
        b"\xff\xfe{\x00}\x00",
        b'{"ImagePipelineId": "\xff"}',
        b'{"a": ' + b"9" * 100_000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b"<html><body>login</body></html>",
        b"",
    ],
    ids=lambda content: str(content[:12]),
)
@pytest.mark.parametrize("status", [200, 201, 400, 403, 404, 500, 999])
def test_an_answer_that_is_no_object_is_told(
    service: local.Service, content: bytes, status: int
) -> None:
    service.answers.extend([local.Answer(status, content)] * 5)
    asked = Service("cn-hangzhou", endpoint(service.endpoint), pause=lambda _: None)
    with pytest.raises(
        Unreadable,
        match=r"^5 attempts to call \S+ failed: the response does not come from the ECS API$",
    ):
        asked.create(PARAMETERS)


@pytest.mark.parametrize("values", [{}, {"Code": 5}, {"Code": []}, {"Code": {}}, {"Code": None}])
def test_an_error_without_a_code_is_none_of_the_service(
    service: local.Service, values: dict[str, object]
) -> None:
    service.answers.append(local.Answer(400, json.dumps(values).encode()))
    with pytest.raises(Unreadable, match="the response does not come from the ECS API"):
        Service("cn-hangzhou", endpoint(service.endpoint)).create(PARAMETERS)


@pytest.mark.parametrize("value", [None, 5, [], {"x": SECRET}])
def test_an_error_with_an_odd_message_is_told_by_its_code(
    service: local.Service, value: object
) -> None:
    said = {"Code": "NoPermission", "Message": value, "RequestId": value}
    service.answers.append(local.Answer(403, json.dumps(said).encode()))
    with pytest.raises(Refused, match=r"^CreateImagePipeline was rejected: NoPermission: "):
        Service("cn-hangzhou", endpoint(service.endpoint)).create(PARAMETERS)


def test_a_long_message_is_cut(service: local.Service) -> None:
    service.answers.append(local.error("NoPermission", f"{'x' * 990}{SECRET}{'y' * 100_000}"))
    with pytest.raises(Refused) as caught:
        Service("cn-hangzhou", endpoint(service.endpoint)).create(PARAMETERS)
    assert len(str(caught.value)) < 1_200
    assert SECRET[:5] not in str(caught.value)


def test_a_state_is_shown_without_credentials(service: local.Service) -> None:
    service.statuses.append({"Status": "FAILED", "ImageId": SECRET, "Message": f"\x1b {TOKEN}"})
    (seen,) = Service("cn-hangzhou", endpoint(service.endpoint)).follow("exec-1")
    assert seen == Execution("FAILED", "****", "␛ ****")


def test_a_time_that_is_over_sends_nothing(service: local.Service) -> None:
    with pytest.raises(requests.RequestException):
        within(0.0, lambda: post(endpoint(service.endpoint), {}, b"", 0.0))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal")
def test_an_interrupt_ends_a_call_that_hangs(serve: Serve, tmp_path: Path) -> None:
    reached = Event()

    def say(send: Callable[[bytes], None], over: Event) -> None:
        reached.set()
        over.wait()

    wire = serve(say)
    (tmp_path / "web.buildcontent").write_text("FROM IMAGE:m-bp67acfmxazb4p0abcde\n", "utf-8")
    options = ["--set", "RegionId=cn-hangzhou", "--endpoint", f"http://{wire.host}"]
    with subprocess.Popen(
        [sys.executable, "-m", "buildlint", "create", "web.buildcontent", *options],
        cwd=tmp_path,
        env={
            **os.environ,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert reached.wait(30)
        process.send_signal(signal.SIGINT)
        output = b"".join(process.communicate(timeout=30))
    assert process.returncode == 130  # as shells have it
    assert b"Traceback" not in output
    assert len(wire.heard) == 1
