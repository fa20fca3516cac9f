"""Which container images hold the systems of base images, as data.

A family that is not here can be rehearsed all the same, with an image that the user names.
"""

from buildlint.rehearse.faults import EngineError, Fault
from buildlint.service.systems import (
    ALINUX,
    ALMA,
    ANOLIS,
    CENTOS,
    DEBIAN,
    FEDORA,
    OPENSUSE,
    ROCKY,
    STREAM,
    UBUNTU,
    Distribution,
    release,
)
from buildlint.text.record import Record

_ALIBABA = "alibaba-cloud-linux-{0}-registry.cn-hangzhou.cr.aliyuncs.com/alinux{0}/alinux{0}:latest"
# `{0}` is the version, as in `systems`; the versions that there are images of, all if none.
_IMAGES: dict[Distribution, tuple[str, tuple[str, ...]]] = {
    UBUNTU: ("docker.io/library/ubuntu:{0}", ()),
    DEBIAN: ("docker.io/library/debian:{0}", ()),
    ALMA: ("docker.io/library/almalinux:{0}", ()),
    ROCKY: ("docker.io/rockylinux/rockylinux:{0}", ()),
    CENTOS: ("docker.io/library/centos:{0}", ("7", "8")),
    STREAM: ("quay.io/centos/centos:stream{0}", ()),
    FEDORA: ("docker.io/library/fedora:{0}", ()),
    OPENSUSE: ("docker.io/opensuse/leap:{0}", ()),
    ANOLIS: ("registry.openanolis.cn/openanolis/anolisos:{0}", ("8",)),
    ALINUX: (_ALIBABA, ("3", "4")),
}
# The systems of which `prepare` can make an image that is like an instance.
PREPARABLE = (DEBIAN, UBUNTU)

_ARM = "_arm64"
_ARM_ID = "_arm64_"


class Likeness(Record):
    """The container image of the same system as a base image.

    `image` is its name, None if none is known; `architecture` is the processor as Go names it;
    `system` is the name of the system, empty if that is not known; `prepared` is the name that the
    image made from it has on this machine, None if none can be made.
    """

    image: str | None
    architecture: str
    system: str = ""
    prepared: str | None = None

    @property
    def platform(self) -> str:
        """The platform as engines name it."""
        return f"linux/{self.architecture}"


def likeness(kind: str, image: str) -> Likeness:
    """Find the container image for a base image: `kind` is IMAGE or IMAGE_FAMILY.

    Raises EngineError for Windows, of which no container runs here.
    """
    name = image.removeprefix("acs:")
    if name.startswith("win"):
        raise EngineError(Fault.WINDOWS, image=image)
    is_arm = name.endswith(_ARM) or _ARM_ID in name
    architecture = "arm64" if is_arm else "amd64"
    found = release(kind, image)
    if found is None:
        return Likeness(None, architecture)
    template, versions = _IMAGES[found.distribution]
    if versions and found.version not in versions:
        return Likeness(None, architecture, found.name)
    prepared = None
    if found.distribution in PREPARABLE:
        prepared = f"localhost/buildlint/{found.distribution.id}:{found.version}-{architecture}"
    return Likeness(template.format(found.version), architecture, found.name, prepared)
