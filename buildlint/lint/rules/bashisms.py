"""What is said of bashisms in the RUNs that dash reads, and how they are fixed."""

from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from buildlint.language.syntax import Env, LogicalText, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.in_bash import in_bash
from buildlint.shell.dash.bashism import Bashism, Kind
from buildlint.shell.dash.finder import in_run
from buildlint.text.diagnostics import Edit, Finding, Fix
from buildlint.text.messages import N_, Message, shown


class _Texts(NamedTuple):
    """What is said of a bashism: of one that can be written otherwise, and of one for bash only."""

    otherwise: str
    only_bash: str


_ENDS = _Texts(
    "",
    N_(
        "`{text}` fails in dash, the `/bin/sh` of {system}, and ends the RUN there; run it with "
        "`bash -c`"
    ),
)
_TEXTS = {
    Kind.SYNTAX: _Texts(
        N_(
            "`{text}` is a syntax error in dash, the `/bin/sh` of {system}, so nothing runs; use "
            "`{instead}`"
        ),
        N_(
            "`{text}` is a syntax error in dash, the `/bin/sh` of {system}, so nothing runs; run "
            "it with `bash -c`"
        ),
    ),
    Kind.BRACKETS: _Texts(
        N_(
            "`[[` does not exist in dash, the `/bin/sh` of {system}, so the condition is never "
            "true; use `{instead}`"
        ),
        N_(
            "`[[` does not exist in dash, the `/bin/sh` of {system}, so the condition is never "
            "true; run it with `bash -c`"
        ),
    ),
    Kind.EQUALS: _Texts(
        N_(
            "`{text}` is an error in a test of dash, the `/bin/sh` of {system}, so it is never "
            "true; use `{instead}`"
        ),
        N_(
            "`{text}` is an error in a test of dash, the `/bin/sh` of {system}, so it is never "
            "true; run it with `bash -c`"
        ),
    ),
    Kind.SOURCE: _Texts(
        N_(
            "`source` does not exist in dash, the `/bin/sh` of {system}, so the file is not read; "
            "use `{instead}`"
        ),
        N_(
            "`source` does not exist in dash, the `/bin/sh` of {system}, so the file is not read; "
            "run it with `bash -c`"
        ),
    ),
    Kind.OPTION: _ENDS,
    Kind.AMPERSAND: _Texts(
        N_(
            "`{text}` runs the command in the background in dash, the `/bin/sh` of {system}; use "
            "`{instead}`"
        ),
        N_(
            "`{text}` runs the command in the background in dash, the `/bin/sh` of {system}; run "
            "it with `bash -c`"
        ),
    ),
    Kind.SUBSTITUTION: _ENDS,
    Kind.WORD: _Texts(
        N_("`{text}` is not expanded by dash, the `/bin/sh` of {system}; use `{instead}`"),
        N_("`{text}` is not expanded by dash, the `/bin/sh` of {system}; run it with `bash -c`"),
    ),
    Kind.ECHO: _Texts(
        N_("`{text}` prints its option in dash, the `/bin/sh` of {system}; use `{instead}`"),
        N_("`{text}` prints its option in dash, the `/bin/sh` of {system}; run it with `bash -c`"),
    ),
    Kind.MISSING: _Texts(
        N_("`{text}` does not exist in dash, the `/bin/sh` of {system}; use `{instead}`"),
        N_("`{text}` does not exist in dash, the `/bin/sh` of {system}; run it with `bash -c`"),
    ),
    Kind.VARIABLE: _Texts(
        N_("`{text}` is empty in dash, the `/bin/sh` of {system}; use `{instead}`"),
        N_("`{text}` is empty in dash, the `/bin/sh` of {system}; run it with `bash -c`"),
    ),
}


# --- findings ------------------------------------------------------------------------------------


def first_of(kinds: Container[Kind], node: Run, context: Context) -> Iterator[Finding]:
    """Yield a finding for the first bashism of these kinds in a RUN; its fix is about all."""
    all_found = context.once(("bashisms", id(node)), lambda: _in_run(node, context))
    found = [each for each in all_found if each.kind in kinds]
    if not (found and node.arguments and context.system):
        return
    text, first = node.arguments, found[0]
    fields = {
        "text": shown(first.name or " ".join(text.text[first.start : first.end].split())),
        "instead": shown(first.instead),
        "system": context.system.name,
    }
    texts = _TEXTS[first.kind]
    template = texts.otherwise if first.instead else texts.only_bash
    fix = _fix(node, context, found, is_enough=all(each.changes for each in all_found))
    yield Finding(text.at(first.start, first.end), Message(template, fields), fix)


def _in_run(node: Run, context: Context) -> Sequence[Bashism]:
    """Find those of a RUN, but for what the dash of this system knows, and what ENV sets.

    Where only bash can parse the text, nothing else in it matters.
    """
    if not context.is_read_by_sh(node):
        return ()
    found = [
        each
        for each in in_run(node, context.shell(node))
        if not (_is_known(each, node, context) or _is_set(each, node, context))
    ]
    syntax = [each for each in found if each.kind is Kind.SYNTAX]
    is_lost = any(not (each.changes or each.is_nested) for each in syntax)
    return syntax if is_lost else found


def _is_known(option: Bashism, node: Run, context: Context) -> bool:
    """Whether the dash of this system has an option of `set`."""
    has_pipefail = context.system is not None and context.system.has_pipefail
    is_named = node.argument_text.endswith("pipefail", option.start, option.end)
    return has_pipefail and is_named and option.kind is Kind.OPTION


def _is_set(variable: Bashism, node: Run, context: Context) -> bool:
    """Whether ENV sets a variable."""
    if variable.kind is not Kind.VARIABLE:
        return False
    name = node.argument_text[variable.start : variable.end].strip("${}")
    envs = (each for each in context.template.instructions if isinstance(each, Env))
    return any(pair.name.text == name for env in envs for pair in env.pairs)


def _fix(node: Run, context: Context, found: Sequence[Bashism], *, is_enough: bool) -> Fix | None:
    """Write what means the same to dash; where that is not enough for a RUN, let bash run it.

    In the text of `sh -c '…'`, the shell becomes bash.
    """
    first = found[0]
    if first.is_nested:
        edits = _edits(node.arguments, [first])
        message = Message(N_("Run it with `{command}`"), {"command": "bash -c"})
        return Fix(message, edits, safe=False) if edits else None
    if not is_enough:
        return in_bash(node, context)
    own = [each for each in found if not each.is_nested]
    edits = _edits(node.arguments, own)
    message = Message(N_("Replace with `{replacement}`"), {"replacement": shown(first.instead)})
    if len(own) > 1:
        message = Message(N_("Replace all {count} in the RUN"), {"count": len(own)})
    return Fix(message, edits, safe=True) if edits else None


def _edits(text: LogicalText | None, found: Sequence[Bashism]) -> tuple[Edit, ...] | None:
    """Make edits of changes; None if one is on several lines, or in the place of another."""
    changes = sorted({change for each in found for change in each.changes})
    if text is None or any(before.end > after.start for before, after in pairwise(changes)):
        return None
    edits = tuple(Edit(text.at(start, end), new) for start, end, new in changes)
    is_whole = all(
        edit.span.end - edit.span.start == change.end - change.start
        for edit, change in zip(edits, changes, strict=True)
    )
    return edits if is_whole else None
