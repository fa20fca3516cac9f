"""Chinese on the command line: what click says, errors, and what the operating system says."""

import ast
import gettext
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlint.text.messages import LOCALE
from tests.cli.commands import run

# Of these, click says something that a user can get to see.
MODULES = ("core", "exceptions", "formatting", "parser", "types")
# What nobody gets to see: mistakes of a program that uses click, and what this one has not.
UNSEEN = re.compile(
    "Aborted!|deprecated|DeprecationWarning|Name '|Boolean option|Could not determine name|"
    "No options defined|Arguments take exactly|Could not open file|unknown error|Invalid start|"
    "Value must be an iterable|Error: |Try '|Choice|format|UUID|values are required"
)


def clicks_texts() -> Iterator[tuple[str, ...]]:
    """The texts in the click that is installed, each with its plural."""
    for module in MODULES:
        spec = importlib.util.find_spec(f"click.{module}")
        assert spec
        assert spec.origin
        for node in ast.walk(ast.parse(Path(spec.origin).read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name("_" | "ngettext"), args=[*arguments]):
                    texts = (each.value for each in arguments if isinstance(each, ast.Constant))
                    if found := tuple(text for text in texts if isinstance(text, str)):
                        yield found


def test_all_that_click_says_is_chinese() -> None:
    chinese = gettext.translation("click", LOCALE, ["zh_CN"])
    seen = [texts for texts in clicks_texts() if not UNSEEN.search(texts[0])]
    assert len(seen) > 20
    english = [
        texts
        for texts in seen
        if (chinese.ngettext(texts[0], texts[1], 1) if texts[1:] else chinese.gettext(texts[0]))
        in texts
    ]
    assert english == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("chek",), "未知命令 `chek`；是否应为 `check`？"),
        (("check", "--diffs"), "没有选项 '--diffs' (是否应为 '--diff'?)"),
        (("check", "-j", "-1"), "'-j' / '--jobs' 的值无效：-1 不在范围 x>=0 内"),
        (("check", "-j", "x"), "'-j' / '--jobs' 的值无效：'x' 不是有效的数字"),
        (("check", "-j"), "选项 '-j' 缺少值"),
        (("check", "--fix=1"), "选项 '--fix' 不接受值"),
        (("config", "a", "b"), "多余的参数：b"),
        (("check", "missing"), "missing: 没有此文件或目录"),
        (
            ("compile", "."),
            (
                ".: 没有找到模板（`NAME.buildcontent`、`BuildContent`、`NAME.component`，"
                "或者 Terraform、ROS 和 Pulumi 文件中的模板）"
            ),
        ),
    ],
)
def test_errors_are_chinese(arguments: tuple[str, ...], says: str) -> None:
    result = run(*arguments, "--lang", "zh_CN") if arguments[-1] != "-j" else None
    result = result or run("--lang", "zh_CN", *arguments)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == f"错误: {says}"


def test_usage_and_help_are_chinese() -> None:
    usage = run("config", "a", "b", "--lang", "zh_CN").stderr
    assert (
        "\n\n用法: buildlint config [选项] [PATH]\n\n更多信息请执行 `buildlint config --help`。"
        in usage
    )
    text = run("--lang", "zh_CN", "rule", "--help").stdout
    for part in ("用法: ", "选项:\n", "显示帮助。", "[默认值：text]"):
        assert part in text
    text = run("--lang", "zh_CN", "--help").stdout
    for part in ("用法: buildlint [选项] 命令 [参数]...\n", "命令:\n", "显示版本。"):
        assert part in text


def test_the_language_of_click_ends_with_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    assert run("--lang", "zh_CN", "--version").exit_code == 0
    assert "Usage: " in run("--lang", "en", "--help").stdout


def test_what_is_said_has_its_kind_in_colour() -> None:
    coloured = run("check", "missing", FORCE_COLOR="1")
    assert coloured.stderr == "\x1b[1;31merror:\x1b[0m missing: no such file or directory\n"
    assert run("check", FORCE_COLOR="1").stderr.startswith("\x1b[1;33mwarning:\x1b[0m no templates")
