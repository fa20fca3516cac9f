"""The official SDK in processes of its own: the script of `--format python`, and `create`."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.rpc import flattened
from tests.compiler.emitters.sample import COMPONENT, FULL, NESTED
from tests.paths import ROOT
from tests.service.local import ID, SECRET, STEP, TOKEN, Service, error

CONTENT = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true"
EXECUTION = "exec-5fb8facb8ed7427c0002"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("web.buildcontent").write_text(f"{CONTENT}\n", "utf-8")
    Path("web.request.toml").write_text('RegionId = "cn-hangzhou"\n', "utf-8")


def environment(**more: str) -> dict[str, str]:
    """An environment without credentials, where nobody asks the network for a RAM role."""
    home = str(Path.cwd())
    return {
        "PYTHONPATH": str(ROOT),
        "HOME": home,
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        **more,
    }


KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
    "ALIBABA_CLOUD_SECURITY_TOKEN": TOKEN,
}


def create(service: Service, *arguments: str) -> list[str]:
    return buildlint(service, "create", "web.buildcontent", *arguments)


def buildlint(service: Service, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "buildlint", *arguments, "--endpoint", service.endpoint]


def run(command: list[str], **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env=environment(**env)
    )


@pytest.mark.parametrize(
    ("pipeline", "id_"),
    [
        (FULL, "ip-2ze5tsl5bp6nf2b30001"),
        (NESTED, "ip-2ze5tsl5bp6nf2b30001"),
        (COMPONENT, "ic-bp67acfmxazb4p00001"),
    ],
    ids=["full", "nested", "component"],
)
def test_the_script_creates_what_is_compiled(
    service: Service, pipeline: CompiledPipeline, id_: str
) -> None:
    Path("script.py").write_text(emit(pipeline, "python"), "utf-8")
    done = run([sys.executable, "script.py"], ECS_ENDPOINT=service.endpoint, **KEYS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{id_}\n"
    (call,) = service.calls
    assert (call.action, call.query) == (pipeline.call.action, {})
    assert call.body == flattened(pipeline.parameters)


def test_the_template_and_its_build_with_keys_of_the_environment(service: Service) -> None:
    # With DEBUG=sdk the SDK would write the headers of each call.
    done = run(create(service, "--start", "--output-format", "json"), DEBUG="sdk", **KEYS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ImageId"] == "m-bp67acfmxazb4p0built"
    assert service.calls[0].body["BuildContent"] == CONTENT
    assert service.calls[0].headers["x-acs-security-token"] == TOKEN
    assert_silent(done)


def test_a_component_is_created_pulled_and_compared(service: Service) -> None:
    Path("nginx.component").write_text("RUN yum install -y nginx\n", "utf-8")
    request = 'RegionId = "cn-hangzhou"\nName = "nginx"\n'
    Path("nginx.component.request.toml").write_text(request, "utf-8")
    for arguments in (
        ("create", "nginx.component"),
        ("diff", "nginx.component"),
        ("pull", "--all", "--region", "cn-hangzhou", "-o", "pulled"),
        ("diff", "pulled/nginx.component"),
    ):
        done = run(buildlint(service, *arguments), DEBUG="sdk", **KEYS)
        assert done.returncode == 0, done.stderr
        assert_silent(done)
    assert Path("pulled/nginx.component").read_text("utf-8") == "RUN yum install -y nginx\n"


def test_the_keys_may_come_from_a_profile(service: Service) -> None:
    profile = {
        "name": "default",
        "mode": "AK",
        "access_key_id": ID,
        "access_key_secret": SECRET,
        "region_id": "cn-hangzhou",
    }
    Path(".aliyun").mkdir()
    config = json.dumps({"current": "default", "profiles": [profile]})
    Path(".aliyun/config.json").write_text(config, "utf-8")
    done = run(create(service))
    assert done.returncode == 0, done.stderr
    assert f"Credential={ID}," in service.calls[0].headers["authorization"]
    assert_silent(done)


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"ALIBABA_CLOUD_ACCESS_KEY_ID": ID},
        {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET, "DEBUG": "sdk"},
        {"ALIBABA_CLOUD_CREDENTIALS_URI": f"http://user:{SECRET}@127.0.0.1:1/{TOKEN}"},
    ],
    ids=["nothing", "half", "other half", "uri"],
)
def test_without_credentials_one_line_says_so(service: Service, env: dict[str, str]) -> None:
    done = run(create(service), **env)
    assert (done.returncode, done.stdout, service.calls) == (2, "", [])
    assert done.stderr.startswith("error: no credentials found; ")
    assert done.stderr.count("\n") == 1
    assert_silent(done)


def test_a_refusal_of_the_keys_does_not_show_them(service: Service) -> None:
    message = f"Specified access key is not found: {ID}; x-acs-security-token:{TOKEN}"
    service.answers.append(error("InvalidAccessKeyId.NotFound", message, 404))
    done = run(create(service), DEBUG="sdk", **KEYS)
    assert done.returncode == 1
    assert "InvalidAccessKeyId.NotFound: Specified access key is not found: ****" in done.stderr
    assert_silent(done)


def test_an_interrupt_leaves_the_build_running(service: Service) -> None:
    service.statuses.extend(["BUILDING"] * 99)
    with subprocess.Popen(
        create(service, "--start"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(**KEYS),
    ) as process:
        assert process.stderr
        assert "BUILDING" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate()
    assert process.returncode == 130
    assert stdout == f"ImagePipelineId: ip-2ze5tsl5bp6nf2b30001\nExecutionId: {EXECUTION}\n"
    ids = f"--RegionId cn-hangzhou --ExecutionId {EXECUTION}"
    assert stderr.splitlines()[:2] == [
        (
            "note: the build may still be running; to check its status: "
            f"`aliyun ecs DescribeImagePipelineExecutions {ids}`"
        ),
        f"note: to cancel it: `aliyun ecs CancelImagePipelineExecution {ids}`",
    ]
    assert "Traceback" not in stderr
    assert "CancelImagePipelineExecution" not in service.actions


def test_a_terminal_gets_one_line_that_changes_and_in_the_end_the_whole_of_it(
    service: Service,
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        create(service, "--start"),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=environment(TERM="xterm", COLUMNS="57", **KEYS),
    ) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: read_terminal(ours), b"")).decode()
    os.close(ours)
    assert process.returncode == 0
    text = f"{EXECUTION}: SUCCESS: the image is built: {STEP}"
    note = f"\x1b[1;36mnote:\x1b[0m {text}\r\n"
    assert shown.split("\r\x1b[K") == ["", f"0:00 {text}"[:56], note]


def read_terminal(descriptor: int) -> bytes:
    """Read what a terminal shows, nothing once its last writer has gone."""
    try:
        return os.read(descriptor, 65_536)
    except OSError:
        return b""


def assert_silent(done: "subprocess.CompletedProcess[str]") -> None:
    """Nothing that was written holds a credential."""
    for secret in (ID, SECRET, TOKEN):
        assert secret not in done.stdout + done.stderr
