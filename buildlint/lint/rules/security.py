"""BL711, BL714 and BL715: steps that leave an image open to others."""

import re
from collections.abc import Iterator

from buildlint.language.syntax import Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.written_settings import written_settings
from buildlint.shell.commands import Command, Script
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex


@rule(
    Template,
    "BL711",
    "chmod-for-everyone",
    Severity.WARNING,
    summary=N_("chmod makes files world-writable"),
    bad=FROM + "RUN chmod -R 777 /opt/app\n",
    good=FROM + "RUN chown -R app:app /opt/app && chmod -R u=rwX,go=rX /opt/app\n",
    having=(Run,),
)
def chmod_for_everyone(node: Template, context: Context) -> Iterator[Finding]:
    """Every process on the instance can change a world-writable file: an attacker who controls the
    web server can replace a program that root runs. Change the owner of the files (`chown`), and
    use `755` and `644`. A mode that a later step restricts, a file that a later step removes, and a
    directory with the sticky bit, such as `/tmp`, are not reported. Source: chmod(1).
    """
    # Most modes open nothing, which is quick to see.
    if "chmod" not in node.text or not _MAY_OPEN.search(node.text):
        return
    findings: list[Finding] = []
    closed = _Closed()
    # From the end on: what is taken back later is known then.
    for run in reversed(context.runs):
        script = context.shell(run)
        for command in reversed([*script.named("chmod", "find", "rm")]):
            if not _opens(command):
                closed.add(command)
                continue
            mode, *paths = command.operands()
            # What is there at each boot has its mode from udev.
            is_device = bool(paths) and all(word.text.startswith("/dev/") for word in paths)
            is_deep = command.has_flag("-R", "--recursive")
            if not is_device and not all(
                closed.holds(each.text, is_deep) for each in paths or [mode]
            ):
                text = N_(
                    "`{mode}` makes the file world-writable; change its owner with `chown`, and "
                    "use `755` or `644`"
                )
                message = Message(text, {"mode": shown(mode.text)})
                findings.append(Finding(script.span(mode), message))
    yield from reversed(findings)


_MAY_OPEN = regex(r"chmod(?! (?:-R )?(?:[0-7]*[0145]|[ug]*\+[rxX]+) )")


def _opens(command: Command) -> bool:
    """Whether a command is a chmod that lets everyone write."""
    mode = command.operands()[:1] if command.name == "chmod" else []
    return any(_for_all(word.text) for word in mode)


class _Closed:
    """The paths that are deleted, or that nobody else may write: themselves, or all below them."""

    def __init__(self) -> None:
        self._alone: set[str] = set()
        self._deep: set[str] = set()

    def add(self, command: Command) -> None:
        """Note what a command deletes, or takes from others."""
        if not _withdraws(command):
            return
        words = [word.text.rstrip("/*") for word in command.operands()]
        places = {"chmod": words[1:], "find": words[:1]}.get(command.name, words)
        is_deep = command.name != "chmod" or command.has_flag("-R", "--recursive")
        (self._deep if is_deep else self._alone).update(filter(None, places))

    def holds(self, path: str, is_deep: bool) -> bool:  # noqa: FBT001
        """Whether a path, with all below it if `is_deep`, is among them."""
        path = path.rstrip("/*")
        if path in self._alone and not is_deep:
            return True
        parts = path.split("/")
        return any("/".join(parts[:end]) in self._deep for end in range(len(parts), 0, -1))


_OCTAL = regex("[0-7]{1,5}")
_CLAUSE = regex(r"(?P<who>[ugoa]*)(?P<actions>(?:[-+=][rwxXstugo]*)+)")
_ACTION = regex(r"([-+=])([rwxXstugo]*)")
_STICKY, _OTHERS_WRITE = 0o1000, 0o0002


def _for_all(mode: str) -> bool | None:
    """Whether everyone may write with a mode; None if it leaves that as it was, or is no mode.

    With a sticky bit they may not change the files of others.
    """
    if _OCTAL.fullmatch(mode):
        return int(mode, 8) & (_STICKY | _OTHERS_WRITE) == _OTHERS_WRITE
    result: bool | None = None
    for each in mode.split(","):
        clause = _CLAUSE.fullmatch(each)
        if clause is None:
            return None
        # With nobody named, the umask keeps the others from writing.
        is_for_others = not {*clause["who"]}.isdisjoint("oa")
        for operator, what in _ACTION.findall(clause["actions"]):
            if operator != "-" and "t" in what:
                return False
            if is_for_others and (operator == "=" or "w" in what):
                result = operator != "-" and "w" in what
    return result


def _withdraws(command: Command) -> bool:
    """Whether a command deletes files, or takes from others what they may write."""
    if command.name == "rm":
        return True
    words = command.words
    if command.name == "find":
        if "-delete" in words or "rm" in words:
            return True
        words = words[words.index("chmod") + 1 :] if "chmod" in words else []
    return any(_for_all(word) is False for word in words[:2])


# --- what the image is left with -----------------------------------------------------------------

_ROOT_LOGIN = regex(r"(?:(?<!\w)|(?<=\\n))PermitRootLogin[ \t]+yes\b")


@rule(
    Run,
    "BL714",
    "root-login",
    Severity.WARNING,
    summary=N_("sshd lets root log in with a password"),
    bad=FROM + "RUN echo 'PermitRootLogin yes' >> /etc/ssh/sshd_config\n",
    good=FROM + "RUN echo 'PermitRootLogin prohibit-password' >> /etc/ssh/sshd_config\n",
)
def root_login(node: Run, context: Context) -> Iterator[Finding]:
    """Anyone can try root passwords on every instance of the image, and public addresses are
    attacked within minutes. `prohibit-password` lets root log in with a key only; ECS instances are
    also reachable through Session Manager, without an open port (sshd_config(5)).
    """
    text = N_("`{setting}` lets anyone try root passwords; use `PermitRootLogin no`")
    yield from _left(node, context, "PermitRootLogin", _ROOT_LOGIN, text)


_SELINUX = regex(r"(?:(?<![\w^])|(?<=\\n))SELINUX=(?:disabled|permissive)\b")


@rule(
    Template,
    "BL715",
    "selinux-off",
    Severity.WARNING,
    summary=N_("SELinux is disabled"),
    bad=FROM + "RUN sed -i 's/^SELINUX=.*/SELINUX=disabled/' /etc/selinux/config\n",
    good=FROM + "RUN setsebool -P httpd_can_network_connect on\n",
    having=(Run,),
)
def selinux_off(node: Template, context: Context) -> Iterator[Finding]:
    """SELinux isolates a compromised service from the rest of the system, and every instance of the
    image gets this setting. `setenforce 0` lasts until the next boot: what it permits during the
    build may fail on the instances, unless it is set back, or RESTART follows. Allow only what is
    needed (setsebool, semanage, audit2allow).
    """
    text = N_(
        "`{setting}` disables SELinux on every instance; allow only what is needed, with "
        "`setsebool`"
    )
    permissive: list[Finding] = []
    for each in node.instructions:
        if isinstance(each, Restart):
            permissive.clear()
        elif isinstance(each, Run):
            yield from _left(each, context, "SELINUX=", _SELINUX, text)
            script = context.shell(each)
            for command in script.named("setenforce"):
                if command.words[:1] in _PERMISSIVE:
                    permissive.append(_until_boot(script, command))
                else:
                    permissive.clear()
    # With the setting in its configuration, SELinux lets it pass on the instances, too.
    if permissive and not context.commands_say(_SELINUX):
        yield from permissive


_PERMISSIVE = (["0"], ["Permissive"], ["permissive"])


def _until_boot(script: Script, command: Command) -> Finding:
    text = N_(
        "`{setting}` ends at the next boot: commands that work now may fail on the instances; use "
        "`setsebool`, or set it back to `1`"
    )
    setting = shown(" ".join([command.name, *command.words]))
    return Finding(script.span(command), Message(text, {"setting": setting}))


def _left(
    node: Run, context: Context, name: str, setting: re.Pattern[str], text: str
) -> Iterator[Finding]:
    """Yield a finding for each place where a setting is written to a file."""
    for each in written_settings(node, context, name, setting):
        yield Finding(each.span, Message(text, {"setting": shown(each.text)}))
