"""Pipelines for the tests of formats: one with everything, and what property tests put into it."""

import unicodedata
from typing import Any

from hypothesis import strategies as st

from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_COMPONENT

CONTENT = (
    "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
    "RUN echo \"it's ${HOME}\" '$(date)' `date` %{x} $${y} %%{z} \\\\ \\\n"
    "  && cat <<EOT > /etc/motd && echo 你好！ 😀"
)
EVERYTHING: dict[str, Any] = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
    "BuildContent": CONTENT,
    "Name": "web:1.2",
    "Description": "-它的 '名字' 是 ${web}\n",
    "ImageName": "web",
    "VSwitchId": "vsw-bp1s5fnvk4gn2tws03624",
    "InstanceType": "ecs.g7.large",
    "ResourceGroupId": "rg-aek2qxnw7c5p3ti",
    "SystemDiskSize": 40,
    "InternetMaxBandwidthOut": 0,
    "DeleteInstanceOnFailure": False,
    "Tag": [{"Key": "-${team}", "Value": "%{web}"}, {"Key": "//", "Value": ""}, {"Key": "空"}],
    "AddAccount": ["1234567890", "2345678901"],
    "ToRegionId": ["cn-beijing"],
}
COMPONENT: dict[str, Any] = {
    "RegionId": "cn-hangzhou",
    "Name": "nginx:1.2",
    "Description": EVERYTHING["Description"],
    "ComponentType": "Build",
    "SystemType": "Linux",
    "Content": CONTENT.partition("\n")[2],
    "ResourceGroupId": "rg-aek2qxnw7c5p3ti",
    "Tag": EVERYTHING["Tag"],
}
TOKEN = {"ClientToken": "$(token)"}

# What shells, Terraform and JSON treat specially, and a little of what they do not.
FRAGMENTS = [
    "'", '"', "`", "$", "${", "$${", "}", "%", "%{", "%%{", "~", "!", "!!", "\\", "\\\n", "\n",
    "\r", "\t", " ", "#", "$(", ")", "*", "?", "[", "]", "{a,b}", ";", "&", "|", "<", ">",
    "<<EOT\n", "<<-'EOT'", "EOT", "-", "--", "=", ":", "/", "//", "a", "RUN ", "中", "！", "😀",
    "\u3000", "\u2028", "\x85", "\x01", "\x7f", "\x1b[", "e\u0301", "\ufeff", "\\u0041", "\\x41",
]  # fmt: skip
# NUL is in no template; what has no meaning yet may get one between Python's Unicode and another's.
texts = st.lists(
    st.sampled_from(FRAGMENTS)
    | st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn"]),
    max_size=30,
).map("".join)
# Those that Terraform keeps.
normal_texts = texts.map(lambda text: unicodedata.normalize("NFC", text).lstrip("\ufeff"))


def pipeline(**values: object) -> CompiledPipeline:
    """Everything, with other values for some parameters."""
    return CompiledPipeline({**EVERYTHING, **values})


def component(**values: object) -> CompiledPipeline:
    """A component with everything that all formats have, and other values for some parameters."""
    return CompiledPipeline({**COMPONENT, **values}, call=CREATE_COMPONENT)


def with_text(text: str, **values: object) -> CompiledPipeline:
    """Everything, with a text wherever any text can be, and other values for some parameters."""
    everywhere = {
        "BuildContent": f"FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN {text}",
        "Description": text,
        "Tag": [{"Key": text, "Value": text}],
    }
    return pipeline(**{**everywhere, **values})
