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
    summary=N_("The request has an unknown parameter"),
    bad=request_example('VswitchID = "vsw-bp1s5fnvk4gn2tws03624"\n'),
    good=request_example('VSwitchId = "vsw-bp1s5fnvk4gn2tws03624"\n'),
)
def unknown_parameter(request: Request, context: Context) -> Iterator[Finding]:
    """Parameter names must match the API exactly, including case. Depending on the client, the
    service ignores or rejects other names; either way the setting has no effect.
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
        text = N_("unknown parameter `{name}`; did you mean `{suggestion}`?")
    else:
        text = N_("unknown parameter `{name}`; valid parameters are {names}")
    fields = {"name": shown(name), "suggestion": suggestion, "names": ", ".join(names)}
    return Finding(request.place(*path), Message(text, fields))


_TYPE_MESSAGES = {
    Type.STRING: N_("{name} must be a string"),
    Type.BOOLEAN: N_("{name} must be true or false"),
    Type.TAGS: N_("{name} must be a list of {{Key, Value}}"),
    Type.STRINGS: N_("{name} must be a list of strings"),
}


@rule(
    Request,
    "BL402",
    "wrong-type",
    Severity.ERROR,
    summary=N_("A parameter has the wrong type"),
    bad=request_example('DeleteInstanceOnFailure = "yes"\n'),
    good=request_example("DeleteInstanceOnFailure = true\n"),
)
def wrong_type(request: Request, context: Context) -> Iterator[Finding]:
    """Each API parameter has a type: string, integer, boolean (true or false), or list."""
    for name, value in request.values.items():
        parameter = PARAMETERS.get(name)
        if parameter is None or parameter.type is Type.INTEGER:
            continue  # whole numbers have error codes of their own
        if isinstance(value, str) and parameter.type is Type.STRING and not is_text(value):
            yield _wrong(request, (name,), N_("{name} contains invalid Unicode characters"))
        elif not _fits(value, parameter.type):
            yield _wrong(request, (name,), _TYPE_MESSAGES[parameter.type])
        elif parameter.type is Type.TAGS:
            for path, item in request.items(name):
                yield from _wrong_tag(request, path, item)
        elif parameter.type is Type.STRINGS:
            for path, item in request.items(name):
                if not (is_text(item) or (name == "AddAccount" and is_integer(item))):
                    yield _wrong(request, path, N_("each item of {name} must be a string"))


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
    summary=N_("RegionId is missing"),
    bad=Example(TEMPLATE, BASE),
    good=request_example(),
)
def missing_region(request: Request, context: Context) -> Iterator[Finding]:
    """Every API call goes to one region; the image is built there."""
    if request.values.get("RegionId", "") == "":
        message = Message(
            N_(
                'RegionId is missing; add `RegionId = "cn-hangzhou"` to the request, or use `--set '
                "RegionId=cn-hangzhou`"
            )
        )
        yield Finding(request.place("RegionId"), message)


@rule(
    Request,
    "BL404",
    "missing-base-image",
    Severity.ERROR,
    summary=N_("Neither the request nor the template sets a base image"),
    bad=Example(TEMPLATE, REGION),
    good=request_example(),
)
def missing_base_image(request: Request, context: Context) -> Iterator[Finding]:
    """A build needs a base image: set it with FROM in the template, or with both BaseImageType and
    BaseImage in the request.
    """
    has_from = any(node.command == "FROM" for node in context.template.instructions)
    if has_from and context.semantics is FromSemantics.OVERRIDE:
        return
    for name in ("BaseImageType", "BaseImage"):
        if request.values.get(name, "") == "":
            text = (
                N_("{name} is missing, and FROM is ignored; set BaseImageType and BaseImage")
                if has_from
                else N_(
                    "{name} is missing, and the template has no FROM; set BaseImageType and "
                    "BaseImage, or add FROM"
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
    """With IMAGE, BaseImage is an image ID; with IMAGE_FAMILY, the name of an image family."""
    value = request.text("BaseImageType")
    if value and value not in IMAGE_TYPES:
        message = Message(
            N_("BaseImageType must be IMAGE or IMAGE_FAMILY, not {value}"),
            {"value": as_written(value)},
        )
        yield Finding(request.place("BaseImageType"), message)


# --- the content ---------------------------------------------------------------------------------


@rule(
    Request,
    "BL419",
    "content-in-request",
    Severity.WARNING,
    summary=N_("The request sets BuildContent"),
    bad=request_example('BuildContent = "RUN false"\n'),
    good=request_example(),
)
def content_in_request(request: Request, context: Context) -> Iterator[Finding]:
    """BuildContent comes from the template; the value in the request is not sent."""
    if "BuildContent" in request.values:
        text = N_("BuildContent comes from the template; remove it from the request")
        yield Finding(request.place("BuildContent"), Message(text))
