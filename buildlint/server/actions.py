"""Code actions: quick fixes, all fixes at once, and suppressions."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from buildlint.hosts.editing import fix
from buildlint.lint import suppressions
from buildlint.lint.fixer import file_rules
from buildlint.lint.suppressions import Suppression
from buildlint.server.checking import Checked
from buildlint.server.documents import Document
from buildlint.server.publishing import as_published
from buildlint.text.diagnostics import INTERNAL_ERROR, Diagnostic, Edit
from buildlint.text.difference import Matcher
from buildlint.text.messages import N_, filled
from buildlint.text.span import Span

FIX_ALL = "source.fixAll.buildlint"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)


def code_actions(
    checked: Checked, document: Document, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    """Offer what can be done about the diagnostics in a range of a document.

    Raises JsonRpcInvalidParams for a range that ends before it starts.
    """
    if params.range.start > params.range.end:
        raise JsonRpcInvalidParams
    only = params.context.only
    if only is None or _asks_for(types.CodeActionKind.QuickFix, only):
        found = checked.diagnostics_in(document, document.span(params.range))
        yield from _quick_fixes(document, found)
        yield from _suppressions(checked, document, found)
    # Editors run it on saving, if asked to; nobody looks for it in a menu of quick fixes.
    if only and _asks_for(FIX_ALL, only):
        yield from _fix_all(checked, document)


def text_edits(document: Document, text: str) -> list[types.TextEdit]:
    """Say what turns a document into a new text, line by line: cursors and folds stay."""
    old, new = (list(StringIO(each, newline="\n")) for each in (document.source.text, text))
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits = (
        Edit(Span(starts[first], starts[last]), "".join(new[start:end]))
        for what, first, last, start, end in Matcher(old, new).get_opcodes()
        if what != "equal"
    )
    return _text_edits(document, edits)


def _asks_for(kind: str, only: Iterable[str]) -> bool:
    """Whether an action is of one of the kinds, or of a kind below it."""
    return any(kind == asked or kind.startswith(f"{asked}.") for asked in only)


def _quick_fixes(document: Document, found: Iterable[Diagnostic]) -> Iterator[types.CodeAction]:
    for diagnostic in found:
        if diagnostic.fix is None:
            continue
        title = str(diagnostic.fix.message)
        if not diagnostic.fix.safe:
            title = filled(N_("{title} (may change the meaning)"), title=title)
        yield types.CodeAction(
            title,
            types.CodeActionKind.QuickFix,
            [as_published(document, diagnostic)],
            is_preferred=diagnostic.fix.safe,
            edit=_workspace_edit(document, _text_edits(document, diagnostic.fix.edits)),
        )


def _suppressions(
    checked: Checked, document: Document, found: Sequence[Diagnostic]
) -> Iterator[types.CodeAction]:
    subject = checked.subject(document) if found else None
    of_file = file_rules(checked.policy.registry)
    for unit in subject.find(subject.source) if subject else ():
        tree = unit.tree
        known = [each for each in suppressions.read(tree) if isinstance(each, Suppression)]
        for diagnostic in found:
            own = unit.own(diagnostic)
            if own is None or own.rule == INTERNAL_ERROR:
                continue
            edits = unit.written(suppressions.baseline(tree, known, [own], of_file))
            if edits is None:
                continue
            title = (
                N_("Ignore {rule} in this file")
                if own.rule in of_file
                else N_("Ignore {rule} here")
            )
            yield types.CodeAction(
                filled(title, rule=own.rule),
                types.CodeActionKind.QuickFix,
                [as_published(document, diagnostic)],
                is_preferred=False,
                edit=_workspace_edit(document, _text_edits(document, edits)),
            )


def _fix_all(checked: Checked, document: Document) -> Iterator[types.CodeAction]:
    subject = checked.subject(document)
    fixed = fix(subject, checked.policy) if subject else None
    if fixed and fixed.source.text != document.source.text:
        yield types.CodeAction(
            filled(N_("Apply all safe buildlint fixes")),
            FIX_ALL,
            edit=_workspace_edit(document, text_edits(document, fixed.source.text)),
        )


def _text_edits(document: Document, edits: Iterable[Edit]) -> list[types.TextEdit]:
    return [types.TextEdit(document.range(edit.span), edit.text) for edit in edits]


def _workspace_edit(document: Document, edits: Sequence[types.TextEdit]) -> types.WorkspaceEdit:
    return types.WorkspaceEdit(changes={document.uri: list(edits)})
