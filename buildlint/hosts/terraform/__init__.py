"""Terraform's configurations as hosts: `*.tf`, and `*.tf.json`.

`scanning` finds templates and `parsing` parses what is between; `templates` reads what they say,
and `rewriting` writes it. `reading` and `json` read what a file declares, and `evaluation` what
the expressions in it say.
"""

from buildlint.hosts.hosted import Found
from buildlint.hosts.resources import Argument, Resource
from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.terraform import json, mistakes, reading
from buildlint.hosts.terraform.scope import Declaration, Declared, Scope
from buildlint.language.broken import Broken
from buildlint.text.messages import Message
from buildlint.text.regex import regex
from buildlint.text.source import Source
from buildlint.text.span import Span

_SURROGATE = regex("[\ud800-\udfff]")


def find(source: Source, around: Surroundings) -> Found:
    """Find the resources of a configuration that have texts, and where it cannot be read."""
    declared = _declared(source)
    scope = Scope(source, declared, around, _declared)
    resources = (_resource(each, scope) for each in declared.resources)
    return Found(tuple(resources), declared.flaws)


def _declared(source: Source) -> Declared:
    if source.is_truncated:
        return _unread(0, mistakes.TOO_LARGE)
    if found := _SURROGATE.search(source.text):
        return _unread(found.start(), mistakes.NOT_UTF_8)
    return json.read(source) if source.path.endswith(".json") else reading.read(source)


def _unread(place: int, text: str) -> Declared:
    return Declared(flaws=(Broken(Span(place, place + 1), Message(text)),))


def _resource(declared: Declaration, scope: Scope) -> Resource:
    arguments = (
        Argument(name, place, expression(scope)) for name, place, expression in declared.arguments
    )
    kind, name, place, _ = declared
    return Resource(kind, f"{kind.name}.{name}", name, place, tuple(arguments))
