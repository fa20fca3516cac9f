"""Reading what is checked: a template, its request and its test, as a pipeline."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from buildlint.files.beside import find_test, misnamed_requests, request_beside, template_tested_by
from buildlint.files.names import (
    FileError,
    call_of,
    is_host,
    is_request,
    kind_of,
    request_name,
    request_paths,
)
from buildlint.files.reading import read, read_from, read_named
from buildlint.files.streams import Unusable, unusable, warn
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.context import FindComponent
from buildlint.service.contract import TEMPLATE, TEST
from buildlint.service.request import Request, RequestError, empty, override
from buildlint.service.request import load as load_request
from buildlint.text.messages import N_, filled
from buildlint.text.source import Source

if TYPE_CHECKING:
    from buildlint.hosts.hosted import Hosted
    from buildlint.service.usable import UsableComponent

STDIN = Path("-")

Found = TypeVar("Found")


def load(
    path: Path,
    request_file: Path | None,
    stdin_filename: Path | None = None,
    searched: Iterable[Path] = (),
    *,
    on_problem: Callable[[Unusable], None] | None = None,
) -> "Pipeline | Hosted":
    """Read a file, found below one of the folders `searched`, and those that go with it.

    Raises Unusable; `on_problem` is told of a request or test that cannot be read instead, and the
    file is read without it.
    """
    name = stdin_filename if path == STDIN else path
    if name and is_host(name):
        from buildlint.files.hosts import hosted  # noqa: PLC0415 - most files are none

        return hosted(load_template(path, stdin_filename), name, searched, finder(name))
    return load_pipeline(path, request_file, stdin_filename, searched, on_problem=on_problem)


def load_pipeline(
    path: Path,
    request_file: Path | None,
    stdin_filename: Path | None = None,
    searched: Iterable[Path] = (),
    *,
    on_problem: Callable[[Unusable], None] | None = None,
) -> Pipeline:
    """Do so for a file that is of one pipeline or component."""
    name = stdin_filename if path == STDIN else path
    source = load_template(path, stdin_filename)
    if name and is_request(name):
        whole = _usable(lambda: load_request(source))
        return Pipeline(None, whole, component_named=finder(name))
    if name and template_tested_by(name):
        return Pipeline(source, kind=TEST)
    kind = kind_of(name)

    def request() -> Request | None:
        beside = request_file or (request_beside(name, searched) if name else None)
        return load_request(read(beside), call_of(name)) if beside else None

    def test() -> Source | None:
        beside = find_test(name, searched) if name and kind is TEMPLATE else None
        return read(beside) if beside else None

    return Pipeline(
        source,
        _usable(request, on_problem),
        _usable(test, on_problem),
        kind,
        component_named=finder(name),
    )


def finder(template: Path | None) -> FindComponent:
    """Return what finds the components of the repository that a template is in."""

    def find(name: str) -> "UsableComponent | None":
        from buildlint.files.components import named  # noqa: PLC0415 - few templates use one

        return named(name, template) if template else None

    return find


def _usable(
    find: Callable[[], Found], on_problem: Callable[[Unusable], None] | None = None
) -> Found | None:
    """Read something, or tell why it cannot be read. Raises Unusable if nobody is told."""
    try:
        return find()
    except (FileError, OSError, RequestError) as error:
        problem = unusable(error)
        if on_problem is None:
            raise problem from error
    on_problem(problem)
    return None


def with_assignments(
    request: Request | None, assignments: Iterable[str], template: Path | None
) -> Request | None:
    """Set what `--set` asks for in the request of a template, which may have none.

    Raises RequestError.
    """
    for assignment in assignments:
        request = override(request or no_request(template), assignment)
    return request


def no_request(template: Path | None) -> Request:
    """Make the request of a template that has none: it sets nothing."""
    named = None if template == STDIN else template
    return empty(request_name(named), call_of(named))


def hint_at_requests(files: Iterable[Path]) -> None:
    """Say which files are not read although they look like the request of one that has none."""
    for path, template in misnamed_requests(each for each in files if each != STDIN):
        toml, json = request_paths(template)
        text = (
            N_("{path}: not read, a request is TOML or JSON; use `{toml}` or `{json}`")
            if path.suffix.lower() in (".yaml", ".yml")
            else N_("{path}: not read, not the name of a request; use `{toml}` or `{json}`")
        )
        warn(filled(text, path=path, toml=toml.name, json=json.name))


def load_template(
    path: Path, stdin_filename: Path | None = None, *, is_named: bool = True
) -> Source:
    """Read a template alone, one that is named also from a pipe. Raises Unusable."""
    if path != STDIN:
        try:
            return read_named(path) if is_named else read(path)
        except OSError as error:
            raise unusable(error) from error
    return read_from(stdin(), os.fspath(stdin_filename or "<stdin>"))


def stdin() -> BinaryIO:
    """Standard input. Raises Unusable where there is none."""
    if sys.stdin is None:
        raise Unusable(filled(N_("standard input is closed")))
    return sys.stdin.buffer
