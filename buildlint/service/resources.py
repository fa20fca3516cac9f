"""The resources that tools for infrastructure as code make of an API call, and its names there."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.text.record import Record


class ResourceType(Record):
    """A type of resource: the `names` by which it is declared, the first one being the usual one.

    `arguments` are what it calls the parameters of the call, by their names in the API. Of some it
    takes only some of the `values`.
    """

    names: tuple[str, ...]
    call: Call
    arguments: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]] = {}

    @property
    def name(self) -> str:
        """The name by which it is usually declared."""
        return self.names[0]

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The parameters of the call by what the resource calls them."""
        return {there: name for name, there in self.arguments.items()}


_OF_PIPELINES = {
    "BaseImageType": "base_image_type",
    "BaseImage": "base_image",
    "BuildContent": "build_content",
    "Name": "name",
    "Description": "description",
    "ImageName": "image_name",
    "VSwitchId": "vswitch_id",
    "InstanceType": "instance_type",
    "ResourceGroupId": "resource_group_id",
    "SystemDiskSize": "system_disk_size",
    "InternetMaxBandwidthOut": "internet_max_bandwidth_out",
    "DeleteInstanceOnFailure": "delete_instance_on_failure",
    "Tag": "tags",
    "AddAccount": "add_account",
    "ToRegionId": "to_region_id",
}
_OF_COMPONENTS = {
    "Content": "content",
    "Name": "image_component_name",
    "Description": "description",
    "ComponentType": "component_type",
    "ComponentVersion": "component_version",
    "SystemType": "system_type",
    "ResourceGroupId": "resource_group_id",
    "Tag": "tags",
}


def _own_names(names: Iterable[str], **others: str) -> Mapping[str, str]:
    """Call parameters what the API does, but for those that have another name."""
    return {name: others.get(name, name) for name in names}


def _camel(names: Mapping[str, str], **others: str) -> Mapping[str, str]:
    """Call parameters what Terraform does, as Pulumi writes it: lists are in the plural."""
    spelled = {}
    for name, there in names.items():
        first, *words = there.split("_")
        spelled[name] = others.get(name, first + "".join(map(str.capitalize, words)))
    return spelled


TERRAFORM = {
    CREATE_PIPELINE: ResourceType(("alicloud_ecs_image_pipeline",), CREATE_PIPELINE, _OF_PIPELINES),
    CREATE_COMPONENT: ResourceType(
        ("alicloud_ecs_image_component",), CREATE_COMPONENT, _OF_COMPONENTS
    ),
}
ROS = {
    CREATE_PIPELINE: ResourceType(
        ("ALIYUN::ECS::ImagePipeline",), CREATE_PIPELINE, _own_names(_OF_PIPELINES, Tag="Tags")
    ),
    CREATE_COMPONENT: ResourceType(
        ("ALIYUN::ECS::ImageComponent",),
        CREATE_COMPONENT,
        _own_names(set(_OF_COMPONENTS) - {"ComponentVersion"}, Tag="Tags"),
        {"ComponentType": ("Build",), "SystemType": ("Linux",)},
    ),
}
PULUMI = {
    CREATE_PIPELINE: ResourceType(
        (
            "alicloud:ecs:EcsImagePipeline",
            "alicloud:ecs/ecsImagePipeline:EcsImagePipeline",
        ),
        CREATE_PIPELINE,
        _camel(_OF_PIPELINES, AddAccount="addAccounts", ToRegionId="toRegionIds"),
    ),
    CREATE_COMPONENT: ResourceType(
        (
            "alicloud:ecs:EcsImageComponent",
            "alicloud:ecs/ecsImageComponent:EcsImageComponent",
        ),
        CREATE_COMPONENT,
        _camel(_OF_COMPONENTS),
    ),
}
