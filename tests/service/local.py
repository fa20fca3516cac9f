"""A local server that answers as the ECS API does, and can be told to misbehave.

It knows CreateImagePipeline, DescribeImagePipelines, StartImagePipelineExecution,
DescribeImagePipelineExecutions, CreateImageComponent and DescribeImageComponents in the shapes of
their API documents, and remembers what it was sent and what it made.
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
    pipelines: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    page: int = 2
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
        said = self._once(call, "ImagePipelineId", "ip-2ze5tsl5bp6nf2b3000")
        id_ = json.loads(said.content or b"{}").get("ImagePipelineId")
        if id_ and all(each["ImagePipelineId"] != id_ for each in self.pipelines):
            self.pipelines.append(described(call.parameters, id_))
        return said

    def DescribeImagePipelines(self, call: Call) -> Answer:  # noqa: N802
        asked = nested(call.parameters)
        ids, name = asked.get("ImagePipelineId"), asked.get("Name", "")
        found = [
            each
            for each in self.pipelines
            # A name is looked for as a part: whether the service does so is not documented.
            if (not ids or each["ImagePipelineId"] in ids) and name in each.get("Name", "")
        ]
        return self._page(call, "ImagePipeline", found)

    def CreateImageComponent(self, call: Call) -> Answer:  # noqa: N802
        for name in ("RegionId", "Content"):
            if name not in call.parameters:
                return error(f"MissingParameter.{name}", f"{name} is mandatory.")
        said = self._once(call, "ImageComponentId", "ic-bp67acfmxazb4p0000")
        id_ = json.loads(said.content or b"{}").get("ImageComponentId")
        if id_ and all(each["ImageComponentId"] != id_ for each in self.components):
            made = described_component(call.parameters, id_)
            versions = [
                each["ComponentVersion"] for each in self.components if each["Name"] == made["Name"]
            ]
            major = max((int(each.partition(".")[0]) for each in versions), default=0)
            made.setdefault("ComponentVersion", f"{major + 1}.0.0")
            if made["ComponentVersion"] in versions:
                return error("InvalidParameter.ComponentVersion", "The version already exists.")
            self.components.append(made)
        return said

    def DescribeImageComponents(self, call: Call) -> Answer:  # noqa: N802
        asked = nested(call.parameters)
        ids, name, owner = (asked.get(each) for each in ("ImageComponentId", "Name", "Owner"))
        found = [
            each
            for each in self.components
            if (not ids or each["ImageComponentId"] in ids)
            and name in (None, each.get("Name"))
            and owner in (None, each.get("Owner"))
        ]
        return self._page(call, "ImageComponent", found)

    def _page(self, call: Call, name: str, found: list[dict[str, Any]]) -> Answer:
        """Answer with a page of what was found."""
        asked = call.parameters
        start, size = int(asked.get("NextToken", "0")), min(int(asked["MaxResults"]), self.page)
        rest = {"NextToken": str(start + size)} if start + size < len(found) else {"NextToken": ""}
        return answer(
            **{name: {f"{name}Set": found[start : start + size]}},
            TotalCount=len(found),
            MaxResults=size,
            **rest,
        )

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


# How lists are wrapped where they are described, and named where they are asked for.
LISTS = {"AddAccount": "AddAccounts", "ToRegionId": "ToRegionIds", "RepairItem": "RepairItems"}
INNER_LISTS = {
    "ImageTags": "ImageTag",
    "ImportImageTags": "ImportImageTag",
    "DiskDeviceMappings": "DiskDeviceMapping",
}
# What the service sets where a call does not.
DEFAULTS = {
    "Description": "",
    "VSwitchId": "",
    "DeleteInstanceOnFailure": "true",
    "SystemDiskSize": "40",
    "InternetMaxBandwidthOut": "0",
    "AddAccounts": {"AddAccount": []},
    "ToRegionIds": {"ToRegionId": []},
    "Tags": {"Tag": []},
    "ImageOptions": {},
}
TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("SystemDiskSize", "InternetMaxBandwidthOut", "DiskImageSize"), int),
    **dict.fromkeys(("DeleteInstanceOnFailure", "RetainCloudAssistant"), "true".__eq__),
}


def nested(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Put the parameters of an RPC call together again: Tag.1.Key is a member of an item of Tag."""
    tree: dict[str, Any] = {}
    for name, value in parameters.items():
        *steps, last = name.split(".")
        place = tree
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value

    def shaped(value: Any, name: str = "") -> Any:
        if not isinstance(value, dict):
            return TYPES.get(name, str)(value)
        if all(key.isdecimal() for key in value):
            return [shaped(value[key]) for key in sorted(value, key=int)]
        return {key: shaped(each, key) for key, each in value.items()}

    return {name: shaped(value, name) for name, value in tree.items()}


def described(parameters: Mapping[str, str], id_: str) -> dict[str, Any]:
    """Describe what a call has made, as DescribeImagePipelines does."""

    def wrapped(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        inner = {name: wrapped(each) for name, each in value.items()}
        return {
            name: {INNER_LISTS[name]: [tag(each, name) for each in item]}
            if name in INNER_LISTS
            else item
            for name, item in inner.items()
        }

    def tag(item: Any, name: str) -> Any:
        if name == "ImportImageTags" or not isinstance(item, dict) or "Key" not in item:
            return item
        return {f"Tag{key}": value for key, value in item.items()}

    asked = {"Name": id_, **nested(parameters)}
    values: dict[str, Any] = {name: TYPES.get(name, lambda x: x)(v) for name, v in DEFAULTS.items()}
    for name, value in asked.items():
        if name == "Tag":
            values["Tags"] = {"Tag": [tag(each, name) for each in value]}
        elif name in LISTS:
            values[LISTS[name]] = {name: value}
        elif name not in ("RegionId", "ClientToken"):
            values[name] = wrapped(value)
    return {**values, "ImagePipelineId": id_, "CreationTime": "2026-11-25T06:00:00Z"}


def described_component(parameters: Mapping[str, str], id_: str) -> dict[str, Any]:
    """Describe what a call has made, as DescribeImageComponents does."""
    asked = nested(parameters)
    tags = [{f"Tag{key}": value for key, value in each.items()} for each in asked.pop("Tag", ())]
    sent = {name: each for name, each in asked.items() if name not in ("RegionId", "ClientToken")}
    return {
        "Name": id_,
        "Description": "",
        "ComponentType": "Build",
        "SystemType": "Linux",
        "ResourceGroupId": "",
        **sent,
        "Tags": {"Tag": tags},
        "Parameters": {"Parameter": []},
        "Owner": "SELF",
        "ImageComponentId": id_,
        "CreationTime": "2026-11-25T06:00:00Z",
    }


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
