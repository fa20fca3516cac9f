"""Templates of Resource Orchestration Service (ROS).

Their functions are as its user guide describes them (Fn::Sub, Fn::Join, Ref): `${X}` stands for a
value only within Fn::Sub, and `${!X}` is `${X}` there.
"""

from buildlint.hosts.stacks.interpolation import Part, Syntax, literal
from buildlint.hosts.stacks.reading import PLAIN_TAGS, Call, Reader, pairs
from buildlint.hosts.values import Value
from buildlint.hosts.yaml.tree import Kind, Mapping, Node, Scalar, Sequence, name_of, target
from buildlint.service.resources import ROS
from buildlint.text.span import Span

_PREFIX = "Fn::"
_REF = "Ref"
# Written as one, a date is a string to ROS.
_STRINGS = (Kind.STRING, Kind.TIMESTAMP)


def _split(text: str) -> list[Part]:
    parts: list[Part] = []
    done = end = 0
    while (start := text.find("${", done)) >= 0:
        end = end if end > start else text.find("}", start)
        if end < 0:
            break
        if text.startswith("!", start + 2):
            brace = Span(start + 1, start + 3)
            parts += [*literal(text, done, brace.start), Part(brace, "{")]
            done = brace.end
        else:
            parts += literal(text, done, start)
            done = end + 1
            parts.append(Part(Span(start, done), text[start:done], text[start + 2 : end]))
    return [*parts, *literal(text, done, len(text))]


SUB = Syntax(_split, lambda text: text.replace("${", "${!"))


class RosReader(Reader):
    """Reads a template of ROS."""

    resources_key = "Resources"
    type_key = "Type"
    arguments_key = "Properties"
    types = tuple(ROS.values())

    def call(self, node: Scalar | Sequence | Mapping) -> Call | None:
        """Return the function that a node calls: `!Sub x`, or a mapping of `Fn::Sub` alone."""
        if node.tag and node.tag.startswith("!") and len(node.tag) > 1:
            name = node.tag[1:]
            return Call(name if name == _REF else _PREFIX + name, node)
        if isinstance(node, Mapping) and len(node.pairs) == 1:
            name = name_of(node.pairs[0].key) or ""
            if name == _REF or name.startswith(_PREFIX):
                return Call(name, node.pairs[0].value)
        return None

    def called(self, call: Call, node: Node) -> Value:
        """Return what a function returns."""
        found: Value | None = None
        argument = call.literal_in(node)
        if call.name == "Fn::Join":
            return self.joined(argument, node, call.name)
        if call.name == "Fn::Sub":
            found = self._substituted(argument)
        elif call.name == _REF and isinstance(argument, Scalar):
            found = self._default(argument.text)
        name = f"{call.name}: {argument.text}" if isinstance(argument, Scalar) else call.name
        return found or self.unknown(node, name)

    def string(self, scalar: Scalar) -> Value:
        """Return what a string says: itself."""
        return self.literal(scalar)

    def _substituted(self, argument: Scalar | Sequence | Mapping | None) -> Value | None:
        """Return a text with what its names stand for: `text`, or `[text, {name: value}]`."""
        string, names = argument, None
        if isinstance(argument, Sequence):
            items = tuple(map(target, argument.items))
            if len(items) != 2 or any(each.tag not in PLAIN_TAGS for each in items):  # noqa: PLR2004
                return None
            string, names = items
        if not isinstance(string, Scalar) or string.kind not in _STRINGS:
            return None
        if names is not None and not isinstance(names, Mapping):
            return None
        known = pairs(names) if names else {}

        def named(name: str) -> Value | None:
            return self.value(known[name].value) if name in known else self._default(name)

        return self.interpolated(string, SUB, named)

    def _default(self, name: str) -> Value | None:
        """Return the default of a parameter, if defaults are taken and it has one."""
        about = target(found.value) if (found := self.section("Parameters").get(name)) else None
        if not self.around.takes_defaults or not isinstance(about, Mapping):
            return None
        default = about.get("Default")
        return self.value(default.value) if default else None
