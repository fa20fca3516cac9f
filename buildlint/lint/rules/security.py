"""BL71x: steps that leave an image, or its build, open to others."""

import re
from collections.abc import Iterator

from buildlint.language.syntax import Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.hosts import Reach
from buildlint.shell import network
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.options import parsed
from buildlint.shell.packages import RPM_INSTALLERS
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span


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


# --- who is at the other end ---------------------------------------------------------------------

_WITHOUT_CHECK = {
    "apt": ("--allow-unauthenticated",),
    "apt-get": ("--allow-unauthenticated",),
    "curl": ("-k", "--insecure"),
    "dnf": ("--nogpgcheck",),
    "pip": ("--trusted-host",),
    "pip3": ("--trusted-host",),
    "wget": ("--no-check-certificate",),
    "yum": ("--nogpgcheck",),
    "zypper": ("--no-gpg-checks",),
}
# Values with which an option, or a setting of apt, says the opposite of its name.
_NO = regex("(?i)no|false|without|off|disable|0")
_UNAUTHENTICATED = regex(
    r"(?i)(?:-o|--option=)?apt::get::allowunauthenticated=(?:true|1|yes|with|on|enable)"
)
# Settings that a word or an assignment makes, by program.
_SETTINGS = {
    "apt": _UNAUTHENTICATED,
    "apt-get": _UNAUTHENTICATED,
    "git": regex(r"(?i)http\.sslverify=(?:false|0|no)"),
    "npm": regex(r"--strict-ssl=false|strict-ssl=false|--no-strict-ssl"),
}
_CHECKERS = (*_WITHOUT_CHECK, "git", "npm")
_PAIRS = {"git": ("http.sslverify", "false"), "npm": ("strict-ssl", "false")}


@rule(
    Run,
    "BL712",
    "no-certificate-check",
    Severity.WARNING,
    summary=N_("Certificate or signature verification is disabled"),
    bad=FROM + "RUN curl -fsSLk -o /opt/agent.tar.gz https://dl.example.com/agent.tar.gz\n",
    good=FROM + "RUN curl -fsSL -o /opt/agent.tar.gz https://dl.example.com/agent.tar.gz\n",
    programs=_CHECKERS,
)
def no_certificate_check(node: Run, context: Context) -> Iterator[Finding]:
    """Without verification, anyone on the network path can replace the file, and it runs as root on
    every instance of the image. Install the certificate of your own CA instead (`update-ca-trust`,
    `update-ca-certificates`), or import the key of the repository.
    """
    script = context.shell(node)
    for command in script.named(*_CHECKERS):
        word = _turned_off(command)
        if word:
            text = N_(
                "`{word}` disables the verification of certificates or signatures; install the "
                "missing certificate or key"
            )
            yield Finding(script.span(word), Message(text, {"word": shown(word.text)}))


def _turned_off(command: Command) -> Word | None:
    flags, setting = _WITHOUT_CHECK.get(command.name, ()), _SETTINGS.get(command.name)
    pair = _PAIRS.get(command.name)
    previous: Word | None = None
    for word in command.arguments:
        if not word.is_literal:
            previous = None
            continue
        if command.name == "curl" and _is_k(word.text):
            return word
        name, _, value = word.text.partition("=")
        if name in flags and not _NO.fullmatch(value):
            return None if flags == ("--trusted-host",) and _is_internal(command, word) else word
        if setting and setting.fullmatch(word.text):
            return word
        if pair and previous and (previous.text.lower(), word.text) == pair:
            return Word(previous.text, is_literal=True, start=previous.start, end=word.end)
        previous = word
    return None


def _is_k(word: str) -> bool:
    """Whether `k` is one of the short options that a word holds, not a part of a value."""
    return "k" in parsed("curl", (word,)).letters


def _is_internal(command: Command, flag: Word) -> bool:
    """Whether the host that pip trusts is one of the service's own, or cannot be told."""
    _, is_joined, host = flag.text.partition("=")
    if not is_joined:
        position = command.arguments.index(flag) + 1
        following = command.arguments[position : position + 1]
        if not following or not following[0].is_literal:
            return True
        host = following[0].text
    return not _is_public(f"http://{host}")


def _is_public(url: str) -> bool:
    """Whether others may be on the way to a host; where that cannot be told, the rules are silent.

    The mirrors of the service's own network have no certificate.
    """
    found = network.host_of(url)
    return found is not None and found[1] is Reach.PUBLIC


_SHELLS = ("sh", "bash", "dash", "zsh", "python", "python3", "perl", "node")
_FETCHERS = ("curl", "wget", *RPM_INSTALLERS)


@rule(
    Run,
    "BL713",
    "plain-http-executed",
    Severity.WARNING,
    summary=N_("A file downloaded over plain http is executed or installed"),
    bad=FROM + "RUN rpm -ivh http://dl.example.com/agent-1.2.rpm\n",
    good=FROM + "RUN rpm -ivh https://dl.example.com/agent-1.2.rpm\n",
    programs=_FETCHERS,
)
def plain_http_executed(node: Run, context: Context) -> Iterator[Finding]:
    """Plain http is neither encrypted nor authenticated: anyone on the path to a public host can
    insert a script or package, and it runs as root on the build instance and on every instance of
    the image. Use https. Hosts inside Alibaba Cloud, such as `mirrors.cloud.aliyuncs.com` and
    `oss-<region>-internal.aliyuncs.com`, are not reported: they are reached over an internal
    network.
    """
    script = context.shell(node)
    for command in script.named(*_FETCHERS):
        if command.name not in RPM_INSTALLERS and command.pipes_into not in _SHELLS:
            continue
        for word in command.arguments:
            is_plain = word.is_literal and word.text.startswith("http://")
            if is_plain and _is_public(word.text):
                text = N_(
                    "`{url}` is executed as root, but anyone on the network path can replace it, "
                    "because http is not authenticated; use `https://`"
                )
                yield Finding(script.span(word), Message(text, {"url": shown(word.text)}))


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
    yield from _written(node, context, "PermitRootLogin", _ROOT_LOGIN, text)


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
            yield from _written(each, context, "SELINUX=", _SELINUX, text)
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


def _written(
    node: Run, context: Context, name: str, setting: re.Pattern[str], text: str
) -> Iterator[Finding]:
    """Yield a finding for a setting in what is written to a file: by sed, echo or printf.

    Every match of the setting holds its name, which is quick to look for.
    """
    if node.arguments is None or name not in node.arguments.text:
        return
    script = context.shell(node)
    for command in script.named("sed", "echo", "printf"):
        if not _writes(command):
            continue
        for word in command.arguments:
            if not word.is_literal:
                continue
            written = node.arguments.text[word.start : word.end]
            for match in setting.finditer(written):
                if not _takes_effect(command, written[: match.start()]):
                    continue
                start = word.start + match.start()
                at: Span = node.arguments.at(start, start + len(match[0]))
                yield Finding(at, Message(text, {"setting": shown(match[0])}))


def _writes(command: Command) -> bool:
    if command.name == "sed":
        return command.has_flag("-i", "--in-place")
    into_file = any(each.operator in (">", ">>") for each in command.redirections)
    return into_file or command.pipes_into == "tee"


_SUBSTITUTION = regex(r"(?:.*[;/]\s*)?s(?P<mark>[/|#,@!])(?P<rest>.*)", re.DOTALL)
_APPENDED = regex(r"(?:.*/)?[$\d]*\s*[aic]\s*+\\?\s*", re.DOTALL)
_LINE_END = regex(r"\n|\\n")


def _takes_effect(command: Command, before: str) -> bool:
    """Whether what follows a text in a word is written by the command, and in no comment."""
    before = before.lstrip("'\"")
    if command.name == "sed":
        # What sed writes: the second part of `s`, or what is after a, i, c.
        replaced = _SUBSTITUTION.fullmatch(before)
        if replaced is None or replaced["mark"] not in replaced["rest"]:
            return _APPENDED.fullmatch(before) is not None
        before = replaced["rest"].rpartition(replaced["mark"])[2]
    return not _LINE_END.split(before)[-1].lstrip().startswith("#")
