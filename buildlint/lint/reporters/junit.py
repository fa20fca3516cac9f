"""JUnit XML, for CI systems that show test results: a file is a suite, a diagnostic a failure."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from buildlint.lint.reporters import Style, portable
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import printable


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the suites; a run that found nothing is one test that passed."""
    by_path: dict[str, list[Diagnostic]] = {}
    for found in diagnostics:
        by_path.setdefault(found.source.path, []).append(found)
    root = ET.Element("testsuites", _counts("buildlint", len(diagnostics)))
    for of_file in by_path.values():
        _add_suite(root, of_file)
    if not diagnostics:
        suite = ET.SubElement(root, "testsuite", _counts("buildlint", 0))
        # The same name in every run: CI systems tell tests by it.
        ET.SubElement(suite, "testcase", {"name": "no problems", "classname": "buildlint"})
    ET.indent(root)
    # In a log, Azure Pipelines and GitHub obey ##[…] wherever it stands.
    document = ET.tostring(root, encoding="unicode").replace("##", "#&#35;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _counts(name: str, failures: int) -> dict[str, str]:
    return {"name": name, "tests": str(failures or 1), "failures": str(failures), "errors": "0"}


def _add_suite(root: ET.Element, diagnostics: Sequence[Diagnostic]) -> None:
    # XML 1.0 has no way to write control characters: names and texts are made printable.
    path = printable(portable.path(diagnostics[0].source))
    suite = ET.SubElement(root, "testsuite", _counts(path, len(diagnostics)))
    for found in diagnostics:
        position = found.source.position(found.span.start)
        place = f"{position.line}:{position.column}"
        message = printable(str(found.message))
        name = f"{found.rule} {found.name} ({place})"
        case = ET.SubElement(suite, "testcase", {"name": name, "classname": path})
        failure = ET.SubElement(case, "failure", {"type": found.severity, "message": message})
        failure.text = f"{path}:{place}: {found.severity} {found.rule} {found.name}: {message}"
        failure.text += "".join(f"\n{printable(line)}" for line in found.output)
