"""BL0xx: the text itself, before any command is looked at."""

import re
from collections.abc import Iterator

from buildlint.language.syntax import Comment, From, Instruction, Invalid, Restart, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.swallowed import (
    is_one_line,
    lost_command,
    may_end,
    parting,
    swallowed,
    without_blanks,
)
from buildlint.service.contract import COMMANDS, ServiceCode
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, code_points, number, shown
from buildlint.text.regex import regex
from buildlint.text.source import MAX_FILE_BYTES, Source, encode
from buildlint.text.span import Span

_LONE_SURROGATE = regex("[\ud800-\udfff]")
_NUL = regex("\0")


def _first_and_count(text: str, is_bad: re.Pattern[str]) -> tuple[int, int]:
    """Where the first character that fits stands in the text, and how many there are."""
    first = is_bad.search(text)
    return (first.start(), len(is_bad.findall(text))) if first else (-1, 0)


@rule(
    Source,
    "BL001",
    "not-utf-8",
    Severity.ERROR,
    summary=N_("The file is not UTF-8"),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=FROM + "# caf\udce9\nRUN true\n",
    good=FROM + "# café\nRUN true\n",
)
def not_utf_8(source: Source, context: Context) -> Iterator[Finding]:
    """The API takes UTF-8. A file in another encoding, often GBK or UTF-16, reaches the service as
    broken text, if it can be sent at all. Editors convert it with "save with encoding".
    """
    if source.is_truncated or source.text.isascii():
        return
    place, count = _first_and_count(source.text, _LONE_SURROGATE)
    if not count:
        return
    character = source.text[place]
    fields = {
        "byte": f"0x{encode(character)[0]:02X}",
        "offset": len(encode(source.text[:place])),
        "count": number(count),
    }
    span = Span(place, place + 1)
    if source.text.startswith(("\udcff\udcfe", "\udcfe\udcff")):
        text = N_("the file is UTF-16; save it as UTF-8, the only encoding that the service takes")
    elif source.is_binary:
        text = N_(
            "this is no text but a binary file; bytes that are not UTF-8: {count}, the first of "
            "them {byte} at byte offset {offset}"
        )
    else:
        text = N_(
            "bytes that are not UTF-8: {count}, the first of them {byte} at byte offset {offset}; "
            "save the file as UTF-8, the only encoding that the service takes"
        )
    yield Finding(span, Message(text, fields))


@rule(
    Source,
    "BL002",
    "nul-character",
    Severity.ERROR,
    summary=N_("The file holds a NUL character"),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=FROM + "RUN printf 'a\0b'\n",
    good=FROM + "RUN printf 'a\\0b'\n",
)
def nul_character(source: Source, context: Context) -> Iterator[Finding]:
    """A NUL ends a text for most programs on the way to the build instance, and no shell command
    can hold one. It is a slip of an editor, or the file is no text.
    """
    place, count = _first_and_count(source.text, _NUL)
    if count and not source.is_truncated and not source.is_binary:
        message = Message(
            N_(
                "NUL characters, which no command can hold: {count}, this is the first; delete them"
            ),
            {"count": number(count)},
        )
        yield Finding(Span(place, place + 1), message)


@rule(
    Source,
    "BL003",
    "file-too-large",
    Severity.ERROR,
    summary=N_("The file is over 1 MiB and is not read"),
    bad=lambda: "# x" * (MAX_FILE_BYTES // 3 + 1) + "\n",
    good=FROM + "RUN true\n",
)
def file_too_large(source: Source, context: Context) -> Iterator[Finding]:
    """A template holds at most 16 KB. A file of this size is most likely something else that was
    named by mistake, so it is refused without a look at its content.
    """
    if source.is_truncated:
        message = Message(
            N_("the file is larger than {limit} bytes; a template holds at most 16 KB"),
            {"limit": number(MAX_FILE_BYTES)},
        )
        yield Finding(Span(0, 0), message)


@rule(
    Source,
    "BL008",
    "lone-carriage-return",
    Severity.WARNING,
    summary=N_("A carriage return without a line feed ends no line"),
    bad="FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\rRUN id\n",
    good=FROM + "RUN true\nRUN id\n",
)
def lone_carriage_return(source: Source, context: Context) -> Iterator[Finding]:
    """Some editors and programs end lines in a carriage return (CR) alone. In a template, only a
    line feed (LF) ends a line: what follows the carriage return is an argument of the command
    before it, or a part of its shell text, and as a command it is lost.
    """
    places = source.lone_returns
    if places and not (source.is_truncated or source.is_binary):
        edits = tuple(Edit(Span(place, place + 1), "\n") for place in places)
        text = N_("a carriage return (CR) alone ends no line; end lines in LF")
        fix = Fix(Message(N_("End lines in LF")), edits, safe=True)
        yield Finding(Span(places[0], places[0] + 1), Message(text), fix)


@rule(
    Instruction,
    "BL004",
    "unfinished-continuation",
    Severity.ERROR,
    summary=N_("The file ends in a continuation"),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=FROM + "RUN apt-get update && \\\n",
    good=FROM + "RUN apt-get update\n",
)
def unfinished_continuation(node: Instruction, context: Context) -> Iterator[Finding]:
    """A backslash at the end of a line says that the command goes on. When nothing follows, either
    the backslash is left over, or the rest of the command was lost.
    """
    if node.open_continuation:
        text = N_(
            "the backslash continues the command, but the file ends; "
            "delete the backslash, or write the rest of the command"
        )
        edit = Edit(node.open_continuation, "")
        fix = Fix(Message(N_("Delete the backslash")), (edit,), safe=False)
        yield Finding(node.open_continuation, Message(text), fix)


@rule(
    Instruction,
    "BL007",
    "loose-backslash",
    Severity.ERROR,
    summary=N_("A command ends in a backslash that continues nothing"),
    bad=FROM + "RUN apt-get update \\\u3000\n",
    good=FROM + "RUN apt-get update\n",
)
def loose_backslash(node: Instruction, context: Context) -> Iterator[Finding]:
    """A backslash continues a command if only spaces and tabs stand between it and the end of the
    line. Here something else does that cannot be seen, often a full-width blank, so the command
    ends; without it, the next line would become a part of the command. Neither was meant.
    """
    text = node.arguments
    if text and text.text.endswith("\\") and not text.text.endswith("\\\\"):
        backslash = text.at(len(text.text) - 1, len(text.text))
        line = context.source.line(context.source.position(backslash.start).line)
        behind = Span(backslash.end, line.end)
        message = Message(
            N_(
                "{blank} follows the backslash, so it continues nothing; delete what follows it, "
                "or the backslash"
            ),
            {"blank": code_points(context.source.text[behind.start : behind.end])},
        )
        yield Finding(Span(backslash.start, line.end), message)


@rule(
    Template,
    "BL005",
    "parser-directive",
    Severity.WARNING,
    summary=N_("Docker's parser directives mean nothing to Image Builder"),
    bad="# escape=`\nFROM IMAGE:m-bp67acfmxazb4p0abcde\n",
    good="# The base of all web servers\nFROM IMAGE:m-bp67acfmxazb4p0abcde\n",
    having=(Comment,),
)
def parser_directive(template: Template, context: Context) -> Iterator[Finding]:
    """Docker reads `# escape=` and `# syntax=` at the top of a Dockerfile as orders to its parser.
    The service documents no such thing: here they are comments, and a backslash continues a line.
    """
    for item in template.items:
        if isinstance(item, Comment):
            name, equals, _ = item.text.removeprefix("#").partition("=")
            if not equals or name.strip().lower() not in ("escape", "syntax", "check"):
                return  # Docker, too, stops at the first other comment.
            message = Message(
                N_("{directive} is a directive of Docker's parser, a mere comment here: delete it"),
                {"directive": item.text},
            )
            fix = Fix(Message(N_("Delete the line")), (Edit(item.extent, ""),), safe=False)
            yield Finding(item.span, message, fix)
        elif isinstance(item, Instruction):
            return


_KEYWORDS = tuple(COMMANDS)
_WITHOUT_SHELL = frozenset(COMMANDS).difference(("RUN", "CMD", "ENTRYPOINT"))
# What an operator at the end of a line wants is the next command.
_OPEN = ("&&", "||", "|", "(", "{", "\\")


@rule(
    Instruction,
    "BL006",
    "swallowed-command",
    Severity.WARNING,
    summary=N_("A continuation swallows the command on the next line"),
    bad=FROM + "RUN apt-get update \\\n\nRUN apt-get install -y nginx\n",
    good=FROM + "RUN apt-get update\n\nRUN apt-get install -y nginx\n",
)
def swallowed_command(node: Instruction, context: Context) -> Iterator[Finding]:
    """A command whose last line ends in a backslash goes on with the next command, even across
    blank lines and comments: the shell gets `apt-get update RUN apt-get install`, and the build
    fails there.
    """
    text = node.arguments
    if text is None or is_one_line(node, text):
        return
    if isinstance(node, From | Restart):
        return  # what follows them is an error of its own
    if node.command in _WITHOUT_SHELL:
        found = swallowed(node) if may_end(text) else None
        if found and found.ends_line and found.fix.safe:
            yield lost_command(found, node.command)
        return
    source = context.source.text
    for offset, span in zip(text.offsets, text.pieces, strict=True):
        if not source.startswith(_KEYWORDS, span.start) or source[span.start - 1] != "\n":
            continue
        word = source[slice(*span)].split(maxsplit=1)
        if len(word) > 1 and word[0] in COMMANDS:
            message = Message(
                N_(
                    "{command} is read as part of the {outer} above, whose line ends in a "
                    "backslash; delete that backslash if {command} is a command of its own"
                ),
                {"command": word[0], "outer": shown(node.command)},
            )
            is_whole = not text.text.endswith(_OPEN, 0, without_blanks(text.text, offset))
            edits = parting(node, text, offset, span.start)
            fix = Fix(Message(N_("Delete the backslash")), edits, safe=True) if is_whole else None
            yield Finding(Span(span.start, span.start + len(word[0])), message, fix)


@rule(
    Template,
    "BL012",
    "string-without-continuations",
    Severity.ERROR,
    summary=N_("A string in a RUN spans lines without continuations"),
    service_code=ServiceCode.COMMAND_NOT_SUPPORTED,
    bad=FROM + 'RUN echo "[Unit]\nDescription=Web\n" > /etc/systemd/system/web.service\n',
    good=FROM
    + "RUN printf '%s\\n' \\\n    '[Unit]' \\\n    'Description=Web' \\\n"
    + "    > /etc/systemd/system/web.service\n",
    having=(Invalid,),
)
def string_without_continuations(template: Template, context: Context) -> Iterator[Finding]:
    r"""A shell script may hold a string of several lines. In a template each line is a command,
    unless the one above it ends in a backslash, also where a quote is open. The service refuses the
    lines of the string as unknown commands.

    A backslash at the end of each line is not enough: it joins the lines to one. `printf '%s\n'`
    writes each of its arguments as a line; put each line into quotes, with a backslash after it.
    """
    for string in context.open_strings:
        fields = {
            "first": context.source.position(string.run.extent.end).line,
            "last": context.source.position(string.swallowed[-1].span.end).line,
        }
        text = N_(
            "lines {first} to {last} of this string are read as commands; use `printf '%s\\n'` "
            "with each line in quotes and `\\` at its end"
        )
        yield Finding(string.quote, Message(text, fields))


@rule(
    Source,
    "BL013",
    "not-a-template",
    Severity.ERROR,
    summary=N_("The file is not a template"),
    service_code=ServiceCode.COMMAND_NOT_SUPPORTED,
    bad="#cloud-config\npackages:\n  - nginx\n",
    good=FROM + "RUN apt-get install -y nginx\n",
)
def not_a_template(source: Source, context: Context) -> Iterator[Finding]:
    """A template is a list of commands, each on a line of its own. A component in YAML form,
    Terraform code, a ROS or Packer template, cloud-init user data and the file of a request have
    other languages: none of their lines is a command. Nothing else is checked then.
    """
    if context.other_kind:
        yield Finding(context.other_kind.span, Message(context.other_kind.text))
