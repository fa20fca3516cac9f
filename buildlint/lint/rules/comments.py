"""Comments behind commands, which many expect and no Dockerfile has."""

from collections.abc import Sequence

from buildlint.language.syntax import Location, Pair, Word, covering
from buildlint.text.diagnostics import Finding
from buildlint.text.messages import N_, Message


def trailing_comment(parts: Sequence[Word | Location | Pair]) -> Finding:
    """Explain words that were meant as a comment behind a command."""
    text = N_(
        "`#` starts a comment only at the start of a line; move the comment to a line of its own"
    )
    return Finding(covering(parts), Message(text))


def is_comment(parts: Sequence[Word | Location]) -> bool:
    """Whether words were meant as a comment."""
    return bool(parts) and parts[0].text.startswith("#")
