"""The RUN commands of a template as scripts for ShellCheck, and its comments as diagnostics.

A script has three lines. The first one says which shell reads it, the second one sets the variables
of ENV; the third one is the shell text as the shell gets it: joined, without the comments inside.
An offset in it is one in the text of the RUN's arguments, which knows its places in the file.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from buildlint.language.syntax import Env, LogicalText, Quoting, Run, Template
from buildlint.service.contract import MAX_CONTENT_BYTES
from buildlint.service.systems import Shell
from buildlint.shell import reader
from buildlint.shell.dash.runs import read_by_sh
from buildlint.shell.shellcheck.codes import LEFT_OUT, NAME, Selection
from buildlint.text.diagnostics import Diagnostic, Edit, Fix, Others, Severity
from buildlint.text.messages import N_, Message, printable
from buildlint.text.regex import regex
from buildlint.text.source import Source
from buildlint.text.span import Span

# An error means here that the service refuses it: ShellCheck's are less.
_SEVERITIES = {"error": Severity.WARNING, "warning": Severity.WARNING}


class Replacement(NamedTuple):
    """Put `text` in the place of a part of the shell text; `is_opening` goes with what follows."""

    start: int
    end: int
    text: str
    is_opening: bool


class Comment(NamedTuple):
    """What ShellCheck says of a part of the shell text: offsets in code points from 0."""

    start: int
    end: int
    code: str
    level: str
    message: str
    replacements: tuple[Replacement, ...] = ()


# By the script; None for one that ShellCheck did not finish.
Comments = Mapping[str, tuple[Comment, ...] | None]


def scripts(template: Template, sh: Shell | None) -> Iterator[tuple[Run, str]]:
    """Yield each RUN that has shell text with its script; `sh` is the shell of the base image."""
    runs = [each for each in template.instructions if isinstance(each, Run)]
    in_dash = {id(each) for each in read_by_sh(runs, reader.read)} if sh is Shell.DASH else ()
    variables: dict[str, str] = {}
    for instruction in template.instructions:
        if isinstance(instruction, Env):
            variables |= _variables(instruction)
        elif isinstance(instruction, Run) and (text := _shell_text(instruction)):
            exported = " ".join(["export", *variables.values()]) if variables else ""
            head = _IN_DASH if id(instruction) in in_dash else _IN_BASH
            yield instruction, f"{head}\n{exported}\n{text}\n"


_IN_BASH, _IN_DASH = (f"# shellcheck shell={shell}" for shell in (Shell.BASH, Shell.DASH))


def others(
    source: Source,
    template: Template,
    selection: Selection,
    sh: Shell | None,
    comments: Comments,
) -> Others:
    """Make diagnostics of the comments on the scripts of a template, as far as they are there."""
    found: list[Diagnostic] = []
    is_complete = True
    for run, script in scripts(template, sh):
        known = comments.get(script)
        if known is None:
            is_complete = False
        elif known and run.arguments:
            found += _diagnostics(source, run, run.arguments, known, selection)
    return Others(found, is_complete=is_complete)


_IDENTIFIER = regex("[A-Za-z_][A-Za-z0-9_]*")
_LITERAL = regex(r"[\w./:,@%+=-]*")


def _variables(env: Env) -> Iterator[tuple[str, str]]:
    """Yield the names of an ENV with their assignments; of a value that expands, that it is set."""
    for pair in env.pairs:
        name, value = pair.name.text, pair.value
        if value and _IDENTIFIER.fullmatch(name):
            text = value.text[1:-1] if value.quoting is Quoting.DOUBLE else value.text
            yield name, f"{name}={text}" if _LITERAL.fullmatch(text) else f'{name}="${name}"'


def _shell_text(run: Run) -> str:
    """The shell text; none for what the service refuses, or ShellCheck cannot read."""
    if run.shell_text is None:
        return ""
    arguments, start = run.shell_text
    text = arguments.text[start:]
    return "" if len(text) > MAX_CONTENT_BYTES or "\0" in text or "\n" in text else text


def _diagnostics(
    source: Source,
    run: Run,
    text: LogicalText,
    comments: tuple[Comment, ...],
    selection: Selection,
) -> Iterator[Diagnostic]:
    if _has_failed(comments) and reader.read(run).errors:
        return  # BL501 says so
    offset = run.shell or 0
    codes = {comment.code for comment in comments}
    for comment in comments:
        code = comment.code
        start, end = offset + comment.start, offset + comment.end
        span = text.at(start, end)
        is_left_out = code in LEFT_OUT or not selection.takes(code)
        if is_left_out or _is_harmless(code, codes, text, start, end):
            continue
        usual = _SEVERITIES.get(comment.level, Severity.INFO)
        severity = selection.severity_of(code) or usual
        yield Diagnostic(
            source,
            span,
            code,
            NAME,
            Severity(severity),
            None,
            Message("{text}", {"text": printable(comment.message)}),
            _fix(text, offset, comment.replacements),
        )


def _has_failed(comments: tuple[Comment, ...]) -> bool:
    """Whether ShellCheck could not parse a script."""
    return any(each.code.startswith("SC1") and each.level == "error" for each in comments)


# What stands in place of a reference of a component in YAML: it is replaced before the shell runs.
_REPLACED = regex(r"\$\{_{2,}\}")


def _is_harmless(code: str, codes: set[str], text: LogicalText, start: int, end: int) -> bool:
    if _REPLACED.fullmatch(text.text, start, end):
        return True
    match code:
        case "SC2154":  # a variable is not assigned: a file that is sourced may do it
            return not codes.isdisjoint(("SC1090", "SC1091"))
        case "SC2164":  # a cd may fail: at the end, nothing runs in the wrong folder
            return end >= len(text.text)
        case "SC2291":  # repeated blanks: those that indent a line are meant
            return _is_torn(text, start, end)
    return False


def _is_torn(text: LogicalText, start: int, end: int) -> bool:
    """Whether a part of the text stands on several lines of the file."""
    span = text.at(start, end)
    return span.end - span.start != end - start


def _fix(text: LogicalText, offset: int, replacements: tuple[Replacement, ...]) -> Fix | None:
    """Make a fix, if each of its edits stays within a line and all of them within their own place.

    None is safe: quotes keep a word together that may have been meant to be split.
    """
    edits: list[Edit] = []
    for each in sorted(replacements):
        start, end = offset + each.start, offset + each.end
        span = text.at(start, end)
        if start == end < len(text.text) and each.is_opening:
            before = text.at(start, start + 1).start
            span = Span(before, before)
        if _is_torn(text, start, end) or "\n" in each.text:
            return None
        if edits and (span == edits[-1].span or span.start < edits[-1].span.end):
            return None
        edits.append(Edit(span, each.text))
    message = Message(N_("Apply ShellCheck's fix"))
    return Fix(message, tuple(edits), safe=False) if edits else None
