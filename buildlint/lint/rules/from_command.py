"""BL2xx: FROM, the command."""

from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import (
    From,
    ImageReference,
    Instruction,
    Invalid,
    Reason,
    Template,
    covering,
)
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import Example, rule
from buildlint.lint.rules.swallowed import lost_command, swallowed
from buildlint.service.contract import IMAGE_TYPES, TEST, FromSemantics, ServiceCode
from buildlint.service.effective import base_image
from buildlint.service.systems import FAMILY_PREFIX, is_usual_id, of_docker
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown, similar
from buildlint.text.regex import regex
from buildlint.text.span import Span

_GOOD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"


def froms_of(template: Template) -> list[Instruction]:
    """Return the FROM commands of a template, those that are too many included."""
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
    froms = froms_of(template)
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
    for node in froms_of(template)[:1]:
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
        is_id = is_usual_id(image.text)
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
    is_of_the_service = name.startswith(FAMILY_PREFIX) or is_usual_id(name)
    suggestion = similar(kind, IMAGE_TYPES, cutoff=0.8) if is_of_the_service else None
    text = N_("`{type}` is not an image type; use `{replacement}`")
    return _Meaning(f"{suggestion}:{name}", text, is_certain=False) if suggestion else None


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
