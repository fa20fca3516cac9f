"""A run over files: reading each with its request, and writing what was mended."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from buildlint.files.beside import template_tested_by
from buildlint.files.config import Config, ConfigError, Overrides, nearest
from buildlint.files.loading import (
    STDIN,
    hint_at_requests,
    load,
    load_template,
    stdin,
    with_assignments,
)
from buildlint.files.names import FileError, has_layout, is_host, request_paths
from buildlint.files.reading import read_again
from buildlint.files.search import templates
from buildlint.files.streams import (
    Meter,
    Unusable,
    complain,
    refuse_input,
    unusable,
    warn,
    write_back,
    write_to,
)
from buildlint.files.trees import distrust_around
from buildlint.hosts.pipelines import Pipeline
from buildlint.hosts.units import Subject, Unit
from buildlint.lint.linter import AskOthers, Policy
from buildlint.service.contract import COMPONENTS
from buildlint.service.request import Request, RequestError
from buildlint.service.request import load as load_request
from buildlint.shell import reader
from buildlint.shell.shellcheck.session import Session, Shown
from buildlint.text.bounded import note_input
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import N_, filled, number, printable
from buildlint.text.source import Source, encode

# So much of standard input is passed on at once.
_PART = 1 << 16
# What is found in so many files is handed over at once, for those who take it by parts.
_FILES_AT_ONCE = 1_000

# ShellCheck is shown so many files at once, and so many are a worker's task at most.
_AT_ONCE = 50
# For fewer files, worker processes do not pay.
_FILES_FOR_WORKERS = 50
# So many tasks each: with large ones, some would wait for the last.
_TASKS_EACH = 4

if TYPE_CHECKING:
    from buildlint.hosts.hosted import Hosted
    from buildlint.lint.fixer import Fixed

TakeFound = Callable[[list[Diagnostic]], None]
Edit = Callable[[Subject, Policy, AskOthers], "Fixed"]


class Run:
    """What a run was asked for, and what it has seen so far."""

    def __init__(
        self,
        overrides: Overrides,
        config: Config | None = None,
        request_file: Path | None = None,
        stdin_filename: Path | None = None,
        output: Path | None = None,
        assignments: tuple[str, ...] = (),
    ) -> None:
        self.overrides = overrides
        self.config = config
        self.request_file = request_file
        self.stdin_filename = stdin_filename
        self.output = output
        self.assignments = assignments
        self.shellcheck = Session()
        self.found: list[Diagnostic] = []
        self.files = 0
        self.components = 0
        self.requests: set[str] = set()
        self.edits = 0
        self.failed = False
        self.wrote_to_stdout = False
        self.excludes_stdin = False
        self.difference = ""
        self.searched: list[Path] = []
        self._take_found: TakeFound | None = None
        self._kept = 0
        self._meter = Meter(sys.stderr)
        self._complain = complain

    def left_out(self) -> Iterator[str]:
        """Say what was left out for want of a program that could do it."""
        if (self.files or self.components) and not reader.is_available():
            yield filled(
                N_("shell rules were skipped: tree-sitter is not installed; reinstall buildlint")
            )
        if self.shellcheck.is_missed:
            yield filled(
                N_(
                    "ShellCheck was skipped, because it is not installed: `pip install "
                    "'buildlint[shellcheck]'`"
                )
            )
        if self.shellcheck.problem:
            text = N_("ShellCheck's findings were skipped: {problem}")
            yield filled(text, problem=self.shellcheck.problem)

    def check(
        self, paths: Sequence[Path], jobs: int | None = None, take: TakeFound | None = None
    ) -> None:
        """Check each file, in so many processes.

        None stands for as many as pay, 0 for one per CPU. `take` is given what was found in so many
        files as soon as that is known: what is found in the last ones is left in `found`. Raises
        Unusable if a process dies.
        """
        self._take_found = take
        files = self._files(paths)
        if take and len(files) > _FILES_AT_ONCE:
            files.sort(key=os.fspath)  # as what is found in all of them would be sorted
        jobs = min(_jobs(len(files)) if jobs is None else jobs or _processors(), len(files))
        # Standard input is not handed to other processes.
        if jobs > 1 and STDIN not in files:
            self._check_apart(files, jobs)
        else:
            self._check(files)

    def _check(self, files: Sequence[Path]) -> None:
        for _, pipeline, policy in self._judged(files):
            self.found += pipeline.check(policy, self.shellcheck.ask)
            self._hand_over(1)

    def _hand_over(self, files: int) -> None:
        """Give away what was found when it is what so many files have, and these are more."""
        self._kept += files
        if self._take_found and self._kept >= _FILES_AT_ONCE:
            self._meter.clear()
            self._take_found(self.found)
            self.found, self._kept = [], 0

    def _check_apart(self, files: Sequence[Path], jobs: int) -> None:
        """Check files in worker processes, and take what they see in the order of the files."""
        from buildlint.files.workers import (  # noqa: PLC0415 - imports much
            WorkerDiedError,
            ordered,
        )

        size = max(1, min(_AT_ONCE, len(files) // (jobs * _TASKS_EACH)))
        tasks = [files[start : start + size] for start in range(0, len(files), size)]
        run = Run(self.overrides, self.config, self.request_file, assignments=self.assignments)
        run.searched = self.searched
        parts = ordered(run.part, tasks, jobs)
        try:
            with closing(parts), self._progress(len(files)) as advance:
                for task, part in zip(tasks, parts, strict=True):
                    self._take(part)
                    self._hand_over(len(task))
                    advance(len(task))
        except WorkerDiedError as error:
            text = N_(
                "a worker process exited with status {status} while checking `{first}` to "
                "`{last}`; try --jobs 1"
            )
            first, last = (printable(os.fspath(error.item[number])) for number in (0, -1))
            message = filled(text, status=error.status, first=first, last=last)
            raise Unusable(message) from error

    def part(self, files: Sequence[Path]) -> "Part":
        """Check files for another process, which reports what is seen."""
        errors: list[str] = []
        self.found, self.files, self.components, self.requests = [], 0, 0, set()
        self._complain = lambda error: errors.append(unusable(error).message)
        self._check(files)
        return Part(
            self.found,
            self.files,
            self.components,
            self.requests,
            errors,
            self.shellcheck.is_missed,
            self.shellcheck.problem,
        )

    def _take(self, part: "Part") -> None:
        for error in part.errors:
            self._report(Unusable(error))
        self.found += part.found
        self.files += part.files
        self.components += part.components
        self.requests |= part.requests
        self.shellcheck.is_missed |= part.is_missed
        self.shellcheck.problem = self.shellcheck.problem or part.problem

    def rewrite(self, paths: Sequence[Path], edit: Edit, *, diff: bool = False) -> None:
        """Edit each file and keep what is left to report, or only collect what would change."""
        files = self._files(paths)
        for path, pipeline, policy in self._judged(files):
            now = pipeline
            for file in pipeline.files:
                if (subject := now.subject(file)) is None:
                    continue
                where = path if file == now.own else Path(subject.source.path)
                if self._is_read_only(path, file, now):
                    self.found += subject.check(subject.source, policy, self.shellcheck.ask)
                elif text := self._edited(where, subject, edit, policy, diff=diff):
                    now = now.edited(file, text)
        if self.excludes_stdin and not diff:
            self._pass_stdin_on()

    def _is_read_only(self, path: Path, file: str, pipeline: "Pipeline | Hosted") -> bool:
        """Whether a file is left alone: one beside standard input, and a request of several."""
        is_shared = file == "request" and self.request_file is not None
        return file != pipeline.own and (path == STDIN or is_shared)

    def _edited(
        self, path: Path, subject: Subject, edit: Edit, policy: Policy, *, diff: bool
    ) -> Source | None:
        """Edit a file and keep what is left to report; return what it holds now if that is new."""
        result = edit(subject, policy, self.shellcheck.ask)
        source, after = subject.source, result.source
        try:
            if diff:
                self.difference += _difference(source, after)
            else:
                self._write(path, source, after.text)
                self.edits += result.counts.total()
        except Unusable as error:
            self._report(error)
            self.found += subject.check(source, policy, self.shellcheck.ask)
            return None
        self.found += result.diagnostics
        return None if after.text == source.text else after

    def format(self, paths: Sequence[Path], *, keep: bool, diff: bool) -> list[str]:
        """Write each file in its layout, or keep it; return the names of those that change.

        With `diff`, what changes is collected.
        """
        from buildlint.compiler.formatter import (  # noqa: PLC0415 - not for a check
            FormatError,
            format_source,
        )

        changed: list[str] = []
        for path, pipeline in self._each(
            self._files(paths, with_request=False), with_request=False
        ):
            source = pipeline.source
            try:
                text = format_source(source, self._config(path)["line-length"])
                if not keep:
                    self._write(path, source, text)
            except (FormatError, Unusable) as error:
                self._report(error)
                continue
            if text != source.text:
                changed.append(source.path)
                if diff:
                    self.difference += _difference(source, source.replace(text=text))
        if self.excludes_stdin and not keep:
            self._pass_stdin_on()
        return changed

    def _write(self, path: Path, source: Source, text: str) -> None:
        """Write the new text of a source in the place of what was read. Raises Unusable."""
        if path == STDIN:
            self.wrote_to_stdout = True
        elif text == source.text:
            return
        refuse_truncated(source)
        if path == STDIN:
            write_to(path, encode(text))
            return
        try:
            now = read_again(path)
        except OSError as error:
            raise unusable(error) from error
        if now.text != source.text:
            message = N_(
                "{path}: changed by another program in the meantime, so it was not written; try "
                "again"
            )
            raise Unusable(filled(message, path=path))
        write_back(path, encode(text))

    def _judged(self, files: Sequence[Path]) -> Iterator[tuple[Path, "Pipeline | Hosted", Policy]]:
        """Read each file, with what it is judged by."""
        judged = ((*file, self._policy(file[0])) for file in self._each(files))
        while batch := list(islice(judged, _AT_ONCE)):
            self.shellcheck.prepare(
                (unit.source, policy.registry.shellcheck, partial(_shown, unit, policy))
                for _, pipeline, policy in batch
                for unit in pipeline.units
                if unit.template is None  # it would be parsed from its text
            )
            yield from batch

    def _each(
        self, files: Sequence[Path], *, with_request: bool = True
    ) -> Iterator[tuple[Path, "Pipeline | Hosted"]]:
        """Read each file that can be read, and report the others."""
        with self._progress(len(files)) as advance:
            for path in files:
                advance(1)
                try:
                    pipeline = (
                        self._load(path)
                        if with_request
                        else Pipeline(load_template(path, self.stdin_filename))
                    )
                    self._config(path)
                except (ConfigError, OSError, RequestError, Unusable) as error:
                    self._report(error)
                    continue
                components = sum(kind in COMPONENTS for kind in pipeline.kinds)
                self.components += components
                self.files += len(pipeline.kinds) - components
                if pipeline.beside:
                    self.requests.add(pipeline.beside.path)
                yield path, pipeline

    def _load(self, path: Path) -> "Pipeline | Hosted":
        """Read a file and what goes with it. Raises RequestError, Unusable.

        A request that cannot be read is reported, and the template checked as if there were none:
        nothing is said of what it would depend on.
        """
        read = load(
            path, self.request_file, self.stdin_filename, self.searched, on_problem=self._report
        )
        if not isinstance(read, Pipeline) or (read.request is None and self.failed):
            return read
        name = self.stdin_filename if path == STDIN else path

        def assigned(request: Request | None) -> Request | None:
            return with_assignments(request, self.assignments, name)

        return read.replace(
            request=assigned(read.request),
            read_request=lambda source, call: assigned(load_request(source, call)),
        )

    def _files(self, paths: Sequence[Path], *, with_request: bool = True) -> list[Path]:
        """Find the templates that paths stand for, each once."""
        found: dict[Path, None] = {}
        for path in self._templates(paths or [Path()]):
            found[path] = None
            if self._meter.is_due():
                self._meter.show(filled(N_("{count} files found"), count=number(len(found))))
        self._meter.clear()
        files = [*found]
        if with_request:
            # A test is checked with its template, and what a host file names with that.
            known, with_others = {*files}, self._named_by_hosts(files)
            files = [
                path
                for path in files
                if path == STDIN or not (template_tested_by(path) in known or path in with_others)
            ]
        else:
            files = [path for path in files if has_layout(path)]
        for folder in {*(path.parent for path in files), *self.searched}:
            distrust_around(folder)
        if not files and not self.failed:
            text = N_(
                "no templates found (`NAME.buildcontent`, `BuildContent`, `NAME.component`, or in "
                "Terraform, ROS and Pulumi files)"
            )
            warn(filled(text))
        if self.output:
            self._keep_inputs(files, self.output)
        if with_request and not self.request_file:
            hint_at_requests(path for path in files if not is_host(path))
        return files

    def _named_by_hosts(self, files: Sequence[Path]) -> set[Path]:
        """Find which of the files are the templates of resources that others declare."""
        hosts = [path for path in files if path != STDIN and is_host(path)]
        if not hosts:
            return set()
        others = {os.path.realpath(path): path for path in files if not is_host(path)}
        from buildlint.files.hosts import hosted  # noqa: PLC0415 - most files are none

        found: set[Path] = set()
        for path in hosts:
            with suppress(Unusable):  # that is told when it is checked
                named = hosted(load_template(path, is_named=False), path, self.searched)
                real = {os.path.realpath(each) for each in named.files}
                found |= {others[each] for each in real & others.keys()}
        return found

    def _keep_inputs(self, files: Iterable[Path], output: Path) -> None:
        """Refuse an output before anything is written to it or to what it would overwrite.

        Raises Unusable.
        """
        for path in files:
            # Standard input is what its name has, as an editor sees it.
            name = self.stdin_filename if path == STDIN else path
            beside = (name, *request_paths(name)) if name else ()
            for each in (*beside, self.request_file):
                if each:
                    with suppress(OSError):
                        note_input(each)
        refuse_input(output)

    def _templates(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Find the templates that paths stand for, and report those that stand for none."""
        for path in paths:
            try:
                if path != STDIN:
                    self._config(path / "x")  # if it is broken, nothing is searched
                    search = self.overrides.search(self._config)
                    self.searched += [path] if path.is_dir() else []
                    yield from templates(path, search, self._report)
                elif self._takes_stdin():
                    yield path
                else:
                    self.excludes_stdin = True
            except (ConfigError, FileError, OSError) as error:
                self._report(error)

    def _takes_stdin(self) -> bool:
        """Whether standard input is taken by the name that it is given. Raises ConfigError."""
        name = self.stdin_filename
        return name is None or self.overrides.takes_named(name, self._config)

    def _pass_stdin_on(self) -> None:
        """Write standard input as it is: who edits with `-` takes what comes for the new text."""
        while part := stdin().read(_PART):
            write_to(STDIN, part)
        self.wrote_to_stdout = True

    def _config(self, path: Path) -> Config:
        """The configuration for a file: the one that was named, or the nearest above it."""
        if self.config:
            return self.config
        name = self.stdin_filename if path == STDIN else path
        return nearest(name.parent if name else Path())

    def _policy(self, path: Path) -> Policy:
        return self.overrides.policy(self._config(path), path)

    def _report(self, error: Exception) -> None:
        self.failed = True
        self._meter.clear()
        self._complain(error)

    @contextmanager
    def _progress(self, files: int) -> Iterator[Callable[[int], None]]:
        """Show how many files are done: with each call, so many more."""
        done = 0

        def advance(more: int) -> None:
            nonlocal done
            done += more
            if self._meter.is_due():
                text = N_("{done} of {files} files checked")
                self._meter.show(filled(text, done=number(done), files=number(files)))

        try:
            yield advance
        finally:
            self._meter.clear()


class Part(NamedTuple):
    """What a worker process saw of some files; see :class:`Run`."""

    found: list[Diagnostic]
    files: int
    components: int
    requests: set[str]
    errors: list[str]
    is_missed: bool
    problem: str | None


def _jobs(files: int) -> int:
    """Choose how many processes check so many files: a few are done before others have started."""
    return 1 if files < _FILES_FOR_WORKERS else _processors()


def _processors() -> int:
    from buildlint.files.workers import processors  # noqa: PLC0415 - imports much

    return processors()


def _shown(unit: Unit, policy: Policy) -> Shown:
    """What ShellCheck is to see of a unit."""
    context = unit.context(policy)
    return context.template, context.sh


def refuse_truncated(source: Source) -> None:
    """Raise Unusable for a source that was read in part: what is written would be a part, too."""
    if source.is_truncated:
        raise Unusable(f"{source.path}: {filled(N_('larger than 1 MiB'))}")


def _difference(before: Source, after: Source) -> str:
    """Write what changes as a unified diff."""
    from buildlint.text.difference import unified  # noqa: PLC0415 - nobody else pays for it

    # Lines end in LF alone, not in what else Python takes for a line end.
    old, new = (list(StringIO(source.text, newline="\n")) for source in (before, after))
    lines = unified(old, new, printable(before.path), printable(after.path))
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
