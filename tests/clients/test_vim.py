"""Vim, with the runtime files of editors/vim, and ALE."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS
from tests import needs
from tests.clients.editors import SCRIPTS, follow, prepare, settings

FROM = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
MISTAKE = f'{FROM}ENV TITLE="中文😀" APP=/srv\n'
# In bytes, as Vim counts: the characters in the title have ten.
COLUMN = len('ENV TITLE="中文😀" APP='.encode()) + 1


class Vim:
    """Vim in a folder of templates, set up as docs/editors.md says."""

    def __init__(self, folder: Path) -> None:
        self.program = needs.program("vim", "apt-get install vim")
        self.home = folder / "home"
        self.project = folder / "project"
        self.project.mkdir()
        prepare(self.home, "Vim")

    def write(self, name: str, text: str) -> None:
        (self.project / name).write_text(text, "utf-8")

    def follow(self, script: str, file: str, **variables: str) -> Any:
        vimrc, steps = SCRIPTS / "vim" / "vimrc", SCRIPTS / "vim" / script
        command: list[str | Path] = [
            self.program,
            "-N",
            "-u",
            vimrc,
            "-i",
            "NONE",
            "-n",
            "-es",
            file,
            "-S",
            steps,
        ]
        return follow(command, self.project, self.home, **variables)


@pytest.fixture
def vim(tmp_path: Path) -> Vim:
    return Vim(tmp_path)


class TestFiletype:
    @pytest.mark.parametrize("name", ["BuildContent", "web.buildcontent", "nginx.component"])
    def test_of_templates_and_components(self, vim: Vim, name: str) -> None:
        vim.write(name, FROM)

        seen = vim.follow("syntax.vim", name, PLACES="[]")

        assert (seen["filetype"], seen["commentstring"]) == ("buildcontent", "# %s")

    @pytest.mark.parametrize("name", ["Dockerfile", "web.request.toml"])
    def test_of_other_files(self, vim: Vim, name: str) -> None:
        vim.write(name, FROM)

        assert vim.follow("syntax.vim", name, PLACES="[]")["filetype"] != "buildcontent"


class TestSyntax:
    def group(self, vim: Vim, text: str) -> list[list[str]]:
        """The groups, from the outermost, of the characters behind each ^ in a text."""
        places = [
            (number, len(line[: mark.start()].replace("^", "").encode()) + 1)
            for number, line in enumerate(text.split("\n"), 1)
            for mark in re.finditer(r"\^", line)
        ]
        vim.write("web.buildcontent", text.replace("^", ""))
        seen = vim.follow("syntax.vim", "web.buildcontent", PLACES=json.dumps(places))
        groups: list[list[str]] = seen["groups"]
        return groups

    def test_knows_the_commands_of_the_contract(self, vim: Vim) -> None:
        vim.write("BuildContent", FROM)

        listing = vim.follow("syntax.vim", "BuildContent", PLACES="[]")["commands"]

        assert set(re.findall(r"\b[A-Z]{2,}\b", listing)) == {*COMMANDS}

    def test_colours_commands_and_no_others(self, vim: Vim) -> None:
        words = [*COMMANDS, *map(str.lower, COMMANDS), *UNSUPPORTED_COMMANDS, "RUNNER"]

        groups = self.group(vim, "".join(f"^{word} a\n" for word in words))

        known = 2 * len(COMMANDS)
        assert groups[:known] == [["buildcontentCommand"]] * known
        assert groups[known:] == [["buildcontentUnknown"]] * (len(words) - known)

    def test_embeds_shell_in_run(self, vim: Vim) -> None:
        text = """\
RUN ^if true; then \\
    # comment, "unclosed

    echo "^$HOME"; fi
^USER app
"""

        conditional, variable, user = self.group(vim, text)

        assert conditional == ["buildcontentRun", "shIf", "shConditional"]
        assert variable[-2:] == ["shDoubleQuote", "shDerefSimple"]
        assert user == ["buildcontentCommand"]

    def test_ends_shell_with_its_command(self, vim: Vim) -> None:
        assert self.group(vim, 'RUN echo "open\n^USER app\n') == [["buildcontentCommand"]]

    @pytest.mark.parametrize(
        ("text", "innermost"),
        [
            ("^# about it\n", "buildcontentComment"),
            ("# ^buildlint: ignore[BL801] as agreed\n", "buildcontentDirective"),
            ("# buildlint: ignore[^BL801] as agreed\n", "buildcontentRule"),
            ("# buildlint: ignore[BL801] ^as agreed\n", "buildcontentComment"),
            ("FROM ^IMAGE_FAMILY:acs:ubuntu\n", "buildcontentImageType"),
            ("ENV ^A=1\n", "buildcontentName"),
            ("ENV ^A 1\n", "buildcontentName"),
            ('LABEL a="^中 文"\n', "buildcontentString"),
            ('ENV A="b \\\n ^c"\n', "buildcontentString"),
            ("ENV A=1 ^\\\n  B=2\n", "buildcontentContinuation"),
            ("ENV A=1 \\\n  ^# between\n  B=2\n", "buildcontentComment"),
            ('CMD ["^a"]\n', "buildcontentString"),
            ("COMPONENT ic-a ^--size 1\n", "buildcontentParameter"),
            ("RUN a \\\n  ^# RUN\n  b\n", "buildcontentComment"),
            ("RUN a \\\n^RUN b\n", "buildcontentRun"),
            ("WORKDIR /a\\\\\n^RUN b\n", "buildcontentCommand"),
            ("RUN a # ^not a comment of ours\n", "shComment"),
        ],
    )
    def test_of_parts(self, vim: Vim, text: str, innermost: str) -> None:
        (groups,) = self.group(vim, text)

        assert groups[-1] == innermost


def test_make_lists_the_mistake_until_it_is_mended(vim: Vim) -> None:
    vim.write("web.buildcontent", MISTAKE)
    vim.write("web.request.toml", 'RegionId = "cn-hangzhou"\nSystemDiskSize = 10\n')

    seen = vim.follow("make.vim", "web.buildcontent")

    mistake, of_request = seen["before"]
    assert (mistake["file"], mistake["place"]) == ("web.buildcontent", [2, COLUMN])
    assert mistake["type"] == "e"
    assert mistake["text"].startswith("BL332 [*] the value of `APP` must be in double quotes")
    assert (of_request["file"], of_request["place"]) == ("web.request.toml", [2, 1])
    assert of_request["text"].startswith("BL409 ")
    assert seen["locations"] == seen["before"]
    assert seen["cursor"] == ["web.buildcontent", 2, COLUMN]
    assert seen["after"] == [of_request]


def with_ale(vim: Vim, script: str, file: str) -> Any:
    """Follow a script in Vim with ALE, set up as docs/editors.md says."""
    if not Path("/usr/share/vim-ale").is_dir():
        needs.give_up("ALE is not installed (apt-get install vim-ale)")
    ale = vim.home / "ale.vim"
    ale.write_text(settings("Vim", "vim"), "utf-8")
    # ALE takes what is in the folder of temporary files for the buffer's own.
    temporary = vim.home / "tmp"
    temporary.mkdir()
    return vim.follow(script, file, ALE=str(ale), TMPDIR=str(temporary))


def test_ale_shows_problems_and_mends_them(vim: Vim) -> None:
    vim.write("web.buildcontent", f'{FROM}env   TITLE="中文😀" APP=/srv\n')
    vim.write("web.request.toml", 'RegionId = "cn-hangzhou"\nSystemDiskSize = 10\n')

    seen = with_ale(vim, "ale.vim", "web.buildcontent")

    start = len('env   TITLE="中文😀" APP='.encode()) + 1
    quotes, of_request, case = sorted(seen["before"], key=lambda problem: str(problem["code"]))
    assert (quotes["code"], quotes["type"]) == ("BL332", "E")
    assert quotes["place"] == [2, start, 2, start + len("/srv") - 1]
    assert quotes["text"].startswith("the value of `APP` must be in double quotes")
    assert (of_request["code"], of_request["file"]) == ("BL409", "web.request.toml")
    assert (case["code"], case["type"], case["place"]) == ("BL801", "W", [2, 1, 2, 3])
    assert seen["text"] == [FROM.strip(), 'ENV TITLE="中文😀" APP="/srv"']
    assert seen["after"] == [of_request]


RESOURCE = f"""\
resource "alicloud_ecs_image_pipeline" "web" {{
  build_content = <<-EOT
    {FROM.strip()}
    ENV TITLE="中文😀" APP=/srv
  EOT
}}
"""


def test_ale_does_so_for_templates_in_terraform(vim: Vim) -> None:
    vim.write("main.tf", RESOURCE)

    seen = with_ale(vim, "ale.vim", "main.tf")

    start = len('    ENV TITLE="中文😀" APP='.encode()) + 1
    (quotes,) = seen["before"]
    assert (quotes["code"], quotes["place"]) == ("BL332", [4, start, 4, start + len("/srv") - 1])
    assert seen["text"] == RESOURCE.replace("/srv", '"/srv"').splitlines()
    assert seen["after"] == []


@pytest.mark.parametrize(
    ("name", "text", "program"),
    [
        ("values.yaml", "a: 1\n", ""),
        ("main.tf", 'resource "alicloud_instance" "web" {}\n', ""),
        ("stack.yaml", "Type: ALIYUN::ECS::ImagePipeline\n", "buildlint"),
        ("web.buildcontent", "", "buildlint"),
    ],
)
def test_ale_starts_nothing_for_a_file_without_a_template(
    vim: Vim, name: str, text: str, program: str
) -> None:
    vim.write(name, text)

    assert with_ale(vim, "look.vim", name) == program
