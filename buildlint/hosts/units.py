"""Units: texts in the template language, wherever they are written, and what is wrong with them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from buildlint.language.syntax import Template
from buildlint.lint.context import Context, FindComponent, nothing_known
from buildlint.lint.linter import AskOthers, Policy, ask_nobody, context_of, lint_parsed, tree_of
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Registry
from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE, TEST, Kind
from buildlint.service.request import Request
from buildlint.text.diagnostics import Diagnostic, Edit, Fix
from buildlint.text.record import Record
from buildlint.text.source import Place, Position, Source
from buildlint.text.span import Span

if TYPE_CHECKING:
    from buildlint.language.component import ComponentFile

# By kinds of texts, what is only about others: base images, requests, the number of commands, a
# source over the limit, and what a build leaves in its image. What runs before a component, and
# after it, is the template's: users that it creates, traces of the build that it removes.
_OF_TEMPLATES = ("BL2", "BL103", "BL104", "BL404", "BL405", "BL447", "BL448", "BL449")
_OF_COMPONENTS = (
    *(*_OF_TEMPLATES, "BL531", "BL604", "BL620", "BL622"),
    *("BL904", "BL905", "BL906", "BL910"),
)
_NOT_ABOUT: Mapping[str, tuple[str, ...]] = {
    TEMPLATE.name: (),
    TEST.name: ("BL2", "BL4", "BL102", "BL103", "BL531", "BL534", "BL9"),
    TASKS.name: ("BL0", "BL1", "BL3", "BL8", *_OF_COMPONENTS),
    COMPONENT.name: _OF_COMPONENTS,
}
_STILL_ABOUT = {
    TEST.name: {"BL421"},
    TASKS.name: {"BL010", "BL011", "BL206"},
    COMPONENT.name: {"BL206"},
}


class Characters(Protocol):
    """How a host writes a text: where each of its characters stands."""

    def at(self, span: Span) -> Span:
        """Where a span of the text is written; of nothing, where it would go."""

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the host; None where they cannot be written."""


_NOWHERE = Place(Source("", ""), Span(0, 0))


class Part(Source):
    """A text that stands in a host file: its positions, which people are told, are those there.

    `place` is that of its name in the host. `characters` tell where each of its characters is
    written; None where nobody knows.
    """

    place: Place = _NOWHERE
    characters: Characters | None = None

    def at(self, span: Span) -> Place:
        """Where a span of the text stands in the host file."""
        if self.characters is None:
            return self.place
        return Place(self.place.source, self.characters.at(span))

    def position(self, offset: int) -> Position:
        """Line and column of an offset, in the host file."""
        source, span = self.at(Span(offset, offset))
        return source.position(span.start)


class Unit(Record):
    """A text of some kind, a file of its own or a part of one, and the request that goes with it.

    `holder` is the request that it stands in, if it stands in one. `template` is its tree where
    that is not to be parsed from its text, and `component` what it was made of. `component_named`
    finds a component that the text uses. `unknown` are the spans of the text that are placeholders.
    """

    source: Source
    kind: Kind = TEMPLATE
    request: Request | None = None
    holder: Request | None = None
    template: Template | None = None
    component: "ComponentFile | None" = None
    component_named: FindComponent = nothing_known
    unknown: tuple[Span, ...] = ()

    @cached_property
    def tree(self) -> Template:
        """Its commands, which are parsed once."""
        if self.template is not None:
            return self.template
        tree = tree_of(self.source)
        if self.unknown:
            from buildlint.language.unknown import with_unknown  # noqa: PLC0415 - few have any

            tree = with_unknown(tree, self.unknown)
        return tree

    def context(self, policy: Policy) -> Context:
        """What rules may look at."""
        context = context_of(self.source, self.request, policy.replace(kind=self.kind), self.tree)
        return context.replace(
            component=self.component, component_named=self.component_named, unknown=self.unknown
        )

    @property
    def host(self) -> Source:
        """The file that it stands in."""
        return self.source.place.source if isinstance(self.source, Part) else self.source

    def shown(self, found: Diagnostic, hidden: Sequence[Span] = ()) -> Diagnostic:
        """Put a diagnostic of the text where it stands in the host; `hidden` are secrets there."""
        text = self.source
        if found.source is not text or not isinstance(text, Part):
            return found
        source, span = text.at(found.span)
        secrets = (*hidden, *(text.at(each).span for each in found.secrets))
        fix = self._fixed(found.fix) if found.fix else None
        return found.replace(source=source, span=span, fix=fix, secrets=secrets)

    def own(self, found: Diagnostic) -> Diagnostic | None:
        """Put a diagnostic of the host at its command in the text; None if it is not about that."""
        text = self.source
        if not isinstance(text, Part):
            return found if found.source is text else None
        if found.source is not self.host:
            return None
        place = found.span.start
        for each in self.tree.instructions:
            # A command may stand in several places of the host: its action, and its script.
            start, end = each.span
            first, last = text.at(Span(start, start + 1)).span, text.at(Span(end - 1, end)).span
            if first.start <= place <= last.end:
                return found.replace(source=text, span=each.span)
        return (
            found.replace(source=text, span=Span(0, 0)) if place == text.place.span.start else None
        )

    def _fixed(self, fix: Fix) -> Fix | None:
        edits = self.written(fix.edits)
        return None if edits is None else fix.replace(edits=edits)

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the host; None where they cannot be written."""
        if not isinstance(self.source, Part):
            return tuple(edits)
        return self.source.characters.written(edits) if self.source.characters else None

    def found(
        self, context: Context, policy: Policy, ask_others: AskOthers = ask_nobody
    ) -> tuple[Diagnostic, ...]:
        """Run the rules about its kind; what is found stands at its places in the text."""
        registry = of_kind(policy.registry, self.kind)
        memory = policy.memory if self.template is None else None
        return lint_parsed(context, registry, ask_others, policy.confirm, memory)

    def told(self, found: Sequence[Diagnostic], context: Context) -> tuple[Diagnostic, ...]:
        """Put what was found where it stands in the host, in words that fit there."""
        if not found or not isinstance(self.source, Part):
            return tuple(found)
        hidden = context.replace(request=self.holder or self.request).hiding.spans_in(self.host)
        shown = (self.shown(each, hidden) for each in found)
        return tuple(shown) if self.component is None else _of_tasks(shown)


def lint_unit(
    unit: Unit, policy: Policy, ask_others: AskOthers = ask_nobody
) -> tuple[Diagnostic, ...]:
    """Check a unit; what is found stands at its places in the host file."""
    context = unit.context(policy)
    return unit.told(unit.found(context, policy, ask_others), context)


def _of_tasks(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Say in the words of tasks what is found in them; once, where aliases repeat a task."""
    from buildlint.hosts.wording import of_task  # noqa: PLC0415 - for components in YAML

    once: dict[tuple[str, str, Span, str], Diagnostic] = {}
    for each in map(of_task, found):
        once.setdefault((each.source.path, each.rule, each.span, str(each.message)), each)
    return tuple(once.values())


@lru_cache(maxsize=64)
def of_kind(registry: Registry, kind: Kind) -> Registry:
    """The rules about a kind of text."""
    if not (others := _NOT_ABOUT[kind.name]):
        return registry
    out = {code for code in REGISTRY.rules if code.startswith(others)}
    return registry.without(out - _STILL_ABOUT.get(kind.name, set()))


def sorted_by_place(found: Iterable[Iterable[Diagnostic]]) -> tuple[Diagnostic, ...]:
    """Join diagnostics, by path and place."""
    return tuple(sorted(chain.from_iterable(found), key=lambda each: each.sort_key))


class Subject(Record):
    """A file that is checked and edited as one: its text, and how the units in it are found.

    `lint` checks what is in it in another way than unit by unit.
    """

    source: Source
    find: Callable[[Source], Iterable[Unit]]
    lint: Callable[[Source, Policy, AskOthers], tuple[Diagnostic, ...]] | None = None

    def check(
        self, source: Source, policy: Policy, ask_others: AskOthers = ask_nobody
    ) -> tuple[Diagnostic, ...]:
        """Check what is in the file, or in what an edit makes of it, sorted by place."""
        if self.lint:
            return self.lint(source, policy, ask_others)
        return sorted_by_place(lint_unit(unit, policy, ask_others) for unit in self.find(source))
