"""ShellCheck for a run over files: looked for when it is needed, shown many files at once."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from buildlint.language.syntax import Template
from buildlint.service.systems import Shell
from buildlint.shell.shellcheck.codes import Selection
from buildlint.text.diagnostics import Others
from buildlint.text.source import Source

if TYPE_CHECKING:
    from buildlint.shell.shellcheck.process import ShellCheck

# A template, and what /bin/sh of its base image is, where that is known.
Shown = tuple[Template, Shell | None]

# Templates without a RUN, and runs that leave ShellCheck out, import nothing for it.
# ruff: noqa: PLC0415


class Session:
    """What a run knows of ShellCheck.

    `is_missed` says that it was asked for by name and is not installed, `problem` why it was given
    up in the middle of the run.
    """

    def __init__(self) -> None:
        self.is_missed = False
        self.problem: str | None = None
        self._program: ShellCheck | None = None
        self._was_looked_for = False

    def prepare(self, files: Iterable[tuple[Source, Selection, Callable[[], Shown]]]) -> None:
        """Show it what several files hold: to start it takes longer than its work."""
        self._show(read() for source, selection, read in files if self._wants(source, selection))

    def ask(
        self, source: Source, template: Template, selection: Selection, sh: Shell | None
    ) -> Others:
        """Say what it finds in a template, as :data:`~buildlint.lint.linter.AskOthers`."""
        if not self._wants(source, selection) or self._program is None:
            return Others()
        from buildlint.shell.shellcheck.scripts import others

        self._show([(template, sh)])
        return others(source, template, selection, sh, self._program.comments)

    def _wants(self, source: Source, selection: Selection) -> bool:
        """Whether there is something to ask, and somebody who answers."""
        if selection.is_empty or "run" not in source.text.lower():
            return False
        if not self._was_looked_for:
            from buildlint.shell.shellcheck.process import ShellCheck, find

            self._was_looked_for = True
            program = find()
            self._program = ShellCheck(program) if program else None
        if self._program is None:
            self.is_missed |= selection.is_explicit
        return self._program is not None

    def _show(self, templates: Iterable[Shown]) -> None:
        # What has to be looked for is known when the first one is wanted.
        if self.problem or not (shown := list(templates)) or self._program is None:
            return
        from buildlint.shell.shellcheck.process import ShellCheckError
        from buildlint.shell.shellcheck.scripts import scripts

        try:
            self._program.check(script for each in shown for _, script in scripts(*each))
        except ShellCheckError as error:
            self.problem = str(error)
