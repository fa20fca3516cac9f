"""References in components in YAML: variants that the examples of the rules do not show."""

import pytest

from tests.lint.rules.test_component_file import found

PARAMETERS = "Parameters:\n  port: {Type: Number, DefaultValue: 80}\n  端口: {Type: Number}\n"


def tasks(*values: str) -> str:
    """A component with a RunShellCommand for each value, named one, two, …"""
    names = ("one", "two", "three")
    return "Tasks:\n" + "".join(
        f"- Name: {name}\n  Action: RunShellCommand\n  Properties:\n    commandContent: {value}\n"
        for name, value in zip(names, values, strict=False)
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("echo {{ port }} {{端口}}", []),
        ("echo {{port}} {{ 端口 }} {{ prot }}", [("BL469", "{{ prot }}")]),
        ("'echo ''{{ a }}'' {{ port }} {{ 端口 }}'", [("BL469", "{{ a }}")]),
        ('"echo \\"{{ a }}\\" {{ port }} {{ 端口 }}"', [("BL469", "{{ a }}")]),
        ("|\n      echo {{ port }} {{ 端口 }}\n      echo {{ a }}", [("BL469", "{{ a }}")]),
        ("echo {{ port }}", [("BL470", "端口")]),
        ("echo {{ Port }} {{ 端口 }}", [("BL470", "port"), ("BL469", "{{ Port }}")]),
        ("echo {{{ port }}} {{ 端口 }} {{{ a }}} {{ end }}", []),
    ],
)
def test_a_reference_is_a_parameter(value: str, expected: list[tuple[str, str]]) -> None:
    assert found(PARAMETERS + tasks(value)) == expected


def test_parameters_of_what_cannot_be_read_whole_may_be_used() -> None:
    assert found(f"{PARAMETERS}{tasks('ls')}- x\n") == [("BL461", "x")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("ls", "echo {{ one.stdout }}"), []),
        (("ls", "ls", "echo {{ one.stdout }} {{two.stdout}}"), []),
        (("echo {{ one.stdout }}",), [("BL475", "{{ one.stdout }}")]),
        (("echo {{ two.stdout }}", "ls"), [("BL475", "{{ two.stdout }}")]),
        (("ls", "echo {{ none.stdout }}"), [("BL475", "{{ none.stdout }}")]),
        (("ls", "echo {{ one.stderr }}"), []),
    ],
)
def test_an_output_is_one_of_an_earlier_task(
    values: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert found(tasks(*values)) == expected


@pytest.mark.parametrize("action", ["RunPowerShellCommand", "InvokeCommand", "OSSUpload", "Reboot"])
def test_only_shell_commands_have_an_output(action: str) -> None:
    text = f"{tasks('ls')}- Name: b\n  Action: {action}\n- Name: c\n  Action: RunShellCommand\n"
    text += "  Properties: {commandContent: 'echo {{ b.stdout }}'}\n"
    assert ("BL475", "{{ b.stdout }}") in found(text)


def test_what_an_unknown_action_has_is_not_known() -> None:
    text = f"{tasks('ls')}- Name: b\n  Action: Compute\n- Name: c\n  Action: RunShellCommand\n"
    text += "  Properties: {commandContent: 'echo {{ b.stdout }}'}\n"
    assert found(text) == [("BL463", "Compute")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{ port }}", [("BL471", "{{ port }}")]),
        ("{{port}}", [("BL471", "{{port}}")]),
        ("{ {port} }", [("BL471", "{ {port} }")]),
        ('"{{ port }}"', []),
        ("'{{ port }}/a'", []),
        ("/a/{{ port }}", []),
        ("{a: b}", [("BL470", "port"), ("BL466", "{a: b}")]),
    ],
)
def test_a_reference_at_the_start_needs_quotes(value: str, expected: list[tuple[str, str]]) -> None:
    assert found("Parameters:\n  port: {Type: Number}\n" + tasks(value)) == expected
