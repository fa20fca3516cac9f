"""BL30x and BL31x: which commands there are, and those that lack their arguments."""

from collections.abc import Callable, Iterator

from buildlint.language.syntax import Invalid, LogicalText, Reason, Restart
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.swallowed import lost_command, swallowed
from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS, Command, ServiceCode
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown, similar
from buildlint.text.regex import regex
from buildlint.text.span import Span


@rule(
    Invalid,
    "BL301",
    "unsupported-command",
    Severity.ERROR,
    summary=N_("A Dockerfile instruction is not supported by Image Builder"),
    service_code=ServiceCode.COMMAND_NOT_SUPPORTED,
    bad=FROM + "EXPOSE 80\n",
    good=FROM + "RUN true\n",
)
def unsupported_command(node: Invalid, context: Context) -> Iterator[Finding]:
    """Image Builder has eleven commands: FROM, RUN, ENV, WORKDIR, COPY, USER, LABEL, CMD,
    ENTRYPOINT, RESTART and COMPONENT. Other Dockerfile instructions do not apply to a whole
    machine, or have an alternative, which the message names.
    """
    if node.command in UNSUPPORTED_COMMANDS:
        yield Finding(node.keyword.span, Message(UNSUPPORTED_COMMANDS[node.command]))


@rule(
    Invalid,
    "BL302",
    "unknown-command",
    Severity.ERROR,
    summary=N_("A line does not start with a command"),
    service_code=ServiceCode.COMMAND_NOT_SUPPORTED,
    bad=FROM + "RUM apt-get update\n",
    good=FROM + "RUN apt-get update\n",
)
def unknown_command(node: Invalid, context: Context) -> Iterator[Finding]:
    """Every line that is not a comment or a continuation must start with a command. Usually the
    command is misspelled, or the previous line lacks a backslash at its end.
    """
    if node.reason is not Reason.UNKNOWN_COMMAND or node.command in UNSUPPORTED_COMMANDS:
        return
    for explain in (_full_width, _literal_line_end, _joined_lines, _mistyped):
        finding = explain(node, context)
        if finding:
            yield finding
            return
    text = N_(
        "`{word}` is not a command; if this line continues the previous one, end that line with a "
        "backslash"
    )
    yield Finding(node.keyword.span, Message(text, {"word": shown(node.keyword.text)}))


def _full_width(node: Invalid, context: Context) -> Finding | None:
    """Find a keyword in full-width letters, or before a full-width blank.

    They look right to those who type Chinese.
    """
    from unicodedata import normalize  # noqa: PLC0415 - only mistakes pay for it

    word = node.keyword.text
    letters = len(word.partition("\u3000")[0])
    blanks = len(word) - letters - len(word[letters:].lstrip("\u3000"))
    plain = normalize("NFKC", word[:letters])
    if plain.upper() not in COMMANDS:
        return None
    start = node.keyword.span.start
    fields = {"word": shown(word), "plain": plain}
    text = N_("`{word}` contains full-width characters; use `{plain}` and a space in ASCII")
    edit = Edit(Span(start, start + letters + blanks), f"{plain} " if blanks else plain)
    fix = Fix(Message(N_("Replace with `{plain}` in ASCII"), fields), (edit,), safe=True)
    return Finding(node.keyword.span, Message(text, fields), fix)


def _joined_lines(node: Invalid, context: Context) -> Finding | None:
    """Find a keyword that a continuation joins to the next line, for want of a blank."""
    span = node.keyword.span
    first = context.source.text[span.start : span.end].partition("\\")[0]
    if first.upper() not in COMMANDS:
        return None
    text = N_(
        "`{word}` is not a command; add a space between `{first}` and the backslash, which joins "
        "the next line"
    )
    end = span.start + len(first)
    edit = Edit(Span(end, end), " ")
    fix = Fix(Message(N_("Add a space before the backslash")), (edit,), safe=False)
    return Finding(span, Message(text, {"word": shown(node.keyword.text), "first": first}), fix)


def _literal_line_end(node: Invalid, context: Context) -> Finding | None:
    """Find a keyword with the two characters after it that are a line end in quoted strings."""
    found = _LINE_END.match(node.keyword.text)
    if found is None or found["command"].upper() not in COMMANDS:
        return None
    at, behind = (node.keyword.span.start + found.start(each) for each in ("end", "rest"))
    is_on_one_line = len(node.keyword.text) == node.keyword.span.end - node.keyword.span.start
    fix = Fix(Message(N_("Start a new line")), (Edit(Span(at, behind), "\n"),), safe=True)
    text = N_("`\\n` is not a line ending here; start a new line")
    return Finding(Span(at, behind), Message(text), fix if is_on_one_line else None)


_LINE_END = regex(r"(?P<command>[A-Za-z]+)(?P<end>(?:\\r)?\\n)(?P<rest>.)")


def _mistyped(node: Invalid, context: Context) -> Finding | None:
    word = "".join(filter(str.isprintable, node.command))
    suggestion = similar(word, COMMANDS, cutoff=0.6)
    if not suggestion:
        return None
    span = node.keyword.span
    fields = {"word": shown(node.keyword.text), "suggestion": suggestion}
    fix = None
    # Where more than a mistyped keyword stands there (COPY:a), a fix would lose the rest.
    is_on_one_line = span.end - span.start == len(node.keyword.text)
    if word.isalpha() and abs(len(word) - len(suggestion)) <= 1 and is_on_one_line:
        text = N_("Replace with `{suggestion}`")
        fix = Fix(Message(text, fields), (Edit(span, suggestion),), safe=False)
    text = N_("`{word}` is not a command; did you mean `{suggestion}`?")
    return Finding(span, Message(text, fields), fix)


@rule(
    Restart,
    "BL305",
    "restart-with-arguments",
    Severity.ERROR,
    summary=N_("RESTART has arguments"),
    service_code=ServiceCode.NOT_EMPTY_RESTART,
    bad=FROM + "RESTART now\n",
    good=FROM + "RESTART\n",
)
def restart_with_arguments(node: Restart, context: Context) -> Iterator[Finding]:
    """RESTART reboots the build instance. The service rejects the whole template if anything
    follows the keyword, even a comment: `#` starts a comment only at the start of a line.
    """
    if found := swallowed(node):
        yield lost_command(found, "RESTART")
    elif node.arguments:
        text = node.arguments.text
        message = Message(
            N_("RESTART takes no arguments; remove `{arguments}`"), {"arguments": shown(text)}
        )
        end = Span(node.keyword.span.end, node.arguments.span.end)
        is_one_line = "\n" not in context.source.text[slice(*end)]
        fix = _without_arguments(end, node.arguments) if is_one_line else None
        yield Finding(node.arguments.span, message, fix)


# What programs that restart a machine take; a comment goes to the end of the line.
_SUPERFLUOUS = regex(
    r"(?>(?:(?:now|\+?\d++|-[a-z]|--(?:force|now|reboot))(?=[ \t]|\Z)[ \t]*+)*)(?:#[^\r\n]*)?"
)
_OPERATOR = regex(r"(?:&&|;)\s*(?=\S)")


def _without_arguments(end: Span, arguments: LogicalText) -> Fix:
    """Delete the end of a RESTART, by a safe fix if it means nothing, or make a RUN of it."""
    if operator := _OPERATOR.match(arguments.text):
        behind = arguments.at(operator.end(), len(arguments.text)).start
        edit = Edit(Span(end.start, behind), "\nRUN ")
        return Fix(Message(N_("Move to a RUN of its own")), (edit,), safe=False)
    is_superfluous = _SUPERFLUOUS.fullmatch(arguments.text) is not None
    return Fix(
        Message(N_("Remove everything after RESTART")), (Edit(end, ""),), safe=is_superfluous
    )


_EMPTY_CODES = {
    "RUN": "BL310",
    "ENV": "BL311",
    "WORKDIR": "BL312",
    "COPY": "BL313",
    "USER": "BL314",
    "LABEL": "BL315",
    "CMD": "BL316",
    "ENTRYPOINT": "BL317",
}

_EMPTY_EXPLANATION = """\
{name} without arguments does nothing, and the service rejects the whole template. Comments and
continuations are not arguments: {a_name} followed by a line that starts with `#` is empty, too.

Documented forms: {forms}."""


def _no_arguments(name: str) -> Callable[[Invalid, Context], Iterator[Finding]]:
    def check(node: Invalid, context: Context) -> Iterator[Finding]:
        if node.reason is Reason.NO_ARGUMENTS and node.command == name:
            message = Message(
                N_(
                    "{command} has no arguments; add them, for example `{example}`, or remove the "
                    "command"
                ),
                {"command": name, "example": COMMANDS[name].example},
            )
            yield Finding(node.span, message)

    return check


def _declare_no_arguments(name: str, command: Command) -> None:
    rule(
        Invalid,
        _EMPTY_CODES[name],
        f"empty-{name.lower()}",
        Severity.ERROR,
        summary=_EMPTY_SUMMARIES[name],
        service_code=command.no_arguments,
        bad=f"{FROM}{name}\n",
        good=f"{FROM}{command.example}\n",
        explanation=_EMPTY_EXPLANATION.format(
            name=name,
            a_name=f"an {name}" if name.startswith("E") else f"a {name}",
            forms=", ".join(f"`{form}`" for form in command.forms),
        ),
    )(_no_arguments(name))


_EMPTY_SUMMARIES = {
    "RUN": N_("RUN has no arguments"),
    "ENV": N_("ENV has no arguments"),
    "WORKDIR": N_("WORKDIR has no arguments"),
    "COPY": N_("COPY has no arguments"),
    "USER": N_("USER has no arguments"),
    "LABEL": N_("LABEL has no arguments"),
    "CMD": N_("CMD has no arguments"),
    "ENTRYPOINT": N_("ENTRYPOINT has no arguments"),
}

for _name in _EMPTY_CODES:
    _declare_no_arguments(_name, COMMANDS[_name])
