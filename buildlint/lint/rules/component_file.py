"""BL458 to BL468: components in YAML, what is in them and how it is written."""

from collections.abc import Iterator

from buildlint.language.component import NO_SCALAR, Cause, ComponentFile, Flaw, Task, Value
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import tasks_example
from buildlint.lint.rules.registry import rule
from buildlint.service.actions import ACTIONS, LINUX, PARAMETER_TYPES, WINDOWS, PropertyType
from buildlint.service.contract import MAX_CONTENT_BYTES, TASKS, ServiceCode
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, number, shown
from buildlint.text.regex import regex
from buildlint.text.source import Place
from buildlint.text.span import Span

RUN = """\
- Name: install
  Action: RunShellCommand
  Properties:
    commandContent: |
      yum install -y nginx
"""
DOWNLOAD = """\
- Name: fetch
  Action: WebDownload
  Properties:
    sourcePath: https://example.com/app.tar.gz
    destinationDir: /opt
"""
GOOD = tasks_example(RUN)


def of_cause(component: ComponentFile, cause: Cause) -> Iterator[Finding]:
    """Report the flaws of a kind."""
    for flaw in component.flaws:
        if flaw.cause is cause:
            fix = _quoting(component, flaw)
            yield Finding(Place(component.source, flaw.span), flaw.message, fix)


def _quoting(component: ComponentFile, flaw: Flaw) -> Fix | None:
    """Put what is a reference without quotes between them, if it is on one line."""
    if flaw.quotes is None:
        return None
    start, end = flaw.quotes
    if set(component.source.text[start:end]) & set("\"'\\\n"):
        return None
    edits = (Edit(Span(start, start), '"'), Edit(Span(end, end), '"'))
    return Fix(Message(N_("Put it in double quotes")), edits, safe=True)


def at(component: ComponentFile, span: Span, text: str, **fields: object) -> Finding:
    """Report something at a place in the file."""
    return Finding(Place(component.source, span), Message(text, fields))


# --- the file ------------------------------------------------------------------------------------


@rule(
    ComponentFile,
    "BL458",
    "component-file-too-long",
    Severity.ERROR,
    summary=N_("A component in YAML is over 16 KB"),
    service_code=ServiceCode.COMPONENT_LENGTH,
    bad=tasks_example(RUN + "      # " + "x" * MAX_CONTENT_BYTES),
    good=GOOD,
    kinds=(TASKS,),
)
def component_file_too_long(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """The service accepts 16 KB: 16,384 bytes of UTF-8 (a Chinese character takes three). The file
    is sent as it is, comments included.
    """
    # How much there is of a file that is not read to its end, is not known.
    if component.size > MAX_CONTENT_BYTES and not component.source.is_truncated:
        offset = component.source_offset(MAX_CONTENT_BYTES)
        line = component.source.line_at(offset)
        message = N_("Content has {size} bytes, over the limit of {limit}; shorten the scripts")
        yield at(
            component,
            Span(min(offset, line.end), line.end),
            message,
            size=number(component.size),
            limit=number(MAX_CONTENT_BYTES),
        )


@rule(
    ComponentFile,
    "BL460",
    "unreadable-component",
    Severity.ERROR,
    summary=N_("The YAML of a component cannot be read"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example("- Name: [install\n"),
    good=GOOD,
    kinds=(TASKS,),
)
def unreadable_component(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """A component is one YAML document. A key must not occur twice in a mapping."""
    return of_cause(component, Cause.UNREADABLE)


@rule(
    ComponentFile,
    "BL461",
    "component-structure",
    Severity.ERROR,
    summary=N_("A component has the wrong structure"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example("- Action: Reboot\n"),
    good=GOOD,
    kinds=(TASKS,),
)
def component_structure(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """A component is a mapping of Parameters (optional) and Tasks, a list of at least one task. A
    task has a Name, an Action and the Properties of that action; a parameter has a Type.
    """
    return of_cause(component, Cause.STRUCTURE)


@rule(
    ComponentFile,
    "BL462",
    "misspelled-name",
    Severity.ERROR,
    summary=N_("A key, action or property of a component is misspelled"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example("- Name: restart\n  Action: reboot\n"),
    good=tasks_example("- Name: restart\n  Action: Reboot\n"),
    kinds=(TASKS,),
)
def misspelled_name(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """The names of keys, actions and properties must match exactly, including case."""
    return of_cause(component, Cause.MISSPELLED)


@rule(
    ComponentFile,
    "BL463",
    "unknown-name",
    Severity.WARNING,
    summary=N_("A component has an unknown key, action or property"),
    bad=tasks_example("- Name: wait\n  Action: Sleep\n"),
    good=GOOD,
    kinds=(TASKS,),
)
def unknown_name(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """The service gains actions from time to time; one that this version of buildlint does not know
    is not checked.
    """
    return of_cause(component, Cause.UNKNOWN)


# --- tasks ---------------------------------------------------------------------------------------


@rule(
    ComponentFile,
    "BL464",
    "duplicate-task",
    Severity.ERROR,
    summary=N_("Two tasks have the same name"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(RUN + "- Name: install\n  Action: Reboot\n"),
    good=tasks_example(RUN + "- Name: restart\n  Action: Reboot\n"),
    kinds=(TASKS,),
)
def duplicate_task(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """The name of a task must be unique within its component."""
    seen: dict[str, int] = {}
    for task in component.tasks:
        if task.name is None or task.name.kind == NO_SCALAR:
            continue
        name, span = task.name.text, task.name.span
        line = component.source.position(span.start).line
        if name in seen:
            text = N_("the task on line {line} is named `{name}`, too; choose another name")
            yield at(component, span, text, line=seen[name], name=shown(name))
        seen.setdefault(name, line)


@rule(
    ComponentFile,
    "BL465",
    "missing-property",
    Severity.ERROR,
    summary=N_("A task lacks a property"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(DOWNLOAD.rpartition("    destinationDir")[0]),
    good=tasks_example(DOWNLOAD),
    kinds=(TASKS,),
)
def missing_property(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """Each action has properties that it cannot do without."""
    for task, action in _known_tasks(component):
        for name, about in ACTIONS[action.text].properties.items() if task.is_whole else ():
            found = task.property(name)
            if about.is_required and (found is None or _is_empty(found.value)):
                text = N_("{action} has no `{name}`; add it to Properties")
                span = found.value.span if found else action.span
                yield at(component, span, text, action=action.text, name=name)


@rule(
    ComponentFile,
    "BL466",
    "property-type",
    Severity.ERROR,
    summary=N_("A property of a task has the wrong type"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(f"{DOWNLOAD}    timeout: 10m\n"),
    good=tasks_example(f"{DOWNLOAD}    timeout: 600\n"),
    kinds=(TASKS,),
)
def property_type(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """A property is a string, a number, or true or false; a reference `{{ name }}` in quotes can
    stand for each.
    """
    for task, action in _known_tasks(component):
        known = ACTIONS[action.text].properties
        for each in task.properties:
            about = known.get(each.name.text)
            if about and not _is_empty(each.value) and not _fits(each.value, about.type):
                text = _OF_TYPES[about.type]
                yield at(component, each.value.span, text, name=each.name.text)


_OF_TYPES = {
    PropertyType.STRING: N_("`{name}` must be a string"),
    PropertyType.NUMBER: N_("`{name}` must be a number"),
    PropertyType.BOOLEAN: N_("`{name}` must be `true` or `false`"),
}
_NUMBER = regex("^-?[0-9]+(?:[.][0-9]+)?$")


def _fits(value: Value, wanted: str) -> bool:
    """Whether a value is of a type; numbers may be strings, and references anything."""
    if value.kind == NO_SCALAR:
        return False
    is_number = wanted == PropertyType.NUMBER and value.kind in ("integer", "float")
    is_boolean = wanted == PropertyType.BOOLEAN and value.kind == "boolean"
    return is_number or is_boolean or "{{" in value.text or text_fits(value.text, wanted)


def text_fits(text: str, wanted: str) -> bool:
    """Whether a text is a value of a type."""
    match wanted:
        case PropertyType.NUMBER:
            return _NUMBER.fullmatch(text) is not None
        case PropertyType.BOOLEAN:
            return text.lower() in ("true", "false")
        case _:
            return True


def _is_empty(value: Value) -> bool:
    return value.kind == "null" or (value.kind == "string" and not value.text.strip())


def _known_tasks(component: ComponentFile) -> Iterator[tuple[Task, Value]]:
    """Yield the tasks whose action is known, each with that."""
    for task in component.tasks:
        if task.action and task.action.text in ACTIONS:
            yield task, task.action


@rule(
    ComponentFile,
    "BL472",
    "wrong-system",
    Severity.ERROR,
    summary=N_("A task cannot run on the operating system of its component"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(RUN, request='SystemType = "Windows"\n'),
    good=tasks_example(RUN, request='SystemType = "Linux"\n'),
    kinds=(TASKS,),
)
def wrong_system(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """RunShellCommand runs on Linux, RunPowerShellCommand on Windows. The system of a component is
    SystemType in the request, Linux by default; all tasks must agree with it.
    """
    system = None
    if context.request is not None:
        system = context.request.values.get("SystemType", LINUX)
        if system not in (LINUX, WINDOWS):
            return
    for _, action in _known_tasks(component):
        needed = ACTIONS[action.text].system
        if needed is None:
            continue
        system = system or needed  # the first one decides where nothing else does
        if needed != system:
            text = N_("{action} runs on {needed}, but this is a component for {system}")
            yield at(component, action.span, text, action=action.text, needed=needed, system=system)


@rule(
    ComponentFile,
    "BL473",
    "token-in-component",
    Severity.WARNING,
    summary=N_("A task contains a token"),
    bad=tasks_example(f"{DOWNLOAD}    tokenInfo: Bearer-7f3a9c1e5b2d\n"),
    good=tasks_example(f'{DOWNLOAD}    tokenInfo: "{{{{ token }}}}"\n', "token:\n  Type: String\n"),
    kinds=(TASKS,),
)
def token_in_component(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """Whoever can read the component can read the token. A parameter keeps it out of the component;
    the template that passes it contains it, so use a token that is valid for the build only.
    """
    for task in component.tasks:
        for each in task.properties:
            if each.is_secret and not _is_empty(each.value):
                text = N_("the value of `{name}` is visible in the component; use a parameter")
                yield at(component, each.value.span, text, name=each.name.text)


# --- parameters ----------------------------------------------------------------------------------

_USES = "- Name: print\n  Action: RunShellCommand\n  Properties:\n    commandContent: {text}\n"
USED = _USES.format(text='echo "{{ port }}"')


@rule(
    ComponentFile,
    "BL467",
    "parameter-type",
    Severity.ERROR,
    summary=N_("The Type of a parameter is not supported"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(USED, "port:\n  Type: Integer\n"),
    good=tasks_example(USED, "port:\n  Type: Number\n"),
    kinds=(TASKS,),
)
def parameter_type(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """A parameter is a String, a Number or a Boolean."""
    for each in component.parameters:
        if each.type and each.type.text not in PARAMETER_TYPES:
            text = N_("the Type of `{name}` must be `String`, `Number` or `Boolean`")
            yield at(component, each.type.span, text, name=shown(each.name.text))


@rule(
    ComponentFile,
    "BL468",
    "default-value",
    Severity.ERROR,
    summary=N_("The DefaultValue of a parameter has the wrong type"),
    service_code=ServiceCode.COMPONENT,
    bad=tasks_example(USED, "port:\n  Type: Number\n  DefaultValue: http\n"),
    good=tasks_example(USED, "port:\n  Type: Number\n  DefaultValue: 80\n"),
    kinds=(TASKS,),
)
def default_value(component: ComponentFile, context: Context) -> Iterator[Finding]:
    """DefaultValue is of the parameter's Type. Without one, every template has to pass a value."""
    for each in component.parameters:
        if each.type is None or each.default is None or each.type.text not in PARAMETER_TYPES:
            continue
        wanted = each.type.text.lower()
        if each.default.kind == "null" or not _fits(each.default, wanted):
            text = N_("the DefaultValue of `{name}` is not a {type}; change one of them")
            fields = {"name": shown(each.name.text), "type": each.type.text}
            yield at(component, each.default.span, text, **fields)
