"""The parameters of CreateImagePipeline; the union of the revisions of its API document."""

from collections.abc import Mapping

from buildlint.service.contract import IMAGE_TYPES, OSS, ServiceCode
from buildlint.service.declared import (
    DESCRIPTION,
    FAMILY,
    MAX_ITEMS,
    NAME,
    Form,
    Parameter,
    Problem,
    Revision,
    Type,
    string,
    tags,
)
from buildlint.text.messages import N_
from buildlint.text.regex import regex

_SUPPORTED = ("supported", "unsupported")
_IMPORTED_DISK = Parameter(
    Type.OBJECT,
    N_("A disk image on OSS."),
    fields={
        "OSSBucket": string(
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
        "OSSObject": string(
            N_("Name of the object in the bucket."),
            bounds=(1, 1023),
            form=DESCRIPTION,
            cause=ServiceCode.OSS_OBJECT,
            missing=ServiceCode.MISSING_OSS_OBJECT,
        ),
        "Format": string(
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
        "Architecture": string(
            N_("Architecture of the image."),
            values=("x86_64", "arm64"),
            default="x86_64",
            cause=ServiceCode.IMPORT_ARCHITECTURE,
        ),
        "OSType": string(
            N_("Type of the operating system."),
            values=("linux", "windows"),
            default="linux",
            cause=ServiceCode.IMPORT_OS_TYPE,
        ),
        "Platform": string(
            N_("Distribution of the operating system."),
            values=_PLATFORMS,
            cause=ServiceCode.IMPORT_PLATFORM,
        ),
        "BootMode": string(
            N_("Boot mode; `arm64` needs `UEFI`."),
            values=("BIOS", "UEFI"),
            default="BIOS",
            cause=ServiceCode.IMPORT_BOOT_MODE,
        ),
        "LicenseType": string(
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
                "NvmeSupport": string(
                    N_("Whether the image supports NVMe."),
                    values=_SUPPORTED,
                    default="unsupported",
                    cause=ServiceCode.IMPORT_NVME_SUPPORT,
                ),
                "ImdsSupport": string(
                    N_("Version of the instance metadata service."),
                    values=("v1", "v2"),
                    default="v1",
                ),
            },
        ),
        "RetentionStrategy": string(
            N_("After which builds the imported image is kept."),
            values=("RetainOnlySuccessful", "RetainOnlyFailed", "RetainAlways", "RetainNever"),
            default="RetainNever",
        ),
        "RetainImportedImage": Parameter(
            Type.BOOLEAN,
            N_("Whether the imported image is kept."),
            twin=("ImportImageOptions", "RetentionStrategy"),
        ),
        "ImageName": string(N_("Name of the imported image.")),
        "Description": string(N_("Description of the imported image.")),
        "RoleName": string(N_("Name of the RAM role for the import.")),
        "ImportImageTags": tags(N_("Tags of the imported image.")),
    },
)
_IMAGE = Parameter(
    Type.OBJECT,
    N_("Settings of the new image."),
    since=Revision.LATER,
    fields={
        "ImageName": string(
            N_("Prefix of the image name."),
            bounds=(2, 64),
            form=NAME,
            cause=ServiceCode.IMAGE_NAME,
        ),
        "ImageFamily": string(
            N_("Image family that the image joins."),
            bounds=(2, 128),
            form=FAMILY,
            cause=ServiceCode.IMAGE_FAMILY,
        ),
        "Description": string(
            N_("Description of the image."),
            bounds=(2, 256),
            form=DESCRIPTION,
            cause=ServiceCode.IMAGE_DESCRIPTION,
        ),
        "ImageFeatures": Parameter(
            Type.OBJECT,
            N_("Features of the image."),
            fields={
                "NvmeSupport": string(
                    N_("Whether the image supports NVMe."),
                    values=(*_SUPPORTED, "auto"),
                    cause=ServiceCode.NVME_SUPPORT,
                )
            },
        ),
        "ImageTags": tags(N_("Tags of the image.")),
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
    "RegionId": string(N_("Region of the build."), is_required=True),
    "BaseImageType": string(
        N_("Type of the base image."),
        values=(*IMAGE_TYPES, OSS),
        cause=ServiceCode.BASE_IMAGE_TYPE,
        is_required=True,
    ),
    "BaseImage": string(
        N_("Image ID or image family that the build starts from."), is_required=True
    ),
    "BuildContent": string(N_("The template.")),
    "TestContent": string(
        N_("Commands that test the new image on an instance."), since=Revision.LATER
    ),
    "Name": string(
        N_("Name of the image template."), bounds=(2, 128), form=NAME, cause=ServiceCode.NAME
    ),
    "Description": string(
        N_("Description of the image template."),
        bounds=(2, 256),
        form=DESCRIPTION,
        cause=ServiceCode.DESCRIPTION,
    ),
    "ImageName": string(
        N_("Prefix of the image name."),
        bounds=(2, 64),
        form=NAME,
        cause=ServiceCode.IMAGE_NAME,
        twin=("ImageOptions", "ImageName"),
    ),
    "VSwitchId": string(N_("VSwitch of the build instance.")),
    "InstanceType": string(N_("Instance type of the build instance.")),
    "ResourceGroupId": string(N_("Resource group of the image template.")),
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
    "Tag": tags(N_("Tags of the image template.")),
    "AddAccount": Parameter(
        Type.LIST,
        N_("Accounts that the image is shared with."),
        # Ids of accounts are numbers, which a file may write with quotes or without.
        item=string(
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
        most=MAX_ITEMS,
        too_many=ServiceCode.ADD_ACCOUNT_COUNT,
    ),
    "ToRegionId": Parameter(
        Type.LIST,
        N_("Regions that the image is copied to."),
        item=string(N_("The ID of a region.")),
        most=MAX_ITEMS,
        too_many=ServiceCode.TO_REGION_COUNT,
    ),
    "RepairMode": string(
        N_("How the base image is repaired before the build."),
        values=("Standard", "All", "Customized"),
        since=Revision.LATER,
        cause=ServiceCode.REPAIR_MODE,
    ),
    "RepairItem": Parameter(
        Type.LIST,
        N_("What is repaired with RepairMode `Customized`."),
        item=string(
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
            "ImageNameSuffix": string(
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
        fields={"SecurityScanMode": string(N_("Mode of the security scan."))},
    ),
    "ImportImageOptions": _IMPORT,
    "ImageFamily": string(
        N_("Image family that the image joins."),
        bounds=(2, 128),
        form=FAMILY,
        cause=ServiceCode.IMAGE_FAMILY,
        since=Revision.LATER,
        twin=("ImageOptions", "ImageFamily"),
    ),
    "NvmeSupport": string(
        N_("Whether the image supports NVMe."),
        values=(*_SUPPORTED, "auto"),
        cause=ServiceCode.NVME_SUPPORT,
        since=Revision.LATER,
        twin=("ImageOptions", "ImageFeatures", "NvmeSupport"),
    ),
    "ClientToken": string(
        N_("Makes repeated calls idempotent: ASCII, at most 64 characters."),
        bounds=(1, 64),
        form=Form(is_ascii=True),
        cause=Problem.TOKEN,
    ),
    "OwnerId": Parameter(Type.INTEGER, _OWNER, cause=Problem.TYPE, since=Revision.LATER),
    "OwnerAccount": string(_OWNER, since=Revision.LATER),
    "ResourceOwnerId": Parameter(Type.INTEGER, _OWNER, cause=Problem.TYPE, since=Revision.LATER),
    "ResourceOwnerAccount": string(_OWNER, since=Revision.LATER),
}
