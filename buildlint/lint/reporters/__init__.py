"""Output formats of `buildlint check`, one module each with `report(diagnostics, style) -> str`."""

from collections import Counter
from collections.abc import Sequence

from buildlint.text.diagnostics import CONVERSION, Diagnostic, Severity
from buildlint.text.messages import N_, Message, filled, number, printable, translated
from buildlint.text.record import Record

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjsonl")
FORMAT_ALIASES = {"text": "full"}
FOR_PEOPLE = ("full", "concise", "statistics")


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


def report(diagnostics: Sequence[Diagnostic], output_format: str, style: Style) -> str:
    """Write diagnostics in one of `FORMATS`."""
    from importlib import import_module  # noqa: PLC0415 - only the module that is asked for

    if any(each.secrets for each in diagnostics):
        from buildlint.lint.reporters.masking import masked  # noqa: PLC0415 - few give any away

        diagnostics = masked(diagnostics)
    reporter = import_module(f"{__name__}.{output_format}")
    return str(reporter.report(diagnostics, style))


def summary(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Count the problems in a line for people, and say in another what to do about them.

    Nothing if the run is to be quiet.
    """
    if style.quiet:
        return ""
    return f"{count(diagnostics, style)}\n{_hint(diagnostics, style)}"


def count(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Count the problems in a line without its end."""
    files = _files(style)
    fixed = Message(N_(", {count} fixed"), {"count": number(style.fixed)}) if style.fixed else ""
    if not diagnostics:
        text = N_("No problems found in {files}{fixed}.")
        return filled(text, files=files, fixed=fixed)
    counts = Counter(found.severity for found in diagnostics)
    parts = [
        filled(_COUNTS[severity][count == 1], count=number(count))
        for severity in Severity
        if (count := counts[severity])
    ]
    if len(parts) == 1:
        problems: str | Message = parts[0]
    else:
        fields = {"count": number(len(diagnostics)), "parts": translated(N_(", ")).join(parts)}
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


def _hint(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Say what is fixable and where rules are explained, in a line; nothing without problems."""
    if not diagnostics:
        return ""
    fixes = [found.fix for found in diagnostics if found.fix]
    safe = sum(fix.safe for fix in fixes)
    flags = "--fix" if safe else "--fix --unsafe-fixes"
    fields = {
        "safe": number(safe),
        "unsafe": number(len(fixes) - safe),
        "fix": f"`{style.fixed_by} {flags}`" if style.fixed_by else flags,
    }
    return f"{Message(_HINTS[safe > 0][len(fixes) > safe], fields)}\n"


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
