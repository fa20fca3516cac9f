"""BL902: files of the build that stay in /tmp and /var/tmp."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from posixpath import basename, join, normpath

from buildlint.language.syntax import Component, Copy, Restart, Run, Template, Workdir
from buildlint.lint.context import Context
from buildlint.lint.rules.cleaning import hands_over
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.files import written_files
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_TEMPORARY = regex(r"/(?:var/)?tmp(?:/.*)?")


@rule(
    Template,
    "BL902",
    "temporary-file-left",
    Severity.INFO,
    summary=N_("A temporary file of the build stays in the image"),
    bad=FROM + "COPY https://example.com/agent.rpm /tmp\nRUN dnf install -y /tmp/agent.rpm\n",
    good=FROM + "COPY https://example.com/agent.rpm /tmp\n"
    "RUN dnf install -y /tmp/agent.rpm && rm -f /tmp/agent.rpm\n",
    is_default=False,
    having=(Copy, Run),
)
def temporary_file_left(node: Template, context: Context) -> Iterator[Finding]:
    """An image is a copy of the build instance's disk, with `/tmp` and `/var/tmp`. Files that were
    downloaded or unpacked there are paid for in each copy of the image, and may reveal what its
    users should not see. Some systems empty `/tmp` at boot, but none `/var/tmp`. Sources: hier(7),
    /tmp and /var/tmp; tmpfiles.d(5).
    """
    left: dict[str, Span] = {}
    folder = "/"
    for instruction in node.instructions:
        match instruction:
            case Component():
                left.clear()
            case Restart():
                left = {path: at for path, at in left.items() if path.startswith("/var/")}
            case Workdir(paths=(place,)):
                folder = join(folder, place.text)
            case Copy(locations=(source, target)):
                if _TEMPORARY.fullmatch(target.text):
                    left[join(target.text, basename(source.text))] = target.span
            case Run():
                _follow_files(context.shell(instruction), folder, left)
    for path, at in left.items():
        text = N_("`{path}` stays in the image; remove it after the last step that needs it")
        yield Finding(at, Message(text, {"path": shown(path)}))


def _follow_files(script: Script, folder: str, left: dict[str, Span]) -> None:
    """Note the temporary files that a RUN makes, and forget those that it deletes.

    A path that ends in a slash stands for files in it whose names are not known.
    """
    given = {command.start for command in hands_over(script)}
    for command in script.commands:
        if command.name == "cd":
            folder = join(folder, *command.words[:1])
        if command.start in given or _removes_unseen(command):
            left.clear()
        for path in _removes(command, left):
            del left[path]
        for path, word in _made(command, folder):
            if _TEMPORARY.fullmatch(path):
                left[path] = script.span(word)


# --- what makes files ----------------------------------------------------------------------------


# The option that names the file of a download, and the one by which its url does.
_OUTPUT = {
    "curl": (regex(r"-[a-zA-Z]*o|--output"), regex(r"-[a-zA-Z]*O|--remote-name")),
    "wget": (regex(r"-[a-zA-Z]*O|--output-document"), regex(r"(?!)")),
}


def _made(command: Command, folder: str) -> Iterator[tuple[str, Word]]:
    """Yield the files that a command writes, downloads or unpacks, by their paths."""
    yield from ((word.text, word) for word in written_files(command) if word.is_literal)
    match command.name:
        case "curl" | "wget":
            yield from _downloaded(command, folder)
        case "git" if command.words[:1] == ["clone"]:
            words = command.operands()
            if len(words) == 3 and words[2].is_literal:  # noqa: PLR2004 - clone, url, folder
                yield join(folder, words[2].text), words[2]
        case "tar" if re.match(r"-?[a-z]*x|--extract|--get", " ".join(command.words[:1])):
            yield from _into(command, folder, ("-C", "--directory"))
        case "unzip":
            yield from _into(command, folder, ("-d",))


def _downloaded(command: Command, folder: str) -> Iterator[tuple[str, Word]]:
    """Yield where a download goes: to a file that an option names, or one that the url names."""
    named, unnamed = _OUTPUT[command.name]
    keeps_name = command.name == "wget"
    for flag, word in zip(command.arguments, command.arguments[1:], strict=False):
        if named.fullmatch(flag.text):
            if word.is_literal and word.text != "-":
                yield join(folder, word.text), word
            return
        if flag.text in ("-P", "--directory-prefix") and word.is_literal:
            folder = join(folder, word.text)
    for word in command.arguments:
        keeps_name |= unnamed.fullmatch(word.text) is not None
    urls = [word for word in command.arguments if word.is_literal and "://" in word.text]
    if keeps_name:
        for word in urls:
            yield join(folder, basename(word.text.partition("?")[0])), word


def _into(command: Command, folder: str, flags: tuple[str, ...]) -> Iterator[tuple[str, Word]]:
    """Yield the folder that an archive is unpacked into."""
    for flag, word in zip(command.arguments, command.arguments[1:], strict=False):
        if flag.text in flags and word.is_literal:
            yield join(folder, word.text, ""), word


# --- what deletes them ---------------------------------------------------------------------------

_REMOVERS = (
    *("find", "mv", "rm", "rmdir", "shred", "systemd-tmpfiles", "tmpreaper", "tmpwatch", "unlink"),
)
_HIDING = ("bash", "sh", "trap", "xargs")


def _removes_unseen(command: Command) -> bool:
    """Whether a command deletes what is not said in words of its own."""
    return command.name in _HIDING and any(re.search(r"\brm\b", word) for word in command.words)


def _removes(command: Command, paths: Iterable[str]) -> set[str]:
    """Those of the paths that a command deletes, as far as can be told."""
    if command.name not in _REMOVERS:
        return set()
    words = [word.text.strip("\"'") for word in command.operands()]
    return {path for word in words if _ABOUT.match(word) for path in paths if _fits(word, path)}


# What may name a temporary file: no other absolute path.
_ABOUT = regex(r"(?!/)|/(?:var/)?tmp|/[^/]*[*?\[{$]|/(?:var/?)?$")


def _fits(written: str, path: str) -> bool:
    """Whether an operand may stand for a path, or for a folder that it is in."""
    known = re.split(r"[{$`]", written, maxsplit=1)[0]
    if known != written:
        return not known.startswith("/") or path.startswith(known)
    if not written.startswith("/"):
        name = basename(normpath(written))
        return path.endswith("/") or name in (".", "*") or fnmatchcase(basename(path), name)
    if path.endswith("/") and written.startswith(path):
        return True
    plain = written.rstrip("/")
    if not {*plain} & {*"*?["}:
        return path == plain or path.startswith(f"{plain}/")
    return fnmatchcase(path, plain) or fnmatchcase(path, f"{plain}/*")
