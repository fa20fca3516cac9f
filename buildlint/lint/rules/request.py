"""BL4xx: the parameters of the request."""

from collections.abc import Iterator

from buildlint.lint.context import Context
from buildlint.lint.rules.examples import BASE, REGION, TEMPLATE, request_example
from buildlint.lint.rules.registry import Example, rule
from buildlint.service.contract import (
    IMAGE_TYPES,
    PARAMETERS,
    TAG_FIELDS,
    FromSemantics,
    ServiceCode,
    Type,
)
from buildlint.service.locate import Path
from buildlint.service.request import Request, is_integer, is_text
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, as_written, shown, similar

# --- names and types -----------------------------------------------------------------------------


@rule(
    Request,
    "BL401",
    "unknown-parameter",
    Severity.ERROR,
    summary=N_("The request has a parameter that does not exist"),
    bad=request_example('VswitchID = "vsw-bp1s5fnvk4gn2tws03624"\n'),
    good=request_example('VSwitchId = "vsw-bp1s5fnvk4gn2tws03624"\n'),
)
def unknown_parameter(request: Request, context: Context) -> Iterator[Finding]:
    """Parameters have the names of the API, upper and lower case included. The service ignores
    others or refuses them, depending on the client; either way the setting has no effect.
    """
    for name in request.values:
        if name not in PARAMETERS:
            yield _unknown(request, (name,), tuple(PARAMETERS))
    for path, item in request.items("Tag"):
        for field in item if isinstance(item, dict) else ():
            if field not in TAG_FIELDS:
                yield _unknown(request, (*path, field), tuple(TAG_FIELDS))


def _unknown(request: Request, path: Path, names: tuple[str, ...]) -> Finding:
    name = str(path[-1])
    by_letters = {known.lower(): known for known in names}
    found = similar(name.lower().replace("_", ""), by_letters, cutoff=0.7)
    suggestion = by_letters[found] if found else None
    if suggestion:
        text = N_("there is no parameter {name}; did you mean {suggestion}?")
    else:
        text = N_("there is no parameter {name}; a request can have {names}")
    fields = {"name": shown(name), "suggestion": suggestion, "names": ", ".join(names)}
    return Finding(request.place(*path), Message(text, fields))


_TYPE_MESSAGES = {
    Type.STRING: N_("{name} must be a text"),
    Type.BOOLEAN: N_("{name} must be true or false"),
    Type.TAGS: N_("{name} must be a list of {{Key, Value}}"),
    Type.STRINGS: N_("{name} must be a list of texts"),
}


@rule(
    Request,
    "BL402",
    "wrong-type",
    Severity.ERROR,
    summary=N_("The value of a parameter has the wrong type"),
    bad=request_example('DeleteInstanceOnFailure = "yes"\n'),
    good=request_example("DeleteInstanceOnFailure = true\n"),
)
def wrong_type(request: Request, context: Context) -> Iterator[Finding]:
    """Each parameter has a type in the API: a text, a whole number, true or false, or a list."""
    for name, value in request.values.items():
        parameter = PARAMETERS.get(name)
        if parameter is None or parameter.type is Type.INTEGER:
            continue  # whole numbers have error codes of their own
        if isinstance(value, str) and parameter.type is Type.STRING and not is_text(value):
            yield _wrong(request, (name,), N_("{name} holds characters that are not Unicode's"))
        elif not _fits(value, parameter.type):
            yield _wrong(request, (name,), _TYPE_MESSAGES[parameter.type])
        elif parameter.type is Type.TAGS:
            for path, item in request.items(name):
                yield from _wrong_tag(request, path, item)
        elif parameter.type is Type.STRINGS:
            for path, item in request.items(name):
                if not (is_text(item) or (name == "AddAccount" and is_integer(item))):
                    yield _wrong(request, path, N_("each item of {name} must be a text"))


def _wrong_tag(request: Request, path: Path, item: object) -> Iterator[Finding]:
    if not isinstance(item, dict):
        yield _wrong(request, path, N_("each item of {name} must be an object with Key and Value"))
        return
    for field in TAG_FIELDS:
        if field in item and not is_text(item[field]):
            yield _wrong(request, (*path, field), _TYPE_MESSAGES[Type.STRING])


def _fits(value: object, kind: Type) -> bool:
    kinds = {Type.STRING: str, Type.BOOLEAN: bool}
    return isinstance(value, kinds.get(kind, list))


def _wrong(request: Request, path: Path, text: str) -> Finding:
    name = next(part for part in reversed(path) if isinstance(part, str))
    return Finding(request.place(*path), Message(text, {"name": name}))


# --- region and base image -----------------------------------------------------------------------


@rule(
    Request,
    "BL403",
    "missing-region",
    Severity.ERROR,
    summary=N_("The request has no RegionId"),
    bad=Example(TEMPLATE, BASE),
    good=request_example(),
)
def missing_region(request: Request, context: Context) -> Iterator[Finding]:
    """Every call of the API goes to one region; the image is built there."""
    if request.values.get("RegionId", "") == "":
        message = Message(
            N_(
                "RegionId is missing: the service must know where to build; write "
                'RegionId = "cn-hangzhou", or give --set RegionId=cn-hangzhou'
            )
        )
        yield Finding(request.place("RegionId"), message)


@rule(
    Request,
    "BL404",
    "missing-base-image",
    Severity.ERROR,
    summary=N_("Neither the request nor the template names a base image"),
    bad=Example(TEMPLATE, REGION),
    good=request_example(),
)
def missing_base_image(request: Request, context: Context) -> Iterator[Finding]:
    """A build starts from a base image. The template names it with FROM, or the request does with
    BaseImageType and BaseImage, both of them.
    """
    has_from = any(node.command == "FROM" for node in context.template.instructions)
    if has_from and context.semantics is FromSemantics.OVERRIDE:
        return
    for name in ("BaseImageType", "BaseImage"):
        if request.values.get(name, "") == "":
            text = (
                N_(
                    "{name} is missing, and FROM is ignored in its place; write BaseImageType and "
                    "BaseImage"
                )
                if has_from
                else N_(
                    "{name} is missing and the template has no FROM; write BaseImageType and "
                    "BaseImage, or begin the template with FROM"
                )
            )
            yield Finding(request.place(name), Message(text, {"name": name}))
            return


@rule(
    Request,
    "BL405",
    "base-image-type",
    Severity.ERROR,
    summary=N_("BaseImageType is neither IMAGE nor IMAGE_FAMILY"),
    service_code=ServiceCode.BASE_IMAGE_TYPE,
    bad=Example(
        TEMPLATE, REGION + 'BaseImageType = "image"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n'
    ),
    good=request_example(),
)
def base_image_type(request: Request, context: Context) -> Iterator[Finding]:
    """IMAGE says that BaseImage is the id of an image, IMAGE_FAMILY that it is a family's name."""
    value = request.text("BaseImageType")
    if value and value not in IMAGE_TYPES:
        message = Message(
            N_("BaseImageType is IMAGE or IMAGE_FAMILY, not {value}"), {"value": as_written(value)}
        )
        yield Finding(request.place("BaseImageType"), message)


# --- the content ---------------------------------------------------------------------------------


@rule(
    Request,
    "BL419",
    "content-in-request",
    Severity.WARNING,
    summary=N_("The request has a BuildContent of its own"),
    bad=request_example('BuildContent = "RUN false"\n'),
    good=request_example(),
)
def content_in_request(request: Request, context: Context) -> Iterator[Finding]:
    """BuildContent comes from the template; what the request says in its place is not sent."""
    if "BuildContent" in request.values:
        text = N_("BuildContent comes from the template beside the request; delete it here")
        yield Finding(request.place("BuildContent"), Message(text))
