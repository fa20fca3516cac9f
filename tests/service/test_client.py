"""The service through the real SDK, answered by a server of this machine."""

import inspect
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from alibabacloud_ecs20140526 import models

from buildlint.service.calls import CALLS, CREATE_COMPONENT, Call
from buildlint.service.client import INTERVAL, PAUSES, Execution, Refused, Service, Unreachable
from buildlint.service.contract import API_VERSION, STATUSES
from buildlint.service.rpc import endpoint
from tests.service import local
from tests.service.local import DROPPED, HANGING, HTML, ID, SECRET, STEP, TOKEN, error, throttled

PARAMETERS = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-1",
    "BuildContent": "FROM IMAGE:m-1\nRUN echo '中文 & a=b'",
    "DeleteInstanceOnFailure": True,
    "Tag": [{"Key": "team", "Value": "web"}],
    "ClientToken": "one",
}


pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def asked(service: local.Service, pauses: list[float]) -> Service:
    """The service under test; it does not wait, but notes how long it would have."""
    return Service("cn-hangzhou", endpoint(service.endpoint), pause=pauses.append)


def test_a_template_is_created_with_its_parameters_in_the_body(
    asked: Service, service: local.Service
) -> None:
    assert asked.create(PARAMETERS) == "ip-2ze5tsl5bp6nf2b30001"
    (call,) = service.calls
    assert call.query == {}
    assert call.body == {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-1",
        "BuildContent": "FROM IMAGE:m-1\nRUN echo '中文 & a=b'",
        "DeleteInstanceOnFailure": "true",
        "Tag.1.Key": "team",
        "Tag.1.Value": "web",
        "ClientToken": "one",
    }
    assert (call.action, call.headers["x-acs-version"]) == ("CreateImagePipeline", API_VERSION)
    assert call.headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=")
    assert "buildlint/" in call.headers["user-agent"]


COMPONENT = {
    "RegionId": "cn-hangzhou",
    "Name": "nginx",
    "Content": "RUN echo '中文 & a=b'",
    "Tag": [{"Key": "team", "Value": "web"}],
    "ClientToken": "one",
}


def test_a_component_is_created_and_described(asked: Service, service: local.Service) -> None:
    assert asked.create(COMPONENT, CREATE_COMPONENT) == "ic-bp67acfmxazb4p00001"
    (described,) = asked.described(CREATE_COMPONENT, name="nginx")
    assert described["Content"] == COMPONENT["Content"]
    made, found = service.calls
    assert (made.action, made.query) == ("CreateImageComponent", {})
    assert made.body == {
        "RegionId": "cn-hangzhou",
        "Name": "nginx",
        "Content": "RUN echo '中文 & a=b'",
        "Tag.1.Key": "team",
        "Tag.1.Value": "web",
        "ClientToken": "one",
    }
    assert (found.action, found.body) == (
        "DescribeImageComponents",
        {"RegionId": "cn-hangzhou", "MaxResults": "20", "Owner": "SELF", "Name": "nginx"},
    )


@pytest.mark.parametrize("call", CALLS, ids=[call.action for call in CALLS])
def test_the_sdk_knows_the_calls_and_what_is_said_of_them(call: Call) -> None:
    request = getattr(models, f"{call.description}Request")().from_map(
        {**dict(call.only), call.answer: ["x"], "Name": "x", "MaxResults": 20, "NextToken": "x"}
    )
    assert len({name for name, value in request.to_map().items() if value}) == 4 + len(call.only)
    outer, inner = call.members
    answer = getattr(models, f"{call.description}ResponseBody")().from_map(
        {outer: {inner: [{name: "x" for name in call.unasked if name != "Parameters"}]}}
    )
    (member,) = answer.to_map()[outer][inner]
    assert member.keys() >= call.unasked - {"Parameters"}
    made = getattr(models, f"{call.action}ResponseBody")().from_map({call.answer: "x"})
    assert made.to_map() == {call.answer: "x"}


def test_a_content_at_the_limit_arrives_whole(asked: Service, service: local.Service) -> None:
    content = "RUN echo " + "网" * 5_456  # in a URL it would take three times as much
    assert asked.create({**PARAMETERS, "BuildContent": content})
    assert service.calls[0].body["BuildContent"] == content


def test_the_same_token_makes_the_same_template_and_build(asked: Service) -> None:
    first, second = asked.create(PARAMETERS), asked.create(PARAMETERS)
    assert first == second
    assert asked.start(first, "one") == asked.start(second, "one") != asked.start(first, "two")


@pytest.mark.parametrize("status", [400, 503])
@pytest.mark.parametrize("times", [1, len(PAUSES)])
def test_a_throttled_call_is_made_again_after_growing_pauses(
    asked: Service, service: local.Service, pauses: list[float], status: int, times: int
) -> None:
    service.answers.extend([throttled(status)] * times)
    assert asked.create(PARAMETERS)
    assert pauses == list(PAUSES[:times])
    assert len(service.calls) == times + 1
    assert {call.body["ClientToken"] for call in service.calls} == {"one"}


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (throttled(), "Throttling.User: Request was denied due to user flow control."),
        (error("ServiceUnavailable", "Busy.", 503), "ServiceUnavailable: Busy."),
        (DROPPED, "could not connect"),
        (HTML, "the response does not come from the ECS API"),
        (local.Answer(200, b"[]"), "the response does not come from the ECS API"),
        (local.Answer(200, b"<html>"), "the response does not come from the ECS API"),
    ],
    ids=["throttled", "unavailable", "dropped", "html", "list", "no JSON"],
)
def test_trouble_that_stays_is_told(
    asked: Service, service: local.Service, trouble: local.Answer, says: str
) -> None:
    service.answers.extend([trouble] * 9)
    with pytest.raises(
        Unreachable, match=r"5 attempts to call `127\.0\.0\.1:\d+` failed: "
    ) as caught:
        asked.create(PARAMETERS)
    assert says in str(caught.value)
    assert len(service.calls) == 5


def test_a_dropped_connection_is_made_again(asked: Service, service: local.Service) -> None:
    service.answers.extend([DROPPED, HTML])
    assert asked.create(PARAMETERS) == "ip-2ze5tsl5bp6nf2b30001"


def test_a_service_that_hangs_is_given_up(service: local.Service, pauses: list[float]) -> None:
    service.answers.extend([HANGING] * 9)
    asked = Service("cn-hangzhou", endpoint(service.endpoint), pause=pauses.append, read_timeout=20)
    with pytest.raises(Unreachable, match="timed out"):
        asked.create(PARAMETERS)
    assert pauses == list(PAUSES)


def test_a_port_where_nobody_listens_is_told(pauses: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    asked = Service("cn-hangzhou", endpoint(f"http://{host}"), pause=pauses.append)
    with pytest.raises(
        Unreachable, match=f"^5 attempts to call `{host}` failed: could not connect$"
    ):
        asked.create(PARAMETERS)


def test_a_server_without_a_certificate_is_told(
    service: local.Service, pauses: list[float]
) -> None:
    asked = Service("cn-hangzhou", endpoint(f"127.0.0.1:{service.port}"), pause=pauses.append)
    with pytest.raises(Unreachable, match="its certificate could not be verified"):
        asked.create(PARAMETERS)
    assert service.calls == []


def test_a_refusal_has_its_code_and_request_and_is_not_tried_again(
    asked: Service, service: local.Service, pauses: list[float]
) -> None:
    service.answers.append(error("InvalidName.Malformed", "The Name is\n malformed.\x1b[1m"))
    with pytest.raises(Refused) as caught:
        asked.create(PARAMETERS)
    assert str(caught.value) == (
        "CreateImagePipeline was rejected: InvalidName.Malformed: The Name is malformed.␛[1m "
        f"(RequestId {local.REQUEST_ID})"
    )
    assert caught.value.code == "InvalidName.Malformed"
    assert pauses == []


@pytest.mark.parametrize("spelled", [str, local.encoded, local.encoded_twice])
def test_credentials_that_the_service_quotes_are_masked(
    asked: Service, service: local.Service, spelled: Callable[[str], str]
) -> None:
    quoted = f"server string to sign is: {spelled(f'{ID}&{SECRET}&{TOKEN}')}"
    service.answers.append(error("SignatureDoesNotMatch", quoted))
    with pytest.raises(Refused, match=re.escape("****")) as caught:
        asked.create(PARAMETERS)
    for secret in (ID, SECRET, TOKEN):
        assert spelled(secret) not in str(caught.value)


def test_an_answer_without_an_id_is_told(asked: Service, service: local.Service) -> None:
    service.answers.append(local.answer())
    with pytest.raises(Unreachable, match="the response has no ImagePipelineId"):
        asked.create(PARAMETERS)


def test_no_credentials_are_told_at_once_and_without_what_was_tried(
    asked: Service, service: local.Service, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(self: object) -> Any:
        raise ValueError(f"the answer was {SECRET}")

    monkeypatch.setattr(
        "alibabacloud_credentials.provider.DefaultCredentialsProvider.get_credentials", nothing
    )
    with pytest.raises(
        Unreachable, match=r"^no credentials found; set `ALIBABA_CLOUD_ACC"
    ) as caught:
        asked.create(PARAMETERS)
    assert SECRET not in str(caught.value)
    assert (service.calls, pauses) == ([], [])


def test_a_build_is_followed_until_it_is_over(
    asked: Service, service: local.Service, pauses: list[float]
) -> None:
    service.statuses.extend(["PREPARING", "BUILDING", "NEW_ONE", "RELEASING", "SUCCESS", "FAILED"])
    seen = list(asked.follow("exec-1"))
    assert [each.status for each in seen] == [
        "PREPARING",
        "BUILDING",
        "NEW_ONE",
        "RELEASING",
        "SUCCESS",
    ]
    assert seen[0] == Execution("PREPARING", "", STEP)
    assert seen[-1] == Execution("SUCCESS", "m-bp67acfmxazb4p0built", STEP)
    assert pauses == [INTERVAL] * 4
    assert service.calls[0].body == {"RegionId": "cn-hangzhou", "ExecutionId": "exec-1"}


@pytest.mark.parametrize("status", [name for name, known in STATUSES.items() if known.is_final])
def test_a_final_status_ends_it_and_success_alone_is_one(
    asked: Service, service: local.Service, status: str
) -> None:
    service.statuses.append(status)
    (seen,) = asked.follow("exec-1")
    assert seen.is_success == (status == "SUCCESS")


def test_a_failed_build_says_why_without_credentials(
    asked: Service, service: local.Service
) -> None:
    service.statuses.append(
        {"Status": "FAILED", "ErrorCode": "CommandFailed", "ErrorInfo": f"exit code 1 {SECRET}"}
    )
    (seen,) = asked.follow("exec-1")
    assert seen == Execution("FAILED", "", f"CommandFailed: exit code 1 ****: {STEP}")


def test_a_build_that_is_not_there_yet_is_looked_for_again(
    asked: Service, service: local.Service, pauses: list[float]
) -> None:
    service.answers.append(local.answer(ImagePipelineExecution={"ImagePipelineExecutionSet": []}))
    service.answers.extend([throttled(), DROPPED])
    assert [seen.status for seen in asked.follow("exec-1")] == ["SUCCESS"]
    assert pauses == list(PAUSES[:3])


@pytest.mark.parametrize(
    ("region", "host"),
    [("cn-hangzhou", "ecs-cn-hangzhou.aliyuncs.com"), ("eu-new-9", "ecs.eu-new-9.aliyuncs.com")],
)
def test_the_region_decides_whom_to_ask(region: str, host: str) -> None:
    assert Service(region).host == host


@pytest.mark.parametrize("region", ["", "a.example.com/", "cn-hangzhou@example.com", "CN"])
def test_no_host_is_made_of_what_is_no_region(region: str) -> None:
    with pytest.raises(ValueError, match="is not a region ID; use one such as `cn-hangzhou`"):
        Service(region)


def test_the_statuses_are_those_that_the_sdk_documents() -> None:
    source = inspect.getsource(models.DescribeImagePipelineExecutionsRequest)
    assert set(STATUSES) == set(re.findall(r"# - ([A-Z_]+):", source))
