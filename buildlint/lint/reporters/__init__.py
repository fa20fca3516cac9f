"""Output formats of `buildlint check`, one module each with `report(diagnostics, style) -> str`.

Those of `STREAMED` have `part(diagnostics, style)` instead: what they write of the problems of some
files does not depend on those of others, so a long run is reported while it goes on.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from buildlint.text.diagnostics import CONVERSION, INTERNAL_ERROR, NEVER, Diagnostic, Severity
from buildlint.text.messages import N_, Message, filled, number, printable, translated
from buildlint.text.record import Record

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjsonl")
FORMAT_ALIASES = {"text": "full"}
FOR_PEOPLE = ("full", "concise", "statistics")
STREAMED = ("full", "concise", "github", "rdjsonl")


class Style(Record):
    """What a reporter may know of the run.

    Whether to colour, how many templates, request files and components were read, how many problems
    were fixed, whether to leave out the summary, and which command takes the flags for fixes: ''
    for this one.
    """

    colour: bool = False
    files: int = 1
    requests: int = 0
    fixed: int = 0
    quiet: bool = False
    fixed_by: str = ""
    components: int = 0


class Tally:
    """How many problems there are, by severity and with a fix, and whether a rule crashed."""

    def __init__(self, diagnostics: Iterable[Diagnostic] = ()) -> None:
        self.severities: Counter[Severity] = Counter()
        self.safe = self.unsafe = 0
        self.has_crashed = False
        self.add(diagnostics)

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Count more of them."""
        for each in diagnostics:
            self.severities[each.severity] += 1
            self.safe += each.fix is not None and each.fix.safe
            self.unsafe += each.fix is not None and not each.fix.safe
            self.has_crashed |= each.rule == INTERNAL_ERROR

    def reaches(self, bar: str) -> bool:
        """Whether any of them reaches the bar, a severity or `NEVER`."""
        return bar != NEVER and any(each.reaches(Severity(bar)) for each in self.severities)


def report(diagnostics: Sequence[Diagnostic], output_format: str, style: Style) -> str:
    """Write diagnostics in one of `FORMATS`."""
    if output_format in STREAMED:
        text = part(diagnostics, output_format, style)
        return text + end(Tally(diagnostics), output_format, style)
    return str(_module(output_format).report(_without_secrets(diagnostics), style))


def part(diagnostics: Sequence[Diagnostic], output_format: str, style: Style) -> str:
    """Write the diagnostics of some files in one of `STREAMED`; what follows is another part."""
    return str(_module(output_format).part(_without_secrets(diagnostics), style))


def end(tally: Tally, output_format: str, style: Style) -> str:
    """Write what is behind all parts."""
    return summary(tally, style) if output_format in FOR_PEOPLE else ""


def _module(output_format: str) -> Any:  # noqa: ANN401 - with a function of this name or that
    from importlib import import_module  # noqa: PLC0415 - only the module that is asked for

    return import_module(f"{__name__}.{output_format}")


def _without_secrets(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    if not any(each.secrets for each in diagnostics):
        return diagnostics
    from buildlint.lint.reporters.masking import masked  # noqa: PLC0415 - few give any away

    return masked(diagnostics)


def summary(tally: Tally, style: Style) -> str:
    """Count the problems in a line for people, and say in another what to do about them.

    Nothing if the run is to be quiet.
    """
    if style.quiet:
        return ""
    return f"{count(tally, style)}\n{_hint(tally, style)}"


def count(tally: Tally, style: Style) -> str:
    """Count the problems in a line without its end."""
    files = _files(style)
    fixed = Message(N_(", {count} fixed"), {"count": number(style.fixed)}) if style.fixed else ""
    total = tally.severities.total()
    if not total:
        text = N_("No problems found in {files}{fixed}.")
        return filled(text, files=files, fixed=fixed)
    parts = [
        filled(_COUNTS[severity][count == 1], count=number(count))
        for severity in Severity
        if (count := tally.severities[severity])
    ]
    if len(parts) == 1:
        problems: str | Message = parts[0]
    else:
        fields = {"count": number(total), "parts": translated(N_(", ")).join(parts)}
        problems = Message(N_("{count} problems ({parts})"), fields)
    text = N_("Found {problems} in {files}{fixed}.")
    return filled(text, problems=problems, files=files, fixed=fixed)


def place(found: Diagnostic) -> str:
    """Write where a problem is: `path:line:column`, as editors and terminals open it."""
    return printable(found.source.where(found.span.start))


def text(found: Diagnostic) -> str:
    """Write the message of a problem, and on lines below it what a program wrote."""
    return "\n".join((str(found.message), *map(printable, found.output)))


def code(found: Diagnostic) -> str:
    """Name what was found: its rule's code, or what `convert` did."""
    return found.name if found.rule == CONVERSION else found.rule


def fix_mark(found: Diagnostic) -> str:
    """What marks a problem that `--fix` fixes: ` [*]`, as in ruff; nothing if it does not."""
    return " [*]" if found.fix and found.fix.safe else ""


def _files(style: Style) -> Message:
    """Name what was read."""
    counts = (style.files, style.components, style.requests)
    if not style.components:
        shape = _FILES[min(style.requests, 2)][style.files == 1]
    elif not style.files:
        shape = _COMPONENTS[min(style.requests, 2)][style.components == 1]
    else:
        parts = [
            filled(each[count == 1], count=number(count))
            for count, each in zip(counts, _PARTS, strict=True)
            if count
        ]
        first, *others, last = parts
        if not others:
            return Message(N_("{first} and {last}"), {"first": first, "last": last})
        # In Chinese, a number is set off from the word before it, but not from a comma.
        fields = {"first": first, "second": others[0].lstrip(), "last": last}
        return Message(N_("{first}, {second} and {last}"), fields)
    count = style.files or style.components
    return Message(shape, {"count": number(count), "requests": number(style.requests)})


def _hint(tally: Tally, style: Style) -> str:
    """Say what is fixable and where rules are explained, in a line; nothing without problems."""
    if not tally.severities:
        return ""
    flags = "--fix" if tally.safe else "--fix --unsafe-fixes"
    fields = {
        "safe": number(tally.safe),
        "unsafe": number(tally.unsafe),
        "fix": f"`{style.fixed_by} {flags}`" if style.fixed_by else flags,
    }
    return f"{Message(_HINTS[tally.safe > 0][tally.unsafe > 0], fields)}\n"


# Without requests, with one, and with several; each for several templates, and for one.
_FILES = (
    (N_("{count} templates"), N_("{count} template")),
    (
        N_("{count} templates and {requests} request file"),
        N_("{count} template and its request file"),
    ),
    (
        N_("{count} templates and {requests} request files"),
        N_("{count} template and {requests} request files"),
    ),
)
_COMPONENTS = (
    (N_("{count} components"), N_("{count} component")),
    (
        N_("{count} components and {requests} request file"),
        N_("{count} component and its request file"),
    ),
    (
        N_("{count} components and {requests} request files"),
        N_("{count} component and {requests} request files"),
    ),
)
# For many, and for one.
_PARTS = (
    (N_("{count} templates"), N_("{count} template")),
    (N_("{count} components"), N_("{count} component")),
    (N_("{count} request files"), N_("{count} request file")),
)
_COUNTS = {
    Severity.ERROR: (N_("{count} errors"), N_("{count} error")),
    Severity.WARNING: (N_("{count} warnings"), N_("{count} warning")),
    Severity.INFO: (N_("{count} info"), N_("{count} info")),
}
# Without and with safe fixes; each without and with unsafe ones.
_HINTS = (
    (
        N_("Run `buildlint rule <CODE>` for details."),
        N_("{unsafe} fixable with {fix}. Run `buildlint rule <CODE>` for details."),
    ),
    (
        N_("[*] {safe} fixable with {fix}. Run `buildlint rule <CODE>` for details."),
        N_(
            "[*] {safe} fixable with {fix}, {unsafe} more with --unsafe-fixes. "
            "Run `buildlint rule <CODE>` for details."
        ),
    ),
)
