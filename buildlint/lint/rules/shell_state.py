"""BL572: variables, functions and aliases of an earlier RUN."""

import re
from collections.abc import Iterator
from itertools import chain
from string import ascii_letters, digits

from buildlint.language.syntax import Component, Invalid, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.no_effect import changes_only_its_shell
from buildlint.lint.rules.registry import rule
from buildlint.shell.options import VALUED
from buildlint.shell.packages import MANAGERS
from buildlint.shell.settings import assignments
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

# A function or an alias, at the start of a statement.
_START = r"(?:^|[;&|\n{(]|\b(?:then|do|else)\b)[ \t]*"
_FUNCTION = regex(rf"{_START}(?:function[ \t]+)?([A-Za-z_][\w-]*+)[ \t]*\([ \t]*\)")
_ALIAS = regex(rf"{_START}alias[ \t]+([A-Za-z_][\w-]*+)=")
_USE = regex(r"\$(?:([A-Za-z_]\w*+)|\{#?([A-Za-z_]\w*+)(?!:?[-+=?]))")
_WORD = regex(r"[A-Za-z_]\w*+")
_MAY_DEFINE = regex(r"\([ \t]*\)")
_PARENTHESES = regex(r"(?<![\w$-])([A-Za-z_][\w-]*+)[ \t]*\([ \t]*\)")
_NAMED = regex(r"\$\{?(\w++)")
_OF_NAMES = f"{ascii_letters}{digits}_"
_IN_PATH = regex(r"/([A-Za-z_][\w-]*+)")
# What may set any variable, or define any function.
_SETTERS = (".", "source", "eval", "read", "mapfile", "readarray", "getopts")
# Files that set variables for those who log in, or for whom they are read.
_PROFILES = regex(r"/etc/(?:environment|profile)|\.(?:bash_profile|bashrc|profile|zshrc)\b")
# Set by a shell, by the system, or by what runs the steps.
_USUAL = frozenset(
    (
        *("DISPLAY", "EUID", "GROUPS", "HOME", "HOSTNAME", "HOSTTYPE", "IFS", "LANG", "LANGUAGE"),
        *("LINENO", "LOGNAME", "MACHTYPE", "OLDPWD", "OPTARG", "OPTERR", "OPTIND", "OSTYPE"),
        *("PATH", "PIPESTATUS", "PPID", "PS1", "PS2", "PS4", "PWD", "RANDOM", "REPLY"),
        *("SECONDS", "SHELL", "SHELLOPTS", "SHLVL", "TERM", "TMPDIR", "TZ", "UID", "USER", "_"),
        *("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"),
    )
)
_USUAL_PREFIXES = ("BASH", "COMP_", "FUNC", "HIST", "LC_", "SSH_", "SUDO_", "XDG_")
# A function or an alias of such a name stands for a program that may be there.
_PROGRAMS = (*VALUED, *MANAGERS, "awk", "docker", "ls", "python", "rm", "systemctl", "vi", "vim")


@rule(
    Template,
    "BL572",
    "state-of-another-run",
    Severity.WARNING,
    summary=N_("RUN uses a variable, function or alias of an earlier RUN"),
    bad=FROM + "RUN V=1.2 && make VERSION=$V\nRUN test -e /opt/app-$V\n",
    good=FROM + 'ENV V="1.2"\nRUN make VERSION=$V\nRUN test -e /opt/app-$V\n',
    having=(Run,),
)
def state_of_another_run(node: Template, context: Context) -> Iterator[Finding]:
    """Each RUN is a separate step, in a shell of its own: variables, functions and aliases end with
    it. In the next RUN, the variable is empty, and the function is not found. Use ENV for values,
    and join the RUNs that need the same function. Source: the published source of Cloud Assistant,
    which runs the text of each step as a new process.
    """
    if len(context.runs) <= 1:
        return
    variables, functions = _candidates(context)
    if not (variables or functions) or node.is_open:
        return
    runs = [run for run in context.runs if run.shell_text and not run.argument_text.startswith("#")]
    known: dict[str, Run] = {}
    has_profiles = context.commands_say(_PROFILES)
    first = next((each for each in node.instructions if isinstance(each, Component)), None)
    for run in runs:
        if first and first.span.start < run.span.start:
            return  # a component may have an ENV
        text = run.argument_text
        script = context.shell(run)
        if known and not has_profiles and not script.runs(*_SETTERS):
            if variables and "$" in text:
                yield from _lost_variables(run, known, context)
            if functions:
                yield from _lost_functions(run, known, context)
        if any(name in text for name in variables | functions):
            is_told = changes_only_its_shell(run, script)  # BL530
            own = (
                () if is_told else chain(_variables(run), (f"{each}()" for each in _functions(run)))
            )
            wanted = variables | {f"{name}()" for name in functions}
            known |= {name: run for name in own if name in wanted}


def _candidates(context: Context) -> tuple[frozenset[str], frozenset[str]]:
    """The variables that a RUN may set and another one read, and the functions and aliases."""
    text = context.commands_text
    read = {*_NAMED.findall(text)}.intersection(_assigned(text)) if "$" in text else set()
    # What is no command of a template, such as ARG, may be replaced by one.
    refused = {
        word
        for node in context.template.instructions
        if type(node) is Invalid
        for word in _WORD.findall(node.argument_text)
    }
    variables = (
        name
        for name in read
        if not (name.upper() in _USUAL or name.startswith(_USUAL_PREFIXES))
        and not (name in refused or context.settings.mentions(name))
    )
    defined = _PARENTHESES.findall(text) if _MAY_DEFINE.search(text) else ()
    functions = {*defined, *(_ALIAS.findall(text) if "alias " in text else ())}
    # What a path names may be a program.
    in_paths = _IN_PATH.findall(text) if functions else ()
    return frozenset(variables), frozenset(functions.difference(_PROGRAMS, in_paths))


def _assigned(text: str) -> Iterator[str]:
    """Yield the names that stand before an equals sign."""
    for before in text.split("=")[:-1]:
        yield before[len(before.rstrip(_OF_NAMES)) :]


def _lost_variables(run: Run, known: dict[str, Run], context: Context) -> Iterator[Finding]:
    """Yield the uses of variables that only another RUN has set; of each name the first."""
    text, start = run.argument_text, run.shell or 0
    read = _blanked(text, start, keeps_double=True)
    uses: dict[str, int] = {}
    for match in _USE.finditer(read):
        uses.setdefault(match[1] or match[2], match.start())
    if uses.keys().isdisjoint(known):
        return
    rest = {*_WORD.findall(_USE.sub(" ", text[start:]))}
    for name in uses.keys() & known.keys():
        if name not in rest and run.arguments:
            span = run.arguments.at(uses[name], _end(read, uses[name]))
            yield _finding(span, f"${name}", known[name], context)


def _lost_functions(run: Run, known: dict[str, Run], context: Context) -> Iterator[Finding]:
    """Yield the calls of functions and aliases of another RUN; of each name the first."""
    own = frozenset(_functions(run))
    told: set[str] = set()
    for command in context.shell(run).commands:
        name, place = command.name, command.start
        other = known.get(f"{name}()")
        if not other or name in own or name in told or not command.is_certain:
            continue
        if run.arguments and run.argument_text.startswith(name, place):
            told.add(name)
            span = run.arguments.at(place, place + len(name))
            yield _finding(span, name, other, context)


def _end(text: str, place: int) -> int:
    """Where a reference ends that begins at an offset."""
    match = _USE.match(text, place)
    end = match.end() if match else place
    return end + text.startswith("}", end)


def _finding(span: Span, name: str, other: Run, context: Context) -> Finding:
    text = N_(
        "each RUN is a new shell, and `{name}` is set only in that of line {line}; use ENV or join "
        "the RUNs"
    )
    line = context.source.position(other.span.start).line
    return Finding(span, Message(text, {"line": str(line), "name": shown(name)}))


# --- what a RUN sets -----------------------------------------------------------------------------


def _variables(run: Run) -> Iterator[str]:
    """The variables that a RUN surely sets, those made of their former values left out."""
    for each in assignments(run.argument_text, run.shell or 0):
        if each.name not in _NAMED.findall(each.value):
            yield each.name


def _functions(run: Run) -> Iterator[str]:
    """The functions and aliases that a RUN defines."""
    plain = _blanked(run.argument_text, run.shell or 0, keeps_double=False)
    for match in chain(_FUNCTION.finditer(plain), _ALIAS.finditer(plain)):
        yield match[1]


_STRINGS = regex(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.|(?<![^\s;&|])#[^\n]*""", re.DOTALL)
_ESCAPES = regex(r"\\.", re.DOTALL)


def _blanked(text: str, start: int, *, keeps_double: bool) -> str:
    """A shell text without what is quoted or a comment; the places stay the same."""

    def blank(match: re.Match[str]) -> str:
        if keeps_double and match[0].startswith('"'):
            return _ESCAPES.sub("  ", match[0])
        return " " * len(match[0])

    return " " * start + _STRINGS.sub(blank, text[start:])
