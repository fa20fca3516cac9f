"""BL540 and BL542: shell text that goes on, or succeeds, where a command has failed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.options import SHELLS
from buildlint.shell.packages import APT, MANAGERS, PIP
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

DOWNLOADS = ("curl", "wget")
# Others without which a step has not done its work.
_WORK = ("cp", "install", "make", "mv", "patch", "tar", "unzip")
# They notice that what was fetched is not what was meant.
CHECKERS = ("sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "gpg", "gpgv", "cosign")
# Success ends a loop of attempts.
_LEAVES = regex(r"&&\s*(?:break|exit|return)\b")


_OF_PIP = regex(r"pip3?(?:\.\d+)?")
_OF_PYTHON = regex(r"python[\d.]*")
_RPM_INSTALLS = ("-i", "-U", "-F", "--install", "--upgrade", "--freshen")
_RPM_ASKS = ("-q", "-V", "-e", "--query", "--verify", "--erase", "--import", "--test")


def _installs(command: Command) -> str:
    """What a command installs programs with, such as `dnf install`; empty if it installs none."""
    manager = PIP if _OF_PIP.fullmatch(command.name) else MANAGERS.get(command.name)
    if manager:
        verb = manager.verb(command)
        return f"{command.name} {verb.text}" if verb and verb.text in manager.installs else ""
    words = command.words
    if words[:2] == ["-m", "pip"] and _OF_PYTHON.fullmatch(command.name):
        return f"{command.name} -m pip install" if "install" in words[2:] else ""
    match command.name:
        case "rpm":
            is_one = command.has_flag(*_RPM_INSTALLS) and not command.has_flag(*_RPM_ASKS)
            return f"rpm {words[0]}" if is_one else ""
        case "dpkg":
            return f"dpkg {words[0]}" if command.has_flag("-i", "--install") else ""
        case "git":
            return (
                "git clone" if [each.text for each in command.operands()[:1]] == ["clone"] else ""
            )
    return ""


# Scripts whose failure matters as little as that of what they are named for.
_NO_MATTER = regex(r"(?i)check|clean|remove|status|stop|test|uninstall|wait")
_SCRIPT = regex(r"[\w./-]*\.(?:ba)?sh|[\w./-]*\.run")


def _runs_script(command: Command) -> str:
    """What a command runs a script from a file with, such as `bash setup.sh`; empty otherwise."""
    if command.name in SHELLS:
        operands = command.operands()
        is_other = command.has_flag("-c", "-n", "-s", "--version", "--help")
        if is_other or not operands or not _SCRIPT.fullmatch(operands[0].text):
            return ""
        name, label = operands[0].text, f"{command.name} {operands[0].text}"
    else:
        is_script = _SCRIPT.fullmatch(command.name) and not command.has_flag("--version", "--help")
        name = label = command.name if is_script else ""
    return "" if _NO_MATTER.search(name) else label


def _is_mended(script: Script, command: Command) -> bool:
    """Whether a command behind installs what `dpkg -i` fails for the lack of.

    Or, behind a clone, a `cd` that ends the step if there is none.
    """
    if command.name == "git":
        following = bisect_right(script.commands, command.start, key=lambda each: each.start)
        return any(
            each.name in ("cd", "pushd") and each.fallback
            for each in script.commands[following : following + 1]
        )
    return command.name == "dpkg" and any(
        each.start > command.start and each.has_flag("-f", "--fix-broken", "--fix-missing")
        for each in script.named(*APT.programs)
    )


def saves(command: Command) -> bool:
    """Whether a download writes a file, and not only to look at the answer."""
    if command.name not in DOWNLOADS:
        return False
    if command.name == "wget":
        return not command.has_flag("--spider") and command.pipes_into is None
    outputs = (each for each in command.redirections if each.operator != "<<<")
    files = [each.target.text for each in outputs if each.target]
    files += command.values("-o", "--output")
    has_name = command.has_flag("-O", "-o", "--remote-name", "--output", "--remote-name-all")
    return "/dev/null" not in files and (has_name or bool(files))


def _changes_files(command: Command) -> bool:
    """Whether it does work that matters, and is not declared to be no matter if it fails."""
    only_asks = command.has_flag("--version", "--help") or (
        command.name == "tar" and (command.has_flag("-t", "--list") or command.words[:1] == ["tf"])
    )
    is_cleaning = command.name == "make" and command.words in (["clean"], ["distclean"])
    is_other = _is_quiet(command) or only_asks or is_cleaning or _keeps_copy(command)
    return command.name in _WORK and not is_other


def _is_quiet(command: Command) -> bool:
    """Whether what a command says of its failure is thrown away."""
    return any(
        each.descriptor == "2" and each.target is not None and each.target.text == "/dev/null"
        for each in command.redirections
    )


# What the name of a copy says that is only kept in case it is needed.
_BACKUP = regex(
    r"(?i)(?<![a-z])(?:bak|bck|bk|bkp|bkup|backups?|old|orig|original)(?![a-z])"
    r"|\.(?:save|sav|prev|rpmsave|rpmorig|dpkg-old)(?![a-z])|[^/]~$"
)
# The name of the original, and a date.
_DATED = regex(r"[\"'}]*+[._-]?+(?:\d{6}|[\"'{]*+[$`])")
_ARCHIVES = regex(r"-?[abd-z]*+c[a-z]*+|--create")


def _keeps_copy(command: Command) -> bool:
    """Whether a command only keeps a copy of what is there, as `cp /etc/fstab{,.bak}` does."""
    words = [word.text for word in command.operands()]
    if command.name == "tar":
        is_made = _ARCHIVES.fullmatch("".join(command.words[:1]))
        return bool(is_made and any(map(_BACKUP.search, words)))
    if command.name not in ("cp", "mv") or not words:
        return False
    # The grammar parts `/etc/fstab-` from the substitution behind it.
    at = next((index for index, word in enumerate(words) if index and word.startswith("`")), 0)
    words = [*words[: at - 1], words[at - 1] + words[at]] if at else words
    *sources, target = words
    if not sources:
        return "{," in target  # of two names that the shell makes of it
    if any(map(_BACKUP.search, sources)):
        return False  # put back
    original, copy = (word.strip("\"'") for word in (sources[0], target))
    is_dated = copy.startswith(original) and _DATED.match(copy.removeprefix(original))
    return bool(_BACKUP.search(copy) or is_dated)


_NO_COMMANDS = regex(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
# What a script says of its own shell.
_ERREXIT_LINE = regex(r"#![^\n]*[ \t]-[a-z]*e")


def from_the_start(node: Run, command: str) -> Fix:
    """Put a command before all others of a RUN; unsafe, as more of them end the step then."""
    start, joint = node.shell or 0, " && "
    if "\n" in node.argument_text:  # a script, which may begin with `#!`
        found = _NO_COMMANDS.match(node.argument_text)
        start, joint = found.end() if found else 0, "\n"
    place = node.arguments.at(start, start + 1).start if node.arguments else node.span.end
    edit = Edit(Span(place, place), f"{command}{joint}")
    return Fix(
        Message(N_("Add `{command}` at the start of the RUN"), {"command": command}),
        (edit,),
        safe=False,
    )


@rule(
    Run,
    "BL540",
    "swallowed-failure",
    Severity.WARNING,
    summary=N_("RUN continues after a command in it has failed"),
    bad=FROM + "RUN dnf install -y nginx; rm -rf /var/cache/dnf\n",
    good=FROM + "RUN dnf install -y nginx && rm -rf /var/cache/dnf\n",
)
def swallowed_failure(node: Run, context: Context) -> Iterator[Finding]:
    """A step fails only if its shell fails, and a shell returns the status of its last command. A
    failure before a `;` is lost: the build continues, and the image lacks a part, which shows only
    when an instance is started from it. Of a loop, only the last round counts. `set -e` stops the
    shell at the first failure (bash manual, "The Set Builtin"), and so does `&&` between the
    commands.
    """
    script = context.shell(node)
    text = node.argument_text
    lost = [each for each in script.commands if _is_lost(each)]
    if not lost or script.runs("trap") or _ERREXIT_LINE.match(text):
        return
    last_status = max(text.rfind("$?"), _last_check(script))
    last_check = -1
    if script.runs(*CHECKERS):
        last_check = max(each.start for each in script.named(*CHECKERS))
    exits = [match.start() for match in _LEAVES.finditer(text)]
    for command in lost:
        name = _installs(command) or ("" if _is_quiet(command) else _runs_script(command))
        is_work = bool(name) or _changes_files(command) or saves(command)
        name = name or command.name
        if not is_work or (command.has_errexit and not command.is_exempt):
            continue
        following = bisect_left(exits, command.end)
        leaves = following < len(exits) and ";" not in text[command.end : exits[following]]
        # A checksum of what has not come does not fit.
        is_checked = name in DOWNLOADS and command.end < last_check
        if leaves or is_checked or command.end <= last_status or _is_mended(script, command):
            continue
        # What is tested goes on whatever is set, and another shell sets it for itself.
        is_shielded = command.is_exempt or command.is_nested
        message = Message(
            _LOST[command.is_followed, is_shielded],
            {"command": name},
        )
        fix = None
        # Left of && a failure does not end the shell, whatever is set.
        if not is_shielded:
            fix = from_the_start(node, "set -e")
        yield Finding(script.span(command), message, fix)
        return


def _is_lost(command: Command) -> bool:
    """Whether nobody sees the status of a command, unless the shell ends where one fails."""
    # Of a pipe, the status is that of its last command.
    is_passed = command.is_followed or (command.is_repeated and not command.pipes_into)
    return is_passed and command.is_certain and not (command.is_tested or command.is_in_background)


_FUNCTION = regex(r"\b(\w++)[ \t]*(?:\(\)[ \t\n]*)?\{([^}]*)")


def _last_check(script: Script) -> int:
    """Where a function is called last that looks at the status before it; -1 if none is."""
    text = script.text.text
    if "$?" not in text:
        return -1
    names = {name for name, body in _FUNCTION.findall(text) if "$?" in body}
    return max((each.start for each in script.named(*names)), default=-1)


# What is said of a failure that is lost, by whether other commands follow, or only another round
# of a loop, and whether `set -e` has no effect there.
_LOST = {
    (True, False): N_(
        "if `{command}` fails, the RUN continues and may still succeed; add `set -e` at its start, "
        "or join the commands with `&&`"
    ),
    (True, True): N_(
        "if `{command}` fails, the RUN continues, because `set -e` has no effect here; join the "
        "commands with `&&`"
    ),
    (False, False): N_(
        "if `{command}` fails in one round of the loop, the RUN may still succeed; add `set -e` at "
        "its start"
    ),
    (False, True): N_(
        "if `{command}` fails in one round of the loop, the RUN may still succeed; add `|| exit 1` "
        "after it"
    ),
}


@rule(
    Run,
    "BL542",
    "failure-ignored",
    Severity.WARNING,
    summary=N_("A failed installation or download is ignored"),
    bad=FROM + "RUN dnf install -y nginx || true\n",
    good=FROM + "RUN dnf install -y nginx\n",
)
def failure_ignored(node: Run, context: Context) -> Iterator[Finding]:
    """`|| true` and `|| echo …` let the build continue if a mirror is unreachable for a moment or a
    name is misspelled, and the package is missing in the image. A failed build costs minutes; an
    image without its package costs you every instance that is started from it. Source: bash manual,
    "Lists of Commands".
    """
    text = node.argument_text
    if "||" not in text:
        return
    script = context.shell(node)
    ignored: dict[int, tuple[Command, Word, str]] = {}
    looks: _Looks | None = None
    for command in script.commands:
        fallback = command.fallback
        if fallback is None or not _hides(script, fallback):
            continue
        name = _installs(command) or (command.name if saves(command) else _installer(command))
        if name and _is_mended(script, command):
            continue
        if name:
            looks = looks or _Looks(script)
        if name and looks and not looks.are_at(command, fallback.end):
            # Of several before one fallback, the last stands next to it.
            ignored[fallback.start] = command, fallback, name
    for command, fallback, name in ignored.values():
        message = Message(
            N_(
                "if `{command}` fails, the build continues without its result; remove "
                "`{fallback}`, or handle the failure"
            ),
            {"command": name, "fallback": shown(text[fallback.start : fallback.end])},
        )
        place = script.span(fallback._replace(end=_end(script, fallback)))
        edit = Edit(Span(script.span(command).end, place.end), "")
        is_next = not text[command.end : fallback.start].strip()
        fix = Fix(Message(N_("Let the step fail")), (edit,), safe=False) if is_next else None
        yield Finding(place, message, fix)


_INSTALLER = regex(r"(?i)bootstrap|build|deploy|install|miniconda|provision|set-?up")
# `||`, and what succeeds whatever has failed.
_HIDES = regex(r"\|\|[\s({]*(?:(?:/usr)?/bin/true|true|:|(?:exit|return)\s+0+)[\s;)}]*")
_SAYS = ("echo", "logger", "printf")
_SUCCEEDS = (*_SAYS, ":", "true")
# What stands around commands in a fallback that holds nothing else, and what ends a shell after it.
_BETWEEN = regex(r"(?:[\s;(){}]|\d?>>?[ \t]{0,9}(?:&\d|[\w./${}\"'-]++))*")
_REDIRECTED = regex(r"(?:[ \t]{0,9}\d?>>?[ \t]{0,9}(?:&\d|[\w./${}\"'-]++))*")
_TARGET = regex(r">[ \t]{0,9}([\w./${}\"'&-]++)")
# What is written to another file than these is the handling of the failure.
_OF_MESSAGES = regex(r"&\d|/dev/|log")
_FAILS_ANYWAY = regex(r"(?<!\s)\s*(?:&&|;)\s*(?:false\b|(?:exit|return)[ \t]+[1-9$\"])")


def _installer(command: Command) -> str:
    """What a command runs a script with that installs something, as its name says."""
    label = _runs_script(command)
    return label if _INSTALLER.search(label) else ""


def _end(script: Script, fallback: Word) -> int:
    """Where a fallback ends: the grammar takes its redirection for one of the whole list."""
    found = _REDIRECTED.match(script.text.text, fallback.end)
    return found.end() if found else fallback.end


def _hides(script: Script, fallback: Word) -> bool:
    """Whether a `||` with what follows it succeeds, and only says something, if at all."""
    text = script.text.text
    if _HIDES.fullmatch(text, fallback.start, fallback.end):
        return True
    if fallback.text not in _SAYS or _FAILS_ANYWAY.match(text, fallback.end):
        return False
    targets = _TARGET.findall(text, fallback.start, _end(script, fallback))
    if not all(map(_OF_MESSAGES.search, targets)):
        return False
    first = bisect_left(script.commands, fallback.start, key=lambda each: each.start)
    place = fallback.start + len("||")
    for command in script.commands[first:]:
        if command.start >= fallback.end:
            break
        is_end = command.name in ("exit", "return") and command.words == ["0"]
        is_harmless = is_end or command.name in _SUCCEEDS
        if not is_harmless or not _BETWEEN.fullmatch(text, place, max(place, command.start)):
            return False
        place = max(place, command.end)
    return _BETWEEN.fullmatch(text, min(place, fallback.end), fallback.end) is not None


# What looks whether something is there, whatever it is; and what does of the names it is given.
_LOOKS = ("command", "hash", "type", "which")
_LOOKS_BY_NAME = (*_LOOKS, "dpkg", "dpkg-query", "grep", "ls", "rpm", "stat")
_FILE_TEST = regex(r"(?:\[\[?|\btest)\s+(?:!\s+)?-[a-hkLprsuwxGNOS]\s[^;&|\n]*")
# Options of curl and wget that name a file.
_FILES = ("-o", "--output", "-O", "--output-document")
# A name, as of a package or of a file.
_PART = regex(r"[\w+.-]+")
_ONLY_ENDS = regex(r"(?:[\s;&(){}!]|\b(?:fi|done|if|elif|while|until)\b)*")


class _Looks:
    """Where a script looks whether something is there, and at what."""

    def __init__(self, script: Script) -> None:
        self._text = script.text.text
        # Those that are looks whatever they ask for, and where each name is asked for last.
        self._starts: list[int] = []
        self._mentions: dict[str, int] = {}
        for match in _FILE_TEST.finditer(self._text):
            self._add(*match.span(), is_plain=True)
        for command in script.commands:
            is_plain = command.name in _LOOKS
            is_look = is_plain or command.is_tested or command.name in _LOOKS_BY_NAME
            if is_look and not _installs(command):
                self._add(command.start, command.end, is_plain=is_plain)
        self._starts.sort()

    def _add(self, start: int, end: int, *, is_plain: bool) -> None:
        if is_plain:
            self._starts.append(start)
        for name in _PART.findall(self._text, start, end):
            self._mentions[name] = max(start, self._mentions.get(name, 0))

    def are_at(self, command: Command, behind: int) -> bool:
        """Whether a look behind a place asks for what a command brings.

        It does at once, or it asks for something that the command names.
        """
        following = bisect_left(self._starts, behind)
        is_next = following < len(self._starts) and _ONLY_ENDS.fullmatch(
            self._text, behind, self._starts[following]
        )
        texts = [*(word.text for word in command.operands()), *command.values(*_FILES)]
        names = (name for text in texts for name in _PART.findall(text))
        return bool(is_next) or any(self._mentions.get(name, -1) >= behind for name in names)
