"""Simple commands, as they are read from shell text: data, with what may be asked of it."""

from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import LogicalText
from buildlint.shell.options import Parsed, parsed
from buildlint.text.span import Span


class Word(NamedTuple):
    """A word of a command: `text` without its quotes, `is_literal` if no expansion is in it.

    Of one with expansions, `text` is what is written. `start` and `end` are offsets in the text of
    the RUN's arguments; :meth:`Script.span` says where that is in the file.
    """

    text: str
    is_literal: bool
    start: int
    end: int


class Redirection(NamedTuple):
    """`operator` with its target, and the number of the file before it if that is written.

    The target is a file; that of `<<<` is the text which is read.
    """

    operator: str
    target: Word | None
    descriptor: str


class Command(NamedTuple):
    """A simple command, seen through what only runs it, such as sudo and env.

    `name` is that of the program, without its folder. `pipes_into` is the command that reads what
    it writes. `has_input` says that what it reads is given to it: by a pipe or a redirection, its
    own or one around it. `is_tested` says that its failure is looked at: by `if`, `||`, `!` and the
    like. `is_in_background` looks at what stands around it, too. `fallback` is what runs if it
    fails: the name of that program, from the `||` to its end. `is_followed` says that other
    commands of the same shell follow whether it fails or not.

    `has_errexit` and `has_pipefail` are the options `-e` and `pipefail` of its shell when it runs.
    `is_exempt` says that `-e` is of no effect there: left of `&&` and `||`, in a condition, or in a
    function that is called there. `is_nested` says that it stands in a word of another command, as
    in `bash -c '…'`. One that is not `is_certain` stands beside what cannot be parsed: what is
    around it may be something else. One that `is_sure` runs whenever the text is run, if nothing
    fails before it: it is in no branch, loop or function, and behind no test. One that
    `is_repeated` is in the body of a loop, which may go on if it fails.
    """

    name: str
    start: int
    end: int
    arguments: tuple[Word, ...]
    assignments: tuple[tuple[str, str], ...]
    redirections: tuple[Redirection, ...]
    wrappers: tuple[str, ...]
    pipes_into: str | None
    reads_pipe: bool
    has_input: bool
    is_tested: bool
    is_in_background: bool
    fallback: Word | None
    is_followed: bool
    has_errexit: bool = False
    has_pipefail: bool = False
    is_exempt: bool = False
    is_nested: bool = False
    is_certain: bool = True
    is_sure: bool = False
    is_repeated: bool = False

    @property
    def must_succeed(self) -> bool:
        """Whether nothing looks at its failure, as far as that is certain."""
        return self.is_certain and not (self.is_tested or self.fallback)

    @property
    def words(self) -> list[str]:
        """The texts of the arguments."""
        return [word.text for word in self.arguments]

    @property
    def letters(self) -> str:
        """The flags of one letter, each as often as it is given."""
        return self._parsed().letters

    def has_flag(self, *flags: str) -> bool:
        """Whether one of the flags is given: `-y` also in `-qy`, `--yes` also in `--yes=true`.

        What is glued to an option that takes a value is no flag.
        """
        return not self._parsed().flags.isdisjoint(flags)

    def values(self, *flags: str) -> list[str]:
        """What options that take a value are given, glued to them or as the next word."""
        return [value for flag, value in self._parsed().values if flag in flags]

    def operands(self, valued: str = "") -> list[Word]:
        """The arguments that are no flags, nor values of them.

        `valued` are options that take a value, besides those that are known of the program.
        """
        return [self.arguments[index] for index in self._parsed(valued).operands]

    def _parsed(self, valued: str = "") -> Parsed:
        return parsed(self.name, tuple([word.text for word in self.arguments]), valued)


class Script(NamedTuple):
    """The commands of a shell text, those in substitutions included, in their order.

    `errors` are the words at which the grammar takes it for no valid shell text; what is missing
    has no characters. `names` are those of the commands. `is_whole` says that nothing of it is left
    out, whatever the errors. `vague` are the words that hold shell text in which no place is known:
    for each part of that, the place is the whole word. `hidden` are the words that name a program
    by an expansion.
    """

    text: LogicalText = LogicalText("", (), ())
    commands: tuple[Command, ...] = ()
    errors: tuple[Word, ...] = ()
    names: frozenset[str] = frozenset()
    is_whole: bool = True
    vague: tuple[Word, ...] = ()
    hidden: tuple[Word, ...] = ()

    def span(self, part: Word | Command) -> Span:
        """Where a part stands in the file."""
        return self.text.at(part.start, part.end)

    @property
    def vague_spans(self) -> tuple[Span, ...]:
        """Where the words stand that hold shell text without places."""
        return tuple(map(self.span, self.vague))

    def runs(self, *names: str) -> bool:
        """Whether one of the programs is run."""
        return not self.names.isdisjoint(names)

    def named(self, *names: str) -> Iterator[Command]:
        """Yield the commands that run one of the programs."""
        if not self.runs(*names):
            return iter(())
        return (command for command in self.commands if command.name in names)
