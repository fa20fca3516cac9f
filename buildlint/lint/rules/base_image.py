"""BL2xx: the image that a build starts from."""

from collections.abc import Iterator

from buildlint.language.syntax import Component, From, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import REGION, TEMPLATE, request_example
from buildlint.lint.rules.from_command import froms_of
from buildlint.lint.rules.registry import Example, rule
from buildlint.lint.rules.swallowed import swallowed
from buildlint.service.contract import ID_PARAMETERS, LINUX_ONLY, MASK, ServiceCode
from buildlint.service.effective import EffectiveBase
from buildlint.service.request import Request
from buildlint.service.systems import (
    FAMILY_PREFIX,
    WINDOWS_PREFIX,
    family_of,
    is_usual_id,
    near_miss,
)
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, code_points, shown


@rule(
    (From, Component, Request),
    "BL206",
    "masked-id",
    Severity.WARNING,
    summary=N_("The image ID is a masked example from the documentation"),
    bad="FROM IMAGE:m-bp67acfmxazb4p****\n",
    good="FROM IMAGE:m-bp67acfmxazb4p0abcde\n",
)
def masked_id(node: From | Component | Request, context: Context) -> Iterator[Finding]:
    """The documentation masks IDs in its examples, as in `m-bp67acfmxazb4p****`. The format is
    valid, but no image has such an ID, so the service reports that it does not exist.
    """
    text = N_("`{id}` is a placeholder from the documentation; replace it with a real ID")
    if isinstance(node, Request):
        for name in ID_PARAMETERS:
            value = node.text(name)
            if value and value.endswith(MASK):
                yield Finding(node.place(name), Message(text, {"id": shown(value)}))
        return
    words = (
        [image.image for image in node.images if image.image]
        if isinstance(node, From)
        else [node.reference]
    )
    for word in words:
        if MASK in word.text:
            yield Finding(word.span, Message(text, {"id": shown(word.text)}))


@rule(
    Template,
    "BL207",
    "unusual-image-id",
    Severity.WARNING,
    summary=N_("The image ID has an unusual format"),
    bad="FROM IMAGE:ubuntu_22_04\n",
    good="FROM IMAGE:m-bp67acfmxazb4p0abcde\n",
    having=(From, Request),
)
def unusual_image_id(template: Template, context: Context) -> Iterator[Finding]:
    """IDs of custom and shared images start with `m-`, IDs of public images end in `.vhd` or
    `.qcow2`. Anything else is probably the name of an image or of an image family, which goes after
    `IMAGE_FAMILY:`.
    """
    if not context.base or context.base.image.type != "IMAGE":
        return
    image = context.base.image.image
    if is_usual_id(image):
        return
    text = (
        N_("`{image}` looks like an image family; use `IMAGE_FAMILY` instead of `IMAGE`")
        if image.startswith(FAMILY_PREFIX)
        else N_(
            "`{image}` does not look like an image ID (custom: `m-…`, public: `….vhd` or "
            "`….qcow2`); check it"
        )
    )
    yield Finding(context.base.place, Message(text, {"image": shown(image)}))


@rule(
    Template,
    "BL208",
    "public-image-id",
    Severity.INFO,
    summary=N_("FROM names a public image by ID, and public images are retired"),
    bad="FROM IMAGE:ubuntu_22_04_x64_20G_alibase_20260522.vhd\n",
    good="FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n",
    having=(From, Request),
)
def public_image_id(template: Template, context: Context) -> Iterator[Finding]:
    """Alibaba Cloud releases new public images every few weeks, and retires old ones. A template
    that names a specific public image stops building when that image is retired. An image family
    always means its latest image.
    """
    if not context.base or context.base.image.type != "IMAGE":
        return
    if family := family_of(context.base.image.image):
        message = Message(
            N_(
                "public images are retired over time; use `IMAGE_FAMILY` instead, for example "
                "`{family}`"
            ),
            {"family": family},
        )
        yield Finding(context.base.place, message)


def _windows_base(context: Context) -> EffectiveBase | None:
    """The base image if it is plainly a Windows one."""
    image = context.base.image.image if context.base else ""
    is_windows = image.lower().removeprefix(FAMILY_PREFIX).startswith(WINDOWS_PREFIX)
    return context.base if is_windows else None


@rule(
    Template,
    "BL209",
    "windows-base-image",
    Severity.ERROR,
    summary=N_("A command for Linux runs on a Windows base image"),
    service_code=ServiceCode.WINDOWS,
    bad="FROM IMAGE:win2022_21H2_x64_dtc_en-us_40G_alibase_20240516.vhd\nRUN true\n",
    good="FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nRUN true\n",
    having=(From, Request),
)
def windows_base_image(template: Template, context: Context) -> Iterator[Finding]:
    """All commands except COMPONENT and RESTART run in a shell on Linux. The table of errors in the
    documentation rejects Windows images; newer pages allow components on them.
    """
    base = _windows_base(context)
    if base is None:
        return
    commands = (each.command for each in template.instructions)
    if command := next((each for each in commands if each in LINUX_ONLY), None):
        text = N_("`{image}` is a Windows image, and `{command}` runs on Linux; use a Linux image")
        fields = {"image": shown(base.image.image), "command": command}
        yield Finding(base.place, Message(text, fields))


@rule(
    Template,
    "BL213",
    "windows-components",
    Severity.WARNING,
    summary=N_("Components run on a Windows base image"),
    bad="FROM IMAGE_FAMILY:acs:win_2022_datacenter_x64_zh\nCOMPONENT ic-bp67acfmxazb4p0abcde\n",
    good="FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nCOMPONENT ic-bp67acfmxazb4p0abcde\n",
    having=(From, Request),
)
def windows_components(template: Template, context: Context) -> Iterator[Finding]:
    """The documentation of the service is contradictory: its table of errors rejects every Windows
    image (`ImagePipeline.NotSupportWindowsInstance`), while its newer pages describe components for
    Windows, which COMPONENT runs.
    """
    base = _windows_base(context)
    if base is None:
        return
    if not any(each.command in LINUX_ONLY for each in template.instructions):
        text = N_("`{image}` is a Windows image, which the service may reject; try it first")
        yield Finding(base.place, Message(text, {"image": shown(base.image.image)}))


@rule(
    Template,
    "BL212",
    "misspelled-family",
    Severity.WARNING,
    summary=N_("No public image family has this name, but one almost does"),
    bad="FROM IMAGE_FAMILY:acs:ubuntu-22-04-x64\n",
    good="FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n",
    having=(From, Request),
)
def misspelled_family(template: Template, context: Context) -> Iterator[Finding]:
    """That a family does not exist is noticed only when the build starts. The names of public
    families have underscores between their parts, and most of them more numbers than the release:
    `acs:debian_12_11_x64`. Sources: the service's table of public images (2025), and the families
    that were available in 2026.
    """
    base = context.base
    if base is None or base.image.type != "IMAGE_FAMILY":
        return
    if family := near_miss(base.image.image):
        fields = {"image": shown(base.image.image), "family": family}
        text = N_("there is no public family `{image}`; did you mean `{family}`?")
        edit = Edit(base.place.span, family)
        fix = Fix(Message(N_("Replace with `{family}`"), fields), (edit,), safe=False)
        is_of_template = base.place.source is context.source
        yield Finding(base.place, Message(text, fields), fix if is_of_template else None)


@rule(
    Template,
    "BL211",
    "malformed-image",
    Severity.ERROR,
    summary=N_("The image ID or family contains an invalid character"),
    service_code=ServiceCode.INVALID_FROM,
    bad=Example(TEMPLATE, REGION + 'BaseImageType = "IMAGE"\nBaseImage = "m-bp67acfm zxazb4p"\n'),
    good=request_example(),
    having=(From, Request),
)
def malformed_image(template: Template, context: Context) -> Iterator[Finding]:
    """The base image becomes the first line of BuildContent, as the argument of FROM. FROM takes
    one argument: a space would end it, and a backslash at its end would join the next command to
    it.
    """
    image = context.base.image.image if context.base else ""
    wrong = next((each for each in image if each in " \\" or not each.isprintable()), None)
    if context.base is None or wrong is None:
        return
    # Where the `\\n` of a string stands before a command, BL204 says so.
    is_of_template = context.base.place.source is context.source
    if not (is_of_template and any(map(swallowed, froms_of(template)[:1]))):
        message = Message(
            N_(
                "`{image}` contains {character}, which is not valid in an image ID or family; "
                "remove it"
            ),
            {"image": shown(image), "character": code_points(wrong)},
        )
        yield Finding(context.base.place, message)
