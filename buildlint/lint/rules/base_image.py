"""BL2xx: FROM, and the image that a build starts from."""

from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import (
    Component,
    From,
    ImageReference,
    Instruction,
    Invalid,
    Reason,
    Template,
    covering,
)
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import REGION, TEMPLATE, request_example
from buildlint.lint.rules.registry import Example, rule
from buildlint.lint.rules.swallowed import lost_command, swallowed
from buildlint.service.contract import (
    ID_PARAMETERS,
    IMAGE_TYPES,
    LINUX_ONLY,
    MASK,
    TEST,
    FromSemantics,
    ServiceCode,
)
from buildlint.service.effective import EffectiveBase, base_image
from buildlint.service.request import Request
from buildlint.service.systems import (
    CUSTOM_ID_PREFIX,
    FAMILY_PREFIX,
    PUBLIC_ID_SUFFIXES,
    WINDOWS_PREFIX,
    family_of,
    near_miss,
    of_docker,
)
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, code_points, shown, similar
from buildlint.text.regex import regex
from buildlint.text.span import Span

_GOOD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"


def _froms(template: Template) -> list[Instruction]:
    return [node for node in template.instructions if node.command == "FROM"]


@rule(
    Template,
    "BL201",
    "duplicated-from",
    Severity.ERROR,
    summary=N_("There is more than one FROM"),
    service_code=ServiceCode.DUPLICATED_FROM,
    bad="FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\nFROM IMAGE:m-bp67acfmxazb4p0abcde\n",
    good=_GOOD,
    having=(From, Invalid),
)
def duplicated_from(template: Template, context: Context) -> Iterator[Finding]:
    """An image has one base image. Docker's multi-stage builds (`FROM a AS build … FROM b`) are not
    supported: build the artifacts beforehand, and fetch them with COPY.
    """
    froms = _froms(template)
    for node in froms[1:]:
        first = froms[0].arguments
        fix = None
        if first and node.arguments and first.text == node.arguments.text:
            message = Message(N_("Remove the repeated FROM"))
            fix = Fix(message, (Edit(node.extent, ""),), safe=True)
        text = N_(
            "only one FROM is allowed (the first is `FROM {first}`); remove this one: multi-stage "
            "builds are not supported"
        )
        yield Finding(
            node.span, Message(text, {"first": shown(first.text if first else "FROM")}), fix
        )


@rule(
    Template,
    "BL202",
    "from-not-first",
    Severity.ERROR,
    summary=N_("FROM is not the first command"),
    service_code=ServiceCode.FROM_ORDER,
    bad='LABEL team="platform"\nFROM IMAGE:m-bp67acfmxazb4p0abcde\n',
    good='FROM IMAGE:m-bp67acfmxazb4p0abcde\nLABEL team="platform"\n',
    having=(From, Invalid),
)
def from_not_first(template: Template, context: Context) -> Iterator[Finding]:
    """All other commands run on the instance that is started from this image, so FROM must come
    first. Otherwise the service rejects the template.
    """
    for node in _froms(template)[:1]:
        first = template.instructions[0]
        if node is not first:
            message = Message(
                N_("FROM must be the first command; move it above `{command}`"),
                {"command": shown(first.command)},
            )
            yield Finding(node.span, message)


@rule(
    (From, Invalid),
    "BL203",
    "from-without-image",
    Severity.ERROR,
    summary=N_("FROM has no image"),
    service_code=ServiceCode.INVALID_FROM,
    bad="FROM IMAGE:\n",
    good=_GOOD,
)
def from_without_image(node: From | Invalid, context: Context) -> Iterator[Finding]:
    """FROM takes one argument, `IMAGE:<image-id>` or `IMAGE_FAMILY:<family>`. FROM is optional:
    without it, BaseImageType and BaseImage in the request set the base image.
    """
    text = N_(
        "FROM has no image; use `IMAGE:<image-id>` or `IMAGE_FAMILY:<family>`, for example "
        "`IMAGE_FAMILY:acs:ubuntu_22_04_x64`"
    )
    if isinstance(node, Invalid):
        if node.command == "FROM" and node.reason is Reason.NO_ARGUMENTS:
            yield Finding(node.span, Message(text))
    elif not node.images:
        yield Finding(node.span, Message(text))
    elif _is_torn(node):
        whole = covering(node.images)
        fields = {"reference": "".join(image.text for image in node.images)}
        fix = Fix(
            Message(N_("Replace with `{reference}`"), fields),
            (Edit(whole, fields["reference"]),),
            safe=True,
        )
        yield Finding(whole, Message(N_("remove the spaces: `{reference}`"), fields), fix)
    elif node.images[0].type.text in IMAGE_TYPES and not node.images[0].image:
        yield Finding(node.images[0].span, Message(text))


def _is_torn(node: From) -> bool:
    """Whether blanks stand around the colon of an image: `IMAGE: m-…`, `IMAGE :m-…`."""
    if node.images[0].type.text not in IMAGE_TYPES or node.images[0].image:
        return False
    first, *others = (image.text for image in node.images)
    colon_and_image = [":", *others] if first.endswith(":") else others
    if colon_and_image[:1] == [":"]:
        return len(colon_and_image) == 2  # noqa: PLR2004 - nothing else behind the image
    return len(colon_and_image) == 1 and colon_and_image[0].startswith(":")


@rule(
    From,
    "BL204",
    "from-extra-words",
    Severity.ERROR,
    summary=N_("FROM has more than one argument"),
    service_code=ServiceCode.INVALID_FROM,
    bad="FROM IMAGE:m-bp67acfmxazb4p0abcde AS base\n",
    good="FROM IMAGE:m-bp67acfmxazb4p0abcde\n",
)
def from_extra_words(node: From, context: Context) -> Iterator[Finding]:
    """In Docker, `AS <name>` names a build stage, and `--platform` selects an architecture.
    Templates have no stages, and the image determines the architecture. A command on the same line,
    or after a backslash at the end of the line, belongs on its own line.
    """
    for flag in node.flags:
        text = N_(
            "FROM does not support flags, and the image determines the architecture; remove "
            "`{flag}`"
        )
        edit = Edit(Span(flag.span.start, _next_word(node, flag.span.end)), "")
        fix = Fix(Message(N_("Remove the flag")), (edit,), safe=True)
        yield Finding(flag.span, Message(text, {"flag": shown(flag.text)}), fix)
    found = swallowed(node)
    if found and (found.ends_line or found.fix.safe):
        yield lost_command(found, "FROM")
    elif len(node.images) > 1 and not _is_torn(node):
        extra = covering(node.images[1:])
        words = " ".join(image.text for image in node.images[1:])
        message = Message(
            N_("FROM takes one argument, the image; remove `{words}`"), {"words": shown(words)}
        )
        # Docker's name of a stage does nothing, nor does a comment; other words may be meant.
        is_superfluous = _SUPERFLUOUS.fullmatch(words) is not None
        is_one_line = "\n" not in context.source.text[slice(*extra)]
        edit = Edit(Span(node.images[0].span.end, extra.end), "")
        fix = Fix(Message(N_("Remove everything after the image")), (edit,), safe=is_superfluous)
        yield Finding(extra, message, fix if is_superfluous or is_one_line else None)


def _next_word(node: From, offset: int) -> int:
    """Where the next flag or image starts, if it does so on the same line."""
    spans = (*(each.span for each in node.flags), *(each.span for each in node.images))
    start = min((span.start for span in spans if span.start > offset), default=offset)
    broken = (token.start for token in node.tokens if token.kind == "CONTINUATION")
    return offset if any(offset <= place < start for place in broken) else start


_SUPERFLUOUS = regex(r"(?i)as [\w.-]+|#.*")


@rule(
    From,
    "BL205",
    "from-image-type",
    Severity.ERROR,
    summary=N_("FROM is not `IMAGE:<image-id>` or `IMAGE_FAMILY:<family>`"),
    service_code=ServiceCode.INVALID_FROM,
    bad="FROM ubuntu:22.04\n",
    good="FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n",
)
def from_image_type(node: From, context: Context) -> Iterator[Finding]:
    """An ECS image is a disk with a complete operating system, not a container image. FROM names it
    by image ID (`IMAGE:<image-id>`) or by image family (`IMAGE_FAMILY:<family>`); references to
    Docker images are rejected. If there is a public image family of the same system, the message
    names it.
    """
    if not node.images or node.images[0].type.text in IMAGE_TYPES:
        return
    image = node.images[0]
    if meaning := _meant(image):
        fields = {"type": shown(image.type.text), "replacement": meaning.reference}
        yield _to_replace(image, meaning.text, fields, safe=meaning.is_certain)
    elif system := of_docker(image.text):
        text = N_(
            "`{reference}` is a Docker image; use an ECS image, for example `{replacement}` for "
            "{system}"
        )
        fields = {"system": system.name, "replacement": f"IMAGE_FAMILY:{system.family}"}
        yield _to_replace(image, text, fields, safe=False)
    else:
        text = N_(
            "`{reference}` is not an ECS image; use `IMAGE:<image-id>` or `IMAGE_FAMILY:<family>`"
        )
        yield Finding(image.span, Message(text, {"reference": shown(image.text)}))


def _to_replace(image: ImageReference, text: str, fields: dict[str, str], *, safe: bool) -> Finding:
    """Find a reference that has a replacement among the fields of the message."""
    edit = Edit(image.span, fields["replacement"])
    fix = Fix(Message(N_("Replace with `{replacement}`"), fields), (edit,), safe=safe)
    return Finding(image.span, Message(text, {**fields, "reference": shown(image.text)}), fix)


class _Meaning(NamedTuple):
    """What a reference should be, and the text of the message that says so."""

    reference: str
    text: str
    is_certain: bool = True


def _meant(image: ImageReference) -> _Meaning | None:
    """What a reference plainly means that lacks its type, or the right spelling of it."""
    without_type = N_("`{reference}` has no image type; use `{replacement}`")
    if not image.has_colon:
        is_id = _is_usual_id(image.text)
        return _Meaning(f"IMAGE:{image.text}", without_type) if is_id else None
    if not image.image:
        return None
    if image.text.startswith(FAMILY_PREFIX):
        return _Meaning(f"IMAGE_FAMILY:{image.text}", without_type)
    kind, name = image.type.text.upper(), image.image.text
    if kind in IMAGE_TYPES:
        text = N_("image types are in upper case; use `{replacement}`")
        return _Meaning(f"{kind}:{name}", text)
    # A Docker image may be called almost like a type.
    is_of_the_service = name.startswith(FAMILY_PREFIX) or _is_usual_id(name)
    suggestion = similar(kind, IMAGE_TYPES, cutoff=0.8) if is_of_the_service else None
    text = N_("`{type}` is not an image type; use `{replacement}`")
    return _Meaning(f"{suggestion}:{name}", text, is_certain=False) if suggestion else None


def _is_usual_id(image: str) -> bool:
    return image.startswith(CUSTOM_ID_PREFIX) or image.endswith(PUBLIC_ID_SUFFIXES)


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
    if _is_usual_id(image):
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
    "BL210",
    "from-overrides-request",
    Severity.WARNING,
    summary=N_("FROM and the request set different base images"),
    bad=Example(
        "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n",
        'RegionId = "cn-hangzhou"\nBaseImageType = "IMAGE"\nBaseImage = "m-bp67acfmxazb4p0fghij"\n',
    ),
    good=Example(
        "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n",
        'RegionId = "cn-hangzhou"\nBaseImageType = "IMAGE"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n',
    ),
    having=(From,),
)
def from_overrides_request(template: Template, context: Context) -> Iterator[Finding]:
    """FROM and BaseImageType and BaseImage in the request must agree. According to the
    documentation before October 2024, FROM overrides the two parameters; according to later
    documentation, it is ignored. `buildlint compile` writes the same image to both, so that the
    result is the same either way: the image of FROM, or with `--from-semantics ignored` the image
    of the request.
    """
    asked = context.request.base_image if context.request else None
    written = base_image(context.source, template, None)
    if not (asked and written) or written.image == asked:
        return
    text = (
        N_(
            "FROM and the request name different images, and since November 2024 the request "
            "decides, `{type}:{image}`; make them agree"
        )
        if context.semantics is FromSemantics.OVERRIDE
        else N_(
            "FROM is ignored, and the base image of the request is used: `{type}:{image}`; remove "
            "FROM, or make them agree"
        )
    )
    fields = {"type": asked.type, "image": shown(asked.image)}
    yield Finding(written.place, Message(text, fields))


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
    if not (is_of_template and any(map(swallowed, _froms(template)[:1]))):
        message = Message(
            N_(
                "`{image}` contains {character}, which is not valid in an image ID or family; "
                "remove it"
            ),
            {"image": shown(image), "character": code_points(wrong)},
        )
        yield Finding(context.base.place, message)


# --- tests of images -----------------------------------------------------------------------------


@rule(
    From,
    "BL421",
    "from-in-test",
    Severity.ERROR,
    summary=N_("TestContent has a FROM"),
    service_code=ServiceCode.TEST_CONTENT,
    bad=request_example('TestContent = """\nFROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"""\n'),
    good=request_example('TestContent = """\nRUN curl -fsS http://localhost/\n"""\n'),
    kinds=(TEST,),
)
def from_in_test(node: From, context: Context) -> Iterator[Finding]:
    """TestContent runs on an instance that is started from the new image, so it has no base image
    of its own. Its commands are those of a template, and its limit is 16 KB, too; every error in it
    returns the same error code.
    """
    text = N_("tests run on the new image; remove FROM")
    yield Finding(node.keyword.span, Message(text))
