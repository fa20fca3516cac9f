"""What expressions say, as far as it is written in the files of the directory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from buildlint.hosts.pieces import Text, Whole
from buildlint.hosts.terraform.composition import compose, known, name_of
from buildlint.hosts.terraform.functions import call, named
from buildlint.hosts.terraform.mistakes import HclError
from buildlint.hosts.terraform.parsing import Code, Node, Parsed, parse, trees
from buildlint.hosts.terraform.scope import Scope, empty
from buildlint.hosts.terraform.syntax import Hole
from buildlint.hosts.values import Items, Pair, Plain, Table, Unknown, Value
from buildlint.language.lalr import Tree
from buildlint.language.syntax import Token
from buildlint.text.source import Place

# Deeper than any configuration goes.
_MAX_DEPTH = 32
# More than any parameter has, and no more than a float keeps.
_MAX_DIGITS = 15
_CONSTANTS = {"true": True, "false": False, "null": None}
_PUNCTUATION = ("COMMA", "LPAR", "LSQB", "RPAR", "RSQB")


def evaluate(parsed: Parsed, node: Node, scope: Scope) -> Value:
    """Return what an expression says; what nobody knows is named as it is written."""
    value = None
    if scope.depth < _MAX_DEPTH:
        scope.depth += 1
        value = _Evaluator(parsed, scope).value(node)
        scope.depth -= 1
    return value or Unknown(name_of(parsed.text(node)), parsed.place(node))


def evaluate_template(parsed: Parsed, place: Place, scope: Scope) -> Value:
    """Return what a text says that was parsed as one template; `place` is that of the text."""
    value = _Evaluator(parsed, scope).template(parsed.argument, place)
    return value or Unknown(name_of(parsed.code.text), place)


class _Evaluator:
    """Evaluates the nodes of a tree; None is what nobody knows."""

    def __init__(self, parsed: Parsed, scope: Scope) -> None:
        self._parsed = parsed
        self._scope = scope

    def value(self, node: Node) -> Value | None:
        place = self._parsed.place(node)
        if isinstance(node, Token):
            return _constant(node.kind, self._parsed.text(node), place)
        evaluated = self._by_name.get(node.name)
        return evaluated(self, node, place) if evaluated else None

    def template(self, node: Tree, place: Place) -> Value | None:
        parsed = self._parsed
        template = parsed.templates[max(parsed.span(node).start, 0)]
        expressions = {parsed.span(each).start: each.children[1] for each in trees(node)}

        def computed(hole: Hole) -> Value:
            return self._evaluate(expressions[hole.span.start])

        return compose(parsed.code, template, place, computed)

    def _evaluate(self, node: Node) -> Value:
        return evaluate(self._parsed, node, self._scope)

    def _parentheses(self, node: Tree, place: Place) -> Value:
        del place
        return self._evaluate(node.children[1])

    def _unary(self, node: Tree, place: Place) -> Plain | None:
        sign, operand = node.children
        number = self._evaluate(operand)
        value = number.value if isinstance(number, Plain) else None
        if value is None or isinstance(value, bool) or self._parsed.text(sign) != "-":
            return None
        return Plain(-value, place)

    def _tuple(self, node: Tree, place: Place) -> Items:
        return Items(tuple(map(self._inside, _operands(node.children))), place)

    def _object(self, node: Tree, place: Place) -> Table | None:
        pairs: dict[str, Pair] = {}
        for pair in trees(node):
            key, _, value = pair.children
            name = self._key(key)
            if name is None:
                return None
            # Of the same keys the last one counts.
            pairs.pop(name, None)
            pairs[name] = Pair(name, self._parsed.place(key), self._inside(value))
        return Table(tuple(pairs.values()), place)

    def _inside(self, node: Node) -> Value:
        """Return what is in a list or an object.

        A list that a name stands for is unknown there: names might repeat each other without end.
        """
        value = self._evaluate(node)
        is_literal = isinstance(node, Tree) and node.name in ("tuple", "object")
        if isinstance(value, Items | Table) and not is_literal:
            return Unknown(name_of(self._parsed.text(node)), self._parsed.place(node))
        return value

    def _key(self, node: Node) -> str | None:
        """Return a key of an object: a bare name is one, and no reference."""
        if isinstance(node, Token) and node.kind == "NAME":
            return self._parsed.text(node)
        return known(self._evaluate(node))

    def _reach(self, node: Tree, place: Place) -> Value | None:
        """Return what a name with steps stands for: `local.images["web"]`."""
        head, first, *others = node.children
        name = self._step(first)
        value: Value | None = None
        match self._parsed.text(head):
            case "local" if name:
                value = self._scope.local(name)
            case "var" if name:
                value = self._scope.variable(name)
        for each in others:
            value = value and _at(value, self._step(each))
        if isinstance(value, Text):
            return value.replace(place=place)
        return None if isinstance(value, Unknown) else value

    def _step(self, node: Node) -> str | None:
        if not isinstance(node, Tree) or node.name == "splat":
            return None
        step = node.children[1]
        return self._parsed.text(step) if node.name == "get" else known(self._evaluate(step))

    def _call(self, node: Tree, place: Place) -> Value | None:
        name, *others = node.children
        if any(isinstance(each, Token) and each.kind in _STRANGE_CALLS for each in others):
            return None
        given = [self._evaluate(each) for each in _operands(others)]
        if self._parsed.text(name) == "templatefile":
            return _templatefile(given, place, self._scope)
        return call(self._parsed.text(name), given, place, self._scope)

    # All other expressions are unknown.
    _by_name: ClassVar[Mapping[str, Callable[["_Evaluator", Tree, Place], Value | None]]] = {
        "template": template,
        "parentheses": _parentheses,
        "tuple": _tuple,
        "object": _object,
        "reach": _reach,
        "call": _call,
        "unary": _unary,
    }


# Those of a provider's function, and of one whose arguments are in a list.
_STRANGE_CALLS = ("NAMESPACE", "ELLIPSIS")


def _operands(nodes: Iterable[Node]) -> Iterator[Node]:
    return (each for each in nodes if not (isinstance(each, Token) and each.kind in _PUNCTUATION))


def _constant(kind: str, text: str, place: Place) -> Plain | None:
    if kind != "NUMBER":
        return Plain(_CONSTANTS[text], place) if text in _CONSTANTS else None
    if text.isdigit() and len(text) <= _MAX_DIGITS:
        return Plain(int(text), place)
    digits = text.lower().partition("e")[0].replace(".", "").strip("0")
    value = float(text)
    if len(digits) > _MAX_DIGITS or abs(value) >= 10**_MAX_DIGITS:
        return None
    return Plain(int(value) if value.is_integer() else value, place)


def _at(value: Value, key: str | None) -> Value | None:
    match value:
        case Table() if key is not None:
            return value.get(key)
        case Items(items=items) if key and key.isdecimal() and len(key) <= _MAX_DIGITS:
            return items[int(key)] if int(key) < len(items) else None
    return None


def _templatefile(given: Sequence[Value], place: Place, scope: Scope) -> Text | None:
    """Return the text of a file in which nobody knows what is computed."""
    source = named(given[0], scope) if given else None
    if source is None or source.is_truncated:
        return None
    try:
        parsed = parse(Code(source, source.text, Whole()), is_template=True)
    except HclError:
        return None
    value = evaluate_template(parsed, place, empty(source))
    return value if isinstance(value, Text) else None
