"""Components in YAML: read as a tree, and their commands as a text of their own.

That text has a command of the template language for each task: RUN for RunShellCommand, COPY for
WebDownload, RESTART for Reboot, and COMPONENT, of which nothing is known, for the others. The rules
about commands look at it; each character of a script has its place in the file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from buildlint.hosts.units import Characters, Part, Unit
from buildlint.hosts.yaml import tree as yaml
from buildlint.hosts.yaml.reading import YamlError, read
from buildlint.hosts.yaml.rewriting import characters
from buildlint.language.component import (
    NO_SCALAR,
    Cause,
    ComponentFile,
    Flaw,
    Parameter,
    Property,
    Reference,
    Task,
    Value,
)
from buildlint.language.syntax import (
    Component,
    Copy,
    Instruction,
    Location,
    LogicalText,
    Restart,
    Run,
    Template,
    Token,
    Word,
)
from buildlint.service.actions import (
    ACTIONS,
    PARAMETER_KEYS,
    REBOOT,
    RUN_SHELL,
    TASK_KEYS,
    TOP_KEYS,
    WEB_DOWNLOAD,
)
from buildlint.service.actions import Property as Declared
from buildlint.service.contract import TASKS
from buildlint.service.request import Request
from buildlint.text.diagnostics import Edit
from buildlint.text.messages import N_, Message, shown, similar
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

_REFERENCE = regex(r"\{\{[ \t]*(?P<name>[^\W\d][\w-]*(?:\.stdout)?)[ \t]*\}\}")
# A script that no shell reads.
_OTHER_LANGUAGE = regex(r"#![ \t]*(?!\S*sh\b|\S*/env[ \t]+(?:-\S+[ \t]+)*\w*sh\b)\S")
_SHEBANG = regex(r"^#![^\n]*\n")
# Of Go's templates, which `docker --format` reads.
_OF_GO = ("break", "continue", "else", "end")


def component_of(source: Source) -> ComponentFile:
    """Read a component in YAML."""
    return _Builder(source).component()


def unit(source: Source, request: Request | None) -> Unit:
    """Make the unit of a component in YAML, with the request that goes with it."""
    builder = _Builder(source)
    component = builder.component()
    text, template, places = _Script(component, builder.scalars).written()
    place = Place(source, Span(0, 0))
    part = Part(source.path, text, place=place, characters=places)
    return Unit(part, TASKS, request, template=template, component=component)


# --- the tree ------------------------------------------------------------------------------------


class _Builder:
    """Turns the nodes of YAML into a component; `scalars` are their characters by their spans."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.flaws: list[Flaw] = []
        self.references: list[Reference] = []
        self.scalars: dict[Span, Characters | None] = {}
        self.document: yaml.Document | None = None
        self.names: frozenset[str] = frozenset()  # of the parameters

    def component(self) -> ComponentFile:
        parameters: tuple[Parameter, ...] = ()
        tasks: tuple[Task, ...] = ()
        try:
            self.document = read(self.source)
        except YamlError as error:
            self._flaw(Cause.UNREADABLE, error.place.span, error.message)
        else:
            self.flaws += (Flaw(Cause.UNREADABLE, *each) for each in self.document.problems)
            top = self._mapping(self.document.root, self.source.line(1), N_("the component"))
            if top is not None:
                values = dict(self._known(top, TOP_KEYS))
                parameters = tuple(self._parameters(values.get("Parameters")))
                self.names = frozenset(each.name.text for each in parameters)
                tasks = tuple(self._tasks(values.get("Tasks"), top))
        return ComponentFile(
            self.source, parameters, tasks, tuple(self.references), tuple(self.flaws)
        )

    def _flaw(self, cause: Cause, span: Span, message: Message, quotes: Span | None = None) -> None:
        self.flaws.append(Flaw(cause, span, message, quotes))

    def _structure(self, span: Span, text: str, **fields: object) -> None:
        self._flaw(Cause.STRUCTURE, span, Message(text, fields))

    def _mapping(self, node: yaml.Node | None, where: Span, what: str) -> yaml.Mapping | None:
        found = None if node is None else yaml.target(node)
        if isinstance(found, yaml.Mapping):
            self._merges(found)
            return found
        text = N_("{what} must be a mapping of keys and values")
        span = where if node is None else _first_line(self.source, node.span)
        self._structure(span, text, what=Message(what))
        return None

    def _merges(self, mapping: yaml.Mapping) -> None:
        """Report what `<<` cannot take pairs from."""
        for key, value in mapping.pairs:
            if not isinstance(key, yaml.Scalar) or not key.is_merge:
                continue
            found = yaml.target(value)
            others = found.items if isinstance(found, yaml.Sequence) else (found,)
            if not all(isinstance(yaml.target(each), yaml.Mapping) for each in others):
                span = _first_line(self.source, value.span)
                self._structure(span, N_("`<<` must refer to a mapping, or to a list of mappings"))

    def _known(
        self, mapping: yaml.Mapping, known: Sequence[str]
    ) -> Iterator[tuple[str, yaml.Node]]:
        """Yield the values under keys that are known, or plainly meant, and report the others."""
        for key, value in mapping.merged:
            name = yaml.name_of(key)
            if name is not None and name in known:
                yield name, value
            elif name is not None:
                meant = self._unknown(key.span, name, known)
                if meant and mapping.get(meant) is None:
                    yield meant, value
            else:
                span = _first_line(self.source, key.span)
                self._structure(span, N_("a key must be a string"))

    def _unknown(self, span: Span, name: str, known: Sequence[str]) -> str | None:
        """Report a name; return the one that is meant, if it is plain."""
        letters = {each.lower(): each for each in known}
        lower = name.lower().replace("_", "").replace("-", "")
        meant = lower if lower in letters else similar(lower, letters, cutoff=0.8)
        fields = {"name": shown(name)}
        if meant:
            text = N_("unknown `{name}`; did you mean `{suggestion}`?")
            fields["suggestion"] = letters[meant]
            self._flaw(Cause.MISSPELLED, span, Message(text, fields))
            return letters[meant]
        text = N_("unknown `{name}`; use one of {known}")
        fields["known"] = ", ".join(f"`{each}`" for each in known)
        self._flaw(Cause.UNKNOWN, span, Message(text, fields))
        return None

    def _parameters(self, node: yaml.Node | None) -> Iterator[Parameter]:
        if node is None or _is_null(node):
            return
        found = self._mapping(node, node.span, N_("Parameters"))
        for key, value in found.merged if found else ():
            name = yaml.name_of(key)
            if name is None:
                span = _first_line(self.source, key.span)
                self._structure(span, N_("the name of a parameter must be a string"))
                continue
            about = self._mapping(value, key.span, N_("a parameter"))
            values = dict(self._known(about, PARAMETER_KEYS)) if about else {}
            if about and "Type" not in values:
                text = N_("parameter `{name}` has no Type; use `String`, `Number` or `Boolean`")
                self._structure(key.span, text, name=shown(name))
            yield Parameter(
                Word(key.span, name),
                self._value(values.get("Type")),
                self._value(values.get("DefaultValue")),
            )

    def _tasks(self, node: yaml.Node | None, top: yaml.Mapping) -> Iterator[Task]:
        if node is None:
            where = _first_line(self.source, top.span)
            self._structure(where, N_("the component has no Tasks; add at least one"))
            return
        found = yaml.target(node)
        if not isinstance(found, yaml.Sequence) or not found.items:
            where = _first_line(self.source, node.span)
            self._structure(where, N_("Tasks must be a list of at least one task"))
            return
        for index, item in enumerate(found.items):
            about = self._mapping(item, item.span, N_("a task"))
            if about is not None:
                yield self._task(index, item.span, about)

    def _task(self, index: int, span: Span, about: yaml.Mapping) -> Task:
        values = dict(self._known(about, TASK_KEYS))
        here = _first_line(self.source, span)
        name, action = (self._named(here, key, values.get(key)) for key in ("Name", "Action"))
        if action and action.text and action.text not in ACTIONS:
            meant = self._unknown(action.span, action.text, tuple(ACTIONS))
            action = action._replace(text=meant or action.text)
        properties: tuple[Property, ...] | None = ()
        if "Properties" in values and not _is_null(values["Properties"]):
            inner = self._mapping(values["Properties"], here, N_("Properties"))
            known = ACTIONS.get(action.text) if action else None
            declared = known.properties if known else None
            properties = tuple(self._properties(index, inner, declared)) if inner else None
        return Task(span, name, action, properties or (), is_whole=properties is not None)

    def _named(self, here: Span, key: str, node: yaml.Node | None) -> Value | None:
        """Read what a task cannot be without; `here` is the task."""
        value = self._value(node)
        if value is None or value.kind == "null":
            self._structure(here, N_("a task has no {key}; add it"), key=key)
        elif value.kind == NO_SCALAR:
            self._structure(value.span, N_("{key} must be a string"), key=key)
        elif not value.text.strip():
            self._structure(value.span, N_("{key} must not be empty"), key=key)
        return value

    def _properties(
        self, index: int, mapping: yaml.Mapping, known: Mapping[str, Declared] | None
    ) -> Iterator[Property]:
        for key, node in mapping.merged:
            name = yaml.name_of(key)
            if name is None:
                span = _first_line(self.source, key.span)
                self._structure(span, N_("the name of a property must be a string"))
                continue
            if known is not None and name not in known:
                meant = self._unknown(key.span, name, tuple(known))
                name = meant if meant and mapping.get(meant) is None else name
            value = self._value(node)
            if value is not None:
                self._refer(index, name, value)
                about = known.get(name) if known else None
                is_secret = about is not None and about.is_secret
                is_given = _REFERENCE.fullmatch(value.text) is None
                yield Property(Word(key.span, name), value, is_secret and is_given)

    def _value(self, node: yaml.Node | None) -> Value | None:
        """Read a value; a reference without quotes is a mapping to YAML."""
        if node is None:
            return None
        found = yaml.target(node)
        if isinstance(found, yaml.Scalar):
            if found.span not in self.scalars and self.document:
                self.scalars[found.span] = characters(self.document, found)
            return Value(found.span, found.text, str(found.kind))
        if (name := _unquoted(found)) is not None:
            text = N_("`{reference}` without quotes is a YAML mapping; put it in double quotes")
            fields = {"reference": shown(f"{{{{ {name} }}}}")}
            self._flaw(Cause.UNQUOTED, found.span, Message(text, fields), found.span)
            return Value(found.span, f"{{{{ {name} }}}}", "string")
        return Value(_first_line(self.source, found.span), "", NO_SCALAR)

    def _refer(self, index: int, name: str, value: Value) -> None:
        written = self.scalars.get(value.span)
        for match in _REFERENCE.finditer(value.text):
            start, end = match.span()
            has_more = value.text[start - 1 : start] == "{" and value.text[end : end + 1] == "}"
            if (has_more or match["name"] in _OF_GO) and match["name"] not in self.names:
                continue  # what other programs replace
            place = written.at(Span(*match.span())) if written else value.span
            self.references.append(Reference(place, match["name"], index, name))


def _unquoted(node: yaml.Sequence | yaml.Mapping) -> str | None:
    """The name of a reference that is written without quotes: a mapping whose key is one."""
    if not isinstance(node, yaml.Mapping) or len(node.pairs) != 1:
        return None
    inner = yaml.target(node.pairs[0].key)
    if not isinstance(inner, yaml.Mapping) or len(inner.pairs) != 1:
        return None
    is_reference = all(_is_null(each.pairs[0].value) for each in (node, inner))
    return yaml.name_of(inner.pairs[0].key) if is_reference else None


def _is_null(node: yaml.Node) -> bool:
    found = yaml.target(node)
    return isinstance(found, yaml.Scalar) and found.kind is yaml.Kind.NULL


def _first_line(source: Source, span: Span) -> Span:
    """The part of a span that is on its first line."""
    end = source.text.find("\n", span.start, span.end)
    return Span(span.start, len(source.text[: end if end >= 0 else span.end].rstrip("\r")))


# --- the commands --------------------------------------------------------------------------------

_Make = Callable[[tuple[Token, ...]], Instruction]


class _Piece(NamedTuple):
    """A piece of the text: where it begins, its characters in the file, or the place for all."""

    start: int
    end: int
    characters: Characters | None
    place: Span


class _Places(Record):
    """Where the characters of the commands, a text, stand in the file."""

    text: str
    pieces: tuple[_Piece, ...]

    def at(self, span: Span) -> Span:
        """Where a span of the text is written."""
        piece = self._piece(span.start)
        if piece.characters is None:
            return piece.place
        start, end = span.start - piece.start, min(span.end, piece.end) - piece.start
        return piece.characters.at(Span(start, max(start, end)))

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the file, all of them in one script."""
        if not edits:
            return ()
        last = self._piece(max(each.span.end for each in edits))
        script = last if last.characters else self._script(last)
        if script is None or script.characters is None:
            return None
        inside = []
        for span, new in edits:
            # A comment above the command is one above the script.
            is_above = span == (last.start, last.start) and new.startswith("#")
            start, end = (self._top(script),) * 2 if last is not script and is_above else span
            if not script.start <= start <= end <= script.end:
                return None
            inside.append(Edit(Span(start - script.start, end - script.start), new))
        return script.characters.written(inside)

    def _script(self, keyword: _Piece) -> _Piece | None:
        """The script of the command that begins with a keyword: a space is between them."""
        if self.text[slice(keyword.start, keyword.end)] != "RUN":
            return None
        index = self.pieces.index(keyword) + 2
        return next(iter(self.pieces[index : index + 1]), None)

    def _top(self, script: _Piece) -> int:
        """Where a comment goes: below the line that names a shell."""
        found = _SHEBANG.match(self.text, script.start, script.end)
        return found.end() if found else script.start

    def _piece(self, offset: int) -> _Piece:
        found = self.pieces[0]
        for each in self.pieces:
            if each.start > offset:
                break
            found = each
        return found


class _Script:
    """Writes the commands of a component."""

    def __init__(self, component: ComponentFile, scalars: Mapping[Span, Characters | None]) -> None:
        self.component, self.scalars = component, scalars
        self.text = ""
        self.pieces: list[_Piece] = []
        self.items: list[Instruction] = []

    def written(self) -> tuple[str, Template, _Places]:
        for task in self.component.tasks:
            self._task(task)
        pieces = tuple(self.pieces) or (_Piece(0, 0, None, Span(0, 0)),)
        return self.text, Template(self.text, tuple(self.items)), _Places(self.text, pieces)

    def _task(self, task: Task) -> None:
        action = task.action.text if task.action else ""
        place = task.action.span if task.action else task.span
        script = self._property(task, "commandContent")
        if action == RUN_SHELL and script and not _OTHER_LANGUAGE.match(script.text):
            self._run(place, script)
        elif action == WEB_DOWNLOAD:
            parts = [self._property(task, each) for each in ("sourcePath", "destinationDir")]
            self._copy(place, [each for each in parts if each])
        elif action == REBOOT:
            keyword = self._keyword("RESTART", place)
            self._ends(lambda tokens: Restart(tokens, keyword, None), keyword.span.start)
        else:
            keyword = self._keyword("COMPONENT", place)
            name = self._add(action or "?", place)
            text = LogicalText.of(name.text, name.span.start)
            self._ends(
                lambda tokens: Component(tokens, keyword, text, name, None, ()),
                keyword.span.start,
            )

    @staticmethod
    def _property(task: Task, name: str) -> Value | None:
        found = task.property(name)
        return found.value if found and found.value.text else None

    def _run(self, place: Span, script: Value) -> None:
        keyword = self._keyword("RUN", place)
        word = self._add(_masked(script.text), script.span, self.scalars.get(script.span))
        text = LogicalText.of(word.text, word.span.start)
        comments = tuple(_directives(word))
        self._ends(
            lambda tokens: Run(_around(tokens, comments), keyword, text, (), 0, None, ()),
            keyword.span.start,
        )

    def _copy(self, place: Span, parts: Sequence[Value]) -> None:
        keyword = self._keyword("COPY", place)
        words = []
        for each in parts:
            words.append(self._add(_masked(each.text), each.span, self.scalars.get(each.span)))
            self._add(" ", place)
        locations = tuple(_location(word) for word in words)
        start = words[0].span.start if words else keyword.span.end
        text = LogicalText.of(self.text[start:].rstrip(), start) if words else None
        self._ends(
            lambda tokens: Copy(tokens, keyword, text, (), locations, ()), keyword.span.start
        )

    def _keyword(self, name: str, place: Span) -> Word:
        word = self._add(name, place)
        self._add(" ", place)
        return word

    def _add(self, text: str, place: Span, characters: Characters | None = None) -> Word:
        start = len(self.text)
        self.text += text
        self.pieces.append(_Piece(start, len(self.text), characters, place))
        return Word(Span(start, len(self.text)), text)

    def _ends(self, make: _Make, start: int) -> None:
        self._add("\n", self.pieces[-1].place)
        self.items.append(make((Token("TEXT", start, len(self.text)),)))


def _around(tokens: tuple[Token, ...], comments: tuple[Token, ...]) -> tuple[Token, ...]:
    """Put comments between the first and the last character of a command."""
    (whole,) = tokens
    return (whole._replace(end=whole.start), *comments, whole._replace(start=whole.end))


def _masked(text: str) -> str:
    """Put an expansion, which may be anything, in the place of each reference."""
    return _REFERENCE.sub(lambda match: f"${{{'_' * (len(match[0]) - 3)}}}", text)


def _directives(script: Word) -> Iterator[Token]:
    """Yield the lines of a script that are comments to buildlint."""
    start = script.span.start
    for line in script.text.splitlines(keepends=True):
        if line.lstrip().startswith("#") and "lint" in line.lower():
            yield Token("COMMENT", start, start + len(line))
        start += len(line)


def _location(word: Word) -> Location:
    """Read what WebDownload fetches, or where it goes, as COPY has it."""
    span, text = word
    scheme, separator, _ = text.partition("://")
    end = len(scheme) + len(separator)
    named = Word(Span(span.start, span.start + end), text[:end]) if separator else None
    return Location(span, text, named, None)
