"""A template or component checked with its request, as they are in the editor and on disk."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from buildlint.files.beside import find_test, request_beside, template_tested_by
from buildlint.files.config import Config, ConfigError, Overrides, excluding, nearest
from buildlint.files.loading import finder
from buildlint.files.names import FileError, call_of, kind_of, path_of_test, request_paths
from buildlint.files.streams import unusable
from buildlint.hosts.hosted import once
from buildlint.hosts.pipelines import Pipeline
from buildlint.hosts.units import Subject, lint_unit, sorted_by_place
from buildlint.language.parser import parse
from buildlint.language.syntax import Template
from buildlint.lint.context import Context
from buildlint.lint.linter import AskOthers, Confirm, Policy, ask_nobody, nobody_knows
from buildlint.server.documents import Document, Documents
from buildlint.service import effective
from buildlint.service.calls import Call
from buildlint.service.contract import TASKS, TEMPLATE, TEST, FromSemantics, Kind
from buildlint.service.effective import EffectiveContent
from buildlint.service.request import Request, RequestError
from buildlint.service.request import load as load_request
from buildlint.shell.machine import Machine
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import printable
from buildlint.text.span import Span

if TYPE_CHECKING:
    from buildlint.hosts.hosted import Hosted

# A request is read whenever its template is checked; most times it has not changed.
_load_request = lru_cache(maxsize=16)(load_request)


class Problem(NamedTuple):
    """What stands in the way of a check: a request or a configuration that cannot be read."""

    document: Document
    span: Span
    text: str


@dataclass(frozen=True)
class Checked:
    """A template with its request, and what was found in both.

    `template` is the document that was asked about; where a request or a host file holds templates,
    it is that. `others` are files that a host file has a text in, and that are not checked on their
    own. `files` are checked and edited together; `kind` and `request` are those of the template.
    """

    template: Document
    request_document: Document | None = None
    others: tuple[Document, ...] = ()
    files: "Pipeline | Hosted" = field(default_factory=lambda: Pipeline(None))
    kind: Kind = TEMPLATE
    request: Request | None = None
    config: Config = field(default_factory=Config)
    policy: Policy = field(default_factory=Policy)
    diagnostics: tuple[Diagnostic, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_excluded: bool = False

    @property
    def own(self) -> tuple[Document, ...]:
        """The template, and its request if it has one."""
        beside = None if self.is_of_request(self.template) else self.request_document
        return (self.template, beside) if beside else (self.template,)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents in which something may be found."""
        return (*self.own, *self.others)

    def is_of_request(self, document: Document) -> bool:
        """Whether a document is the request, and no template."""
        return document is self.request_document

    @cached_property
    def tree(self) -> Template:
        """The parsed template; one that is too large, in a file or in YAML has nothing in it."""
        source = self.template.source
        is_elsewhere = self.is_of_request(self.template) or not self.has_commands
        is_shown = not (source.is_truncated or is_elsewhere)
        return parse(source.text) if is_shown else Template("", ())

    def subject(self, document: Document) -> Subject | None:
        """Return what can be edited in a document."""
        return next(
            (
                found
                for file in self.files.files
                if (found := self.files.subject(file)) and found.source == document.source
            ),
            None,
        )

    @cached_property
    def content(self) -> EffectiveContent:
        """What would be sent."""
        if not self.kind.has_from:
            return effective.without_base(self.tree)
        return effective.content(self.tree, self.request, self.semantics)

    @cached_property
    def machine(self) -> Machine:
        """What is certain of the machine at each place of the template."""
        return Context(
            self.template.source, self.tree, self.request, self.semantics, self.kind
        ).machine

    @property
    def has_commands(self) -> bool:
        """Whether the document is a template of commands, or its request."""
        return not (self.template.is_host or self.kind is TASKS)

    @property
    def call(self) -> Call:
        """The call that the template and its request are for."""
        return call_of(self.template.path)

    @property
    def semantics(self) -> FromSemantics:
        """What the service makes of FROM."""
        return self.policy.semantics

    def document_of(self, diagnostic: Diagnostic) -> Document:
        """Return the document that a diagnostic is about."""
        path = diagnostic.source.path
        return next((each for each in self.documents if each.source.path == path), self.template)

    def diagnostics_in(self, document: Document, span: Span) -> list[Diagnostic]:
        """Return what was found in a span of a document, its end included."""
        return [
            each
            for each in self.diagnostics
            if self.document_of(each) is document
            and each.span.start <= span.end
            and span.start <= each.span.end
        ]


def check(
    template: Document,
    documents: Documents,
    config: Config | None = None,
    ask_others: AskOthers = ask_nobody,
    confirm: Confirm = nobody_knows,
    holders: Iterable[Document] = (),
) -> Checked:
    """Check a template with the request beside it, and with what `ask_others` finds.

    `confirm` is asked about shell text unless the configuration switches that off. Without
    `config`, the nearest configuration above the file counts. `holders` are open host files that
    have a text in this one. Nothing is raised: what cannot be read becomes a problem.
    """
    problems: list[Problem] = []
    try:
        settings = config or nearest(template.path.parent if template.path else Path())
    except (ConfigError, OSError) as error:
        problems.append(Problem(template, Span(0, 0), unusable(error).message))
        settings = Config()
    if template.path and _is_excluded(template.path, config):
        return Checked(template, config=settings, is_excluded=True)
    policy = Overrides().policy(settings, template.path)
    policy = policy.replace(confirm=confirm if settings["bash"] else nobody_knows)
    start = Checked(template, config=settings, policy=policy, problems=tuple(problems))
    path = template.source.path
    held = [each for host in holders if path in (each := _hosted(host, documents)).sources]
    there = [each.check_in(path, policy, ask_others) for each in held]
    if template.is_host:
        host = _hosted(template, documents)
        judged = replace(start, files=host, others=tuple(_others(host, documents)))
        return _told(judged, [host.check(policy, ask_others), *there])
    alone, files = _with_request(start, documents)
    if held and alone.request_document is None:
        unit = next(held[0].units_in(path))
        return _told(replace(alone, files=held[0], kind=unit.kind, request=unit.request), there)
    # A test is a document of its own, and checked as such.
    units = (each for each in files.units if files.test is None or each.host is not files.test)
    found = sorted_by_place(lint_unit(each, policy, ask_others) for each in units)
    return replace(alone, diagnostics=found)


def _with_request(start: Checked, documents: Documents) -> tuple[Checked, Pipeline]:
    """Read a template and what goes with it; what cannot be read becomes a problem."""
    template = start.template
    problems = list(start.problems)
    request_document, request, test = None, None, None
    holds_template = template.is_request
    is_test = template.path is not None and template_tested_by(template.path) is not None
    kind = TEST if is_test else kind_of(template.path)
    try:
        if holds_template:
            request_document = template
        elif not is_test:
            request_document = _beside(template, documents, request_beside, request_paths)
        if kind is TEMPLATE and not holds_template:
            test = _beside(template, documents, find_test, lambda path: [path_of_test(path)])
        if request_document:
            request = _load_request(request_document.source, call_of(template.path))
    except RequestError as error:
        if request_document:
            place = Span(error.offset, error.offset)
            problems.append(Problem(request_document, place, printable(error.problem)))
    except (FileError, OSError) as error:
        problems.append(Problem(template, Span(0, 0), unusable(error).message))
    files = Pipeline(
        None if holds_template else template.source,
        request,
        test.source if test else None,
        kind,
        component_named=finder(template.path),
    )
    judged = replace(
        start,
        request_document=request_document,
        files=files,
        kind=kind,
        request=files.asked,
        problems=tuple(problems),
    )
    return judged, files


# --- host files ----------------------------------------------------------------------------------


def _hosted(document: Document, documents: Documents) -> "Hosted":
    """Read a host file; what is open goes before what is on disk."""
    from buildlint.files.hosts import hosted  # noqa: PLC0415 - most files are none

    path = Path(document.source.path)
    files = hosted(document.source, path, component_named=finder(path))
    edited = {each.source.path: each.source for each in documents}
    return files.replace(around=files.around.replace(edited=edited))


def _others(files: "Hosted", documents: Documents) -> Iterator[Document]:
    """Yield the files that a host file has a text in, but for those that are open and checked."""
    for path, source in files.sources.items():
        document = documents.open_at(Path(path))
        if document is None:
            yield documents.closed(source)
        elif documents.template_of(document) is None:
            yield document


def _told(checked: Checked, found: Iterable[Iterable[Diagnostic]]) -> Checked:
    """Add what was found in the documents of a check; other documents have checks of their own."""
    paths = {each.source.path for each in checked.documents}
    here = [each for each in sorted_by_place(found) if each.source.path in paths]
    return replace(checked, diagnostics=once(here))


def _is_excluded(path: Path, config: Config | None) -> bool:
    with suppress(ConfigError, OSError):
        return excluding(path, lambda each: config or nearest(each.parent)) is not None
    return False


def _beside(
    template: Document,
    documents: Documents,
    find: Callable[[Path], Path | None],
    names: Callable[[Path], Iterable[Path]],
) -> Document | None:
    """Find a file that goes with a template, saved or not. Raises FileError, OSError."""
    if template.path is None:
        return None
    path = find(template.path) or next(filter(documents.open_at, names(template.path)), None)
    return documents.at(path) if path else None
