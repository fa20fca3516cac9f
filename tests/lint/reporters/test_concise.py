"""One line a diagnostic, whatever it holds."""

import pytest

from buildlint.lint.reporters import FORMATS, Style, report
from buildlint.text.diagnostics import Severity
from tests.lint.reporters.sample import EVERYTHING, NASTY, REAL, diagnostic, fix, written


def test_a_line_has_place_severity_code_and_message() -> None:
    found = diagnostic("RUN 中文 x\n\n中 y", (12, 13), severity=Severity.WARNING)
    assert written("concise", found).splitlines() == [
        "web.buildcontent:3:3: warning BL999 a message",
        "Found 1 warning in 1 template.",
        "Run `buildlint rule <CODE>` for details.",
    ]


def test_every_diagnostic_is_one_line_and_the_count_is_that_of_full() -> None:
    lines = written("concise", *EVERYTHING).removesuffix("\n").split("\n")
    assert len(lines) == len(EVERYTHING) + 2
    assert lines[-2:] == written("full", *EVERYTHING).splitlines()[-2:]


def test_a_safe_fix_is_marked() -> None:
    found = (diagnostic("x", (0, 1), fix=fix((0, 1, "y"), safe=safe)) for safe in (True, False))
    marked, plain, *_ = written("concise", *found).splitlines()
    assert marked == "web.buildcontent:1:1: error BL999 [*] a message"
    assert plain == "web.buildcontent:1:1: error BL999 a message"


def test_paths_and_messages_do_nothing_to_a_terminal() -> None:
    found = diagnostic("x", (0, 1), path="a\x1b\n.buildcontent", message=NASTY)
    line, _count, _hint, _end = written("concise", found).split("\n")
    assert line.isprintable()
    assert line.startswith("a␛␊.buildcontent:1:1: error BL999 ␛[31m␉<&>")


def test_nothing_found_is_said() -> None:
    assert report([], "concise", Style(files=3)) == "No problems found in 3 templates.\n"


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_can_write_everything(output_format: str) -> None:
    assert report(EVERYTHING, output_format, Style())
    assert any(found.rule.startswith("BL4") for found in REAL)
