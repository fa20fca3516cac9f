"""ShellCheck while somebody types: it is asked when they pause, and its answers are kept."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from buildlint.language.syntax import Template
from buildlint.shell.shellcheck.codes import Selection
from buildlint.shell.shellcheck.process import ShellCheck, ShellCheckError, find
from buildlint.shell.shellcheck.scripts import others, scripts
from buildlint.text.diagnostics import Others
from buildlint.text.source import Source

# Nobody reads what is found in a word that is still being typed.
_PAUSE = 0.3


class Background:
    """What ShellCheck has said of the shell texts that are open, and those that it is to see next.

    An answer belongs to a text, wherever that stands: its places are always those of now.
    `answered` is called, in the event loop, when there are new answers; `failed` with the reason
    when there are none.
    """

    def __init__(self, answered: Callable[[], None], failed: Callable[[str], None]) -> None:
        program = find()
        self._program = ShellCheck(program) if program else None
        self._answered = answered
        self._failed = failed
        # By the path of the template: what was there while it was typed is of no interest.
        self._wanted: dict[str, list[str]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_running = False

    def ask(self, source: Source, template: Template, selection: Selection) -> Others:
        """Say what is known, as :data:`~buildlint.lint.linter.AskOthers`; the rest is asked for."""
        if self._program is None or selection.is_empty:
            return Others()
        known = self._program.comments
        found = others(source, template, selection, known)
        self._wanted.pop(source.path, None)
        if not found.is_complete:
            new = [script for _, script in scripts(template) if script not in known]
            if new:
                self._wanted[source.path] = new
        return found

    def start(self, executor: Executor) -> None:
        """Ask, after a pause, for what is wanted; a later start begins the pause anew."""
        if self._timer:
            self._timer.cancel()
        if self._wanted and not self._is_running:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_PAUSE, self._run, loop, executor)

    def stop(self) -> None:
        """Ask no more."""
        if self._timer:
            self._timer.cancel()
        if self._program:
            self._program.stop()

    def _run(self, loop: asyncio.AbstractEventLoop, executor: Executor) -> None:
        if self._program is None:
            return
        self._is_running = True
        wanted = [script for new in self._wanted.values() for script in new]
        self._wanted.clear()
        future = loop.run_in_executor(executor, self._program.check, wanted)
        future.add_done_callback(self._done)

    def _done(self, future: "asyncio.Future[None]") -> None:
        self._is_running = False
        try:
            future.result()
        except ShellCheckError as error:
            self._failed(str(error))
        self._answered()
