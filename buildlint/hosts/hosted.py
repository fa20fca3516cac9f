"""A file of infrastructure code: the templates and components that it declares."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from buildlint.hosts.resources import Resource
from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.units import Subject, Unit, lint_unit, sorted_by_place
from buildlint.language.broken import Broken
from buildlint.lint.context import FindComponent, nothing_known
from buildlint.lint.linter import AskOthers, Policy, ask_nobody, lint_broken
from buildlint.service.contract import TEMPLATE, Kind
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.record import Record
from buildlint.text.source import Source


class Found(NamedTuple):
    """What is declared in a host file, and where it cannot be read."""

    resources: tuple[Resource, ...] = ()
    flaws: tuple[Broken, ...] = ()


# Reads a host file.
Find = Callable[[Source, Surroundings], Found]


class Hosted(Record):
    """A host file as it was read, and what finds the resources in it."""

    source: Source
    find: Find
    around: Surroundings = Surroundings()
    component_named: FindComponent = nothing_known

    @cached_property
    def found(self) -> Found:
        """What is declared in it."""
        return self.find(self.source, self.around)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The texts of its resources."""
        made = (each.unit(self.component_named) for each in self.found.resources)
        return tuple(unit for unit in made if unit)

    @property
    def files(self) -> tuple[str, ...]:
        """The files in it, in the order in which they are edited."""
        return tuple(self.sources)

    @property
    def own(self) -> str:
        """The file that it is named after."""
        return self.source.path

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of the texts in it; one that cannot be read is taken for a template's."""
        kinds = tuple(unit.kind for unit in self.units)
        return kinds or ((TEMPLATE,) if self.found.flaws else ())

    @property
    def beside(self) -> None:
        """There is no request beside it."""

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The files that its texts are written in, itself among them, in the order of editing."""
        return {self.source.path: self.source} | {each.host.path: each.host for each in self.units}

    def check(self, policy: Policy, ask_others: AskOthers = ask_nobody) -> tuple[Diagnostic, ...]:
        """Check all of it; what is found is sorted by path and place."""
        paths = self.sources
        return once(sorted_by_place(self.check_in(path, policy, ask_others) for path in paths))

    def check_in(
        self, path: str, policy: Policy, ask_others: AskOthers = ask_nobody
    ) -> tuple[Diagnostic, ...]:
        """Check what is written in one of its files."""
        parts = [lint_unit(unit, policy, ask_others) for unit in self.units_in(path)]
        flaws = self.found.flaws if path == self.source.path else ()
        parts += [lint_broken(each, self.source, policy) for each in flaws]
        return once(sorted_by_place(parts))

    def subject(self, path: str) -> Subject | None:
        """Return what is edited in one of its files; None where that has nothing to check."""
        source = self.sources.get(path)
        if source is None:
            return None

        def now(edited: Source) -> Hosted:
            return self if edited is source else self.edited(path, edited)

        return Subject(
            source,
            lambda edited: now(edited).units_in(path),
            lambda edited, policy, ask: now(edited).check_in(path, policy, ask),
        )

    def units_in(self, path: str) -> Iterator[Unit]:
        """Yield the units that are written in one of the files."""
        return (unit for unit in self.units if unit.host.path == path)

    def edited(self, path: str, source: Source) -> "Hosted":
        """Put another text in the place of one of its files."""
        changes = {"source": source} if path == self.source.path else {}
        return self.replace(around=self.around.with_edited(source), **changes)


def once(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Leave out what is found again: resources may share a text."""
    return tuple(
        {
            (each.source.path, each.rule, each.span, str(each.message)): each for each in found
        }.values()
    )
