"""Fuzzes parse, check, fix, format and compile with `atheris`: what must hold for any bytes.

    python tests/fuzz/target.py FOLDER tests/fuzz/corpus -max_total_time=60

New inputs are kept in FOLDER; what breaks a guard is written to ./crash-….
"""

import sys
from collections.abc import Mapping

import atheris

with atheris.instrument_imports(include=["buildlint"]):
    import buildlint
    from buildlint.compiler.formatter import FormatError
    from buildlint.compiler.pipeline import CompiledPipeline, CompileError
    from buildlint.lint.fixer import fix
    from buildlint.lint.linter import Policy, lint
    from buildlint.lint.rules import REGISTRY
    from buildlint.service.effective import content
    from buildlint.text.diagnostics import INTERNAL_ERROR, Severity
    from buildlint.text.source import decode, encode

REQUEST: dict[str, object] = {"RegionId": "cn-hangzhou", "InternetMaxBandwidthOut": 5}
EVERY_RULE = Policy(REGISTRY.select(["ALL"]))


def test_one_input(data: bytes) -> None:
    """Hold a text to every guard; what they raise is the finding."""
    source = decode(data, "fuzz.buildcontent")
    text = source.text
    assert encode(text) == data[: len(encode(text))], "reading loses bytes"
    template = buildlint.parse(text)
    assert "".join(text[token.start : token.end] for token in template.tokens) == text

    found = lint(source, None, EVERY_RULE)
    for each in found:
        assert each.rule != INTERNAL_ERROR, str(each.message)
        start, end = each.span
        assert 0 <= start <= end <= len(each.source.text), f"{each.rule} points outside"

    mended = fix(source, None, EVERY_RULE, unsafe=True)
    assert errors(mended.diagnostics) <= errors(found), "fixing brings an error"

    try:
        formatted = buildlint.format(text)
    except FormatError:
        formatted = text
    assert canonical(formatted) == canonical(text), "formatting changes the content"

    pipeline = compiled(text, REQUEST)
    if pipeline and b"buildlint" not in data:  # suppressions are no part of the content
        again = compiled(pipeline.build_content, pipeline.parameters)
        assert again == pipeline, "compiling twice is not compiling once"
        assert not errors(buildlint.check(text, pipeline.parameters)), "errors were compiled"


def errors(diagnostics: tuple[buildlint.Diagnostic, ...]) -> set[str]:
    """The rules of the errors."""
    return {each.rule for each in diagnostics if each.severity is Severity.ERROR}


def canonical(text: str) -> str:
    """What the service would be sent."""
    return content(buildlint.parse(text), None).text


def compiled(text: str, request: Mapping[str, object]) -> CompiledPipeline | None:
    """Compile; None where there are errors."""
    try:
        return buildlint.compile(text, request)
    except CompileError:
        return None


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
