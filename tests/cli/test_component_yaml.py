"""Components in YAML on the command line: checked, fixed, planned and compiled; bad files too."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from buildlint.lint.rules import REGISTRY
from tests import needs
from tests.cli.commands import GOOD, run, write
from tests.hosts.test_components import dumped

NAME = "web.component.yaml"
HEAD = "Tasks:\n  - Name: a\n    Action: RunShellCommand\n    Properties:\n      commandContent: "
INSTALL = f"{HEAD}yum install nginx\n"
FIXED = f"{HEAD}yum install -y nginx\n"
REGION = ("--set", "RegionId=cn-hangzhou")
FORMATS = ("json", "content", "query", "aliyun", "python", "terraform", "ros")


def put(text: str | bytes, name: str = NAME) -> None:
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)


def lines(*arguments: str) -> list[str]:
    """The lines of a concise report that stand for a problem, without the name of the file."""
    result = run("check", "--ignore=SC", "--output-format", "concise", *arguments)
    said = [line for line in result.output.splitlines() if line.startswith(NAME)]
    assert result.exit_code == (1 if any(" error " in line for line in said) else 0)
    return [line.removeprefix(f"{NAME}:") for line in said]


def rules(*arguments: str) -> list[str]:
    return [f"{line.split(':')[0]} {line.split()[2]}" for line in lines(*arguments)]


# --- check ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [NAME, "web.component.yml"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fix_changes_the_command_alone(name: str, mark: str, end: str) -> None:
    text = f"# 网\n{INSTALL}  # the end\n"
    put(mark + text.replace("\n", end), name)
    assert run("check", "--fix").exit_code == 0
    expected = mark + text.replace("install", "install -y").replace("\n", end)
    assert Path(name).read_bytes() == expected.encode()


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("|\n        yum install a\n", "|\n        yum install -y a\n"),
        ("|-\n        yum install a\n", "|-\n        yum install -y a\n"),
        ("|+\n        yum install a\n\n", "|+\n        yum install -y a\n\n"),
        ("|4 # c\n          yum install a\n", "|4 # c\n          yum install -y a\n"),
        (
            ">\n        yum\n        install\n        a\n",
            ">\n        yum\n        install -y\n        a\n",
        ),
        ("'yum install ''a'''\n", "'yum install -y ''a'''\n"),
        ('"yum \\u0069nstall a"\n', '"yum \\u0069nstall -y a"\n'),
        ("!!str yum install a\n", "!!str yum install -y a\n"),
        ("&x yum install a\n", "&x yum install -y a\n"),
    ],
)
def test_a_fix_is_written_in_the_style_of_the_script(written: str, fixed: str) -> None:
    put(HEAD + written)
    assert run("check", "--fix", "--ignore=SC").exit_code == 0
    assert Path(NAME).read_bytes() == (HEAD + fixed).encode()


def test_set_e_goes_below_the_first_line_of_a_script() -> None:
    pad = " " * 8
    put(f"{HEAD}|\n{pad}#!/bin/bash\n{pad}# nginx\n\n{pad}yum install -y a\n{pad}echo done\n")
    assert rules() == ["9 BL540"]
    assert run("check", "--fix", "--unsafe-fixes", "--ignore=SC").exit_code == 0
    expected = f"{pad}# nginx\n\n{pad}set -e\n{pad}yum install -y a\n{pad}echo done\n"
    assert Path(NAME).read_text("utf-8") == f"{HEAD}|\n{pad}#!/bin/bash\n{expected}"


@pytest.mark.parametrize(
    "first",
    ["#!/bin/sh -e", "#!/bin/bash -xe", "#!/usr/bin/env -S bash -e", "#!/usr/bin/python3"],
)
def test_the_first_line_of_a_script_tells_how_it_is_read(first: str) -> None:
    pad = " " * 8
    put(f"{HEAD}|\n{pad}{first}\n{pad}yum install -y nginx\n{pad}echo 'done'\n")
    assert lines() == []


def test_a_reference_without_quotes_is_put_between_them() -> None:
    parameters = "Parameters: {x: {Type: String}}\n"
    put(f"{parameters}{HEAD}{{{{ x }}}}\n")
    assert rules() == ["6 BL471"]
    assert run("check", "--fix").exit_code == 0
    assert Path(NAME).read_text("utf-8") == f'{parameters}{HEAD}"{{{{ x }}}}"\n'


def test_ignore_comments_are_added_in_the_scripts_that_can_hold_them() -> None:
    pad = " " * 8
    other = HEAD.replace("Tasks:\n", "").replace("Name: a", "Name: {}")
    scripts = (
        f"{HEAD}|\n{pad}#!/bin/bash\n{pad}set -e\n{pad}yum install nginx\n",
        f"{other.format('b')}yum install nginx\n",
        f'{other.format("c")}"yum install nginx"\n',
        f"{other.format('d')}|-\n{pad}yum install nginx\n",
    )
    put("".join(scripts))
    comment = "# buildlint: ignore[BL510]"
    result = run("check", "--add-ignore", "--ignore=SC")
    assert "added ignore comments for 3 problems" in result.stderr
    expected = (
        scripts[0].replace(f"{pad}set", f"{pad}{comment}\n{pad}set"),
        scripts[1],
        scripts[2].replace('"yum', f'"{comment}\\nyum'),
        scripts[3].replace(f"{pad}yum", f"{pad}{comment}\n{pad}yum"),
    )
    assert Path(NAME).read_text("utf-8") == "".join(expected)
    assert rules() == ["13 BL510"]


def test_one_run_reports_all_mistakes_and_goes_on_with_other_files() -> None:
    put("Tasks: [\n", "a.component.yaml")
    put(b"\xff", "b.component.yaml")
    put(
        "Parameters:\n  x: {Type: Text}\n  y: {Type: Number, DefaultValue: z}\nTasks:\n"
        "  - Name: a\n    Action: reboot\n  - Name: a\n    Action: WebDownload\n"
        "    Properties: {sourcePath: '{{ z }}', timeout: soon}\n  - text\n"
    )
    write("c.buildcontent", GOOD)
    result = run("check", "--output-format", "json")
    found = [(each["path"], each["rule"]) for each in json.loads(result.stdout)]
    assert found == [
        ("a.component.yaml", "BL460"),
        ("b.component.yaml", "BL460"),
        *((NAME, code) for code in ("BL467", "BL468", "BL462", "BL464", "BL465", "BL469")),
        *((NAME, code) for code in ("BL466", "BL461")),
    ]


def test_what_is_wrong_with_the_request_stands_there() -> None:
    put(INSTALL)
    write("web.component.request.toml", 'RegionId = "cn-hangzhou"\nSystemType = "Windows"\n')
    assert rules() == ["3 BL472", "5 BL510"]
    write("web.component.request.toml", 'RegionId = "cn-hangzhou"\nComponentVersion = "1"\n')
    result = run("check", "--output-format", "concise")
    assert "web.component.request.toml:2:1: error BL454" in result.stdout


@pytest.mark.parametrize("name", ["x", "name-of-something", "a.stdout"])
def test_shellcheck_says_nothing_of_references(name: str) -> None:
    needs.shellcheck()
    other = HEAD.removeprefix("Tasks:\n").replace("Name: a", "Name: z")
    put(
        "Parameters: {x: {Type: String}, name-of-something: {Type: String}}\n"
        f"{HEAD}echo {{{{ x }}}} {{{{ name-of-something }}}}\n"
        f"{other}'rm {{{{{name}}}}} && ls $HOME {{{{ {name} }}}}'\n"
    )
    result = run("check", "--select", "SC", "--output-format", "json")
    (found,) = json.loads(result.stdout)
    text = Path(NAME).read_text("utf-8").splitlines()[found["start"]["line"] - 1]
    assert text[found["start"]["column"] - 1 : found["end"]["column"] - 1] == "$HOME"


# --- bad input -----------------------------------------------------------------------------------

LEVELS = "abcdefgh"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join([f'*{other}'] * 10)}]\n" for other, one in pairwise(LEVELS)
)
TASK = "Tasks:\n  - &t\n    Name: a\n    Action: Reboot\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tasks:\n\t- Name: a\n", ["2 BL460"]),
        ("Tasks: []\nTasks: []\n", ["2 BL460", "2 BL461"]),
        (f"{INSTALL}      commandContent: ls\n", ["5 BL510", "6 BL460"]),
        (f"{BOMB}Tasks: *h\n", ["6 BL460"]),
        ("Tasks: &a [*a]\n", ["1 BL460"]),
        ("Tasks: *a\n", ["1 BL460"]),
        (f"{TASK}  - *t\n", ["3 BL464"]),
        (f"{TASK}  - <<: *t\n    Name: b\n", []),
        (f"{TASK}  - <<: [*t]\n    Name: b\n", []),
        (f"{TASK}    <<: 1\n", ["5 BL461"]),
        (f"{INSTALL}---\n{INSTALL}", ["6 BL460"]),
        (f"---\n{INSTALL}...\n", ["6 BL510"]),
        ("- a\n", ["1 BL461"]),
        ("text\n", ["1 BL461"]),
        ("", ["1 BL461"]),
        ("# text\n\n# text\n", ["1 BL461"]),
        ("# " + "x" * (1 << 20), ["1 BL460"]),
        ("Tasks: " + "[" * 10_000, ["1 BL460"]),
        ("Tasks: " + "[" * 5_000 + "]" * 5_000, ["1 BL460"]),
        ("".join(f"{' ' * depth}a:\n" for depth in range(150)), ["65 BL460"]),
        (b"Tasks: \xff\n", ["1 BL460"]),
        (INSTALL.encode("utf-16"), ["1 BL460"]),
        ("Tasks: \0\n", ["1 BL460"]),
        (f"{HEAD}[ls]\n", ["5 BL466"]),
        (f"{HEAD}{{a: b}}\n", ["5 BL466"]),
        (f"{HEAD}\n", ["5 BL465"]),
        (f"{HEAD}''\n", ["5 BL465"]),
        (f"{HEAD}1\n", []),
        (INSTALL.replace("Name: a", "Name: 1"), ["5 BL510"]),
        (INSTALL.replace("Name: a", "Name: [a]"), ["2 BL461", "5 BL510"]),
        (INSTALL.replace("Name: a", "Name:"), ["2 BL461", "5 BL510"]),
        (INSTALL.replace("Name: a", "[a]: b\n    Name: a"), ["2 BL461", "6 BL510"]),
        ("Tasks:\n", ["1 BL461"]),
        ("Tasks: {}\n", ["1 BL461"]),
        ("Tasks:\n  -\n", ["2 BL461"]),
        ("Tasks:\n  - - a\n", ["2 BL461"]),
        ("Tasks:\n  - Name:\n    Action:\n    Properties:\n", ["2 BL461", "2 BL461"]),
        ("Tasks:\n  - Name: a\n    Action: [b]\n", ["3 BL461"]),
        ("Tasks:\n  - Name: a\n    Action: RunShellCommand\n    Properties: b\n", ["4 BL461"]),
        (f"Parameters:\n{TASK}", []),
        (f"Parameters: [a]\n{TASK}", ["1 BL461"]),
        (f"Parameters:\n  a:\n{TASK}", ["2 BL461"]),
        (f"Parameters:\n  [a]: {{Type: String}}\n{TASK}", ["2 BL461"]),
        (f"Parameters:\n  a: {{Type: [String]}}\n{TASK}", ["2 BL470", "2 BL467"]),
        (f"Parameters:\n  a: {{Type: String, DefaultValue: }}\n{TASK}", ["2 BL470", "2 BL468"]),
        (f"~: 1\n[a]: 1\n? {{a: b}}\n: 1\n{TASK}", ["1 BL463", "2 BL461", "3 BL461"]),
    ],
)
def test_bad_input_is_told_at_its_place(text: str | bytes, expected: list[str]) -> None:
    put(text)
    assert rules() == expected
    for command in ("plan", "compile"):
        result = run(command, NAME, *(REGION if command == "compile" else ()))
        assert result.exit_code in (0, 1)
        assert "internal error" not in result.output
    assert run("check", "--fix").exit_code in (0, 1)


# --- plan and compile ----------------------------------------------------------------------------


def test_the_file_is_sent_as_it_is_with_lf_line_ends() -> None:
    text = f"# 网\n{FIXED}"
    put(f"\ufeff{text}".replace("\n", "\r\n"))
    result = run("compile", NAME, *REGION)
    assert json.loads(result.stdout) == {"RegionId": "cn-hangzhou", "Content": text}
    assert run("compile", "--format", "content", NAME, *REGION).stdout.rstrip("\n") == text.rstrip()


@pytest.mark.parametrize("output_format", FORMATS)
def test_each_format_contains_the_content(output_format: str) -> None:
    put(FIXED)
    result = run("compile", "--format", output_format, NAME, *REGION)
    assert result.exit_code == 0
    assert "yum" in result.stdout
    assert "CreateImagePipeline" not in result.stdout


def test_the_plan_names_the_tasks() -> None:
    put(f"{FIXED}  - Name: again\n    Action: Reboot\n")
    said = run("plan", NAME).stdout
    assert "RunShellCommand a" in said
    assert "Reboot again" in said


@settings(max_examples=settings().max_examples // 10)
@given(dumped())
def test_any_tree_is_planned_and_compiled(text: str) -> None:
    put(text)
    for output_format in ("text", "json", "html"):
        assert run("plan", NAME, "--format", output_format).exit_code in (0, 1)
    for output_format in FORMATS:
        result = run("compile", NAME, "--format", output_format, *REGION)
        assert result.exit_code in (0, 1)
        assert "Traceback" not in result.output


def test_every_rule_about_tasks_has_an_error_of_the_service_or_is_no_error() -> None:
    about = [each for code, each in REGISTRY.rules.items() if code >= "BL460" and code <= "BL475"]
    assert len(about) == 15
    assert all(each.service_code for each in about if each.severity == "error")


def test_a_comment_goes_below_the_line_that_names_a_shell_in_every_task() -> None:
    script = "    #!/bin/bash\n    yum install nginx\n"
    task = (
        "- Name: {name}\n  Action: RunShellCommand\n  Properties:\n   commandContent: |\n{script}"
    )
    text = "Tasks:\n" + "".join(task.format(name=name, script=script) for name in "ab")
    write("nginx.component.yaml", text)
    assert run("check", "--add-ignore").exit_code == 0
    below = "#!/bin/bash\n    # buildlint: ignore[BL510]\n"
    after = Path("nginx.component.yaml").read_text("utf-8")
    assert after == text.replace("#!/bin/bash\n", below)
