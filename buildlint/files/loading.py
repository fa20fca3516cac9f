"""Reading what is checked: a template, its request and its test, as a pipeline."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from buildlint.files.beside import find_test, misnamed_requests, request_beside, template_tested_by
from buildlint.files.names import (
    FileError,
    call_of,
    is_component,
    is_request,
    request_name,
    request_paths,
)
from buildlint.files.reading import read, read_from, read_named
from buildlint.files.streams import Unusable, unusable, warn
from buildlint.hosts.pipelines import Pipeline
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE
from buildlint.service.contract import COMPONENT, TEST
from buildlint.service.request import Request, RequestError, empty, override
from buildlint.service.request import load as load_request
from buildlint.text.messages import N_, filled
from buildlint.text.source import Source

STDIN = Path("-")


def load(
    path: Path,
    request_file: Path | None,
    stdin_filename: Path | None = None,
    searched: Iterable[Path] = (),
) -> Pipeline:
    """Read a file, found below one of the folders `searched`, and those that go with it.

    Raises Unusable.
    """
    name = stdin_filename if path == STDIN else path
    source = load_template(path, stdin_filename)
    try:
        if name and is_request(name):
            return Pipeline(None, load_request(source))
        if name and template_tested_by(name):
            return Pipeline(source, kind=TEST)
        is_template = not (name and is_component(name))
        beside = request_file or (request_beside(name, searched) if name else None)
        call = CREATE_PIPELINE if is_template else CREATE_COMPONENT
        request = load_request(read(beside), call) if beside else None
        if not is_template:
            return Pipeline(source, request, kind=COMPONENT)
        test = find_test(name, searched) if name else None
        return Pipeline(source, request, read(test) if test else None)
    except (FileError, OSError, RequestError) as error:
        raise unusable(error) from error


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
    if template is None or template == STDIN:
        return empty(request_name(None))
    return empty(request_name(template), call_of(template))


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
