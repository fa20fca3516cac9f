"""Components in YAML, what is in them: variants that the examples of the rules do not show."""

from collections.abc import Mapping

import pytest

from buildlint.hosts.tasks import unit
from buildlint.hosts.units import lint_unit
from buildlint.lint.linter import Policy
from buildlint.service.calls import CREATE_COMPONENT
from buildlint.service.contract import MAX_CONTENT_BYTES, TASKS
from buildlint.service.request import load
from buildlint.text.diagnostics import apply_edits
from buildlint.text.source import Source
from tests.lint.rules.helpers import marked, texts

RUN = "Tasks:\n- Name: a\n  Action: RunShellCommand\n  Properties:\n    commandContent: ls\n"
REBOOT = "Tasks:\n- Name: a\n  Action: Reboot\n"


def found(text: str, request: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """The rule and the marked characters of each diagnostic; all that is said can be shown."""
    lines = "".join(f'{name} = "{value}"\n' for name, value in (request or {}).items())
    asked = load(Source("x.toml", lines), CREATE_COMPONENT) if request is not None else None
    checked = lint_unit(unit(Source("x.component.yaml", text), asked), Policy(kind=TASKS))
    assert all(all(texts(each)) for each in checked)
    return [
        (each.rule, marked(each))
        for each in checked
        if each.rule.startswith(("BL45", "BL46", "BL47"))
    ]


def task(action: str, **properties: str) -> str:
    lines = "".join(f"    {name}: {value}\n" for name, value in properties.items())
    return f"Tasks:\n- Name: a\n  Action: {action}\n  Properties:\n{lines}"


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("{{ port }}", '"{{ port }}"'),
        ("{{port}}  # a", '"{{port}}"  # a'),
        # Between quotes, these would say something else.
        ("{{\n      port }}", None),
        ("{{ 'port' }}", None),
    ],
)
def test_a_reference_is_put_in_quotes_if_it_says_the_same_there(
    written: str, fixed: str | None
) -> None:
    file = f"Parameters:\n  port: {{Type: Number}}\n{task('RunShellCommand', commandContent='@')}"
    text = file.replace("@", written)
    checked = lint_unit(unit(Source("x.component.yaml", text), None), Policy(kind=TASKS))
    (fix,) = (each.fix for each in checked if each.rule == "BL471")
    assert (apply_edits(text, fix.edits) if fix else None) == (fixed and file.replace("@", fixed))


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["x", "网"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_limit_counts_what_is_sent(character: str, end: str, mark: str) -> None:
    width = len(character.encode())
    rest = MAX_CONTENT_BYTES - len(f"# \n{RUN}".encode())
    fits = f"# {character * (rest // width)}{'.' * (rest % width)}\n{RUN}"
    assert len(fits.encode()) == MAX_CONTENT_BYTES
    assert found(mark + fits.replace("\n", end)) == []
    ((rule, _),) = found(mark + f"{fits}#".replace("\n", end))
    assert rule == "BL458"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tasks: [a\n", [("BL460", "[")]),
        (f"{REBOOT}  Action: Reboot\n", [("BL460", "Action")]),
        (f"{REBOOT}...\n---\n", [("BL460", "-")]),
        (f"{REBOOT}---\n{REBOOT}", [("BL460", "-")]),
    ],
)
def test_what_cannot_be_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tasks:\n- Action: Reboot\n", [("BL461", "Action: Reboot")]),
        ("Tasks:\n- Name: a\n", [("BL461", "Name: a")]),
        ("Tasks:\n- Name: ''\n  Action: Reboot\n", [("BL461", "''")]),
        (f"{REBOOT}  Properties: x\n", [("BL461", "x")]),
        (f"{REBOOT}  Properties:\n", []),
        (f"Parameters: x\n{REBOOT}", [("BL461", "x")]),
        (f"Parameters:\n  x: {{}}\n{REBOOT}", [("BL461", "x")]),
        (f"{REBOOT}- x\n- [y]\n", [("BL461", "x"), ("BL461", "[y]")]),
    ],
)
def test_the_structure(text: str, expected: list[tuple[str, str]]) -> None:
    assert [each for each in found(text) if each[0] != "BL470"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REBOOT.replace("Tasks", "tasks"), [("BL462", "tasks")]),
        (REBOOT.replace("Name", "name"), [("BL462", "name")]),
        (REBOOT.replace("Reboot", "reboot"), [("BL462", "reboot")]),
        (REBOOT.replace("Reboot", "Rebot"), [("BL462", "Rebot")]),
        (REBOOT.replace("Reboot", "Shutdown"), [("BL463", "Shutdown")]),
        (f"Version: 1\n{REBOOT}", [("BL463", "Version")]),
        (f"{REBOOT}  Timeout: 1\n", [("BL463", "Timeout")]),
        (f"{REBOOT}  properties: {{}}\n", [("BL462", "properties")]),
        (task("Reboot", force_stop="true"), [("BL462", "force_stop")]),
        (task("Reboot", delay="1"), [("BL463", "delay")]),
        (task("RunShellCommand", command_content="ls"), [("BL462", "command_content")]),
        (task("runshellcommand", commandContent="ls"), [("BL462", "runshellcommand")]),
        (task("Sleep", seconds="1"), [("BL463", "Sleep")]),
    ],
)
def test_a_name_is_misspelled_or_unknown_and_said_once(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text) == expected


# --- tasks ---------------------------------------------------------------------------------------


def test_each_repeated_name_is_said() -> None:
    more = "".join(f"- Name: {name}\n  Action: Reboot\n" for name in ("'a'", "b", '"a"', "A"))
    assert found(f"{REBOOT}{more}") == [("BL464", "'a'"), ("BL464", '"a"')]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (task("RunShellCommand", username="root"), [("BL465", "RunShellCommand")]),
        (task("RunShellCommand", commandContent="'  '"), [("BL465", "'  '")]),
        (task("RunPowerShellCommand", workingDir="C:/"), [("BL465", "RunPowerShellCommand")]),
        (task("InvokeCommand", parameters="'{}'"), [("BL465", "InvokeCommand")]),
        (task("OSSDownload", bucketName="b", objectName="o"), [("BL465", "OSSDownload")]),
        (task("OSSUpload", bucketName="b", objectName="o"), [("BL465", "OSSUpload")]),
        (task("WebDownload", sourcePath="/a"), [("BL465", "WebDownload")]),
        (task("Reboot", forceStop="'true'"), []),
        (task("Reboot", forceStop="yes"), []),
        (task("Reboot", forceStop="1"), [("BL466", "1")]),
        (
            task("OSSDownload", bucketName="b", objectName="o", destinationDir="/o", validTime="x"),
            [("BL466", "x")],
        ),
        (task("InvokeCommand", commandId="c", parameters="{a: b}"), [("BL466", "{a: b}")]),
        (task("RunShellCommand", commandContent="ls", username="[a]"), [("BL466", "[a]")]),
    ],
)
def test_the_properties_of_a_task(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


POWER = "- Name: p\n  Action: RunPowerShellCommand\n  Properties: {commandContent: ls}\n"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (None, ["RunPowerShellCommand"]),
        ({}, ["RunPowerShellCommand"]),
        ({"SystemType": "Linux"}, ["RunPowerShellCommand"]),
        ({"SystemType": "Windows"}, ["RunShellCommand"]),
        ({"SystemType": "{{ x }}"}, []),
    ],
)
def test_tasks_agree_with_the_system(
    request_: Mapping[str, str] | None, expected: list[str]
) -> None:
    text = f"{RUN}{POWER}- Name: r\n  Action: Reboot\n"
    about = [said for rule, said in found(text, request_) if rule == "BL472"]
    assert about == expected


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("abc", ["abc"]),
        ("'{{ token }}'", []),
        ("'Bearer {{ token }}'", ["'Bearer {{ token }}'"]),
        ("", []),
    ],
)
def test_a_token_is_visible(token: str, expected: list[str]) -> None:
    text = task("WebDownload", sourcePath="/a", destinationDir="/b", tokenInfo=token)
    text = f"Parameters: {{token: {{Type: String}}}}\n{text}"
    assert [said for rule, said in found(text) if rule == "BL473"] == expected


# --- parameters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("{Type: String}", []),
        ("{Type: string}", [("BL467", "string")]),
        ("{Type: Integer}", [("BL467", "Integer")]),
        ("{Type: String, DefaultValue: 2026-01-01}", []),
        ("{Type: String, DefaultValue: }", [("BL468", "")]),
        ("{Type: Number, DefaultValue: '-1.5'}", []),
        ("{Type: Number, DefaultValue: 1 GB}", [("BL468", "1 GB")]),
        ("{Type: Boolean, DefaultValue: off}", []),
        ("{Type: Boolean, DefaultValue: 0}", [("BL468", "0")]),
        ("{Type: Boolean, DefaultValue: [true]}", [("BL468", "[true]")]),
    ],
)
def test_the_declaration_of_a_parameter(parameter: str, expected: list[tuple[str, str]]) -> None:
    text = RUN.replace("commandContent: ls", "commandContent: echo {{ x }}")
    assert found(f"Parameters:\n  x: {parameter}\n{text}") == expected
