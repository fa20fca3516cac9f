"""BL572: variables, functions and aliases of an earlier RUN."""

import re
from collections.abc import Iterator
from itertools import chain

from buildlint.language.syntax import Component, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.no_effect import changes_only_its_shell
from buildlint.lint.rules.registry import rule
from buildlint.shell.options import VALUED
from buildlint.shell.packages import MANAGERS
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

# What is set at the start of a statement, outside of quotes.
_START = r"(?:^|[;&|\n{(]|\b(?:then|do|else)\b)[ \t]*"
_VARIABLE = regex(rf"{_START}(?:(?:export|readonly)[ \t]+)?([A-Za-z_]\w*+)=")
_FUNCTION = regex(rf"{_START}(?:function[ \t]+)?([A-Za-z_][\w-]*+)[ \t]*\([ \t]*\)")
_ALIAS = regex(rf"{_START}alias[ \t]+([A-Za-z_][\w-]*+)=")
_USE = regex(r"\$(?:([A-Za-z_]\w*+)|\{#?([A-Za-z_]\w*+)(?!:?[-+=?]))")
_WORD = regex(r"[A-Za-z_]\w*+")
_VALUE = regex(r"[^;&|\n]*+")
_NAMED = regex(r"\$\{?(\w++)")
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
    runs = [run for run in context.runs if run.shell_text and not run.argument_text.startswith("#")]
    if len(runs) <= 1 or node.is_open:
        return
    known: dict[str, Run] = {}
    has_profiles = context.commands_say(_PROFILES)
    first = next((each for each in node.instructions if isinstance(each, Component)), None)
    for run in runs:
        if first and first.span.start < run.span.start:
            return  # a component may have an ENV
        if known and not has_profiles and not context.shell(run).runs(*_SETTERS):
            yield from _lost(run, known, context)
        if not changes_only_its_shell(run, context.shell(run)):
            known |= dict.fromkeys(_set(run, context), run)


def _lost(run: Run, known: dict[str, Run], context: Context) -> Iterator[Finding]:
    """Yield the uses of what only another RUN has set; of each name the first."""
    arguments, start = run.shell_text or (None, 0)
    if arguments is None:
        return
    text = arguments.text
    read = _blanked(text, start, keeps_double=True)
    uses: dict[str, int] = {}
    for match in _USE.finditer(read):
        uses.setdefault(match[1] or match[2], match.start())
    rest = {*_WORD.findall(_USE.sub(" ", text[start:]))}
    for name in uses.keys() & known.keys():
        if name not in rest:
            place = uses[name]
            span = arguments.at(place, _end(read, place))
            yield _finding(span, f"${name}", known[name], context)
    for command in context.shell(run).commands:
        other = known.get(f"{command.name}()")
        if other and command.is_certain and text[command.start :].startswith(command.name):
            if f"{command.name}()" not in _set(run, context):
                span = arguments.at(command.start, command.start + len(command.name))
                yield _finding(span, command.name, other, context)
            return


def _end(text: str, place: int) -> int:
    """Where a reference ends that begins at an offset."""
    match = _USE.match(text, place)
    end = match.end() if match else place
    return end + text.startswith("}", end)


def _finding(span: Span, name: str, other: Run, context: Context) -> Finding:
    text = N_(
        "only the RUN in line {line} sets `{name}`, and each RUN is a new shell; use ENV or join "
        "the RUNs"
    )
    line = context.source.position(other.span.start).line
    return Finding(span, Message(text, {"line": str(line), "name": shown(name)}))


# --- what a RUN sets -----------------------------------------------------------------------------


def _set(run: Run, context: Context) -> frozenset[str]:
    """The variables that a RUN sets, and its functions and aliases, written as `name()`."""
    return context.once(("sets", run.span.start), lambda: frozenset(_names(run, context)))


def _names(run: Run, context: Context) -> Iterator[str]:
    text, start = run.shell_text or (None, 0)
    if text is None:
        return
    plain = _blanked(text.text, start, keeps_double=False)
    for match in _VARIABLE.finditer(plain):
        name = match[1]
        is_usual = name.upper() in _USUAL or name.startswith(_USUAL_PREFIXES)
        # One that is made of its former value may come from elsewhere.
        value = _VALUE.match(text.text, match.end())
        is_own = not value or name not in _NAMED.findall(value[0])
        if is_own and not is_usual and not context.settings.mentions(name):
            yield name
    for match in chain(_FUNCTION.finditer(plain), _ALIAS.finditer(plain)):
        name = match[1]
        if name not in _PROGRAMS and f"/{name}" not in context.template.text:
            yield f"{name}()"


_STRINGS = regex(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.|(?<![^\s;&|])#[^\n]*""", re.DOTALL)
_ESCAPES = regex(r"\\.", re.DOTALL)


def _blanked(text: str, start: int, *, keeps_double: bool) -> str:
    """A shell text without what is quoted or a comment; the places stay the same."""

    def blank(match: re.Match[str]) -> str:
        if keeps_double and match[0].startswith('"'):
            return _ESCAPES.sub("  ", match[0])
        return " " * len(match[0])

    return " " * start + _STRINGS.sub(blank, text[start:])
