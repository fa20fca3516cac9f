"""The parameters of CreateImagePipeline as a tree: one declaration each, nested ones, too.

From it come the rules of the request, its JSON schema, `--set`, completion and hover, the plan, and
what the emitters carry. It is the union of the revisions of the API document.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from buildlint.service.contract import IMAGE_TYPES, OSS, ServiceCode
from buildlint.service.locate import Path
from buildlint.text.messages import N_
from buildlint.text.record import Record
from buildlint.text.regex import regex


class Revision(StrEnum):
    """The revisions of the API document: that until October 2024, and those after it."""

    FIRST = "until October 2024"
    LATER = "after October 2024"


class Type(StrEnum):
    """The type of a parameter, by JSON's name for it."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "array"
    OBJECT = "object"


class Problem(StrEnum):
    """What can be wrong with a request without an error code of the service."""

    SLIP = "slip"
    UNKNOWN = "unknown"
    TYPE = "type"
    TAG_COUNT = "tag-count"
    TOKEN = "token"  # noqa: S105 - no secret
    ACCOUNT = "account"
    REPAIR_ITEM = "repair-item"
    VALUE = "value"


# What a rule reports: the errors of the service, and what has none.
Cause = ServiceCode | Problem


class Form(Record):
    """What a string must look like.

    `not_first` are reserved beginnings, `nowhere` what it must not contain, `others` which
    characters it may have besides letters, Chinese characters and digits; such a name starts with a
    letter or a Chinese character. `pattern` is a regular expression for all of it, and `pattern_is`
    says it in words.
    """

    not_first: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()
    others: str | None = None
    is_ascii: bool = False
    pattern: re.Pattern[str] | None = None
    pattern_is: str = ""


class Parameter(Record):
    """A parameter: its type, its purpose, and what its value must be.

    `bounds` are those of an integer (in `unit`), or of a string's length in characters; `values` is
    all that it may be. A list has at most `most` items, each like `item`; an object has `fields`.
    `cause` is reported for a value that is none, `missing` where it is required within its object,
    `too_many` for a list that is too long. `default` is what the service takes where the request
    says nothing, if that is documented. `is_required` is one that every call needs. A deprecated
    parameter has a `twin`, the path of that which replaces it. One that `takes_integers` is a
    string that a file may write without quotes.
    """

    type: Type
    help: str
    bounds: tuple[int, int] | None = None
    unit: str = ""
    values: tuple[str, ...] = ()
    form: Form | None = None
    item: "Parameter | None" = None
    most: int | None = None
    fields: "Mapping[str, Parameter]" = MappingProxyType({})
    cause: Cause = Problem.VALUE
    missing: Cause | None = None
    too_many: Cause = Problem.VALUE
    default: int | bool | str | None = None
    since: Revision = Revision.FIRST
    twin: Path | None = None
    is_required: bool = False
    takes_integers: bool = False


URL_PREFIXES = ("http://", "https://")
_RESERVED = ("aliyun", "acs:")
_NAME = Form(not_first=URL_PREFIXES, others=":_.-")
_FAMILY = Form(not_first=(*URL_PREFIXES, *_RESERVED), others=":_-")
_DESCRIPTION = Form(not_first=URL_PREFIXES)
_MAX_ITEMS = 20


def _string(text: str, **about: object) -> Parameter:
    return Parameter(Type.STRING, text, **about)  # type: ignore[arg-type]


def _tags(text: str) -> Parameter:
    tag = Parameter(
        Type.OBJECT,
        N_("A tag."),
        fields={
            "Key": _string(
                N_("Key of the tag, unique among the tags."),
                bounds=(1, 128),
                form=Form(not_first=_RESERVED, nowhere=URL_PREFIXES),
                cause=ServiceCode.TAG_KEY,
                missing=ServiceCode.TAG_KEY,
            ),
            "Value": _string(
                N_("Value of the tag; may be empty."),
                bounds=(0, 128),
                form=Form(not_first=("acs:",), nowhere=URL_PREFIXES),
                cause=ServiceCode.TAG_VALUE,
            ),
        },
    )
    return Parameter(Type.LIST, text, item=tag, most=_MAX_ITEMS, too_many=Problem.TAG_COUNT)


_SUPPORTED = ("supported", "unsupported")
_IMPORTED_DISK = Parameter(
    Type.OBJECT,
    N_("A disk image on OSS."),
    fields={
        "OSSBucket": _string(
            N_("Bucket with the disk image."),
            bounds=(1, 63),
            form=Form(
                pattern=regex("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"),
                pattern_is=N_(
                    "{name} must contain only lowercase letters, digits and `-`, and neither start "
                    "nor end with `-`"
                ),
            ),
            cause=ServiceCode.OSS_BUCKET,
            missing=ServiceCode.MISSING_OSS_BUCKET,
        ),
        "OSSObject": _string(
            N_("Name of the object in the bucket."),
            bounds=(1, 1023),
            form=_DESCRIPTION,
            cause=ServiceCode.OSS_OBJECT,
            missing=ServiceCode.MISSING_OSS_OBJECT,
        ),
        "Format": _string(
            N_("Format of the disk image."),
            values=("RAW", "VHD", "QCOW2"),
            cause=ServiceCode.DISK_FORMAT,
        ),
        "DiskImageSize": Parameter(
            Type.INTEGER,
            N_("Size of the disk."),
            bounds=(1, 2048),
            unit="GiB",
            cause=ServiceCode.DISK_IMAGE_SIZE,
        ),
    },
)
_PLATFORMS = (
    "Aliyun",
    "Anolis",
    "CentOS",
    "Ubuntu",
    "CoreOS",
    "SUSE",
    "Debian",
    "OpenSUSE",
    "FreeBSD",
    "RedHat",
    "Kylin",
    "UOS",
    "Fedora",
    "Fedora CoreOS",
    "CentOS Stream",
    "AlmaLinux",
    "Rocky Linux",
    "Gentoo",
    "Customized Linux",
    "Others Linux",
    "Windows Server 2022",
    "Windows Server 2019",
    "Windows Server 2016",
    "Windows Server 2012",
    "Windows Server 2008",
    "Windows Server 2003",
    "Other Windows",
)
_IMPORT = Parameter(
    Type.OBJECT,
    N_("Import of the base image from OSS; required with BaseImageType `OSS`."),
    since=Revision.LATER,
    fields={
        "Architecture": _string(
            N_("Architecture of the image."),
            values=("x86_64", "arm64"),
            default="x86_64",
            cause=ServiceCode.IMPORT_ARCHITECTURE,
        ),
        "OSType": _string(
            N_("Type of the operating system."),
            values=("linux", "windows"),
            default="linux",
            cause=ServiceCode.IMPORT_OS_TYPE,
        ),
        "Platform": _string(
            N_("Distribution of the operating system."),
            values=_PLATFORMS,
            cause=ServiceCode.IMPORT_PLATFORM,
        ),
        "BootMode": _string(
            N_("Boot mode; `arm64` needs `UEFI`."),
            values=("BIOS", "UEFI"),
            default="BIOS",
            cause=ServiceCode.IMPORT_BOOT_MODE,
        ),
        "LicenseType": _string(
            N_("Type of the license."),
            values=("Auto", "Aliyun", "BYOL"),
            default="Auto",
            cause=ServiceCode.IMPORT_LICENSE_TYPE,
        ),
        "DiskDeviceMappings": Parameter(
            Type.LIST,
            N_("The disk images."),
            item=_IMPORTED_DISK,
            most=17,
            too_many=ServiceCode.DISK_COUNT,
            missing=ServiceCode.MISSING_DISKS,
        ),
        "Features": Parameter(
            Type.OBJECT,
            N_("Features of the imported image."),
            fields={
                "NvmeSupport": _string(
                    N_("Whether the image supports NVMe."),
                    values=_SUPPORTED,
                    default="unsupported",
                    cause=ServiceCode.IMPORT_NVME_SUPPORT,
                ),
                "ImdsSupport": _string(
                    N_("Version of the instance metadata service."),
                    values=("v1", "v2"),
                    default="v1",
                ),
            },
        ),
        "RetentionStrategy": _string(
            N_("After which builds the imported image is kept."),
            values=("RetainOnlySuccessful", "RetainOnlyFailed", "RetainAlways", "RetainNever"),
            default="RetainNever",
        ),
        "RetainImportedImage": Parameter(
            Type.BOOLEAN,
            N_("Whether the imported image is kept."),
            twin=("ImportImageOptions", "RetentionStrategy"),
        ),
        "ImageName": _string(N_("Name of the imported image.")),
        "Description": _string(N_("Description of the imported image.")),
        "RoleName": _string(N_("Name of the RAM role for the import.")),
        "ImportImageTags": _tags(N_("Tags of the imported image.")),
    },
)
_IMAGE = Parameter(
    Type.OBJECT,
    N_("Settings of the new image."),
    since=Revision.LATER,
    fields={
        "ImageName": _string(
            N_("Prefix of the image name."),
            bounds=(2, 64),
            form=_NAME,
            cause=ServiceCode.IMAGE_NAME,
        ),
        "ImageFamily": _string(
            N_("Image family that the image joins."),
            bounds=(2, 128),
            form=_FAMILY,
            cause=ServiceCode.IMAGE_FAMILY,
        ),
        "Description": _string(
            N_("Description of the image."),
            bounds=(2, 256),
            form=_DESCRIPTION,
            cause=ServiceCode.IMAGE_DESCRIPTION,
        ),
        "ImageFeatures": Parameter(
            Type.OBJECT,
            N_("Features of the image."),
            fields={
                "NvmeSupport": _string(
                    N_("Whether the image supports NVMe."),
                    values=(*_SUPPORTED, "auto"),
                    cause=ServiceCode.NVME_SUPPORT,
                )
            },
        ),
        "ImageTags": _tags(N_("Tags of the image.")),
    },
)
_LINUX_REPAIRS = (
    "fstab",
    "grub",
    "dhcp",
    "selinux",
    "growpart",
    "cloudinit",
    "aegis",
    "nvme",
    "virtio",
    "standardizedtimezone",
)
_WINDOWS_REPAIRS = (
    "bcd",
    "hotfix",
    "disk",
    "update",
    "server",
    "bootmgr",
    "vminit",
    "osloader",
)
_OWNER = N_("In every SDK, but not documented.")

# In the order in which the compiled request shows them.
PARAMETERS: Mapping[str, Parameter] = {
    "RegionId": _string(N_("Region of the build."), is_required=True),
    "BaseImageType": _string(
        N_("Type of the base image."),
        values=(*IMAGE_TYPES, OSS),
        cause=ServiceCode.BASE_IMAGE_TYPE,
        is_required=True,
    ),
    "BaseImage": _string(
        N_("Image ID or image family that the build starts from."), is_required=True
    ),
    "BuildContent": _string(N_("The template.")),
    "TestContent": _string(
        N_("Commands that test the new image on an instance."), since=Revision.LATER
    ),
    "Name": _string(
        N_("Name of the image template."), bounds=(2, 128), form=_NAME, cause=ServiceCode.NAME
    ),
    "Description": _string(
        N_("Description of the image template."),
        bounds=(2, 256),
        form=_DESCRIPTION,
        cause=ServiceCode.DESCRIPTION,
    ),
    "ImageName": _string(
        N_("Prefix of the image name."),
        bounds=(2, 64),
        form=_NAME,
        cause=ServiceCode.IMAGE_NAME,
        twin=("ImageOptions", "ImageName"),
    ),
    "VSwitchId": _string(N_("VSwitch of the build instance.")),
    "InstanceType": _string(N_("Instance type of the build instance.")),
    "ResourceGroupId": _string(N_("Resource group of the image template.")),
    "SystemDiskSize": Parameter(
        Type.INTEGER,
        N_("System disk of the build instance."),
        bounds=(20, 500),
        unit="GiB",
        default=40,
        cause=ServiceCode.SYSTEM_DISK_SIZE,
    ),
    "InternetMaxBandwidthOut": Parameter(
        Type.INTEGER,
        N_("Outbound public bandwidth of the build instance."),
        bounds=(0, 100),
        unit="Mbit/s",
        default=0,
        cause=ServiceCode.BANDWIDTH,
    ),
    "DeleteInstanceOnFailure": Parameter(
        Type.BOOLEAN, N_("Whether a failed build releases its instance."), default=True
    ),
    "Tag": _tags(N_("Tags of the image template.")),
    "AddAccount": Parameter(
        Type.LIST,
        N_("Accounts that the image is shared with."),
        # Ids of accounts are numbers, which a file may write with quotes or without.
        item=_string(
            N_("The ID of an account."),
            form=Form(
                pattern=regex("[0-9]+"),
                pattern_is=N_(
                    "`{value}` is not an account ID; use a number, for example `1234567890`"
                ),
            ),
            cause=Problem.ACCOUNT,
            takes_integers=True,
        ),
        most=_MAX_ITEMS,
        too_many=ServiceCode.ADD_ACCOUNT_COUNT,
    ),
    "ToRegionId": Parameter(
        Type.LIST,
        N_("Regions that the image is copied to."),
        item=_string(N_("The ID of a region.")),
        most=_MAX_ITEMS,
        too_many=ServiceCode.TO_REGION_COUNT,
    ),
    "RepairMode": _string(
        N_("How the base image is repaired before the build."),
        values=("Standard", "All", "Customized"),
        since=Revision.LATER,
        cause=ServiceCode.REPAIR_MODE,
    ),
    "RepairItem": Parameter(
        Type.LIST,
        N_("What is repaired with RepairMode `Customized`."),
        item=_string(
            N_("An item to repair."),
            values=(*_LINUX_REPAIRS, *_WINDOWS_REPAIRS),
            cause=Problem.REPAIR_ITEM,
        ),
        since=Revision.LATER,
    ),
    "AdvancedOptions": Parameter(
        Type.OBJECT,
        N_("Advanced settings of the build."),
        since=Revision.LATER,
        fields={
            "RetainCloudAssistant": Parameter(
                Type.BOOLEAN, N_("Whether Cloud Assistant stays in the image."), default=False
            ),
            "ImageNameSuffix": _string(
                N_("`disable` adds no execution ID to the image name."),
                values=("disable",),
                cause=ServiceCode.IMAGE_NAME_SUFFIX,
            ),
        },
    ),
    "ImageOptions": _IMAGE,
    "ImageSecurityOptions": Parameter(
        Type.OBJECT,
        N_("Security settings of the image."),
        since=Revision.LATER,
        fields={"SecurityScanMode": _string(N_("Mode of the security scan."))},
    ),
    "ImportImageOptions": _IMPORT,
    "ImageFamily": _string(
        N_("Image family that the image joins."),
        bounds=(2, 128),
        form=_FAMILY,
        cause=ServiceCode.IMAGE_FAMILY,
        since=Revision.LATER,
        twin=("ImageOptions", "ImageFamily"),
    ),
    "NvmeSupport": _string(
        N_("Whether the image supports NVMe."),
        values=(*_SUPPORTED, "auto"),
        cause=ServiceCode.NVME_SUPPORT,
        since=Revision.LATER,
        twin=("ImageOptions", "ImageFeatures", "NvmeSupport"),
    ),
    "ClientToken": _string(
        N_("Makes repeated calls idempotent: ASCII, at most 64 characters."),
        bounds=(1, 64),
        form=Form(is_ascii=True),
        cause=Problem.TOKEN,
    ),
    "OwnerId": Parameter(Type.INTEGER, _OWNER, cause=Problem.TYPE, since=Revision.LATER),
    "OwnerAccount": _string(_OWNER, since=Revision.LATER),
    "ResourceOwnerId": Parameter(Type.INTEGER, _OWNER, cause=Problem.TYPE, since=Revision.LATER),
    "ResourceOwnerAccount": _string(_OWNER, since=Revision.LATER),
}


def declarations(
    fields: Mapping[str, Parameter] = PARAMETERS, path: Path = ()
) -> Iterator[tuple[Path, Parameter]]:
    """Yield all parameters with their paths; items of lists are left out."""
    for name, about in fields.items():
        yield (*path, name), about
        yield from declarations(about.fields, (*path, name))


def parameter(path: Path) -> Parameter | None:
    """Find the declaration of what a path leads to; None if there is none.

    Any index of a list leads to its item.
    """
    fields, found = PARAMETERS, None
    for step in path:
        found = (found.item if found else None) if isinstance(step, int) else fields.get(step)
        if found is None:
            return None
        fields = found.fields
    return found


def spelled(path: Path) -> Path:
    """Spell the names of a path as the API does; unknown ones stay."""
    correct: Path = ()
    for step in path:
        if isinstance(step, str):
            above = parameter(correct) if correct else None
            fields = above.fields if above else ({} if correct else PARAMETERS)
            step = {each.lower(): each for each in fields}.get(step.lower(), step)  # noqa: PLW2901
        correct = (*correct, step)
    return correct
