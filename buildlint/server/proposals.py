"""What completion offers, before it is written for an editor."""

from typing import NamedTuple

from lsprotocol import types

from buildlint.text.span import Span


class Proposal(NamedTuple):
    """A text that may stand in the place of `span`: a snippet, with stops for the cursor."""

    label: str
    span: Span
    snippet: str
    kind: types.CompletionItemKind
    detail: str | None = None
    documentation: str | None = None
