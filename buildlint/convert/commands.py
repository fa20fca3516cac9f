"""The instructions with one form in a template, or none: ENV, WORKDIR, CMD, EXPOSE and so on."""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.convert.build import DEFAULT_SHELL, Build, brief
from buildlint.convert.dockerfile import Step
from buildlint.convert.variables import split
from buildlint.service.systems import DEFAULT_PATH
from buildlint.text.jsontext import dumps
from buildlint.text.messages import N_, shown
from buildlint.text.span import Span

# --- ARG, ENV, LABEL -----------------------------------------------------------------------------


class Pair(NamedTuple):
    """`name=value`, both expanded; a value that is not there is None."""

    name: str
    value: str | None
    span: Span


def _pairs(build: Build, step: Step, *, may_be_old: bool) -> list[Pair]:
    """Read pairs; `name value`, the old form, is one pair. Raises Refused."""
    words = [(start, end) for start, end in split(step.text, build.dockerfile.escape)]
    if not words:
        build.reject(step.span, N_("{command} has no arguments"), command=step.keyword)
    start, end = words[0]
    if may_be_old and "=" not in step.text[start:end] and len(words) > 1:
        whole = step.at(start, len(step.text))
        value = build.expanded(step, whole, step.text[end:].strip())
        text = N_("old syntax without `=` rewritten as `{command} <name>=<value>`")
        build.changed(step.span, text, command=step.keyword)
        return [Pair(build.expanded(step, whole, step.text[start:end]), value, whole)]
    return list(_each_pair(build, step, words))


def _each_pair(build: Build, step: Step, words: list[tuple[int, int]]) -> Iterator[Pair]:
    for start, end in words:
        span = step.at(start, end)
        name, equals, value = step.text[start:end].partition("=")
        yield Pair(
            build.expanded(step, span, name),
            build.expanded(step, span, value) if equals else None,
            span,
        )


_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LABEL_NAME = re.compile(r"[^\t\v\f\r =\"'#\\$][^\t\v\f\r =\"'\\$]*")


def convert_arg(build: Build, step: Step) -> None:
    """Keep the values of ARGs: they are written where they are named."""
    for pair in _pairs(build, step, may_be_old=False):
        if not _IDENTIFIER.fullmatch(pair.name):
            build.reject(pair.span, _NO_NAME, name=shown(pair.name))
        build.declared.add(pair.name)
        value = build.options.args.get(pair.name, pair.value)
        if value is None:
            value = build.global_args.get(pair.name)
        if value is None:
            text = N_("`ARG {name}` has no value; use `--build-arg {name}=<value>` if it is needed")
            build.differs(pair.span, text, name=pair.name)
            build.told.add(pair.name)
            continue
        (build.args if build.has_from else build.global_args)[pair.name] = value
        # The value itself may be nobody's business.
        if not build.has_from:
            text = N_("`ARG {name}`: value inserted in FROM")
        elif build.is_ambient(pair.name):
            text = N_("`ARG {name}`: never referenced by name, so every following RUN exports it")
        else:
            text = N_(
                "`ARG {name}`: value inserted wherever it is referenced; RUNs that reference it "
                "export it"
            )
        build.changed(pair.span, text, name=pair.name)


_NO_NAME = N_(
    "`{name}` is not a valid variable name; use letters, digits and underscores, not starting with "
    "a digit"
)


def convert_env(build: Build, step: Step) -> None:
    """Write ENV with each value in double quotes, its variables expanded."""
    values = {}
    for pair in _pairs(build, step, may_be_old=True):
        if not _IDENTIFIER.fullmatch(pair.name):
            build.reject(pair.span, _NO_NAME, name=shown(pair.name))
        values[pair.name] = _value(build, pair)
    names_path = "$PATH" in step.text or "${PATH" in step.text
    if names_path and build.env["PATH"] == DEFAULT_PATH:
        build.changed(step.span, N_("`$PATH` replaced by Docker's default directories"))
    if any("$" in value for value in values.values()):
        build.differs(
            step.span, N_("a literal `$` cannot be written: the service documents no escape for it")
        )
    build.env.update(values)
    build.emit(_written("ENV", {name: _quoted(value) for name, value in values.items()}))


def convert_label(build: Build, step: Step) -> None:
    """Write LABEL with each value in double quotes."""
    labels = {}
    for pair in _pairs(build, step, may_be_old=True):
        if not _LABEL_NAME.fullmatch(pair.name):
            build.reject(pair.span, N_("`{name}` is not a valid label name"), name=shown(pair.name))
        labels[pair.name] = _quoted(_value(build, pair))
    build.emit(_written("LABEL", labels))


def convert_maintainer(build: Build, step: Step) -> None:
    """Write the label that has come in the place of MAINTAINER."""
    name = build.expanded(step, step.span, step.text)
    build.changed(step.span, N_("MAINTAINER replaced by `LABEL maintainer`"))
    build.emit(_written("LABEL", {"maintainer": _quoted(name)}))


def _value(build: Build, pair: Pair) -> str:
    if pair.value is None:
        build.reject(pair.span, N_('`{name}` has no value; use `{name}="<value>"`'), name=pair.name)
    return pair.value


def _quoted(value: str) -> str:
    """Quote a value of ENV or LABEL: the service expands no variables, so `$` is a character."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _written(command: str, values: dict[str, str]) -> str:
    indent = " " * (len(command) + 1)
    return f"{command} " + f" \\\n{indent}".join(f"{key}={value}" for key, value in values.items())


# --- WORKDIR, USER, SHELL ------------------------------------------------------------------------


def convert_workdir(build: Build, step: Step) -> None:
    """Write WORKDIR with an absolute path, and make the directory before, as Docker does."""
    path = build.expanded(step, step.span, step.text)
    whole = build.absolute(path).rstrip("/") or "/"
    if not path or re.search(r"\s", path):
        build.reject(step.span, N_("WORKDIR takes one path without spaces"))
    new = [f"RUN {command}" for command in build.made(whole)]
    if new:
        build.changed(
            step.span, N_("added a RUN that creates the directory, as Docker's WORKDIR does")
        )
    build.emit_as_root(*new)
    if not path.startswith("/"):
        build.changed(step.span, N_("relative path replaced by `{path}`"), path=shown(whole))
    build.workdir = whole
    build.emit(f"WORKDIR {whole}")


def convert_user(build: Build, step: Step) -> None:
    """Write USER without a group."""
    name, _, group = build.expanded(step, step.span, step.text).partition(":")
    name = "root" if name == "0" else name
    if not name or re.search(r"\s", name):
        build.reject(step.span, N_("USER takes one user name"))
    if group:
        text = N_(
            "group `{group}`: commands run with the primary group of `{name}`; change it with `RUN "
            "usermod -g`"
        )
        build.differs(step.span, text, group=shown(group), name=shown(name))
    if name.isdigit():
        text = N_("USER takes the name of an existing user, not the numeric ID `{number}`")
        build.differs(step.span, text, number=name)
    build.user = name
    build.emit_as_user()


def convert_shell(build: Build, step: Step) -> None:
    """Keep the shell: each RUN below is written for it."""
    strings = step.strings
    if not strings:
        build.reject(step.span, N_("SHELL takes a JSON array of strings"))
    build.shell = tuple(strings)
    build.changed(step.span, N_("SHELL applied to every following RUN"))


# --- what runs at the start ----------------------------------------------------------------------


def convert_start(build: Build, step: Step) -> None:
    """Write the last CMD and ENTRYPOINT as one command: Docker gives CMD to ENTRYPOINT."""
    arguments = step.strings
    if step is not _last(build, step.keyword) and arguments != []:
        text = N_("{command}: overridden by a later {command}")
        build.dropped(step.span, text, command=step.keyword)
        return
    other = _last(build, "CMD" if step.keyword == "ENTRYPOINT" else "ENTRYPOINT")
    if other and step.keyword == "CMD":
        # It is joined to ENTRYPOINT, wherever that stands.
        text = N_("CMD passed to ENTRYPOINT as its arguments, as in Docker")
        if other.strings is None:
            text = N_("CMD: Docker ignores it if ENTRYPOINT is not a JSON array")
        build.dropped(step.span, text)
        return
    if arguments == [] or not step.text:
        build.dropped(step.span, N_("{command} does not name a program"), command=step.keyword)
        return
    build.differs(step.span, _AT_THE_START, command=step.keyword)
    if arguments is None and build.shell == DEFAULT_SHELL and not step.text.startswith("["):
        build.emit_as_user(f"{step.keyword} {step.layout}")
        return
    written = _arguments(build, step)
    if arguments is not None and other:
        written += _arguments(build, other)
    build.emit_as_user(f"{step.keyword} {dumps(written, indent=None)}")


_AT_THE_START = N_(
    "{command} runs at system start; whether with ENV, WORKDIR and USER is not documented, and "
    "nothing restarts it; use a systemd unit"
)


def _last(build: Build, keyword: str) -> Step | None:
    """The instruction that counts, None if it takes an earlier one back."""
    step = build.dockerfile.last.get(keyword)
    return step if step and step.strings != [] else None


def _arguments(build: Build, step: Step) -> list[str]:
    return step.strings if step.strings is not None else [*build.shell, step.text]


# --- what a machine has elsewhere ----------------------------------------------------------------


def convert_volume(build: Build, step: Step) -> None:
    """Make the directories: disks belong to the instance."""
    paths = step.strings if step.strings is not None else step.text.split()
    whole = [build.absolute(build.expanded(step, step.span, path)).rstrip("/") for path in paths]
    text = N_("VOLUME: disks belong to the instance, not the image; only the directory is created")
    build.dropped(step.span, text)
    build.emit_as_root(*(f"RUN {command}" for command in build.made(*filter(None, whole))))


def convert_expose(build: Build, step: Step) -> None:
    """Say what opens a port."""
    ports = build.expanded(step, step.span, step.text)
    text = N_("`EXPOSE {ports}`: open ports in the instance's security group")
    build.dropped(step.span, text, ports=shown(ports))


_DROPPED = {
    "HEALTHCHECK": N_(
        "HEALTHCHECK: use systemd (`Restart=on-failure`) or a load balancer health check"
    ),
    "ONBUILD": N_(
        "ONBUILD: put the command in the templates that use this image as their base image"
    ),
    "STOPSIGNAL": N_("STOPSIGNAL: set `KillSignal=` in the service's systemd unit"),
}


def convert_dropped(build: Build, step: Step) -> None:
    """Say where a machine has what the instruction asks for."""
    build.dropped(step.span, _DROPPED[step.keyword])


def convert_unknown(build: Build, step: Step) -> None:
    """Refuse what is no instruction of a Dockerfile."""
    build.reject(step.span, N_("`{text}` is not a Dockerfile instruction"), text=brief(step))


def parent(path: str) -> str:
    """The directory that holds an absolute path."""
    return posixpath.dirname(path.rstrip("/")) or "/"
