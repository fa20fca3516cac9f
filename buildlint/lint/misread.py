"""Lines that are read as commands and were never meant as such.

They belong to a string of the RUN above, which no continuation joins to it, or the file is of
another kind altogether. One diagnostic says so; other rules have nothing to say about them.
"""

from collections.abc import Iterator, Sequence

from buildlint.language.syntax import Comment, Instruction, Invalid, Reason, Run, Template
from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS
from buildlint.service.parameters import PARAMETERS
from buildlint.shell.lexer import lex, lexed
from buildlint.text.messages import N_
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.span import Span

# --- strings of several lines --------------------------------------------------------------------


class OpenString(Record):
    """A string that begins in a RUN and ends in a line below it.

    `quote` is its opening quote, `run` the command that has it, `swallowed` are the commands that
    its other lines are read as.
    """

    run: Run
    quote: Span
    swallowed: tuple[Instruction, ...]


def open_strings(template: Template) -> tuple[OpenString, ...]:
    """Find the strings of RUNs that go on in lines which are read as commands."""
    commands = template.instructions
    found = []
    for index, run in enumerate(commands[:-1]):
        # Most are followed by a command.
        if isinstance(run, Run) and commands[index + 1].keyword.text not in COMMANDS:
            string = _string(template, run, list(_candidates(commands, index + 1)))
            found += [string] if string else []
    return tuple(found)


def _candidates(commands: Sequence[Instruction], start: int) -> Iterator[Instruction]:
    """Yield what may belong to a string: up to what is a command beyond doubt.

    A line of a configuration may begin with `user` or `env`.
    """
    for index in range(start, len(commands)):
        node = commands[index]
        if node.keyword.text in COMMANDS or node.command in ("FROM", "RUN"):
            return
        yield node


def _string(template: Template, run: Run, below: Sequence[Instruction]) -> OpenString | None:
    shell, text = lexed(run), run.arguments
    if not shell or shell.open_quote is None or not text or run.open_continuation or not below:
        return None
    start = run.extent.end
    rest = template.text[start : below[-1].extent.end]
    whole = lex(f"{text.text}\n{rest}", run.shell or 0)
    shift = len(text.text) + 1 - start
    for count, node in enumerate(below, 1):
        content = template.text[slice(*node.extent)].rstrip("\r\n")
        place = node.extent.start + len(content) + shift
        is_open = whole.open_quote is not None and place > whole.open_quote
        if not is_open and not whole.quoted_at(place):
            swallowed = tuple(below[:count])
            if any(each.command not in COMMANDS for each in swallowed):
                quote = text.at(shell.open_quote, shell.open_quote + 1)
                return OpenString(run, quote, swallowed)
            return None
    return None


# --- files of another kind -----------------------------------------------------------------------


class OtherKind(Record):
    """What a file is in place of a template: the line that shows it, and what to say."""

    span: Span
    text: str


_COMPONENT = N_(
    "this is a component in YAML; rename the file to `NAME.component.yaml`, and use "
    "`COMPONENT ic-<id>` in templates"
)
_TERRAFORM = N_(
    "this is Terraform code, not a template; move the value of `build_content` to a file of its own"
)
_PACKER = N_("this is a Packer template, not an image template; put its shell commands after `RUN`")
_ROS = N_(
    "this is a ROS template, not an image template; move the value of `BuildContent` to a file of "
    "its own"
)
_CLOUD_INIT = N_("this is cloud-init user data, not a template; put its commands after `RUN`")
_SCRIPT = N_("this is a shell script, not a template; put its commands after `RUN`")
_REQUEST = N_(
    "this is a request file, not a template; rename it to `NAME.request.toml` or `.json`, next to "
    "`NAME.buildcontent`"
)
_YAML = N_("this is a YAML file, not a template; put each command on a line, for example `RUN …`")
_JSON = N_("this is a JSON file, not a template; put each command on a line, for example `RUN …`")

_SHEBANG = regex(r"#![ \t]*/\S*?(?:/|/env[ \t]+)(?:ba|da|k|z|a)?sh(?:[ \t]|$)")
_BLOCK = regex(
    r"(?:(resource|data|variable|provider|module|output|source)[ \t]++(?:\"[^\"\n]*+\"[ \t]*+){1,2}"
    r"|(terraform|locals|packer|build)[ \t]*+)\{[ \t]*+$"
)
_JSON_START = regex(r"\{\s*+\"|\[\s*+\{\s*+\"")
_SETTING = regex(r"(\w++)[ \t]*+=[ \t]*+(?:[\"'\[{0-9]|true|false)")
_YAML_LINE = regex(r"([\w.\"'/-]++):(?:[ \t].*)?$|-(?:[ \t].*)?$|---(?:[ \t].*)?$|\.\.\.$")
# Settings that a file needs before it is taken for a request.
_OF_REQUESTS = ("RegionId", "BaseImageType", "BaseImage", "BuildContent")


def other_kind(template: Template) -> OtherKind | None:
    """Say what a file is that is plainly no template; None if it may be one."""
    first = next(iter(template.instructions), None)
    if not isinstance(first, Invalid) or first.reason is not Reason.UNKNOWN_COMMAND:
        return None
    if first.command in UNSUPPORTED_COMMANDS:
        return None
    opening = template.items[0]
    if isinstance(opening, Comment):
        text = _by_comment(opening.text, template)
        if text:
            return OtherKind(opening.span, text)
    start = _start(template.text, first.keyword.span.start)
    line = template.text[start:].partition("\n")[0].rstrip()
    text = _by_line(line, template.text, start)
    return OtherKind(Span(start, start + len(line)), text) if text else None


def _start(text: str, start: int) -> int:
    """Where the first line begins that is no comment, in Terraform's language either."""
    while text.startswith("//", start) and (end := text.find("\n", start)) >= 0:
        start = end + 1
        while text[start : start + 1].isspace():
            start += 1
    return start


def _by_comment(comment: str, template: Template) -> str | None:
    if comment.rstrip() == "#cloud-config":
        return _CLOUD_INIT
    has_commands = any(each.keyword.text in COMMANDS for each in template.instructions)
    return _SCRIPT if _SHEBANG.match(comment) and not has_commands else None


def _by_line(line: str, text: str, start: int) -> str | None:
    block = _BLOCK.match(line)
    if block:
        is_packer = "source" in block.groups() or block[2] in ("packer", "build")
        return _PACKER if is_packer or '\nsource "' in text else _TERRAFORM
    if _JSON_START.match(text, start):
        return next((found for key, found in _KEYS.items() if f'"{key}"' in text), _JSON)
    setting = _SETTING.match(line)
    if setting:
        names = {found[1] for each in text.splitlines() if (found := _SETTING.match(each))}
        is_request = setting[1] in PARAMETERS and not names.isdisjoint(_OF_REQUESTS)
        return _REQUEST if is_request else None
    if _YAML_LINE.match(line):
        return _of_yaml(text[start:].splitlines())
    return None


_KEYS = {
    "ROSTemplateFormatVersion": _ROS,
    "builders": _PACKER,
    **dict.fromkeys(_OF_REQUESTS, _REQUEST),
}


def _of_yaml(lines: Sequence[str]) -> str | None:
    # What is indented may be any text.
    outer = [line for line in lines if line.strip() and line[0] not in " \t#"]
    found = [_YAML_LINE.match(line.rstrip()) for line in outer]
    keys = {each[1].strip("\"'") for each in found if each and each[1]}
    if "ROSTemplateFormatVersion" in keys:
        return _ROS
    is_nested = any(line.startswith((" ", "\t")) for line in lines)
    is_plain = all(found) and (len(outer) > 1 or is_nested)
    if not is_plain or any(each.upper() in (*COMMANDS, *UNSUPPORTED_COMMANDS) for each in keys):
        return None
    is_component = "Tasks" in keys and any("Action:" in line for line in lines)
    return _COMPONENT if is_component else _YAML
