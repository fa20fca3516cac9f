"""What editors and hooks take for templates, components and requests, by the names of files."""

import fnmatch
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from buildlint.files.names import HOST_SUFFIXES, is_host
from buildlint.hosts import kinds as hosts
from tests.documents import text_of

COMMANDS = ("BuildContent", "images/BuildContent", "web.buildcontent", "a/nginx.component")
YAML = ("nginx.component.yaml", "a/nginx.component.yml")
REQUESTS = ("web.request.toml", "web.request.json", "nginx.component.request.toml")
OTHERS = (
    "Dockerfile", "BuildContent.md", "web.buildcontent.bak", "request.toml", "web.toml",
    "nginx.component.ts", "component", "nginx.component.json", "values.yaml", "components/a.yaml",
)  # fmt: skip

Takes = Callable[[str], bool]


def hook(name: str) -> Takes:
    hooks = yaml.safe_load(text_of(".pre-commit-hooks.yaml"))
    (found,) = (each for each in hooks if each["id"] == name)
    files, exclude = found["files"], found.get("exclude", "^$")
    return lambda path: bool(re.search(files, path) and not re.search(exclude, path))


def vscode() -> Takes:
    (language,) = json.loads(text_of("editors/vscode/package.json"))["contributes"]["languages"]
    assert language["id"] == "buildcontent"
    ends = tuple(language["extensions"])
    return lambda path: path.endswith(ends) or path.split("/")[-1] in language["filenames"]


def vim() -> Takes:
    _, _, patterns, *_ = text_of("editors/vim/ftdetect/buildcontent.vim").split()
    return lambda path: matches(path, patterns.split(","))


def helix() -> Takes:
    (language,) = tomllib.loads(text_of("editors/helix/languages.toml"))["language"]
    types = language["file-types"]
    globs = [each["glob"] if isinstance(each, Mapping) else f"*.{each}" for each in types]
    return lambda path: matches(path, globs)


def emacs() -> Takes:
    (pattern,) = re.findall(
        r'"(.*)" \. buildcontent-mode', text_of("editors/emacs/buildcontent-mode.el")
    )
    # Emacs writes groups and alternatives with backslashes, and the end of a text in its own way.
    python = pattern.replace("\\\\", "\\").replace(r"\(?:", "(?:").replace(r"\|", "|")
    python = python.replace(r"\)", ")").replace(r"\'", r"\Z")
    return lambda path: re.search(python, f"/project/{path}") is not None


def neovim_formats() -> Takes:
    (patterns,) = re.findall(r"pattern = \{ (.*?) \}", text_of("docs/editors.md"))
    return lambda path: matches(path, json.loads(f"[{patterns}]"))


def matches(path: str, globs: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(path.rsplit("/", maxsplit=1)[-1], glob) for glob in globs)


@pytest.mark.parametrize(
    "takes",
    [hook("buildlint-format"), vscode(), vim(), helix(), emacs(), neovim_formats()],
    ids=["format", "vscode", "vim", "helix", "emacs", "neovim"],
)
def test_templates_and_components_in_the_form_of_commands_are_one_language(takes: Takes) -> None:
    assert [*filter(takes, (*COMMANDS, *YAML, *REQUESTS, *OTHERS))] == [*COMMANDS]


@pytest.mark.parametrize("name", ["buildlint", "buildlint-fix"])
def test_hooks_check_every_kind_of_file_and_no_other(name: str) -> None:
    wanted = (*COMMANDS, *YAML, *REQUESTS)
    assert [*filter(hook(name), (*wanted, *OTHERS))] == [*wanted]


# --- infrastructure code -------------------------------------------------------------------------

HOSTS = ("main.tf", "a/main.tf.json", "Pulumi.yaml", "stack.yml", "stack.json")


def test_the_hook_for_infrastructure_code_takes_what_may_hold_templates() -> None:
    names = (*HOSTS, *COMMANDS, *YAML, *REQUESTS, "a.tfvars", "Dockerfile", "yaml")
    assert [*filter(hook("buildlint-iac"), names)] == [*HOSTS]
    assert [name for name in names if is_host(Path(name))] == [*HOSTS]
    known = {suffix for host in hosts.HOSTS for suffix in host.suffixes}
    assert {*HOST_SUFFIXES, ".tf.json"} == known


EDITORS = {
    "vscode": "vscode/src/documents.ts",
    "neovim": "neovim/lua/buildlint.lua",
    "emacs": "emacs/buildcontent-mode.el",
    "vim": "vim/autoload/buildlint/ale.vim",
}


def looks(editor: str) -> re.Pattern[str]:
    """What an editor looks for in a file before it starts anything: a pattern, or names."""
    text = text_of(f"editors/{EDITORS[editor]}")
    if pattern := re.search(r"^const RESOURCE = /(.*)/i;$", text, re.MULTILINE):
        return re.compile(pattern[1], re.IGNORECASE)
    name = r"[\"'](\w*(?:alicloud_ecs_image_|ALIYUN::ECS::Image|EcsImage)\w+)[\"']"
    names = re.findall(name, text)
    assert names
    return re.compile("|".join(names))


@pytest.mark.parametrize("editor", EDITORS)
def test_editors_look_for_what_declares_a_template(editor: str) -> None:
    look = looks(editor)
    markers = [each.decode() for host in hosts.HOSTS for each in host.markers]
    assert [each for each in markers if not look.search(each)] == []
    others = "alicloud_instance alicloud_image ALIYUN::ECS::Image: ALIYUN::ECS::Instance EcsImage"
    assert look.search(others) is None


def test_editors_take_every_kind_of_infrastructure_code() -> None:
    suffixes = {each.removeprefix(".") for each in HOST_SUFFIXES}
    (globs,) = re.findall(r'"\*\*/\*\.\{(.*)\}" \};', text_of("editors/vscode/src/documents.ts"))
    assert set(globs.split(",")) == suffixes
    neovim = text_of("editors/neovim/lua/buildlint.lua")
    (table,) = re.findall(r"^local HOSTS = \{ (.*) \}$", neovim, re.MULTILINE)
    (patterns,) = re.findall(r'pattern = \{ ("\*\..*) \}', neovim)
    assert set(re.findall(r"(\w+) = true", table)) == suffixes
    assert set(re.findall(r"\*\.(\w+)", patterns)) == suffixes
