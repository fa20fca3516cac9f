"""A container engine that runs nothing: it records what it is told, and answers from a script.

Run as a program named `podman` or `docker`, it keeps containers and images as names in a folder,
and prints what the real one prints. What a script says of a call goes first; what it does not say
has the answer of an engine that works. The files that are copied into a container are kept, so that
an answer may depend on what the file of a step says.
"""

import fcntl
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

# Names of the files in the folder of an engine.
LOG, SCRIPT, STATE, FILES = "log.jsonl", "script.json", "state.json", "files"
# How the program ends that gets a container ready for a step, and what runs the step then.
_PREPARED, _STEP = "sh", "/var/lib/buildlint/run"
# The options of the verbs that take a value as the next word.
_VALUED = {"-c", "-t", "-f", "--filter", "--format"}


# Options with their values, those without one with none.
Options = Sequence[tuple[str, str]]


class Answer(NamedTuple):
    """What the engine says to a call: `match` is a regular expression for its text.

    The text is the words of the call, joined by spaces, then the content of each copied file that
    one of the words names, and of the standard input. `times` is how often the answer is given;
    None for always. `seconds` pass first. `repeat` writes the output that often.
    """

    verb: str
    match: str = ""
    status: int = 0
    out: str = ""
    err: str = ""
    times: int | None = None
    seconds: float = 0
    repeat: int = 1


class Call(NamedTuple):
    """A call that was recorded: the words without the program, and what was read from stdin."""

    words: list[str]
    stdin: str
    text: str

    @property
    def verb(self) -> str:
        """What was to be done: `exec`, `image inspect`."""
        return _verb(self.words)[0]


class FakeEngine:
    """The engine as tests see it: make one, put its folder `bin` first in PATH, run, look."""

    def __init__(self, folder: Path, name: str = "podman") -> None:
        self.folder = folder / name
        self.bin = self.folder / "bin"
        self.bin.mkdir(parents=True)
        program = self.bin / name
        program.write_text(
            f"#!{sys.executable} -IS\n"
            f"import sys\n"
            f"sys.path.insert(0, {os.fspath(Path(__file__).parent)!r})\n"
            f"import fake_engine\n"
            f"fake_engine.main({os.fspath(self.folder)!r})\n",
            "utf-8",
        )
        program.chmod(0o755)
        self.script()

    def script(self, *answers: Answer) -> Self:
        """Set what it answers; the first that matches counts."""
        lines = [each._asdict() for each in answers]
        (self.folder / SCRIPT).write_text(json.dumps(lines), "utf-8")
        return self

    def has_image(self, name: str, **about: Any) -> Self:
        """Let it have an image: `architecture` and `labels`."""
        with _state(self.folder) as state:
            state["images"][name] = _image(name, **about)
        return self

    def has_container(self, name: str, **labels: str) -> Self:
        """Let it have a container that was left behind."""
        with _state(self.folder) as state:
            state["containers"][name] = {"Image": "", "Labels": labels, "Running": True}
        return self

    @property
    def calls(self) -> list[Call]:
        """What it was told, in order."""
        log = self.folder / LOG
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return [Call(**json.loads(line)) for line in lines]

    def verbs(self) -> list[str]:
        """The verbs of the calls, in order."""
        return [each.verb for each in self.calls]

    def executed(self) -> list[str]:
        """The texts of the calls that ran something in a container."""
        return [each.text for each in self.calls if each.verb == "exec"]

    @property
    def containers(self) -> list[str]:
        """The containers that exist now."""
        with _state(self.folder) as state:
            return [*state["containers"]]

    @property
    def images(self) -> list[str]:
        """The images that exist now."""
        with _state(self.folder) as state:
            return [*state["images"]]


# --- the program ---------------------------------------------------------------------------------


def main(folder_name: str) -> None:
    """Be the program: record the call, and answer it."""
    folder = Path(folder_name)
    words = sys.argv[1:]
    verb, rest = _verb(words)
    reads = verb == "exec" and not sys.stdin.isatty()
    read = sys.stdin.buffer.read() if reads else b""
    stdin = read.decode("utf-8", "replace")
    text = "\n".join([" ".join(words), *_files(folder, words), stdin]).rstrip("\n")
    with _state(folder):
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"words": words, "stdin": stdin, "text": text}) + "\n")
        answer = _scripted(folder, verb, text)
    if answer:
        time.sleep(answer.seconds)
        for _ in range(answer.repeat):
            os.write(1, answer.out.encode("utf-8", "surrogateescape"))
        os.write(2, answer.err.encode("utf-8", "surrogateescape"))
        if answer.status or answer.out:
            sys.exit(answer.status)
    if verb == "exec" and _PREPARED in words[-5:-4]:
        # What gets a container ready for a step: its surroundings and its script.
        _keep(folder / FILES / _STEP.lstrip("/"), "\n".join(words[-3:-1]).encode())
    if verb == "exec" and read:
        _keep(folder / FILES / words[-2].lstrip("/"), read)  # `cat > FILE`, with its mode behind
    with _state(folder) as state:
        sys.exit(_obey(state, verb, rest))


def _scripted(folder: Path, verb: str, text: str) -> Answer | None:
    """Take the first answer of the script for a call, and count it."""
    script = folder / SCRIPT
    answers = [Answer(**each) for each in json.loads(script.read_text("utf-8"))]
    for index, answer in enumerate(answers):
        if answer.verb == verb and answer.times != 0 and re.search(answer.match, text):
            if answer.times:
                answers[index] = answer._replace(times=answer.times - 1)
                _replace(script, [each._asdict() for each in answers])
            return answer
    return None


def _obey(state: Any, verb: str, rest: list[str]) -> int:
    """Do what a working engine would, as far as its names are concerned; return the status."""
    options, operands = _parsed(rest, _VALUED - {"-f"} if verb.startswith("rm") else _VALUED)
    does = _VERBS.get(verb)
    if does is None:
        return _fail(f"Error: unrecognized command {verb!r}")
    return does(state, options, operands)


def _info(_state: Any, _options: Options, _operands: list[str]) -> int:
    podman = {"host": {"arch": "amd64"}, "version": {"Version": "4.3.1"}}
    docker = {"Architecture": "x86_64", "ServerVersion": "28.0.0", "CgroupVersion": "2"}
    return _say(json.dumps(podman | docker))


def _pull(state: Any, _options: Options, operands: list[str]) -> int:
    image = state["images"].setdefault(operands[0], _image(operands[0]))
    return _say(image["Id"])


def _start(state: Any, options: Options, operands: list[str]) -> int:
    if _image_named(state["images"], operands[0]) is None:
        return _fail(f"Error: {operands[0]}: image not known")
    name = [*_of(options, "--name"), f"c{_count(state):011x}"][0]
    labels = _labels(options)
    state["containers"][name] = {"Image": operands[0], "Labels": labels, "Running": True}
    return _say(name)


def _inspect(state: Any, _options: Options, operands: list[str]) -> int:
    found = [
        each
        for name in operands
        if (each := _image_named(state["images"], name) or _contained(state["containers"], name))
    ]
    if len(found) != len(operands):
        return _fail(f"Error: no such object: {operands[0]}")
    return _say(json.dumps(found))


def _commit(state: Any, options: Options, operands: list[str]) -> int:
    number = _count(state)
    name = operands[1] if len(operands) > 1 else f"sha256:{number:064x}"
    state["images"][name] = _image(name, labels=_labels(options))
    return _say(state["images"][name]["Id"])


def _use(state: Any, _options: Options, operands: list[str]) -> int:
    if operands[0] not in state["containers"]:
        return _fail(f"Error: no container with name or ID {operands[0]!r} found")
    return 0


def _remove(held: dict[str, Any], operands: list[str]) -> int:
    for name in operands:
        for key in [key for key, each in held.items() if name in (key, each.get("Id"))]:
            del held[key]
    return 0


def _list(held: dict[str, Any], options: Options) -> int:
    asked = [each.removeprefix("label=") for each in _of(options, "-f", "--filter")]
    for key, each in held.items():
        if all(_is_labelled(each["Labels"], label) for label in asked):
            _say(each.get("Id", key))
    return 0


_VERBS: dict[str, Callable[[Any, Options, list[str]], int]] = {
    "info": _info,
    "pull": _pull,
    "run": _start,
    **dict.fromkeys(("inspect", "image inspect", "container inspect"), _inspect),
    "commit": _commit,
    **dict.fromkeys(("exec", "restart", "kill"), _use),
    "rm": lambda state, _, operands: _remove(state["containers"], operands),
    **dict.fromkeys(
        ("rmi", "image rm"), lambda state, _, operands: _remove(state["images"], operands)
    ),
    **dict.fromkeys(
        ("ps", "container ls"), lambda state, options, _: _list(state["containers"], options)
    ),
    **dict.fromkeys(
        ("images", "image ls"), lambda state, options, _: _list(state["images"], options)
    ),
}


def _keep(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def _files(folder: Path, words: Sequence[str]) -> Iterator[str]:
    """Yield the contents of the copied files that words of a call name."""
    for word in words:
        for name in re.findall(r"/[\w./-]+", word):
            path = folder / FILES / name.lstrip("/")
            if path.is_file():
                yield path.read_text("utf-8", "replace")


def _verb(words: Sequence[str]) -> tuple[str, list[str]]:
    """What is to be done, and the words behind that."""
    start = 0
    while start < len(words) and words[start].startswith("-"):
        start += 2 if words[start] in _VALUED else 1
    is_long = words[start : start + 1] in (["image"], ["container"])
    end = start + (2 if is_long else 1)
    return " ".join(words[start:end]), [*words[end:]]


def _parsed(
    words: Sequence[str], valued: Container[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Tell options, with their values, from operands."""
    options: list[tuple[str, str]] = []
    operands: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            operands += rest
        elif word.startswith("-") and word != "-":
            name, equals, value = word.partition("=")
            options.append((name, value if equals or name not in valued else next(rest, "")))
        else:
            operands.append(word)
    return options, operands


def _of(options: Options, *names: str) -> list[str]:
    return [value for name, value in options if name in names]


def _labels(options: Options) -> dict[str, str]:
    changes = _of(options, "-c", "--change")
    texts = [
        *_of(options, "-l", "--label"),
        *(change[6:] for change in changes if change.upper().startswith("LABEL ")),
    ]
    pairs = (text.partition("=") for text in texts)
    return {name: value.strip('"') for name, _, value in pairs}


def _is_labelled(labels: dict[str, str], asked: str) -> bool:
    name, equals, value = asked.partition("=")
    return name in labels and (not equals or labels[name] == value)


def _image(
    name: str, architecture: str = "amd64", labels: dict[str, str] | None = None
) -> dict[str, Any]:
    identity = (
        name
        if name.startswith("sha256:")
        else f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
    )
    config = {"Labels": labels or {}, "Cmd": ["/sbin/init"], "Env": []}
    return {
        "Id": identity,
        "Architecture": architecture,
        "Os": "linux",
        "Labels": labels or {},
        "Config": config,
        "RepoTags": [name],
    }


def _image_named(images: dict[str, Any], name: str) -> dict[str, Any] | None:
    found = (each for key, each in images.items() if name in (key, each["Id"]))
    return next(found, None)


def _contained(containers: dict[str, Any], name: str) -> dict[str, Any] | None:
    each = containers.get(name)
    if each is None:
        return None
    state = {"Running": each["Running"], "Status": "running" if each["Running"] else "exited"}
    return {"Id": name, "State": state, "Config": {"Labels": each["Labels"]}}


def _count(state: Any) -> int:
    state["count"] += 1
    return int(state["count"])


def _say(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    return 0


def _fail(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 125


def _replace(path: Path, content: object) -> None:
    """Write a file as a whole: a call may be killed at any time."""
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps(content), "utf-8")
    new.replace(path)


@contextmanager
def _state(folder: Path) -> Iterator[Any]:
    """Hold what the engine has, locked against other calls; it is kept at the end."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / STATE
        empty = {"containers": {}, "images": {}, "count": 0}
        state = json.loads(path.read_text("utf-8")) if path.exists() else empty
        try:
            yield state
        finally:
            _replace(path, state)
