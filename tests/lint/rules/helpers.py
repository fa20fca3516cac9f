"""What the tests of rules share."""

from collections.abc import Mapping, Sequence

import buildlint
from buildlint.lint.fixer import fix
from buildlint.lint.linter import Policy
from buildlint.text.diagnostics import INTERNAL_ERROR, Diagnostic, apply_edits
from buildlint.text.source import Source

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
REQUEST = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
}


def checked(
    text: str, request: Mapping[str, object] | None = None, extend_select: Sequence[str] = ()
) -> tuple[Diagnostic, ...]:
    """What is found: no rule crashes, and all that is said can be shown."""
    diagnostics = buildlint.check(text, request, extend_select=extend_select)
    assert INTERNAL_ERROR not in {diagnostic.rule for diagnostic in diagnostics}
    assert all(all(texts(diagnostic)) for diagnostic in diagnostics)
    return diagnostics


def texts(diagnostic: Diagnostic) -> list[str]:
    """What a diagnostic and its fix say. Raises KeyError for a field that nothing fills."""
    messages = [part.message for part in (diagnostic, diagnostic.fix) if part]
    return [each.template.format_map(each.fields) for each in messages]


def found(
    text: str, request: Mapping[str, object] | None = None, extend_select: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """The rule and the marked characters of each diagnostic."""
    diagnostics = checked(text, request, extend_select)
    return [(diagnostic.rule, marked(diagnostic)) for diagnostic in diagnostics]


def marked(diagnostic: Diagnostic) -> str:
    return diagnostic.source.text[slice(*diagnostic.span)]


def fixed(text: str) -> str:
    """The text with every fix made."""
    fixes = [diagnostic.fix for diagnostic in checked(text) if diagnostic.fix]
    return apply_edits(text, [edit for each in fixes for edit in each.edits])


def after_fix(text: str, *, unsafe: bool = False) -> str:
    """The text as `check --fix` leaves it."""
    return fix(Source("x", text), None, Policy(), unsafe=unsafe).source.text


def message(text: str, request: Mapping[str, object] | None = None) -> str:
    (diagnostic,) = checked(text, request)
    return str(diagnostic.message)


def of_request(**parameters: object) -> list[tuple[str, str]]:
    """What is found in a request that has these parameters besides the required ones."""
    # What the program needs is not known.
    return found("RUN /opt/setup\n", {**REQUEST, **parameters})
