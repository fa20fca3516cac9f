"""BL907 to BL909: what an instance of the image misses, or overwrites, when it starts."""

import re
from collections.abc import Iterator

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Script, Word
from buildlint.shell.files import written_files
from buildlint.shell.packages import OF_SYSTEM
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

_UNITS = regex(
    r"cloud-(?:(?:init(?:-local|-main|-network)?|config|final)(?:\.service|\.target)?|init\*|\*)"
)
_PACKAGES = regex(r"cloud-init(?:[=:]\S*|-\d\S*|\*)?")
_FILES = regex(r"/etc/cloud(?:/\*?|/cloud\.cfg)?|/usr/bin/cloud-init")
_TAKEN: dict[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "systemctl": (_UNITS, ("disable", "mask")),
    "chkconfig": (_UNITS, ("off", "--del")),
    "update-rc.d": (_UNITS, ("disable", "remove")),
    "rm": (_FILES, ()),
    "rpm": (_PACKAGES, ("-e", "-ev", "-evh", "--erase")),
    "dpkg": (_PACKAGES, ("-r", "-P", "--remove", "--purge")),
    **{name: (_PACKAGES, each.removes) for each in OF_SYSTEM for name in each.programs},
}
_DISABLED = regex(
    r"(?:\b(?:tee|touch)\b(?:(?!\bt(?:ee|ouch)\b)[^;&|\n])*?|>\s*[\"']?)"
    r"(?P<path>/etc/cloud/cloud-init\.disabled)"
)
# Each place where one begins counts, also within another.
_RESTORED = regex(
    r"(?=\binstall\b(?:(?!\binstall\b)[^;&|\n])*\bcloud-init(?!ramfs)"
    r"|\b(?:enable|preset|unmask)\b(?:(?!\b(?:enable|preset|unmask)\b)[^;&|\n])*\bcloud-"
    r"|\brm\b(?:(?!\brm\b)[^;&|\n])*cloud-init\.disabled)"
)


@rule(
    Run,
    "BL907",
    "cloud-init-disabled",
    Severity.WARNING,
    summary=N_("cloud-init is removed or disabled"),
    bad=FROM + "RUN touch /etc/cloud/cloud-init.disabled\n",
    good=FROM + "RUN cloud-init clean --logs\n",
    is_default=False,
)
def cloud_init_disabled(node: Run, context: Context) -> Iterator[Finding]:
    """cloud-init gives an instance of the image what it was created with: its host name, the key
    pair or password of its login, its network, its user data, the full size of its disk. Without
    it, instances start as copies of the build instance, and nobody may be able to log in. What it
    should leave alone can be switched off by itself, such as `network: {config: disabled}` in
    /etc/cloud/cloud.cfg.d. Sources: cloud-init, "How to disable cloud-init", and its datasource
    AliYun.
    """
    text = N_(
        "{name}: without cloud-init, instances get no host name, key pair, password or user data; "
        "keep it, and switch off in /etc/cloud/cloud.cfg.d what it shall leave alone"
    )
    restored = context.last_place(_RESTORED)
    for word in _taken(node, context.shell(node)):
        at = node.arguments.at(word.start, word.end) if node.arguments else node.span
        if at.end > restored:
            yield Finding(at, Message(text, {"name": shown(word.text)}))


def _taken(node: Run, script: Script) -> Iterator[Word]:
    """Yield what names cloud-init where it is removed or disabled."""
    for command in script.named(*_TAKEN):
        pattern, verbs = _TAKEN[command.name]
        if command.has_flag("--root", "--user") or not (not verbs or {*command.words} & {*verbs}):
            continue
        yield from (word for word in command.arguments if pattern.fullmatch(word.text))
    for match in _DISABLED.finditer(node.argument_text):
        yield Word(match["path"], is_literal=True, start=match.start("path"), end=match.end())


# --- files that are written anew -----------------------------------------------------------------

_KEEPS_NAME = regex(r"preserve_hostname|cloud-init\.disabled")
_NO_NAME = regex(r"|localhost(?:\.localdomain)?|\(none\)")


@rule(
    Run,
    "BL908",
    "host-name-in-image",
    Severity.INFO,
    summary=N_("A host name is written into the image"),
    bad=FROM + "RUN hostnamectl set-hostname web-01\n",
    good=FROM + "RUN dnf install -y nginx\n",
    is_default=False,
)
def host_name_in_image(node: Run, context: Context) -> Iterator[Finding]:
    """A host name belongs to a machine. When a new instance starts, cloud-init gives it the one
    that it was created with (RunInstances, HostName), so that the one in the image is lost; until
    then, and where cloud-init does not run, all instances have the same. To keep it for good, say
    so in /etc/cloud/cloud.cfg.d: `preserve_hostname: true`. Source: cloud-init, modules "Set
    Hostname" and "Update Hostname".
    """
    script = context.shell(node)
    names = [word for word in _host_names(script) if not _NO_NAME.fullmatch(word.text)]
    if names and not context.says(_KEEPS_NAME):
        text = N_(
            "an instance gets the host name that it is created with, and this one is lost; delete "
            "this, and give HostName to RunInstances"
        )
        yield from (Finding(script.span(word), Message(text)) for word in names)


def _host_names(script: Script) -> Iterator[Word]:
    """Yield the names that are set: the name itself, or /etc/hostname where it is written to."""
    for command in script.named("hostnamectl"):
        match command.operands():
            case [verb, name] if verb.text in ("set-hostname", "hostname"):
                yield name
    for command in script.commands:
        is_reset = all(_NO_NAME.fullmatch(word) for word in command.words)
        if not is_reset:
            yield from (word for word in written_files(command) if word.text == "/etc/hostname")


_KEEPS_RESOLVER = regex(
    r"chattr|dns\s*=\s*none|rc-manager|resolvconf|peerdns|resolved"
    r"|\bln\s(?:(?!\bln\s)[^;&|\n])*resolv\.conf",
    re.IGNORECASE,
)


@rule(
    Run,
    "BL909",
    "name-servers-in-image",
    Severity.INFO,
    summary=N_("Name servers are written into /etc/resolv.conf"),
    bad=FROM + "RUN echo 'nameserver 223.5.5.5' > /etc/resolv.conf\n",
    good=FROM + "RUN nmcli connection modify eth0 ipv4.dns 223.5.5.5\n",
    is_default=False,
)
def name_servers_in_image(node: Run, context: Context) -> Iterator[Finding]:
    """/etc/resolv.conf is written by what configures the network: NetworkManager, dhclient or
    systemd-resolved, with the name servers of the network that the instance starts in. What the
    image says there is lost at the first boot, and for the rest of the build the names of the
    service's own mirrors may not be found. Name servers for good are a setting of the connection,
    or a file in /etc/systemd/resolved.conf.d. Sources: NetworkManager.conf(5), "rc-manager";
    systemd-resolved.service(8), "/etc/resolv.conf".
    """
    script = context.shell(node)
    places = [
        word
        for command in script.commands
        for word in written_files(command)
        if word.text == "/etc/resolv.conf"
    ]
    if places and not context.says(_KEEPS_RESOLVER):
        text = N_(
            "the network's configuration writes /etc/resolv.conf anew when an instance starts; "
            "set name servers with nmcli, in netplan or in /etc/systemd/resolved.conf.d"
        )
        yield from (Finding(script.span(word), Message(text)) for word in places)
