"""Pipelines that have everything a format may stumble over."""

from typing import Any

from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_COMPONENT

FULL = CompiledPipeline(
    {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE_FAMILY",
        "BaseImage": "acs:ubuntu_22_04_x64",
        "BuildContent": (
            "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
            "RUN echo \"a 'b' $C \\\n"
            '  `d`" \t \'\'\'x\'\'\' """y""" {z} %s \u2028\x0c\x85 && echo a+b=c~d/e?\n'
            'ENV NAME="网站 🐳"'
        ),
        "Name": "网站-1.0_a:b",
        "Description": 'It\'s "quoted"\\',
        "ImageName": "web",
        "VSwitchId": "vsw-1",
        "InstanceType": "ecs.g7.large",
        "ResourceGroupId": "rg-1",
        "SystemDiskSize": 80,
        "InternetMaxBandwidthOut": 0,
        "DeleteInstanceOnFailure": False,
        "Tag": [{"Key": "team", "Value": ""}, {"Key": "阶段", "Value": "a&b=c"}],
        "AddAccount": ["1234567890", "0234567890"],
        "ToRegionId": ["cn-beijing"],
        "ClientToken": "token",
    }
)
NESTED = CompiledPipeline(
    {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "OSS",
        "BuildContent": "RUN true",
        "TestContent": "RUN test -e /etc/passwd",
        "RepairMode": "Customized",
        "RepairItem": ["fstab", "grub"],
        "AdvancedOptions": {"RetainCloudAssistant": False, "ImageNameSuffix": "disable"},
        "ImageOptions": {
            "ImageName": "web",
            "ImageFamily": "家:web",
            "ImageFeatures": {"NvmeSupport": "auto"},
            "ImageTags": [{"Key": "team", "Value": "web"}, {"Key": "阶段"}],
        },
        "ImageSecurityOptions": {"SecurityScanMode": "any"},
        "ImportImageOptions": {
            "Architecture": "arm64",
            "BootMode": "UEFI",
            "DiskDeviceMappings": [
                {"OSSBucket": "images", "OSSObject": "web.raw", "Format": "RAW"},
                {"OSSBucket": "images", "OSSObject": "data.raw", "DiskImageSize": 40},
            ],
            "Features": {"NvmeSupport": "supported", "ImdsSupport": "v2"},
            "RetainImportedImage": True,
        },
    }
)
SMALL = CompiledPipeline(
    {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-1",
        "BuildContent": "FROM IMAGE:m-1",
    }
)
COMPONENT = CompiledPipeline(
    {
        "RegionId": "cn-hangzhou",
        "Name": "网站-1.0_a:b",
        "Description": 'It\'s "quoted"\\',
        "ComponentType": "Test",
        "SystemType": "Linux",
        "ComponentVersion": "1.2.3",
        "Content": 'RUN echo "a \'b\' $C \\\n  `d`" && echo a+b=c~d/e?\nENV NAME="网站 🐳"',
        "ResourceGroupId": "rg-1",
        "Tag": [{"Key": "team", "Value": ""}, {"Key": "阶段", "Value": "a&b=c"}],
        "ClientToken": "token",
    },
    call=CREATE_COMPONENT,
)
PIPELINES = (FULL, NESTED, SMALL, COMPONENT)
IDS = ("full", "nested", "small", "component")


def without_empty_lists(value: Any) -> Any:
    """Leave out the empty lists that the SDK puts in for what is not set."""
    if isinstance(value, dict):
        return {name: without_empty_lists(each) for name, each in value.items() if each != []}
    return value


def with_texts_for_booleans(value: Any) -> Any:
    """Write booleans as the API's documents show them; the SDK would write True and False."""
    if isinstance(value, dict):
        return {name: with_texts_for_booleans(each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_texts_for_booleans(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else value
