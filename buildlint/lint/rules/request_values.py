"""BL406 to BL410, BL417: the texts and numbers of the request."""

from collections.abc import Callable, Iterator
from itertools import islice

from buildlint.lint.context import Context
from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import PARAMETERS, URL_PREFIXES, ServiceCode
from buildlint.service.request import Request, is_integer, is_text
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, as_written
from buildlint.text.regex import regex

# --- texts ---------------------------------------------------------------------------------------

# ASCII letters and the ideographs of Unicode's CJK blocks: what the documents call Chinese.
_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NAME_START = regex(f"[A-Za-z{_CHINESE}]")
_NOT_IN_NAME = regex(f"[^A-Za-z0-9:_.{_CHINESE}-]")


def _length(name: str, value: str) -> Iterator[Message]:
    least, most = PARAMETERS[name].bounds or (0, 0)
    if not least <= len(value) <= most:
        yield Message(
            N_("{name} must have {least} to {most} characters, not {length}"),
            {"name": name, "length": len(value), "least": least, "most": most},
        )


def _no_url(name: str, value: str) -> Iterator[Message]:
    if value.lower().startswith(URL_PREFIXES):
        yield Message(N_("{name} must not start with http:// or https://"), {"name": name})


def _name(name: str, value: str) -> Iterator[Message]:
    yield from _length(name, value)
    yield from _no_url(name, value)
    if value and not _NAME_START.match(value):
        yield Message(
            N_("{name} must start with an ASCII letter or a Chinese character, not with {start}"),
            {"name": name, "start": as_written(value[0])},
        )
    elif wrong := _NOT_IN_NAME.search(value):
        yield Message(
            N_(
                "{name} must not contain {character}; use only ASCII letters, Chinese characters, "
                "digits and : _ . -"
            ),
            {"name": name, "character": as_written(wrong[0])},
        )


def _description(name: str, value: str) -> Iterator[Message]:
    yield from _length(name, value)
    yield from _no_url(name, value)


def _token(name: str, value: str) -> Iterator[Message]:
    if not value.isascii():
        yield Message(N_("ClientToken must contain only ASCII characters"))
    yield from _length(name, value)


def _first_problem(
    request: Request, name: str, problems: Callable[[str, str], Iterator[Message]]
) -> Iterator[Finding]:
    """Report the first thing that is wrong with a text."""
    value = request.values.get(name)
    if is_text(value):
        for message in islice(problems(name, value), 1):
            yield Finding(request.place(name), message)


@rule(
    Request,
    "BL406",
    "malformed-name",
    Severity.ERROR,
    summary=N_("Name is malformed"),
    service_code=ServiceCode.NAME,
    bad=request_example('Name = "web server"\n'),
    good=request_example('Name = "web-server"\n'),
)
def malformed_name(request: Request, context: Context) -> Iterator[Finding]:
    """Name of the image template: 2 to 128 ASCII letters, Chinese characters, digits, `:`, `_`, `.`
    and `-`, starting with a letter or a Chinese character.
    """
    yield from _first_problem(request, "Name", _name)


@rule(
    Request,
    "BL407",
    "malformed-image-name",
    Severity.ERROR,
    summary=N_("ImageName is malformed"),
    service_code=ServiceCode.IMAGE_NAME,
    bad=request_example('ImageName = "2026-web"\n'),
    good=request_example('ImageName = "web-2026"\n'),
)
def malformed_image_name(request: Request, context: Context) -> Iterator[Finding]:
    """Prefix of the image name; the service appends `_` and the execution ID. 2 to 64 characters,
    the same ones as in Name.
    """
    yield from _first_problem(request, "ImageName", _name)


@rule(
    Request,
    "BL408",
    "malformed-description",
    Severity.ERROR,
    summary=N_("Description is malformed"),
    service_code=ServiceCode.DESCRIPTION,
    bad=request_example('Description = "https://example.com/web"\n'),
    good=request_example('Description = "See https://example.com/web"\n'),
)
def malformed_description(request: Request, context: Context) -> Iterator[Finding]:
    """2 to 256 characters. Must not start with `http://` or `https://`."""
    yield from _first_problem(request, "Description", _description)


@rule(
    Request,
    "BL417",
    "malformed-client-token",
    Severity.ERROR,
    summary=N_("ClientToken is malformed"),
    bad=request_example('ClientToken = "今天的构建"\n'),
    good=request_example('ClientToken = "123e4567-e89b-12d3-a456-426655440000"\n'),
)
def malformed_client_token(request: Request, context: Context) -> Iterator[Finding]:
    """A token that makes a repeated call the same call: ASCII, 1 to 64 characters."""
    yield from _first_problem(request, "ClientToken", _token)


# --- numbers -------------------------------------------------------------------------------------


def _range(request: Request, name: str, unit: str) -> Iterator[Finding]:
    if name not in request.values:
        return
    value = request.values[name]
    least, most = PARAMETERS[name].bounds or (0, 0)
    if not is_integer(value) or not least <= value <= most:
        fields = {
            "name": name,
            "value": as_written(value),
            "least": least,
            "most": most,
            "unit": unit,
        }
        text = N_("{name} must be an integer from {least} to {most} ({unit}), not {value}")
        yield Finding(request.place(name), Message(text, fields))


@rule(
    Request,
    "BL409",
    "system-disk-size",
    Severity.ERROR,
    summary=N_("SystemDiskSize is out of range"),
    service_code=ServiceCode.SYSTEM_DISK_SIZE,
    bad=request_example("SystemDiskSize = 10\n"),
    good=request_example("SystemDiskSize = 40\n"),
)
def system_disk_size(request: Request, context: Context) -> Iterator[Finding]:
    """System disk size of the build instance, 20 to 500 GiB (default: 40)."""
    yield from _range(request, "SystemDiskSize", "GiB")


@rule(
    Request,
    "BL410",
    "internet-max-bandwidth-out",
    Severity.ERROR,
    summary=N_("InternetMaxBandwidthOut is out of range"),
    service_code=ServiceCode.BANDWIDTH,
    bad=request_example("InternetMaxBandwidthOut = 200\n"),
    good=request_example("InternetMaxBandwidthOut = 0\n"),
)
def internet_max_bandwidth_out(request: Request, context: Context) -> Iterator[Finding]:
    """Outbound public bandwidth of the build instance, 0 to 100 Mbit/s (default: 0). With 0, the
    instance cannot reach the public internet, only Alibaba Cloud's internal mirrors.
    """
    yield from _range(request, "InternetMaxBandwidthOut", "Mbit/s")
