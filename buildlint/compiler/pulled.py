"""The files of an image template that an account has: a template, and its request."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from buildlint.compiler import formatter
from buildlint.compiler.pipeline import compile_files
from buildlint.hosts.pipelines import Pipeline
from buildlint.service.described import comparable
from buildlint.service.request import load
from buildlint.text import tomltext
from buildlint.text.source import Source


class Pulled(NamedTuple):
    """The texts of the two files."""

    template: str
    request: str


def files_of(parameters: Mapping[str, Any]) -> Pulled:
    """Write the parameters of a call as a template, in its layout, and a request in TOML."""
    values = dict(parameters)
    content = values.pop("BuildContent", "")
    try:
        template = formatter.format(content)
    except formatter.FormatError:
        template = content  # strange, but what the account has
    return Pulled(template, tomltext.dumps(values))


def altered(pulled: Pulled, parameters: Mapping[str, Any]) -> list[str]:
    """Name the parameters that are different when the two files are compiled.

    Raises CompileError where they have errors.
    """
    request = load(Source("pulled.request.toml", pulled.request))
    template = Source("pulled.buildcontent", pulled.template)
    pipeline, _ = compile_files(Pipeline(template, request))
    before, after = comparable(parameters), comparable(pipeline.parameters)
    names = (name for name in {**before, **after} if before.get(name) != after.get(name))
    return [*dict.fromkeys(names)]
