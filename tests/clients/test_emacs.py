"""Emacs with the mode of editors/emacs, and Eglot."""

import json
from pathlib import Path
from typing import Any

import pytest

from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS
from tests import needs
from tests.clients.editors import EDITORS, SCRIPTS, follow, prepare, settings

FROM = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
MODE = EDITORS / "emacs"


class Emacs:
    """Emacs in a folder of templates."""

    def __init__(self, folder: Path) -> None:
        self.program = needs.program("emacs", "apt-get install emacs-nox")
        self.home = folder / "home"
        self.project = folder / "project"
        self.project.mkdir()
        prepare(self.home, "Emacs")

    def write(self, name: str, text: str) -> None:
        (self.project / name).write_text(text, "utf-8")

    def follow(self, script: str, init: str = "", **variables: str) -> Any:
        file, scripts = self.home / "init.el", SCRIPTS / "emacs"
        file.write_text(init or '(load "~/buildlint/editors/emacs/buildcontent-mode")', "utf-8")
        command: list[str | Path] = [self.program, "-q", "--batch", "-l", file]
        command += ["-l", scripts / "tell.el", "-l", scripts / script]
        return follow(command, self.project, self.home, **variables)


@pytest.fixture
def emacs(tmp_path: Path) -> Emacs:
    return Emacs(tmp_path)


class TestMode:
    def see(self, emacs: Emacs, text: str) -> Any:
        """What the mode makes of a text, with the faces behind each ^ in it."""
        pieces = text.split("^")
        places = [len("".join(pieces[:index])) + 1 for index in range(1, len(pieces))]
        emacs.write("web.buildcontent", text.replace("^", ""))
        return emacs.follow("mode.el", PLACES=json.dumps(places))

    def test_is_that_of_templates_and_knows_the_commands_of_the_contract(
        self, emacs: Emacs
    ) -> None:
        seen = self.see(emacs, FROM)

        assert seen["mode"] == "buildcontent-mode"
        assert seen["commands"] == [*COMMANDS]

    def test_colours_commands_and_no_others(self, emacs: Emacs) -> None:
        words = [*COMMANDS, *map(str.lower, COMMANDS), *UNSUPPORTED_COMMANDS, "RUNNER"]

        faces = self.see(emacs, "".join(f"^{word} a\n" for word in words))["faces"]

        known = 2 * len(COMMANDS)
        assert faces[:known] == ["font-lock-keyword-face"] * known
        assert faces[known:] == ["nil"] * (len(words) - known)

    @pytest.mark.parametrize(
        ("text", "face"),
        [
            ("# ^about it\n", "font-lock-comment-face"),
            ("# ^buildlint: ignore[BL801] as agreed\n", "font-lock-preprocessor-face"),
            ("FROM ^IMAGE_FAMILY:acs:ubuntu\n", "font-lock-type-face"),
            ("ENV ^A=1\n", "font-lock-variable-name-face"),
            ('ENV A="^中文"\n', "font-lock-string-face"),
            ("RUN echo ^'a'\n", "font-lock-string-face"),
            ("RUN echo ^don't\nUSER b\n", "nil"),
            ("RUN echo don't\n^USER b # don't\n", "font-lock-keyword-face"),
            ("RUN echo \"it's\" ^a '\"'\n", "nil"),
            ("RUN echo $^HOME\n", "font-lock-variable-name-face"),
            ("COMPONENT ic-a ^--size 1\n", "font-lock-builtin-face"),
            ("RUN a # ^not a comment of ours\n", "nil"),
            ("RUN a \\\n  # ^between\n  b\n", "font-lock-comment-face"),
            ("RUN a \\\n^RUN b\n", "nil"),
            ("RUN a \\\n# between\n\n^RUN b\n", "nil"),
            ("RUN \\\n^RUN b\n", "nil"),
            ("WORKDIR /a\\\\\n^RUN b\n", "font-lock-keyword-face"),
            ("RUN a \\ \n^RUN b\n", "nil"),
        ],
    )
    def test_colours_parts(self, emacs: Emacs, text: str, face: str) -> None:
        assert self.see(emacs, text)["faces"] == [face]

    def test_lists_commands(self, emacs: Emacs) -> None:
        text = f"{FROM}RUN a \\\n  && RUN\n# RUN c\n\n  user app\nEXPOSE 80\n"

        assert self.see(emacs, text)["index"] == [FROM.strip(), "RUN a \\", "user app"]

    def test_compiles_without_a_warning(self, emacs: Emacs) -> None:
        emacs.write("buildcontent-mode.el", (MODE / "buildcontent-mode.el").read_text("utf-8"))

        assert emacs.follow("compile.el")["log"] == ""


def test_the_report_leads_to_the_problems(emacs: Emacs) -> None:
    # The fourth is like the third, and told of below it.
    lines = ('ENV TITLE="中文😀" APP=/srv', "EXPOSE 80", "run a", "", "run b")
    emacs.write("web.buildcontent", FROM + "".join(f"{line}\n" for line in lines))

    # As Emacs has it, once it has started.
    seen = emacs.follow("report.el", TERM="dumb")

    column = lines[0].index("/srv") + 1
    places = [(2, column), (3, 1), (4, 1)]
    assert seen["visited"] == [["web.buildcontent", *place] for place in places]
    assert seen["counts"] == [2, 1, 1]  # errors, warnings, and what is only told of


def test_flymake_shows_the_problems_of_templates_in_other_files(emacs: Emacs) -> None:
    content = f'{FROM}    ENV TITLE="中文😀" APP=/srv\n'
    text = (
        f'resource "alicloud_ecs_image_pipeline" "网" {{\n  build_content = <<-EOT\n    {content}'
    )
    emacs.write("main.tf", f"{text}  EOT\n}}\n")
    emacs.write("values.yaml", "a: 1\n")

    seen = emacs.follow("flymake.el")

    start = text.index("/srv") + 1
    (mistake,) = seen["before"]
    assert (mistake["start"], mistake["end"]) == (start, start + len("/srv"))
    assert mistake["type"] == ":error"
    assert mistake["text"].startswith("[BL332]: the value of `APP` must be in double quotes")
    assert seen["modified"] is True
    assert seen["kept"] is True
    assert seen["process"] is None


def test_session(emacs: Emacs) -> None:
    if not [*Path("/usr/share/emacs/site-lisp/elpa-src").glob("eglot-*")]:
        needs.give_up("Eglot is not installed (apt-get install elpa-eglot)")
    emacs.write("web.buildcontent", f'{FROM}ENV TITLE="中文😀" APP=/srv\n')

    seen = emacs.follow("session.el", settings("Emacs", "elisp"))

    start = len(f'{FROM}ENV TITLE="中文😀" APP=') + 1
    (mistake,) = seen["before"]
    assert (mistake["start"], mistake["end"]) == (start, start + len("/srv"))
    assert mistake["type"] == "eglot-error"
    assert "[BL332]: the value of `APP` must be in double quotes" in mistake["text"]

    assert "FROM IMAGE_FAMILY:<family>" in seen["hover"]

    assert seen["actions"] == ["Add double quotes", "Ignore BL332 here"]
    assert seen["mended"] == 'ENV TITLE="中文😀" APP="/srv"'

    assert seen["completions"] == ["RUN"]

    assert seen["written"] == f"{FROM}{seen['mended']}\nRUN echo 中文😀\n\nUSER root\n"
