"""BL450 to BL456: components, and the request of CreateImageComponent."""

from collections.abc import Iterator

from buildlint.language.syntax import Component, From, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM, component_example
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.violated import violation_rule
from buildlint.service.contract import COMPONENT, COMPONENTS, ServiceCode
from buildlint.service.request import Request
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message

_RUN = "RUN true\n"


@rule(
    From,
    "BL450",
    "from-in-component",
    Severity.ERROR,
    summary=N_("A component has a FROM"),
    service_code=ServiceCode.COMPONENT_FROM,
    bad=component_example(FROM + _RUN),
    good=component_example(_RUN),
    kinds=(COMPONENT,),
)
def from_in_component(node: From, context: Context) -> Iterator[Finding]:
    """A component is a part of templates, which set the base image."""
    text = N_("a component has no base image; remove FROM")
    yield Finding(node.keyword.span, Message(text))


@rule(
    Component,
    "BL451",
    "component-in-component",
    Severity.ERROR,
    summary=N_("A component has a COMPONENT"),
    service_code=ServiceCode.COMPONENT_IN_COMPONENT,
    bad=component_example("COMPONENT ic-bp67acfmxazb4p0abcde\n"),
    good=component_example(_RUN),
    kinds=(COMPONENT,),
)
def component_in_component(node: Component, context: Context) -> Iterator[Finding]:
    """Only a template can use components."""
    text = N_("a component cannot use other components; move COMPONENT to the template")
    yield Finding(node.keyword.span, Message(text))


violation_rule(
    __name__,
    "BL452",
    "component-type",
    ServiceCode.COMPONENT_TYPE,
    N_("ComponentType has a value that is not supported"),
    "`Build` (default) is for BuildContent, `Test` for TestContent.",
    bad=component_example(_RUN, 'ComponentType = "build"\n'),
    good=component_example(_RUN, 'ComponentType = "Build"\n'),
    kinds=COMPONENTS,
)


violation_rule(
    __name__,
    "BL453",
    "system-type",
    ServiceCode.SYSTEM_TYPE,
    N_("SystemType has a value that is not supported"),
    "`Linux` (default) or `Windows`.",
    bad=component_example(_RUN, 'SystemType = "Ubuntu"\n'),
    good=component_example(_RUN, 'SystemType = "Linux"\n'),
    kinds=COMPONENTS,
)


violation_rule(
    __name__,
    "BL454",
    "component-version",
    ServiceCode.COMPONENT_VERSION,
    N_("ComponentVersion is malformed"),
    "Major, minor and patch version. Without it, the service takes the next major version.",
    bad=component_example(_RUN, 'ComponentVersion = "1.0"\n'),
    good=component_example(_RUN, 'ComponentVersion = "1.0.0"\n'),
    kinds=COMPONENTS,
)


@rule(
    Request,
    "BL455",
    "commands-on-windows",
    Severity.ERROR,
    summary=N_("A component for Windows consists of commands"),
    bad=component_example(_RUN, 'SystemType = "Windows"\n'),
    good=component_example(_RUN, 'SystemType = "Linux"\n'),
    kinds=(COMPONENT,),
)
def commands_on_windows(request: Request, context: Context) -> Iterator[Finding]:
    """The commands of templates run on Linux only. A component for Windows is in YAML, with tasks
    such as RunPowerShellCommand.
    """
    if request.values.get("SystemType") == "Windows":
        text = N_("commands run on Linux only; use a component in YAML for Windows")
        yield Finding(request.place("SystemType"), Message(text))


@rule(
    Template,
    "BL456",
    "empty-component",
    Severity.ERROR,
    summary=N_("A component has no commands"),
    service_code=ServiceCode.MISSING_COMPONENT,
    bad=component_example("# RUN true\n"),
    good=component_example(_RUN),
    kinds=(COMPONENT,),
)
def empty_component(template: Template, context: Context) -> Iterator[Finding]:
    """The service rejects a component without content; comments do not count."""
    if not template.instructions:
        text = N_("the component has no commands; add some, or delete the file")
        yield Finding(context.source.line(1), Message(text))
