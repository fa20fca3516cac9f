"""Pipelines that have everything a format may stumble over."""

from buildlint.compiler.pipeline import CompiledPipeline

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
SMALL = CompiledPipeline(
    {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-1",
        "BuildContent": "FROM IMAGE:m-1",
    }
)
PIPELINES = (FULL, SMALL)
