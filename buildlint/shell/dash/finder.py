"""Finding bashisms: in shell text, and in the RUNs of a template that dash reads."""

from collections.abc import Iterable, Iterator

from buildlint.language.syntax import Run
from buildlint.shell.commands import Command, Script
from buildlint.shell.dash.bashism import Bashism, Change, Kind
from buildlint.shell.dash.commands import (
    COMMANDS,
    FLAGS,
    SET_LETTERS,
    SIGNALS,
    in_command,
    is_tolerated,
    tries_options,
)
from buildlint.shell.dash.expansions import VARIABLES, in_expansions
from buildlint.shell.dash.operators import expressions, in_script
from buildlint.shell.lexer import Lexed, certain, lex
from buildlint.shell.wrappers import text_word
from buildlint.text.regex import regex, words

_SHELLS = ("sh", "dash")
# Whether a text may hold one: most hold none, and are not looked at any closer. What each begins
# with is looked for first.
_MAY = regex(
    r"(?=[\[<>(&|;=+\]{.$%:/-])(?:"
    r"\[\[|[<>]\(|\(\(|<<<|&>|>&(?!\s*[\d-](?:[\s;&|)<>]|\Z))|\|&|;&|=\(|\+=|\]=|==|\{[^{},\s]*+,"
    r"|\.\.(?<=\w\.\.)-?\w|\$\(\s*<|-v\s(?<=\s-v\s)(?<!command -v\s)|\$['\"]"
    r"|\$\{(?:!|[#!]?(?:\w++|[@*])(?:[/^,@\[]|:(?![-=?+])))"
    r"|\{\w++\}[<>]|[<>](?<=\d\d[<>])|<&\s*\d\d|/dev/(?:tcp|udp)/|[.:-]\w*+\(\)"
    rf"|%-?\d*(?:q|\()|\$\{{?(?:{'|'.join(VARIABLES)}))"
)
_WORDS = ("source", "function", "select", *sorted(COMMANDS))
_FLAGGED = ("echo", *sorted(FLAGS.keys() - {"read"}))
_LETTERS = f"[{''.join(sorted(SET_LETTERS))}o]"
_MAY_IN_WORDS = regex(
    words(
        (
            *(rf"{each}(?![\w-])" for each in _WORDS),
            *(rf"{each}\s+-" for each in _FLAGGED),
            r"read\s+-(?!r\s+[^\s-])",
            rf"set\s+(?:[-+][a-zA-Z]*+\s+)*[-+][a-zA-Z]*?{_LETTERS}",
            *(rf"{each}(?!\w)" for each in SIGNALS),
        ),
        behind=r"\w-",
    )
)
# Who asks which shell it is knows what the others do not know.
_ASKS_WHICH = regex(r"\$\{?(?:BASH|ZSH|KSH)(?:_VERSION)?(?!\w)")
_FUNCTION = regex(r"(?<!\w)(\w++) ?\(\)")
_SHELL = regex(r"(?<![\w.-])(?:da)?sh(?=\s)")


def in_run(run: Run, script: Script) -> tuple[Bashism, ...]:
    """Find those of a RUN that dash reads, in their order; `script` are its commands.

    What bash is given, by `bash -c '…'`, is bash's.
    """
    written = run.argument_text
    may = _MAY.search(written) or _MAY_IN_WORDS.search(written)
    shell = certain(run) if may else None
    if shell is None:
        return ()
    text, parts = shell[0].text, shell[1]
    found = [*_find(text, parts, run.shell or 0), *_in_strings(text, script.named(*_SHELLS))]
    return tuple(sorted(found, key=lambda each: each.start))


def _in_strings(text: str, commands: Iterable[Command]) -> Iterator[Bashism]:
    """Yield those of the text in `sh -c '…'`, where that is all that the shell gets."""
    for command in commands:
        word = None if command.is_nested or not command.is_certain else text_word(command)
        if word is None:
            continue
        quote, inner, start = text[word.start], text[word.start + 1 : word.end - 1], word.start + 1
        is_plain = quote not in inner and (quote == "'" or not {*inner} & {*"\\$`"})
        if quote not in "'\"" or not is_plain:
            continue
        shell = lex(text[: word.end - 1], start)
        programs = list(_SHELL.finditer(text, command.start, start))
        for each in _find(shell.text, shell, start) if shell.is_whole and programs else ():
            change = Change(*programs[0].span(), "bash")
            yield each._replace(instead="", changes=(change,), is_nested=True)


def _find(text: str, shell: Lexed, start: int) -> Iterator[Bashism]:
    """Yield those of a text from an offset on; in one that asks which shell reads it, none."""
    if _ASKS_WHICH.search(text, start):
        return
    spans = [each for script in shell.scripts for each in expressions(text, script)]
    for span, is_loop in spans:
        kind = Kind.SYNTAX if is_loop else Kind.MISSING
        yield Bashism(kind, *span, name="for ((" if is_loop else "((")
    # The characters of `((…))`: no word in it is a command.
    inside = {place for span, _ in spans for place in range(span.start + 1, span.end)}
    for script in shell.scripts:
        yield from (each for each in in_script(text, script) if each.start not in inside)
    yield from in_expansions(text, shell)
    commands = [each for each in shell.commands() if each.words[0].start not in inside]
    tries = any(tries_options(text, each) for each in commands)
    functions = {*_FUNCTION.findall(text, start)}
    for simple in commands:
        is_quiet = is_tolerated(text, simple)
        for each in in_command(text, simple):
            is_own = is_quiet or text[each.start : each.end] in functions
            is_tried = each.kind is Kind.OPTION and tries
            if not (is_tried or (is_own and each.kind in (Kind.MISSING, Kind.SOURCE))):
                yield each
