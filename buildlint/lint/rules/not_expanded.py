"""BL570 and BL571: variables and `~` where no shell reads them."""

from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Copy, Env, Location, Pair, Quoting, User, Value, Word, Workdir
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.systems import DEFAULT_PATH
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_Command = Copy | Env | User | Workdir
_Part = Location | Value | Word

_REFERENCE = regex(r"\\.|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:\}|(?=[:+?-])))")
# Set wherever commands run, or in so many images that their values are meant to be added to. What
# else a text refers to may be replaced before it is sent, or be meant for another program.
_USUAL = frozenset(
    (
        *("CLASSPATH", "HOME", "LD_LIBRARY_PATH", "LIBRARY_PATH", "LOGNAME", "MANPATH", "PATH"),
        *("NODE_PATH", "PKG_CONFIG_PATH", "PWD", "PYTHONPATH", "SHELL", "USER"),
    )
)


class _Use(NamedTuple):
    """A reference to a variable: its place in a text, and the value if that is known."""

    start: int
    end: int
    written: str
    name: str
    value: str | None


def _uses(part: _Part, node: _Command, context: Context) -> list[_Use]:
    """The references in a part of a command to variables that the template or the system sets."""
    found = []
    for match in _REFERENCE.finditer(part.text):
        name = match[1] or match[2]
        if name and (name in _USUAL or context.settings.is_set(name, part.span.start)):
            is_plain = match[1] or match[0].endswith("}")
            value = _value(name, node, context) if is_plain else None
            found.append(_Use(match.start(), match.end(), match[0], name, value))
    return found


def _value(name: str, node: _Command, context: Context) -> str | None:
    is_default = name == "PATH" and not context.settings.is_set(name, node.span.start)
    return DEFAULT_PATH if is_default else context.settings.value(name, node)


def _finding(text: str, node: _Command, part: _Part, uses: list[_Use], context: Context) -> Finding:
    """Report the first use in a part of a command; fix all of them if all values are known."""
    first, start = uses[0], part.span.start
    message = Message(text, {"variable": shown(_named(first)), "command": node.command})
    if context.source.text[part.span.start : part.span.end] != part.text:
        return Finding(part.span, message)  # a continuation is in it
    edits = tuple(
        Edit(Span(start + use.start, start + use.end), use.value)
        for use in uses
        if use.value is not None
    )
    # Only the author knows whether the base image adds directories of its own.
    fix = Fix(Message(N_("Use the value itself")), edits, safe=False)
    span = Span(start + first.start, start + first.end)
    return Finding(span, message, fix if len(edits) == len(uses) else None)


def _named(use: _Use) -> str:
    """A reference as it is written, without an operator: `${A` is the beginning of `${A:-b}`."""
    is_open = use.written.startswith("${") and not use.written.endswith("}")
    return f"{use.written}}}" if is_open else use.written


@rule(
    Env,
    "BL570",
    "variable-in-env",
    Severity.WARNING,
    summary=N_("The value of a variable refers to another variable"),
    bad=FROM + 'ENV PATH="/opt/app/bin:$PATH"\nRUN app --version\n',
    good=FROM + f'ENV PATH="/opt/app/bin:{DEFAULT_PATH}"\nRUN app --version\n',
)
def variable_in_env(node: Env, context: Context) -> Iterator[Finding]:
    """Docker replaces `$NAME` in ENV. The documentation of Image Builder does not say that it does.
    If it does not, the variable contains a dollar sign and a name; with such a PATH, later commands
    may find no program. A value that is written out is correct in either case. Source: Image
    Builder's documentation, "ENV", whose examples have only plain values.
    """
    for pair in node.pairs:
        value = _readable(pair)
        uses = _uses(value, node, context) if value else []
        if value and uses:
            is_path = pair.name.text == "PATH" and uses[0].name == "PATH"
            yield _finding(_PATH if is_path else _ENV, node, value, uses, context)


_PATH = N_(
    "`{variable}` may not be expanded here, and later commands would find no program; write the "
    "directories out"
)
_ENV = N_("`{variable}` may not be expanded in {command}; use its value")


def _readable(pair: Pair) -> Value | None:
    """The value of a pair, if a dollar sign in it may stand for a variable."""
    value = pair.value
    if not value or "$" not in value.text or value.text.startswith("'"):
        return None
    return value if value.quoting in (Quoting.DOUBLE, Quoting.NONE) else None


@rule(
    (Copy, User, Workdir),
    "BL571",
    "variable-in-path",
    Severity.WARNING,
    summary=N_("WORKDIR, USER or COPY contains a variable or `~`"),
    bad=FROM + 'ENV APP_HOME="/opt/app"\nWORKDIR $APP_HOME\nRUN make\n',
    good=FROM + 'ENV APP_HOME="/opt/app"\nWORKDIR /opt/app\nRUN make\n',
)
def variable_in_path(node: Copy | User | Workdir, context: Context) -> Iterator[Finding]:
    """Docker replaces `$NAME` in these commands; a shell replaces `~` as well. The documentation of
    Image Builder mentions neither. The command would use a directory or a user of that very name,
    and Cloud Assistant rejects a step whose directory does not exist. Sources: Image Builder's
    documentation, "WORKDIR", "COPY" and "USER"; Cloud Assistant, `WorkingDirectoryNotExist`.
    """
    for part in _parts(node):
        is_path = not isinstance(node, User)
        if is_path and (part.text == "~" or part.text.startswith("~/")):
            span = Span(part.span.start, part.span.start + 1)
            text = N_("only a shell expands `~`; use the path of the home directory")
            yield Finding(span, Message(text))
        elif "$" in part.text and (uses := _uses(part, node, context)):
            text = N_("`{variable}` may not be expanded in {command}; use its value")
            yield _finding(text, node, part, uses, context)


def _parts(node: Copy | User | Workdir) -> tuple[Word | Location, ...]:
    """The parts of a command that may be paths, or names of users; of a COPY's sources, URLs."""
    if isinstance(node, Workdir):
        return node.paths
    if isinstance(node, User):
        return node.names
    if len(node.locations) != 2:  # noqa: PLR2004 - source and directory
        return ()  # refused
    source, target = node.locations
    return (source, target) if source.scheme else (target,)
