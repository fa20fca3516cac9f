"""What every format must be able to write: real findings, and made ones that are nasty."""

from collections.abc import Iterator
from pathlib import Path

from buildlint.files.beside import request_beside
from buildlint.files.reading import read
from buildlint.language.syntax import Template
from buildlint.lint.context import Context
from buildlint.lint.linter import Policy, lint
from buildlint.lint.reporters import Style, report
from buildlint.lint.rules.registry import Registry
from buildlint.service.request import load
from buildlint.text.diagnostics import Diagnostic, Edit, Finding, Fix, Severity
from buildlint.text.messages import Message
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.paths import FIXTURES

CHECKED = FIXTURES / "check"

TEXT = "FROM 中文😀\r\n\n\tRUN a\udcff\0\x1b \\\n    b\u2028\n\nEND"
NASTY = "\x1b[31m\t<&>\"' ]]> \0\udcff\ud800\ufffe\u2028 %0A %25::error::x, 中文😀"


def diagnostic(
    text: str,
    span: tuple[int, int],
    *,
    path: str = "web.buildcontent",
    message: str = "a message",
    rule: str = "BL999",
    severity: Severity = Severity.ERROR,
    fix: Fix | None = None,
) -> Diagnostic:
    """Make a diagnostic that no rule has found."""
    said = Message("{it}", {"it": message})
    return Diagnostic(Source(path, text), Span(*span), rule, "a-test", severity, None, said, fix)


def fix(*edits: tuple[int, int, str], safe: bool = True) -> Fix:
    """Make a fix of starts, ends and texts."""
    made = tuple(Edit(Span(start, end), text) for start, end, text in edits)
    return Fix(Message("Mend it, 中文😀"), made, safe=safe)


def written(output_format: str, *diagnostics: Diagnostic) -> str:
    "Replace with diagnostics as the command line does, UTF-8 and back included."
    text = report(diagnostics, output_format, Style())
    return text.encode("utf-8", "backslashreplace").decode()


def _real() -> Iterator[Diagnostic]:
    for path in sorted(CHECKED.glob("*.buildcontent")):
        request = request_beside(path)
        for found in lint(read(path), load(read(request)) if request else None):
            yield _renamed(found, f"fixtures/check/{Path(found.source.path).name}")


def _renamed(found: Diagnostic, path: str) -> Diagnostic:
    source = Source(path, found.source.text)
    return Diagnostic(
        source,
        found.span,
        found.rule,
        found.name,
        found.severity,
        found.service_code,
        found.message,
        found.fix,
    )


def _crashed() -> Iterator[Diagnostic]:
    registry = Registry()

    @registry.rule(Template, "BL998", "crash", Severity.INFO, summary="", bad="", good="")
    def crash(node: Template, context: Context) -> Iterator[Finding]:
        raise ValueError(NASTY)

    yield from lint(Source("crash.buildcontent", "RUN true\n"), None, Policy(registry))


def _made() -> Iterator[Diagnostic]:
    end = len(TEXT)
    for severity in Severity:
        yield diagnostic(TEXT, (5, 8), message=NASTY, severity=severity)
    # Every place, with nothing marked, one character, and the rest of the file.
    for start in range(end + 1):
        yield diagnostic(TEXT, (start, start), fix=fix((start, start, "中\n")))
        yield diagnostic(TEXT, (start, min(start + 1, end)), fix=fix((start, end, "")))
        yield diagnostic(TEXT, (start, end), severity=Severity.WARNING)
    yield diagnostic(TEXT, (0, 4), fix=fix((10, 11, ""), (0, 4, "from"), (5, 5, '"'), safe=False))
    yield diagnostic(TEXT, (0, 4), fix=fix((0, 4, "\udcff")))
    for text in ("", "\n", "\r\n", "\ufeff", "\ufeff\n", "\ufeffRUN a"):
        yield diagnostic(text, (0, 0), fix=fix((0, 0, "FROM")))
        yield diagnostic(text, (0, len(text)), fix=fix((0, len(text), "")))
    for path in (
        "./a.buildcontent",
        "目录/带 空格/😀.buildcontent",
        "a:b,c%20d#e?f.buildcontent",
        "a\x1b[31m\r\n<&\"'>\udcff.buildcontent",
        "/srv/templates/中.buildcontent",
        "<stdin>",
    ):
        yield diagnostic(TEXT, (0, 4), path=path)


REAL = tuple(_real())
INTERNAL = tuple(_crashed())
EVERYTHING = tuple(sorted([*REAL, *INTERNAL, *_made()], key=lambda found: found.sort_key))
