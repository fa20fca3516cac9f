"""BL469 to BL475: what the tasks of a component in YAML refer to."""

from collections.abc import Iterator

from buildlint.language.component import Cause, ComponentFile
from buildlint.lint.context import Context
from buildlint.lint.rules.component_file import DOWNLOAD, RUN, USED, at, of_cause
from buildlint.lint.rules.examples import tasks_example
from buildlint.lint.rules.registry import rule
from buildlint.service.actions import ACTIONS
from buildlint.service.contract import TASKS, ServiceCode
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, shown

_PORT = "port:\n  Type: Number\n  DefaultValue: 80\n"
_OUTPUT = ".stdout"


@rule(
    ComponentFile,
    "BL469",
    "unknown-reference",
    Severity.WARNING,
    summary=N_("A reference names nothing that the component declares"),
    bad=tasks_example(USED),
    good=tasks_example(USED, _PORT),
    kinds=(TASKS,),
)
def unknown_reference(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """`{{ name }}` stands for a parameter of the component, `{{ task.stdout }}` for the output of
    an earlier task.
    """
    for each in component.references:
        if not each.name.endswith(_OUTPUT) and each.name not in component.names:
            text = N_("`{name}` is not a parameter of the component; add it to Parameters")
            yield at(component, each.span, text, name=shown(each.name))


@rule(
    ComponentFile,
    "BL475",
    "unknown-output",
    Severity.ERROR,
    summary=N_("A reference to an output is not one of an earlier RunShellCommand"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(DOWNLOAD + USED.replace("port", "fetch.stdout")),
    good=tasks_example(RUN + USED.replace("port", "install.stdout")),
    kinds=(TASKS,),
)
def unknown_output(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """Only RunShellCommand has an output, and only tasks after it can use it."""
    for each in component.references:
        if not each.name.endswith(_OUTPUT):
            continue
        name = each.name.removesuffix(_OUTPUT)
        tasks = enumerate(component.tasks)
        places = [index for index, task in tasks if task.name and task.name.text == name]
        if not places:
            text = N_("there is no task `{name}`; use the name of an earlier RunShellCommand")
        elif min(places) >= each.task:
            text = N_("task `{name}` has not run yet; move it before this task")
        elif not _has_output(component, places[0]):
            text = N_("task `{name}` has no output; only RunShellCommand has one")
        else:
            continue
        yield at(component, each.span, text, name=shown(name))


def _has_output(component: ComponentFile, index: int) -> bool:
    action = component.tasks[index].action
    known = ACTIONS.get(action.text) if action else None
    return known is None or known.has_output


@rule(
    ComponentFile,
    "BL470",
    "unused-parameter",
    Severity.WARNING,
    summary=N_("A parameter is never used"),
    bad=tasks_example(RUN, _PORT),
    good=tasks_example(USED, _PORT),
    kinds=(TASKS,),
)
def unused_parameter(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """No task refers to the parameter as `{{ name }}`, so passing it changes nothing."""
    used = {each.name for each in component.references}
    for each in component.parameters if component.is_whole else ():
        if each.name.text not in used:
            text = N_("no task uses parameter `{name}`; remove it")
            yield at(component, each.name.span, text, name=shown(each.name.text))


@rule(
    ComponentFile,
    "BL471",
    "unquoted-reference",
    Severity.ERROR,
    summary=N_("A reference at the start of a value is not in quotes"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(DOWNLOAD.replace("/opt", "{{ directory }}"), "directory:\n  Type: String\n"),
    good=tasks_example(
        DOWNLOAD.replace("/opt", '"{{ directory }}"'), "directory:\n  Type: String\n"
    ),
    kinds=(TASKS,),
)
def unquoted_reference(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """In YAML, a value that starts with a brace is a mapping, not a string."""
    return of_cause(component, Cause.UNQUOTED)
