"""Programs of Pulumi in YAML or JSON.

Their strings are read as pulumi-yaml does it, by its source (ast/interpolation.go, property.go):
`${…}` stands for a value, `$$` is `$`, and what is not closed is refused.
"""

import re

from buildlint.hosts.pieces import Piece, Text, Whole
from buildlint.hosts.stacks.interpolation import Part, Syntax, literal
from buildlint.hosts.stacks.reading import Call, Reader
from buildlint.hosts.values import Items, Table, Value
from buildlint.hosts.yaml.tree import Kind, Mapping, Node, Scalar, Sequence, name_of, target
from buildlint.service.resources import PULUMI
from buildlint.text.regex import regex
from buildlint.text.source import Place
from buildlint.text.span import Span

_PREFIX = "fn::"
_HERE = "${pulumi.cwd}/"
_SIGN = regex(r"\$[${]")
_ACCESS = regex(r'\[(?P<index>[0-9]+)\]|\["(?P<key>(?>(?:\\"|[^"])*))"\]|(?P<name>[^.\[]+)')
_NUMBERS = (Kind.INTEGER, Kind.FLOAT)


def _split(text: str) -> list[Part] | None:
    parts: list[Part] = []
    done = 0
    while match := _SIGN.search(text, done):
        start = match.start()
        parts += literal(text, done, start)
        if match[0] == "$$":
            done = match.end()
            parts.append(Part(Span(start, done), "$"))
            continue
        done = text.find("}", start) + 1
        name = text[start + 2 : done - 1]
        # A key in quotes may contain the brace: such a string is left to others.
        if not done or name.count('"') % 2:
            return None
        parts.append(Part(Span(start, done), text[start:done], name))
    return [*parts, *literal(text, done, len(text))]


def _spelled(text: str) -> str:
    return _NEEDS_ESCAPE.sub("$$", text)


# Before any other character, `$` is itself; what follows at the end is not known here.
_NEEDS_ESCAPE = regex(r"\$(?=[${]|\Z)")
STRING = Syntax(_split, _spelled)


class PulumiReader(Reader):
    """Reads a program of Pulumi."""

    resources_key = "resources"
    type_key = "type"
    arguments_key = "properties"
    types = tuple(PULUMI.values())

    def kind(self, scalar: Scalar) -> Kind:
        """Return the kind of a scalar: Pulumi reads YAML 1.2, but for octal numbers."""
        text, kind = scalar.text, scalar.kind
        is_word = kind is Kind.BOOLEAN and text.lower() not in ("true", "false")
        is_string = is_word or (kind in _NUMBERS and ":" in text)
        return Kind.STRING if is_string and scalar.tag is None else kind

    def call(self, node: Scalar | Sequence | Mapping) -> Call | None:
        """Return the function that a node calls: a mapping of `fn::join` alone, in any case."""
        if isinstance(node, Mapping) and len(node.pairs) == 1:
            name = (name_of(node.pairs[0].key) or "").lower()
            if name.startswith(_PREFIX):
                return Call(name, node.pairs[0].value)
        return None

    def called(self, call: Call, node: Node) -> Value:
        """Return what a function returns."""
        if call.name == "fn::join":
            return self.joined(call.literal_in(node), node, call.name)
        if call.name == "fn::readfile" and (found := self._read_file(call, node)):
            return found
        return self.unknown(node, call.name)

    def string(self, scalar: Scalar) -> Value:
        """Return what a string says; one that is nothing but an expression has its value."""
        parts = _split(scalar.text)
        if parts is not None and len(parts) == 1 and (name := parts[0].name) is not None:
            return self._named(name) or self.unknown(scalar)
        return self.interpolated(scalar, STRING, self._named)

    def _read_file(self, call: Call, node: Node) -> Value | None:
        """Return the text of a file that is named from the directory of the program."""
        argument = target(call.argument)
        if isinstance(argument, Scalar) and argument.text.startswith(_HERE):
            path = argument.text.removeprefix(_HERE)
            path = path if "$" not in path else ""
        else:
            value = self.value(argument)
            path = value.text if isinstance(value, Text) and not value.unknown else ""
        file = self.around.file(path) if path else None
        if file is None:
            return None
        piece = Piece(file.text, Place(file, Span(0, len(file.text))), Whole())
        return Text((piece,), self.tree.place(node))

    def _named(self, expression: str) -> Value | None:
        """Return the value of an expression: `variable`, `variable.key`, `variable[0]`."""
        root, *others = _ACCESS.finditer(expression) if expression else (None,)
        value = self._variable(root["name"] or root["key"] or "") if root else None
        for each in others:
            value = _part(value, each)
        return value

    def _variable(self, name: str) -> Value | None:
        if name in self.section(self.resources_key):
            return None
        if pair := self.section("variables").get(name):
            return self.value(pair.value)
        if not self.around.takes_defaults:
            return None
        for each in ("config", "configuration"):
            if pair := self.section(each).get(name):
                about = target(pair.value)
                if not isinstance(about, Mapping):
                    return self.value(about)
                given = about.get("value") or about.get("default")
                return self.value(given.value) if given else None
        return None


def _part(value: Value | None, access: re.Match[str]) -> Value | None:
    """Return the part of a value that is accessed."""
    if access["index"] is not None:
        index = int(access["index"])
        is_inside = isinstance(value, Items) and index < len(value.items)
        return value.items[index] if isinstance(value, Items) and is_inside else None
    key = access["name"] or (access["key"] or "").replace('\\"', '"')
    return value.get(key) if isinstance(value, Table) else None
