"""The plan for a terminal, as wide as that is."""

import re
from collections.abc import Iterable, Iterator

import click

from buildlint.plan import words
from buildlint.plan.model import Plan, Step
from buildlint.plan.words import Change, Gauge, Level, Row
from buildlint.service.hosts import Reach
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import N_, columns, filled, printable, translated

# Narrower, nothing could be read; wider, places would stand far from their commands.
_MIN_WIDTH, _MAX_WIDTH = 40, 110
_INDENT = "    "
# As wide as the labels are that are not names of parameters.
_MIN_LABEL = 24
_BAR, _MIN_BAR = 24, 4
# Of a longer command, the first lines are shown.
_MAX_LINES = 8

_LEVELS = {Level.WITHIN: "green", Level.NEARLY: "yellow", Level.OVER: "red"}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: " "}


def render(plan: Plan, colour: bool, width: int) -> str:  # noqa: FBT001 - the style of a terminal
    """Write the plan; no line takes more than `width` columns as long as that is not too narrow."""
    page = _Page(colour, min(max(width, _MIN_WIDTH), _MAX_WIDTH))
    lines = "\n".join(page.lines(plan))
    return f"{lines}\n\n{words.summary(plan)}\n"


class _Page:
    """What is written on: whether it has colours, and how many columns."""

    def __init__(self, colour: bool, width: int) -> None:  # noqa: FBT001
        self.colour = colour
        self.width = width

    def lines(self, plan: Plan) -> Iterator[str]:
        for line in _wrapped(words.title(plan), self.width):
            yield self._paint(line, bold=True)
        gauges = words.gauges(plan)
        tables = (
            [*words.base_rows(plan), *(Row(gauge.label, gauge.text) for gauge in gauges)],
            list(words.setting_rows(plan)),
            list(words.network_rows(plan)),
        )
        longest = max(columns(row.label) for table in tables for row in table)
        label_width = min(longest, max(_MIN_LABEL, self.width // 2))
        bar_width = self.width - label_width - 7 - max(columns(gauge.text) for gauge in gauges)
        bars = {gauge.label: self._bar(gauge, min(bar_width, _BAR)) for gauge in gauges}
        for table in tables:
            yield ""
            label = ""
            for row in table:
                shown = row if row.label != label else row._replace(label="")
                yield from self._row(shown, label_width, bars.get(row.label, ""))
                label = row.label
        if plan.diagnostics:
            yield ""
        for found in plan.diagnostics:
            path = printable(found.source.path)
            yield from self._diagnostic(found, f"{path}:", "  ")
        if plan.steps:
            yield ""
            yield self._paint(translated(N_("Steps")), bold=True)
        number_width = len(str(plan.command_count))
        for step in plan.steps:
            yield from self._step(step, number_width)

    # --- the head --------------------------------------------------------------------------------

    def _row(self, row: Row, label_width: int, bar: str) -> Iterator[str]:
        indent = " " * (label_width + 4)
        room = self.width - len(indent)
        note = words.remark(row)
        lines = [bar + row.value] if bar else _wrapped(row.value, room)
        space = "" if note.startswith("（") else " "  # is as wide itself
        if note and columns(f"{lines[-1]}{space}{note}") <= room:
            lines[-1] += f"{space}{self._paint(note, dim=True)}"
        elif note:
            lines += [self._paint(line, dim=True) for line in _wrapped(note, room)]
        *above, label = _wrapped(row.label, label_width)
        for line in above:  # the name of a parameter may be of any length
            yield f"  {self._paint(line, dim=True)}"
        padded = label + " " * (label_width - columns(label))
        yield f"  {self._paint(padded, dim=True)}  {lines[0]}"
        for line in lines[1:]:
            yield indent + line

    def _bar(self, gauge: Gauge, width: int) -> str:
        if width < _MIN_BAR:
            return ""
        # What is not empty shows.
        used = min(int(gauge.share * width) or int(gauge.value > 0), width)
        return f"[{self._paint('#' * used, fg=_LEVELS[gauge.level])}{'-' * (width - used)}] "

    # --- steps -----------------------------------------------------------------------------------

    def _step(self, step: Step, number_width: int) -> Iterator[str]:
        yield ""
        severity = words.worst(step.diagnostics)
        mark = self._paint(_MARKS[severity], fg=_COLOURS[severity]) if severity else " "
        indent = " " * (number_width + 4)
        place = words.place(step)
        room = self.width - len(indent)
        first, *rest = _command_lines(step, room, columns(place) + 2)
        padding = " " * (room - columns(first) - columns(place))
        length = len(words.keyword(step))
        keyword, arguments = first[:length], first[length:]
        number = f"{step.number:>{number_width}}"
        yield (
            f"{mark} {self._paint(number, dim=True)}  {self._paint(keyword, bold=True)}{arguments}"
            f"{padding}{self._paint(place, dim=True)}"
        )
        hidden = len(rest) - _MAX_LINES if len(rest) > _MAX_LINES + 1 else 0
        for line in rest[: len(rest) - hidden]:
            yield indent + line
        if hidden:
            more = filled(N_("… {count} more lines"), count=hidden)
            yield indent + self._paint(more, dim=True)
        for change in words.changes(step):
            yield from self._change(change, indent)
        if purpose := words.purpose(step):
            yield from self._facts([purpose], indent, dim=True)
        rows = (*words.whereabouts(step), *words.leaves(step.leaves))
        yield from self._facts(map(words.labelled, rows), indent, dim=True)
        for need in step.needs:
            how = {"fg": "yellow"} if need.reach is Reach.PUBLIC else {"dim": True}
            yield from self._facts([words.labelled(words.need(need))], indent, **how)
        for found in step.diagnostics:
            yield from self._diagnostic(found, "", indent)

    def _change(self, change: Change, indent: str) -> Iterator[str]:
        sign, colour = ("+", "green") if change.old is None else ("~", "yellow")
        first, *rest = _wrapped(str(change), self.width - len(indent) - 2)
        yield f"{indent}{self._paint(sign, fg=colour)} {first}"
        for line in rest:
            yield f"{indent}  {line}"

    def _facts(self, facts: Iterable[str], indent: str, **how: object) -> Iterator[str]:
        for fact in facts:
            for line in _wrapped(fact, self.width - len(indent)):
                yield indent + self._paint(line, **how)

    def _diagnostic(self, found: Diagnostic, path: str, indent: str) -> Iterator[str]:
        line, column, _ = found.source.position(found.span.start)
        label = f"{found.severity} {found.rule} {found.name}"
        start = f"{path}{line}:{column} {label}:"
        first, *rest = _wrapped(f"{start} {found.message}", self.width - len(indent) - 2)
        yield indent + first.replace(label, self._paint(label, fg=_COLOURS[found.severity]), 1)
        for row in rest:
            yield f"{indent}  {row}"

    def _paint(self, text: str, **how: object) -> str:
        return click.style(text, **how) if self.colour and text else text  # type: ignore[arg-type]


def _command_lines(step: Step, room: int, taken: int) -> list[str]:
    """Lay out a command in so many columns, of which some are taken in the first line.

    The lines of shell text are those of the template, and cut; other commands are wrapped.
    """
    first, *rest = words.command_lines(step)
    if rest or step.command == "RUN":
        return [_cut(first, room - taken), *(_cut(line, room) for line in rest)]
    first, *rest = _wrapped(first, room - taken)
    return [first, *(_INDENT + line for line in rest)]


# --- columns -------------------------------------------------------------------------------------

# Where a line may end: behind blanks and slashes, and between Chinese characters, but not before
# what closes.
_CHINESE = r"\u2e80-\u9fff\uf900-\uffef"
_CHUNK = re.compile(
    rf"\s+|[{_CHINESE}][，。、；：！？）》」』]*|[^\s/{_CHINESE}]*/+|[^\s/{_CHINESE}]+"
)


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most so many columns; there is at least one."""
    lines, line = [], ""
    for chunk in _CHUNK.findall(text):
        if columns(line + chunk.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line = (line + chunk) if line else chunk.lstrip()
        while columns(line.rstrip()) > width:
            head = _fitting(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _cut(text: str, width: int) -> str:
    """Shorten a text to so many columns, an ellipsis at its end."""
    return text if columns(text) <= width else f"{_fitting(text, width - 1)}…"


def _fitting(text: str, width: int) -> str:
    """The beginning of a text that fits into so many columns, but at least one character."""
    for index, character in enumerate(text):
        width -= columns(character)
        if width < 0:
            return text[: max(index, 1)]
    return text
