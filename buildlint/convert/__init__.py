"""A Dockerfile to a template, as far as a machine image can mean the same.

:func:`convert` goes through the instructions once. Each is written by the function that
`_INSTRUCTIONS` names, in a documented form; what is dropped, changed or rejected
is told in a note with its place.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from buildlint.convert import commands
from buildlint.convert.base import convert_from, platform_args
from buildlint.convert.build import (
    PREDEFINED_ARGS,
    Build,
    NotOneCommandError,
    Options,
    Refused,
    brief,
)
from buildlint.convert.copying import convert_copy
from buildlint.convert.dockerfile import Step, read
from buildlint.convert.run import convert_run
from buildlint.convert.shellwords import UnwritableError
from buildlint.language.parser import parse
from buildlint.language.syntax import Blank, Comment
from buildlint.lint.linter import context_of, lint, without_secrets
from buildlint.lint.mask import Hiding
from buildlint.lint.secrets import requests
from buildlint.service import effective
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import N_, number, shown
from buildlint.text.source import Source
from buildlint.text.span import Span

__all__ = ["Conversion", "Options", "convert"]

# Many may be dropped or joined, but not so many.
_MAX_STEPS = 1_000
# Files that are embedded may take so much, to be told which are the biggest.
_MAX_RESULT = 64 * MAX_CONTENT_BYTES

_INSTRUCTIONS: Mapping[str, Callable[[Build, Step], None]] = {
    "FROM": convert_from,
    "ARG": commands.convert_arg,
    "ENV": commands.convert_env,
    "LABEL": commands.convert_label,
    "MAINTAINER": commands.convert_maintainer,
    "RUN": convert_run,
    "SHELL": commands.convert_shell,
    "COPY": convert_copy,
    "ADD": convert_copy,
    "WORKDIR": commands.convert_workdir,
    "USER": commands.convert_user,
    "CMD": commands.convert_start,
    "ENTRYPOINT": commands.convert_start,
    "VOLUME": commands.convert_volume,
    "EXPOSE": commands.convert_expose,
    "HEALTHCHECK": commands.convert_dropped,
    "ONBUILD": commands.convert_dropped,
    "STOPSIGNAL": commands.convert_dropped,
}


@dataclass(frozen=True)
class Conversion:
    """The template, None if something was rejected, and the notes, sorted by place.

    Notes of severity error say what was rejected, warnings what may not mean the same, infos what
    was dropped or written in another form.
    """

    text: str | None
    notes: tuple[Diagnostic, ...]


def convert(source: Source, options: Options) -> Conversion:
    """Convert a Dockerfile; a result has no errors that `buildlint check` would find."""
    if source.is_truncated or source.is_binary:
        build = Build(source, read(""), options)
        build.rejected(Span(0, 0), N_("not a Dockerfile: the file is binary or very large"))
        return Conversion(None, tuple(build.notes))
    build = Build(source, read(source.text), options)
    build.global_args.update(platform_args())
    _walk(build)
    text = _text(build)
    found = [] if _has_errors(build.notes) else _errors(build, text)
    told = [*_without_secrets(build.notes, options), *_without_secrets(found, options)]
    notes = tuple(sorted(told, key=lambda note: note.sort_key))
    return Conversion(None if _has_errors(notes) else text, notes)


def _without_secrets(notes: list[Diagnostic], options: Options) -> list[Diagnostic]:
    """Mask the secrets of the text that notes are about, and those among the values of ARGs."""
    if not notes:
        return notes
    context = context_of(notes[0].source, None)
    given = requests.given(options.args)
    return without_secrets(notes, context, Hiding(context.template, context.secrets, given=given))


def _walk(build: Build) -> None:
    count = len(build.dockerfile.steps)
    if count > _MAX_STEPS:
        text = N_("{count} instructions are more than a template may have ({limit} commands)")
        build.rejected(Span(0, 0), text, count=number(count), limit=number(MAX_COMMANDS))
        return
    for directive in build.dockerfile.directives:
        text = N_("`{directive}`: templates have no parser directives")
        build.dropped(directive.span, text, directive=f"# {directive.name}")
    for item in build.dockerfile.items:
        if isinstance(item, Step):
            _convert(build, item)
            if build.size > _MAX_RESULT:
                text = N_(
                    "here, the template has over {size} bytes, and may have {limit}; shorten it"
                )
                limits = {"size": number(_MAX_RESULT), "limit": number(MAX_CONTENT_BYTES)}
                build.rejected(item.span, text, **limits)
                return
        elif isinstance(item, Comment):
            build.emit(item.text)
        elif isinstance(item, Blank):
            build.emit("")
    if not any(step.keyword == "FROM" for step in build.dockerfile.steps):
        build.rejected(Span(0, 0), N_("no FROM found: this is not a Dockerfile"))
    for name in sorted({*build.options.args} - build.declared - {*PREDEFINED_ARGS}):
        text = N_("`--build-arg {name}`: the Dockerfile has no ARG of that name")
        build.differs(Span(0, 0), text, name=shown(name))


def _convert(build: Build, step: Step) -> None:
    write = _INSTRUCTIONS.get(step.keyword, commands.convert_unknown)
    try:
        if not build.has_from and step.keyword not in ("FROM", "ARG"):
            build.reject(step.span, N_("only ARG may come before FROM"))
        if step.has_open_document:
            build.reject(step.span, N_("the heredoc is not closed before the end of the file"))
        write(build, step)
    except Refused:
        pass  # a note says why, and the other instructions are still to be looked at
    except (NotOneCommandError, UnwritableError) as error:
        build.rejected(step.span, error.text, command=brief(step))
    build.has_from = build.has_from or step.keyword == "FROM"


def _text(build: Build) -> str:
    """Join what was written, with at most one blank line in a row."""
    lines: list[str] = []
    for line in build.lines:
        if line or (lines and lines[-1]):
            lines.append(line)
    text = "\n".join(lines).rstrip("\n")
    return f"{text}\n" if text else ""


def _has_errors(notes: Iterable[Diagnostic]) -> bool:
    return any(note.severity is Severity.ERROR for note in notes)


def _errors(build: Build, text: str) -> list[Diagnostic]:
    """Check the result; what is wrong with it is told with its place in there."""
    result = Source(f"{build.source.path} (converted)", text)
    errors = [found for found in lint(result, None) if found.severity is Severity.ERROR]
    if build.embedded and any(found.rule == _TOO_LONG for found in errors):
        biggest = sorted(build.embedded, reverse=True)[:3]
        message = N_(
            "the template would have {size} bytes (limit: {limit}); upload the largest embedded "
            "files to OSS: {files}"
        )
        build.rejected(
            biggest[0].span,
            message,
            size=number(effective.content(parse(text), None).size),
            limit=number(MAX_CONTENT_BYTES),
            files=", ".join(f"{shown(each.path)} ({number(each.size)})" for each in biggest),
        )
        return []
    return errors


# The rule about contents over 16 KB.
_TOO_LONG = "BL101"
