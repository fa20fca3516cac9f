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
    """cloud-init applies the settings that an instance is created with: hostname, key pair or
    password, network, user data, and the full size of the disk. Without it, instances start as
    copies of the build instance, and logging in may be impossible. To keep it from managing one
    thing, disable only that, for example with `network: {config: disabled}` in
    `/etc/cloud/cloud.cfg.d`. Sources: cloud-init, "How to disable cloud-init", and its datasource
    AliYun.
    """
    text = N_(
        "`{name}`: without cloud-init, instances get no hostname, key pair, password or user data; "
        "keep it, or disable parts of it"
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
    summary=N_("A hostname is written into the image"),
    bad=FROM + "RUN hostnamectl set-hostname web-01\n",
    good=FROM + "RUN dnf install -y nginx\n",
    is_default=False,
)
def host_name_in_image(node: Run, context: Context) -> Iterator[Finding]:
    """A hostname belongs to one machine. When a new instance starts, cloud-init sets the hostname
    that the instance was created with (RunInstances, HostName), and the one in the image is lost;
    until then, and without cloud-init, all instances have the same. To keep it, set
    `preserve_hostname: true` in `/etc/cloud/cloud.cfg.d`. Source: cloud-init, modules "Set
    Hostname" and "Update Hostname".
    """
    script = context.shell(node)
    names = [word for word in _host_names(script) if not _NO_NAME.fullmatch(word.text)]
    if names and not context.says(_KEEPS_NAME):
        text = N_(
            "instances get the hostname that they are created with, and this one is lost; remove "
            "it, and set HostName in RunInstances"
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
    summary=N_("Name servers are written into `/etc/resolv.conf`"),
    bad=FROM + "RUN echo 'nameserver 223.5.5.5' > /etc/resolv.conf\n",
    good=FROM + "RUN nmcli connection modify eth0 ipv4.dns 223.5.5.5\n",
    is_default=False,
)
def name_servers_in_image(node: Run, context: Context) -> Iterator[Finding]:
    """`/etc/resolv.conf` is written by NetworkManager, dhclient or systemd-resolved, with the name
    servers of the network that the instance starts in. What is written into the image is lost at
    the first boot, and during the rest of the build the internal mirrors may not be found. Set
    permanent name servers in the connection, or in a file in `/etc/systemd/resolved.conf.d`.
    Sources: NetworkManager.conf(5), "rc-manager"; systemd-resolved.service(8), "/etc/resolv.conf".
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
            "`/etc/resolv.conf` is overwritten when an instance starts; set name servers with "
            "`nmcli`, netplan or `resolved.conf.d`"
        )
        yield from (Finding(script.span(word), Message(text)) for word in places)
