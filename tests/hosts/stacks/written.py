"""A writer of stacks for tests: any text in every way in which ROS and Pulumi can say it."""

import json
import re
from collections.abc import Callable, Mapping

import yaml

from buildlint.hosts.hosted import Hosted
from buildlint.hosts.resources import Resource
from buildlint.hosts.stacks import find
from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.yaml.kinds import kind_of
from buildlint.hosts.yaml.tree import Kind
from buildlint.text.source import Source

ROS_YAML = """\
ROSTemplateFormatVersion: '2015-09-01'
Description: 镜像 pipelines
Resources:
  Web:
    Type: ALIYUN::ECS::ImagePipeline
    Properties:
      BuildContent: CONTENT
      ImageName: web # 名称
Outputs: {}
"""
PULUMI_YAML = """\
name: 网站
runtime: yaml
resources:
  web:
    type: alicloud:ecs:EcsImagePipeline
    properties:
      buildContent: CONTENT
      imageName: web
outputs: {}
"""
PULUMI_VARIABLE = """\
runtime: yaml
variables:
  content: CONTENT
resources:
  web:
    type: alicloud:ecs/ecsImagePipeline:EcsImagePipeline
    properties: { buildContent: '${content}', imageName: web }
"""

ALONE = Surroundings()


def find_in(text: str, path: str = "stack.yaml", around: Surroundings = ALONE) -> list[Resource]:
    """Find the resources in a file that has no flaw."""
    found = find(Source(path, text), around)
    assert found.flaws == ()
    return list(found.resources)


def hosted(text: str, path: str = "stack.yaml") -> Hosted:
    return Hosted(Source(path, text), find)


# --- scalars -------------------------------------------------------------------------------------


def block(text: str, header: str, base: int) -> str:
    """Write a block scalar: `|2-`, `>`; a folded one gets more line ends, as far as that does."""
    indent = " " * (base + int(re.sub(r"\D", "", header) or 3))
    body = text.rstrip("\n") if header[0] == ">" else text.removesuffix("\n")
    if header[0] == ">":
        body = body.replace("\n", "\n\n") + text[len(body) :].removesuffix("\n")
    lines = (f"{indent}{each}" if each else "" for each in body.split("\n"))
    return f"{header} # text\n" + "\n".join(lines)


def quoted(text: str, quotes: str, base: int = 0, width: int = 30) -> str:
    """Write a quoted scalar, on several lines where they would be longer than the width."""
    written = yaml.dump(text, default_style=quotes, width=width, allow_unicode=True)
    return _moved(str(written).rstrip("\n"), base)


def _moved(text: str, base: int) -> str:
    return text.replace("\n", f"\n{' ' * (base + 2)}")


BLOCKS = ("|", "|-", "|+", "|2", "|4-", "|1+", ">", ">-", ">+", ">2", ">3-", ">9+")
# By style: writes a text as the value of a key in some column.
SCALARS: Mapping[str, Callable[[str, int], str]] = {
    **{each: lambda text, base, header=each: block(text, header, base) for each in BLOCKS},  # type: ignore[misc]
    "'": lambda text, base: quoted(text, "'", base),
    '"': lambda text, base: quoted(text, '"', base),
    "plain": _moved,
    "json": lambda text, _: json.dumps(text),
}


def loaded(file: str) -> object:
    """What the libraries read that are used in the field."""
    return yaml.load(file, Loader=yaml.CBaseLoader) if file[:1] != "{" else json.loads(file)


def says(file: str, value: str) -> bool:
    """Whether a scalar of a file says a text, to the library that reads it."""
    try:
        return value in _strings(loaded(file))
    except (yaml.YAMLError, ValueError):
        return False


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _strings(each)]


# --- hosts ---------------------------------------------------------------------------------------


def ros_escaped(text: str) -> str:
    """Write a text such that Fn::Sub leaves it as it is, if it can: every `${` is closed."""
    return text.replace("${", "${!")


def pulumi_escaped(text: str) -> str:
    return re.sub(r"\$(?=[${])", "$$", text)


def _same(text: str) -> str:
    return text


# A file, and what the scalar in it says of a text.
HOSTS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "ros": (ROS_YAML, _same),
    "!Sub": (ROS_YAML.replace("CONTENT", "!Sub CONTENT"), ros_escaped),
    "Fn::Sub": (ROS_YAML.replace("CONTENT", "{Fn::Sub: [CONTENT, {}]}"), ros_escaped),
    "pulumi": (PULUMI_YAML, pulumi_escaped),
    "variable": (PULUMI_VARIABLE, pulumi_escaped),
}


def in_yaml(text: str, host: str, style: str) -> str | None:
    """Write a stack with a text; None if it cannot be written in that style."""
    file, escaped = HOSTS[host]
    value = escaped(text)
    line = file[: file.index("CONTENT")].rpartition("\n")[2]
    scalar = SCALARS[style](value, len(line) - len(line.lstrip()))
    if host == "Fn::Sub" and (style in BLOCKS or style == "plain"):
        return None
    if style == "plain" and kind_of(value, None, is_plain=True) is not Kind.STRING:
        return None
    written = file.replace("CONTENT", scalar)
    return written if says(written, value) else None


def in_json(text: str, host: str, *, is_ascii: bool = True) -> str:
    """Write a stack in JSON that is indented with tabs."""
    content: object = HOSTS[host][1](text)
    if host in ("ros", "!Sub", "Fn::Sub"):
        content = {"Fn::Sub": content} if host == "!Sub" else content
        content = {"Fn::Sub": [content, {}]} if host == "Fn::Sub" else content
        properties = {"BuildContent": content, "ImageName": "web"}
        resource = {"Type": "ALIYUN::ECS::ImagePipeline", "Properties": properties}
        stack = {"ROSTemplateFormatVersion": "2015-09-01", "Resources": {"Web": resource}}
    else:
        given = "${content}" if host == "variable" else content
        properties = {"buildContent": given, "imageName": "web"}
        resource = {"type": "alicloud:ecs:EcsImagePipeline", "properties": properties}
        variables = {"content": content} if host == "variable" else {}
        stack = {"variables": variables, "resources": {"web": resource}}
    return json.dumps(stack, ensure_ascii=is_ascii, indent="\t")


def in_join(text: str, *, is_short: bool) -> str:
    """Write a template of ROS that joins the lines of a text."""
    items = ", ".join(quoted(each, '"', width=1 << 30) for each in text.split("\n"))
    call = f'["\\n", [{items}]]'
    return ROS_YAML.replace("CONTENT", f"!Join {call}" if is_short else f"{{Fn::Join: {call}}}")
