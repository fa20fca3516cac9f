"""Where a step failed: the command that it ran last, and the word of it that its output names."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from buildlint.language.syntax import Copy, LogicalText, Run
from buildlint.rehearse.scripts import Traced
from buildlint.rehearse.steps import Step
from buildlint.shell.commands import Command, Script
from buildlint.text.regex import regex
from buildlint.text.span import Span

# So many lines from the end of an output are read for names.
_LAST_LINES = 5
_ASSIGNMENTS = regex(r"(?:[A-Za-z_]\w*\+?=\S*\s*)+")
_TEST = regex(r"\[\[?[ \t][^\]\n]{1,500}\]\]?")
_USE = regex(r"\$\{?(?P<name>[A-Za-z_]\w*)\}?")
_UNSET = regex(r"(?<!\w)(?P<name>[A-Za-z_]\w*): (?:parameter not set|unbound variable)")
_NOT_FOUND = regex(r"(?:^|[\s'\"`:])(?P<name>[\w.+/\[-]{1,80}): (?:command )?not found")
_TOKEN = regex(r"[^\s'\"`‘’“”(),;:=]+")


class Part(NamedTuple):
    """A part of a step's text: its offsets there, and its words as they are shown to people."""

    start: int
    end: int
    words: tuple[str, ...]


class Place(NamedTuple):
    """Where a step failed: the span, and what to call the command; empty if that is not known.

    It `is_only` if no other place is possible.
    """

    span: Span
    command: str = ""
    is_only: bool = False


def place(step: Step, trace: Sequence[Traced], lines: Sequence[str], *, is_certain: bool) -> Place:
    """Find where a step failed, by its trace and by the lines that it wrote.

    A trace that is not certain, or none, counts where nothing else tells more than one command.
    """
    node = step.instruction
    if isinstance(node, Copy):
        return _in_copy(node, lines)
    if not isinstance(node, Run) or node.arguments is None:
        return Place(node.span, is_only=True)
    script = step.text.context.shell(node)
    text = node.arguments
    if found := _unset(text, lines):
        return Place(found, is_only=True)
    part = _part(node, script, trace, lines, is_certain=is_certain)
    if part is None:
        return Place(node.span)
    span = text.at(*_named(text, script, part, lines))
    return Place(span, part.words[0] if part.words else "", is_only=_is_only(node, script))


def place_of_refusal(step: Step, words: str) -> Place:
    """Find the command that was run with certain words."""
    node = step.instruction
    if not isinstance(node, Run) or node.arguments is None:
        return Place(node.span)
    found = _matching(node, step.text.context.shell(node), [Traced(0, words)])
    if found is None:
        return Place(node.span, words.partition(" ")[0])
    return Place(node.arguments.at(found.start, found.end), found.words[0])


def _is_only(node: Run, script: Script) -> bool:
    """Whether a script has one command."""
    count = len(_tests(node)) + sum(not each.is_nested for each in script.commands)
    return script.is_whole and count == 1


# What shuts an instance down, or asks Cloud Assistant to.
_STOPS = ("reboot", "shutdown", "poweroff", "halt", "init", "telinit", "kexec")
_STOPS_BY = ("reboot", "poweroff", "halt", "kexec", "exit", "rescue", "emergency", "isolate")


def place_of_stop(step: Step) -> Place:
    """Find the last command that shuts the instance down."""
    node = step.instruction
    found = Place(node.span)
    if not isinstance(node, Run) or node.arguments is None:
        return found
    for each in step.text.context.shell(node).commands:
        is_asked = each.name == "systemctl" and not {*each.words}.isdisjoint(_STOPS_BY)
        if each.name in _STOPS or is_asked or (each.name, *each.words[:1]) in _EXITS:
            found = Place(node.arguments.at(each.start, each.end), each.name)
    return found


_EXITS = (("exit", "193"), ("exit", "194"))


# --- commands ------------------------------------------------------------------------------------


def _part(
    node: Run, script: Script, trace: Sequence[Traced], lines: Sequence[str], *, is_certain: bool
) -> Part | None:
    commands = [each for each in script.commands if not each.is_nested]
    if _is_only(node, script):
        return _as_part(commands[0])
    if is_certain and (found := _matching(node, script, trace)):
        return found
    return _by_output(commands, lines) or (_matching(node, script, trace) if trace else None)


def _matching(node: Run, script: Script, trace: Sequence[Traced]) -> Part | None:
    """Find the command of the last line of a trace that is one of the script."""
    for index in range(len(trace) - 1, -1, -1):
        text = trace[index].text.strip()
        if not text or _ASSIGNMENTS.fullmatch(text):
            continue  # what it was assigned has been run before
        if text.startswith(("[ ", "[[ ", "'['")):
            candidates = _tests(node)
        else:
            candidates = [_as_part(each) for each in script.commands if not each.is_nested]
        best = _best(candidates, text)
        if best:
            earlier = sum(each.text.strip() == text for each in trace[:index])
            found = _at_line(best, node, trace[index].line) or best[min(earlier, len(best) - 1)]
            return _failed_before(found, script)
    return None


def _failed_before(part: Part, script: Script) -> Part:
    """Of `command || exit 3` and the like, return the command."""
    if part.words[0] not in ("exit", "return", "false"):
        return part
    for each in script.commands:
        if each.fallback and each.fallback.start <= part.start < each.fallback.end:
            return _as_part(each)
    return part


def _best(candidates: Sequence[Part], text: str) -> list[Part]:
    """Choose those whose words stand in a text, most of them; none if not even the first does."""
    words = [each.strip("'\"") for each in text.split()]
    names = {each.rpartition("/")[2] for each in words}
    scores = [
        (sum(word in words for word in each.words[1:]), -len(each.words), each)
        for each in candidates
        if each.words and each.words[0] in names
    ]
    most = max((score[:2] for score in scores), default=None)
    return [each for *score, each in scores if tuple(score) == most]


def _at_line(parts: Sequence[Part], node: Run, line: int) -> Part | None:
    """Choose the one on a line of the script, if the shell tells lines and there is one."""
    if not line or node.arguments is None:
        return None
    starts = [*_line_starts(node.arguments, node.shell or 0)]
    on_line = [each for each in parts if sum(start <= each.start for start in starts) == line]
    return on_line[0] if len(on_line) == 1 else None


def _line_starts(text: LogicalText, start: int) -> Iterator[int]:
    """Yield where the lines of a script begin in the text of its RUN."""
    ends = (*text.offsets[1:], len(text.text) + 1)
    for offset, end in zip(text.offsets, ends, strict=True):
        if end > start:
            yield max(offset, start)
    for offset, character in enumerate(text.text):
        if character == "\n" and offset >= start:
            yield offset + 1


def _tests(node: Run) -> list[Part]:
    text = node.argument_text
    return [Part(each.start(), each.end(), tuple(each[0].split())) for each in _TEST.finditer(text)]


def _as_part(command: Command) -> Part:
    words = (command.name, *(word.text for word in command.arguments if word.is_literal))
    return Part(command.start, command.end, words)


def _by_output(commands: Sequence[Command], lines: Sequence[str]) -> Part | None:
    """Find the one command that the last lines name."""
    for line in _last(lines):
        tokens = {each.rpartition("/")[2] for each in _TOKEN.findall(line)}
        named = [each for each in commands if each.name in tokens]
        if len(named) == 1:
            return _as_part(named[0])
    return None


# --- words ---------------------------------------------------------------------------------------


def _named(text: LogicalText, script: Script, part: Part, lines: Sequence[str]) -> tuple[int, int]:
    """Return the word of a command that the last lines name, or all of the command."""
    command = next((each for each in script.commands if each.start == part.start), None)
    if command is None:
        return part.start, part.end
    for line in _last(lines):
        if (found := _NOT_FOUND.search(line)) and found["name"].endswith(command.name):
            end = _end_of_word(text.text, command.start)
            return command.start, end
        tokens = {each.strip(".") for each in _TOKEN.findall(line)}
        named = [
            word
            for word in command.arguments
            if len(word.text) > 1
            and not word.text.startswith("-")
            and {word.text, word.text.rstrip("/"), *word.text.split("=")[1:]} & tokens
        ]
        # Of several, one that is no plain word: `crond.service` in `enable crond.service`.
        plain = [word for word in named if not word.text.isalpha()]
        if len(named) == 1 or len(plain) == 1:
            word = (plain or named)[0]
            return word.start, word.end
    return part.start, part.end


def _end_of_word(text: str, start: int) -> int:
    end = start
    while end < len(text) and not (text[end].isspace() or text[end] in ";&|()<>"):
        end += 1
    return end


def _unset(text: LogicalText, lines: Sequence[str]) -> Span | None:
    """Find the variable that the shell says has no value."""
    for line in _last(lines):
        if found := _UNSET.search(line):
            uses = (each for each in _USE.finditer(text.text) if each["name"] == found["name"])
            use = next(uses, None)
            return text.at(*use.span()) if use else None
    return None


def _in_copy(node: Copy, lines: Sequence[str]) -> Place:
    """Mark the source of a COPY, or the target if the output names only that."""
    if len(node.locations) < 2:  # noqa: PLR2004 - source and target
        return Place(node.span, is_only=True)
    source, target = node.locations[:2]
    program = "wget" if source.scheme else "cp"
    for line in _last(lines):
        if target.text.rstrip("/") in line and source.text not in line:
            return Place(target.span, program, is_only=True)
    return Place(source.span, program, is_only=True)


def _last(lines: Sequence[str]) -> Iterator[str]:
    """Yield the last lines that say something, the last one first."""
    said = [line for line in lines if line.strip()]
    yield from reversed(said[-_LAST_LINES:])
