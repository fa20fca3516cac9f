"""BL476 to BL478: the parameters that a template passes to a component of its repository."""

from collections.abc import Iterator

from buildlint.language.component import Parameter
from buildlint.language.syntax import Component
from buildlint.lint.context import Context
from buildlint.lint.rules.component_file import text_fits
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import Example, rule
from buildlint.service.contract import TEMPLATE
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown, similar

_NGINX = """\
Parameters:
  port:
    Type: Number
  user:
    Type: String
    DefaultValue: www
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: useradd "{{ user }}" && /opt/install.sh --port "{{ port }}"
"""
_USE = f"{FROM}COMPONENT acs:ecs:cn-hangzhou:1234567890:imagecomponent/nginx/1.0.*"


def _example(parameters: str) -> Example:
    return Example(f"{_USE} {parameters}".rstrip() + "\n", component=_NGINX)


_GOOD = _example("--port 80")


def _declared(node: Component, context: Context) -> tuple[Parameter, ...] | None:
    """The parameters of the component that a command names; None where they are not known."""
    if node.resource is None:
        return None
    found = context.component_named(node.resource.name.text)
    if found is None or not _may_be(node.resource.version.text, found.version):
        return None
    return found.parameters


def _may_be(asked: str, version: str | None) -> bool:
    """Whether a version fits what is asked for, in which an asterisk stands for any number."""
    if version is None:
        return True
    pairs = zip(asked.split("."), version.split("."), strict=False)
    return all(one in ("*", other) for one, other in pairs)


@rule(
    Component,
    "BL476",
    "unknown-component-parameter",
    Severity.WARNING,
    summary=N_("A component is passed a parameter that it does not have"),
    bad=_example("--port 80 --users www"),
    good=_GOOD,
    kinds=(TEMPLATE,),
)
def unknown_component_parameter(node: Component, context: Context) -> Iterator[Finding]:
    """The component is in the same repository (`NAME.component.yaml`), which declares its
    parameters. The file may be newer than what is in your account.
    """
    declared = _declared(node, context)
    if declared is None:
        return
    names = {each.name.text for each in declared}
    for each in node.parameters:
        name = each.name.text.removeprefix("--")
        if name in names:
            continue
        fields = {"name": shown(name), "component": _name(node)}
        text = N_("component `{component}` has no parameter `{name}`; remove it")
        if meant := similar(name, names, cutoff=0.7):
            text = N_("component `{component}` has no parameter `{name}`; use `{suggestion}`")
            fields["suggestion"] = shown(meant)
        yield Finding(each.name.span, Message(text, fields))


@rule(
    Component,
    "BL477",
    "missing-component-parameter",
    Severity.WARNING,
    summary=N_("A component is not passed a parameter that it needs"),
    bad=_example("--user nginx"),
    good=_GOOD,
    kinds=(TEMPLATE,),
)
def missing_component_parameter(node: Component, context: Context) -> Iterator[Finding]:
    """A parameter without a DefaultValue has to be passed. The component is in the same repository
    (`NAME.component.yaml`); the file may be newer than what is in your account.
    """
    passed = {each.name.text.removeprefix("--") for each in node.parameters}
    for each in _declared(node, context) or ():
        if each.default is None and each.name.text not in passed:
            text = N_("component `{component}` needs parameter `{name}`; add `--{name} <value>`")
            fields = {"name": shown(each.name.text), "component": _name(node)}
            yield Finding(node.reference.span, Message(text, fields))


@rule(
    Component,
    "BL478",
    "component-parameter-type",
    Severity.WARNING,
    summary=N_("A component is passed a value of the wrong type"),
    bad=_example("--port http"),
    good=_GOOD,
    kinds=(TEMPLATE,),
)
def component_parameter_type(node: Component, context: Context) -> Iterator[Finding]:
    """The component declares the Type of each parameter. It is in the same repository
    (`NAME.component.yaml`); the file may be newer than what is in your account.
    """
    types = {each.name.text: each.type.text for each in _declared(node, context) or () if each.type}
    for each in node.parameters:
        name = each.name.text.removeprefix("--")
        wanted = types.get(name)
        if wanted and not text_fits(each.value.text.strip("\"'"), wanted.lower()):
            text = N_("parameter `{name}` of component `{component}` must be a {type}")
            fields = {"name": shown(name), "component": _name(node), "type": wanted}
            yield Finding(each.value.span, Message(text, fields))


def _name(node: Component) -> str:
    return shown(node.resource.name.text) if node.resource else ""
