"""Mutants: one change each, of what the program does and not of what people read."""

import ast
import os
from pathlib import Path

import pytest

from benchmarks.mutation import is_noticed, mutants

SOURCE = '''"""What it is for."""

@rule("BL899", severity=1)
def found(node, limit=3):
    """Why it matters."""
    if node in ("a", "b") and node.size > limit:
        return N_("too large")
    return [each for each in node if each != "#"]
'''


def changes(source: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.was, each.now) for each in mutants(source)]


def test_a_mutant_is_the_module_with_one_change() -> None:
    texts = [ast.unparse(each.tree) for each in mutants(SOURCE)]
    assert len({*texts, ast.unparse(ast.parse(SOURCE))}) == len(texts) + 1
    original = ast.unparse(ast.parse(SOURCE)).splitlines()
    for text in texts:
        pairs = zip(text.splitlines(), original, strict=True)
        assert sum(now != was for now, was in pairs) == 1


def test_what_people_read_is_not_changed() -> None:
    assert {was for _, was, _ in changes(SOURCE) if was.startswith(("'", "1"))} == {"'#'"}
    for text in ("too large", "Why it matters.", "BL899", "What it is for."):
        assert all(text in ast.unparse(each.tree) for each in mutants(SOURCE))


@pytest.mark.parametrize(
    ("source", "now"),
    [
        ("a < b", "a <= b"),
        ("a is None", "a is not None"),
        ("a or b", "a and b"),
        ("a + b", "a - b"),
        ("x = True", "False"),
        ("x = 3", "4"),
        ("x = 'a'", "'a~'"),
        ("x = a if b else c", "a if not b else c"),
        ("x = [a for a in b if c]", " for a in b if not c"),
    ],
)
def test_kinds_of_changes(source: str, now: str) -> None:
    assert now in [each for _, _, each in changes(source)]


def test_a_mistake_is_noticed_if_a_test_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, test = tmp_path / "doubled_for_mutation.py", tmp_path / "test_doubled.py"
    module.write_text("def doubled(number):\n    return number + number\n", "utf-8")
    test.write_text(
        "from doubled_for_mutation import doubled\n\ndef test_it():\n    assert doubled(2) == 4\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    (mutant,) = mutants(module.read_text("utf-8"))
    tests = ["--rootdir", os.fspath(tmp_path), os.fspath(test)]
    same = ast.parse(module.read_text("utf-8"))
    assert not is_noticed("doubled_for_mutation", module, same, tests, 60)
    assert is_noticed("doubled_for_mutation", module, mutant.tree, tests, 60)
