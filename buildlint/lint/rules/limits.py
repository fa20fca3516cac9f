"""BL1xx: how much a template may hold."""

from collections.abc import Iterator

from buildlint.language.syntax import Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM, component_example
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import (
    COMPONENT,
    MAX_COMMANDS,
    MAX_CONTENT_BYTES,
    TEMPLATE,
    TEST,
    ServiceCode,
)
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, number
from buildlint.text.source import encode
from buildlint.text.span import Span


def _rest_of_line(context: Context, offset: int) -> Span:
    """From an offset to the end of its line, or the whole line where nothing of it is left."""
    line = context.source.line_at(offset)
    return Span(offset, line.end) if offset < line.end else line


@rule(
    Template,
    "BL101",
    "content-too-long",
    Severity.ERROR,
    summary=N_("BuildContent is over 16 KB"),
    service_code=ServiceCode.CONTENT_LENGTH,
    bad=FROM + "RUN echo " + "x" * MAX_CONTENT_BYTES + "\n",
    good=FROM + "RUN echo x\n",
    kinds=(TEMPLATE, TEST),
)
def content_too_long(template: Template, context: Context) -> Iterator[Finding]:
    """The service accepts 16 KB: 16,384 bytes of UTF-8 (a Chinese character takes three). The limit
    applies to the compiled BuildContent. Comments, blank lines and extra spaces do not count; the
    FROM line does, even if it is added from the request. `buildlint compile --pack` compresses the
    largest RUNs if that makes it fit.
    """
    yield from _too_long(context)


@rule(
    Template,
    "BL457",
    "component-too-long",
    Severity.ERROR,
    summary=N_("The content of a component is over 16 KB"),
    service_code=ServiceCode.COMPONENT_LENGTH,
    bad=component_example("RUN echo " + "x" * MAX_CONTENT_BYTES + "\n"),
    good=component_example("RUN echo x\n"),
    kinds=(COMPONENT,),
)
def component_too_long(template: Template, context: Context) -> Iterator[Finding]:
    """The service accepts 16 KB: 16,384 bytes of UTF-8 (a Chinese character takes three). Comments,
    blank lines and extra spaces between commands do not count.
    """
    yield from _too_long(context)


def _too_long(context: Context) -> Iterator[Finding]:
    content = context.content
    if content.is_over(MAX_CONTENT_BYTES):
        message = Message(
            N_(
                "{content} has {size} bytes, and is over the limit of {limit} bytes from here on; "
                "upload long scripts, and use COPY"
            ),
            {
                "content": context.kind.content,
                "size": number(content.size),
                "limit": number(MAX_CONTENT_BYTES),
            },
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
    """The service accepts 127 commands. FROM is one of them even if it is not written, because the
    service then adds it as the first line. `buildlint compile --pack` joins as many RUNs as
    necessary.
    """
    count = context.content.command_count
    if count > MAX_COMMANDS:
        instructions = template.instructions
        first = instructions[MAX_COMMANDS - (count - len(instructions))]
        is_implied = count > len(instructions)
        text = (
            N_(
                "{count} commands (limit: {limit}), with the FROM that is added as the first line; "
                "join consecutive RUNs with `&&`"
            )
            if is_implied
            else N_("{count} commands (limit: {limit}); join consecutive RUNs with `&&`")
        )
        message = Message(text, {"count": number(count), "limit": number(MAX_COMMANDS)})
        yield Finding(first.keyword.span, message)


@rule(
    Template,
    "BL103",
    "source-too-long",
    Severity.WARNING,
    summary=N_("The file is over 16 KB, but its BuildContent is not"),
    bad=FROM + ("# " + "-" * 80 + "\n") * 200 + "RUN true\n",
    good=FROM + "# Comments do not count\nRUN true\n",
)
def source_too_long(template: Template, context: Context) -> Iterator[Finding]:
    """`buildlint compile` removes comments and blank lines, so its output is within the limit. If
    the file is sent unchanged, for example by a script that reads it, the service rejects it.
    """
    size = len(encode(template.text))
    if size > MAX_CONTENT_BYTES >= context.content.size:
        message = Message(
            N_(
                "the file has {size} bytes but compiles to {compiled} of {limit} bytes; send the "
                "output of `buildlint compile`, not the file"
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
    summary=N_("The template has no commands"),
    bad="# RUN apt-get update\n",
    good="RUN apt-get update\n",
)
def no_commands(template: Template, context: Context) -> Iterator[Finding]:
    """A template without commands is valid: the image is a copy of its base image. Usually the file
    was saved too early, or everything in it is commented out.
    """
    if not template.instructions:
        message = Message(
            N_("the template has no commands: the image will be a copy of its base image")
        )
        yield Finding(context.source.line(1), message)
