"""What can be wrong with an engine, its images and the machine, and what to do about each.

None of these is a finding about a template: the rehearsal ends, and buildlint exits with 2.
"""

from enum import StrEnum

from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex


class Fault(StrEnum):
    """A kind of fault; its value is for programs."""

    NONE = "no-engine"
    MISSING = "engine-missing"
    UNREACHABLE = "engine-unreachable"
    FORBIDDEN = "engine-forbidden"
    NESTED = "no-containers-here"
    SLOW = "engine-slow"
    NO_IMAGE = "no-image"
    SHORT_NAME = "image-short-name"
    REFUSED = "image-refused"
    OFFLINE = "registry-unreachable"
    BAD_NAME = "image-name"
    DISK = "disk-full"
    PROCESSOR = "image-processor"
    NO_SHELL = "image-without-shell"
    DEAD = "container-not-started"
    BROKEN = "container-without-shell"
    GONE = "container-gone"
    PREPARE = "prepare-failed"
    WINDOWS = "windows"
    NOT_PREPARABLE = "not-preparable"
    OTHER = "engine-failed"


_TEXTS = {
    Fault.NONE: N_("neither podman nor docker is installed; install podman"),
    Fault.MISSING: N_("`{engine}` is not installed; install it, or remove --engine"),
    Fault.UNREACHABLE: N_("`{engine}` does not answer; start it with `{start}`"),
    Fault.FORBIDDEN: N_("this user may not use `{engine}`; use podman, or sudo"),
    Fault.NESTED: N_("`{engine}` cannot start containers here (`{reason}`); use another machine"),
    Fault.SLOW: N_("`{engine} {verb}` took more than {seconds} seconds; restart `{engine}`"),
    Fault.NO_IMAGE: N_("there is no container image `{image}`; use another with --image"),
    Fault.SHORT_NAME: N_("`{image}` has no registry; use `{whole}`"),
    Fault.REFUSED: N_(
        "the registry rejects `{image}` (`{reason}`); log in with `{engine} login`, or use --image"
    ),
    Fault.OFFLINE: N_(
        "the registry of `{image}` cannot be reached; check the network, or use --image"
    ),
    Fault.BAD_NAME: N_(
        "`{image}` is not the name of a container image; use the form `docker.io/library/debian:12`"
    ),
    Fault.DISK: N_("the disk with the data of `{engine}` is full; remove what is not needed"),
    Fault.PROCESSOR: N_(
        "`{engine}` cannot run an image for another processor; install qemu-user-static"
    ),
    Fault.NO_SHELL: N_("image `{image}` has no `sh`; use another with --image"),
    Fault.DEAD: N_("a container of image `{image}` stops at once; use another with --image"),
    Fault.BROKEN: N_(
        "the container has no `sh` or no `timeout`; keep them, or name another image with --image"
    ),
    Fault.GONE: N_("the container stopped before its work was done; run it again with --keep"),
    Fault.PREPARE: N_("`{image}` could not be made (`{reason}`); check the network"),
    Fault.WINDOWS: N_("`{image}` is a Windows image; use a template for Linux"),
    Fault.NOT_PREPARABLE: N_(
        "--prepare supports Debian and Ubuntu, not `{image}`; use an image of your own with --image"
    ),
    Fault.OTHER: N_("`{engine} {verb}` failed (`{reason}`); try it by hand"),
}
_STARTS = {"docker": "systemctl start docker", "podman": "podman machine start"}

# What engines and their runtimes write; the first that is found decides.
_SIGNS = {
    Fault.DISK: ("no space left on device", "disk quota exceeded"),
    Fault.PROCESSOR: ("exec format error",),
    Fault.FORBIDDEN: (
        "permission denied while trying to connect",
        r"docker\.sock: connect: permission denied",
    ),
    Fault.UNREACHABLE: (
        "cannot connect to the docker daemon",
        "is the docker daemon running",
        "failed to connect to the docker api",
        "(?:cannot|unable to) connect to podman",
        r"(?:podman|docker)\.sock: connect: ",
    ),
    Fault.NO_SHELL: (
        r'exec: \\?"(?:sh|timeout)\\?"',
        "executable file `(?:sh|timeout)` not found",
        r"failed to run command \S?sh\W",
    ),
    Fault.SHORT_NAME: ("short-name",),
    Fault.BAD_NAME: ("invalid reference format", "invalid image name", "repository name must be"),
    Fault.REFUSED: (
        "toomanyrequests",
        "rate limit",
        "unauthorized",
        "authentication required",
        "denied: ",
        "access to the resource is denied",
        "no basic auth",
    ),
    Fault.NO_IMAGE: (
        "manifest unknown",
        "name unknown",
        "no such image",
        "no such object",
        "image not known",
        "no image found in manifest",
        "no matching manifest",
        ": not found",
    ),
    Fault.OFFLINE: (
        "dial tcp",
        "no such host",
        "i/o timeout",
        "tls handshake",
        "network is unreachable",
        "server misbehaving",
        "connection reset",
        "pinging container registry",
        "x509:",
    ),
    Fault.GONE: (
        "no such container",
        "no container with",
        "container state improper",
        "is not running",
        "running containers",
    ),
    Fault.NESTED: (
        "operation not permitted",
        "permission denied",
        "cannot set",
        "newuidmap",
        "cannot clone",
        "user namespace",
        "cgroup",
    ),
}
_FAULTS = {fault: regex(f"(?i){'|'.join(signs)}") for fault, signs in _SIGNS.items()}
_NOISE = regex(r"(?i)^(?:time=\S+ level=\S+ msg=|error:? ?|docker: ?)")
_REASON = 160


class EngineError(Exception):
    """A fault that ends a rehearsal: its kind, and its text with advice, translated when shown."""

    def __init__(self, fault: Fault, **fields: object) -> None:
        engine, image = str(fields.get("engine")), str(fields.get("image"))
        known = {"start": _STARTS.get(engine, ""), "whole": _on_docker_hub(image)}
        self.fault = fault
        self.message = Message(_TEXTS[fault], {**known, **fields})
        super().__init__(fault)

    def __str__(self) -> str:
        return str(self.message)


def _on_docker_hub(image: str) -> str:
    """The whole name of an image that is written without a registry, as docker takes it."""
    return f"docker.io/{image}" if "/" in image else f"docker.io/library/{image}"


def fault_of(output: str, engine: str, verb: str, image: str = "") -> EngineError:
    """Tell what is wrong by what an engine wrote on standard error when a verb failed."""
    fault = next((fault for fault, sign in _FAULTS.items() if sign.search(output)), Fault.OTHER)
    fields = {"engine": engine, "verb": verb, "image": shown(image, _REASON)}
    return EngineError(fault, **fields, reason=reason_in(output))


def reason_in(output: str) -> str:
    """Return the last line of what a program wrote, without what stands before each."""
    lines = [line for line in map(str.strip, output.splitlines()) if line]
    return shown(_NOISE.sub("", lines[-1]).strip('"'), _REASON) if lines else "?"
