"""Making a content fit that is over a limit, without changing what its commands do.

Two things are done, and only as often as it takes: RUNs that follow one another are joined, and
the shell text of the largest RUNs is carried compressed. Either way the shell that runs the step
gets each text to the byte, by `eval`: it parses it just as it would have, when its turn comes.
"""

import re
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from buildlint.language.syntax import Run
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES, STEP_SECONDS
from buildlint.service.effective import EffectiveCommand, EffectiveContent
from buildlint.shell import reader
from buildlint.text.messages import N_, Message, number
from buildlint.text.source import Source, encode

# Each text runs in a subshell, which keeps to itself what a shell of its own would: directory,
# variables, options, functions, traps, `exit`. Not in an && or || list: there `set -e` does
# nothing. Between two of them no variable is set, the arguments of the step hold the texts: they
# are taken off before a text begins. Where one has put another directory in the place of the
# current one, the next starts in the new one, as a step does.
_JOINED = (
    'set -- {texts};while [ $# != 0 ];do [ . -ef "$PWD" ]||cd "$PWD"||:;'
    '(eval "shift $#;$1");case $? in 0);;*)exit;;esac;shift;done'
)
# The length is compared in bytes, whatever the locale of the step: a text that did not arrive
# whole, or no gzip, ends the step before anything ran. Standard input stays that of the step.
_COMPRESSED = (
    'set -- "$(echo {text}|base64 -d|gzip -d)";(LC_ALL=C;[ ${{#1}} = {length} ])||exit 1;'
    'eval "shift;$1"'
)

# What could tell a subshell from a shell of its own, or is not over when its step is. The text is
# looked at as a whole, quotes or not: one that is left alone without need does no harm.
_ALONE = re.compile(
    r"""
      (?<![&<>|]) & (?![&>])              # in the background
    | [<>]\(                              # by the shell itself
    | \b(?:coproc|disown|nohup|setsid)\b
    | \$\{? (?: [$0] | _\b )              # process, script, and last word of the one before
    | \b(?:BASHPID|BASH_SUBSHELL|LINENO|PPID|SECONDS|SHLVL)\b
    """,
    re.VERBOSE,
)
# Of a loop that may not be in the text: of one further out, or behind the end of the last.
_LEAVE_LOOP = re.compile(r"\b(?:break|continue)\b(?P<levels>\s+[\d$])?")
_END_OF_LOOP = re.compile(r"\bdone\b")
# What a new shell, or a new login of the user, would see and the running one does not.
_LAST = re.compile(
    r"""
      /etc/(?:bash|environment|group|login|pam|passwd|profile|security|zsh)
    | \.(?:bash|profile|zsh) | \bBASH_ENV\b
    | \b(?:chsh|gpasswd|groupmod|usermod)\b
    | \b(?:halt|kexec|poweroff|reboot|shutdown|telinit)\b | (?<![\w-])init\s+\d
    | \baliyun(?:\.service|-assist)
    """,
    re.VERBOSE,
)
# Programs that are done at once. Of all others, few should share the time of one step.
_QUICK = (
    "[ : basename cat cd chgrp chmod chown cp cut date dirname echo eval exec exit export false "
    "grep groupadd head hostname id install ln ls mkdir mktemp mv printf pwd read return rm rmdir "
    "sed set shift sort stat sysctl systemctl tail tee test touch tr trap true umask uname unset "
    "useradd wc which"
)


class Size(NamedTuple):
    """What the limits are about: the number of commands, and the length in bytes of UTF-8."""

    commands: int
    length: int

    def fits(self, limits: "Size") -> bool:
        """Whether neither is over its limit."""
        return self.commands <= limits.commands and self.length <= limits.length


LIMITS = Size(MAX_COMMANDS, MAX_CONTENT_BYTES)


@dataclass(frozen=True)
class Change:
    """RUNs that were joined, or a single one, compressed or not; lengths are bytes."""

    runs: tuple[Run, ...]
    length_before: int
    length_after: int
    is_compressed: bool


@dataclass(frozen=True)
class Packed:
    """A content as `text`, and what was done to make it fit; nothing where it fitted.

    Where it cannot be made to fit, it is the nearest that was found.
    """

    text: str
    before: Size
    after: Size
    changes: tuple[Change, ...]
    fits: bool


def pack(content: EffectiveContent, limits: Size = LIMITS) -> Packed:
    """Pack the effective content of a template without errors, as little as makes it fit.

    The same content always gives the same text, with the same zlib.
    """
    # The FROM that is still to be put in counts as a command.
    implied = content.command_count - len(content.commands)
    steps = [_single(command) for command in content.commands]
    before = Size(content.command_count, content.size)
    while True:
        excess = len(steps) + implied - limits.commands
        carried = steps if excess > 0 else _compressed(steps, limits.length)
        after = Size(len(steps) + implied, _length(carried))
        joined = [] if after.fits(limits) else _joined(steps, max(1, excess))
        if len(joined) in (0, len(steps)):
            break
        steps = joined
    changes = (step.change for step in carried)
    text = "\n".join(step.text for step in carried)
    return Packed(text, before, after, tuple(filter(None, changes)), after.fits(limits))


def described(packed: Packed, source: Source) -> Iterator[Message]:
    """Say what was done; `source` is that of the template."""
    fields: dict[str, object] = {
        "commands": number(packed.after.commands),
        "length": number(packed.after.length),
        "commands_before": number(packed.before.commands),
        "length_before": number(packed.before.length),
        "limit": number(MAX_COMMANDS),
        "length_limit": number(MAX_CONTENT_BYTES),
    }
    if not packed.fits:
        text = N_(
            "packing is not enough: {commands} of {limit} commands and {length} of {length_limit} "
            "bytes remain"
        )
    elif packed.changes:
        text = N_(
            "packed {commands_before} commands into {commands}, {length_before} bytes into {length}"
        )
    else:
        text = N_("nothing to pack: {commands} commands and {length} bytes are within the limits")
    yield Message(text, fields)
    if not packed.fits:
        return
    yield from (_description(change, source) for change in packed.changes)
    if any(len(change.runs) > 1 for change in packed.changes):
        text = N_("joined RUNs share the {seconds} seconds of one step")
        yield Message(text, {"seconds": STEP_SECONDS})


def _description(change: Change, source: Source) -> Message:
    first, last = change.runs[0], change.runs[-1]
    fields: dict[str, object] = {
        "first": source.position(first.keyword.span.start).line,
        "last": source.position(last.keyword.span.start).line,
        "before": number(change.length_before),
        "after": number(change.length_after),
        "count": len(change.runs),
    }
    if len(change.runs) == 1:
        text = N_("compressed the RUN in line {first}: {before} to {after} bytes")
    elif change.is_compressed:
        text = N_(
            "joined and compressed {count} RUNs in lines {first} to {last}: {before} to {after} "
            "bytes"
        )
    else:
        text = N_("joined {count} RUNs in lines {first} to {last}")
    return Message(text, fields)


# --- steps ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """A command of the packed content: one of the template, or RUNs that were joined.

    `bodies` are the shell texts of `runs`, on their lines; a command that must stay as it is has
    none. `may_lead` says that another RUN may follow in the same step, `may_follow` that it may
    follow one. `slow` is the number of RUNs in it that may take long.
    """

    text: str
    runs: tuple[Run, ...] = ()
    bodies: tuple[str, ...] = ()
    may_lead: bool = False
    may_follow: bool = False
    slow: int = 0
    is_compressed: bool = False

    @cached_property
    def length(self) -> int:
        """Its length in bytes."""
        return len(encode(self.text))

    @cached_property
    def compressed(self) -> "_Step":
        """The same, carried compressed where that is shorter."""
        if not self.runs:
            return self
        text = _RUN + _self_extracting(self.text.removeprefix(_RUN))
        step = _Step(text, self.runs, self.bodies, is_compressed=True)
        return step if step.length < self.length else self

    @property
    def change(self) -> Change | None:
        """What was done to the RUNs in it."""
        if len(self.runs) < 2 and not self.is_compressed:  # noqa: PLR2004 - nothing to join
            return None
        before = sum(len(encode(_RUN + body)) for body in self.bodies)
        return Change(self.runs, before, self.length, self.is_compressed)


_RUN = "RUN "


def _single(command: EffectiveCommand) -> _Step:
    run, text = command.instruction, command.text
    if not isinstance(run, Run) or not _is_plain(run):
        return _Step(text)
    body = text.removeprefix(_RUN)
    plain = _without_continuations(body)
    # What a long text does is not read; compressed, it does the same.
    is_long = reader.is_long(run)
    is_alone = is_long or bool(_ALONE.search(plain)) or _leaves_loop(plain)
    names = reader.read(run).names
    return _Step(
        text,
        (run,),
        (body,),
        may_lead=not is_alone and not _LAST.search(plain),
        may_follow=not is_alone,
        slow=is_long or not names <= set(_QUICK.split()),
    )


def _leaves_loop(text: str) -> bool:
    """Whether a text may leave a loop that is not in it."""
    last = max((match.start() for match in _END_OF_LOOP.finditer(text)), default=-1)
    return any(leave["levels"] or leave.start() > last for leave in _LEAVE_LOOP.finditer(text))


def _is_plain(run: Run) -> bool:
    """Whether it is known to be shell text that a shell can parse."""
    if run.flags or run.exec_form or run.here_documents or not reader.is_available():
        return False
    return not reader.read(run).errors


def _length(steps: Iterable[_Step]) -> int:
    return sum(step.length + 1 for step in steps) - 1


# --- joining -------------------------------------------------------------------------------------


def _joined(steps: Sequence[_Step], count: int) -> list[_Step]:
    """Join up to `count` pairs of neighbours: those with the fewest texts that may take long.

    Short ones first, and pairs before threes: as few as can be share the time of one step.
    """
    pairs = sorted(
        (left.slow + right.slow, left.length + right.length, index)
        for index, (left, right) in enumerate(pairwise(steps))
        if left.may_lead and right.may_follow
    )
    chosen: set[int] = set()
    for slow, _, index in pairs:
        if (
            slow == pairs[0][0]
            and len(chosen) < count
            and chosen.isdisjoint((index - 1, index + 1))
        ):
            chosen.add(index)
    return [
        _join(step, steps[index + 1]) if index in chosen else step
        for index, step in enumerate(steps)
        if index - 1 not in chosen
    ]


def _join(left: _Step, right: _Step) -> _Step:
    bodies = left.bodies + right.bodies
    text = _RUN + _JOINED.format(texts=" ".join(map(_quoted, bodies)))
    runs, slow = left.runs + right.runs, left.slow + right.slow
    return _Step(text, runs, bodies, may_lead=right.may_lead, may_follow=left.may_follow, slow=slow)


def _quoted(body: str) -> str:
    return "'" + body.replace("'", "'\\''") + "'"


# --- compressing ---------------------------------------------------------------------------------


def _compressed(steps: Sequence[_Step], limit: int) -> list[_Step]:
    """Compress the longest until all are within the limit, or none is left that gets shorter."""
    carried = list(steps)
    excess = _length(steps) - limit
    for index in sorted(range(len(steps)), key=lambda index: -steps[index].length):
        if excess <= 0:
            break
        carried[index] = steps[index].compressed
        excess -= steps[index].length - carried[index].length
    return carried


def _self_extracting(body: str) -> str:
    plain = encode(_without_continuations(body))
    return _COMPRESSED.format(text=b64encode(_gzip(plain)).decode(), length=len(plain))


def _gzip(content: bytes) -> bytes:
    """Compress as gzip does, with a header that is the same everywhere and at all times."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    trailer = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    return header + compressor.compress(content) + compressor.flush() + trailer


def _without_continuations(body: str) -> str:
    """The shell text as the shell gets it: one line."""
    return body.replace("\\\n", "")
