"""Whether a template may do what is not written in it."""

from buildlint.language.syntax import Component
from buildlint.lint.context import Context
from buildlint.shell.unread import unread


def does_more(context: Context) -> bool:
    """Whether a step may do what nobody reads here: a component, a script in a file, an unknown."""
    return context.once("does more", lambda: _does_more(context))


def _does_more(context: Context) -> bool:
    if context.template.is_open or context.has_any(Component.__name__):
        return True
    scripts = map(context.shell, context.runs)
    return any(not each.is_whole or any(unread(each)) for each in scripts)
