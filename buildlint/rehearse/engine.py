"""The engine that runs containers: podman or docker, by their command lines.

Containers are unprivileged and see nothing of the machine: no directory of it is mounted, files are
written through a pipe.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from buildlint.rehearse.faults import EngineError, Fault, fault_of
from buildlint.rehearse.program import LONG, SHORT, Output, Program
from buildlint.shell import programs
from buildlint.text.messages import shown
from buildlint.text.record import Record
from buildlint.text.regex import regex

# What a container or an image says of itself: names and values.
Labels = Mapping[str, str]

# Seconds beyond the limit of a step, which counts inside the container.
_GRACE = 20
# How often it is looked whether a container stops, and the seconds between.
_LOOKS, _PAUSE = 8, 0.25


class Image(Record):
    """A container image: its id, its processor as Go names it (`amd64`), and its labels."""

    id: str
    architecture: str
    labels: Labels


def _ignore(_chunk: bytes) -> None:
    """Take output that is not needed."""


class Container(Record):
    """A running container, and whether systemd is its first process."""

    id: str
    has_systemd: bool


class Ran(Record):
    """How a program in a container ended.

    `code` is its exit status. `is_late`: it was ended at its time limit. `is_gone`: the container
    has stopped, as it does if the program shuts it down.
    """

    code: int
    is_late: bool = False
    is_gone: bool = False


class Left(Record):
    """A container or an image of an earlier run: its id, and its labels."""

    id: str
    is_image: bool
    labels: Labels


# A name, which is no option of the engine.
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*")
# The processors as `uname` names them, and as Go does.
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}
# Where an engine says what the processor of the machine is that runs the containers, its version,
# that of its control groups, and the directory of its data.
_ANSWERS = {
    "podman": ("host.arch", "version.Version", "host.cgroupVersion", "store.graphRoot"),
    "docker": ("Architecture", "ServerVersion", "CgroupVersion", "DockerRootDir"),
}
ENGINES = tuple(_ANSWERS)
# The label of what a rehearsal makes; its value tells which rehearsal.
LABEL = "buildlint.rehearse"
# podman puts `/tmp` into memory beside systemd, unless something else is there.
_PODMAN = ("--systemd=always", "--volume=/tmp")
_DOCKER = ("--tmpfs=/run:exec", "--tmpfs=/run/lock", "--env=container=docker", "--pids-limit=2048")
# How docker lets systemd have control groups without privileges: by version of these, and since
# which of docker.
_GROUPS = {
    "1": (0, "--volume=/sys/fs/cgroup:/sys/fs/cgroup:ro"),
    "2": (28, "--security-opt=writable-cgroups=true"),
}

# Process 1: systemd if the image has it, else a shell, which also waits for what its children
# leave. 37 is SIGRTMIN+3, which asks systemd to shut down.
_SYSTEMD = """\
for each in /usr/lib/systemd/systemd /lib/systemd/systemd; do
    [ ! -x "$each" ] || exec "$each"
done
"""
_SHELL = """\
trap 'exit 0' TERM 37
while :; do sleep 3600 & wait "$!"; done
"""
_STOP = "37"
# A volume is not in a snapshot, and a start empties `/tmp`: it is packed before, unpacked behind.
_PACK = "tar -C /tmp -cf /var/.buildlint-tmp . 2> /dev/null; true"
_FORGET = "rm -f /var/.buildlint-tmp"
# A container without hardware never gets further than degraded. systemd empties `/tmp` first.
_BOOT = f"""\
read -r name < /proc/1/comm
[ "$name" != systemd ] || for each in $(seq 300); do
    case $(systemctl is-system-running 2> /dev/null) in
        running | degraded | maintenance) break ;;
    esac
    sleep 0.1
done
if [ -e /var/.buildlint-tmp ]; then
    tar -C /tmp -xpf /var/.buildlint-tmp
    {_FORGET}
fi
[ "$name" = systemd ] || exit 3
"""
_NO_SYSTEMD = 3
# Standard output and standard error are one, in their order; standard input is empty.
_STEP = 'exec "$@" 2>&1 < /dev/null'
_WRITE = 'umask 077; mkdir -p "${1%/*}" && cat > "$1" && chmod "$2" "$1"'
# The status of an engine that could not run a program; it then writes to standard error, which no
# program inside has.
_ENGINE_FAILED = (125, 126, 127, 255)
# The statuses of `timeout`, and of what it had to kill.
_LATE = (124, 137)


class Engine(Record):
    """podman or docker: its program, and the machine's processor as Go names it.

    `flags` are for the start of a container.
    """

    program: Program
    architecture: str
    flags: tuple[str, ...]
    can_run_systemd: bool = True

    @property
    def name(self) -> str:
        """`podman` or `docker`."""
        return self.program.name

    @classmethod
    def find(cls, name: str | None = None) -> "Engine":
        """Find an engine that works: the one named, else podman, else docker.

        Raises EngineError if there is none.
        """
        errors = []
        for each in [name] if name else ENGINES:
            try:
                return cls._found(each)
            except EngineError as error:
                errors.append(error)
        # One that is there, but does not work, says more than one that is missing.
        broken = [error for error in errors if error.fault is not Fault.MISSING]
        raise (broken or errors)[0] if name or broken else EngineError(Fault.NONE)

    @classmethod
    def _found(cls, name: str) -> "Engine":
        path = programs.find(name) or programs.find(f"{name}.exe")
        if path is None:
            raise EngineError(Fault.MISSING, engine=name)
        program = Program(name, path)
        answer = _parsed(program.call("info", "--format", "{{json .}}"), name)
        processor, version, groups, data = (_within(answer, each) for each in _ANSWERS[name])
        major = version.partition(".")[0]
        if not major.isdigit():  # docker's client answers alone, too
            raise EngineError(Fault.UNREACHABLE, engine=name)
        flags: tuple[str, ...] = _PODMAN
        can_run_systemd = True
        if name == "docker":
            first, flag = _GROUPS.get(groups.removeprefix("v"), _GROUPS["1"])
            can_run_systemd = int(major) >= first
            flags = (*_DOCKER, flag) if can_run_systemd else _DOCKER
        return cls(
            # The data of Docker Desktop is in another file system.
            program.replace(data=Path(data) if data and Path(data).is_dir() else None),
            _PROCESSORS.get(processor, processor),
            flags,
            can_run_systemd,
        )

    # --- images ----------------------------------------------------------------------------------

    def image(self, name: str) -> Image | None:
        """Find a container image on this machine; None if it is not here."""
        if not _NAME.fullmatch(name):
            raise EngineError(Fault.BAD_NAME, image=shown(name))
        try:
            found = self._about("image", "inspect", name, image=name)
        except EngineError as error:
            if error.fault in (Fault.NO_IMAGE, Fault.SHORT_NAME):
                return None
            raise
        return Image(_within(found, "Id"), _within(found, "Architecture"), _labels(found))

    def pull(self, name: str, platform: str | None = None) -> Image:
        """Download a container image; `platform` is one of the engine's, such as `linux/arm64`."""
        self.program.call("pull", *_platform(platform), name, image=name, timeout=LONG)
        found = self.image(name)
        if found is None:
            raise EngineError(Fault.NO_IMAGE, image=name)
        return found

    # --- containers ------------------------------------------------------------------------------

    def start(
        self, image: str, *, labels: Labels, systemd: bool = True, platform: str | None = None
    ) -> Container:
        """Start a container that waits, with systemd if the image has it, and wait until it is up.

        Nothing of the image's own ENTRYPOINT, CMD, USER and WORKDIR matters.
        """
        may_try = systemd and self.can_run_systemd
        # A name of our own: an interrupted start has told none.
        name = f"buildlint-{token_hex(6)}"
        try:
            self.program.call(
                *("run", "--detach", "--pull=never", "--log-driver=none", f"--name={name}"),
                *(*_labelled(labels), *self.flags, *_platform(platform)),
                *(f"--stop-signal={_STOP}", "--user=0", "--workdir=/", "--entrypoint=sh", image),
                *("-c", _SYSTEMD + _SHELL if may_try else _SHELL),
                image=image,
            )
            return Container(name, self._boot(name))
        except EngineError as error:
            self.remove([name])
            if error.fault is not Fault.GONE:
                raise
            if may_try:  # no place for systemd
                return self.start(image, labels=labels, systemd=False, platform=platform)
            raise self._dead(image) from error
        except BaseException:
            self.remove([name])
            raise

    def _dead(self, image: str) -> EngineError:
        """Say why a container of an image stops at once."""
        found = self.image(image)
        is_foreign = found is not None and found.architecture != self.architecture
        fault = Fault.PROCESSOR if is_foreign else Fault.DEAD
        return EngineError(fault, engine=self.name, image=shown(image))

    def _boot(self, container: str) -> bool:
        """Wait until a container is up; tell whether systemd is its first process."""
        ran = self.run(container, ("sh", "-c", _BOOT), timeout=SHORT)
        if ran.is_gone:
            raise EngineError(Fault.GONE)
        return ran.code != _NO_SYSTEMD

    def run(
        self,
        container: str,
        argv: Sequence[str],
        *,
        timeout: float,
        user: str | None = None,
        output: Output = _ignore,
    ) -> Ran:
        """Run a program in a container, for at most `timeout` seconds.

        There is no terminal, and nothing on its standard input. `output` takes what it writes, as
        it comes; while there is nothing, it takes empty bytes some times a second. The `user` must
        exist.
        """
        options = [f"--user={user}"] if user else []
        limit = ("timeout", "-k", "5", f"{timeout:g}", "sh", "-c", _STEP, "sh")
        began = time.monotonic()
        ended = self.program.stream(
            *("exec", *options, container, *limit, *argv), timeout=timeout + _GRACE, output=output
        )
        is_late = ended.code in _LATE and time.monotonic() - began >= timeout
        is_gone = bool(ended.code) and not self._is_running(container)
        if ended.code in _ENGINE_FAILED and ended.written and not is_gone:
            # In a container that is about to stop, nothing can be started either.
            is_gone = self.stops(container)
            error = fault_of(ended.written, self.name, "exec")
            if not is_gone:
                raise EngineError(Fault.BROKEN) if error.fault is Fault.NO_SHELL else error
        return Ran(ended.code, is_late, is_gone)

    def stops(self, container: str) -> bool:
        """Whether a container stops within two seconds, which this takes if it does not."""
        for _ in range(_LOOKS):
            if not self._is_running(container):
                return True
            time.sleep(_PAUSE)
        return False

    def _is_running(self, container: str) -> bool:
        try:
            about = self._about("inspect", container)
        except EngineError as error:
            if error.fault in (Fault.GONE, Fault.NO_IMAGE):
                return False
            raise
        return _within(about, "State.Running") == "True"

    def copy(self, container: str, data: bytes | Path, to: str, mode: int = 0o644) -> None:
        """Write a file in a container, owned by root; its directory is made if there is none."""
        command = ("exec", "--interactive", container, "sh", "-c", _WRITE, "sh", to, f"{mode:o}")
        if isinstance(data, Path):
            with data.open("rb") as file:
                self.program.call(*command, stdin=file, timeout=LONG)
        else:
            self.program.call(*command, stdin=data)

    def read(self, container: str, path: str) -> bytes | None:
        """Read a small file in a container; None if it is not there."""
        parts: list[bytes] = []
        ran = self.run(container, ("cat", path), timeout=SHORT, output=parts.append)
        return b"".join(parts) if ran.code == 0 else None

    def restart(self, container: str) -> None:
        """Shut a container down, start it again, and wait until it is up."""
        self.program.call("restart", "-t", "20", container)
        self._boot(container)

    def commit(self, container: str, *, labels: Labels, name: str | None = None) -> str:
        """Make an image of what a container holds now; return its id."""
        self.run(container, ("sh", "-c", _PACK), timeout=LONG)
        changes = [f"--change=LABEL {key}={json.dumps(text)}" for key, text in labels.items()]
        names = [name] if name else []
        answer = self.program.call(
            *("commit", "--pause=false", *changes, container, *names), timeout=LONG
        )
        self.run(container, ("sh", "-c", _FORGET), timeout=SHORT)
        return answer.split()[-1]

    # --- cleaning up -----------------------------------------------------------------------------

    def remove(self, containers: Iterable[str] = (), images: Iterable[str] = ()) -> None:
        """Remove containers, at once, and images; those that are gone already do not matter."""
        if containers := list(containers):
            # `rm --force` alone gives systemd ten seconds.
            self._quiet("kill", *containers)
            self._quiet("rm", "--force", "--volumes", *containers)
        if images := list(images):
            self._quiet("rmi", "--force", *images)

    def left_behind(self, label: str) -> list[Left]:
        """List the containers and images with a label, also those that have stopped."""
        only = (f"--filter=label={label}", "--format={{.ID}}")
        found = []
        for is_image, command in ((False, ("ps", "--all")), (True, ("image", "ls"))):
            for each in dict.fromkeys(self.program.call(*command, *only).split()):
                # Another run may remove its own meanwhile.
                with suppress(EngineError):
                    found.append(Left(each, is_image, _labels(self._about("inspect", each))))
        return found

    def _about(self, *arguments: str, image: str = "") -> object:
        """Let the engine describe one thing."""
        described = _parsed(self.program.call(*arguments, image=image), self.name)
        return described[0] if isinstance(described, list) and described else None

    def _quiet(self, *arguments: str) -> None:
        with suppress(EngineError):
            self.program.call(*arguments)


def _parsed(answer: str, engine: str) -> object:
    """Read the JSON that an engine prints; one that prints something else does not work."""
    try:
        return json.loads(answer)
    except ValueError:
        raise EngineError(Fault.UNREACHABLE, engine=engine) from None


def _labels(described: object) -> dict[str, str]:
    config = described.get("Config") if isinstance(described, dict) else None
    return dict(config.get("Labels") or {}) if isinstance(config, dict) else {}


def _within(answer: object, path: str) -> str:
    """Read a value of what an engine says, by its keys; empty if it does not say it."""
    for key in path.split("."):
        answer = answer.get(key) if isinstance(answer, dict) else None
    return "" if answer is None else str(answer)


def _platform(platform: str | None) -> list[str]:
    return [f"--platform={platform}"] if platform else []


def _labelled(labels: Labels) -> list[str]:
    return [f"--label={name}={value}" for name, value in labels.items()]
