"""A rule explained: the text of `buildlint rule`, and of its page in docs/rules."""

from collections.abc import Iterator

from buildlint.lint.rehearsed import Rehearsed
from buildlint.lint.rules.registry import Example, Rule
from buildlint.service.contract import ServiceCode
from buildlint.shell.shellcheck.codes import NAME, address
from buildlint.text.messages import N_, Message, number, translated
from buildlint.text.source import encode

# What has a code, texts and examples.
Explained = Rule | Rehearsed
# Examples of the limits are long; their pages show how they begin and end.
_MAX_LINES = 12
_HEAD, _TAIL = 4, 2
_MAX_COLUMNS = 100


def markdown(rule: Explained) -> str:
    """Explain a rule in Markdown."""
    return "\n".join(_lines(rule)) + "\n"


def brief(rule: Rule) -> str:
    """Explain a rule in two paragraphs of Markdown."""
    head = Message(N_("{summary}."), {"summary": translated(rule.summary)})
    return f"**{rule.code}** `{rule.name}`\\\n{head}\n\n{translated(rule.explanation)}"


def foreign_markdown(code: str) -> str:
    """Say in one line where a code of ShellCheck is explained."""
    text = N_("{code} is a ShellCheck finding in the shell code of a RUN: {address}")
    return str(Message(text, {"code": code, "address": address(code)}))


def foreign_as_json(code: str) -> dict[str, object]:
    """Describe a code of ShellCheck as a JSON object."""
    return {"code": code, "name": NAME, "summary": foreign_markdown(code), "url": address(code)}


def as_json(rule: Explained) -> dict[str, object]:
    """Explain a rule as a JSON object."""
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": translated(rule.summary),
        "severity": rule.severity,
        "default": rule.is_default,
        "service_code": rule.service_code,
        "explanation": translated(rule.explanation),
        "bad": _example_as_json(rule.bad),
        "good": _example_as_json(rule.good),
    }


def _lines(rule: Explained) -> Iterator[str]:
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield str(Message(N_("{summary}."), {"summary": translated(rule.summary)}))
    yield ""
    yield str(Message(N_("- Severity: {severity}"), {"severity": rule.severity}))
    yield _service_error(rule.service_code)
    if not rule.is_default:
        yield str(
            Message(
                N_("- Off by default; enable it with `--extend-select {rule}`"), {"rule": rule.code}
            )
        )
    yield ""
    yield translated(N_("## Why"))
    yield ""
    yield translated(rule.explanation)
    yield ""
    yield translated(N_("## Bad"))
    yield ""
    yield from _example(rule.bad)
    yield ""
    yield translated(N_("## Good"))
    yield ""
    yield from _example(rule.good)


def _service_error(code: ServiceCode | None) -> str:
    if code is None:
        return translated(N_("- Service error: none"))
    fields = {"code": code, "status": code.http_status}
    return str(Message(N_("- Service error: `{code}` (HTTP {status})"), fields))


def _example_as_json(example: Example) -> dict[str, object]:
    texts = {
        _what(example): example.template,
        "request": example.request,
        "test": example.test,
        **({"component": example.component} if example.component else {}),
        **({"output": example.output} if example.output else {}),
    }
    return {
        name: None if text is None else "".join(f"{line}\n" for line in _abbreviated(text))
        for name, text in texts.items()
    }


def _what(example: Example) -> str:
    if example.host:
        return "host"
    return "component" if example.is_component else "template"


def _example(example: Example) -> Iterator[str]:
    if example.is_component:
        where = (
            N_("In a component (`NAME.component.yaml`):")
            if example.is_yaml
            else N_("In a component (`NAME.component`):")
        )
        yield translated(where)
        yield ""
    language = "hcl" if example.host else "yaml" if example.is_yaml else "dockerfile"
    yield from _fenced(example.template, language)
    if example.output:
        yield ""
        yield translated(N_("It prints:"))
        yield ""
        yield from _fenced(example.output, "text")
    if example.request is not None:
        yield ""
        yield translated(N_("With this request:"))
        yield ""
        yield from _fenced(example.request, "toml")
    if example.component is not None:
        yield ""
        yield translated(N_("With this component (`nginx.component.yaml`):"))
        yield ""
        yield from _fenced(example.component, "yaml")
    if example.test is not None:
        yield ""
        yield translated(N_("With this test (`NAME.test.buildcontent`):"))
        yield ""
        yield from _fenced(example.test, "dockerfile")


def _fenced(text: str, language: str) -> Iterator[str]:
    yield f"```{language}"
    yield from _abbreviated(text)
    yield "```"


def _abbreviated(text: str) -> Iterator[str]:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > _MAX_LINES:
        left_out = number(len(lines) - _HEAD - _TAIL)
        gap = str(Message(N_("… ({count} more lines)"), {"count": left_out}))
        lines = [*lines[:_HEAD], gap, *lines[-_TAIL:]]
    return (_printable(line) for line in lines)


def _printable(line: str) -> str:
    """Write a line such that every file and terminal can hold it."""
    if len(line) > _MAX_COLUMNS:
        left_out = number(len(line) - _MAX_COLUMNS)
        gap = Message(N_("… ({count} more characters)"), {"count": left_out})
        line = f"{line[:_MAX_COLUMNS]}{gap}"
    line = line.replace("\0", "\\0").replace("\r", "\\r").replace("\ufeff", "\\ufeff")
    return encode(line).decode("utf-8", "backslashreplace")
