"""What a shell in the container reads: to get ready for a step, to run it, and to trace it."""

from collections import deque
from secrets import token_hex
from shlex import quote
from typing import NamedTuple

from buildlint.language.syntax import Copy
from buildlint.rehearse.excuses import EXCUSES, Excuse
from buildlint.rehearse.quoting import in_double_quotes
from buildlint.rehearse.steps import Around
from buildlint.service.systems import DEFAULT_PATH
from buildlint.text.regex import regex

# What is kept in a container; not in /run or /tmp, which a restart empties.
FOLDER = "/var/lib/buildlint"
RUN = f"{FOLDER}/run"
_STEP, _BIN, _REFUSED = f"{FOLDER}/step", f"{FOLDER}/bin", f"{FOLDER}/refused"
# By these, getting ready says that there is no such user, and that it has no home directory.
NO_USER, NO_HOME = 71, 72
# By this, and the mark behind it, the step says that its directory is not there.
NO_DIRECTORY = 251
MARK = f"buildlint-{token_hex(8)}"

# The user, the two files, and the directory of the step, in which it does not start at home.
PREPARE = f"""\
umask 022
mkdir -p {_BIN} && : > {_REFUSED} && chmod 666 {_REFUSED} || exit 70
printf '%s' "$2" > {RUN} && printf '%s' "$3" > {_STEP} && chmod 755 {RUN} {_STEP} || exit 70
"""
# For the programs of one kind that are there.
_STAND_IN_LINES = f"""\
for name in {{names}}; do
    [ ! -e {_BIN}/$name ] && command -v "$name" > /dev/null || continue
    real=$(command -v "$name")
    printf '%s' {{text}} | sed "s|@REAL@|$real|g;s|@NAME@|$name|" > {_BIN}/$name &&
        chmod 755 {_BIN}/$name
done
"""
_CHECK_USER = f"""\
id -u "$1" > /dev/null 2>&1 || exit {NO_USER}
eval "home=~$1"
[ -n "$4" ] || [ -d "$home" ] || exit {NO_HOME}
"""
# What it writes on standard error is looked at: a refusal is noted, and taken for done.
_STAND_IN = f"""\
#!/bin/sh
# Runs @REAL@, which a container refuses some things.
words=$(mktemp) || exec @REAL@ "$@"
@REAL@ "$@" 2> "$words"
code=$?
cat "$words" >&2
if [ "$code" -ne 0 ] && grep -Eiq {{signs}} "$words"{{also}}; then
    printf '%s\\n' "@NAME@ $*" >> {_REFUSED}
    code=0
fi
rm -f "$words"
exit "$code"
"""
_USER_NAME = regex(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*\$?")


def preparing(around: Around, script: str) -> tuple[str, ...]:
    """Return the program that gets a container ready for a step; it runs as root."""
    return (
        *("sh", "-c", PREPARE + _stand_ins() + _CHECK_USER, "sh"),
        *(around.user_name, _around(around), script, around.directory),
    )


def is_user_name(name: str) -> bool:
    """Whether a text may be the name of a user at all."""
    return _USER_NAME.fullmatch(name) is not None


def _around(around: Around) -> str:
    """Write what puts itself in the place of the step's script, in its surroundings."""
    name = quote(around.user_name)
    directory = in_double_quotes(around.directory) if around.directory else '"$HOME"'
    return "\n".join(
        (
            "#!/bin/sh",
            f"export PATH={DEFAULT_PATH} USER={name} LOGNAME={name}",
            f"HOME=~{name}; export HOME",
            *around.exports,
            f"cd -- {directory} 2> /dev/null || {{ echo {MARK}; exit {NO_DIRECTORY}; }}",
            f"PATH={_BIN}:$PATH",
            f"/bin/sh -c {_STEP}",
            "code=$?",
            # What was refused stands behind the output of the step.
            f"[ ! -s {_REFUSED} ] || {{ echo; echo {MARK}; cat {_REFUSED}; }}",
            'exit "$code"',
            "",
        )
    )


def _stand_ins() -> str:
    lines = [f"PATH={DEFAULT_PATH}\n"]
    for excuse in EXCUSES:
        if excuse.has_stand_in:
            names, text = " ".join(excuse.programs), quote(_stand_in(excuse))
            lines.append(_STAND_IN_LINES.format(names=names, text=text))
    return "".join(lines)


def _stand_in(excuse: Excuse) -> str:
    also = ""
    if excuse.arguments:
        also = f" && printf '%s' \"$*\" | grep -Eiq {quote(excuse.arguments)}"
    return _STAND_IN.format(signs=quote(excuse.signs), also=also)


def copying(node: Copy, file: str | None = None) -> str:
    """Write what fetches or copies the source of a COPY; `file` is given instead of a URL."""
    source = quote(node.locations[0].text)
    target = in_double_quotes(node.locations[1].text)
    if file is not None:
        return f"mkdir -p -- {target} && cp -- {quote(file)} {target}"
    if node.locations[0].scheme:
        return f"wget -nv -P {target} -- {source}"
    return f"cp -r -- {in_double_quotes(node.locations[0].text)} {target}"


# --- tracing -------------------------------------------------------------------------------------

_SHELLS = ("sh", "bash", "dash", "ash", "ksh", "zsh")
_SETS_TRACE = f"PS4='+{MARK}:$LINENO: '; set -x; "
# So many of the last commands matter, and so much of a line.
_LAST, _LONGEST = 500, 4096


class Traced(NamedTuple):
    """A command that was run: its line in the script, and its words as the shell saw them.

    The line is 0 where the shell does not tell it.
    """

    line: int
    text: str


def traced(script: str) -> str | None:
    """Let a script say what it runs, each on its line; None for one that no shell reads."""
    if not script.startswith("#!"):
        return f"{_SETS_TRACE}{script}"
    first, end, rest = script.partition("\n")
    words = [each.rpartition("/")[2] for each in first[2:].split()]
    if words[:1] == ["env"]:
        words = [each for each in words[1:] if not each.startswith("-")]
    return f"{first}\n{_SETS_TRACE}{rest}" if end and {*words[:1]} & {*_SHELLS} else None


class TraceReader:
    """Finds the commands in what a traced script writes, however much that is."""

    def __init__(self) -> None:
        self._commands: deque[Traced] = deque(maxlen=_LAST)
        self._rest = b""

    def add(self, chunk: bytes) -> None:
        """Take a piece."""
        *lines, rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._line(line)
        # A command may begin a line of any length, or stand behind one that has no end.
        self._rest = _shortened(rest)

    def commands(self) -> tuple[Traced, ...]:
        """Return the last of them, in their order."""
        self._line(self._rest)
        self._rest = b""
        return tuple(self._commands)

    def _line(self, written: bytes) -> None:
        text = _shortened(written).decode("utf-8", "replace")
        # In a pipe, one shell may write into the line of another.
        for part in text.split(f"{MARK}:")[1:]:
            number, _, command = part.partition(": ")
            line = int(number) if number.isdecimal() else 0  # dash does not tell lines
            self._commands.append(Traced(line, command.rstrip("+")))


def _shortened(line: bytes) -> bytes:
    """Keep the beginning and the end of a line that is long."""
    return line if len(line) <= 2 * _LONGEST else line[:_LONGEST] + line[-_LONGEST:]
