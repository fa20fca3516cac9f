"""A local server that answers as the ECS API does, and can be told to misbehave.

It knows CreateImagePipeline, StartImagePipelineExecution and DescribeImagePipelineExecutions in the
shapes of their API documents, and remembers what it was sent.
"""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

# Credentials that open nothing.
ID, SECRET, TOKEN = "LTAI0000test", "secret/of+the=test", "token/of+the=test"
STEP = 'Create transition vpc "vpc-2ze70rc7093j9idu6" success!'
REQUEST_ID = "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E"


@dataclass(frozen=True)
class Call:
    """A call as it arrived: the action, and its parameters by where they stood."""

    action: str
    query: Mapping[str, str]
    body: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def parameters(self) -> dict[str, str]:
        return {**self.query, **self.body}


@dataclass(frozen=True)
class Answer:
    """What a call is answered with; None for a connection that is closed without a word."""

    status: int
    content: bytes | None
    type: str = "application/json;charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(**values: object) -> Answer:
    return Answer(200, json.dumps({"RequestId": REQUEST_ID, **values}).encode())


def error(code: str, message: str, status: int = 400) -> Answer:
    values = {
        "RequestId": REQUEST_ID,
        "HostId": "ecs.cn-hangzhou.aliyuncs.com",
        "Code": code,
        "Message": message,
        "Recommend": "https://next.api.aliyun.com/troubleshoot",
    }
    return Answer(status, json.dumps(values).encode())


def throttled(status: int = 400) -> Answer:
    return error("Throttling.User", "Request was denied due to user flow control.", status)


def encoded(text: str) -> str:
    return quote(text, safe="~")


def encoded_twice(text: str) -> str:
    return encoded(encoded(text))


DROPPED = Answer(0, None)
# No answer at all before the server ends.
HANGING = Answer(1, None)
HTML = Answer(502, b"<html>Bad Gateway</html>", "text/html")


@dataclass
class Service:
    """What the server remembers, and what it is told: the next answers, and the next statuses."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)
    statuses: deque[str | Mapping[str, str]] = field(default_factory=deque)
    over: Event = field(default_factory=Event)
    _tokens: dict[str, Any] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def actions(self) -> list[str]:
        return [call.action for call in self.calls]

    def take(self, call: Call) -> Answer:
        """Remember a call, and answer it."""
        self.calls.append(call)
        return self.answers.popleft() if self.answers else getattr(self, call.action)(call)

    def CreateImagePipeline(self, call: Call) -> Answer:  # noqa: N802 - the API's name
        is_imported = call.parameters.get("BaseImageType") == "OSS"
        for name in ("RegionId", "BaseImageType", *(() if is_imported else ("BaseImage",))):
            if name not in call.parameters:
                return error(f"Missing{name}", f"The input parameter {name} is mandatory.")
        return self._once(call, "ImagePipelineId", "ip-2ze5tsl5bp6nf2b3000")

    def StartImagePipelineExecution(self, call: Call) -> Answer:  # noqa: N802
        return self._once(call, "ExecutionId", "exec-5fb8facb8ed7427c000")

    def DescribeImagePipelineExecutions(self, call: Call) -> Answer:  # noqa: N802
        status = self.statuses.popleft() if self.statuses else "SUCCESS"
        seen = {"Status": status} if isinstance(status, str) else status
        execution: dict[str, object] = {
            "ExecutionId": call.parameters["ExecutionId"],
            "ImagePipelineId": "ip-2ze5tsl5bp6nf2b30001",
            "ImageId": "m-bp67acfmxazb4p0built" if seen["Status"] == "SUCCESS" else "",
            "Message": STEP,
            "CreationTime": "2026-11-25T06:00:00Z",
            "ModifiedTime": "2026-11-25T06:00:00Z",
            "Tags": {"Tag": []},
            **seen,
        }
        return answer(ImagePipelineExecution={"ImagePipelineExecutionSet": [execution]})

    def _once(self, call: Call, name: str, beginning: str) -> Answer:
        """Make something; a token that is known stands for what was made with it."""
        token = call.parameters.get("ClientToken", f"none {len(self._tokens)}")
        made, parameters = self._tokens.setdefault(
            token, (f"{beginning}{len(self._tokens) + 1}", call.parameters)
        )
        if parameters != call.parameters:
            return error("IdempotentParameterMismatch", "The token belongs to another call.")
        return answer(**{name: made})


@contextmanager
def serving() -> Iterator[Service]:
    """Serve on a free port of this machine."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            action = headers.get("x-acs-action") or query["Action"]
            form = dict(parse_qsl(body, keep_blank_values=True))
            said = service.take(Call(action, query, form, headers))
            if said is HANGING:
                service.over.wait()
            if said.content is None:
                self.close_connection = True
                return
            self.send_response(said.status)
            self.send_header("Content-Type", said.type)
            self.send_header("Content-Length", str(len(said.content)))
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            "Replace with no log."

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
