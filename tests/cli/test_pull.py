"""`buildlint pull`: what is written, what is not, and what is told."""

import errno
import json
import os
import socket
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from buildlint import compile  # noqa: A004 - the public name
from buildlint.files import writing
from tests.cli import commands
from tests.service import local
from tests.service.local import DROPPED, SECRET, error, throttled

pytestmark = pytest.mark.usefixtures("credentials", "at_once")

REGION = ("--region", "cn-hangzhou")
CONTENT = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN echo 网站"
# As the service describes a template that has little set.
WEB: dict[str, Any] = {
    "ImagePipelineId": "ip-1",
    "Name": "web",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
    "BuildContent": CONTENT,
    "Description": "",
    "SystemDiskSize": 40,
    "InternetMaxBandwidthOut": 0,
    "DeleteInstanceOnFailure": True,
    "CreationTime": "2026-11-25T06:00:00Z",
    "AddAccounts": {"AddAccount": ["1234567890"]},
    "ToRegionIds": {"ToRegionId": []},
    "Tags": {"Tag": [{"TagKey": "team", "TagValue": "web"}]},
}
REQUEST = """\
RegionId = "cn-hangzhou"
BaseImageType = "IMAGE"
BaseImage = "m-bp67acfmxazb4p0abcde"
Name = "web"
SystemDiskSize = 40
InternetMaxBandwidthOut = 0
DeleteInstanceOnFailure = true
AddAccount = ["1234567890"]

[[Tag]]
Key = "team"
Value = "web"
"""


def other(number: int, name: str, **values: object) -> dict[str, Any]:
    return {**WEB, "ImagePipelineId": f"ip-{number}", "Name": name, **values}


@pytest.fixture(autouse=True)
def _holding(service: local.Service) -> None:
    """An account with one template."""
    service.pipelines.append(WEB)


def pull(service: local.Service, *arguments: str) -> Result:
    return commands.run("pull", *REGION, "--endpoint", service.endpoint, *arguments)


def files(folder: str = ".") -> list[str]:
    return sorted(each.name for each in Path(folder).iterdir())


# --- what is written -----------------------------------------------------------------------------


def test_a_template_and_its_request_are_written(service: local.Service) -> None:
    result = pull(service, "ip-1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "ip-1: wrote web.buildcontent and web.request.toml\n"
    assert files() == ["web.buildcontent", "web.request.toml"]
    assert Path("web.buildcontent").read_text("utf-8") == f"{CONTENT}\n"
    assert Path("web.request.toml").read_text("utf-8") == REQUEST
    assert service.calls[0].body == {
        "RegionId": "cn-hangzhou",
        "MaxResults": "20",
        "ImagePipelineId.1": "ip-1",
    }
    assert commands.run("compile", "web.buildcontent").exit_code == 0


def test_what_was_created_comes_back(service: local.Service) -> None:
    commands.write("one.buildcontent", f"{CONTENT}\n")
    sets = ("--set", "Tag.1.Key=a", "--set", "AddAccount.1=123", "--set", "SystemDiskSize=60")
    arguments = (*sets, *REGION, "one.buildcontent")
    shown = commands.run("create", "--dry-run", "--output-format", "json", *arguments)
    before = json.loads(shown.stdout)
    assert commands.run("create", "--endpoint", service.endpoint, *arguments).exit_code == 0
    id_ = service.pipelines[-1]["ImagePipelineId"]
    assert pull(service, id_).exit_code == 0
    text = Path(f"{id_}.buildcontent").read_text("utf-8")
    request = tomllib.loads(Path(f"{id_}.request.toml").read_text("utf-8"))
    assert request["Name"] == id_  # the service's default
    defaults = {"Name": id_, "DeleteInstanceOnFailure": True, "InternetMaxBandwidthOut": 0}
    before.pop("ClientToken")
    assert compile(text, request).parameters == {**defaults, **before}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--all",), ["db", "web", "web-2", "网站"]),
        (("--name", "web*"), ["web", "web-2"]),
        (("--name", "w[ef]b"), ["web"]),
        (("--name", "WEB*", "--name", "d?"), ["db"]),
        (("ip-3", "ip-1", "ip-3"), ["db", "web"]),
    ],
)
def test_what_is_asked_for_is_saved_from_all_pages(
    service: local.Service, arguments: tuple[str, ...], names: list[str]
) -> None:
    service.pipelines += [other(2, "web-2"), other(3, "db"), other(4, "网站")]
    result = pull(service, "-o", "new/images", *arguments)
    assert result.exit_code == 0
    assert files("new/images") == sorted(
        f"{name}{end}" for name in names for end in (".buildcontent", ".request.toml")
    )


def test_more_ids_than_a_call_takes_are_asked_for_in_several(service: local.Service) -> None:
    service.pipelines += [other(number, f"web-{number}") for number in range(2, 46)]
    service.page = 20
    result = pull(service, *(f"ip-{number}" for number in range(1, 46)))
    assert (result.exit_code, len(files()), len(service.calls)) == (0, 90, 3)


def test_all_of_an_empty_account_is_nothing(service: local.Service) -> None:
    service.pipelines.clear()
    result = pull(service, "--all")
    assert (result.exit_code, result.stdout, files()) == (0, "", [])


def test_the_result_may_be_json(service: local.Service) -> None:
    assert json.loads(pull(service, "ip-1", "--output-format", "json").stdout) == [
        {
            "ImagePipelineId": "ip-1",
            "Name": "web",
            "template": "web.buildcontent",
            "request": "web.request.toml",
            "status": "written",
            "altered": [],
        }
    ]


def test_without_a_region_nothing_is_asked(service: local.Service) -> None:
    result = commands.run("pull", "ip-1", "--endpoint", service.endpoint)
    assert (result.exit_code, service.calls) == (2, [])
    assert "no region; set it, for example `--region cn-hangzhou`" in result.stderr


def test_what_this_version_does_not_know_is_kept_and_told(service: local.Service) -> None:
    service.pipelines[:] = [other(1, "web", FutureOption={"Level": 5, "Names": {"Name": ["x"]}})]
    result = pull(service, "--all")
    assert result.exit_code == 0
    request = tomllib.loads(Path("web.request.toml").read_text("utf-8"))
    assert request["FutureOption"] == {"Level": 5, "Names": ["x"]}
    assert "`buildlint check web.buildcontent`" in result.stderr or result.stderr == ""


def test_a_from_that_contradicts_the_parameters_is_told(service: local.Service) -> None:
    service.pipelines[:] = [other(1, "web", BaseImage="m-bp67acfmxazb4p0other")]
    result = pull(service, "--all", "--output-format", "json")
    assert result.exit_code == 0
    assert result.stderr == (
        "warning: web.buildcontent compiles to different values than in the account: BaseImage\n"
    )
    assert json.loads(result.stdout)[0]["altered"] == ["BaseImage"]


def test_a_template_with_errors_is_saved_and_told(service: local.Service) -> None:
    service.pipelines[:] = [other(1, "web", BuildContent="RUN true\nADD a b\n")]
    result = pull(service, "--all")
    assert result.exit_code == 0
    assert result.stderr == (
        "warning: web.buildcontent has errors; run `buildlint check web.buildcontent`\n"
    )
    assert Path("web.buildcontent").read_text("utf-8") == "RUN true\nADD a b\n"


# --- files that are there already ----------------------------------------------------------------


def test_files_with_the_same_content_are_left_alone(service: local.Service) -> None:
    pull(service, "ip-1")
    before = Path("web.request.toml").stat().st_mtime_ns
    result = pull(service, "ip-1")
    assert result.stdout == "ip-1: web.buildcontent and web.request.toml are up to date\n"
    assert (result.exit_code, Path("web.request.toml").stat().st_mtime_ns) == (0, before)


@pytest.mark.parametrize("name", ["web.buildcontent", "web.request.toml"])
def test_a_changed_file_is_only_overwritten_by_force(service: local.Service, name: str) -> None:
    service.pipelines.append(other(2, "db"))
    Path(name).write_text("# mine\n", "utf-8")
    result = pull(service, "--all")
    assert result.exit_code == 1
    assert result.stderr == (f"error: {name} has different content; use --force to overwrite it\n")
    assert "ip-1: not written\n" in result.stdout
    # Neither of the two, and the others all the same.
    assert files() == sorted(["db.buildcontent", "db.request.toml", name])
    assert Path(name).read_text("utf-8") == "# mine\n"
    assert pull(service, "--all", "--force").exit_code == 0
    assert Path(name).read_text("utf-8") in (f"{CONTENT}\n", REQUEST)


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_second_request_file_is_in_the_way(
    service: local.Service, force: tuple[str, ...]
) -> None:
    Path("web.request.json").write_text("{}", "utf-8")
    result = pull(service, "--all", *force)
    assert (result.exit_code, files()) == (1, ["web.request.json"])
    assert "web.request.json is a request file for the same template; remove it" in result.stderr


def test_a_link_to_nothing_is_in_the_way(service: local.Service) -> None:
    Path("web.buildcontent").symlink_to("../elsewhere")
    assert pull(service, "--all").exit_code == 1
    assert not Path("../elsewhere").exists()


def test_a_pipe_is_in_the_way_and_nobody_waits(service: local.Service) -> None:
    os.mkfifo("web.buildcontent")
    assert pull(service, "--all").exit_code == 1


# --- names ---------------------------------------------------------------------------------------


def test_names_that_are_no_file_names_or_not_unique_are_told(service: local.Service) -> None:
    service.pipelines += [other(2, "WEB"), other(3, "../x:y"), other(4, ""), other(5, "db.test")]
    result = pull(service, "--all")
    assert result.exit_code == 0
    stems = {each.removesuffix(".buildcontent") for each in files() if "content" in each}
    assert stems == {"web-ip-1", "WEB-ip-2", "_x_y-ip-3", "ip-4", "db.test-ip-5"}
    assert [line for line in result.stderr.splitlines() if line.startswith("note: ")] == [
        f"note: ip-{number}: `{name}` is not used as a file name; its files are named `{stem}`"
        for number, name, stem in (
            (1, "web", "web-ip-1"),
            (2, "WEB", "WEB-ip-2"),
            (3, "../x:y", "_x_y-ip-3"),
            (5, "db.test", "db.test-ip-5"),
        )
    ]
    assert not Path("..", "x").exists()


# --- trouble -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "use either IDs, --name or --all"),
        (("ip-1", "--all"), "use either IDs, --name or --all"),
        (("--name", "x", "--all"), "use either IDs, --name or --all"),
        (("--all", "--region", "a.example/"), "is not a region ID"),
        (("--all", "--region", ""), "no region; set it"),
        (("--all", "--endpoint", "http://a.example"), "`http` is allowed only for"),
    ],
)
def test_wrong_usage_exits_2(service: local.Service, arguments: tuple[str, ...], says: str) -> None:
    result = pull(service, *arguments)
    assert (result.exit_code, result.stdout, service.calls) == (2, "", [])
    assert says in result.stderr


def test_what_is_not_there_is_told_and_the_rest_is_saved(service: local.Service) -> None:
    result = pull(service, "ip-9", "ip-1")
    assert result.exit_code == 1
    assert result.stderr == "error: there is no image template `ip-9` in `cn-hangzhou`\n"
    assert len(files()) == 2
    nothing = pull(service, "--name", "x*")
    assert nothing.exit_code == 1
    assert nothing.stderr == (
        "error: no name of an image template or component in `cn-hangzhou` matches `x*`\n"
    )


@pytest.mark.parametrize("trouble", [DROPPED, throttled(), error("NoPermission", "No.", 403)])
def test_a_service_that_is_gone_after_the_first_page_exits_2(
    service: local.Service, trouble: local.Answer
) -> None:
    first = local.answer(ImagePipeline={"ImagePipelineSet": [WEB]}, NextToken="1")
    service.answers.extend([first, *[trouble] * 9])
    result = pull(service, "--all", "--output-format", "json")
    assert (result.exit_code, result.stdout, files()) == (2, "", [])
    assert result.stderr.startswith("error: ")


def test_a_rejected_call_says_which_policy_is_missing(service: local.Service) -> None:
    service.answers.append(error("NoPermission", "You may not.", 403))
    result = pull(service, "--all")
    assert result.exit_code == 2
    assert "error: DescribeImagePipelines was rejected: NoPermission" in result.stderr
    assert "grant the action `ecs:DescribeImagePipelines` in RAM\n" in result.stderr


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "no space left on device"),
        (errno.EROFS, "read-only file system"),
        (errno.EACCES, "permission denied"),
    ],
)
def test_a_disk_that_fails_ends_it_and_what_was_written_is_listed(
    service: local.Service, monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    service.pipelines += [other(2, "db"), other(3, "x")]
    original = writing.write_atomically

    def failing(path: Path, content: bytes) -> None:
        if path.name == "db.request.toml":
            raise OSError(number, os.strerror(number))
        original(path, content)

    monkeypatch.setattr(writing, "write_atomically", failing)
    result = pull(service, "--all")
    assert result.exit_code == 2
    assert result.stderr == f"error: db.request.toml: {says}\n"
    assert result.stdout == (
        "ip-1: wrote web.buildcontent and web.request.toml\nip-2: not written\n"
    )
    assert files() == ["db.buildcontent", "web.buildcontent", "web.request.toml"]


def test_a_folder_that_is_none_exits_2(service: local.Service) -> None:
    Path("images").write_text("", "utf-8")
    result = pull(service, "--all", "-o", "images")
    assert (result.exit_code, files()) == (2, ["images"])
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"BuildContent": ["RUN x"]},
        {"Description": "\ud800"},
        {"Name": "\udc80", "Description": {"a": "\udfff"}},
    ],
)
def test_what_cannot_be_saved_is_told_and_the_rest_is(
    service: local.Service, values: dict[str, Any]
) -> None:
    service.pipelines.append({**other(2, "db"), **values})
    result = pull(service, "--all")
    assert result.exit_code == 2
    assert "error: ip-2: " in result.stderr
    assert files() == ["web.buildcontent", "web.request.toml"]


@pytest.mark.parametrize(
    "said",
    [
        {"ImagePipeline": []},
        {"ImagePipeline": {"ImagePipelineSet": {}}},
        {"ImagePipeline": {"ImagePipelineSet": ["ip-1"]}},
        {"ImagePipeline": {"ImagePipelineSet": [{}]}},
        {"ImagePipeline": {"ImagePipelineSet": [{"ImagePipelineId": SECRET}]}},
        {"ImagePipeline": {"ImagePipelineSet": [WEB]}, "NextToken": 5},
    ],
)
def test_an_odd_answer_is_one_error(service: local.Service, said: dict[str, object]) -> None:
    service.answers.append(local.answer(**said))
    result = pull(service, "--all")
    assert (result.exit_code, files()) == (2, [])
    assert result.stderr.startswith("error: the response has no ")
    assert SECRET not in result.output


def test_pages_that_lead_in_a_circle_end(service: local.Service) -> None:
    page = local.answer(ImagePipeline={"ImagePipelineSet": []}, NextToken="1")
    service.answers.extend([page] * 3)
    result = pull(service, "--all")
    assert (result.exit_code, len(service.calls)) == (2, 2)
    assert "the response repeats its NextToken" in result.stderr


def test_a_page_may_be_as_large_as_its_contents(service: local.Service) -> None:
    content = "RUN true\n" + "# 网\x01\n" * 2_000
    service.pipelines[:] = [other(n, f"w{n}", BuildContent=content) for n in range(20)]
    service.page = 20
    assert pull(service, "--all").exit_code == 0
    assert service.actions == ["DescribeImagePipelines", "DescribeImageComponents"]


# --- profiles ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("profiles")
def test_a_profile_gives_the_credentials(service: local.Service) -> None:
    assert pull(service, "--all", "--profile", "prod").exit_code == 0
    assert "Credential=two," in service.calls[0].headers["authorization"]


@pytest.mark.usefixtures("profiles")
def test_a_profile_that_is_not_there_is_told(service: local.Service) -> None:
    result = pull(service, "--all", "--profile", "dev")
    assert (result.exit_code, service.calls) == (2, [])
    assert result.stderr == (
        "error: no credentials in the profile `dev` of the aliyun CLI; to list the profiles, run "
        "`aliyun configure list`\n"
    )


def test_a_port_where_nobody_listens_exits_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"http://127.0.0.1:{listener.getsockname()[1]}"
    result = commands.run("pull", *REGION, "--all", "--endpoint", host)
    assert (result.exit_code, result.stdout, files()) == (2, "", [])
    assert "could not connect" in result.stderr
