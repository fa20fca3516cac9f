"""SARIF 2.1.0, for code scanning services and editors."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from urllib.parse import quote

from buildlint.lint.explain import foreign_markdown, markdown
from buildlint.lint.rehearsed import REHEARSED
from buildlint.lint.reporters import Style, portable
from buildlint.lint.reporters import text as message
from buildlint.lint.rules import REGISTRY
from buildlint.shell.shellcheck.codes import address, is_code
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.jsontext import dumps
from buildlint.text.messages import translated
from buildlint.text.source import Source, encode
from buildlint.text.span import Span
from buildlint.version import __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_BYTE_ORDER_MARK = "\ufeff"


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the log; of the rules, only those that found something are described."""
    rules = {found.rule: found for found in sorted(diagnostics, key=lambda found: found.rule)}
    indices = {code: index for index, code in enumerate(rules)}
    named = zip(diagnostics, portable.fingerprints(diagnostics), strict=True)
    driver = {
        "name": "buildlint",
        "version": __version__,
        "rules": [_rule(found) for found in rules.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, indices, fingerprint) for found, fingerprint in named],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return dumps(log) + "\n"


def _rule(found: Diagnostic) -> dict[str, object]:
    rule = REGISTRY.rules.get(found.rule) or REHEARSED.get(found.rule)
    # An internal error has no declaration to be described by, but readers insist on texts.
    title = found.name.replace("-", " ").capitalize()
    explained = markdown(rule) if rule else title
    if is_code(found.rule):
        explained = title = foreign_markdown(found.rule)
    described: dict[str, object] = {
        "id": found.rule,
        "name": found.name.title().replace("-", ""),
        "shortDescription": {"text": translated(rule.summary) if rule else title},
        "fullDescription": {"text": translated(rule.explanation) if rule else title},
        "help": {"text": explained, "markdown": explained},
        "defaultConfiguration": {"level": _LEVELS[rule.severity if rule else found.severity]},
    }
    if is_code(found.rule):
        described["helpUri"] = address(found.rule)
    if found.service_code:
        described["properties"] = {"service_code": found.service_code}
    return described


def _result(found: Diagnostic, rules: Mapping[str, int], fingerprint: str) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(found.source)}}
    if len(found.source.text) > _mark(found.source):
        place["region"] = _region(found.source, _widened(found.source, found.span))
    result: dict[str, object] = {
        "ruleId": found.rule,
        "ruleIndex": rules[found.rule],
        "level": _LEVELS[found.severity],
        "message": {"text": portable.text(message(found))},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"markedLines/v1": fingerprint},
    }
    if fixes := list(_fixes(found)):
        result["fixes"] = fixes
    return result


def _uri(source: Source) -> str:
    """Write a path as a URI, relative to where the run was if it is relative."""
    path = PurePath(source.path)
    quoted = quote(encode(path.as_posix()), safe="/:" if path.is_absolute() else "/")
    return f"file:///{quoted.lstrip('/')}" if path.is_absolute() else quoted


def _fixes(found: Diagnostic) -> Iterator[dict[str, object]]:
    """Yield the fix, unless SARIF has no way to write it."""
    fix = found.fix
    mark = _mark(found.source)
    if fix is None or any(
        edit.span.start < mark or portable.text(edit.text) != edit.text for edit in fix.edits
    ):
        return
    replacements: list[dict[str, object]] = []
    for edit in fix.edits:
        replacement: dict[str, object] = {"deletedRegion": _region(found.source, edit.span)}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        replacements.append(replacement)
    location = {"uri": _uri(found.source)}
    yield {
        "description": {"text": portable.text(str(fix.message))},
        "artifactChanges": [{"artifactLocation": location, "replacements": replacements}],
        "properties": {"safe": fix.safe},
    }


def _region(source: Source, span: Span) -> dict[str, object]:
    mark = _mark(source)
    start, end = (source.position(max(offset, mark)) for offset in span)
    return {
        "startLine": start.line,
        "startColumn": start.column - (mark if start.line == 1 else 0),
        "endLine": end.line,
        "endColumn": end.column - (mark if end.line == 1 else 0),
        "charOffset": start.offset - mark,
        "charLength": end.offset - start.offset,
    }


def _mark(source: Source) -> int:
    """How many characters to leave out of the count: to readers, the byte order mark is none."""
    return int(source.text.startswith(_BYTE_ORDER_MARK))


def _widened(source: Source, span: Span) -> Span:
    """Mark one character where a span has none: readers refuse an empty region, or hide it."""
    mark = _mark(source)
    start = max(span.start, mark)
    if start < span.end:
        return Span(start, span.end)
    line = source.line(source.position(start).line)
    if start >= line.end and start > max(line.start, mark):
        return Span(start - 1, start)  # of the same line, rather than its line end
    start = min(start, len(source.text) - 1)
    return Span(start, start + 1)
