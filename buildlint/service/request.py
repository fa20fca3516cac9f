"""The request of a call: loading it, and where each of its values stands."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple, TypeGuard

from buildlint.service import locate
from buildlint.service.calls import CREATE_PIPELINE, Call
from buildlint.service.contract import IMAGE_TYPES, OSS, TEST_CONTENT
from buildlint.service.locate import Entry, Path
from buildlint.text.messages import N_, filled
from buildlint.text.record import Record
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

# Templates without a request import no parser for it.
# ruff: noqa: PLC0415

_MAX_DIGITS = 20
_TOO_DEEP = N_("{path}: nested too deeply")
# ImportImageOptions.DiskDeviceMappings.1.OSSBucket, and what the API may add below.
_MAX_STEPS = 6


class RequestError(ValueError):
    """A request that cannot be read at all; the text says where and why.

    `offset` is the place in the source, in code points, where that is known, and `problem` the text
    without it.
    """

    def __init__(self, text: str, offset: int = 0, problem: str | None = None) -> None:
        super().__init__(text)
        self.offset = offset
        self.problem = problem or text


class BaseImage(NamedTuple):
    """A base image: its type, IMAGE or IMAGE_FAMILY, and its id or name."""

    type: str
    image: str


class Request(Record):
    """The parameters of a request as written (not checked), and where they stand.

    `places` are those of the keys, `written` those of the values in the source of the request.
    `test_file` is that of TestContent, if it is a file of its own. `call` is what they are for.
    `unknown` are the parameters that are set, but to what nobody knows here.
    """

    source: Source
    values: Mapping[str, Any]
    places: Mapping[Path, Place] = {}
    written: Mapping[Path, Span] = {}
    test_file: Source | None = None
    call: Call = CREATE_PIPELINE
    unknown: frozenset[str] = frozenset()

    def place(self, *path: str | int) -> Place:
        """Where a key stands, or an item of a list; of what is not there, where its parent does."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[:-1]
        # Where the request as a whole stands, if it is a part of a file.
        return self.places.get(()) or Place(self.source, self.source.line(1))

    def has(self, *path: str | int) -> bool:
        """Whether a parameter is set, also below others."""
        values: Any = self.values
        for step in path:
            if not isinstance(values, Mapping) or step not in values:
                return False
            values = values[step]
        return True

    def text(self, name: str) -> str | None:
        """Return a value if it is a text that is not empty."""
        value = self.values.get(name)
        return value if isinstance(value, str) and value else None

    def without(self, name: str) -> "Request":
        """Make another that does not set a parameter."""
        return self.replace(values={key: self.values[key] for key in self.values if key != name})

    def with_test(self, source: Source) -> "Request":
        """Make another with the test that a file has, unless it has one itself."""
        given = self.replace(test_file=source)
        if TEST_CONTENT in self.values:
            return given
        place = Place(source, source.line(1))
        return given.replace(
            values={**self.values, TEST_CONTENT: source.text},
            places={**self.places, (TEST_CONTENT,): place},
        )

    @property
    def test(self) -> str | None:
        """The commands that test the new image."""
        return self.text(TEST_CONTENT)

    @property
    def imports_base(self) -> bool:
        """Whether the base image is imported from OSS in the same build."""
        return self.values.get("BaseImageType") == OSS

    @property
    def base_image(self) -> BaseImage | None:
        """The base image that the two parameters name, if they do."""
        image_type, image = self.text("BaseImageType"), self.text("BaseImage")
        if image_type in IMAGE_TYPES and image:
            return BaseImage(image_type, image)
        return None


def is_text(value: object) -> TypeGuard[str]:
    """Whether it is a text that UTF-8 can hold: JSON can spell lone surrogates, which it cannot."""
    return isinstance(value, str) and not any("\ud800" <= char <= "\udfff" for char in value)


def is_integer(value: object) -> TypeGuard[int]:
    """Whether it is a whole number; to Python, true and false are numbers, too."""
    return isinstance(value, int) and not isinstance(value, bool)


def load(source: Source, call: Call = CREATE_PIPELINE) -> Request:
    """Read a request file, JSON if its name ends in .json, else TOML. Raises RequestError."""
    from buildlint.service.documents import DocumentError, values_of

    is_json = source.path.lower().endswith(".json")
    try:
        values, text = values_of(source, is_json=is_json)
    except DocumentError as error:
        raise RequestError(error.at(source), error.offset or 0, str(error)) from error
    if not isinstance(values, dict):
        problem = filled(N_("must contain one object with the request parameters"))
        raise RequestError(f"{source.path}: {problem}", problem=problem)
    entries = locate.in_json(text) if is_json else locate.in_toml(text)
    return _request(source, values, entries, call)


def empty(path: str, call: Call = CREATE_PIPELINE) -> Request:
    """Make a request that sets nothing; `path` is what messages call it."""
    return Request(Source(path, ""), {}, call=call)


def from_mapping(
    values: Mapping[str, object], path: str = "<request>", call: Call = CREATE_PIPELINE
) -> Request:
    """Make a request of values; places in it are places in its JSON text. Raises RequestError."""
    import json

    try:
        text = json.dumps(values, ensure_ascii=False, indent=2, default=str)
    except (TypeError, ValueError) as error:
        raise RequestError(f"{path}: {error}") from error
    except RecursionError as error:
        raise RequestError(filled(_TOO_DEEP, path=path)) from error
    return _request(Source(path, text), values, locate.in_json(text), call)


def _request(
    source: Source, values: Mapping[str, Any], entries: Iterable[Entry], call: Call
) -> Request:
    places: dict[Path, Place] = {}
    written: dict[Path, Span] = {}
    for path, span, value in entries:
        places[path] = Place(source, span)
        if value is not None:
            written[path] = value
    return Request(source, values, places, written, call=call)


def override(request: Request, assignment: str) -> Request:
    """Return the request with `Key=Value` set, in the API's spelling (`Tag.1.Key=team`).

    Raises RequestError when it has no such form, or leaves out an item of a list; that tells the
    name alone: the value may be nobody's business.
    """
    name, path, value = assigned(assignment, request.call)
    try:
        values = deepcopy(dict(request.values))
        _assign(values, path, value)
    except LookupError as error:
        raise RequestError(f"--set {name}: {error.args[0]}") from error
    except RecursionError as error:
        raise RequestError(filled(_TOO_DEEP, path=request.source.path)) from error
    place = Place(Source("--set", assignment), Span(0, len(name)))
    parents = {path[:end]: place for end in range(1, len(path))}
    # What is set here is not what is written there.
    written = {each: span for each, span in request.written.items() if each[: len(path)] != path}
    places = {**parents, **request.places, path: place}
    unknown = request.unknown - {str(path[0])}
    return request.replace(values=values, places=places, written=written, unknown=unknown)


def assigned(assignment: str, call: Call = CREATE_PIPELINE) -> tuple[str, Path, object]:
    """Read `Key=Value`: the name as it is written, its path in a request, and the value.

    People write spaces around the sign, names in any case, and Python's False. Raises RequestError.
    """
    from buildlint.service.declared import spelled

    name, equals, text = assignment.partition("=")
    name, text = name.rstrip(), text.lstrip()
    steps = [step.strip() for step in name.split(".")]
    if not equals or not all(steps):
        raise RequestError(
            filled(
                N_("--set `{assignment}`: use `KEY=VALUE`, for example `Tag.1.Key=team`"),
                assignment=name,
            )
        )
    unknown = RequestError(filled(N_("--set `{assignment}`: unknown parameter"), assignment=name))
    if len(steps) > _MAX_STEPS or any(step.isdecimal() and len(step) > 2 for step in steps):  # noqa: PLR2004
        raise unknown
    numbered = tuple(int(step) - 1 if step.isdecimal() else step for step in steps)
    path = spelled(call.parameters, numbered)
    if any(_is_below_a_leaf(call, path, end) for end in range(1, len(path))):
        raise unknown
    return name, path, _typed(call, path, text)


def _is_below_a_leaf(call: Call, path: Path, end: int) -> bool:
    """Whether a path goes on with a name below what is no object."""
    from buildlint.service.declared import Type, parameter

    above = parameter(call.parameters, path[:end])
    is_leaf = above is not None and above.type not in (Type.LIST, Type.OBJECT)
    return is_leaf and isinstance(path[end], str)


def _typed(call: Call, path: Path, text: str) -> object:
    from buildlint.service.declared import Type, parameter

    known = parameter(call.parameters, path)
    kind = known.type if known else Type.STRING
    plain = text.strip().lower()
    if kind is Type.INTEGER and plain.removeprefix("-").isdecimal() and len(plain) < _MAX_DIGITS:
        return int(plain)
    if kind is Type.BOOLEAN and plain in ("true", "false"):
        return plain == "true"
    return text


def _assign(container: Any, path: Path, value: object) -> None:  # noqa: ANN401 - JSON, checked here
    """Put a value at a path, making lists and tables on the way. Raises LookupError."""
    step, *rest = path
    if isinstance(step, int):
        if not isinstance(container, list):
            raise LookupError(filled(N_("this parameter is not a list")))
        if not 0 <= step <= len(container):
            raise LookupError(
                filled(
                    N_("item {number} of a list with {length} items; number the items 1, 2, 3, …"),
                    number=step + 1,
                    length=len(container),
                )
            )
        if step == len(container):
            container.append(None)
    elif not isinstance(container, dict):
        raise LookupError(filled(N_("list items are numbered, for example `Tag.1.Key`")))
    if not rest:
        container[step] = value
        return
    wanted = list if isinstance(rest[0], int) else dict
    current = container[step] if isinstance(step, int) else container.get(step)
    if not isinstance(current, list | dict):
        container[step] = current = wanted()
    _assign(current, tuple(rest), value)
