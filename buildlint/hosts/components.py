"""Components in YAML, read as a tree: what fits nothing is a flaw of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from buildlint.hosts.units import Characters
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
from buildlint.language.syntax import Word
from buildlint.service.actions import ACTIONS, PARAMETER_KEYS, TASK_KEYS, TOP_KEYS
from buildlint.service.actions import Property as Declared
from buildlint.text.messages import N_, Message, respelled, shown
from buildlint.text.regex import regex
from buildlint.text.source import Source
from buildlint.text.span import Span

REFERENCE = regex(r"\{\{[ \t]*(?P<name>[^\W\d][\w-]*(?:\.stdout)?)[ \t]*\}\}")
# Of Go's templates, which `docker --format` reads.
_OF_GO = ("break", "continue", "else", "end")


class ReadComponent(NamedTuple):
    """A component, and the characters of its values by the spans of these."""

    component: ComponentFile
    scalars: Mapping[Span, Characters | None]


def read_component(source: Source) -> ReadComponent:
    """Read a component in YAML, with the places of the characters in its values."""
    builder = _Builder(source)
    return ReadComponent(builder.component(), builder.scalars)


def component_of(source: Source) -> ComponentFile:
    """Read a component in YAML."""
    return read_component(source).component


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
        fields = {"name": shown(name)}
        if meant := respelled(name, known):
            text = N_("unknown `{name}`; did you mean `{suggestion}`?")
            fields["suggestion"] = meant
            self._flaw(Cause.MISSPELLED, span, Message(text, fields))
            return meant
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
                is_given = REFERENCE.fullmatch(value.text) is None
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
        for match in REFERENCE.finditer(value.text):
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
