"""What to do about the errors of the service that nothing but the account decides.

A text may name the call that was rejected, `{action}`.
"""

from collections.abc import Mapping

from buildlint.text.messages import N_

_PERMISSION = N_(
    "the caller has no permission for this call; grant the action `ecs:{action}` in RAM"
)
_IMAGE = N_("use the ID of an image that this account can use in this region")
_OSS = N_(
    "let `ecs.aliyuncs.com` assume `AliyunECSImageImportDefaultRole`, and grant the role access to "
    "OSS"
)
_KEY = N_("use a valid AccessKey; to test it, run `aliyun sts GetCallerIdentity`")

# By the error codes of the calls that buildlint makes; those about files have rules instead.
ADVICE: Mapping[str, str] = {
    "Forbidden": _PERMISSION,
    "Forbidden.RAM": _PERMISSION,
    "NoPermission": _PERMISSION,
    "InvalidOperation.NoPermissionCreateServiceLinkedRole": N_(
        "the first call creates a role; grant `ram:CreateServiceLinkedRole` for "
        "`imagebuilder.ecs.aliyuncs.com` in RAM"
    ),
    "InvalidAccessKeyId.NotFound": _KEY,
    "InvalidAccessKeyId.Inactive": _KEY,
    "SignatureDoesNotMatch": _KEY,
    "InvalidSecurityToken.Expired": N_("the temporary credentials have expired; get new ones"),
    "InvalidRegionId.NotFound": N_("use a region of `aliyun ecs DescribeRegions`"),
    "InvalidImage.NotFound": _IMAGE,
    "InvalidImage.OsTypeUnsupported": N_("use a base image with a supported operating system"),
    "InvalidImage.ImageOwnerAliasUnsupported": N_(
        "remove ToRegionId, or use a base image that may be distributed"
    ),
    "InvalidImage.NotSupportRepair": N_("remove RepairMode, or use another base image"),
    "InvalidImageName.Duplicated": N_("use another image name"),
    "InvalidInstanceType.NotFound": N_(
        "use an instance type that is sold in this region and zone, or remove InstanceType"
    ),
    "InvalidVSwitchId.NotFound": N_(
        "use a vSwitch of this region and account, or remove VSwitchId"
    ),
    "InvalidResourceGroup.NotFound": N_(
        "use a resource group of this account, or remove ResourceGroupId"
    ),
    "ImageComponent.NotFound": N_("use a component that exists in this region"),
    "InvalidImageComponent.NotSupported": N_(
        "use a component that is available for the operating system of the base image"
    ),
    "QuotaExceed.ImagePipeline": N_("remove unused image templates, or request a higher quota"),
    "InvalidSourceInstance.NotFound": N_("use an instance that exists in this region"),
    "InvalidParameterCombination": N_(
        "the error names parameters that exclude each other; remove one of them"
    ),
    "InvalidImportImageOptionsDiskDeviceMappingsOSSObject.NotFound": N_(
        "use an OSS object in a bucket of the same region"
    ),
    "InvalidOSSObject.NotAuthorized": _OSS,
    "InvalidOperation.NoRightAccessOSS": _OSS,
    "InvalidOSSObject.NeedRestore": N_("restore the archived OSS object first"),
    "InvalidOperation.OSSObjectIsImporting": N_(
        "the OSS object is being imported; try again when the import has finished"
    ),
    "IdempotentParameterMismatch": N_(
        "this ClientToken was used for another request; set another one with `--set ClientToken=…`"
    ),
}
