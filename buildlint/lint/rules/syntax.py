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
    """The API accepts only UTF-8. A file in another encoding, often GBK or UTF-16, arrives garbled,
    if it can be sent at all. Convert it with "Save with Encoding" in your editor.
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
        text = N_(
            "the file is UTF-16; save it as UTF-8, the only encoding that the service accepts"
        )
    elif source.is_binary:
        text = N_(
            "binary file, not a template: byte {byte} at offset {offset} is not UTF-8, the first "
            "of {count}"
        )
    else:
        text = N_(
            "byte {byte} at offset {offset} is not UTF-8, the first of {count}; save the file as "
            "UTF-8"
        )
    yield Finding(span, Message(text, fields))


@rule(
    Source,
    "BL002",
    "nul-character",
    Severity.ERROR,
    summary=N_("The file contains a NUL character"),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=FROM + "RUN printf 'a\0b'\n",
    good=FROM + "RUN printf 'a\\0b'\n",
)
def nul_character(source: Source, context: Context) -> Iterator[Finding]:
    """Most programs treat NUL as the end of a string, and a shell command cannot contain it. An
    editor has inserted it by mistake, or the file is not a text file.
    """
    place, count = _first_and_count(source.text, _NUL)
    if count and not source.is_truncated and not source.is_binary:
        message = Message(
            N_("NUL character, the first of {count}; remove it"),
            {"count": number(count)},
        )
        yield Finding(Span(place, place + 1), message)


@rule(
    Source,
    "BL003",
    "file-too-large",
    Severity.ERROR,
    summary=N_("The file is over 1 MiB"),
    bad=lambda: "# x" * (MAX_FILE_BYTES // 3 + 1) + "\n",
    good=FROM + "RUN true\n",
)
def file_too_large(source: Source, context: Context) -> Iterator[Finding]:
    """A template has at most 16 KB. A file of this size is probably not a template, so it is not
    read.
    """
    if source.is_truncated:
        message = Message(
            N_(
                "the file is larger than {limit} bytes, but a template has at most 16 KB; check "
                "that this is the right file"
            ),
            {"limit": number(MAX_FILE_BYTES)},
        )
        yield Finding(Span(0, 0), message)


@rule(
    Source,
    "BL008",
    "lone-carriage-return",
    Severity.WARNING,
    summary=N_("A carriage return without a line feed does not end a line"),
    bad="FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\rRUN id\n",
    good=FROM + "RUN true\nRUN id\n",
)
def lone_carriage_return(source: Source, context: Context) -> Iterator[Finding]:
    """Some editors and programs end lines with a carriage return (CR) alone. In a template, only a
    line feed (LF) ends a line: the text after the carriage return becomes an argument of the
    command before it, or a part of its shell code, and is lost as a command.
    """
    places = source.lone_returns
    if places and not (source.is_truncated or source.is_binary):
        edits = tuple(Edit(Span(place, place + 1), "\n") for place in places)
        text = N_("a carriage return (CR) alone does not end a line; use LF")
        fix = Fix(Message(N_("Convert line endings to LF")), edits, safe=True)
        yield Finding(Span(places[0], places[0] + 1), Message(text), fix)


@rule(
    Instruction,
    "BL004",
    "unfinished-continuation",
    Severity.ERROR,
    summary=N_("The file ends in a line continuation"),
    service_code=ServiceCode.INVALID_CONTENT,
    bad=FROM + "RUN apt-get update && \\\n",
    good=FROM + "RUN apt-get update\n",
)
def unfinished_continuation(node: Instruction, context: Context) -> Iterator[Finding]:
    """A backslash at the end of a line continues the command on the next line. If nothing follows,
    the backslash is left over, or the rest of the command is missing.
    """
    if node.open_continuation:
        text = N_(
            "the backslash continues the command, but the file ends here; remove the backslash, or "
            "complete the command"
        )
        edit = Edit(node.open_continuation, "")
        fix = Fix(Message(N_("Remove the backslash")), (edit,), safe=False)
        yield Finding(node.open_continuation, Message(text), fix)


@rule(
    Instruction,
    "BL007",
    "loose-backslash",
    Severity.ERROR,
    summary=N_("The backslash at the end of a command does not continue it"),
    bad=FROM + "RUN apt-get update \\\u3000\n",
    good=FROM + "RUN apt-get update\n",
)
def loose_backslash(node: Instruction, context: Context) -> Iterator[Finding]:
    """A backslash continues a command only if nothing but spaces and tabs follows it on the line.
    Here an invisible character follows, often a full-width space, so the command ends. If you
    remove the character, the next line becomes part of the command: check which of the two you
    want.
    """
    text = node.arguments
    if text and text.text.endswith("\\") and not text.text.endswith("\\\\"):
        backslash = text.at(len(text.text) - 1, len(text.text))
        line = context.source.line_at(backslash.start)
        behind = Span(backslash.end, line.end)
        message = Message(
            N_(
                "{blank} follows the backslash, so the command is not continued; remove it, or "
                "remove the backslash"
            ),
            {"blank": code_points(context.source.text[behind.start : behind.end])},
        )
        yield Finding(Span(backslash.start, line.end), message)


@rule(
    Template,
    "BL005",
    "parser-directive",
    Severity.WARNING,
    summary=N_("Docker's parser directives have no effect"),
    bad="# escape=`\nFROM IMAGE:m-bp67acfmxazb4p0abcde\n",
    good="# The base of all web servers\nFROM IMAGE:m-bp67acfmxazb4p0abcde\n",
    having=(Comment,),
)
def parser_directive(template: Template, context: Context) -> Iterator[Finding]:
    """Docker reads `# escape=` and `# syntax=` at the top of a Dockerfile as parser directives. The
    service does not document them: here they are comments, and the backslash continues a line.
    """
    for item in template.items:
        if isinstance(item, Comment):
            name, equals, _ = item.text.removeprefix("#").partition("=")
            if not equals or name.strip().lower() not in ("escape", "syntax", "check"):
                return  # Docker, too, stops at the first other comment.
            message = Message(
                N_("`{directive}` is a Docker parser directive and has no effect here; remove it"),
                {"directive": item.text},
            )
            fix = Fix(Message(N_("Remove the line")), (Edit(item.extent, ""),), safe=False)
            yield Finding(item.span, message, fix)
        elif isinstance(item, Instruction):
            return


_BEGINS_LINE = regex(rf"\n(?:{'|'.join(COMMANDS)})")
_WITHOUT_SHELL = frozenset(COMMANDS).difference(("RUN", "CMD", "ENTRYPOINT"))
# What an operator at the end of a line wants is the next command.
_OPEN = ("&&", "||", "|", "(", "{", "\\")


@rule(
    Instruction,
    "BL006",
    "swallowed-command",
    Severity.WARNING,
    summary=N_("A line continuation joins the next command to this one"),
    bad=FROM + "RUN apt-get update \\\n\nRUN apt-get install -y nginx\n",
    good=FROM + "RUN apt-get update\n\nRUN apt-get install -y nginx\n",
)
def swallowed_command(node: Instruction, context: Context) -> Iterator[Finding]:
    """If the last line of a command ends in a backslash, the next command becomes part of it, even
    across blank lines and comments: the shell gets `apt-get update RUN apt-get install`, and the
    build fails there.
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
    if not _BEGINS_LINE.search(source, text.pieces[0].start - 1, text.pieces[-1].end):
        return
    for offset, span in zip(text.offsets, text.pieces, strict=True):
        if not _BEGINS_LINE.match(source, span.start - 1):
            continue
        word = source[slice(*span)].split(maxsplit=1)
        if len(word) > 1 and word[0] in COMMANDS:
            message = Message(
                N_(
                    "`{command}` is part of the {outer} above, which ends in a backslash; remove "
                    "the backslash if `{command}` is a command"
                ),
                {"command": word[0], "outer": shown(node.command)},
            )
            is_whole = not text.text.endswith(_OPEN, 0, without_blanks(text.text, offset))
            edits = parting(node, text, offset, span.start)
            fix = Fix(Message(N_("Remove the backslash")), edits, safe=True) if is_whole else None
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
    r"""A shell script may contain a string of several lines. In a template each line is a command,
    unless the line before it ends in a backslash, even inside quotes. The service rejects the lines
    of the string as unknown commands.

    A backslash at the end of each line is not enough: it joins the lines into one. `printf '%s\n'`
    writes each of its arguments as a line; put each line in quotes, with a backslash after it.
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
