"""`buildlint create`: what is sent, what is told, and what never is."""

import html
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from click.testing import Result

import buildlint.service.client
from buildlint.service.client import Execution
from buildlint.service.refusals import ADVICE
from buildlint.service.rpc import client_token
from tests.cli import commands
from tests.service import local
from tests.service.local import DROPPED, HTML, ID, SECRET, STEP, TOKEN, error, throttled

TEMPLATE = "from IMAGE:m-bp67acfmxazb4p0abcde\n# a comment\nRUN echo 网站\n"
REQUEST = 'RegionId = "cn-hangzhou"\n'
CONTENT = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN echo 网站"
PIPELINE, EXECUTION, IMAGE = (
    "ip-2ze5tsl5bp6nf2b30001",
    "exec-5fb8facb8ed7427c0002",
    "m-bp67acfmxazb4p0built",
)
PASSWORD = "hunter2-of-the-proxy"

pytestmark = pytest.mark.usefixtures("credentials", "at_once")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template with its request in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("web.buildcontent").write_text(TEMPLATE, "utf-8")
    Path("web.request.toml").write_text(REQUEST, "utf-8")


def create(service: local.Service, *arguments: str) -> Result:
    return run("web.buildcontent", "--endpoint", service.endpoint, *arguments)


def run(*arguments: str, stdin: str | None = None) -> Result:
    return commands.run("create", *arguments, stdin=stdin)


# --- creating ------------------------------------------------------------------------------------


def test_the_compiled_template_is_created(service: local.Service) -> None:
    result = create(service, "--set", "Tag.1.Key=team", "--set", "Tag.1.Value=web")
    assert (result.exit_code, result.stdout) == (0, f"ImagePipelineId: {PIPELINE}\n")
    assert "BL801" in result.stderr  # the keyword is not in upper case: as compile tells it
    (call,) = service.calls
    sent = dict(call.body)
    token = sent.pop("ClientToken")
    assert sent == {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-bp67acfmxazb4p0abcde",
        "BuildContent": CONTENT,
        "Tag.1.Key": "team",
        "Tag.1.Value": "web",
    }
    assert token == client_token(sent)


def test_a_template_may_come_from_standard_input(service: local.Service) -> None:
    arguments = ("-", "--set", "RegionId=cn-beijing", "--endpoint", service.endpoint)
    assert run(*arguments, stdin=TEMPLATE).exit_code == 0
    assert service.calls[0].body["RegionId"] == "cn-beijing"


def test_the_region_may_be_an_option(service: local.Service) -> None:
    assert create(service, "--region", "cn-beijing").exit_code == 0
    assert create(service, "--set", "RegionId=x", "--region", "cn-shanghai").exit_code == 0
    assert [call.body["RegionId"] for call in service.calls] == ["cn-beijing", "cn-shanghai"]
    Path("web.request.toml").unlink()
    assert create(service, "--region", "cn-qingdao").exit_code == 0


def test_the_same_again_creates_nothing_new(service: local.Service) -> None:
    first = create(service)
    assert first.exit_code == 0
    Path("web.buildcontent").write_text(TEMPLATE.replace("# a comment\n", "\n"), "utf-8")
    assert create(service).stdout == first.stdout
    assert create(service, "--set", "ClientToken=2").stdout != first.stdout
    assert service.calls[-1].body["ClientToken"] == "2"


def test_the_result_may_be_json(service: local.Service) -> None:
    result = create(service, "--output-format", "json", "--start")
    assert json.loads(result.stdout) == {
        "ImagePipelineId": PIPELINE,
        "ExecutionId": EXECUTION,
        "Status": "SUCCESS",
        "ImageId": IMAGE,
    }


def test_with_errors_nothing_is_sent(service: local.Service) -> None:
    Path("web.buildcontent").write_text(f"{TEMPLATE}RESTART now\n", "utf-8")
    result = create(service)
    assert (result.exit_code, result.stdout, service.calls) == (1, "", [])
    assert "BL305" in result.stderr


# --- building ------------------------------------------------------------------------------------


def test_a_build_is_started_and_each_change_of_it_is_a_line(service: local.Service) -> None:
    another = {"Status": "BUILDING", "Message": "install"}
    service.statuses.extend(["PREPARING", "PREPARING", "BUILDING", another, "SUCCESS"])
    result = create(service, "--start")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"ImagePipelineId: {PIPELINE}",
        f"ExecutionId: {EXECUTION}",
        "Status: SUCCESS",
        f"ImageId: {IMAGE}",
    ]
    begin = f"note: {EXECUTION}: "
    assert [line for line in result.stderr.splitlines() if line.startswith(begin)] == [
        f"{begin}PREPARING: creating the build instance and related resources: {STEP}",
        f"{begin}BUILDING: running the commands and creating the image: {STEP}",
        f"{begin}BUILDING: running the commands and creating the image: install",
        f"{begin}SUCCESS: the image is built: {STEP}",
    ]
    assert service.actions == [
        "CreateImagePipeline",
        "StartImagePipelineExecution",
        *["DescribeImagePipelineExecutions"] * 5,
    ]
    assert service.calls[1].body["ImagePipelineId"] == PIPELINE


def test_the_same_again_follows_the_same_build(service: local.Service) -> None:
    first, second = create(service, "--start"), create(service, "--start")
    assert first.exit_code == 0
    assert second.stdout == first.stdout


@pytest.mark.parametrize("status", ["FAILED", "TEST_FAILED", "CANCELLED", "PARTITION_SUCCESS"])
def test_a_build_that_does_not_succeed_exits_1(service: local.Service, status: str) -> None:
    trouble = {"Status": status, "ErrorCode": "CommandFailed", "ErrorInfo": "exit code 1"}
    trouble["Message"] = ""
    service.statuses.extend(["BUILDING", trouble])
    result = create(service, "--start", "--output-format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["Status"] == status
    last, again = result.stderr.splitlines()[-2:]
    assert last.startswith(f"note: {EXECUTION}: {status}: ")
    assert last.endswith(": CommandFailed: exit code 1")
    assert again == (
        "note: to build it again: `aliyun ecs StartImagePipelineExecution "
        f"--RegionId cn-hangzhou --ImagePipelineId {PIPELINE}`"
    )


def test_an_interrupt_leaves_the_build_running_and_says_how_to_go_on(
    service: local.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(self: object, execution: str) -> Iterator[Execution]:
        yield Execution("BUILDING")
        raise KeyboardInterrupt

    monkeypatch.setattr(buildlint.service.client.Service, "follow", follow)
    result = create(service, "--start", "--output-format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"ImagePipelineId": PIPELINE, "ExecutionId": EXECUTION}
    ids = f"--RegionId cn-hangzhou --ExecutionId {EXECUTION}"
    assert f": `aliyun ecs DescribeImagePipelineExecutions {ids}`\n" in result.stderr
    assert f": `aliyun ecs CancelImagePipelineExecution {ids}`\n" in result.stderr
    assert "CancelImagePipelineExecution" not in service.actions


# --- trouble -------------------------------------------------------------------------------------


def test_a_refusal_names_the_rule_about_it(service: local.Service) -> None:
    service.answers.append(error("InvalidName.Malformed", "The specified Name is malformed."))
    result = create(service, "--start")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-2:] == [
        (
            "error: CreateImagePipeline was rejected: InvalidName.Malformed: The specified "
            f"Name is malformed. (RequestId {local.REQUEST_ID})"
        ),
        "note: to explain this error: `buildlint rule BL406`",
    ]
    assert service.actions == ["CreateImagePipeline"]


def test_a_refusal_that_no_rule_is_about_is_told_alone(service: local.Service) -> None:
    service.answers.append(error("SomethingNew", "You may not.", 403))
    result = create(service)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("error: CreateImagePipeline was rejected")


@pytest.mark.parametrize("code", ADVICE)
def test_a_refusal_that_only_the_service_decides_is_told_with_what_to_do(
    service: local.Service, code: str
) -> None:
    service.answers.append(error(code, "You may not.", 403))
    result = create(service)
    assert result.exit_code == 1
    assert (
        result.stderr.splitlines()[-1]
        == f"note: {ADVICE[code].format(action='CreateImagePipeline')}"
    )
    assert len(ADVICE[code]) <= 120


def test_the_first_call_may_need_a_permission_of_its_own(service: local.Service) -> None:
    service.answers.append(error("InvalidOperation.NoPermissionCreateServiceLinkedRole", "No", 403))
    assert "grant `ram:CreateServiceLinkedRole` for `imagebuilder.ecs" in create(service).stderr


def test_what_was_created_is_told_when_its_build_is_refused(service: local.Service) -> None:
    service.answers.extend([local.answer(ImagePipelineId="ip-1"), error("OperationConflict", "No")])
    result = create(service, "--start", "--output-format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"ImagePipelineId": "ip-1"}


def test_throttling_and_a_dropped_connection_are_lived_through(service: local.Service) -> None:
    service.answers.extend([throttled(400), throttled(503), DROPPED, HTML])
    result = create(service)
    assert (result.exit_code, result.stdout) == (0, f"ImagePipelineId: {PIPELINE}\n")


@pytest.mark.parametrize("trouble", [throttled(), DROPPED, HTML])
def test_a_service_that_cannot_be_asked_exits_2_with_one_line(
    service: local.Service, trouble: local.Answer
) -> None:
    service.answers.extend([trouble] * 9)
    Path("web.buildcontent").write_text(f"{CONTENT}\n", "utf-8")
    result = create(service)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "5 attempts to call" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_build_that_can_no_longer_be_followed_exits_2_and_says_how_to_go_on(
    service: local.Service,
) -> None:
    service.answers.extend([local.answer(ImagePipelineId="ip-1"), local.answer(ExecutionId="e-1")])
    service.answers.extend([DROPPED] * 5)
    result = create(service, "--start")
    assert (result.exit_code, result.stdout) == (2, "ImagePipelineId: ip-1\nExecutionId: e-1\n")
    assert "could not connect" in result.stderr
    assert "aliyun ecs DescribeImagePipelineExecutions --RegionId cn-hangzhou" in result.stderr


def test_without_credentials_one_line_says_where_they_come_from(
    service: local.Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    utils = "alibabacloud_credentials.utils"
    monkeypatch.setattr(f"{utils}.auth_util.environment_access_key_id", None)
    monkeypatch.setattr(f"{utils}.auth_constant.HOME", str(tmp_path / "nobody"))
    Path("web.buildcontent").write_text(f"{CONTENT}\n", "utf-8")
    result = create(service)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "error: no credentials found; set `ALIBABA_CLOUD_ACCESS_KEY_ID`"
    )
    assert len(result.stderr.splitlines()) == 1
    assert service.calls == []


def test_without_the_sdk_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name.startswith("alibabacloud") else find_spec(name),
    )
    Path("web.buildcontent").write_text(f"{CONTENT}\n", "utf-8")
    result = run("web.buildcontent")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert "pip install 'buildlint[sdk]'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("--endpoint", "http://ecs.cn-hangzhou.aliyuncs.com"),
            "`http` is allowed only for `127.0.0.1`",
        ),
        (("--endpoint", f"https://user:{PASSWORD}@a.com"), "must be a hostname"),
        (("--endpoint", ""), "must be a hostname"),
        (("--set", "RegionId=example.com/"), "is not a region ID"),
        (("--access-key-secret", "x"), "o such option"),
        (("--dry-run", "--set", "RegionId"), "use `KEY=VALUE`"),
    ],
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...], says: str) -> None:
    result = run("web.buildcontent", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert PASSWORD not in result.stderr


# --- a dry run -----------------------------------------------------------------------------------


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(service: local.Service) -> None:
    shown = create(service, "--dry-run", "--start", "--set", "AddAccount.1=123")
    assert (shown.exit_code, service.calls) == (0, [])
    assert shown.stderr.endswith("note: dry run: nothing was sent\n")
    create(service, "--set", "AddAccount.1=123")
    token = service.calls[0].body["ClientToken"]
    assert shown.stdout.splitlines() == [
        "RegionId: cn-hangzhou",
        "BaseImageType: IMAGE",
        "BaseImage: m-bp67acfmxazb4p0abcde",
        "BuildContent:",
        "  FROM IMAGE:m-bp67acfmxazb4p0abcde",
        "  RUN echo 网站",
        "AddAccount.1: 123",
        f"ClientToken: {token}",
    ]


def test_a_dry_run_may_be_json() -> None:
    result = run("web.buildcontent", "--dry-run", "--output-format", "json")
    parameters = json.loads(result.stdout)
    token = parameters.pop("ClientToken")
    assert parameters["BuildContent"] == CONTENT
    assert client_token(parameters) == token


def test_a_dry_run_needs_neither_sdk_nor_credentials() -> None:
    code = (
        "import sys; from buildlint.cli import cli; "
        "cli(['create', 'web.buildcontent', '--dry-run'], standalone_mode=False); "
        "sys.exit(any('alibaba' in name or name == 'requests' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env={})
    assert done.returncode == 0
    assert b"ClientToken: " in done.stdout


# --- secrets -------------------------------------------------------------------------------------

SPOKEN = error(
    "SignatureDoesNotMatch",
    "Specified signature does not match our calculation. server string to sign is: "
    f"POST&%2F&AccessKeyId%3D{ID}%26SecurityToken%3D{local.encoded_twice(TOKEN)}%26 {SECRET}",
)


@pytest.mark.parametrize("arguments", [("--dry-run",), (), ("--start",)])
@pytest.mark.parametrize("trouble", [None, SPOKEN, throttled(), DROPPED, HTML])
def test_no_output_holds_a_secret_of_the_environment(
    service: local.Service, trouble: local.Answer | None, arguments: tuple[str, ...]
) -> None:
    if trouble:
        service.answers.extend([trouble] * 9)
    for output_format in ("text", "json"):
        result = create(service, *arguments, "--output-format", output_format)
        assert_silent(result.output)


@pytest.mark.parametrize("proxy", [f"http://user:{PASSWORD}@127.0.0.1:1", f"user:{PASSWORD}@[x"])
def test_no_error_of_a_proxy_holds_its_password(
    service: local.Service, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    result = run("web.buildcontent", "--endpoint", f"localhost.example:{service.port}")
    assert result.exit_code == 2
    assert_silent(result.output)
    assert service.calls == []


@pytest.mark.parametrize(
    "spelled",
    [
        str,
        quote,
        quote_plus,
        lambda text: quote_plus(text).lower(),
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: quote(quote(quote(text))).lower(),
        lambda text: quote(quote_plus(text)),
        html.escape,
        lambda text: html.escape(quote_plus(text)),
        lambda text: "".join(f"&#x{ord(each):X};" for each in text),
        lambda text: "".join(f"&#{ord(each)};" for each in text),
        lambda text: "".join(f"\\u{ord(each):04X}" for each in text),
        lambda text: text.replace("/", "\\/").replace('"', '\\"'),
        lambda text: quote(json.dumps(text)),
    ],
)
def test_no_secret_of_the_template_is_told_however_the_service_quotes_it(
    service: local.Service, spelled: Callable[[str], str]
) -> None:
    password = "t9/kw+4m=zq7x"
    Path("web.buildcontent").write_text(f'{CONTENT}\nENV DB_PASSWORD="{password}"\n', "utf-8")
    quoted = f"string to sign: ENV DB_PASSWORD={spelled(password)} and more"
    service.answers.append(error("SignatureDoesNotMatch", quoted))
    refused = create(service)
    assert refused.exit_code == 1
    assert "string to sign: ENV DB_PASSWORD=" in refused.stderr
    assert " and more" in refused.stderr
    service.statuses.extend(
        [{"Status": "BUILDING", "Message": quoted}, {"Status": "FAILED", "ErrorInfo": quoted}]
    )
    failed = create(service, "--start")
    assert failed.exit_code == 1
    for output in (refused.output, failed.output):
        assert spelled(password) not in output
        assert password not in output


# --- what comes back is no answer ----------------------------------------------------------------

ODD_IDS: list[object] = [None, 5, [], {}, ["ip-1"], True, "", "a b", "x" * 999, "\x1b[2J"]


@pytest.mark.parametrize("value", ODD_IDS)
def test_an_odd_answer_is_one_line_that_says_how_to_go_on(
    service: local.Service, value: object
) -> None:
    Path("web.buildcontent").write_text(f"{CONTENT}\n", "utf-8")
    executions = "aliyun ecs DescribeImagePipelineExecutions --RegionId cn-hangzhou"
    for answers, command in (
        ([], "aliyun ecs DescribeImagePipelines --RegionId cn-hangzhou"),
        ([local.answer(ImagePipelineId="ip-1")], f"{executions} --ImagePipelineId ip-1"),
        (
            [local.answer(ImagePipelineId="ip-1"), local.answer(ExecutionId="exec-1")],
            f"{executions} --ExecutionId exec-1",
        ),
    ):
        odd = {"ImagePipelineExecutionSet": [{"Status": value, "Message": [value]}]}
        name = {"ImagePipelineId": value, "ExecutionId": value, "ImagePipelineExecution": odd}
        service.answers.extend([*answers, local.answer(**name)])
        result = create(service, "--start")
        service.answers.clear()
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()
        assert line.startswith("error: the response has no ")
        assert line.endswith(f"; to see the result of the call: `{command}`")


@pytest.mark.parametrize("content", [b"[]", b"<html>", b"\xff", b"[" * 99_999, b'"x"'])
def test_what_is_no_answer_is_one_line_that_says_how_to_go_on(
    service: local.Service, content: bytes
) -> None:
    Path("web.buildcontent").write_text(f"{CONTENT}\n", "utf-8")
    service.answers.append(local.answer(ImagePipelineId="ip-1"))
    service.answers.extend([local.Answer(200, content)] * 5)
    result = create(service, "--start")
    assert (result.exit_code, result.stdout) == (2, "ImagePipelineId: ip-1\n")
    (line,) = result.stderr.splitlines()
    assert "the response does not come from the ECS API" in line
    assert line.endswith(
        "DescribeImagePipelineExecutions --RegionId cn-hangzhou --ImagePipelineId ip-1`"
    )


def test_a_redirect_is_one_line(service: local.Service) -> None:
    Path("web.buildcontent").write_text(f"{CONTENT}\n", "utf-8")
    headers = {"Location": "https://user:pw@evil.example/login?next=x"}
    service.answers.append(local.Answer(302, b"", headers=headers))
    result = create(service)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: `127.0.0.1:{service.port}` redirects to `evil.example` (302); "
        "use the address of the service itself\n"
    )


@pytest.mark.parametrize("arguments", [("--set", "ClientToken="), ()])
def test_an_empty_token_is_an_error_with_its_place(
    service: local.Service, arguments: tuple[str, ...]
) -> None:
    if not arguments:
        Path("web.request.toml").write_text(f'{REQUEST}ClientToken = ""\n', "utf-8")
    result = create(service, *arguments)
    assert (result.exit_code, result.stdout, service.calls) == (1, "", [])
    assert "BL417" in result.stderr
    assert "ClientToken must have 1 to 64 characters, not 0" in result.stderr


def test_no_error_of_a_credential_that_is_no_header_holds_it(
    service: local.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "alibabacloud_credentials.utils.auth_util.environment_security_token"
    monkeypatch.setattr(token, f"{TOKEN}\nX: y")
    result = create(service)
    assert result.exit_code == 2
    assert "the SDK could not make the call" in result.stderr
    assert_silent(result.output)


def assert_silent(output: str) -> None:
    """What leaves the process holds nothing of what was in its environment."""
    assert output
    for secret in (ID, SECRET, TOKEN, PASSWORD):
        for spelled in (secret, local.encoded(secret), local.encoded_twice(secret)):
            assert spelled not in output
