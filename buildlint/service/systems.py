"""The systems of public images as data: their families and ids, Docker's names, and their shells.

From the table of public images (2025), what was measured in 2026, and the source of the agent that
runs a step. A family is not refused because it is missing here: this is for suggestions, and for
what is certain of a system.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from buildlint.text.messages import similar
from buildlint.text.record import Record
from buildlint.text.regex import regex

FAMILY_PREFIX = "acs:"
CUSTOM_ID_PREFIX = "m-"
PUBLIC_ID_SUFFIXES = (".vhd", ".qcow2")
WINDOWS_PREFIX = "win"
# Where programs are looked for on Linux, unless a system says otherwise; Docker sets the same.
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Shell(StrEnum):
    """What /bin/sh is: a step without a `#!` line of its own is read by it."""

    BASH = "bash"
    DASH = "dash"


class Distribution(Record):
    """A distribution: its name, and what its families and its ids begin with.

    `repositories` are the last parts of the names of its Docker images, `shell` is its /bin/sh,
    `manager` its package manager; releases in `before_dnf` have yum in its place. `pipefail` is the
    first release whose dash has that option.
    """

    name: str
    family: str
    id: str
    repositories: tuple[str, ...]
    shell: Shell
    manager: str
    before_dnf: tuple[str, ...] = ()
    pipefail: str = ""


class System(Record):
    """A release of a distribution: its version, and the names of its newest families.

    `tags` are what Docker's tags for it begin with. `arm` is its family for Arm, empty if there is
    none.
    """

    distribution: Distribution
    version: str
    family: str
    tags: tuple[str, ...] = ()
    arm: str = ""

    @property
    def name(self) -> str:
        """The name with the version: Ubuntu 22.04."""
        return f"{self.distribution.name} {self.version}"


class Release(NamedTuple):
    """What the name of a family or an image says: the distribution, and a version such as 22.04."""

    distribution: Distribution
    version: str

    @property
    def manager(self) -> str:
        """The package manager."""
        is_old = self.version in self.distribution.before_dnf
        return "yum" if is_old else self.distribution.manager

    @property
    def name(self) -> str:
        """The name with the version: Ubuntu 22.04."""
        return f"{self.distribution.name} {self.version}"

    @property
    def has_pipefail(self) -> bool:
        """Whether its /bin/sh has `set -o pipefail`: dash does since Debian's 0.5.12-7."""
        first = self.distribution.pipefail
        if self.distribution.shell is Shell.BASH:
            return True
        return bool(first) and self.is_since(first)

    def is_since(self, version: str) -> bool:
        """Whether it is that version of the distribution, or a later one."""
        return _numbers(self.version) >= _numbers(version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


_DEB, _RPM = (Shell.DASH, "apt-get"), (Shell.BASH, "dnf")
_ALINUX_IMAGES = ("alinux", "alinux2", "alinux3", "alinux4")
UBUNTU = Distribution("Ubuntu", "ubuntu", "ubuntu", ("ubuntu",), *_DEB, pipefail="25.04")
DEBIAN = Distribution("Debian", "debian", "debian", ("debian",), *_DEB, pipefail="13")
ALINUX = Distribution(
    "Alibaba Cloud Linux", "alibaba_cloud_linux", "aliyun", _ALINUX_IMAGES, *_RPM, ("2",)
)
ANOLIS = Distribution("Anolis OS", "anolis", "anolis", ("anolisos",), *_RPM, ("7",))
ROCKY = Distribution("Rocky Linux", "rocky_linux", "rockylinux", ("rockylinux",), *_RPM)
ALMA = Distribution("AlmaLinux", "almalinux", "almalinux", ("almalinux",), *_RPM)
STREAM = Distribution("CentOS Stream", "centos_stream", "centos_stream", ("centos",), *_RPM)
CENTOS = Distribution("CentOS", "centos", "centos", ("centos",), *_RPM, ("7",))
FEDORA = Distribution("Fedora", "fedora", "fedora", ("fedora",), *_RPM)
OPENSUSE = Distribution("openSUSE Leap", "opensuse", "opensuse", ("leap",), Shell.BASH, "zypper")


def _of(distribution: Distribution, version: str, family: str, *tags: str, arm: str = "") -> System:
    """Make a row from what of the families' names is not the same for all."""
    stem = f"{FAMILY_PREFIX}{distribution.family}"
    return System(
        distribution, version, f"{stem}_{family}_x64", tags, arm and f"{stem}_{arm}_arm64"
    )


# The first of a distribution stands for a Docker image without a tag.
SYSTEMS = (
    _of(ALINUX, "3", "3_2104_lts", "3", arm="3_2104_lts"),
    _of(ALINUX, "4", "4_lts", "4"),
    _of(ALINUX, "2", "2_1903_lts", "2"),
    _of(UBUNTU, "24.04", "24_04", "24.04", "noble", arm="24_04"),
    _of(UBUNTU, "22.04", "22_04", "22.04", "jammy"),
    _of(UBUNTU, "20.04", "20_04", "20.04", "focal", arm="20_04"),
    _of(UBUNTU, "18.04", "18_04", "18.04", "bionic", arm="18_04"),
    _of(UBUNTU, "16.04", "16_04", "16.04", "xenial"),
    _of(DEBIAN, "13", "13_5", "13", "trixie"),
    _of(DEBIAN, "12", "12_11", "12", "bookworm", arm="12_11"),
    _of(DEBIAN, "11", "11_11", "11", "bullseye", arm="11_11"),
    _of(DEBIAN, "10", "10_13", "10", "buster", arm="10_13"),
    _of(ROCKY, "9", "9_7", "9", arm="9_6"),
    _of(ROCKY, "8", "8_10", "8"),
    _of(ALMA, "9", "9_7", "9", arm="9_6"),
    _of(ALMA, "8", "8_10", "8", arm="8_10"),
    _of(ANOLIS, "8", "8_10_anck", "8", arm="8_10_anck"),
    _of(ANOLIS, "7", "7_9_anck", "7", arm="7_9_anck"),
    _of(CENTOS, "8", "8_5", "8", "centos8", arm="8_4"),
    _of(CENTOS, "7", "7_9", "7", "centos7", arm="7_9"),
    _of(STREAM, "9", "9", "stream9", arm="9"),
    _of(STREAM, "8", "8", "stream8", arm="8"),
    _of(FEDORA, "41", "41", "41", arm="41"),
    *(_of(FEDORA, each, each, each) for each in ("40", "39", "38", "37")),
    *(_of(OPENSUSE, each, each.replace(".", "_"), each) for each in ("15.6", "15.5", "15.4")),
)
# What to show where any system would do.
EXAMPLE = SYSTEMS[0]
FAMILIES = {name: system for system in SYSTEMS for name in (system.family, system.arm) if name}


_RELEASE_IN_NAME = regex(r"\A[a-z]+")


def is_usual_id(image: str) -> bool:
    """Whether an image ID looks as those of custom or public images do."""
    return image.startswith(CUSTOM_ID_PREFIX) or image.endswith(PUBLIC_ID_SUFFIXES)


def of_docker(reference: str) -> System | None:
    """Find the system that a Docker image is named for, None if it is none of these."""
    last = reference.partition("@")[0].rpartition("/")[2].lower()
    repository, _, tag = last.partition(":")
    # `alinux3` says it in its name.
    tag = _RELEASE_IN_NAME.sub("", repository) or tag
    candidates = [each for each in SYSTEMS if repository in each.distribution.repositories]
    if tag in ("", "latest"):
        return candidates[0] if candidates else None
    for system in candidates:
        if any(tag == each or tag.startswith((f"{each}.", f"{each}-")) for each in system.tags):
            return system
    return None


# The release behind the name of a distribution: one number, or two where the second belongs to it.
_RELEASE = regex(r"_(?P<major>\d{1,2})(?:_(?P<minor>\d{1,2}))?(?=_|\Z)")
_TWO_NUMBERS = (UBUNTU, OPENSUSE)
# A variant, such as one that is hardened, has its name where `alibase` follows here.
_PLAIN_ID = regex(r".+_(?P<machine>x64|arm64)_\d+G_alibase_\d{8}\.(?:vhd|qcow2)")


def release(kind: str, image: str) -> Release | None:
    """Tell the release that a base image is of by its name; None for custom and unknown ones.

    `kind` is IMAGE or IMAGE_FAMILY, `image` an id or the name of a family.
    """
    is_family = kind == "IMAGE_FAMILY"
    if not (image.startswith(FAMILY_PREFIX) if is_family else image.endswith(PUBLIC_ID_SUFFIXES)):
        return None
    name = image.removeprefix(FAMILY_PREFIX)
    for distribution in dict.fromkeys(system.distribution for system in SYSTEMS):
        stem = distribution.family if is_family else distribution.id
        found = _RELEASE.match(name, len(stem)) if name.startswith(stem) else None
        if found:
            has_minor = distribution in _TWO_NUMBERS and found["minor"]
            return Release(
                distribution, f"{found['major']}.{found['minor']}" if has_minor else found["major"]
            )
    return None


def family_of(image: str) -> str | None:
    """Name the family that a public image is of by its id, None if that is not known."""
    found, plain = release("IMAGE", image), _PLAIN_ID.fullmatch(image)
    for system in SYSTEMS if found and plain else ():
        if found == (system.distribution, system.version):
            return (system.arm if plain and plain["machine"] == "arm64" else system.family) or None
    return None


_MACHINES = {"amd64": "x64", "x86_64": "x64", "aarch64": "arm64"}
_MACHINE = regex("|".join(_MACHINES))
_BARE = regex(r"_\d{1,2}_(?:x64|arm64)")
# A likeness of two names at which one of them is a slip.
_SLIP = 0.92


def near_miss(family: str) -> str | None:
    """Name the family that was meant by one that does not exist; None if it may exist."""
    if family in FAMILIES or family.startswith(tuple(f"{name}_" for name in FAMILIES)):
        return None  # a variant has a name of its own
    plain = _MACHINE.sub(lambda each: _MACHINES[each[0]], family.lower())
    plain = re.sub(r"[-.]", "_", plain)
    if plain != family and plain in FAMILIES:
        return plain
    known = release("IMAGE_FAMILY", plain)
    for system in SYSTEMS if known else ():
        stem = f"{FAMILY_PREFIX}{system.distribution.family}"
        is_bare = _BARE.fullmatch(plain, len(stem)) if plain.startswith(stem) else None
        # Of some distributions, each family says more than the release.
        if is_bare and known == (system.distribution, system.version):
            family = system.arm if plain.endswith("arm64") else system.family
            return family if not _BARE.fullmatch(family, len(stem)) else None
    return similar(plain, FAMILIES, cutoff=_SLIP) if known is None else None
