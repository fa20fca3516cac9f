"""BL53x: what leaves no trace in the image."""

from collections.abc import Iterator

from buildlint.language.syntax import (
    Cmd,
    Component,
    Copy,
    Entrypoint,
    Env,
    From,
    Instruction,
    Label,
    Pair,
    Restart,
    Run,
    Template,
    User,
    Workdir,
)
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

# They change nothing but the shell that they run in.
_OF_THE_SHELL = ("alias", "cd", "export", "set", "shopt", "ulimit", "umask", "unalias")
# Files that are known to do no more than that.
_PROFILES = ("/etc/profile", ".bashrc", ".bash_profile", ".profile", "/bin/activate", ".cargo/env")


def _has_steps(context: Context) -> bool:
    """Whether the template does anything; one that does not has only been begun."""
    return any(isinstance(each, Run | Copy | Component) for each in context.template.instructions)


def _deleted(node: Instruction, *, safe: bool) -> Fix:
    """Delete a command with the lines that it stands on."""
    message = Message(N_("Remove the {command}"), {"command": node.command})
    return Fix(message, (Edit(node.extent, ""),), safe=safe)


@rule(
    Run,
    "BL530",
    "shell-state-lost",
    Severity.WARNING,
    summary=N_("RUN changes only the state of its own shell, or the running firewall"),
    bad=FROM + "RUN cd /opt/app\nRUN ./configure\n",
    good=FROM + "WORKDIR /opt/app\nRUN ./configure\n",
    programs=(*_OF_THE_SHELL, "source", ".", "firewall-cmd"),
)
def shell_state_lost(node: Run, context: Context) -> Iterator[Finding]:
    """Each RUN is a separate step, in a separate shell. Its directory, variables, umask and options
    end with it: the next RUN starts afresh. WORKDIR and ENV apply to all following commands;
    commands that need the same shell belong in the same RUN. What `firewall-cmd` changes without
    `--permanent` ends with the build instance (firewall-cmd manual, "--permanent").
    """
    script = context.shell(node)
    if script.runs("firewall-cmd"):
        from buildlint.lint.rules.running_system import (  # noqa: PLC0415 - few templates run it
            runtime_firewall_rules,
        )

        yield from runtime_firewall_rules(script, context)
    if not changes_only_its_shell(node, script):
        return
    last = script.commands[-1]
    # The service expands no variables in WORKDIR and ENV.
    is_lasting = all(
        command.name == last.name and all(word.is_literal for word in command.arguments)
        for command in script.commands
    )
    advice = _LASTING.get(last.name, _SAME_RUN) if is_lasting else _SAME_RUN
    message = Message(advice, {"command": last.name})
    fix = _as_command(node, last) if len(script.commands) == 1 else None
    span = Span(script.span(script.commands[0]).start, script.span(last).end)
    yield Finding(span, message, fix)


_LASTING = {
    "cd": N_(
        "every RUN is a new shell, so changing the directory has no effect after it; use WORKDIR"
    ),
    "export": N_(
        "every RUN is a new shell, so setting the variable has no effect after it; use ENV"
    ),
}
_SAME_RUN = N_(
    "every RUN is a new shell, so `{command}` has no effect after it; move it into the RUN that "
    "needs it"
)


def changes_only_its_shell(node: Run, script: Script) -> bool:
    """Whether a RUN has commands, and nothing else, and each changes only its own shell."""
    if not (script.commands and script.is_whole and node.arguments):
        return False
    text, end = node.arguments.text, node.shell or 0
    for command in script.commands:
        # A test or a loop, sudo, an assignment or a redirection: something else is there.
        if text[end : command.start].strip() not in ("", "&&", ";"):
            return False
        if not _is_of_the_shell(command):
            return False
        end = command.end
    return text[end:].strip() in ("", ";")


def _is_of_the_shell(command: Command) -> bool:
    if command.name in ("source", "."):
        return command.words != [] and command.words[0].endswith(_PROFILES)
    # Without arguments, most of them print something.
    return command.name in _OF_THE_SHELL and (command.name == "cd" or command.words != [])


def _as_command(node: Run, command: Command) -> Fix | None:
    """Write WORKDIR for `cd /path`, and ENV for `export NAME=value`."""
    words = command.arguments
    if len(words) != 1 or not words[0].is_literal:
        return None
    name, separator, value = words[0].text.partition("=")
    if command.name == "cd" and words[0].text.startswith("/") and " " not in words[0].text:
        line = f"WORKDIR {words[0].text}"
    elif command.name == "export" and separator and not {*value} & {*'"\\$\n'}:
        line = f'ENV {name}="{value}"'
    else:
        return None
    return Fix(
        Message(N_("Replace with `{line}`"), {"line": line}), (Edit(node.span, line),), safe=False
    )


@rule(
    Restart,
    "BL531",
    "restart-for-nothing",
    Severity.WARNING,
    summary=N_("RESTART has no effect"),
    bad=FROM + "RUN dnf upgrade -y\nRESTART\nRESTART\nRUN uname -r\n",
    good=FROM + "RUN dnf upgrade -y\nRESTART\nRUN uname -r\n",
)
def restart_for_nothing(node: Restart, context: Context) -> Iterator[Finding]:
    """RESTART reboots the build instance, so that the following commands run on a new kernel or
    with a restarted service. Right after another RESTART, it changes nothing. At the end it is
    useless: the image is created from the disk, and every instance boots anyway. Each RESTART costs
    a minute or more of the build instance.
    """
    behind, before = (
        next((each for each in neighbours if not isinstance(each, From | Label)), None)
        for neighbours in (context.template.following(node), context.template.preceding(node))
    )
    is_last = behind is None and _has_steps(context)
    is_second = isinstance(before, Restart)
    if node.arguments or not (is_last or is_second):
        return
    text = N_("no command follows this RESTART, and instances of the image boot anyway; remove it")
    if is_second:
        text = N_("the RESTART before this one has just restarted the instance; remove this one")
    # At the end it may be there to see whether the instance still boots.
    yield Finding(node.span, Message(text), _deleted(node, safe=is_second))


@rule(
    (Cmd, Entrypoint),
    "BL532",
    "start-command-overridden",
    Severity.WARNING,
    summary=N_("CMD or ENTRYPOINT is overridden by a later one"),
    bad=FROM + 'CMD ["/usr/bin/agent"]\nCMD ["/usr/bin/app"]\n',
    good=FROM + 'CMD ["/usr/bin/app"]\n',
)
def start_command_overridden(node: Cmd | Entrypoint, context: Context) -> Iterator[Finding]:
    """Only the last CMD counts, and only the last ENTRYPOINT, as in a Dockerfile (Dockerfile
    reference, "CMD"); the service's documentation does not say otherwise. To run two programs when
    an instance starts, use two systemd units.
    """
    last = context.template.last[type(node)]
    if last is not node:
        line = context.source.position(last.span.start).line
        message = Message(
            N_(
                "the {command} in line {line} overrides this one; remove one of them, or start "
                "both programs with systemd"
            ),
            {"command": node.command, "line": str(line)},
        )
        yield Finding(node.span, message)


@rule(
    (User, Workdir),
    "BL533",
    "setting-unused",
    Severity.WARNING,
    summary=N_("No command follows USER or WORKDIR"),
    bad=FROM + "RUN useradd app\nUSER app\n",
    good=FROM + "RUN useradd app\nUSER app\nRUN whoami\n",
)
def setting_unused(node: User | Workdir, context: Context) -> Iterator[Finding]:
    """USER and WORKDIR apply to the following commands while the image is built. An ECS image is a
    disk, not a container image, and keeps neither: services run as their systemd units say
    (`User=`, `WorkingDirectory=`; systemd.exec manual).
    """
    text = _unused(node, context)
    if text:
        # A WORKDIR might be there for the directory, and of two users the first may be meant.
        fix = _deleted(node, safe=text == _REPLACED and _is_repeated(node, context))
        yield Finding(node.span, Message(text, {"command": node.command}), fix)


def _is_repeated(node: User | Workdir, context: Context) -> bool:
    """Whether a USER names the same user as the next one."""
    following = (each for each in context.template.following(node) if isinstance(each, User))
    names = [each.text for each in node.names] if isinstance(node, User) else []
    return names != [] and names == [each.text for each in next(following).names]


def _unused(node: User | Workdir, context: Context) -> str | None:
    """Say why no command uses a setting, if none does."""
    values = node.names if isinstance(node, User) else node.paths
    if len(values) != 1 or (isinstance(node, User) and node.group):
        return None  # refused
    commands = context.template.instructions
    for each in context.template.following(node):
        if isinstance(each, type(node)):
            # A relative path starts from the one before.
            is_absolute = isinstance(each, User) or each.paths[0].text.startswith("/")
            return _REPLACED if is_absolute else None
        if not isinstance(each, User | Workdir | Env | Label | Restart):
            return None
    starts = any(isinstance(each, Cmd | Entrypoint) for each in commands)
    is_reset = isinstance(node, User) and values[0].text == "root"
    return None if starts or is_reset or not _has_steps(context) else _LAST


_REPLACED = N_("no command runs between this {command} and the next one; remove it")
_LAST = N_(
    "no command follows this {command}, and the image does not keep it (services use their systemd "
    "unit); remove it"
)


_REFERENCE = regex(r"\$\{?(\w+)")


@rule(
    Template,
    "BL535",
    "variable-set-again",
    Severity.WARNING,
    summary=N_("A variable is set again before it is used"),
    bad=FROM + 'ENV APP_PORT="80"\nENV APP_PORT="8080"\nRUN env\n',
    good=FROM + 'ENV APP_PORT="8080"\nRUN env\n',
    having=(Env,),
)
def variable_set_again(node: Template, context: Context) -> Iterator[Finding]:
    """ENV applies to the following commands, so if there is no command between two values, the
    first one is never used. Usually a line was copied, and its name should have been changed. A
    value that refers to the previous one, such as `/opt/bin:$PATH`, needs both.
    """
    unread: dict[str, tuple[Env, Pair]] = {}
    for command in node.instructions:
        if not isinstance(command, Env | Label | Restart | User | Workdir):
            unread.clear()
            continue
        for name in _REFERENCE.findall(command.argument_text):
            unread.pop(name, None)
        if not isinstance(command, Env):
            continue
        for pair in command.pairs:
            name = pair.name.text
            if pair.value is None:
                continue
            if name in unread:
                yield _set_again(*unread[name], pair, context)
            unread[name] = command, pair


def _set_again(command: Env, first: Pair, second: Pair, context: Context) -> Finding:
    line = context.source.position(second.span.start).line
    text = N_(
        "line {line} sets `{name}` again before any command uses this value; remove it, or correct "
        "the name"
    )
    message = Message(text, {"line": str(line), "name": shown(first.name.text)})
    # Both values may be wanted, one of them under another name.
    fix = _deleted(command, safe=False) if len(command.pairs) == 1 else None
    return Finding(first.span, message, fix)
