"""BL422 to BL443: the parameters that the API has gained, and what is nested in them."""

from functools import partial

from buildlint.lint.rules.examples import IMPORT, REGION, TEMPLATE
from buildlint.lint.rules.registry import Example
from buildlint.lint.rules.violated import violation_rule
from buildlint.service.contract import ServiceCode
from buildlint.service.declared import Problem
from buildlint.text.diagnostics import Severity
from buildlint.text.messages import N_

_rule = partial(violation_rule, __name__)

# --- repair, and the new image -------------------------------------------------------------------

_rule(
    "BL422",
    "repair-mode",
    ServiceCode.REPAIR_MODE,
    N_("RepairMode has a value that is not supported"),
    "How the base image is repaired before the build.",
    bad='RepairMode = "Full"\n',
    good='RepairMode = "Standard"\n',
)
_rule(
    "BL423",
    "missing-repair-mode",
    ServiceCode.MISSING_REPAIR_MODE,
    N_("The request has RepairItem without RepairMode"),
    "RepairItem says what is repaired with RepairMode `Customized`.",
    bad='RepairItem = ["fstab"]\n',
    good='RepairMode = "Customized"\nRepairItem = ["fstab"]\n',
)
_rule(
    "BL424",
    "repair-item",
    Problem.REPAIR_ITEM,
    N_("An item of RepairItem is not documented"),
    "The documented items differ between Linux and Windows.",
    bad='RepairMode = "Customized"\nRepairItem = ["fstabs"]\n',
    good='RepairMode = "Customized"\nRepairItem = ["fstab", "grub"]\n',
    severity=Severity.WARNING,
)
_rule(
    "BL425",
    "malformed-image-family",
    ServiceCode.IMAGE_FAMILY,
    N_("The image family is malformed"),
    """2 to 128 ASCII letters, Chinese characters, digits, `:`, `_` and `-`, starting with a letter
    or a Chinese character, and not with `aliyun` or `acs:`.
    """,
    bad='[ImageOptions]\nImageFamily = "acs:web"\n',
    good='[ImageOptions]\nImageFamily = "shop-web"\n',
)
_rule(
    "BL426",
    "malformed-image-description",
    ServiceCode.IMAGE_DESCRIPTION,
    N_("The description of the image is malformed"),
    "2 to 256 characters. Must not start with `http://` or `https://`.",
    bad='[ImageOptions]\nDescription = "https://example.com/web"\n',
    good='[ImageOptions]\nDescription = "See https://example.com/web"\n',
)
_rule(
    "BL427",
    "image-name-suffix",
    ServiceCode.IMAGE_NAME_SUFFIX,
    N_("ImageNameSuffix has a value that is not supported"),
    "The service appends `_` and the execution ID to the image name, unless ImageNameSuffix is "
    "`disable`.",
    bad='[AdvancedOptions]\nImageNameSuffix = "none"\n',
    good='[AdvancedOptions]\nImageNameSuffix = "disable"\n',
)
_rule(
    "BL428",
    "nvme-support",
    ServiceCode.NVME_SUPPORT,
    N_("NvmeSupport has a value that is not supported"),
    "Whether the image supports NVMe: `supported`, `unsupported` or `auto`.",
    bad='[ImageOptions.ImageFeatures]\nNvmeSupport = "yes"\n',
    good='[ImageOptions.ImageFeatures]\nNvmeSupport = "supported"\n',
)

# --- the import of the base image ----------------------------------------------------------------


def _import(lines: str, disks: str = IMPORT) -> str:
    return f"[ImportImageOptions]\n{disks}{lines}"


_GOOD_IMPORT = _import('Architecture = "arm64"\nBootMode = "UEFI"\nPlatform = "Ubuntu"\n')
_disk = 'DiskDeviceMappings = [{{ OSSBucket = "images", OSSObject = "web.raw", {} }}]\n'.format
_GOOD_DISK = _import("", _disk('Format = "RAW", DiskImageSize = 40'))
_import_rule = partial(_rule, good=_GOOD_IMPORT)
_disk_rule = partial(_rule, good=_GOOD_DISK)

_import_rule(
    "BL429",
    "import-architecture",
    ServiceCode.IMPORT_ARCHITECTURE,
    N_("Architecture of the imported image is not supported"),
    "The architecture of the image: `x86_64` (default) or `arm64`.",
    bad=_import('Architecture = "amd64"\n'),
)
_import_rule(
    "BL430",
    "import-os-type",
    ServiceCode.IMPORT_OS_TYPE,
    N_("OSType of the imported image is not supported"),
    "The operating system of the image: `linux` (default) or `windows`.",
    bad=_import('OSType = "Linux"\n'),
)
_import_rule(
    "BL431",
    "import-boot-mode",
    ServiceCode.IMPORT_BOOT_MODE,
    N_("BootMode of the imported image is not supported"),
    "The boot mode of the image: `BIOS` (default) or `UEFI`. An `arm64` image needs `UEFI`.",
    bad=_import('Architecture = "arm64"\n'),
)
_import_rule(
    "BL432",
    "import-platform",
    ServiceCode.IMPORT_PLATFORM,
    N_("Platform of the imported image is not supported"),
    "The distribution of the image, by the name in the documentation of the API.",
    bad=_import('Platform = "ubuntu"\n'),
)
_import_rule(
    "BL433",
    "import-license-type",
    ServiceCode.IMPORT_LICENSE_TYPE,
    N_("LicenseType of the imported image is not supported"),
    "The license of the image: `Auto` (default), `Aliyun` or `BYOL`.",
    bad=_import('LicenseType = "Own"\n'),
)
_import_rule(
    "BL434",
    "import-nvme-support",
    ServiceCode.IMPORT_NVME_SUPPORT,
    N_("NvmeSupport of the imported image is not supported"),
    "Whether the imported image supports NVMe: `supported` or `unsupported` (default).",
    bad=_import("", f'Features = {{ NvmeSupport = "auto" }}\n{IMPORT}'),
)
_disk_rule(
    "BL435",
    "too-many-disks",
    ServiceCode.DISK_COUNT,
    N_("DiskDeviceMappings has more than 17 items"),
    "An image has at most one system disk and 16 data disks.",
    bad=_import(
        "",
        "DiskDeviceMappings = ["
        + ", ".join(
            f'{{ OSSBucket = "images", OSSObject = "{number}.raw" }}' for number in range(18)
        )
        + "]\n",
    ),
)
_disk_rule(
    "BL436",
    "oss-object",
    ServiceCode.OSS_OBJECT,
    N_("OSSObject of a disk is malformed"),
    "The name of the object in the bucket, not its URL: 1 to 1,023 characters.",
    bad=_import(
        "",
        'DiskDeviceMappings = [{ OSSBucket = "images", '
        'OSSObject = "https://images.oss-cn-hangzhou.aliyuncs.com/web.raw" }]\n',
    ),
)
_disk_rule(
    "BL437",
    "oss-bucket",
    ServiceCode.OSS_BUCKET,
    N_("OSSBucket of a disk is malformed"),
    "The name of the bucket: 1 to 63 lowercase letters, digits and `-`, without a `-` at either "
    "end.",
    bad=_import("", 'DiskDeviceMappings = [{ OSSBucket = "Images", OSSObject = "web.raw" }]\n'),
)
_disk_rule(
    "BL438",
    "disk-format",
    ServiceCode.DISK_FORMAT,
    N_("Format of a disk is not supported"),
    "The format of the disk image: `RAW`, `VHD` or `QCOW2`.",
    bad=_import("", _disk('Format = "vmdk"')),
)
_disk_rule(
    "BL439",
    "disk-image-size",
    ServiceCode.DISK_IMAGE_SIZE,
    N_("DiskImageSize of a disk is out of range"),
    "The size of the disk, 1 to 2,048 GiB.",
    bad=_import("", _disk("DiskImageSize = 4096")),
)
_import_rule(
    "BL440",
    "missing-import",
    ServiceCode.MISSING_IMPORT,
    N_("BaseImageType is `OSS`, but ImportImageOptions is missing"),
    "With BaseImageType `OSS`, ImportImageOptions says which disk images on OSS are imported.",
    bad=Example(TEMPLATE, f'{REGION}BaseImageType = "OSS"\n'),
)
_import_rule(
    "BL441",
    "missing-disks",
    ServiceCode.MISSING_DISKS,
    N_("ImportImageOptions has no DiskDeviceMappings"),
    "An imported image needs at least one disk image on OSS.",
    bad=_import('Platform = "Ubuntu"\n', ""),
)
_disk_rule(
    "BL442",
    "missing-oss-object",
    ServiceCode.MISSING_OSS_OBJECT,
    N_("A disk has no OSSObject"),
    "OSSObject is the name of the disk image in the bucket.",
    bad=_import("", 'DiskDeviceMappings = [{ OSSBucket = "images" }]\n'),
)
_disk_rule(
    "BL443",
    "missing-oss-bucket",
    ServiceCode.MISSING_OSS_BUCKET,
    N_("A disk has no OSSBucket"),
    "OSSBucket is the bucket with the disk image.",
    bad=_import("", 'DiskDeviceMappings = [{ OSSObject = "web.raw" }]\n'),
)
