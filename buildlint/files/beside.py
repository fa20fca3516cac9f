"""What lies beside a file: the request and the test of a template, the template of either."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from buildlint.files.names import (
    COMPONENT_SUFFIX,
    PLAIN_NAME,
    REQUEST_SUFFIXES,
    TEMPLATE_SUFFIX,
    FileError,
    is_component,
    is_host,
    is_request,
    path_of_test,
    request_paths,
    requested,
    tested,
)
from buildlint.files.reading import read
from buildlint.files.trees import leaves, repository
from buildlint.service.contract import BUILD_CONTENT
from buildlint.text.messages import N_, filled
from buildlint.text.regex import regex


def named(path: Path) -> Path:
    """Find the template that a single file stands for: by its request, its test or its stem.

    Raises FileError.
    """
    if is_request(path):
        return named_by_request(path)
    return template_tested_by(path) or without_suffix(path) or path


def named_by_request(path: Path) -> Path:
    """The template of a request, or the request itself if it holds one. Raises FileError."""
    try:
        return template_of(path)
    except FileError:
        if _speaks_of_template(path):
            return path
        raise


def is_template(path: Path) -> bool:
    """Whether a file that is included is a template, and no request or test of another."""
    return may_hold_template(path) and template_tested_by(path) is None


def may_hold_template(path: Path) -> bool:
    """Take a cheap look at a file that is something else in the first place, if it is one."""
    if is_request(path):
        return holds_template(path)
    if is_host(path):
        from buildlint.files.hosts import holds_resource  # noqa: PLC0415 - most files are none

        return holds_resource(path)
    return True


def holds_template(request: Path) -> bool:
    """Whether a request that has no template beside it may hold one itself: a cheap look."""
    with suppress(FileError):
        template_of(request)
        return False
    return _speaks_of_template(request)


def _speaks_of_template(request: Path) -> bool:
    with suppress(OSError):  # that is told when it is read
        return BUILD_CONTENT in read(request).text
    return False


def find_test(template: Path, searched: Iterable[Path] = ()) -> Path | None:
    """Find the test of a template. Raises FileError as :func:`request_beside` does."""
    path = path_of_test(template)
    if not os.path.lexists(path):
        return None
    if _leads_out(path, searched):
        raise FileError(filled(N_("{path}: a link that leads elsewhere; remove it"), path=path))
    return path


def template_tested_by(test: Path) -> Path | None:
    """Find the template whose test a file is; one without a template is a template itself."""
    return next(filter(Path.is_file, tested(test)), None)


def without_suffix(path: Path) -> Path | None:
    """Find the template of a path that leaves out how its name ends, and names nothing itself."""
    if os.path.lexists(path):
        return None
    suffixes = (TEMPLATE_SUFFIX, COMPONENT_SUFFIX)
    names = (Path(f"{path}{suffix}") for suffix in suffixes)
    return next((each for each in names if os.path.isfile(each)), None)  # noqa: PTH113 - no name is too long for it


def request_beside(template: Path, searched: Iterable[Path] = ()) -> Path | None:
    """Find the request file of a template, which was found below one of the folders `searched`.

    Raises FileError if there are two, and for a link that leads out of what was searched, or of the
    repository that the template is in.
    """
    # A link that leads nowhere is reported when it is read.
    found = [path for path in request_paths(template) if path.is_symlink() or path.exists()]
    if len(found) > 1:
        raise FileError(
            filled(
                N_("{template}: there are two request files, `{first}` and `{second}`; remove one"),
                template=template,
                first=found[0].name,
                second=found[1].name,
            )
        )
    for path in found:
        if _leads_out(path, searched):
            text = N_("{path}: a link that leads elsewhere; use `--request` to read it")
            raise FileError(filled(text, path=path))
    return found[0] if found else None


def _leads_out(path: Path, searched: Iterable[Path]) -> bool:
    """Whether a path is a link out of all that the file belongs to."""
    return all(leaves(path, each) for each in around(path, searched))


def around(path: Path, searched: Iterable[Path]) -> Iterator[Path]:
    """Yield the folders that a file belongs to, their paths without links."""
    folder = Path(os.path.realpath(path.parent))
    yield folder
    if root := repository(folder):
        yield root
    roots = [Path(os.path.realpath(each)) for each in searched]
    found = [each for each in roots if folder.is_relative_to(each)]
    # One that is named belongs to where it is named from.
    current = [] if found else [Path(os.path.realpath(os.curdir))]
    yield from (*found, *(each for each in current if folder.is_relative_to(each)))


def misnamed_requests(templates: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield the files that look like the request of a template which has none, each with that.

    They have a name that nothing else has: `web.request.yaml`, `Web.Request.toml`, and
    `request.toml` beside a single template.
    """
    folders: dict[Path, _Folder] = {}
    for template in templates:
        folder = template.parent
        with suppress(OSError):
            if folder not in folders:
                folders[folder] = _folder(folder)
            found = folders[folder]
            if found.requests and not any(map(os.path.lexists, request_paths(template))):
                of_it = (folder / name for name in found.requests if _is_of(template, name, found))
                yield from ((path, template) for path in of_it if path.is_file())


class _Folder(NamedTuple):
    """The templates and components in a folder, and what looks like a request of none of them."""

    templates: list[str]
    requests: list[str]


# The end of a name like that of a request, and the whole of one without the template's.
_LIKE_A_REQUEST = regex(r"(?i)(?:^|[._-])requests?(?:\.(?:toml|json|ya?ml))?$")


def _folder(path: Path) -> _Folder:
    """List a folder. Raises OSError."""
    names = sorted(each.name for each in path.iterdir() if not each.name.startswith("."))
    found = [name for name in names if _is_template(name) or is_component(Path(name))]
    right = {each.name for name in found for each in request_paths(Path(name))}
    requests = [each for each in names if _LIKE_A_REQUEST.search(each) and each not in right]
    return _Folder(found, requests)


def _is_template(name: str) -> bool:
    """Whether a file is a template by its name."""
    return name == PLAIN_NAME or name.endswith(TEMPLATE_SUFFIX)


def _is_of(template: Path, name: str, folder: _Folder) -> bool:
    """Whether a name like that of a request is that of a template's in the same folder."""
    stem = _LIKE_A_REQUEST.sub("", name).lower()
    if not stem:
        return folder.templates == [template.name] and name.lower().startswith("request.")
    # The request of a component has the whole of its name.
    whole = request_paths(template)[0].name.removesuffix(REQUEST_SUFFIXES[0]).lower()
    return stem in (template.name.lower(), whole, whole.removesuffix(COMPONENT_SUFFIX))


def template_of(request: Path) -> Path:
    """Find the template or component of a request file. Raises FileError if none is beside it."""
    names = requested(request)
    for template in names:
        if template.is_file():
            return template
    text = (
        N_("{request}: there is no component `{template}` next to it")
        if is_component(names[0])
        else N_("{request}: there is no template `{template}` next to it")
    )
    raise FileError(filled(text, request=request, template=names[0].name))
