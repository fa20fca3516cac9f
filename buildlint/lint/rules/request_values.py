"""BL406 to BL410, BL417: the strings and numbers of the request."""

from collections.abc import Iterator

from buildlint.lint.context import Context
from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.violated import violated
from buildlint.service.contract import ServiceCode
from buildlint.service.declared import Problem
from buildlint.service.request import Request
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_


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
    return violated(request, context, ServiceCode.NAME)


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
    return violated(request, context, ServiceCode.IMAGE_NAME)


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
    return violated(request, context, ServiceCode.DESCRIPTION)


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
    return violated(request, context, Problem.TOKEN)


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
    return violated(request, context, ServiceCode.SYSTEM_DISK_SIZE)


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
    return violated(request, context, ServiceCode.BANDWIDTH)
