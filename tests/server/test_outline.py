from lsprotocol import types

from buildlint.server import outline
from tests.server.opened import template, text_at

TEXT = """\
# a
# b
FROM IMAGE:m-1

# c
ENV A="1" \\
    B="中😀"
RUN x \\
    # why
    && y
NONSENSE
"""


def test_each_command_is_a_symbol_and_each_pair_one_below_it() -> None:
    _, document, _ = opened = template(TEXT)
    symbols = outline.symbols(document, opened.checked.tree)
    assert [symbol.name for symbol in symbols] == [
        "FROM IMAGE:m-1",
        'ENV A="1"     B="中😀"',
        "RUN x     && y",
        "NONSENSE",
    ]
    assert text_at(document, symbols[2].range) == "RUN x \\\n    # why\n    && y"
    assert text_at(document, symbols[2].selection_range) == "RUN"
    pairs = [(pair.name, pair.detail) for pair in symbols[1].children or ()]
    assert pairs == [("A", '"1"'), ("B", '"中😀"')]


def test_a_range_holds_that_of_its_selection() -> None:
    _, document, _ = opened = template('RUN a\nENV ="x" B\nENV\n\\\n')
    for symbol in outline.symbols(document, opened.checked.tree):
        for each in (symbol, *(symbol.children or ())):
            outer, inner = document.span(each.range), document.span(each.selection_range)
            assert outer.start <= inner.start <= inner.end <= outer.end
            assert each.name


def test_commands_of_several_lines_and_blocks_of_comments_fold() -> None:
    _, document, _ = opened = template(TEXT)
    folds = [
        (fold.start_line, fold.end_line, fold.kind)
        for fold in outline.folds(document, opened.checked.tree)
    ]
    assert folds == [
        (0, 1, types.FoldingRangeKind.Comment),
        (5, 6, types.FoldingRangeKind.Region),
        (7, 9, types.FoldingRangeKind.Region),
    ]


def test_a_block_of_comments_at_the_end_of_the_file_folds() -> None:
    _, document, _ = opened = template("# a\r\n# b")
    (fold,) = outline.folds(document, opened.checked.tree)
    assert (fold.start_line, fold.end_line) == (0, 1)
