"""FROM: the family that is the same system as a Docker image, or what to choose in its place."""

import re
from typing import NoReturn

from buildlint.convert.build import Build
from buildlint.convert.dockerfile import Step
from buildlint.service.contract import IMAGE_TYPES, OSS
from buildlint.service.systems import EXAMPLE, of_docker, release
from buildlint.text.messages import N_, shown

# Where the images of distributions themselves are: what stands before the last part of a name.
_OFFICIAL = re.compile(
    r"|((index\.)?docker\.io/)?(library|almalinux|alinux|openanolis|rockylinux)|(index\.)?docker\.io"
    r"|quay\.io/(almalinux(org)?|centos|rockylinux(org)?)|alibaba-cloud-linux-\d-registry\.\S+"
)
# `alinux3` says it in its name.
_NO_RELEASE = re.compile(r"(?:^|/)[a-z]+(?::latest)?\Z")
# Docker images that hold no distribution whose packages an ECS image has.
_OTHER_SYSTEMS = ("alpine", "busybox", "scratch", "static", "wolfi-base", "windows", "nanoserver")


def convert_from(build: Build, step: Step) -> None:
    """Write FROM with the family that is the same system, or the base image that was asked for.

    Nothing is written where the request imports the base image: the service would ignore it.
    """
    words = step.text.split()
    if build.has_from:
        text = N_(
            "multi-stage builds cannot be converted; build the other stages elsewhere, upload the "
            "results to OSS and use `COPY <url>`"
        )
        build.reject(step.span, text)
    if len(words) not in (1, 3):
        build.reject(step.span, N_("FROM takes an image, and optionally `AS <name>`"))
    reference = build.expanded(step, step.at(0, len(words[0])), words[0])
    architecture = _architecture(build, step)
    build.has_from = True
    docker = of_docker(reference)
    build.docker_sh = docker.distribution.shell if docker else None
    build.global_args.update(platform_args(architecture))
    if len(words) > 1:
        text = N_("`{name}`: templates have no build stages")
        build.dropped(step.span, text, name=" ".join(words[1:]))
    if build.options.base == OSS:
        text = N_(
            "{reference} replaced by the imported image (--base OSS); install everything else that "
            "the Docker image contains with RUN"
        )
        build.differs(step.span, text, reference=shown(reference))
        return
    if build.options.base:
        text = N_(
            "`{reference}` replaced by `{base}` (--base); install everything else that the Docker "
            "image contains with RUN"
        )
        build.differs(step.span, text, reference=shown(reference), base=build.options.base)
        _emit(build, build.options.base)
        return
    kind, _, image = reference.partition(":")
    if kind in IMAGE_TYPES and image:
        _emit(build, reference)
        return
    family, system = _family(build, step, reference, architecture)
    written = f"IMAGE_FAMILY:{family}"
    fields = {"reference": shown(reference), "base": written, "system": system}
    is_official = bool(_OFFICIAL.fullmatch(reference.rpartition("/")[0]))
    if is_official and not _NO_RELEASE.search(reference):
        build.changed(
            step.span, N_("`{reference}` replaced by `{base}`: {system} as an ECS image"), **fields
        )
    elif is_official:
        text = N_(
            "`{reference}` replaced by `{base}`: it has no version tag, and Docker may use another "
            "release than {system}"
        )
        build.differs(step.span, text, **fields)
    else:
        text = N_(
            "`{reference}` replaced by `{base}`; if it contains more than {system}, install the "
            "rest with RUN, or use `--base IMAGE:<image-id>`"
        )
        build.differs(step.span, text, **fields)
    _emit(build, written)


def _emit(build: Build, base: str) -> None:
    """Write FROM, and note what /bin/sh of the base image is."""
    kind, _, image = base.partition(":")
    found = release(kind, image)
    build.sh = found.distribution.shell if found else None
    build.emit(f"FROM {base}")


def _family(build: Build, step: Step, reference: str, architecture: str) -> tuple[str, str]:
    """Find the family and system of a Docker image for the architecture. Raises Refused."""
    system = of_docker(reference)
    if not system:
        _reject(build, step, reference)
    family = system.arm if architecture == "arm64" else system.family
    if not family:
        text = N_("no public Arm image family of {system} is known; use `--base IMAGE:<image-id>`")
        build.reject(step.span, text, system=system.name)
    return family, system.name


def _reject(build: Build, step: Step, reference: str) -> NoReturn:
    """Say which base image may take the place of one that is no bare system."""
    name, _, tag = reference.partition("@")[0].rpartition("/")[2].partition(":")
    words = tag.split("-")
    if any(each.startswith(_OTHER_SYSTEMS) for each in (name, *words)):
        family = EXAMPLE.family
        text = N_(
            "there is no ECS image of `{reference}`; use another, for example `--base "
            "IMAGE_FAMILY:{family}`, and install packages with RUN"
        )
    else:
        # Docker's official images are built on Debian unless their tags name a release of Ubuntu.
        named = (f"{name}:{word}" for word in words for name in ("ubuntu", "debian"))
        family = next(filter(None, map(of_docker, (*named, "debian")))).family
        text = N_(
            "`{reference}` is not a plain operating system; use one, for example `--base "
            "IMAGE_FAMILY:{family}`, and install `{name}` with RUN"
        )
    build.reject(step.span, text, reference=shown(reference), family=family, name=shown(name))


_ARM = ("arm64", "aarch64")
_PLATFORMS = ("amd64", "x86_64", *_ARM)


def _architecture(build: Build, step: Step) -> str:
    """Read --platform. Raises Refused for one that no ECS instance has."""
    platform = ""
    for flag in step.flags:
        name, _, value = flag.partition("=")
        if name != "--platform":
            build.reject(step.span, N_("unknown flag `{flag}`"), flag=shown(flag))
        platform = build.expanded(step, step.span, value)
    if not platform:
        return "amd64"
    parts = platform.lower().split("/")
    # The system may be left out, and a variant follow.
    system, machine = parts[:2] if len(parts) > 1 else ("linux", parts[0])
    if system != "linux" or machine not in _PLATFORMS:
        text = N_("there is no ECS image for `{platform}`; use `linux/amd64` or `linux/arm64`")
        build.reject(step.span, text, platform=shown(platform))
    text = N_("`--platform`: the image determines the architecture")
    build.dropped(step.span, text)
    return "arm64" if machine in _ARM else "amd64"


def platform_args(architecture: str = "amd64") -> dict[str, str]:
    """The ARGs that BuildKit sets; FROM itself may name them."""
    values = {"PLATFORM": f"linux/{architecture}", "OS": "linux", "ARCH": architecture}
    return {
        f"{side}{name}": value
        for side in ("TARGET", "BUILD")
        for name, value in {**values, "VARIANT": ""}.items()
    }
