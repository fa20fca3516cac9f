"""Measure buildlint and its peers, print a table, and write it to benchmarks/RESULTS.md.

python -m benchmarks [--dockerfiles DIRECTORY]

It sets up what it needs in .venv-benchmarks, and takes some minutes.
"""

import argparse
import gc
import os
import platform
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import chdir
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import lark

import buildlint
from benchmarks import corpus, server
from benchmarks.hostile import OTHER_SHAPES, SHAPES, Shape
from benchmarks.peers import Peers, set_up
from benchmarks.table import Bars, Row, markdown
from benchmarks.timing import (
    Action,
    Command,
    Spent,
    least,
    peak,
    running,
    seconds,
    side_by_side,
    spend,
)
from buildlint.cli import OBJECTS_BETWEEN_COLLECTIONS
from buildlint.convert import Options, convert
from buildlint.files.config import Config, Overrides
from buildlint.files.run import Run
from buildlint.files.workers import processors
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.fixer import fix
from buildlint.lint.linter import DEFAULT_POLICY
from buildlint.lint.rules.examples import FROM
from buildlint.plan import FORMATS, render
from buildlint.plan.model import make
from buildlint.shell.shellcheck.process import find as find_shellcheck
from buildlint.text.source import Source

RESULTS = Path(__file__).with_name("RESULTS.md")
_PROGRAM = Path(sys.executable).with_name("buildlint")
_CHECK: Command = (
    *((_PROGRAM,) if _PROGRAM.exists() else (sys.executable, "-m", "buildlint")),
    *("check", "--quiet"),
)
_WITHOUT_SHELLCHECK = ("--ignore", "SC")
_LINT = Path(__file__).with_name("lint.js")

_ROUNDS = 5
_STARTS = 40
_PARSES = 7
_CHECKS = 50
_KILOBYTE, _MEGABYTE = 1 << 10, 1 << 20
_HOSTILE_SIZES = 16 * _KILOBYTE, 128 * _KILOBYTE
_FEW, _MANY = 10, 10_000
# One of so many files of infrastructure code holds a template.
_MANY_FOR_ONE = 20
_PASSED = Bars(5_000, 10_000, is_more_better=True)
# Linear, with room for what disturbs a measurement.
_LINEAR = 1.2


class Files(NamedTuple):
    """A corpus in both dialects: templates in a folder, and Dockerfiles."""

    name: str
    folder: Path
    templates: list[Path]
    dockerfiles: list[Path]

    def row(
        self, kind: str, ours: float, name: str, theirs: float, bars: Bars | None = None
    ) -> Row:
        """Compare the seconds that a check of the corpus takes with those of a peer."""
        own, other = (f"{len(self.templates) / taken:,.0f} files/s" for taken in (ours, theirs))
        measure = f"check of {self.name}, {kind}"
        return Row(measure, own, f"{name} {other}", theirs / ours, bars)


class Bench:
    """The corpus in both dialects, as texts and as files of a folder, and the peers."""

    def __init__(self, folder: Path, peers: Peers) -> None:
        self.peers = peers
        self.texts = list(corpus.templates())
        self.docker_texts = [corpus.in_docker_dialect(text) for text in self.texts]
        self.folder = folder
        self.generated = self._files("the corpus", self.texts, self.docker_texts)
        self.has_shellcheck = find_shellcheck() is not None

    def _files(self, name: str, texts: list[str], docker_texts: list[str]) -> Files:
        folder = self.folder / name.replace(" ", "-")
        return Files(
            name,
            folder / "templates",
            corpus.write(folder / "templates", texts),
            corpus.write(folder / "docker", docker_texts, ".Dockerfile"),
        )

    def of_corpus(self) -> Iterator[Row]:
        """Check the whole corpus."""
        return self._of_files(self.generated, is_judged=True)

    def of_dockerfiles(self, folder: Path) -> Iterator[Row]:
        """Check real Dockerfiles, for buildlint with an image of its own kind."""
        texts = list(corpus.dockerfiles(folder))
        templates = [corpus.in_own_dialect(text) for text in texts]
        name = f"{len(texts):,} real Dockerfiles"
        return self._of_files(self._files(name, templates, texts), is_judged=False)

    def _of_files(self, files: Files, *, is_judged: bool) -> Iterator[Row]:
        """Check files; of what takes long, each round measures a part."""
        ours = (*_CHECK, files.folder, *_WITHOUT_SHELLCHECK)
        modules = self.peers.node_modules
        alone, together, theirs, deep = [], [], [], []
        libraries: dict[str, list[Spent]] = {name: [] for name in self.peers.libraries}
        for number in range(_ROUNDS):
            part = slice(number, None, _ROUNDS)
            if self.peers.hadolint:
                theirs.append(spend(self.peers.hadolint, "--no-fail", *files.dockerfiles[part]))
            alone.append(spend(*ours, "--jobs", "1"))
            together.append(spend(*ours))
            if self.has_shellcheck:
                deep.append(spend(*_CHECK, *files.templates[part], "--jobs", "1"))
            for name, times in libraries.items():
                times.append(spend("node", _LINT, modules, name, *files.dockerfiles))
        own = median(each.wall for each in alone)
        must, goal = (Bars(15, bar, is_more_better=True) if is_judged else None for bar in (15, 30))
        if theirs:
            wall, processor = (sum(each) for each in zip(*theirs, strict=True))
            yield files.row("one process", own, "hadolint", wall, must)
            taken = median(each.wall for each in together)
            yield files.row(f"{processors()} workers", taken, "hadolint", wall, goal)
            taken = median(each.processor for each in alone)
            yield files.row("by processor time", taken, "hadolint", processor)
            if deep:
                taken, used = (sum(each) for each in zip(*deep, strict=True))
                yield files.row("one process, with ShellCheck", taken, "hadolint", wall)
                kind = "by processor time, with ShellCheck"
                yield files.row(kind, used, "hadolint", processor)
        for name, times in libraries.items():
            peer = median(each.wall for each in times)
            yield files.row("one process", own, name, peer)

    def of_parser(self) -> Iterator[Row]:
        """Parse the whole corpus, in this process."""
        if self.peers.parser is None:
            return
        ours, theirs = side_by_side(
            _PARSES,
            _each(buildlint.parse, self.texts),
            _each(self.peers.parser.parse_string, self.docker_texts),
        )
        count = len(self.texts)
        yield Row(
            "parse, against BuildKit's parser",
            f"{ours / count * 1e3:.2f} ms a file",
            f"dockerfile {theirs / count * 1e3:.2f} ms a file",
            ours / theirs,
            Bars(2, 1),
        )

    def of_start(self) -> Iterator[Row]:
        """Check one file of the usual size with a process of its own: its time and memory."""
        sizes = [len(text) for text in self.texts]
        number = sizes.index(sorted(sizes)[len(sizes) // 2])
        deep = (*_CHECK, self.generated.templates[number])
        plain = (*deep, *_WITHOUT_SHELLCHECK)
        peer = ""
        if self.peers.hadolint:
            theirs = (self.peers.hadolint, "--no-fail", self.generated.dockerfiles[number])
            yield from _starts("cold start", plain, theirs, Bars(3, 1))
            if self.has_shellcheck:
                yield from _starts("cold start, with ShellCheck", deep, theirs)
            peer = f"hadolint {peak(theirs):.0f} MB"
        size = peak(plain)
        yield Row("peak memory of that run", f"{size:.1f} MB", peer, size, Bars(45, 30), " MB")

    def of_terraform(self, folder: Path) -> Iterator[Row]:
        """Check files of Terraform of which few hold a template: the others are skipped."""
        with_template = list(corpus.terraform(holds_template=True))
        texts = list(corpus.terraform(holds_template=False))
        corpus.write(folder / "passed", texts, ".tf")
        texts[::_MANY_FOR_ONE] = with_template[::_MANY_FOR_ONE]
        corpus.write(folder / "terraform", texts, ".tf")
        for name, measure, bars in (
            ("passed", "Terraform files without a template skipped, one process", _PASSED),
            ("terraform", f"check of {len(texts):,} Terraform files, 5 % with a template", None),
        ):
            command = (*_CHECK, folder / name, *_WITHOUT_SHELLCHECK, "--jobs", "1")
            (taken,) = side_by_side(_ROUNDS, running(*command))
            speed = len(texts) / taken
            yield Row(measure, f"{speed:,.0f} files/s", "", speed, bars, " files/s")

    def of_large_template(self) -> Iterator[Row]:
        """Check a template near both limits, in this process."""
        text = corpus.template(16 * _KILOBYTE, 127)
        (taken,) = side_by_side(_CHECKS, lambda: buildlint.check(text))
        measure = (
            f"check in process, {len(text.encode()):,} bytes, {corpus.commands_of(text)} commands"
        )
        yield Row(measure, f"{taken * 1e3:.1f} ms", "", taken * 1e3, Bars(15, 5), " ms")

    def of_growth(self, folder: Path) -> Iterator[Row]:
        """Check larger inputs, and more files: what a byte costs is to stay the same."""
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the command line does
        # Nearly the same bytes: what is remembered of one template helps with no other.
        sizes = {size: _MEGABYTE // size for size in (_KILOBYTE, _MEGABYTE)}
        base, cost = (
            _cost_of_texts([corpus.template(size, number=each) for each in range(count)])
            for size, count in sizes.items()
        )
        yield Row(
            "cost of a byte, a template of 1 MiB against a thousand of 1 KB",
            f"{cost:.2f} µs against {base:.2f} µs",
            "",
            cost / base,
            Bars(_LINEAR, _LINEAR),
        )
        yield _hostile("check", buildlint.check, SHAPES)
        for name, action in _OTHER_ACTIONS.items():
            yield _hostile(name, action, OTHER_SHAPES)
        files = corpus.write(folder / "many", corpus.templates(_MANY))
        samples = [files[start :: _MANY // _FEW] for start in range(0, _MANY // _FEW, 40)]
        for kind, jobs, goal, clock in (
            ("one process", 1, _LINEAR, _own),
            (f"{processors()} workers", None, 1.0, seconds),
        ):
            few = sum(_cost(sample, 1, clock) for sample in samples) / len(samples)
            many = _cost(files, jobs, clock)
            yield Row(
                f"cost of a byte, {_MANY:,} files against {_FEW}, {kind}",
                f"{many:.2f} µs against {few:.2f} µs",
                "",
                many / few,
                Bars(_LINEAR, goal),
            )


def _own(action: Action) -> float:
    """Return the processor time of an action of this process."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def _starts(
    measure: str, ours: Command, theirs: Command, bars: Bars | None = None
) -> Iterator[Row]:
    """Compare what a start takes at least, by the clock and of processors."""
    for kind, own, other in zip(
        ("", ", by processor time"), *least(_STARTS, ours, theirs), strict=True
    ):
        peer = f"hadolint {other * 1e3:.0f} ms"
        yield Row(f"{measure}{kind}", f"{own * 1e3:.0f} ms", peer, own / other, bars)
        bars = None


def _each(function: Callable[[str], object], texts: Iterable[str]) -> Callable[[], object]:
    """Make an action that calls a function with each text, and keeps nothing."""
    return lambda: deque(map(function, texts), maxlen=0)


def _plan(text: str) -> None:
    plan = make(Pipeline(Source("a.buildcontent", text), None))
    for output_format in FORMATS:
        render(plan, output_format)


_OTHER_ACTIONS: dict[str, Callable[[str], object]] = {
    "format": buildlint.format,
    "fix": lambda text: fix(Source("a.buildcontent", text), None, DEFAULT_POLICY),
    "plan": _plan,
    "convert": lambda text: convert(
        Source("Dockerfile", text.replace(FROM, "FROM ubuntu:22.04\n")), Options()
    ),
}


def _hostile(action: str, function: Callable[[str], object], shapes: Mapping[str, Shape]) -> Row:
    """Do something with what is made to be slow; tell the shape whose cost grows most."""
    costs = {
        name: [_cost_of_texts([shape.text(size)], function) for size in _HOSTILE_SIZES]
        for name, shape in shapes.items()
    }
    worst = max(costs, key=lambda name: costs[name][1] / costs[name][0])
    base, cost = costs[worst]
    small, large = (size // _KILOBYTE for size in _HOSTILE_SIZES)
    return Row(
        f"{action}, cost of a byte, {large} KiB against {small} KiB, worst of {len(costs)} hostile "
        "inputs",
        f"{worst}: {cost:.2f} µs against {base:.2f} µs",
        "",
        cost / base,
    )


def _cost_of_texts(
    texts: Sequence[str], function: Callable[[str], object] = buildlint.check
) -> float:
    """Check texts in this process, or do something else; return microseconds a byte."""
    taken = median(_own(_each(function, texts)) for _ in range(3))
    return taken / sum(len(text.encode()) for text in texts) * 1e6


def _cost(files: list[Path], jobs: int | None, clock: Callable[[Action], float]) -> float:
    """Check files in this process and its workers; return microseconds a byte."""
    run = Run(Overrides(ignore=("SC",)), Config())
    taken = clock(lambda: run.check(files, jobs))
    return taken / sum(file.stat().st_size for file in files) * 1e6


def _rows(folder: Path, peers: Peers, dockerfiles: Path | None) -> Iterator[Row]:
    bench = Bench(folder, peers)
    yield from bench.of_corpus()
    if dockerfiles:
        yield from bench.of_dockerfiles(dockerfiles)
    yield from bench.of_parser()
    yield from bench.of_start()
    yield from bench.of_large_template()
    yield from bench.of_terraform(folder)
    if find_spec("pygls"):
        yield from server.rows()
    yield from bench.of_growth(folder)


_NOTES = """\
Times are medians, measured alternately with the peer in one run: compare the ratios, because
absolute times mean little on a shared machine. Those of cold starts and of the server are the least
of all rounds. Processor time includes that of all processes that a command starts. The growth of
one process is measured in processor time. The corpus comes from `benchmarks/corpus.py`: {count:,}
templates with a median of {size:,} bytes and a maximum of {largest:,}. Tools that only support
Docker get it with a Docker image and without RESTART. Of real Dockerfiles, buildlint gets those of
16 KB or less, with an image of its own kind.

- hadolint includes the analysis of ShellCheck, which cannot be turned off. buildlint runs
  ShellCheck as a separate program if it is installed; only the rows "with ShellCheck" include it.
- hadolint checks {part} files per command, its fastest way. Its runtime uses several processors for
  some of its work: it is faster in wall-clock time if they are free, and uses more processor time.
- dockerfile-utils and dockerfilelint run in one Node process; they look for fewer mistakes, and do
  not check shell code.
- BuildKit's parser returns instructions as text; buildlint's creates a node with a position for
  every argument.
- "linear" allows {noise:.0%} of noise.
"""


def _report(rows: list[Row], peers: Peers, loads: Sequence[float]) -> str:
    """Write the results: the table with machine, versions and date.

    `loads` are the load averages before and after the measurements.
    """
    sizes = sorted(len(text.encode()) for text in corpus.templates())
    versions = {
        "buildlint": buildlint.__version__,
        "Python": platform.python_version(),
        "lark": lark.__version__,
        **peers.versions,
    }
    shown = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    lines = [
        "# Results\n",
        f"`python -m benchmarks`, {datetime.now(UTC):%Y-%m-%d}.\n",
        f"{_machine()}, {platform.system()} {platform.release()}: {shown}.\n",
        "Load average of the last minute: {:.2f} before, {:.2f} after.\n".format(*loads),
        markdown(rows),
        *(f"{name} is not available: its rows are missing.\n" for name in peers.missing),
        _NOTES.format(
            count=len(sizes),
            size=sizes[len(sizes) // 2],
            largest=sizes[-1],
            part=len(sizes) // _ROUNDS,
            noise=_LINEAR - 1,
        ),
    ]
    return "\n".join(lines)


def _machine() -> str:
    """Name the processor, or its architecture where the system does not tell."""
    information = Path("/proc/cpuinfo")
    text = information.read_text("utf-8") if information.exists() else ""
    names = re.findall(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return f"{next(iter(names), platform.machine())}, {processors()} processors"


def main() -> int:
    """Print the table and write the results; exit with 1 if a must is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--dockerfiles", type=Path, metavar="DIRECTORY", help="real Dockerfiles to be checked, too"
    )
    dockerfiles: Path | None = parser.parse_args().dockerfiles
    peers = set_up()
    for name in peers.missing:
        sys.stderr.write(f"{name} is not available: its rows are missing\n")
    rows = []
    loads = [os.getloadavg()[0]]
    # Programs start with the bytecode of an earlier start, as they do after an installation.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # No configuration is found from there.
    with TemporaryDirectory() as name:
        folder = dockerfiles and dockerfiles.resolve()
        with chdir(name):
            for row in _rows(Path(name), peers, folder):
                sys.stderr.write(f"{' | '.join(row.cells())}\n")
                rows.append(row)
    loads.append(os.getloadavg()[0])
    RESULTS.write_text(_report(rows, peers, loads), "utf-8")
    sys.stdout.write(markdown(rows))
    return 1 if any(row.is_missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
