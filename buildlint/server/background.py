"""Other programs while somebody types: they are asked when one pauses; the answers are kept."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property

from buildlint.language.syntax import Template
from buildlint.service.systems import Shell
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


@dataclass
class _Questions:
    """What is to be asked about a template: ShellCheck about scripts, and bash about texts."""

    scripts: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.scripts or self.texts)


class Background:
    """What ShellCheck and bash said of the shell texts that are open, and are to see next.

    An answer belongs to a text, wherever that stands: its places are always those of now. Each
    question belongs to the template that was begun last; those about one that is begun anew or
    dropped are not asked any more. `answered` is called, in the event loop, when there are new
    answers, which concern the templates in `concerned`; `failed` with the reason when there are
    none.
    """

    def __init__(self, answered: Callable[[], None], failed: Callable[[str], None]) -> None:
        self._answered = answered
        self._failed = failed
        self.concerned: frozenset[object] = frozenset()
        self._about: object = None
        # By template: what is to be asked next, and what is being asked.
        self._next: dict[object, _Questions] = {}
        self._now: dict[object, _Questions] = {}
        self._refusals: dict[str, bool | None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._executor: Executor | None = None
        self._is_running = False

    @cached_property
    def _program(self) -> ShellCheck | None:
        # Looked for when something is open: nothing in its folder is run.
        program = find()
        return ShellCheck(program) if program else None

    def begin(self, template: object) -> None:
        """Let the next questions be about a template, in the place of those that were."""
        self.drop(template)
        self._about = template

    def drop(self, template: object) -> None:
        """Ask no more about a template: it has changed, or is closed."""
        self._next.pop(template, None)
        self._now.pop(template, None)

    def ask(
        self, source: Source, template: Template, selection: Selection, sh: Shell | None
    ) -> Others:
        """Say what is known, as :data:`~buildlint.lint.linter.AskOthers`; the rest is asked for."""
        if self._program is None or selection.is_empty:
            return Others()
        known = self._program.comments
        found = others(source, template, selection, sh, known)
        new = [script for _, script in scripts(template, sh) if script not in known]
        self._questions.scripts += new
        return found

    def confirm(self, text: str) -> bool | None:
        """Say what bash said, as :data:`~buildlint.lint.linter.Confirm`; else it is asked next."""
        if text not in self._refusals:
            self._questions.texts.add(text)
        return self._refusals.get(text)

    @property
    def _questions(self) -> _Questions:
        return self._next.setdefault(self._about, _Questions())

    def start(self, executor: Executor) -> None:
        """Ask, after a pause, for what is wanted; a later start begins the pause anew."""
        if self._timer:
            self._timer.cancel()
        self._executor = executor
        if any(self._next.values()) and not self._is_running:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_PAUSE, self._run, loop, executor)

    def stop(self) -> None:
        """Ask no more."""
        if self._timer:
            self._timer.cancel()
        self._next.clear()
        self._now.clear()
        if self._program:
            self._program.stop()

    def _run(self, loop: asyncio.AbstractEventLoop, executor: Executor) -> None:
        self._is_running = True
        self._now = {about: asked for about, asked in self._next.items() if asked}
        self._next = {}
        future = loop.run_in_executor(executor, self._ask, dict(self._now))
        future.add_done_callback(self._done)

    def _ask(self, questions: Mapping[object, _Questions]) -> None:
        """Ask both, in a thread of its own. Raises ShellCheckError."""
        if len(self._refusals) > _MAX_REFUSALS:
            self._refusals.clear()
        for about, asked in questions.items():
            for text in asked.texts:
                if about in self._now:
                    self._refusals[text] = refuses(text)
        wanted = [
            script
            for about, asked in questions.items()
            if about in self._now
            for script in asked.scripts
        ]
        if self._program and wanted:
            self._program.check(wanted)

    def _done(self, future: "asyncio.Future[None]") -> None:
        self._is_running = False
        self.concerned = frozenset(self._now)
        self._now = {}
        try:
            future.result()
        except ShellCheckError as error:
            self._failed(str(error))
        self._answered()
        # What has changed meanwhile waits for nobody else.
        if self._executor:
            self.start(self._executor)
