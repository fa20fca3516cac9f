"""Every question has an answer, whatever stands in the document."""

from hypothesis import example, given
from hypothesis import strategies as st
from lsprotocol import types

from buildlint.server.actions import FIX_ALL, code_actions
from buildlint.server.completion import complete
from buildlint.server.hover import hover
from buildlint.server.outline import folds, symbols
from buildlint.server.publishing import published
from buildlint.text.source import Units
from tests.server.opened import CURSOR, Opened, request, template
from tests.strategies import noise, noisy_run

REQUESTS = st.lists(
    st.sampled_from(
        [
            "Name",
            "Tag",
            "[[Tag]]",
            "Key",
            " = ",
            '"',
            "\n",
            "{",
            "}",
            "[",
            "]",
            ": ",
            ",",
            "中",
            "1",
        ]
    ),
    max_size=20,
).map("".join)


def answers(opened: Opened) -> None:
    checked, document, position = opened
    edges = types.Range(types.Position(0, 0), document.position(len(opened.text)))
    for diagnostic in published(checked, document):
        span = document.span(diagnostic.range)
        assert 0 <= span.start <= span.end <= len(opened.text)
    hover(checked, document, position)
    complete(checked, document, position, has_snippets=True)
    for only in (None, [FIX_ALL]):
        context = types.CodeActionContext([], only)
        asked = types.CodeActionParams(types.TextDocumentIdentifier(document.uri), edges, context)
        list(code_actions(checked, document, asked))
    for symbol in symbols(checked.template, checked.tree):
        assert symbol.name
    for fold in folds(checked.template, checked.tree):
        assert fold.start_line < fold.end_line


@given(noise | noisy_run, noise, st.sampled_from(Units))
@example("\x1f", "", Units.UTF_16)  # a blank to Python, a command to Docker
def test_in_templates(before: str, after: str, units: Units) -> None:
    answers(template(f"{before}{CURSOR}{after}", units=units))


@given(REQUESTS, REQUESTS, st.sampled_from(["toml", "json"]))
def test_in_requests(before: str, after: str, suffix: str) -> None:
    answers(request(f"{before}{CURSOR}{after}", suffix))
