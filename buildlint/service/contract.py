"""The service contract as data: the only place where a limit or an error code is spelled.

It rests on the API document of CreateImagePipeline (ECS, version 2014-05-26). Where later
revisions differ, the compiled result means the same under all of them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from buildlint.text.messages import N_
from buildlint.text.record import Record

API_VERSION = "2014-05-26"
MAX_CONTENT_BYTES = 16_384
MAX_COMMANDS = 127
# A step has these unless the service is told otherwise.
STEP_SECONDS = 600


class ServiceCode(StrEnum):
    """The error codes of the two calls that a mistake in the files can earn."""

    CONTENT_LENGTH = "InvalidBuildContent.LengthExceeded"
    COMMAND_COUNT = "InvalidImageTemplateCommandSize.ExceededMaxNumber"
    DUPLICATED_FROM = "DuplicatedCommand.FROM"
    FROM_ORDER = "InvalidCommandOrder.FROM"
    COMMAND_NOT_SUPPORTED = "InvalidImageTemplateCommand.NotSupported"
    INVALID_FROM = "InvalidCommandContent.FROM"
    EMPTY_RUN = "EmptyCommandContent.RUN"
    EMPTY_ENV = "EmptyCommandContent.ENV"
    EMPTY_WORKDIR = "EmptyCommandContent.WORKDIR"
    EMPTY_COPY = "EmptyCommandContent.COPY"
    EMPTY_USER = "EmptyCommandContent.USER"
    EMPTY_LABEL = "EmptyCommandContent.LABEL"
    EMPTY_CMD = "EmptyCommandContent.CMD"
    EMPTY_ENTRYPOINT = "EmptyCommandContent.ENTRYPOINT"
    NOT_EMPTY_RESTART = "NotEmptyCommandContent.RESTART"
    INVALID_RUN = "InvalidCommandContent.RUN"
    INVALID_ENV = "InvalidCommandContent.ENV"
    INVALID_WORKDIR = "InvalidCommandContent.WORKDIR"
    INVALID_COPY = "InvalidCommandContent.COPY"
    INVALID_USER = "InvalidCommandContent.USER"
    INVALID_CMD = "InvalidCommandContent.CMD"
    INVALID_ENTRYPOINT = "InvalidCommandContent.ENTRYPOINT"
    INVALID_CONTENT = "InvalidParameter.BuildContent"
    BASE_IMAGE_TYPE = "InvalidBaseImageType.NotSupportedValue"
    NAME = "InvalidName.Malformed"
    IMAGE_NAME = "InvalidImageName.Malformed"
    DESCRIPTION = "InvalidDescription.Malformed"
    SYSTEM_DISK_SIZE = "InvalidSystemDiskSize.NotSupportedValue"
    BANDWIDTH = "InvalidInternetMaxBandwidthOut.NotSupportedValue"
    ADD_ACCOUNT_COUNT = "InvalidAddAccountSize.ExceededMaxNumber"
    TO_REGION_COUNT = "InvalidToRegionIdSize.ExceededMaxNumber"
    TAG_KEY = "InvalidTagKey.Malformed"
    TAG_VALUE = "InvalidTagValue.Malformed"
    DUPLICATE_TAG_KEY = "Duplicate.TagKey"
    WINDOWS = "ImagePipeline.NotSupportWindowsInstance"
    TEST_CONTENT = "InvalidParameter.TestContent"
    REPAIR_MODE = "InvalidParameter.RepairMode"
    MISSING_REPAIR_MODE = "MissingParameter.RepairMode"
    IMAGE_FAMILY = "InvalidImageFamily.Malformed"
    IMAGE_DESCRIPTION = "InvalidImageOptions.Description"
    IMAGE_NAME_SUFFIX = "InvalidAdvancedOptions.ImageNameSuffix"
    NVME_SUPPORT = "InvalidParameter.NvmeSupport"
    IMPORT_ARCHITECTURE = "InvalidParameter.ImportImageOptionsArchitecture"
    IMPORT_OS_TYPE = "InvalidParameter.ImportImageOptionsOSType"
    IMPORT_BOOT_MODE = "InvalidParameter.ImportImageOptionsBootMode"
    IMPORT_PLATFORM = "InvalidParameter.ImportImageOptionsPlatform"
    IMPORT_LICENSE_TYPE = "InvalidParameter.ImportImageOptionsLicenseType"
    IMPORT_NVME_SUPPORT = "InvalidParameter.ImportImageOptionsFeaturesNvmeSupport"
    DISK_COUNT = "InvalidImportImageOptionsDiskDeviceMappings.LengthLimitExceeded"
    OSS_OBJECT = "InvalidParameter.ImportImageOptionsDiskDeviceMappingsOSSObject"
    OSS_BUCKET = "InvalidParameter.ImportImageOptionsDiskDeviceMappingsOSSBucket"
    DISK_FORMAT = "InvalidParameter.ImportImageOptionsDiskDeviceMappingsFormat"
    DISK_IMAGE_SIZE = "InvalidOperation.DiskImageSizeExceeded"
    MISSING_IMPORT = "MissingParameter.ImportImageOptions"
    MISSING_DISKS = "MissingParameter.ImageOptionsDiskDeviceMappings"
    MISSING_OSS_OBJECT = "MissingParameter.ImportImageOptionsDiskDeviceMappingsOSSObject"
    MISSING_OSS_BUCKET = "MissingParameter.ImportImageOptionsDiskDeviceMappingsOSSBucket"
    COMPONENT_LENGTH = "InvalidContent.LengthExceeded"
    COMPONENT_FROM = "NotSupportedCommand.FROM"
    COMPONENT_IN_COMPONENT = "InvalidCommand.Component"
    MISSING_COMPONENT = "MissingParameter.Content"
    COMPONENT = "InvalidParameter.Content"
    COMPONENT_TYPE = "InvalidComponentType.NotSupportedValue"
    COMPONENT_VERSION = "InvalidParameter.ComponentVersion"
    SYSTEM_TYPE = "InvalidSystemType.NotSupportedValue"

    @property
    def http_status(self) -> int:
        """The HTTP status that the service answers with."""
        if self is ServiceCode.WINDOWS:
            return 403
        return 404 if self.startswith(("MissingParameter.", "NotSupportedCommand.")) else 400


# Codes that no file can foretell: only the service knows what exists and what is allowed.
SERVICE_ONLY_CODES: Mapping[str, str] = {
    "InvalidImage.NotFound": "whether an image exists",
    "InvalidResourceGroup.NotFound": "whether a resource group exists",
    "InvalidRegionId.NotFound": "whether a region exists",
    "InvalidInstanceType.NotFound": "which instance types a region offers",
    "InvalidVSwitchId.NotFound": "whether a vSwitch exists",
    "ImageComponent.NotFound": "whether a component exists",
    "QuotaExceed.ImagePipeline": "how many image templates an account has",
    "NoPermission": "which permissions the caller has",
}


# --- commands ------------------------------------------------------------------------------------


class Command(NamedTuple):
    """A command of the language: its documented forms, and the error when it has no arguments.

    `purpose` says what it does, `notes` what the service minds.
    """

    forms: tuple[str, ...]
    no_arguments: ServiceCode | None
    example: str
    purpose: str
    notes: tuple[str, ...] = ()


COMMANDS: Mapping[str, Command] = {
    "FROM": Command(
        ("FROM IMAGE:<image-id>", "FROM IMAGE_FAMILY:<family>"),
        ServiceCode.INVALID_FROM,
        "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64",
        N_("Sets the base image of the build."),
        (
            N_("At most one, as the first command."),
            N_("It agrees with BaseImageType and BaseImage, which decide since November 2024."),
            N_("The type ends at the first colon; a family name may contain more colons."),
        ),
    ),
    "RUN": Command(
        ("RUN <shell commands>",),
        ServiceCode.EMPTY_RUN,
        "RUN apt-get update",
        N_("Runs shell commands during the build."),
        (
            N_("Every RUN is a new shell: variables and `cd` do not carry over."),
            N_("A step times out after 600 seconds by default."),
            N_("Heredocs and build flags such as `--mount` are rejected."),
        ),
    ),
    "ENV": Command(
        ('ENV <name>="<value>" …', "ENV <name> <value>"),
        ServiceCode.EMPTY_ENV,
        'ENV JAVA_HOME="/usr/lib/jvm/java-17"',
        N_("Sets environment variables for the following commands."),
        (
            N_("In the form with `=`, every value must be in double quotes."),
            N_("Names consist of letters, digits and `_`, and do not start with a digit."),
        ),
    ),
    "WORKDIR": Command(
        ("WORKDIR /<path>", "WORKDIR <path>/<path>"),
        ServiceCode.EMPTY_WORKDIR,
        "WORKDIR /opt/app",
        N_("Sets the working directory for the following commands."),
        (N_("Takes exactly one path."),),
    ),
    "COPY": Command(
        ("COPY <url> <directory>", "COPY <path> <directory>"),
        ServiceCode.EMPTY_COPY,
        "COPY https://example.com/app.tar.gz /opt",
        N_("Downloads a file from a URL, or copies a file on the build instance."),
        (
            N_("There is no build context: paths are paths on the build instance."),
            N_("URLs are http, https or ftp (wget downloads them), without a query string."),
            N_("Downloads from a public host need InternetMaxBandwidthOut in the request."),
            N_("Flags such as `--chown` are rejected."),
        ),
    ),
    "USER": Command(
        ("USER <name>",),
        ServiceCode.EMPTY_USER,
        "USER app",
        N_("Sets the user for the following commands."),
        (N_("An existing user, without a group."),),
    ),
    "LABEL": Command(
        ('LABEL <name>="<value>" …',),
        ServiceCode.EMPTY_LABEL,
        'LABEL team="platform"',
        N_("Adds metadata to the template."),
        (N_("Every label needs a value."),),
    ),
    "CMD": Command(
        ('CMD ["<program>", "<argument>", …]', "CMD <program> <argument> …"),
        ServiceCode.EMPTY_CMD,
        'CMD ["/usr/bin/app", "--port", "80"]',
        N_("Runs a program when the system starts."),
        (N_("A value that starts with `[` must be a JSON array of one or more strings."),),
    ),
    "ENTRYPOINT": Command(
        ('ENTRYPOINT ["<program>", "<argument>", …]', "ENTRYPOINT <program> <argument> …"),
        ServiceCode.EMPTY_ENTRYPOINT,
        'ENTRYPOINT ["/usr/bin/app"]',
        N_("Runs a program when the system starts."),
        (N_("A value that starts with `[` must be a JSON array of one or more strings."),),
    ),
    "RESTART": Command(
        ("RESTART",),
        None,
        "RESTART",
        N_("Restarts the build instance."),
        (N_("Takes no arguments and no comment on the same line."),),
    ),
    "COMPONENT": Command(
        (
            "COMPONENT ic-<id>",
            "COMPONENT ic-<id> --<name> <value> …",
            "COMPONENT acs:ecs:<region>:<account>:imagecomponent/<name>/<version>",
        ),
        ServiceCode.INVALID_CONTENT,
        "COMPONENT ic-bp67acfmxazb4p0abcde",
        N_("Runs an image component."),
        (
            N_("Given by component ID, or by resource name with a version."),
            N_("Major, minor or patch version may be `*`."),
            N_("Component parameters follow as `--<name> <value>`."),
        ),
    ),
}

# The commands that are marked "Linux only".
LINUX_ONLY = ("RUN", "ENV", "WORKDIR", "COPY", "USER", "LABEL", "CMD", "ENTRYPOINT")

# Docker's other commands, and what to write in their place.
UNSUPPORTED_COMMANDS: Mapping[str, str] = {
    "ADD": N_(
        "ADD is not supported; use `COPY <url> <directory>` to download a file, or RUN with curl "
        "and tar to unpack an archive"
    ),
    "ARG": N_(
        "ARG is not supported: Image Builder does not expand variables; use the value itself, or "
        "ENV if the shell needs it"
    ),
    "EXPOSE": N_(
        "EXPOSE is not supported: ports are opened in the instance's security group; remove this "
        "line"
    ),
    "HEALTHCHECK": N_(
        "HEALTHCHECK is not supported; use systemd (`Restart=on-failure`) or a load balancer "
        "health check"
    ),
    "MAINTAINER": N_('MAINTAINER is not supported; use `LABEL maintainer="<name>"`'),
    "ONBUILD": N_(
        "ONBUILD is not supported; put the command in the templates that use this image as their "
        "base image"
    ),
    "SHELL": N_("SHELL is not supported; to use another shell, use `RUN bash -c '<command>'`"),
    "STOPSIGNAL": N_(
        "STOPSIGNAL is not supported; set `KillSignal=` in the service's systemd unit"
    ),
    "VOLUME": N_(
        "VOLUME is not supported: disks belong to the instance, not the image; create the "
        "directory with `RUN mkdir -p`"
    ),
}


# --- kinds of texts ------------------------------------------------------------------------------


class Kind(Record):
    """A kind of text in the template language.

    `content` is the parameter that has it. `code` is what every mistake in it earns; None where
    each has a code of its own. `excludes` are the commands that must not stand in it.
    """

    name: str
    content: str
    code: ServiceCode | None = None
    excludes: tuple[str, ...] = ()

    @property
    def has_from(self) -> bool:
        """Whether the base image may stand in it."""
        return "FROM" not in self.excludes


BUILD_CONTENT = "BuildContent"
TEMPLATE = Kind("template", BUILD_CONTENT)
# Runs on an instance that is started from the new image; it is a parameter of the request.
TEST_CONTENT = "TestContent"
TEST = Kind("test", TEST_CONTENT, ServiceCode.TEST_CONTENT, ("FROM",))
# A part of templates, in the form that has their commands.
COMPONENT_CONTENT = "Content"
_NOT_IN_COMPONENTS = ("FROM", "COMPONENT")
COMPONENT = Kind("component", COMPONENT_CONTENT, excludes=_NOT_IN_COMPONENTS)
# The same in YAML: a list of tasks.
TASKS = Kind("tasks", COMPONENT_CONTENT, excludes=_NOT_IN_COMPONENTS)
COMPONENTS = (COMPONENT, TASKS)


# --- images --------------------------------------------------------------------------------------

IMAGE_TYPES = ("IMAGE", "IMAGE_FAMILY")
# The type of a base image that is imported in the same build; it has no FROM.
OSS = "OSS"


class FromSemantics(StrEnum):
    """What the service makes of a FROM: revisions of its document say different things.

    override: FROM overrides the request's BaseImageType and BaseImage (the document of 2024).
    ignored: FROM is ignored, the two parameters decide (its revision of November 2024).
    """

    OVERRIDE = "override"
    IGNORED = "ignored"


SEMANTICS_ALIASES = {"ignore": "ignored"}


# Ids in the documents end in asterisks instead of their last characters.
MASK = "****"
ID_PARAMETERS = ("BaseImage", "VSwitchId", "ResourceGroupId")

URL_SCHEMES = ("http://", "https://", "ftp://")


# --- builds --------------------------------------------------------------------------------------


class Status(Record):
    """A status of a build: what it means, and whether the build ends with it."""

    meaning: str
    is_final: bool = False


# The `Status` of DescribeImagePipelineExecutions, by its API document (January 2026) and by the
# SDK's own text about it.
STATUSES: Mapping[str, Status] = {
    "PREPARING": Status(N_("creating the build instance and related resources")),
    "REPAIRING": Status(N_("repairing the base image")),
    "BUILDING": Status(N_("running the commands and creating the image")),
    "TESTING": Status(N_("running the test commands")),
    "DISTRIBUTING": Status(N_("distributing and sharing the image")),
    "RELEASING": Status(N_("releasing the build resources")),
    "CANCELLING": Status(N_("cancelling the build")),
    "SUCCESS": Status(N_("the image is built"), is_final=True),
    "PARTITION_SUCCESS": Status(
        N_("the image is built, but distributing, sharing or releasing resources failed"),
        is_final=True,
    ),
    "FAILED": Status(N_("the build failed"), is_final=True),
    "TEST_FAILED": Status(N_("the image is built, but its test failed"), is_final=True),
    "CANCELLED": Status(N_("the build was cancelled"), is_final=True),
}
SUCCESS = "SUCCESS"
