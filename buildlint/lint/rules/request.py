"""BL4xx: the parameters of the request: names, types, and which of them belong together."""

from collections.abc import Iterator
from functools import partial

from buildlint.language.syntax import From
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import BASE, FROM, IMPORT, REGION, TEMPLATE, request_example
from buildlint.lint.rules.registry import Example, rule
from buildlint.lint.rules.violated import violation_rule
from buildlint.service.contract import TEST_CONTENT, FromSemantics, ServiceCode
from buildlint.service.declared import Problem, Revision, declarations
from buildlint.service.request import Request
from buildlint.service.violations import named
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.source import Place

_rule = partial(violation_rule, __name__)

# --- names and types -----------------------------------------------------------------------------

_rule(
    "BL401",
    "unknown-parameter",
    Problem.UNKNOWN,
    N_("The request has an unknown parameter"),
    """The API gains parameters every few months. One that this version of buildlint does not know
    is passed on to every output that can express it, and its value is not checked.
    """,
    bad="Spot = true\n",
    good='InstanceType = "ecs.c7.large"\n',
    severity=Severity.WARNING,
)
_rule(
    "BL420",
    "misspelled-parameter",
    Problem.SLIP,
    N_("The request has a misspelled parameter"),
    """Parameter names must match the API exactly, including case. Depending on the client, the
    service ignores or rejects other names; either way the setting has no effect.
    """,
    bad='VswitchID = "vsw-bp1s5fnvk4gn2tws03624"\n',
    good='VSwitchId = "vsw-bp1s5fnvk4gn2tws03624"\n',
)
_rule(
    "BL402",
    "wrong-type",
    Problem.TYPE,
    N_("A parameter has the wrong type"),
    "Each API parameter has a type: string, integer, boolean (true or false), list, or object.",
    bad='DeleteInstanceOnFailure = "yes"\n',
    good="DeleteInstanceOnFailure = true\n",
)
_rule(
    "BL446",
    "not-supported-value",
    Problem.VALUE,
    N_("A parameter has a value that is not documented"),
    "Some parameters take one of a few documented values.",
    bad='[ImportImageOptions]\nRetentionStrategy = "Never"\n' + IMPORT,
    good='[ImportImageOptions]\nRetentionStrategy = "RetainNever"\n' + IMPORT,
)


# --- deprecated parameters -----------------------------------------------------------------------


@rule(
    Request,
    "BL444",
    "deprecated-parameter",
    Severity.INFO,
    summary=N_("The request has a deprecated parameter"),
    bad=request_example('NvmeSupport = "auto"\n'),
    good=request_example('[ImageOptions.ImageFeatures]\nNvmeSupport = "auto"\n'),
)
def deprecated_parameter(request: Request, context: Context) -> Iterator[Finding]:
    """Another parameter replaces it. ImageName is not reported: Terraform and ROS have no other."""
    for path, about in declarations(request.call.parameters):
        if about.twin and request.has(*path) and about.since is not Revision.FIRST:
            text = N_("`{name}` is deprecated; use `{twin}`")
            fields = {"name": named(path), "twin": named(about.twin)}
            yield Finding(request.place(*path), Message(text, fields))


@rule(
    Request,
    "BL445",
    "parameter-set-twice",
    Severity.WARNING,
    summary=N_("The request has both a deprecated parameter and the one that replaces it"),
    bad=request_example('ImageName = "web"\n[ImageOptions]\nImageName = "shop"\n'),
    good=request_example('[ImageOptions]\nImageName = "shop"\n'),
)
def parameter_set_twice(request: Request, context: Context) -> Iterator[Finding]:
    """It is not documented which of the two takes effect."""
    for path, about in declarations(request.call.parameters):
        if about.twin and request.has(*path) and request.has(*about.twin):
            text = N_("`{name}` and `{twin}` are both set; remove `{name}`")
            fields = {"name": named(path), "twin": named(about.twin)}
            yield Finding(request.place(*path), Message(text, fields))


# --- region and base image -----------------------------------------------------------------------


def _is_missing(request: Request, name: str) -> bool:
    return request.values.get(name, "") == "" and name not in request.unknown


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
    if _is_missing(request, "RegionId"):
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
    if request.imports_base:
        return
    if has_from and context.semantics is FromSemantics.OVERRIDE:
        return
    for name in ("BaseImageType", "BaseImage"):
        if _is_missing(request, name):
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


_rule(
    "BL405",
    "base-image-type",
    ServiceCode.BASE_IMAGE_TYPE,
    N_("BaseImageType has a value that is not supported"),
    """With `IMAGE`, BaseImage is an image ID; with `IMAGE_FAMILY`, the name of an image family;
    with `OSS`, the image is imported in the same build, as ImportImageOptions says.
    """,
    bad=Example(
        TEMPLATE, REGION + 'BaseImageType = "image"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n'
    ),
    good=request_example(),
)


_OSS = Example(TEMPLATE, f'{REGION}BaseImageType = "OSS"\n[ImportImageOptions]\n{IMPORT}')


@rule(
    Request,
    "BL447",
    "base-image-with-oss",
    Severity.WARNING,
    summary=N_("The request has a BaseImage although BaseImageType is `OSS`"),
    bad=_OSS._replace(request=f'BaseImage = "m-bp67acfmxazb4p0abcde"\n{_OSS.request}'),
    good=_OSS,
)
def base_image_with_oss(request: Request, context: Context) -> Iterator[Finding]:
    """With BaseImageType `OSS`, the build starts from the image that ImportImageOptions imports."""
    if request.imports_base and "BaseImage" in request.values:
        text = N_("BaseImage is not used with BaseImageType `OSS`; remove it")
        yield Finding(request.place("BaseImage"), Message(text))


@rule(
    Request,
    "BL448",
    "from-with-oss",
    Severity.WARNING,
    summary=N_("The template has a FROM, but the base image is imported from OSS"),
    bad=_OSS._replace(template=FROM + TEMPLATE),
    good=_OSS,
)
def from_with_oss(request: Request, context: Context) -> Iterator[Finding]:
    """With BaseImageType `OSS`, the build starts from the image that ImportImageOptions imports. A
    FROM is ignored, and `buildlint compile` removes it from BuildContent.
    """
    if request.imports_base:
        text = N_("FROM is ignored, because the request imports the base image from OSS; remove it")
        for node in context.template.instructions:
            if isinstance(node, From):
                yield Finding(Place(context.source, node.keyword.span), Message(text))


# --- the content ---------------------------------------------------------------------------------


@rule(
    Request,
    "BL419",
    "content-in-request",
    Severity.WARNING,
    summary=N_("The request sets BuildContent although there is a template"),
    bad=request_example('BuildContent = "RUN false"\n'),
    good=request_example(),
)
def content_in_request(request: Request, context: Context) -> Iterator[Finding]:
    """BuildContent comes from the template, the Content of a component from its file; the value in
    the request is not sent.
    """
    name = request.call.content
    if isinstance(request.values.get(name), str):
        text = N_("{name} comes from the file next to the request; remove it from the request")
        yield Finding(request.place(name), Message(text, {"name": name}))


@rule(
    Request,
    "BL449",
    "test-in-request",
    Severity.ERROR,
    summary=N_("Both a test file and the request set TestContent"),
    bad=request_example('TestContent = "RUN true"\n', test="RUN curl -fsS http://localhost/\n"),
    good=request_example(test="RUN curl -fsS http://localhost/\n"),
)
def second_test(request: Request, context: Context) -> Iterator[Finding]:
    """The file `NAME.test.buildcontent` is the TestContent of `NAME.buildcontent`. buildlint does
    not choose between that file and a TestContent in the request.
    """
    test, (source, span) = request.test_file, request.place(TEST_CONTENT)
    if test and source is not test:
        text = N_("`{path}` contains TestContent, too; remove one of them")
        yield Finding(Place(source, span), Message(text, {"path": test.path}))
