"""The parameters of CreateImageComponent."""

from collections.abc import Mapping

from buildlint.service.contract import ServiceCode
from buildlint.service.declared import (
    DESCRIPTION,
    NAME,
    Form,
    Parameter,
    Problem,
    string,
    tags,
)
from buildlint.text.messages import N_
from buildlint.text.regex import regex

_NUMBER = "(?:0|[1-9][0-9]*)"

# In the order in which the compiled request shows them.
PARAMETERS: Mapping[str, Parameter] = {
    "RegionId": string(N_("Region of the component."), is_required=True),
    "Name": string(
        N_("Name of the component."), bounds=(2, 128), form=NAME, cause=ServiceCode.NAME
    ),
    "Description": string(
        N_("Description of the component."),
        bounds=(2, 256),
        form=DESCRIPTION,
        cause=ServiceCode.DESCRIPTION,
    ),
    "ComponentType": string(
        N_("Whether the component builds an image or tests one."),
        values=("Build", "Test"),
        default="Build",
        cause=ServiceCode.COMPONENT_TYPE,
    ),
    "SystemType": string(
        N_("Operating system that the component runs on."),
        values=("Linux", "Windows"),
        default="Linux",
        cause=ServiceCode.SYSTEM_TYPE,
    ),
    "ComponentVersion": string(
        N_("Version of the component, unique among those of its name."),
        form=Form(
            pattern=regex(rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}"),
            pattern_is=N_("{name} must be three numbers, for example `1.0.0`, not `{value}`"),
        ),
        cause=ServiceCode.COMPONENT_VERSION,
    ),
    "Content": string(N_("The component.")),
    "ResourceGroupId": string(N_("Resource group of the component.")),
    "Tag": tags(N_("Tags of the component.")),
    "ClientToken": string(
        N_("Makes repeated calls idempotent: ASCII, at most 64 characters."),
        bounds=(1, 64),
        form=Form(is_ascii=True),
        cause=Problem.TOKEN,
    ),
}
