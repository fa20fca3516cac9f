"""What describes a pipeline: its template, its request and its test, each a file or part of one."""

from collections.abc import Callable, Iterator
from functools import cached_property

from buildlint.hosts.units import Subject, Unit, lint_unit, sorted_by_place
from buildlint.lint.context import FindComponent, nothing_known
from buildlint.lint.linter import AskOthers, Policy, ask_nobody
from buildlint.service.calls import CREATE_PIPELINE, Call
from buildlint.service.contract import BUILD_CONTENT, TASKS, TEMPLATE, TEST, TEST_CONTENT, Kind
from buildlint.service.request import Request, load
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.record import Record
from buildlint.text.source import Source


class Pipeline(Record):
    """The files of a pipeline, as they were read.

    `template` is None where the request, which is there then, has the BuildContent. `test` is the
    file of TestContent, if that is a file of its own. `kind` is that of the template, which may be
    a test that is looked at alone. `read_request` reads one that was edited, for the same
    call, and `component_named` finds a component that the template uses. `held` is the template
    where it is a part of another file, as its request is, and `address` how that calls it.
    """

    template: Source | None
    request: Request | None = None
    test: Source | None = None
    kind: Kind = TEMPLATE
    read_request: Callable[[Source, Call], Request | None] = load
    component_named: FindComponent = nothing_known
    held: Unit | None = None
    address: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Its files in the order in which they are edited: what is judged by another follows it."""
        return ("request", "test", "template")

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kind of the file that it is named after."""
        return (self.kind,)

    @property
    def own(self) -> str:
        """Which of its files it is named after."""
        return "request" if self.template is None else "template"

    @property
    def source(self) -> Source:
        """The file that it is named after."""
        return self._sources[self.own] or Source("", "")

    @property
    def has_template(self) -> bool:
        """Whether there is a template: a request may only speak of one."""
        if self.template is not None or self.held is not None:
            return True
        return bool(self.request and self.request.has(BUILD_CONTENT))

    @property
    def asked(self) -> Request | None:
        """The request; a test that is a file of its own is in it."""
        return self.request and (self.request.with_test(self.test) if self.test else self.request)

    @cached_property
    def unit(self) -> Unit:
        """The template, with the request that goes with it."""
        request = self.asked
        if self.held is not None:
            return self.held.replace(request=request)
        if self.kind is TASKS:
            from buildlint.hosts.tasks import unit  # noqa: PLC0415 - it reads YAML

            return unit(self.source, request)
        if self.template is not None or request is None:
            return Unit(self.source, self.kind, request, component_named=self.component_named)
        from buildlint.hosts.request import part  # noqa: PLC0415 - few requests have any

        # What is no text is a mistake of the request.
        is_text = isinstance(request.values.get(BUILD_CONTENT), str)
        around = request.without(BUILD_CONTENT) if is_text else request
        text = part(request, BUILD_CONTENT)
        return Unit(text, TEMPLATE, around, request, component_named=self.component_named)

    @cached_property
    def tests(self) -> tuple[Unit, ...]:
        """The test, if there is one."""
        if self.test is not None:
            return (Unit(self.test, TEST),)
        if self.request is None or self.request.test is None:
            return ()
        from buildlint.hosts.request import part  # noqa: PLC0415 - few requests have any

        return (Unit(part(self.request, TEST_CONTENT), TEST, holder=self.request),)

    @property
    def beside(self) -> Source | None:
        """The request, if it is a file beside the template."""
        return self.request.source if self.request and self.own != "request" else None

    @property
    def units(self) -> tuple[Unit, ...]:
        """Its template, if there is one, and its test."""
        return (self.unit, *self.tests) if self.has_template else self.tests

    def check(self, policy: Policy, ask_others: AskOthers = ask_nobody) -> tuple[Diagnostic, ...]:
        """Check all of it; what is found is sorted by path and place."""
        return sorted_by_place(lint_unit(unit, policy, ask_others) for unit in self.units)

    def subject(self, file: str) -> Subject | None:
        """Return what is edited in one of its files; None where that has nothing to check."""
        source = self._sources[file]
        if source is None:
            return None

        def find(edited: Source) -> Iterator[Unit]:
            now = self if edited is source else self.edited(file, edited)
            return now.units_in(file)

        return Subject(source, find)

    def units_in(self, file: str) -> Iterator[Unit]:
        """Yield the units in one of the files; what stands in none is told with the main one."""
        here, sources = self._sources[file], [*self._sources.values()]
        for unit in self.units:
            host = next((each for each in sources if each is unit.host), self.source)
            if host is here:
                yield unit

    @property
    def _sources(self) -> dict[str, Source | None]:
        request = self.request.source if self.request else None
        return {"request": request, "test": self.test, "template": self.template}

    def edited(self, file: str, source: Source) -> "Pipeline":
        """Put another text in the place of one of its files. Raises RequestError."""
        if file != "request":
            return self.replace(**{file: source})
        call = self.request.call if self.request else CREATE_PIPELINE
        return self.replace(request=self.read_request(source, call))
