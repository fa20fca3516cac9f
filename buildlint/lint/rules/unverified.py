"""BL712 and BL713: what comes from others, and is not verified."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.written_settings import WRITERS, written_settings
from buildlint.service.hosts import Reach
from buildlint.shell import network
from buildlint.shell.commands import Command, Word
from buildlint.shell.options import parsed
from buildlint.shell.packages import APT, DNF, RPM_INSTALLERS
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

_OF_DNF = (*DNF.programs, "dnf5")
_WITHOUT_CHECK = {
    **dict.fromkeys(
        APT.programs,
        ("--allow-insecure-repositories", "--allow-unauthenticated", "--force-yes"),
    ),
    "curl": ("-k", "--insecure"),
    **dict.fromkeys((*_OF_DNF, "yum-config-manager"), ("--nogpgcheck",)),
    "pip": ("--trusted-host",),
    "pip3": ("--trusted-host",),
    "wget": ("--no-check-certificate",),
    "zypper": (
        *("--gpgcheck-allow-unsigned", "--gpgcheck-allow-unsigned-package", "--no-gpg-checks"),
        *("--gpgcheck-allow-unsigned-repo", "--no-gpgcheck"),
    ),
}
# Values with which an option, or a setting of apt, says the opposite of its name.
_NO = regex("(?i)no|false|without|off|disable|0")
_UNAUTHENTICATED = regex(
    r"(?i)(?:-o|--option=)?apt::get::allowunauthenticated=(?:true|1|yes|with|on|enable)"
)
_UNSIGNED = regex(
    r"(?:--setopt=)?(?<![\w*-])(?:[\w*-]+\.)?(?:gpgcheck|sslverify)=(?:0|[Nn]o|[Ff]alse)"
)
# Settings that a word or an assignment makes, by program.
_SETTINGS = {
    **dict.fromkeys(APT.programs, _UNAUTHENTICATED),
    **dict.fromkeys((*_OF_DNF, "yum-config-manager"), _UNSIGNED),
    "git": regex(r"(?i)http\.sslverify=(?:false|0|no)"),
    "npm": regex(r"--strict-ssl=false|strict-ssl=false|--no-strict-ssl"),
}
_CHECKERS = (*dict.fromkeys((*_WITHOUT_CHECK, *_SETTINGS)),)


class _InFile(NamedTuple):
    """A setting in the file of a repository that says the same.

    It always holds `name`. `urls` find in the text of the RUN where the repository is.
    """

    name: str
    setting: re.Pattern[str]
    urls: re.Pattern[str]


_IN_FILES = (
    _InFile(
        "trusted=yes",
        regex(r"(?<=[\[ \t])trusted=yes\b"),
        regex(r"\btrusted=yes\b[^\]\n]{0,200}\][ \t]{0,20}(\w+:[^\s'\"\\]+)"),
    ),
    _InFile(
        "Trusted:",
        regex(r"(?:(?<![\w-])|(?<=\\n))Trusted:[ \t]*yes\b"),
        regex(r"(?:\b|(?<=\\n))URIs:[ \t]{0,20}([^\s'\"\\]+)"),
    ),
    *(
        _InFile(
            name,
            regex(rf"(?:(?<![\w.-])|(?<=\\n)){name}[ \t]*=[ \t]*(?:0|[Nn]o|[Ff]alse)\b"),
            regex(
                r"(?:\b|(?<=\\n))(?:baseurl|metalink|mirrorlist)[ \t]{0,20}=[ \t]{0,20}"
                r"([^\s'\"\\]+)"
            ),
        )
        for name in ("gpgcheck", "sslverify")
    ),
)
_PAIRS = {"git": ("http.sslverify", "false"), "npm": ("strict-ssl", "false")}


@rule(
    Run,
    "BL712",
    "no-certificate-check",
    Severity.WARNING,
    summary=N_("Certificate or signature verification is disabled"),
    bad=FROM + "RUN curl -fsSLk -o /opt/agent.tar.gz https://dl.example.com/agent.tar.gz\n",
    good=FROM + "RUN curl -fsSL -o /opt/agent.tar.gz https://dl.example.com/agent.tar.gz\n",
    programs=(*_CHECKERS, *WRITERS),
)
def no_certificate_check(node: Run, context: Context) -> Iterator[Finding]:
    """Without verification, anyone on the network path can replace the file, and it runs as root on
    every instance of the image. Install the certificate of your own CA instead (`update-ca-trust`,
    `update-ca-certificates`), or import the key of the repository. What is written to the file of a
    repository (`trusted=yes`, `gpgcheck=0`) also applies to all instances. Local repositories and
    those inside Alibaba Cloud are not reported.

    Sources: apt-get(8), apt-secure(8), sources.list(5), yum.conf(5), dnf.conf(5), zypper(8), and
    the manuals of the other programs.
    """
    text = N_(
        "`{word}` disables the verification of certificates or signatures; install the missing "
        "certificate or key"
    )
    script = context.shell(node)
    for command in script.named(*_CHECKERS):
        word = _turned_off(command)
        if word and not any(_OF_MACHINE.match(each) for each in command.words):
            yield Finding(script.span(word), Message(text, {"word": shown(word.text)}))
    for each in _IN_FILES:
        for setting in written_settings(node, context, each.name, each.setting):
            urls = each.urls.findall(node.argument_text)
            if not urls or any(map(_is_public, urls)):
                yield Finding(setting.span, Message(text, {"word": shown(setting.text)}))


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
        if command.name == "zypper" and word.text == "-G" and _changes_repository(command):
            return word
        if pair and previous and (previous.text.lower(), word.text) == pair:
            return Word(previous.text, is_literal=True, start=previous.start, end=word.end)
        previous = word
    return None


def _changes_repository(command: Command) -> bool:
    """Whether a zypper command is one of those whose `-G` is short for `--no-gpgcheck`."""
    verbs = [word.text for word in command.operands()[:1]]
    return verbs in (["addrepo"], ["ar"], ["modifyrepo"], ["mr"])


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


# The machine itself: nobody is on the way.
_OF_MACHINE = regex(r"(?:https?://)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/?#]|\Z)")
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
