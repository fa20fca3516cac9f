"""The files of what an account has: a template or component, and its request."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from buildlint.compiler import formatter
from buildlint.compiler.pipeline import compile_files
from buildlint.hosts.pipelines import Pipeline
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE, Kind
from buildlint.service.described import comparable
from buildlint.service.forms import is_yaml
from buildlint.service.request import load
from buildlint.text import tomltext
from buildlint.text.source import Source


class Pulled(NamedTuple):
    """The texts of the two files, what they are for, and what the first of them is."""

    template: str
    request: str
    call: Call = CREATE_PIPELINE
    kind: Kind = TEMPLATE

    @property
    def is_yaml(self) -> bool:
        """Whether it is a component in YAML."""
        return self.kind is TASKS


def files_of(parameters: Mapping[str, Any], call: Call = CREATE_PIPELINE) -> Pulled:
    """Write the parameters of a call as a template, in its layout, and a request in TOML.

    YAML stays as it is: that is what the account has.
    """
    values = dict(parameters)
    content = values.pop(call.content, "")
    if call is CREATE_COMPONENT and is_yaml(content):
        return Pulled(content, tomltext.dumps(values), call, TASKS)
    try:
        template = formatter.format(content)
    except formatter.FormatError:
        template = content  # strange, but what the account has
    kind = COMPONENT if call is CREATE_COMPONENT else TEMPLATE
    return Pulled(template, tomltext.dumps(values), call, kind)


def altered(pulled: Pulled, parameters: Mapping[str, Any]) -> list[str]:
    """Name the parameters that are different when the two files are compiled.

    Raises CompileError where they have errors.
    """
    before, after = (comparable(each, pulled.call) for each in (parameters, _compiled(pulled)))
    names = (name for name in {**before, **after} if before.get(name) != after.get(name))
    return [*dict.fromkeys(names)]


def _compiled(pulled: Pulled) -> Mapping[str, Any]:
    """Compile the two files. Raises CompileError."""
    request = load(Source("pulled.request.toml", pulled.request), pulled.call)
    template = Source("pulled", pulled.template)
    pipeline, _ = compile_files(Pipeline(template, request, kind=pulled.kind))
    return pipeline.parameters
