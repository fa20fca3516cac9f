"""COPY and ADD: urls become COPY or RUN, and local files are embedded, or rejected."""

import gzip
import posixpath
import re
import tarfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from buildlint.convert.build import Build, Embedded, brief
from buildlint.convert.commands import parent
from buildlint.convert.context import Entry, Found
from buildlint.convert.dockerfile import Document, Step
from buildlint.convert.shellwords import NEXT_LINE, exact, is_readable, printed, word
from buildlint.text.messages import N_, number, shown
from buildlint.text.reasons import reason

_URL = re.compile(r"https?://", re.IGNORECASE)
_GIT = re.compile(r"git@|git://|ssh://|https?://[^?#]+\.git(#|\Z)", re.IGNORECASE)
# A URL that COPY fetches into a directory: wget names the file after the end of its path.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~+@-]+)+", re.IGNORECASE)
# A path that COPY cannot read as anything else.
_PLAIN_PATH = re.compile(r"/[^\s\\\"'`$]*")
# Text up to here is embedded such that people can read it.
_READABLE_BYTES = 2048
# How compressed files begin, and the flags with which tar reads them.
_COMPRESSIONS = ((b"\x1f\x8b", "z"), (b"BZh", "j"), (b"\xfd7zXZ", "J"), (b"", ""))
_BASE64_LINE = 96


@dataclass
class _Task:
    """One COPY or ADD: where to, whom the files belong to, and the shell commands for it.

    `files` have been written; of them, `programs` are executable. `is_tree` says that they may be
    directories with what is in them.
    """

    build: Build
    step: Step
    destination: str
    is_folder: bool
    owner: str = ""
    mode: str = ""
    checksum: str = ""
    keeps_git: bool = False
    excluded: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    is_tree: bool = False

    def target(self, name: str) -> str:
        """The path of a file that is to be called so, if the destination is a directory."""
        return posixpath.join(self.destination, name) if self.is_folder else self.destination

    def settle(self) -> None:
        """Give their owner and mode to the files that have been written."""
        recursive = "-R " if self.is_tree else ""
        if self.mode:
            self.commands.append(_of_files(f"chmod {recursive}{exact(self.mode)}", self.files))
        elif self.programs:
            self.commands.append(_of_files("chmod +x", self.programs))
        if self.owner:
            self.commands.append(_of_files(f"chown {recursive}{exact(self.owner)}", self.files))


def _of_files(command: str, files: Sequence[str]) -> str:
    return f"{command} {' '.join(map(exact, files))}"


def convert_copy(build: Build, step: Step) -> None:
    """Write COPY or ADD. Raises Refused for what is in no image and cannot be embedded."""
    raw = step.strings if step.strings is not None else step.text.split()
    words = [build.expanded(step, step.span, each) for each in raw]
    task = _task(build, step, words)
    documents = {document.operator: document for document in step.documents}
    for written, source in zip(raw[:-1], words, strict=False):
        if written in documents:
            _print(task, documents[written])
        elif _GIT.match(source):
            _clone(task, source)
        elif _URL.match(source):
            _fetch(task, source)
        else:
            _embed(task, source)
    if task.commands:
        task.settle()
        build.emit_as_root(f"RUN {f' &&{NEXT_LINE}'.join(task.commands)}")


def _print(task: _Task, document: Document) -> None:
    """Write a here-document, which Docker expands itself."""
    build, step = task.build, task.step
    lines: Sequence[str] = document.lines
    if lines and not document.is_literal:
        body = build.expanded(step, step.span, "\n".join(lines), keeps_quotes=True)
        lines = body.split("\n")
    _write(task, task.target(document.name), printed(lines))
    build.changed(step.span, N_("heredoc rewritten with printf"))


def _task(build: Build, step: Step, words: Sequence[str]) -> _Task:
    if len(words) < 2:  # noqa: PLR2004 - a source and a destination
        text = N_("{command} needs a source and a destination")
        build.reject(step.span, text, command=step.keyword)
    path = build.absolute(words[-1])
    whole = path.rstrip("/") or "/"
    is_folder = path.endswith("/") or len(words) > 2 or build.is_folder(whole)  # noqa: PLR2004
    task = _Task(build, step, whole, is_folder)
    for flag in step.flags:
        _flag(task, flag)
    return task


def _flag(task: _Task, flag: str) -> None:
    name, _, raw = flag.partition("=")
    build, step = task.build, task.step
    value = build.expanded(step, step.span, raw)
    if name == "--from":
        text = N_(
            "`{flag}`: there are no stages or images to copy from; build the files elsewhere, "
            "upload them to OSS and use `COPY <url>`"
        )
        build.reject(step.span, text, flag=shown(flag))
    match name:
        case "--chown":
            task.owner = value
        case "--chmod":
            task.mode = value
        case "--checksum" if value.startswith("sha256:"):
            task.checksum = value.removeprefix("sha256:")
        case "--keep-git-dir":
            task.keeps_git = value.lower() != "false"
        case "--exclude":
            task.excluded.append(value)
        case "--link":
            build.dropped(step.span, N_("`--link`: an ECS image has no layers"))
        case _:
            build.reject(step.span, N_("`{flag}` cannot be converted"), flag=shown(flag))


# --- what is fetched -----------------------------------------------------------------------------


def _fetch(task: _Task, url: str) -> None:
    build, step = task.build, task.step
    name = posixpath.basename(url.partition("?")[0].partition("#")[0])
    if task.is_folder and not _URL.sub("", url).partition("/")[2]:
        build.reject(
            step.span, N_("`{url}` has no file name; add one to the destination"), url=shown(url)
        )
    path = task.target(name)
    if step.keyword == "ADD" and not task.mode:
        build.changed(step.span, N_("everyone can read the file; in Docker its mode is `600`"))
    is_named_so = posixpath.basename(path) == name and _PLAIN_PATH.fullmatch(path)
    is_plain = _PLAIN_URL.fullmatch(url) and is_named_so
    is_simple = is_plain and not (task.checksum or task.owner or task.mode or task.commands)
    if is_simple and len(step.text.split()) == 2:  # noqa: PLR2004 - one source
        build.emit_as_root(
            *(f"RUN {command}" for command in build.made(parent(path))),
            f"COPY {url} {parent(path)}",
        )
        if step.keyword == "ADD":
            build.changed(
                step.span, N_("ADD replaced by COPY, which downloads `{url}`"), url=shown(url)
            )
        return
    task.commands += build.made(parent(path))
    task.commands.append(f"curl -fsSL -o {exact(path)} {exact(url)}")
    if task.checksum:
        task.commands.append(f"echo {exact(f'{task.checksum}  {path}')} | sha256sum -c -")
    task.files.append(path)
    build.changed(step.span, N_("`{url}` is downloaded with curl"), url=shown(url))


def _clone(task: _Task, url: str) -> None:
    build, step = task.build, task.step
    repository, _, fragment = url.partition("#")
    reference, _, folder = fragment.partition(":")
    if folder or task.checksum:
        text = N_(
            "a repository's subdirectory or checksum cannot be converted; clone the repository "
            "with RUN"
        )
        build.reject(step.span, text)
    path = exact(task.destination)
    task.commands.append(f"git clone {exact(repository)} {path}")
    if reference:
        task.commands.append(f"git -C {path} checkout {exact(reference)}")
    if not task.keeps_git:
        task.commands.append(f"rm -rf {exact(posixpath.join(task.destination, '.git'))}")
    task.files.append(task.destination)
    task.is_tree = True
    build.changed(step.span, N_("the repository is cloned with git, which must be installed"))


# --- what is embedded ----------------------------------------------------------------------------


def _embed(task: _Task, source: str) -> None:
    build, step = task.build, task.step
    if build.options.context is None:
        text = N_(
            "`{source}` is a local file, but there is no build context; upload it to OSS and use "
            "`COPY <url>`, or embed it with --embed-files"
        )
        build.reject(step.span, text, source=shown(source))
    try:
        found = build.options.context.find(source, task.excluded)
    except OSError as error:
        text = N_("cannot read `{source}`: {error}")
        told = f"{error.filename}: {reason(error)}"
        build.reject(step.span, text, source=shown(source), error=told)
    except ValueError as error:
        text = N_("cannot read `{source}`: {error}")
        build.reject(step.span, text, source=shown(source), error=str(error))
    if not found:
        text = N_(
            "`{source}` does not exist next to the Dockerfile, or `.dockerignore` excludes it"
        )
        build.reject(step.span, text, source=shown(source))
    for each in found:
        _embed_found(task, each, is_one_of_many=len(found) > 1)
    text = N_("{command}: files embedded in the template")
    build.changed(step.span, text, command=brief(step))


def _embed_found(task: _Task, found: Found, *, is_one_of_many: bool) -> None:
    build = task.build
    if not found.is_folder:
        (entry,) = found.entries
        task.is_folder = task.is_folder or is_one_of_many
        _embed_entry(task, entry, task.target(posixpath.basename(found.path)), found.path)
        return
    folders = [task.destination]
    folders += (posixpath.join(task.destination, e.path) for e in found.entries if e.is_folder)
    # What Docker makes itself belongs to the owner, too.
    task.files += (each for each in folders if not build.is_folder(each))
    task.commands += build.made(*folders)
    for entry in found.entries:
        if not entry.is_folder:
            path = posixpath.join(task.destination, entry.path)
            _embed_entry(task, entry, path, posixpath.join(found.path, entry.path))


def _embed_entry(task: _Task, entry: Entry, path: str, source: str) -> None:
    build, step = task.build, task.step
    if entry.target is not None:
        task.commands += build.made(parent(path))
        # A target may look like an option.
        options = "-sfn --" if entry.target.startswith("-") else "-sfn"
        task.commands.append(f"ln {options} {exact(entry.target)} {exact(path)}")
        return
    if entry.content is None:
        text = N_("`{source}` has {size} bytes, but a template has at most 16 KB; upload it to OSS")
        build.reject(step.span, text, source=shown(source), size=number(entry.size))
    is_archive = step.keyword == "ADD" and _is_archive(entry.content)
    command = _encoded(entry.content) if is_archive else _written(entry.content)
    build.embedded.append(Embedded(len(command), source, step.span))
    if is_archive:
        _unpack(task, entry.content, command)
    else:
        _write(task, path, command, is_executable=entry.is_executable)


def _is_archive(content: bytes) -> bool:
    try:
        tarfile.open(fileobj=BytesIO(content)).close()
    except (tarfile.TarError, EOFError, OSError):
        return False
    return True


def _unpack(task: _Task, content: bytes, command: str) -> None:
    """Unpack an archive into the destination, as ADD does with one from the context."""
    task.commands += task.build.made(task.destination)
    flag = next(flag for start, flag in _COMPRESSIONS if content.startswith(start))
    task.commands.append(f"{command}{NEXT_LINE}| tar -x{flag}f - -C {exact(task.destination)}")


def _write(task: _Task, path: str, command: str, *, is_executable: bool = False) -> None:
    """Write to a file what a command prints."""
    task.commands += task.build.made(parent(path))
    task.commands.append(f"{command}{NEXT_LINE}> {exact(path)}")
    task.files.append(path)
    if is_executable:
        task.programs.append(path)


def _written(content: bytes) -> str:
    """Write a command that prints a file: its lines for people, or the shortest that there is."""
    forms = [_encoded(content), _encoded(gzip.compress(content, mtime=0), " | gunzip")]
    shortest = min(forms, key=len)
    text = content.decode("utf-8", "replace")
    # Of what is invisible, nobody would read what it does.
    if text.encode() != content or not is_readable(text):
        return shortest
    *lines, rest = text.split("\n")
    readable = printed(lines)
    if rest:
        last = f"printf %s {word(rest)}"
        readable = f"{{ {readable} && {last}; }}" if lines else last
    return readable if len(content) <= _READABLE_BYTES else min(readable, shortest, key=len)


def _encoded(content: bytes, behind: str = "") -> str:
    lines = "".join(f"{NEXT_LINE}{line}" for line in _chunks(b64encode(content).decode()))
    return f"printf %s{lines}{NEXT_LINE}| base64 -d{behind}"


def _chunks(text: str) -> Iterator[str]:
    yield from (text[at : at + _BASE64_LINE] for at in range(0, len(text), _BASE64_LINE))
