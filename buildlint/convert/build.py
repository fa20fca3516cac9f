"""What a conversion knows while it goes through a Dockerfile, and what it has written so far."""

import posixpath
import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, NoReturn

from buildlint.convert.context import BuildContext
from buildlint.convert.dockerfile import Dockerfile, Step
from buildlint.convert.shellwords import exact
from buildlint.convert.variables import MAX_EXPANDED, ExpansionError, Scope
from buildlint.language.arguments import here_documents
from buildlint.language.parser import parse
from buildlint.language.syntax import Blank, Comment, Instruction
from buildlint.service.systems import DEFAULT_PATH, Shell
from buildlint.text.diagnostics import CONVERSION, Diagnostic, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.source import Source
from buildlint.text.span import Span

# They need no ARG, and are in no image.
PREDEFINED_ARGS = tuple(
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (upper, upper.lower())
)
DEFAULT_SHELL = ("/bin/sh", "-c")
# Directories of every Linux system (Filesystem Hierarchy Standard 3.0).
_SYSTEM = re.compile(
    r"/|/(bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)"
    r"|/usr/(bin|include|lib|local|sbin|share|src)|/usr/local/(bin|etc|include|lib|sbin|share|src)"
    r"|/var/(cache|lib|log|opt|spool|tmp)|/etc/(cron\.d|profile\.d|systemd|systemd/system)"
)


class Kind(StrEnum):
    """What a note says of a part of the Dockerfile: the name of its diagnostic."""

    DROPPED = "dropped"
    CHANGED = "changed"
    DIFFERS = "differs"
    REJECTED = "rejected"


_SEVERITIES = {
    Kind.DROPPED: Severity.INFO,
    Kind.CHANGED: Severity.INFO,
    Kind.DIFFERS: Severity.WARNING,
    Kind.REJECTED: Severity.ERROR,
}


@dataclass(frozen=True)
class Options:
    """What a conversion is asked for.

    `base` is the base image (`IMAGE_FAMILY:acs:…`) in the place of what FROM names, or `OSS` where
    the request imports it, `args` the values of ARGs, `context` the files that COPY may embed; None
    embeds none.
    """

    base: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    context: BuildContext | None = None


class Embedded(NamedTuple):
    """A file that stands in the template: the size of the command that prints it."""

    size: int
    path: str
    span: Span


@dataclass
class Build:
    """The state between two instructions.

    `args` are the ARGs in scope, `env` is what ENV has set, `folders` are known to exist, `told`
    are the variables without a value that a note has named, and `size` is that of what is written.
    `sh` is what /bin/sh of the base image is, `docker_sh` that of the Docker image; None if that is
    not known.
    """

    source: Source
    dockerfile: Dockerfile
    options: Options
    lines: list[str] = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)
    global_args: dict[str, str] = field(default_factory=dict)
    args: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=lambda: {"PATH": DEFAULT_PATH})
    declared: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    has_from: bool = False
    workdir: str = "/"
    user: str = "root"
    shell: tuple[str, ...] = DEFAULT_SHELL
    sh: Shell | None = None
    docker_sh: Shell | None = None
    folders: set[str] = field(default_factory=set)
    embedded: list[Embedded] = field(default_factory=list)
    size: int = 0
    _expanded: int = 0
    _users: list[str] = field(default_factory=lambda: ["root"])

    # --- notes -----------------------------------------------------------------------------------

    def _note(self, kind: Kind, span: Span, template: str, **fields: object) -> None:
        """Tell of a part of the Dockerfile; `template` was marked by `N_`."""
        message = Message(template, fields)
        severity = _SEVERITIES[kind]
        note = Diagnostic(self.source, span, CONVERSION, kind, severity, None, message)
        if note not in self.notes[-1:]:  # of a command with several files
            self.notes.append(note)

    def dropped(self, span: Span, template: str, **fields: object) -> None:
        """Tell of what has no place in a machine image."""
        self._note(Kind.DROPPED, span, template, **fields)

    def changed(self, span: Span, template: str, **fields: object) -> None:
        """Tell of what is written in another form."""
        self._note(Kind.CHANGED, span, template, **fields)

    def differs(self, span: Span, template: str, **fields: object) -> None:
        """Tell of what may not mean the same."""
        self._note(Kind.DIFFERS, span, template, **fields)

    def rejected(self, span: Span, template: str, **fields: object) -> None:
        """Tell of what cannot be converted: there will be no result."""
        self._note(Kind.REJECTED, span, template, **fields)

    # --- the result ------------------------------------------------------------------------------

    def emit(self, *lines: str) -> None:
        """Write commands and comments. Raises NotOneCommandError for a text that is no single one.

        Everything that gets into the template comes through here.
        """
        if not all(map(is_one_command, lines)):
            raise NotOneCommandError
        self.lines += lines
        self.size += sum(map(len, lines))

    def emit_as_user(self, *lines: str) -> None:
        """Write commands that run as USER says; without any, only the USER."""
        self._become(self.user)
        self.emit(*lines)

    def emit_as_root(self, *lines: str) -> None:
        """Write commands that Docker's builder does itself, whoever USER is."""
        if lines:
            self._become("root")
            self.emit(*lines)

    def _become(self, user: str) -> None:
        """Write a USER where another one holds; one that nothing has run as is taken back."""
        if self._users[-1] == user:
            return
        last = len(self.lines) - 1
        while last >= 0 and (not self.lines[last] or self.lines[last].startswith("#")):
            last -= 1
        if last >= 0 and self.lines[last].startswith("USER "):
            del self.lines[last]
            self._users.pop()
            self._become(user)
            return
        self._users.append(user)
        self.emit(f"USER {user}")

    # --- variables -------------------------------------------------------------------------------

    @property
    def variables(self) -> Mapping[str, str]:
        """What an instruction may name: ENV wins over ARG."""
        return ChainMap(self.env, self.args) if self.has_from else self.global_args

    def expanded(self, step: Step, span: Span, text: str, *, keeps_quotes: bool = False) -> str:
        """Expand a part of an instruction. Raises Refused."""
        escape = "\\" if keeps_quotes else self.dockerfile.escape
        scope = Scope(self.variables, escape, MAX_EXPANDED - self._expanded)
        try:
            result = scope.expand(text, keeps_quotes=keeps_quotes)
        except ExpansionError as error:
            self.reject(span, error.message.template, **error.message.fields)
        # What is written out counts once, in whatever instruction.
        self._expanded += max(0, len(result) - len(text))
        if not keeps_quotes and {*result} & {*"\0\r\n"}:
            self.reject(span, N_("values cannot contain line breaks"))
        for name in sorted(scope.unset - self.told):
            self.told.add(name)
            self.differs(step.span, _UNSET, name=name)
        return result

    @cached_property
    def _named(self) -> frozenset[str]:
        """The variables that any instruction names."""
        texts = (
            text
            for step in self.dockerfile.steps
            for text in (
                *step.flags,
                step.text,
                *(line for document in step.documents for line in document.lines),
            )
        )
        return frozenset(re.findall(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)", "\n".join(texts)))

    def is_ambient(self, name: str) -> bool:
        """Whether no instruction names an ARG, so that only programs can mean it."""
        return name not in self._named

    def reject(self, span: Span, template: str, **fields: object) -> NoReturn:
        """Tell of what cannot be converted, and leave its instruction. Raises Refused."""
        self.rejected(span, template, **fields)
        raise Refused

    # --- directories -----------------------------------------------------------------------------

    def absolute(self, path: str) -> str:
        """Return a path on the machine, from the current WORKDIR on; a slash at its end stays."""
        whole = posixpath.normpath(posixpath.join(self.workdir, path))
        whole = f"/{whole.lstrip('/')}"
        is_folder = path.endswith(("/", "/.")) or path in (".", "..")
        return f"{whole.rstrip('/')}/" if is_folder else whole

    def is_folder(self, path: str) -> bool:
        """Whether a directory is known to exist at an absolute path."""
        return bool(_SYSTEM.fullmatch(path)) or path in self.folders

    def made(self, *paths: str) -> list[str]:
        """Return the shell command that makes directories that are not known, if there are any."""
        new = sorted({path for path in paths if not self.is_folder(path)})
        for path in new:
            while path not in self.folders and path != "/":
                self.folders.add(path)
                path = posixpath.dirname(path)  # noqa: PLW2901 - the folders above it exist, too
        deepest = [path for path in new if not any(each.startswith(f"{path}/") for each in new)]
        return [f"mkdir -p {' '.join(map(exact, deepest))}"] if deepest else []


_UNSET = N_(
    "`{name}` is not set and expands to nothing; use `--build-arg {name}=<value>` for an ARG, or "
    "ENV if the Docker image sets it"
)


def is_one_command(text: str) -> bool:
    """Whether the parser of templates reads a text as one command or comment, and nothing else.

    It must be over at its end: no continuation and no here-document may take in what follows.
    """
    items = parse(text).items
    if len(items) != 1 or isinstance(items[0], Comment | Blank):
        return len(items) < 2  # noqa: PLR2004 - one
    (item,) = items
    is_open = isinstance(item, Instruction) and item.open_continuation
    return not is_open and not here_documents(item)


class NotOneCommandError(ValueError):
    """A text would be read as more than a command, or go on behind it."""

    text = N_(
        "`{command}` would become several commands; remove the line ending, trailing backslash or "
        "heredoc"
    )


class Refused(Exception):  # noqa: N818 - it is caught, and never shown
    """An instruction cannot be converted; a note says why."""


def brief(step: Step) -> str:
    """The instruction for a message."""
    return shown(f"{step.keyword} {step.text}".strip())
