"""BL54x: shell text that goes on, or succeeds, where something has failed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.options import SHELLS
from buildlint.shell.packages import MANAGERS
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_DOWNLOADS = ("curl", "wget")
# Others without which a step has not done its work.
_WORK = ("cp", "install", "make", "mv", "patch", "tar", "unzip")
# Flags of curl: it asks for something else than a file, or its status is looked at otherwise.
_NO_DOWNLOAD = (
    *("-I", "-w", "-X", "-d", "-F", "-T", "-V", "--head", "--write-out", "--request", "--form"),
    *("--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "--upload-file"),
    *("--version", "--help"),
)
# Success ends a loop of attempts.
_LEAVES = regex(r"&&\s*(?:break|exit|return)\b")


def _installs(command: Command) -> str:
    """What a command installs packages with, such as `dnf install`; empty if it installs none."""
    manager = MANAGERS.get(command.name)
    verb = manager.verb(command) if manager else None
    is_installing = manager and verb and verb.text in manager.installs
    return f"{command.name} {verb.text}" if verb and is_installing else ""


def _saves(command: Command) -> bool:
    """Whether a download writes a file, and not only to look at the answer."""
    if command.name not in _DOWNLOADS:
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
    is_quiet = any(
        each.descriptor == "2" and each.target and each.target.text == "/dev/null"
        for each in command.redirections
    )
    only_asks = command.has_flag("--version", "--help") or (
        command.name == "tar" and (command.has_flag("-t", "--list") or command.words[:1] == ["tf"])
    )
    is_cleaning = command.name == "make" and command.words in (["clean"], ["distclean"])
    is_other = is_quiet or only_asks or is_cleaning or _keeps_copy(command)
    return command.name in _WORK and not is_other


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


def _asks_otherwise(command: Command) -> bool:
    return command.name == "curl" and command.has_flag(*_NO_DOWNLOAD)


class _Pipe(NamedTuple):
    """What reads the output of a command: the last in its pipe, the first that is an interpreter.

    `stops_early` says that one of them may not read all of it.
    """

    last: Command | None = None
    interpreter: Command | None = None
    stops_early: bool = False


class _Pipes:
    """The pipes of a script; what is behind a command in one is found out once."""

    def __init__(self, script: Script) -> None:
        self._commands = script.commands
        self._known: dict[int, _Pipe] = {}

    def behind(self, command: Command) -> _Pipe:
        """What stands behind a command in its pipe."""
        reader: Command | None = command
        waiting: list[Command] = []
        while reader is not None and id(reader) not in self._known:
            waiting.append(reader)
            reader = self._reader(reader)
        for each in reversed(waiting):
            self._known[id(each)] = self._of(reader)
            reader = each
        return self._known[id(command)]

    def _of(self, reader: Command | None) -> _Pipe:
        if reader is None:
            return _Pipe()
        last, interpreter, stops_early = self._known[id(reader)]
        return _Pipe(
            last or reader,
            reader if reader.name in _INTERPRETERS else interpreter,
            stops_early or _stops_early(reader),
        )

    def _reader(self, command: Command) -> Command | None:
        """The command that reads the output of another."""
        if command.pipes_into is None:
            return None
        index = bisect_left(self._commands, command.end, key=lambda each: each.start)
        for each in self._commands[index : index + 1]:
            if each.reads_pipe and each.name == command.pipes_into:
                return each
        return None


_NO_COMMANDS = regex(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
# What a script says of its own shell.
_BASH_LINE = regex(r"#![^\n]*\bbash\b")
_ERREXIT_LINE = regex(r"#![^\n]*[ \t]-[a-z]*e")


def _from_the_start(node: Run, command: str) -> Fix:
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
    when an instance is started from it. `set -e` stops the shell at the first failure (bash manual,
    "The Set Builtin"), and so does `&&` between the commands.
    """
    script = context.shell(node)
    text = node.argument_text
    if script.runs("trap") or _ERREXIT_LINE.match(text):
        return
    last_status = text.rfind("$?")
    last_check = -1
    if script.runs(*_CHECKERS):
        last_check = max(each.start for each in script.named(*_CHECKERS))
    exits = [match.start() for match in _LEAVES.finditer(text)]
    for command in script.commands:
        is_lost = command.is_followed and not (command.is_tested or command.is_in_background)
        if not (is_lost and command.is_certain):
            continue
        name = _installs(command) or command.name
        is_work = name != command.name or _changes_files(command) or _saves(command)
        if not is_work or (command.has_errexit and not command.is_exempt):
            continue
        following = bisect_left(exits, command.end)
        leaves = following < len(exits) and ";" not in text[command.end : exits[following]]
        # A checksum of what has not come does not fit.
        is_checked = name in _DOWNLOADS and command.end < last_check
        if leaves or is_checked or command.end <= last_status:
            continue
        advice = N_(
            "if `{command}` fails, the RUN continues and may still succeed; add `set -e` at its "
            "start, or join the commands with `&&`"
        )
        # What is tested goes on whatever is set, and another shell sets it for itself.
        if command.is_exempt or command.is_nested:
            advice = N_(
                "if `{command}` fails, the RUN continues, because `set -e` has no effect here; "
                "join the commands with `&&`"
            )
        fix = None
        # Left of && a failure does not end the shell, whatever is set.
        if not (command.is_exempt or command.is_nested):
            fix = _from_the_start(node, "set -e")
        yield Finding(script.span(command), Message(advice, {"command": name}), fix)
        return


_PRODUCERS = (*_DOWNLOADS, "zcat", "gunzip", "xzcat", "bzcat", "zstdcat", "mysqldump", "pg_dump")
# Programs that are content with no input at all; others (tar, gpg) fail themselves.
_CONTENT_WITH_NOTHING = (
    *("awk", "base64", "cat", "crontab", "cut", "gawk", "grep", "jq", "mysql", "patch", "psql"),
    *("sed", "sort", "sqlite3", "tee", "tr", "uniq", "wc", "xargs"),
)
_ENDS = regex(r"\b(?:exit|return)\b|\bfalse\b")
_LOOKS_AT_RESULT = regex(r"PIPESTATUS|(?:\btest|\[)\s+(?:!\s+)?-[nsz]\b")


@rule(
    Run,
    "BL541",
    "pipe-without-pipefail",
    Severity.WARNING,
    summary=N_("A failure on the left side of a pipe goes unnoticed"),
    bad=FROM + "RUN curl -fsS https://example.com/hosts | tee -a /etc/hosts\n",
    good=FROM
    + "RUN bash -eo pipefail -c 'curl -fsS https://example.com/hosts | tee -a /etc/hosts'\n",
    programs=_PRODUCERS,
)
def pipe_without_pipefail(node: Run, context: Context) -> Iterator[Finding]:
    """A pipe returns the status of its last command, unless `set -o pipefail` is set (bash manual,
    "Pipelines"). If a download breaks off, the reader gets half of the text or none and succeeds,
    and so does the step: the image contains an empty file. With `set -e` as well, the step ends
    there, whatever follows the pipe. Steps are run by `/bin/sh`. On Debian and Ubuntu, that is
    dash, where `set -o pipefail` itself fails the step before Debian 13 and Ubuntu 25.04: there,
    and if the system is not known, run the pipe with `bash -eo pipefail -c`, or download to a file
    first. There is no SHELL command to set the option for all RUNs: set it in each of them.
    """
    script = context.shell(node)
    text = node.argument_text
    # Of what stands in <(…), the shell looks at no status at all.
    if "<(" in text or _LOOKS_AT_RESULT.search(text):
        return
    pipes = _Pipes(script)
    for command in script.named(*_PRODUCERS):
        is_data = command.pipes_into in _CONTENT_WITH_NOTHING and not _asks_otherwise(command)
        if not (is_data and command.is_certain) or command.is_nested:
            continue
        last, _, stops_early = pipes.behind(command)
        # The test of a pipe is one of its last command: that an `exit` depends on it helps nothing.
        fallback = last.fallback if last else None
        ends = fallback and _ENDS.search(text, fallback.start, fallback.end)
        if command.is_tested and not ends:
            continue
        # They stop reading early, which pipefail would take for a failure; or fail at nothing.
        if not last or last.name == "grep" or stops_early:
            continue
        if not command.has_pipefail:
            fields = {"command": command.name, "reader": last.name}
            is_known = _has_pipefail(node, context)
            message = Message(_WITH_OPTION if is_known else _IN_ANY_SHELL, fields)
            fix = None
            if _would_end_step(script, command, last):
                fix = (
                    _from_the_start(node, "set -eo pipefail")
                    if is_known
                    else _in_bash(node, context)
                )
            yield Finding(script.span(command), message, fix)
            return


_WITH_OPTION = N_(
    "if `{command}` fails, the pipe still succeeds because `{reader}` does; add `set -eo pipefail` "
    "at the start of the RUN"
)
_IN_ANY_SHELL = N_(
    "if `{command}` fails, the pipe still succeeds because `{reader}` does; download to a file "
    "first, or use `bash -eo pipefail -c`"
)


def _has_pipefail(node: Run, context: Context) -> bool:
    """Whether what reads a RUN is known to have the option."""
    by_name = _BASH_LINE.match(node.argument_text)
    return bool(by_name) or (context.system is not None and context.system.has_pipefail)


def _in_bash(node: Run, context: Context) -> Fix | None:
    from buildlint.lint.rules.in_bash import in_bash  # noqa: PLC0415 - few pipes need it

    return in_bash(node, context, "bash -eo pipefail -c")


def _would_end_step(script: Script, command: Command, last: Command) -> bool:
    """Whether `set -eo pipefail` lets the failure of a pipe end the step, wherever it stands."""
    text = script.text.text
    # Left of && a failure does not end the shell, whatever is set.
    is_left = "&&" in text[last.end :].partition(";")[0]
    # What a substitution fails with is lost, but for that of an assignment.
    is_inside = any(each.start < command.start and last.end <= each.end for each in script.commands)
    return not is_inside and not (is_left and last.is_followed)


def _stops_early(reader: Command) -> bool:
    return reader.name == "head" or (
        reader.name == "grep" and reader.has_flag("-q", "-m", "--quiet", "--max-count")
    )


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
    """`|| true` lets the build continue if a mirror is unreachable for a moment or a name is
    misspelled, and the package is missing in the image. A failed build costs minutes; an image
    without its package costs you every instance that is started from it.
    """
    script = context.shell(node)
    text = node.argument_text
    ignored: dict[int, tuple[Command, Word, str]] = {}
    looks: _Looks | None = None
    for command in script.commands:
        fallback = command.fallback
        if fallback is None or not _HIDES.fullmatch(text[fallback.start : fallback.end]):
            continue
        name = _installs(command) or (command.name if _saves(command) else "")
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
        place = script.span(fallback)
        edit = Edit(Span(script.span(command).end, place.end), "")
        is_next = not text[command.end : fallback.start].strip()
        fix = Fix(Message(N_("Let the step fail")), (edit,), safe=False) if is_next else None
        yield Finding(place, message, fix)


# `||`, and what succeeds whatever has failed.
_HIDES = regex(r"\|\|[\s({]*(?:(?:/usr)?/bin/true|true|:|(?:exit|return)\s+0+)[\s;)}]*")
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


_INTERPRETERS = (*SHELLS, "node", "perl", "php", "python", "python2", "python3", "ruby")
# Urls of other protocols, and of the build instance itself: a service is tried there.
_NO_SERVER = regex(
    r"[\"']?(?:(?:ftps?|sftp|file)://|--unix-socket\b|(?:https?://)?(?:[^\s/@]{1,80}@)?"
    r"(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?![\w.-]))"
)
_FAIL = ("-f", "--fail", "--fail-with-body", "--fail-early", "-K", "--config")
# They notice that what was fetched is not what was meant.
_CHECKERS = ("sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "gpg", "gpgv", "cosign")


@rule(
    Run,
    "BL543",
    "curl-without-fail",
    Severity.WARNING,
    summary=N_("curl saves an error page as the file"),
    bad=FROM + "RUN curl -sSL -o /opt/app.jar https://example.com/app.jar\n",
    good=FROM + "RUN curl -fsSL -o /opt/app.jar https://example.com/app.jar\n",
    programs=("curl",),
)
def curl_without_fail(node: Run, context: Context) -> Iterator[Finding]:
    """If the server returns 404 or 500, curl saves the error page and succeeds, unless `--fail` is
    set (curl manual, `-f, --fail`). The build continues with a web page instead of the file.
    """
    script = context.shell(node)
    if script.runs(*_CHECKERS):
        return
    for command in script.named("curl"):
        if not command.is_certain:
            continue
        reader = command.pipes_into
        is_used = reader in (*_CONTENT_WITH_NOTHING, *_INTERPRETERS) if reader else _saves(command)
        if not is_used or command.is_tested or not command.operands():
            continue
        if any(_NO_SERVER.match(word) for word in command.words):
            continue
        if _asks_otherwise(command) or command.has_flag(*_FAIL):
            continue
        message = Message(
            N_(
                "curl succeeds even if the server returns an error, and saves the error page; add "
                "`--fail`"
            )
        )
        place = script.span(command.arguments[0]).start
        fix = Fix(Message(N_("Add `--fail`")), (Edit(Span(place, place), "--fail "),), safe=False)
        yield Finding(script.span(command), message, fix)


@rule(
    Run,
    "BL544",
    "download-executed",
    Severity.WARNING,
    summary=N_("A downloaded script is executed without verification"),
    bad=FROM + "RUN curl -fsSL https://example.com/install.sh | bash\n",
    good=FROM
    + "RUN curl -fsSL -o install.sh https://example.com/install.sh && \\\n"
    + "    echo '<sha256>  install.sh' | sha256sum -c && bash install.sh\n",
    programs=_DOWNLOADS,
)
def download_executed(node: Run, context: Context) -> Iterator[Finding]:
    """Anyone who controls the server, or its DNS name, becomes root on the build instance and on
    every instance of the image. A script that breaks off halfway is executed up to that point: the
    shell cannot know that lines are missing. A download that fails completely is an empty script,
    which succeeds. Save the file first and compare its checksum, or keep a copy in a bucket of your
    own.
    """
    script = context.shell(node)
    pipes, programs = _Pipes(script), _programs(script)
    for command in script.named(*_DOWNLOADS):
        executor = _executor(pipes, programs, command)
        if executor:
            message = Message(
                N_(
                    "`{executor}` runs whatever `{command}` downloads, even a part of it; save it, "
                    "verify its checksum, then run it"
                ),
                {"executor": executor.name, "command": command.name},
            )
            first, second = script.span(command), script.span(executor)
            span = Span(min(first.start, second.start), max(first.end, second.end))
            yield Finding(span, message)


def _executor(pipes: _Pipes, programs: "list[_Program]", command: Command) -> Command | None:
    """What executes the output of a command: an interpreter in its pipe, or one around it."""
    reader = pipes.behind(command).interpreter if command.pipes_into else None
    if reader:
        return reader if _reads_program(reader) else None
    index = bisect_right(programs, command.start, key=lambda each: each.start)
    for each, _, end in programs[index - 1 : index]:
        if each.start < command.start < end and command.end <= each.end:
            return each
    return None


class _Program(NamedTuple):
    """Where a word begins and ends that a command executes the output of."""

    command: Command
    start: int
    end: int


def _programs(script: Script) -> list[_Program]:
    """The words whose output is executed, without those that stand in another of them."""
    found: list[_Program] = []
    for command in script.named(*SHELLS, "source", ".", "eval"):
        for before, word in zip(("", *command.words), command.arguments, strict=False):
            is_outside = not found or found[-1].end <= word.start
            if is_outside and _is_program(command, before, word):
                found.append(_Program(command, word.start, word.end))
    return found


def _reads_program(command: Command) -> bool:
    """Whether an interpreter reads its program, not its data, from the standard input."""
    if command.name in SHELLS:
        if command.has_flag("-c"):
            return False
        operands = command.operands()
        return command.has_flag("-s") or not operands or operands[0].text in ("-", "/dev/stdin")
    return command.words[:1] in ([], ["-"])


def _is_program(command: Command, before: str, word: Word) -> bool:
    """Whether the substitution that a word begins with is a program for the command."""
    if command.name in (*SHELLS, "source", ".") and word.text.startswith("<("):
        return True
    is_text = command.name == "eval" or (command.name in SHELLS and before == "-c")
    return is_text and word.text.lstrip('"').startswith(("$(", "`"))
