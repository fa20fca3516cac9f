"""BL541, BL543 and BL544: pipes and downloads that nothing checks."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.hidden_failure import CHECKERS, DOWNLOADS, from_the_start, saves
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.options import SHELLS
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span

# Flags of curl: it asks for something else than a file, or its status is looked at otherwise.
_NO_DOWNLOAD = (
    *("-i", "-I", "-w", "-X", "-d", "-F", "-T", "-V"),
    *("--include", "--head", "--write-out", "--request", "--form"),
    *("--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "--upload-file"),
    *("--version", "--help"),
)
_INTERPRETERS = (*SHELLS, "node", "perl", "php", "python", "python2", "python3", "ruby")


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


# What a script says of its own shell.
_BASH_LINE = regex(r"#![^\n]*\bbash\b")
_PRODUCERS = (*DOWNLOADS, "zcat", "gunzip", "xzcat", "bzcat", "zstdcat", "mysqldump", "pg_dump")
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
                    from_the_start(node, "set -eo pipefail")
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


# Urls of other protocols, of the build instance itself, where a service is tried, and of the
# service that tells an instance about itself.
_NO_SERVER = regex(
    r"[\"']?(?:(?:ftps?|sftp|file)://|--unix-socket\b|(?:https?://)?(?:[^\s/@]{1,80}@)?"
    r"(?:localhost|100\.100\.100\.200|169\.254\.169\.254|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?![\w.-]))"
)
_FAIL = ("-f", "--fail", "--fail-with-body", "--fail-early", "-K", "--config")


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
    set (curl manual, `-f, --fail`). The build continues with a web page instead of the file, or in
    the value of a variable.
    """
    script = context.shell(node)
    if script.runs(*CHECKERS):
        return
    for command in script.named("curl"):
        if not command.is_certain:
            continue
        reader = command.pipes_into
        is_used = (
            reader in (*_CONTENT_WITH_NOTHING, *_INTERPRETERS)
            if reader
            else saves(command) or _is_value(script, command)
        )
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


_ASSIGNED = regex(r"(?<![\w$])(\w+)=\"?(?:\$\(|`)\s*(?:sudo\s+)?\Z")
# No assignment is farther away from the command in it.
_NEAR = 80


def _is_value(script: Script, command: Command) -> bool:
    """Whether a variable gets what a command writes, and no test looks at the variable."""
    text = script.text.text
    found = _ASSIGNED.search(text[max(0, command.start - _NEAR) : command.start])
    if found is None:
        return False
    names = (f"${found[1]}", f"${{{found[1]}")
    statements = _STATEMENT.split(text[command.end :])
    return not any(
        _LOOKS_AT.search(each) for each in statements if any(name in each for name in names)
    )


_STATEMENT = regex(r"[;&\n]")
_LOOKS_AT = regex(r"\[|\btest\b|\bcase\b|<<<|\bgrep\b")


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
    programs=DOWNLOADS,
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
    for command in script.named(*DOWNLOADS):
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
