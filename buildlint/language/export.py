"""The tables of a grammar, taken out of Lark's parser of it."""

from lark import Lark
from lark.grammar import Rule as LarkRule
from lark.lexer import BasicLexer, ContextualLexer
from lark.parsers.lalr_analysis import Shift

from buildlint.language.lalr import Tables
from buildlint.text.shipped import shipped


def lark(name: str) -> Lark:
    """Build Lark's LALR parser of `grammar/<name>.lark`; every token is kept."""
    return Lark.open(
        str(shipped("grammar") / f"{name}.lark"),
        parser="lalr",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def tables(name: str) -> Tables:
    """Make the tables of `grammar/<name>.lark`; the same grammar gives the same tables."""
    parser = lark(name)
    table = parser.parser.parser._parse_table  # noqa: SLF001 - Lark has no other way to it
    lexer = parser.parser.lexer
    assert isinstance(lexer, ContextualLexer)  # noqa: S101 - it is by default
    # Numbered as they are reached, so that the numbers do not hang on the order of a set.
    order = [table.start_states["start"]]
    rules: dict[LarkRule, int] = {}
    for state in order:
        for _, (action, to) in sorted(table.states[state].items()):
            if action is not Shift:
                rules.setdefault(to, len(rules))
            elif to not in order:
                order.append(to)
    numbers = {state: number for number, state in enumerate(order)}
    states = []
    for state in order:
        row: dict[int, list[str]] = {}
        for symbol, (action, to) in sorted(table.states[state].items()):
            row.setdefault(numbers[to] if action is Shift else ~rules[to], []).append(symbol)
        states.append(" ".join(f"{to} {' '.join(symbols)}" for to, symbols in row.items()))
    for each in lexer.lexers.values():
        assert isinstance(each, BasicLexer)  # noqa: S101 - so are those of a contextual one
        # Callbacks tell keywords from names that look like them: no grammar here needs one.
        assert each.scanner  # noqa: S101 - it is built when it is asked for
        assert not each.callback, name  # noqa: S101
    root = lexer.root_lexer
    assert isinstance(root, BasicLexer)  # noqa: S101
    return Tables(
        [(str(each.name), each.pattern.to_regexp()) for each in root.terminals],
        sorted(map(str, parser.ignore_tokens)),
        list(map(_rule, rules)),
        states,
        numbers[table.end_states["start"]],
    )


def _rule(rule: LarkRule) -> str:
    assert not rule.alias  # noqa: S101 - no grammar here has one
    return f"{'?' * rule.options.expand1}{rule.origin.name} {len(rule.expansion)}"
