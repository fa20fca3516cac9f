"""BL910: users that are needed before they are there."""

from collections.abc import Iterator, Sequence

from buildlint.language.syntax import Instruction, Run, User
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM_UBUNTU
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Word
from buildlint.shell.machine import MAKES_USERS, NAMES, Kind
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

_TAKES_USERS = ("chown", "gpasswd", "install", "su", "usermod")


@rule(
    (Run, User),
    "BL910",
    "user-never-created",
    Severity.WARNING,
    summary=N_("A step needs a user that nothing creates"),
    bad=FROM_UBUNTU + "USER deploy\nRUN whoami\n",
    good=FROM_UBUNTU + "RUN useradd -m deploy\nUSER deploy\nRUN whoami\n",
    programs=_TAKES_USERS,
)
def user_never_created(node: Run | User, context: Context) -> Iterator[Finding]:
    """The commands after USER run as that user. If the user does not exist, the next step fails,
    and the instance has been paid for. Public images have the users of their distribution; others
    are created by useradd or by a package. The users of other clouds, such as `ec2-user` and
    `azureuser`, and those of Vagrant are not there either: public images have `root`, and
    `ecs-user` if the instance is created with it, so `chown ec2-user` fails. A custom image may
    have any user, so this rule checks only templates that are based on a public image, and only
    the steps that it can read. Sources: the service's documentation of USER; Cloud Assistant,
    RunCommand, Username; "Manage the username used to log on to an ECS instance"; useradd(8).
    """
    if isinstance(node, User):
        if len(node.names) == 1 and not node.group:
            (name,) = node.names
            if _is_missing(name.text, node, context, name.span.start):
                text = N_(
                    "no step creates user `{name}`, and public images do not have it; add `RUN "
                    "useradd -m {name}` before this"
                )
                yield Finding(name.span, Message(text, {"name": shown(name.text)}))
        return
    if not _OF_CLOUDS.search(node.argument_text):
        return
    script = context.shell(node)
    for command in script.named(*_TAKES_USERS):
        if not (command.is_sure and command.must_succeed):
            continue
        for word, user in _users(command):
            span = script.span(word)
            if _OF_CLOUDS.fullmatch(user) and _is_missing(user, node, context, span.start):
                text = N_(
                    "public images do not have user `{name}`; use a user that a step creates, or "
                    "`root`"
                )
                yield Finding(span, Message(text, {"name": shown(user)}))
                return


_NAME = regex(r"[A-Za-z_][\w.-]*")
# Users of the public images' distributions, of their cloud-init, and of the service.
_USUAL = regex(
    r"root|adm|admin|almalinux|anolis|backup|bin|centos|chrony|cloud-user|daemon|dbus|debian"
    r"|ecs-assist-user|ecs-user|ftp|games|gnats|halt|irc|list|lp|mail|man|messagebus|news|nobody"
    r"|nfsnobody|ntp|operator|polkitd|postfix|proxy|rocky|rpc|rpcuser|shutdown|sshd|sync|sys"
    r"|syslog|systemd-\S+|tcpdump|tss|ubuntu|uucp|uuidd|www-data|_\S+"
)
# The users that the images of other clouds, and boxes of Vagrant, are made with.
_OF_CLOUDS = regex(r"(?<![\w.-])(?:azureuser|centos|ec2-user|opc|ubuntu|vagrant)(?![\w.-])")


def _users(command: Command) -> Iterator[tuple[Word, str]]:
    """Yield the words of a command that name a user whom it needs, each with the name."""
    if command.name == "install":
        for user in command.values("-o", "--owner"):
            yield from ((word, user) for word in command.arguments if word.text.endswith(user))
        return
    words = [word for word in command.operands() if word.text != "-"]
    word = words[-1 if command.name == "usermod" else 0] if words else None
    if word and word.is_literal and not (command.name == "chown" and command.has_flag("--from")):
        yield word, word.text.partition(":")[0]


def _is_missing(name: str, node: Instruction, context: Context, place: int) -> bool:
    """Whether a user surely does not exist: one of another cloud, or one of no known kind."""
    is_usual = _USUAL.fullmatch(name) and not (isinstance(node, Run) and _OF_CLOUDS.fullmatch(name))
    if context.system is None or is_usual or not _NAME.fullmatch(name):
        return False
    made = context.once("made users", lambda: _made(context.runs))
    if made.get(name, node.span.start) < node.span.start:
        return False  # the machine, which knows it, need not be made
    machine = context.machine
    if not machine.is_read(place) or machine.is_told(Kind.USER, name, place):
        return False
    # Once is enough.
    asked = context.once("USERs", lambda: _asked(context.template.instructions))
    if asked.get(name, node.span.start) < node.span.start:
        return False
    return not any(_is_of(name, package) for package in machine.packages(place))


def _made(runs: Sequence[Run]) -> dict[str, int]:
    """The names in RUNs that make or delete users, each with where the first of them begins."""
    found: dict[str, int] = {}
    for run in reversed(runs):
        if any(maker in run.argument_text for maker in MAKES_USERS):
            found |= dict.fromkeys(NAMES.findall(run.argument_text), run.span.start)
    return found


def _asked(instructions: Sequence[Instruction]) -> dict[str, int]:
    """The users of USERs, each with where the first of them begins."""
    users = (each for each in reversed(instructions) if isinstance(each, User))
    return {each.names[0].text: each.span.start for each in users if each.names}


# Packages that create a user whose name is not in theirs.
_OTHER_NAMES = {
    "apache": ("httpd",),
    "git": ("gogs",),
    "hdfs": ("hadoop",),
    "mysql": ("mariadb", "percona"),
    "named": ("bind",),
    "nginx": ("openresty", "tengine"),
    "yarn": ("hadoop",),
}


def _is_of(user: str, package: str) -> bool:
    """Whether a package may create a user, as its name says."""
    names = (user[:4].lower(), *_OTHER_NAMES.get(user, ()))
    return any(name in package.lower() for name in names)
