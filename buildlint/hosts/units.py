"""Units: texts in the template language, wherever they are written, and what is wrong with them."""

from collections.abc import Iterator

from buildlint.hosts.strings import Characters
from buildlint.lint.linter import AskOthers, Policy, ask_nobody, lint
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Registry
from buildlint.service.contract import Kind
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.record import Record
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

# What is only about templates: base images, requests, the number of commands, a source over the
# limit, and what a build leaves in its image.
_OF_TEMPLATES = ("BL2", "BL4", "BL102", "BL103", "BL531", "BL534", "BL9")
_OF_TESTS = ("BL421",)


class Unit(Record):
    """A text of some kind in a host file; `place` is that of its name there.

    `characters` tell where each of its characters is written; None where nobody knows.
    """

    text: str
    kind: Kind
    place: Place
    characters: Characters | None = None

    def at(self, span: Span) -> Place:
        """Where a span of the text stands in the host file."""
        if self.characters is None:
            return self.place
        return Place(self.place.source, self.characters.at(span))


def lint_unit(
    unit: Unit, policy: Policy, ask_others: AskOthers = ask_nobody
) -> Iterator[Diagnostic]:
    """Check a unit, and yield what is found at its places in the host file.

    No fix is offered: it would have to be written as the host writes strings.
    """
    policy = policy.replace(registry=_of_kind(policy.registry, unit.kind), kind=unit.kind)
    text = Source(unit.place.source.path, unit.text)
    for found in lint(text, None, policy, ask_others):
        source, span = unit.at(found.span)
        secrets = tuple(unit.at(each).span for each in found.secrets)
        yield found.replace(source=source, span=span, fix=None, secrets=secrets)


def _of_kind(registry: Registry, kind: Kind) -> Registry:
    """The rules about a kind of text."""
    if kind.has_from:
        return registry
    out = {code for code in REGISTRY.rules if code.startswith(_OF_TEMPLATES)} - {*_OF_TESTS}
    return registry.without(out)
