"""BL575 to BL577: units and programs by names under which a step wrote something else."""

from collections.abc import Iterator
from posixpath import basename, dirname
from typing import NamedTuple

from buildlint.language.syntax import Cmd, Copy, Entrypoint, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.elsewhere import does_more
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell import written
from buildlint.shell.commands import Command, Script, Word
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown, similar
from buildlint.text.regex import regex, words
from buildlint.text.span import Span

_UNITS = regex(r"/(?:etc|usr/lib|lib)/systemd/system/([^/]+\.(?:service|socket|timer|path|target))")
_OF_UNITS = regex("/systemd/system")
_UNIT = regex(r"/([^\s/'\"]+\.(?:service|socket|timer|path|target))\b")
_UNIT_SUFFIX = regex(r"\.(?:service|socket|timer|path|target)\Z")
_ALIAS = regex(words(("Alias=",)))
_MAKE = r"RUN printf '%s\n' '[Unit]' '[Service]' 'ExecStart=/usr/bin/env true'"
_WANTED = "'[Install]' 'WantedBy=multi-user.target'"
_FILE = "/etc/systemd/system/shop-web.service"


class _File(NamedTuple):
    """A file that a step writes: its path, where the name stands, and its text if that is known."""

    path: str
    span: Span
    text: str | None
    is_whole: bool


def _files(context: Context) -> tuple[_File, ...]:
    """The files that the template writes by literal paths, in their order."""
    return context.once("written files", lambda: tuple(_written(context)))


def _written(context: Context) -> Iterator[_File]:
    for node in context.template.instructions:
        if isinstance(node, Copy):
            path = written.of_copy(node)
            if path:
                yield _File(path, node.locations[1].span, None, is_whole=True)
        elif isinstance(node, Run):
            script = context.shell(node)
            for command in script.commands:
                for each in written.of_command(script, command):
                    yield _File(each.path, script.span(each.word), each.text, each.is_whole)


# --- systemctl enable ----------------------------------------------------------------------------


def _enabled(context: Context) -> Iterator[tuple[Script, Command, Word]]:
    """Yield the units that `systemctl enable` names, as words."""
    for run in context.runs:
        script = context.shell(run)
        for command in script.named("systemctl"):
            words = command.operands()
            is_enable = bool(words) and words[0].text in ("enable", "reenable")
            if is_enable and command.must_succeed:
                for word in words[1:]:
                    if word.is_literal and "/" not in word.text:
                        yield script, command, word


def _unit(name: str) -> str:
    """The file of a unit by the name that `systemctl` is given: of instances, their template's."""
    full = name if _UNIT_SUFFIX.search(name) else f"{name}.service"
    stem, at, rest = full.partition("@")
    return f"{stem}@.{rest.rpartition('.')[2]}" if at else full


@rule(
    Template,
    "BL575",
    "unit-under-another-name",
    Severity.WARNING,
    summary=N_("A step enables a unit, and another one has written it under a similar name"),
    bad=f"{FROM}{_MAKE} {_WANTED} > {_FILE}\nRUN systemctl enable shopweb\n",
    good=f"{FROM}{_MAKE} {_WANTED} > {_FILE}\nRUN systemctl enable shop-web\n",
    programs=("systemctl",),
)
def unit_under_another_name(node: Template, context: Context) -> Iterator[Finding]:
    """`systemctl enable` fails if there is no unit of that name. The template writes a unit whose
    name is nearly the same, and uses it nowhere else: one of the names is probably misspelled.
    Source: systemctl(1), "enable".
    """
    if not context.commands_say(_OF_UNITS) or context.says(_ALIAS) or does_more(context):
        return
    mentioned = {*_UNIT.findall(context.commands_text)}
    for script, _, word in _enabled(context):
        name = _unit(word.text)
        # Most units are those of packages: nothing like them is written.
        if name in mentioned or not similar(name, mentioned, cutoff=0.8):
            continue
        files = ((_UNITS.fullmatch(each.path), each) for each in _files(context))
        units = {match[1]: each for match, each in files if match}
        if name in units:
            continue
        meant = similar(name, units, cutoff=0.8)
        if not meant or not _is_slip(name, meant):
            continue
        used, stem = (_UNIT_SUFFIX.sub("", each) for each in (meant, name))
        # What is named elsewhere, too, is no slip: as a package, or as another unit.
        if _count(node.text, used) > 1 or _count(node.text, stem) > 1:
            continue
        short = meant if _UNIT_SUFFIX.search(word.text) else used
        text = N_("a step writes the unit `{unit}`, not `{name}`; use the same name")
        fix = Fix(
            Message(N_("Replace with `{replacement}`"), {"replacement": shown(short)}),
            (Edit(script.span(word), short),),
            safe=False,
        )
        fields = {"unit": shown(meant), "name": shown(name)}
        yield Finding(script.span(word), Message(text, fields), fix)


def _count(text: str, name: str) -> int:
    """How often a name stands in a text as a word of its own."""
    count, place = 0, text.find(name)
    while place >= 0:
        before, behind = text[place - 1 : place], text[place + len(name) :][:1]
        count += not (before.isalnum() or before in ("_", "-") or behind.isalnum())
        place = text.find(name, place + 1)
    return count


def _is_slip(name: str, meant: str) -> bool:
    """Whether two names differ by one or two letters, and not by their numbers."""
    letters = ["".join(each for each in one if not each.isdigit()) for one in (name, meant)]
    return letters[0] != letters[1] and abs(len(name) - len(meant)) <= 1


@rule(
    Template,
    "BL576",
    "unit-without-install",
    Severity.WARNING,
    summary=N_("A step enables a unit without an `[Install]` section"),
    bad=f"{FROM}{_MAKE} > {_FILE}\nRUN systemctl enable shop-web\n",
    good=f"{FROM}{_MAKE} {_WANTED} > {_FILE}\nRUN systemctl enable shop-web\n",
    programs=("systemctl",),
)
def unit_without_install(node: Template, context: Context) -> Iterator[Finding]:
    """`systemctl enable` creates the links that the `[Install]` section of a unit asks for. Without
    that section it succeeds, and does nothing: instances of the image do not start the unit.
    Source: systemd.unit(5), "[Install] section options".
    """
    if does_more(context):
        return
    for script, command, word in _enabled(context):
        path = f"/etc/systemd/system/{_unit(word.text)}"
        place = script.span(command).start
        files = [each for each in _files(context) if each.path == path]
        names = node.text.count(f"/{basename(path)}")
        if len(files) != 1 or names != 1:
            continue  # something else may change it
        (file,) = files
        if file.text is None or not file.is_whole or file.span.start > place:
            continue
        if "[Service]" in file.text and not _INSTALLED.search(file.text):
            text = N_(
                "`{unit}` has no `[Install]` section, so enabling it has no effect; add one with "
                "`WantedBy=`"
            )
            yield Finding(script.span(word), Message(text, {"unit": shown(basename(path))}))


_INSTALLED = regex(r"\[Install\]|(?:WantedBy|RequiredBy|UpheldBy|Also|Alias|DefaultInstance)=")

# --- programs ------------------------------------------------------------------------------------

_EXEC = regex(r"\bExecStart(?:Pre|Post)?=[-@:+!|]*(/[\w./-]+)")
_PATH = regex(r"/[\w./-]+")
# Directories that a system fills.
_OF_SYSTEM = ("/bin", "/etc", "/sbin", "/usr/bin", "/usr/lib", "/usr/sbin")


@rule(
    Template,
    "BL577",
    "program-under-another-name",
    Severity.WARNING,
    summary=N_("A unit, CMD or ENTRYPOINT starts a file that was written under a similar name"),
    bad=FROM + "COPY https://example.com/first.sh /opt/app\n"
    "RUN chmod +x /opt/app/first.sh\nCMD /opt/app/frist.sh\n",
    good=FROM + "COPY https://example.com/first.sh /opt/app\n"
    "RUN chmod +x /opt/app/first.sh\nCMD /opt/app/first.sh\n",
    # A file that is copied has to get its mode.
    programs=("chmod", "cp", "curl", "install", "mv", "printf", "systemctl", "tee", "wget"),
)
def program_under_another_name(node: Template, context: Context) -> Iterator[Finding]:
    """A step writes a file that nothing starts, and the command at start names a file in the same
    directory whose name is nearly the same, and that no step writes: one of the names is probably
    misspelled, and the service would not start. Source: systemd.service(5), "ExecStart=".
    """
    if node.is_open:
        return
    for path, span in _started(context):
        directory = dirname(path)
        if directory in _OF_SYSTEM or _count(node.text, basename(path)) != 1:
            continue
        files = {basename(each.path) for each in _files(context) if dirname(each.path) == directory}
        meant = similar(basename(path), files - {basename(path)}, cutoff=0.7)
        if not meant or basename(path) in files or not _is_slip(basename(path), meant):
            continue
        if _is_used(meant, context):
            continue
        text = N_("a step writes `{meant}`, not `{path}`; use the same name")
        fields = {"meant": shown(f"{directory}/{meant}"), "path": shown(path)}
        yield Finding(span, Message(text, fields))


def _started(context: Context) -> Iterator[tuple[str, Span]]:
    """Yield the paths of the programs that start with an instance, and where they stand."""
    for command in context.template.instructions:
        if isinstance(command, Cmd | Entrypoint) and command.arguments:
            if command.exec_form:
                word = command.exec_form.arguments[:1]
                match = _PATH.fullmatch(word[0].text.strip('"')) if word else None
                if match and word:
                    yield match[0], Span(word[0].span.start + 1, word[0].span.end - 1)
            elif match := _PATH.match(command.arguments.text):
                yield match[0], command.arguments.at(match.start(), match.end())
        elif isinstance(command, Run) and "ExecStart" in command.argument_text:
            for match in _EXEC.finditer(command.argument_text):
                if command.arguments:
                    yield match[1], command.arguments.at(match.start(1), match.end(1))


_KEEPERS = ("chmod", "chown", "chgrp", "chcon", "restorecon", "sed", "dos2unix", "curl", "wget")


def _is_used(name: str, context: Context) -> bool:
    """Whether a file is used besides being written and getting its mode."""
    count = _count(context.template.text, name)
    for run in context.runs:
        script = context.shell(run)
        for command in script.commands:
            is_kept = command.name in _KEEPERS or any(
                basename(each.path) == name for each in written.of_command(script, command)
            )
            if is_kept:
                count -= _count(run.argument_text[command.start : command.end], name)
                count -= sum(
                    _count(each.target.text, name) for each in command.redirections if each.target
                )
    count -= sum(
        _count(node.argument_text, name)
        for node in context.template.instructions
        if isinstance(node, Copy)
    )
    return count > 0
