"""Package managers as data: what their subcommands do."""

from buildlint.service.systems import Release, Shell
from buildlint.shell.commands import Command, Word
from buildlint.text.record import Record


class Manager(Record):
    """A package manager, or several programs that take the same subcommands.

    `installs` are the subcommands that put packages in, also in the place of others; `upgrades`
    those that bring newer ones of what is there; `removes`, `refreshes` (the lists of packages
    alone) and `downloads` likewise. With an option of `dry` it only says what it would do, with one
    of `stores` it only fetches packages.
    """

    programs: tuple[str, ...]
    installs: tuple[str, ...]
    upgrades: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    refreshes: tuple[str, ...] = ()
    downloads: tuple[str, ...] = ()
    dry: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[str, ...]:
        """The subcommands that change which packages there are."""
        return (*self.installs, *self.upgrades, *self.removes)

    @property
    def fetches(self) -> tuple[str, ...]:
        """The subcommands that ask the sources of packages."""
        return (*self.installs, *self.upgrades, *self.refreshes, *self.downloads)

    def verb(self, command: Command) -> Word | None:
        """The subcommand of a command, None if it has none."""
        return next(iter(command.operands()), None)


# Sources: apt-get(8), aptitude(8), dnf(8), yum(8), zypper(8), and the manuals of the others.
APT = Manager(
    programs=("apt", "apt-get", "aptitude"),
    installs=("install", "reinstall", "build-dep", "satisfy"),
    upgrades=("upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"),
    removes=("remove", "purge", "autoremove", "autopurge"),
    refreshes=("update",),
    downloads=("download",),
    dry=("-s", "--simulate", "--just-print", "--dry-run", "--no-act", "--recon", "--print-uris"),
    stores=("-d", "--download-only"),
)
DNF = Manager(
    programs=("dnf", "microdnf", "yum"),
    installs=(
        *("install", "reinstall", "localinstall", "groupinstall", "builddep", "swap"),
        "downgrade",
    ),
    upgrades=(
        *("update", "upgrade", "groupupdate", "distro-sync", "update-minimal"),
        "upgrade-minimal",
    ),
    removes=("remove", "erase", "autoremove", "groupremove"),
    refreshes=("makecache", "check-update", "module", "group"),
    downloads=("download",),
    dry=("--assumeno",),
    stores=("--downloadonly",),
)
ZYPPER = Manager(
    programs=("zypper",),
    installs=("install", "in"),
    upgrades=("update", "up", "patch", "dist-upgrade", "dup"),
    removes=("remove", "rm"),
    refreshes=("refresh", "ref"),
    dry=("-D", "--dry-run"),
    stores=("-d", "--download-only"),
)
APK = Manager(("apk",), ("add",), dry=("-s", "--simulate"))
PIP = Manager(("pip", "pip3"), ("install",), downloads=("download", "wheel"), dry=("--dry-run",))
NPM = Manager(("npm",), ("install", "i", "add", "ci"), ("update",), dry=("--dry-run",))
YARN = Manager(("yarn",), ("install", "add"))
GEM = Manager(("gem",), ("install",))
CARGO = Manager(("cargo",), ("install",))

# Those of the system itself.
OF_SYSTEM = (APT, DNF, ZYPPER)
MANAGERS = {
    program: manager
    for manager in (*OF_SYSTEM, APK, PIP, NPM, YARN, GEM, CARGO)
    for program in manager.programs
}
# The programs that install packages of Debian's and of Red Hat's kind.
DEB_INSTALLERS = (*APT.programs, "dpkg")
RPM_INSTALLERS = (*DNF.programs, *ZYPPER.programs, "rpm")
# The options with which a program leaves all packages as they are.
_DRY = {
    "dpkg": ("--dry-run", "--no-act", "--simulate"),
    "rpm": ("--test",),
    **{program: (*manager.dry, *manager.stores) for program, manager in MANAGERS.items()},
}
# The package managers that a system may have as its own.
SYSTEM_MANAGERS = (*DEB_INSTALLERS, *DNF.programs, *APK.programs, *ZYPPER.programs)


def is_dry(command: Command) -> bool:
    """Whether a command leaves all packages as they are, by one of its options."""
    return command.has_flag(*_DRY.get(command.name, ()))


def missing_managers(system: Release) -> tuple[str, ...]:
    """The package managers that a system does not have."""
    there: tuple[str, ...]
    if system.distribution.shell is Shell.DASH:
        there = DEB_INSTALLERS
    elif system.manager == "zypper":
        there = ZYPPER.programs
    else:
        # microdnf is a package of its own: who knows which images have it.
        there = ("yum", "microdnf") if system.manager == "yum" else DNF.programs
    return tuple(each for each in SYSTEM_MANAGERS if each not in there)
