"""BL1xx: how much a template may hold."""

from collections.abc import Iterator

from buildlint.language.syntax import Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES, ServiceCode
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, number
from buildlint.text.source import encode
from buildlint.text.span import Span


def _rest_of_line(context: Context, offset: int) -> Span:
    """From an offset to the end of its line, or the whole line where nothing of it is left."""
    line = context.source.line(context.source.position(offset).line)
    return Span(offset, line.end) if offset < line.end else line


@rule(
    Template,
    "BL101",
    "content-too-long",
    Severity.ERROR,
    summary=N_("The content is over 16 KB"),
    service_code=ServiceCode.CONTENT_LENGTH,
    bad=FROM + "RUN echo " + "x" * MAX_CONTENT_BYTES + "\n",
    good=FROM + "RUN echo x\n",
)
def content_too_long(template: Template, context: Context) -> Iterator[Finding]:
    """The service takes 16 KB, that is 16,384 bytes of UTF-8 (a Chinese character takes three).
    What counts is the compiled content: comments, blank lines and indentation between words do not,
    the FROM line does, also the one that is put in from the request. `buildlint compile --pack`
    carries the largest RUNs compressed, if that makes it fit.
    """
    content = context.content
    if content.size > MAX_CONTENT_BYTES:
        message = Message(
            N_(
                "the content is {size} of {limit} bytes, and this is where it crosses the limit; "
                "move long scripts and files to a place from which COPY can fetch them"
            ),
            {"size": number(content.size), "limit": number(MAX_CONTENT_BYTES)},
        )
        yield Finding(_rest_of_line(context, content.source_offset(MAX_CONTENT_BYTES)), message)


@rule(
    Template,
    "BL102",
    "too-many-commands",
    Severity.ERROR,
    summary=N_("There are more than 127 commands"),
    service_code=ServiceCode.COMMAND_COUNT,
    bad=FROM + "RUN true\n" * MAX_COMMANDS,
    good=FROM + "RUN true\n" * (MAX_COMMANDS - 1),
)
def too_many_commands(template: Template, context: Context) -> Iterator[Finding]:
    """The service takes 127 commands. FROM is one of them, also where it is not written: then the
    service puts it in as the first line. `buildlint compile --pack` joins as many RUNs as it takes.
    """
    count = context.content.command_count
    if count > MAX_COMMANDS:
        instructions = template.instructions
        first = instructions[MAX_COMMANDS - (count - len(instructions))]
        is_implied = count > len(instructions)
        text = (
            N_(
                "{count} of {limit} commands, the FROM that is put in as the first one counted; "
                "join RUNs that follow one another with &&"
            )
            if is_implied
            else N_("{count} of {limit} commands; join RUNs that follow one another with &&")
        )
        message = Message(text, {"count": number(count), "limit": number(MAX_COMMANDS)})
        yield Finding(first.keyword.span, message)


@rule(
    Template,
    "BL103",
    "source-too-long",
    Severity.WARNING,
    summary=N_("The file is over 16 KB, but its compiled content is not"),
    bad=FROM + ("# " + "-" * 80 + "\n") * 200 + "RUN true\n",
    good=FROM + "# Comments do not count\nRUN true\n",
)
def source_too_long(template: Template, context: Context) -> Iterator[Finding]:
    """The file is fine for `buildlint compile`, which leaves comments and blank lines out. Sent as
    it is, say by a script that reads the file, it is refused.
    """
    size = len(encode(template.text))
    if size > MAX_CONTENT_BYTES >= context.content.size:
        message = Message(
            N_(
                "the file is {size} bytes and would be refused as it is, its compiled content is "
                "{compiled} of {limit} bytes: send what `buildlint compile` prints"
            ),
            {
                "size": number(size),
                "compiled": number(context.content.size),
                "limit": number(MAX_CONTENT_BYTES),
            },
        )
        kept = encode(template.text)[:MAX_CONTENT_BYTES].decode("utf-8", "ignore")
        yield Finding(_rest_of_line(context, len(kept)), message)


@rule(
    Template,
    "BL104",
    "no-commands",
    Severity.INFO,
    summary=N_("There are no commands"),
    bad="# RUN apt-get update\n",
    good="RUN apt-get update\n",
)
def no_commands(template: Template, context: Context) -> Iterator[Finding]:
    """A template without commands is legal: the image is a copy of its base image. Most often the
    file was saved too early, or everything in it is commented out.
    """
    if not template.instructions:
        message = Message(N_("no commands: the image will be a copy of its base image"))
        yield Finding(context.source.line(1), message)
