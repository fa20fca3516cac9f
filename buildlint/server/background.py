"""Other programs while somebody types: they are asked when one pauses; the answers are kept."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from buildlint.language.syntax import Template
from buildlint.shell.bash import refuses
from buildlint.shell.shellcheck.codes import Selection
from buildlint.shell.shellcheck.process import ShellCheck, ShellCheckError, find
from buildlint.shell.shellcheck.scripts import others, scripts
from buildlint.text.diagnostics import Others
from buildlint.text.source import Source

# Nobody reads what is found in a word that is still being typed.
_PAUSE = 0.3
# What bash said is remembered of so many texts.
_MAX_REFUSALS = 1_000


class Background:
    """What ShellCheck and bash said of the shell texts that are open, and are to see next.

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
        self._refusals: dict[str, bool | None] = {}
        self._doubted: set[str] = set()
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

    def confirm(self, text: str) -> bool | None:
        """Say what bash said, as :data:`~buildlint.lint.linter.Confirm`; else it is asked next."""
        if text not in self._refusals:
            self._doubted.add(text)
        return self._refusals.get(text)

    def start(self, executor: Executor) -> None:
        """Ask, after a pause, for what is wanted; a later start begins the pause anew."""
        if self._timer:
            self._timer.cancel()
        if (self._wanted or self._doubted) and not self._is_running:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_PAUSE, self._run, loop, executor)

    def stop(self) -> None:
        """Ask no more."""
        if self._timer:
            self._timer.cancel()
        if self._program:
            self._program.stop()

    def _run(self, loop: asyncio.AbstractEventLoop, executor: Executor) -> None:
        self._is_running = True
        wanted = [script for new in self._wanted.values() for script in new]
        self._wanted.clear()
        doubted = [*self._doubted]
        self._doubted.clear()
        future = loop.run_in_executor(executor, self._ask, wanted, doubted)
        future.add_done_callback(self._done)

    def _ask(self, wanted: list[str], doubted: list[str]) -> None:
        """Ask both, in a thread of its own. Raises ShellCheckError."""
        if len(self._refusals) > _MAX_REFUSALS:
            self._refusals.clear()
        self._refusals.update((text, refuses(text)) for text in doubted)
        if self._program and wanted:
            self._program.check(wanted)

    def _done(self, future: "asyncio.Future[None]") -> None:
        self._is_running = False
        try:
            future.result()
        except ShellCheckError as error:
            self._failed(str(error))
        self._answered()
