"""The plan as one JSON object, for programs."""

from buildlint.lint.reporters.json import as_object
from buildlint.plan.model import Base, Plan, Step
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES
from buildlint.service.systems import Release
from buildlint.shell.machine import Fact
from buildlint.text.jsontext import dumps

_MAX_BITS = 1_024  # some three hundred digits


def render(plan: Plan) -> str:
    """Write the object; what is not known or not set is null.

    Diagnostics are those of `buildlint check`. What a step finds (`workdir`, `user`,
    `environment`) is what the commands before it have set, in full; of a template over the limits
    of the service, the environment is null.
    """
    written = {
        plan.kind.name: plan.template,
        "request": plan.request,
        "base_image": _base(plan.base) if plan.base else None,
        "system": _system(plan.system) if plan.system else None,
        "content": {
            "bytes": plan.size,
            "max_bytes": MAX_CONTENT_BYTES,
            "commands": plan.command_count,
            "max_commands": MAX_COMMANDS,
        },
        "settings": [_writable(setting._asdict()) for setting in plan.settings],
        "diagnostics": [as_object(found) for found in plan.diagnostics],
        "steps": [_step(step) for step in plan.steps],
    }
    return dumps(written, default=str) + "\n"


def _writable(value: object) -> object:
    """Return a value with integers as texts that have more digits than Python writes."""
    if isinstance(value, dict):
        return {key: _writable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_writable(each) for each in value]
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return hex(value)
    return value


def _base(base: Base) -> dict[str, object]:
    return {**base.image._asdict(), "origin": base.origin, "path": base.path, "line": base.line}


def _system(system: Release) -> dict[str, object]:
    return {
        "name": system.name,
        "shell": system.distribution.shell,
        "package_manager": system.manager,
    }


def _fact(fact: Fact) -> dict[str, object]:
    return {
        "kind": fact.kind,
        "name": fact.name,
        "exists": fact.exists,
        "home": fact.home or None,
        "has_home": fact.has_home,
        "states": list(fact.states),
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "number": step.number,
        "command": step.command,
        "text": step.text,
        "lines": step.lines._asdict() if step.lines else None,
        "workdir": step.before.workdir,
        "user": step.before.user,
        "environment": step.before.environment,
        "leaves": [_fact(fact) for fact in step.leaves],
        "network": [need._asdict() for need in step.needs],
        "diagnostics": [as_object(found) for found in step.diagnostics],
    }
