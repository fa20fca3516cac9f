"""BL565: packages that pip does not install, because the system manages its Python."""

from collections.abc import Iterator

from buildlint.language.syntax import Copy, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.registry import rule
from buildlint.service.systems import DEBIAN, UBUNTU, Release
from buildlint.shell.commands import Command, Script, Word
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span

_NOBLE = "FROM IMAGE_FAMILY:acs:ubuntu_24_04_x64\n"
_VENV = "RUN python3 -m venv /opt/app && /opt/app/bin/pip install flask\n"
# The first releases whose Python has the marker file.
_SINCE = {UBUNTU: "23.04", DEBIAN: "12"}
_PROGRAMS = ("pip", "pip3", "python3")
_VERBS = ("install", "uninstall")
_FLAG = "--break-system-packages"
# With them, pip does not look for the marker file.
_ELSEWHERE = ("-t", "--target", "--prefix", "--root", "--python")
_ONLY_TELLS = ("-h", "--help", "--report", "-V", "--version")
# What lets pip do it for the whole machine, and what brings another Python.
_ALLOWED = regex(
    r"PIP_(?:BREAK_SYSTEM_PACKAGES|CONFIG_FILE|PREFIX|PYTHON|ROOT|TARGET)"
    r"|break-system-packages(?:[\s=\"']|\\[\"'])+(?:true|yes|on|1)|EXTERNALLY"
)
_OTHER_PYTHON = regex(
    r"(?<!python3-)\bvenv|virtualenv|conda|pyenv|activate|\bPATH\b|alternatives|deadsnakes|alias"
    r"|pip3? ?\(\)|python3\.\d|/python3?\b(?!/)"
)


@rule(
    Run,
    "BL565",
    "externally-managed-python",
    Severity.WARNING,
    summary=N_("pip does not change the Python that the system manages"),
    bad=_NOBLE + "RUN pip3 install flask\n",
    good=_NOBLE + _VENV,
    programs=_PROGRAMS,
)
def externally_managed_python(node: Run, context: Context) -> Iterator[Finding]:
    """Debian since 12 and Ubuntu since 23.04 manage their Python with apt (PEP 668): `pip install`
    and `pip uninstall` fail with `externally-managed-environment`, also with `--user`. Install the
    package `python3-…`, or use a virtual environment. With `--break-system-packages`, pip
    continues, and may replace what programs of the system need. `--target`, `--prefix` and `--root`
    are allowed. Checked are commands that run whatever the system is, unless an earlier step allows
    it, or brings another Python.

    Sources: PEP 668; pip, `check_externally_managed` and `commands/install.py`; the file
    `EXTERNALLY-MANAGED` in `/usr/lib/python3.11` of Debian 12 and `/usr/lib/python3.12` of Ubuntu
    24.04; Release notes of Debian 12, "Python Interpreters marked externally-managed".
    """
    system = context.system
    if system is None or not _is_managed(system):
        return
    script = context.shell(node)
    for command in script.named(*_PROGRAMS):
        verb = _verb(command)
        if verb is None or not _is_refused(command, verb) or _is_allowed(context, script, command):
            continue
        text = N_(
            "`{command}` fails, because {system} manages its Python itself; use a venv, or add "
            "`{flag}`"
        )
        name = f"{command.name} -m pip" if command.name == "python3" else command.name
        fields = {"command": f"{name} {verb.text}", "system": system.name, "flag": _FLAG}
        end = script.span(verb).end
        edit = Edit(Span(end, end), f" {_FLAG}")
        fix = Fix(Message(N_("Add `{flag}`"), fields), (edit,), safe=False)
        yield Finding(Span(script.span(command).start, end), Message(text, fields), fix)


def _is_managed(system: Release) -> bool:
    first = _SINCE.get(system.distribution)
    return first is not None and system.is_since(first)


def _verb(command: Command) -> Word | None:
    """The subcommand of pip that changes packages; None if it is another."""
    if command.name == "python3" and command.words[:2] != ["-m", "pip"]:
        return None
    words = command.operands("-m --proxy --cache-dir --log --timeout --retries --cert")
    return next((word for word in words[:1] if word.text in _VERBS), None)


def _is_refused(command: Command, verb: Word) -> bool:
    is_other = command.has_flag(*_ONLY_TELLS) or (
        verb.text == "install" and command.has_flag(*_ELSEWHERE)
    )
    # Flags of pip may be shortened.
    is_let = any(word.startswith("--break") for word in command.words)
    return command.is_sure and command.must_succeed and not (is_other or is_let)


def _is_allowed(context: Context, script: Script, command: Command) -> bool:
    """Whether what stands before a command may let pip do it, or bring another Python."""
    place = script.span(command).start
    # By a path it may be one of a virtual environment.
    is_by_path = script.text.text.startswith(("/", ".", "$", "~"), command.start)
    if is_by_path and not script.text.text.startswith("/usr/bin/", command.start):
        return True
    is_set = any(name.startswith("PIP_") for name, _ in command.assignments)
    if is_set or not context.machine.is_read(place):
        return True
    copies = (each for each in context.template.instructions if isinstance(each, Copy))
    if any("pip" in each.argument_text for each in copies):
        return True
    before = context.template.text[:place]
    return bool(_ALLOWED.search(before) or _OTHER_PYTHON.search(before))
