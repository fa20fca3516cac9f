"""Neovim with the files of editors/vim and editors/neovim: its own client, the real server."""

import platform
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import needs
from tests.clients.editors import SCRIPTS, follow, prepare, settings
from tests.clients.machine import script

FROM = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
TERRAFORM = f"""\
resource "alicloud_ecs_image_pipeline" "web" {{
  build_content = <<-EOT
    {FROM.strip()}
    ENV TITLE="中文😀" APP=/srv
  EOT
}}
"""
# A resource of another type, until its name is completed.
STACK = "Resources: {Web: {Type: 'ALIYUN::ECS::Image', Properties: {BuildContent: RESTART now}}}\n"


def debian() -> str:
    """Neovim 0.7, whose plugins start servers by hand."""
    return needs.program("nvim", "apt-get install neovim")


def newer() -> str:
    """Neovim 0.11, which knows servers by their files."""
    return str(script("nvim", "buildlint[clients]"))


# There is no wheel of the newer one for Linux on Arm.
VERSIONS = [debian, newer] if platform.machine() == "x86_64" else [debian]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: str(version.__name__))
def test_session(version: Callable[[], str], tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    prepare(home, "Neovim")
    init, session = home / "init.lua", SCRIPTS / "neovim" / "session.lua"
    lines = settings("Neovim", "lua")
    if version is debian:
        lines = lines.replace("vim.lsp.buf.format()", "vim.lsp.buf.formatting_sync()")
    init.write_text(lines, "utf-8")
    project.mkdir()
    (project / "web.buildcontent").write_text(f'{FROM}ENV TITLE="中文😀" APP=/srv\n', "utf-8")
    (project / "web.request.toml").write_text('RegionId = "a"\nSystemDiskSize = 10\n', "utf-8")
    component = "Tasks:\n  - {Name: 网, Action: Rebot}\n"
    (project / "nginx.component.yaml").write_text(component, "utf-8")
    (project / "other.toml").write_text("a = 1\n", "utf-8")
    (project / "other.yaml").write_text("a: 1\n", "utf-8")
    (project / "main.tf").write_text(TERRAFORM, "utf-8")
    (project / "stack.yaml").write_text(STACK, "utf-8")
    command: list[str | Path] = [version(), "--headless", "-u", init, "-i", "NONE", "-n"]
    command += ["web.buildcontent", "-c", f"luafile {session}"]

    seen = follow(command, project, home)

    assert seen["filetype"] == "buildcontent"
    # Lines and columns count from 0, columns in bytes.
    start = len('ENV TITLE="中文😀" APP='.encode())
    (mistake,) = seen["before"]
    assert mistake["place"] == [1, start, 1, start + len("/srv")]
    assert (mistake["code"], mistake["source"], mistake["severity"]) == ("BL332", "buildlint", 1)
    assert mistake["message"].startswith("the value of `APP` must be in double quotes")

    assert "FROM IMAGE_FAMILY:<family>" in seen["hover"]
    assert "Command 1 of 2" in seen["hover"]

    assert seen["actions"] == ["Add double quotes", "Ignore BL332 here"]
    assert seen["mended"] == 'ENV TITLE="中文😀" APP="/srv"'

    completions = [word.strip() for word in seen["completions"]]
    assert completions[0] == "RUN"
    assert "RESTART" in completions
    assert "ENV" not in completions

    assert seen["written"] == [
        FROM.strip(),
        'ENV TITLE="中文😀" APP="/srv"',
        "RUN true",
        "RUN echo 中文😀",
        "",
        'ENV LAST="1"',
    ]

    (of_request,) = seen["request"]
    assert (of_request["code"], of_request["place"]) == ("BL409", [1, 0, 1, len("SystemDiskSize")])
    (of_component,) = seen["component"]
    start = len("  - {Name: 网, Action: ".encode())
    place = [1, start, 1, start + len("Rebot")]
    assert (of_component["code"], of_component["place"]) == ("BL462", place)
    (in_terraform,) = seen["terraform"]
    start = len('    ENV TITLE="中文😀" APP='.encode())
    place = [3, start, 3, start + len("/srv")]
    assert (in_terraform["code"], in_terraform["place"]) == ("BL332", place)
    assert seen["terraform_written"] == TERRAFORM.replace("/srv", '"/srv"').splitlines()
    assert seen["clients_of_others"] == 0
    assert "BL305" in {each["code"] for each in seen["typed"]}
