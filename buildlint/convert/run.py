"""RUN: the shell text as it is, or as one command where it is no text of one shell line."""

import re
from collections.abc import Sequence

from buildlint.convert.build import DEFAULT_SHELL, PREDEFINED_ARGS, Build
from buildlint.convert.dockerfile import Document, Step
from buildlint.convert.shellwords import NEXT_LINE, joined, on_lines, printed, script, word
from buildlint.convert.variables import BLANKS
from buildlint.language.parser import parse
from buildlint.language.syntax import Run
from buildlint.service.systems import Shell
from buildlint.shell import reader
from buildlint.shell.dash.finder import in_run
from buildlint.text.messages import N_, shown


def convert_run(build: Build, step: Step) -> None:
    """Write RUN without flags and here-documents, for the shell that SHELL asks for."""
    _flags(build, step)
    if not step.text:
        build.reject(step.span, N_("{command} has no arguments"), command=step.keyword)
    first, command = _command(build, step)
    settings = "; ".join(filter(None, (_exports(build, step), first)))
    if settings:
        # At the start of a line, it would be a comment.
        settings += "; " if command.startswith("#") else f";{NEXT_LINE}"
    build.emit_as_user(f"RUN {settings}{command}")


# --- flags ---------------------------------------------------------------------------------------

_HARMLESS_MOUNTS = ("cache", "tmpfs")


def _flags(build: Build, step: Step) -> None:
    for flag in step.flags:
        name, _, value = flag.partition("=")
        if name == "--mount":
            _mount(build, step, value)
        elif name in ("--network", "--security", "--device"):
            text = N_(
                "`{flag}`: the command runs directly on the build instance, without isolation"
            )
            build.dropped(step.span, text, flag=shown(flag))
        else:
            build.reject(step.span, N_("unknown flag `{flag}`"), flag=shown(flag))


def _mount(build: Build, step: Step, value: str) -> None:
    fields = dict(part.partition("=")[::2] for part in value.split(","))
    kind = fields.get("type", "bind")
    if kind not in _HARMLESS_MOUNTS:
        text = N_(
            "`--mount=type={type}` is not available on a build instance; use `COPY <url>` or curl, "
            "and keep secrets out of the template"
        )
        build.reject(step.span, text, type=shown(kind))
    text = N_("`--mount=type={type}`: the command runs without the mount, on the instance's disk")
    build.dropped(step.span, text, type=kind)


# --- what the shell gets -------------------------------------------------------------------------


def _exports(build: Build, step: Step) -> str:
    """Set the ARGs that the text names, and those that only programs can mean."""
    body = "\n".join([step.text, *(line for each in step.documents for line in each.lines)])
    proxies = {name: value for name, value in build.options.args.items() if name in PREDEFINED_ARGS}
    words = set(re.findall(r"\w+", body))
    named = {
        name: value
        for name, value in {**proxies, **build.args}.items()
        if name not in build.env and (build.is_ambient(name) or name in proxies or name in words)
    }
    if not named:
        return ""
    return f"export {' '.join(f'{name}={word(value)}' for name, value in named.items())}"


def _command(build: Build, step: Step) -> tuple[str, str]:
    """Write the settings of the shell, if it needs some, and the command behind them."""
    strings = step.strings
    if strings:
        build.changed(step.span, N_("JSON array rewritten as a shell command"))
        return "", joined(strings)
    if step.documents:
        build.changed(step.span, N_("heredoc lines moved into the command"))
        return _with_documents(build, step)
    settings = _settings(build)
    if settings is None:
        return "", f"{joined(build.shell)} {on_lines(step.text, step.layout)}"
    if build.shell == DEFAULT_SHELL and _needs_bash(build, step):
        build.changed(step.span, _WITH_BASH)
        return "", f"/bin/bash -c {on_lines(step.text, step.layout)}"
    return settings, step.layout


_WITH_BASH = N_(
    "bash syntax: `/bin/bash -c` added, because `/bin/sh` of the base image may not be bash"
)


def _needs_bash(build: Build, step: Step) -> bool:
    """Whether a text is for the /bin/sh of the Docker image, and not for that of the base image."""
    if build.docker_sh is not Shell.BASH or build.sh is Shell.BASH:
        return False
    node = parse(f"RUN {step.text}").instructions[0]
    return isinstance(node, Run) and bool(in_run(node, reader.read(node)))


_LETTERS = re.compile(r"-([euxvf]*)(o?)(c?)")


def _settings(build: Build) -> str | None:
    """Write the options of SHELL as the first command of a RUN.

    None for another shell than the one which reads a RUN, and for another option.
    """
    program, *options = build.shell
    name = program.rpartition("/")[2]
    if name != "sh" and (name != "bash" or build.sh is not Shell.BASH):
        return None
    settings: list[str] = []
    while options:
        match = _LETTERS.fullmatch(options.pop(0))
        if not match:
            return None
        letters, takes_name, is_last = match.groups()
        if is_last:
            if options or takes_name:
                return None
            settings += [f"-{letters}"] if letters else []
            return f"set {' '.join(settings)}" if settings else ""
        if takes_name:
            if not options or not options[0].isalpha():
                return None
            settings += f"-{letters}o", options.pop(0)
        elif letters:
            settings.append(f"-{letters}")
    return None


# --- here-documents ------------------------------------------------------------------------------

# A single command whose output may go to a file, and nothing that a shell would do besides.
_SINGLE = re.compile(r"""[\w./][^;&|()<>`'"\\\n]*(?:>>? *[^\s;&|()<>`'"\\]+)?""")
_CAT = re.compile(r"cat *(>>? *\S+)")
_EXPANDS = re.compile(r"[$`\\]")


def _with_documents(build: Build, step: Step) -> tuple[str, str]:
    first = step.documents[0]
    if step.text == first.operator:
        return _script_of(build, first)
    before, _, behind = step.text.partition(first.operator)
    rest = f"{before.rstrip()} {behind.lstrip()}".strip()
    is_plain = first.is_literal or not any(map(_EXPANDS.search, first.lines))
    # A number before the operator is that of a file.
    is_input = before[-1:] in BLANKS
    is_simple = len(step.documents) == 1 and is_plain and is_input and build.shell == DEFAULT_SHELL
    if is_simple and _SINGLE.fullmatch(rest):
        match = _CAT.fullmatch(rest)
        reader = match[1] if match else f"| {rest}"
        return "", f"{printed(first.lines)}{NEXT_LINE}{reader}"
    lines = [step.text]
    for document in step.documents:
        lines += *document.lines, document.name
    return "", script(build.shell, lines)


def _script_of(build: Build, document: Document) -> tuple[str, str]:
    """Run the body of a here-document as a script, or as a program if it names its interpreter."""
    lines = document.lines
    if lines and lines[0].startswith("#!"):
        return "", (
            f"f=$(mktemp) && {printed(lines)}{NEXT_LINE}"
            '> "$f" && chmod +x "$f" && "$f" && rm -f "$f"'
        )
    settings = _settings(build)
    statements = _statements(lines) if settings is not None else None
    if settings is None or statements is None:
        return "", script(build.shell, lines)
    return settings, statements


# A comment, a here-document, an end that joins or ends the line already, and words that a shell
# takes for parts of a command at the start of a line, as tree-sitter does not.
_NO_STATEMENT = re.compile(
    r"(?:^|[\s;&|(])#|<<|[&\\;]\s*$|^(?:do|done|elif|else|esac|fi|in|then)\b|^}"
)


def _statements(lines: Sequence[str]) -> str | None:
    """Join lines of which each is a whole shell command; None if one is not, or may not be.

    Comments between them stay on lines of their own, which are no part of the command.
    """
    if not reader.is_available():
        return None
    written = ""
    comments = ""
    for line in filter(None, map(str.strip, lines)):
        if line.startswith("#"):
            comments += f"    {line}\n"
            continue
        if not _is_statement(line):
            return None
        written += f"; \\\n{comments}    {line}" if written else line
        comments = ""
    return written or None


def _is_statement(line: str) -> bool:
    if _NO_STATEMENT.search(line):
        return False
    (node, *others) = parse(f"RUN {line}").items
    if others or not isinstance(node, Run) or node.flags or node.exec_form:
        return False
    read = reader.read(node)
    return bool(read.commands) and not read.errors
