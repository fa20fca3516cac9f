"""A build instance in a folder: what the service does with ENV, WORKDIR and RUN, in real shells."""

import re
import shutil
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

import buildlint
from buildlint.language.syntax import Env, Run, Workdir

# All that packing changes, in what the shell says of itself: the line of an error, what stands in
# front of a text that it cannot parse, and that `set -x` writes one + more for each eval.
_PLACE = re.compile(
    rb"(?<=/step: )(?:eval: |line |\d+: )*|(?<=`)shift \d+;|^\++(?=\+ )", re.MULTILINE
)


class Outcome(NamedTuple):
    """What a build leaves: `steps` that ran, the status of the last one, output, and files.

    A file is its mode with its content, a folder its mode alone. Messages of the shell are
    without their place.
    """

    steps: int
    status: int
    output: bytes
    errors: bytes
    files: dict[str, tuple[int, bytes | None]]

    @property
    def effect(self) -> tuple[object, ...]:
        """All but the number of steps."""
        return self[1:]


class Instance(NamedTuple):
    """`folder` is the whole of it, and empty when a build begins; `shell` runs each step.

    `keeps_lines` gives the shell the text of a RUN with its continuations, as it was written,
    instead of joined. A build begins with `folders`, and with `variables` as its environment.
    """

    folder: Path
    shell: str
    keeps_lines: bool = False
    variables: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    folders: Collection[Path] = ()

    def build(self, content: str) -> Outcome:
        """Run the commands of a content, one after another, until one fails."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in (self.folder, *self.folders):
            folder.mkdir(parents=True, exist_ok=True)
        # The same name for each: messages of the shell begin with it.
        script = self.folder.with_name("step")
        variables, directory = dict(self.variables), self.folder
        outputs: list[bytes] = []
        errors: list[bytes] = []
        steps = status = 0
        for command in buildlint.parse(content).instructions:
            if isinstance(command, Env):
                for pair in command.pairs:
                    assert pair.value
                    variables[pair.name.text] = pair.value.text.strip('"')
            elif isinstance(command, Workdir):
                directory = directory / command.paths[0].text
                directory.mkdir(parents=True, exist_ok=True)
            elif isinstance(command, Run):
                script.write_bytes(self._script(content, command).encode())
                done = subprocess.run(
                    [self.shell, script],
                    check=False,
                    cwd=directory,
                    env=variables,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=20,
                )
                steps += 1
                outputs.append(done.stdout)
                errors.append(done.stderr)
                status = done.returncode
                if status:
                    break
        output, error = (_PLACE.sub(b"", b"".join(each)) for each in (outputs, errors))
        return Outcome(steps, status, output, error, self._files())

    def _script(self, content: str, run: Run) -> str:
        assert run.arguments is not None
        if self.keeps_lines:
            start, end = run.arguments.span
            return content[start:end]
        return run.arguments.text

    def _files(self) -> dict[str, tuple[int, bytes | None]]:
        return {
            str(path.relative_to(self.folder)): (
                path.stat().st_mode,
                _PLACE.sub(b"", path.read_bytes()) if path.is_file() else None,
            )
            for path in sorted(self.folder.rglob("*"))
        }
