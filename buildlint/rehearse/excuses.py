"""What a container cannot do, as data: a refusal of that kind is not the template's fault.

A program that the container refuses something is known by its name and by what it writes. The table
also makes the stand-ins that let a step go on behind it (`scripts`).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.service.hosts import Reach, reach
from buildlint.text.messages import N_
from buildlint.text.regex import regex


class Excuse(NamedTuple):
    """Something that a container does not have: `what`, a text for people.

    `programs` are those that ask for it, `signs` what they write when it is refused, and
    `arguments` what they are asked for then; both are extended regular expressions of grep, in
    which case does not matter. One that `leaves` nothing changes nothing that a later step could
    miss. `has_stand_in` says that the program may be replaced by one that notes the refusal.
    """

    what: str
    programs: tuple[str, ...]
    signs: str
    arguments: str = ""
    leaves: bool = False
    has_stand_in: bool = True

    @property
    def pattern(self) -> re.Pattern[str]:
        """The signs, for a text in small letters."""
        return _PATTERNS[self.signs]


_DENIED = "permission denied|operation not permitted|not permitted|read-only file system"
_SERVICES = (
    "docker|containerd|crio|kubelet|podman|firewalld|nftables|iptables|ip6tables|netfilter|ufw"
    "|ebtables|ipset|chrony|chronyd|ntp|ntpd|ntpsec|systemd-timesyncd|systemd-modules-load"
    "|systemd-sysctl|auditd|tuned|irqbalance|kdump|multipathd|NetworkManager|networking"
    "|systemd-networkd|systemd-udevd|lvm2-.*|mdmonitor|rngd|acpid|qemu-guest-agent|apparmor"
    "|zram.*|nvidia-.*|.*\\.mount|.*\\.swap"
)
EXCUSES = (
    Excuse(
        N_("kernel modules"),
        ("modprobe", "insmod", "rmmod", "depmod"),
        f"{_DENIED}|not found in directory|could not insert|could not remove|no such file"
        "|cannot open|module [^ ]{1,80} not found|not currently loaded|not implemented",
    ),
    Excuse(
        N_("kernel parameters"),
        ("sysctl",),
        f"{_DENIED}|cannot stat /proc/sys|no such file or directory|setting key",
    ),
    Excuse(
        N_("a boot loader and a kernel"),
        (
            *("update-grub", "update-grub2", "grub-mkconfig", "grub2-mkconfig", "grub-install"),
            *("grub2-install", "grubby", "update-initramfs", "mkinitramfs", "dracut", "mkinitrd"),
            *("kernel-install", "efibootmgr", "bootctl", "kexec", "kdumpctl"),
        ),
        f"{_DENIED}|cannot find|canonical path|no such|failed|not found|error|unable",
    ),
    Excuse(
        N_("the time of the machine"),
        ("timedatectl", "hwclock", "chronyc", "ntpdate", "rdate"),
        f"{_DENIED}|failed to|cannot|access denied|not supported|506|can't",
    ),
    Excuse(
        N_("the time of the machine"),
        ("date",),
        "cannot set date|not permitted",
        "",
        has_stand_in=False,
    ),
    Excuse(
        N_("the hostname of the machine"),
        ("hostnamectl", "hostname"),
        f"{_DENIED}|must be root|access denied|could not|failed to",
    ),
    Excuse(
        N_("containers in containers"),
        (
            *("docker", "podman", "nerdctl", "ctr", "crictl", "buildah", "docker-compose"),
            *("kubeadm", "k3s", "minikube", "kind"),
        ),
        f"{_DENIED}|cannot connect to the docker daemon|cannot clone|dial unix|failed to mount"
        "|connection refused|no such file or directory|cgroup|overlay",
        leaves=True,
    ),
    Excuse(
        N_("a firewall"),
        (
            *("iptables", "ip6tables", "iptables-restore", "ip6tables-restore", "iptables-save"),
            *("nft", "ufw", "firewall-cmd", "firewall-offline-cmd", "ipset", "ebtables", "ipvsadm"),
            *("iptables-legacy", "iptables-nft", "netfilter-persistent"),
        ),
        f"{_DENIED}|not running|could not fetch|can't initialize|need to be root|must be root"
        "|problem running|failed to initialize|cache initialization failed",
    ),
    Excuse(
        N_("disks and mounts"),
        (
            *("mount", "umount", "swapon", "swapoff", "losetup", "parted", "fdisk", "sfdisk"),
            *("pvcreate", "vgcreate", "lvcreate", "growpart", "resize2fs", "xfs_growfs", "udevadm"),
            *("mkfs.ext4", "mkfs.xfs", "mkswap", "blkid", "partprobe", "cryptsetup"),
        ),
        f"{_DENIED}|must be superuser|no such device|not a block device|swapon failed"
        "|cannot find|does not exist|no such file|failed",
    ),
    Excuse(
        N_("network interfaces"),
        ("ip", "ifconfig", "route", "nmcli", "tc", "ethtool", "brctl", "netplan", "resolvectl"),
        f"{_DENIED}|no such device|cannot open|not running|failed to connect|could not connect",
    ),
    Excuse(
        N_("security modules of the kernel"),
        (
            *("setenforce", "semanage", "setsebool", "restorecon", "aa-enforce", "aa-complain"),
            *("apparmor_parser", "auditctl", "augenrules", "chattr"),
        ),
        f"{_DENIED}|disabled|not supported|inappropriate ioctl|no such file|cannot|failed",
    ),
    Excuse(N_("the log of the kernel"), ("dmesg",), _DENIED),
    Excuse(
        N_("the hardware that the service needs"),
        ("systemctl", "service"),
        "control process exited|dependency failed|job for [^ ]{1,80} (failed|canceled)"
        "|skipped|assertion",
        f"(^| )(({_SERVICES})(\\.service|\\.socket)?)( |$)",
        leaves=True,
    ),
)
_PATTERNS = {each.signs: regex(each.signs) for each in EXCUSES}
BY_PROGRAM = {program: excuse for excuse in EXCUSES for program in excuse.programs}

# --- what is known only by what a step writes ----------------------------------------------------

# What container images of a system lack, and its public image on ECS has.
_USUAL = regex(
    r"systemctl|journalctl|timedatectl|hostnamectl|loginctl|sudo|curl|wget|ssh|sshd|ssh-keygen"
    r"|crontab|cron|crond|logrotate|chronyc|chronyd|ip|ss|ping|less|vi|vim|rsync|python3|gpg"
    r"|lsb_release|locale-gen|update-locale|dmesg|sysctl|modprobe|lsmod|update-grub"
    r"|update-initramfs|grub2-mkconfig|grubby|dracut|cloud-init|netplan|ufw|iptables|nft"
    r"|firewall-cmd|rsyslogd|busctl|networkctl|udevadm|service|chkconfig|ifconfig|route"
    r"|netstat|nslookup|dig|file|which|tar|gzip|xz|bzip2|unzip|ps|pgrep|pkill|killall|free|top"
    r"|lsof|nmcli|semanage|setenforce|getenforce|locale|localectl|man|more|patch|diff|bc|jq"
    r"|git|make|perl|dbus-daemon|dpkg-reconfigure|add-apt-repository"
)
_USUAL_PATHS = (
    *("/etc/ssh/", "/etc/cron", "/etc/logrotate", "/etc/chrony", "/etc/rsyslog", "/etc/sysctl"),
    *("/etc/security/limits", "/etc/sudoers", "/etc/systemd/", "/etc/cloud", "/etc/netplan"),
    *("/etc/selinux", "/etc/sysconfig/", "/var/spool/cron", "/etc/modprobe.d", "/etc/hosts"),
)
_NEVER_THERE = ("/boot", "/etc/default/grub", "/lib/modules", "/sys/", "/proc/sys", "/dev/")

_NOT_FOUND = regex(r"(?:^|[\s'\"`:])([\w.+/-]{1,60}): (?:command )?not found\s*$")
_NO_SUCH_FILE = regex(r"['\"‘ :]?(/[\w./+@-]{1,200})['\"’]?:? No such file or directory")
_NO_SYSTEMD = regex(
    r"(?i)system has not been booted with systemd|failed to connect to (?:system )?bus"
    r"|can't operate\. failed to connect to bus"
)
_HOST = regex(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}|\b\d{1,3}(?:\.\d{1,3}){3}\b")
_UNREACHED = regex(
    r"(?i)could not resolve|temporary failure (?:in name resolution|resolving)"
    r"|name or service not known|unable to resolve|cannot resolve|failed to connect"
    r"|connection timed out|no route to host|network is unreachable|connection refused"
    r"|timed out|cannot find a valid baseurl|failed to download metadata"
)
_ANSWERED = regex(r"returned error: [45]\d\d|ERROR [45]\d\d")

INTERNAL = N_("addresses inside Alibaba Cloud (`{host}`)")
OFFLINE = N_("a network (`{host}` cannot be reached from this container)")
SYSTEMD = N_("there is no systemd in this container image; use --prepare or --image")
UNUSUAL = N_(
    "this container image has no `{name}`, which an ECS image has; use --prepare or --image"
)
# These say all of it; the others are what something needs.
ABOUT_IMAGE = (SYSTEMD, UNUSUAL)
KERNEL_FILES = N_("`{name}`, which belongs to a kernel or a boot loader")


def missing_in(lines: list[str], *, is_bare: bool) -> tuple[str, dict[str, str]] | None:
    """Tell by the last lines of a step what a container does not have; None if it has all of it.

    The result is a text and its fields. A bare container image lacks what public images have.
    """
    for line in reversed(lines):
        if _NO_SYSTEMD.search(line):
            return SYSTEMD, {}
        if found := _NOT_FOUND.search(line):
            name = found[1].rpartition("/")[2]
            return (UNUSUAL, {"name": name}) if is_bare and _USUAL.fullmatch(name) else None
        if found := _NO_SUCH_FILE.search(line):
            if found[1].startswith(_NEVER_THERE):
                return KERNEL_FILES, {"name": found[1]}
            if is_bare and found[1].startswith(_USUAL_PATHS):
                return UNUSUAL, {"name": found[1]}
    return None


def internal_host(lines: list[str], script: str) -> str | None:
    """Name the host inside Alibaba Cloud that a step could not reach; None if it was no such one.

    Where the output names no host, one of the script is looked for. What answers with an error at
    an address that is internal on an instance is something else here.
    """
    hosts = [*_hosts(script)]
    if hosts and any(map(_ANSWERED.search, lines)) and all(map(_is_internal, hosts)):
        return hosts[0]
    unreached = [line for line in lines if _UNREACHED.search(line)]
    for text in (*unreached, script) if unreached else ():
        for host in _hosts(text):
            if _is_internal(host):
                return host
    return None


def _is_internal(host: str) -> bool:
    return reach(host) is Reach.INTERNAL and not host.startswith("127.")


def unreached_host(lines: list[str]) -> str | None:
    """Name the host that a step could not reach; None if it reached all."""
    for line in reversed(lines):
        if _UNREACHED.search(line):
            return next(_hosts(line), "?")
    return None


def _hosts(text: str) -> Iterator[str]:
    return (found[0] for found in _HOST.finditer(text.lower()))
